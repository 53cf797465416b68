"""What events of real cameras mean, by make: each message that was kept, and every topic that they offer."""

import pytest

from tawny.recorder.events import kinds
from tawny.recorder.events.model import Kind
from tawny.wire.onvif import events
from tawny.wire.onvif.events import CHANGED, Message
from tests.devices.test_onvif_answers import AXIS, DEVICES, OTHER_HIKVISION, REOLINK, answered, event

MEANT = {
    "ajax/events/ajax_human_animal.json": [Kind.PERSON, Kind.PET],
    "ajax/events/ajax_human_vehicle.json": [Kind.PERSON, Kind.VEHICLE],
    "ajax/events/ajax_line_crossing.json": [Kind.LINE],
    "ajax/events/ajax_missing_attributes.json": [Kind.PERSON],
    "ajax/events/ajax_motion_detector.json": [Kind.MOTION],
    "ajax/events/ajax_object_detector_cleared.json": [],
    "ajax/events/ajax_object_detector_human.json": [Kind.PERSON],
    "hikvision/events/hikvision_alarm.json": [Kind.INPUT],
    "reolink/events/reolink_package.json": [Kind.OBJECT],
    "tp-link-tapo/events/tapo_cellmotiondetector_person.json": [Kind.PERSON],
    "tp-link-tapo/events/tapo_cellmotiondetector_vehicle.json": [Kind.VEHICLE],
    "tp-link-tapo/events/tapo_intrusion.json": [Kind.AREA],
    "tp-link-tapo/events/tapo_line_crossed.json": [Kind.LINE],
    "tp-link-tapo/events/tapo_missing_attributes.json": [Kind.PERSON],
    "tp-link-tapo/events/tapo_tamper.json": [Kind.TAMPER],
    "tp-link-tapo/events/tapo_tpsmartevent_person.json": [Kind.PERSON],
    "tp-link-tapo/events/tapo_tpsmartevent_pet.json": [Kind.PET],
    "tp-link-tapo/events/tapo_tpsmartevent_vehicle.json": [Kind.VEHICLE],
    "tp-link-tapo/events/tapo_unknown_type.json": [Kind.OTHER],  # IsNotPerson, whatever that is: no person
}


def meant(message: Message) -> list[Kind]:
    meaning = kinds.read(message)
    return [] if meaning is None else [reading.kind for reading in meaning.readings]


@pytest.mark.parametrize("path", MEANT)
def test_each_message_means_what_its_camera_saw(path: str) -> None:
    assert meant(event(path)) == MEANT[path]


def test_no_message_is_forgotten_here() -> None:
    if not DEVICES.is_dir():
        pytest.skip("needs ../shared/devices (answers of real cameras), which is not here")

    assert {str(path.relative_to(DEVICES)) for path in DEVICES.rglob("events/*.json")} == MEANT.keys()


def test_hikvision_tells_all_its_states_to_a_newcomer_and_none_is_an_event() -> None:
    pulled = answered(f"{OTHER_HIKVISION}pull_messages.xml", events.pull_messages(timeout_s=1))

    assert len(pulled.messages) > 5
    assert [kind for message in pulled.messages for kind in meant(message)] == []


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        (
            f"{AXIS}/055_GetEventProperties.xml",
            {Kind.INPUT, Kind.RELAY, Kind.TAMPER, Kind.MOTION, Kind.STORAGE, Kind.NETWORK, Kind.DEVICE, Kind.STATE},
        ),
        (f"{REOLINK}/059_GetEventProperties.xml", {Kind.MOTION, Kind.DARK, Kind.STATE}),
        (
            f"{OTHER_HIKVISION}get_event_properties.xml",
            {
                Kind.MOTION,
                Kind.DARK,
                Kind.LINE,
                Kind.AREA,
                Kind.TAMPER,
                Kind.STORAGE,
                Kind.NETWORK,
                Kind.DEVICE,
                Kind.STATE,
            },
        ),
    ],
)
def test_each_topic_that_a_camera_offers_has_a_kind_or_is_no_news(path: str, offered: set[Kind]) -> None:
    properties = answered(path, events.get_event_properties())
    told = [
        Message(
            topic=each.topic,
            operation=CHANGED if each.is_property else None,
            data={name: "true" if "boolean" in kind else "5" for name, kind in each.data.items()},
        )
        for each in properties.topics
        if each.topic.count("/")  # Reolink marks the roots of its tree as topics
    ]

    assert {kind for message in told for kind in meant(message)} == offered
