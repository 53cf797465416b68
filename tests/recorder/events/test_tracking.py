from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.recorder.events.model import By, Kind
from tawny.recorder.events.tracking import BURST, GRACE_US, MOST_STATES, SETTLING_US, SOFT_US, Tracker
from tawny.wire.onvif.events import CHANGED, DELETED, INITIALIZED, Message
from tests.recorder.events.building import NOON_US, SECOND_US
from tests.recorder.events.diary import Diary

MOTION = "tns1:VideoSource/MotionAlarm"
CELLS = "tns1:RuleEngine/CellMotionDetector/Motion"
OBJECTS = "tns1:RuleEngine/ObjectDetection/Object"
INPUT = "tns1:Device/Trigger/DigitalInput"


class Rig:
    def __init__(self) -> None:
        self.diary = Diary()
        self.tracker = Tracker("cam_a", self.diary)

    def take(
        self, topic: str, *, at_s: float = 0, operation: str | None = CHANGED, source: str = "1", **data: str
    ) -> None:
        at_us = NOON_US + int(at_s * SECOND_US)
        message = Message(topic=topic, operation=operation, source={"Source": source}, data=data, utc_us=at_us)
        self.tracker.take(message, at_us=at_us, now_us=at_us)


def after(seconds: float) -> int:
    return NOON_US + int(seconds * SECOND_US)


def test_a_state_is_an_event_from_its_yes_to_its_no() -> None:
    rig = Rig()

    rig.take(MOTION, at_s=0, operation=INITIALIZED, State="false")
    rig.take(MOTION, at_s=5, State="true")
    rig.take(MOTION, at_s=6, State="true")
    rig.take(MOTION, at_s=9, State="false")
    rig.take(MOTION, at_s=9, State="false")

    assert [event.at_us for event in rig.diary.events.values()] == [after(5)]
    assert rig.diary.ended == {"evt_0": after(9)}


def test_an_event_says_where_it_comes_from() -> None:
    rig = Rig()

    rig.take(INPUT, source="door", LogicalState="true")

    (event,) = rig.diary.events.values()
    assert (event.camera, event.topic, event.camera_us) == ("cam_a", INPUT, NOON_US)
    assert (event.source, event.data) == ({"Source": "door"}, {"LogicalState": "true"})


def test_what_is_so_when_we_come_is_an_event() -> None:
    rig = Rig()

    rig.take(INPUT, operation=INITIALIZED, LogicalState="true")

    assert rig.diary.kinds == [Kind.INPUT]


def test_two_inputs_are_two_states() -> None:
    rig = Rig()

    rig.take(INPUT, at_s=0, source="a", LogicalState="true")
    rig.take(INPUT, at_s=1, source="b", LogicalState="true")
    rig.take(INPUT, at_s=2, source="a", LogicalState="false")

    assert rig.diary.ended == {"evt_0": after(2)}
    assert rig.diary.lasting == ["evt_1"]


def test_motion_that_two_topics_tell_of_is_one_event_until_both_say_no() -> None:
    rig = Rig()

    rig.take(MOTION, at_s=0, State="true")
    rig.take(CELLS, at_s=0.1, IsMotion="true")
    rig.take(MOTION, at_s=3, State="false")
    assert rig.diary.ended == {}
    rig.take(CELLS, at_s=4, IsMotion="false")

    assert rig.diary.kinds == [Kind.MOTION]
    assert rig.diary.ended == {"evt_0": after(4)}


def test_each_kind_of_object_comes_and_goes_by_itself() -> None:
    rig = Rig()

    rig.take(OBJECTS, at_s=0, ClassTypes="Human")
    rig.take(OBJECTS, at_s=2, ClassTypes="Human Vehicle")
    rig.take(OBJECTS, at_s=5, ClassTypes="Vehicle")
    rig.take(OBJECTS, at_s=9, ClassTypes="")

    assert rig.diary.kinds == [Kind.PERSON, Kind.VEHICLE]
    assert rig.diary.ended == {"evt_0": after(5), "evt_1": after(9)}


def test_a_car_that_becomes_a_lorry_is_another_event() -> None:
    rig = Rig()

    rig.take(OBJECTS, at_s=0, ClassTypes="Car")
    rig.take(OBJECTS, at_s=3, ClassTypes="Truck")

    assert [event.classes for event in rig.diary.events.values()] == [("Car",), ("Truck",)]
    assert rig.diary.ended == {"evt_0": after(3)}


def test_what_just_happens_has_no_end_to_wait_for() -> None:
    rig = Rig()

    rig.take("tns1:RuleEngine/LineDetector/Crossed", operation=None, ObjectId="7")
    rig.take("tns1:RuleEngine/LineDetector/Crossed", at_s=1, operation=None, ObjectId="7")

    assert [event.until_us for event in rig.diary.events.values()] == [after(0), after(1)]


def test_a_property_that_is_deleted_has_ended() -> None:
    rig = Rig()
    rig.take("tns1:RuleEngine/FieldDetector/ObjectsInside", at_s=0, IsInside="true")

    rig.take("tns1:RuleEngine/FieldDetector/ObjectsInside", at_s=8, operation=DELETED, IsInside="true")

    assert rig.diary.ended == {"evt_0": after(8)}


def test_a_state_that_is_no_property_ends_some_time_after_it_was_last_told() -> None:
    rig = Rig()
    rig.take(MOTION, at_s=0, operation=None, State="true")
    rig.take(MOTION, at_s=20, operation=None, State="true")

    rig.tracker.sweep(after(20) + SOFT_US - 1)
    assert rig.diary.ended == {}
    rig.tracker.sweep(after(20) + SOFT_US)

    assert rig.diary.ended == {"evt_0": after(20)}


def test_a_property_lasts_however_long_it_is_not_told() -> None:
    rig = Rig()
    rig.take(MOTION, State="true")

    rig.tracker.sweep(after(86_400))

    assert rig.diary.lasting == ["evt_0"]


def test_what_a_new_subscription_confirms_goes_on_and_the_rest_ended_when_the_old_one_was_lost() -> None:
    rig = Rig()
    rig.take(INPUT, at_s=0, source="a", LogicalState="true")
    rig.take(INPUT, at_s=1, source="b", LogicalState="true")
    rig.take(INPUT, at_s=2, source="c", LogicalState="true")
    rig.tracker.lost(after(10))

    rig.tracker.found(after(20))
    rig.take(INPUT, at_s=21, operation=INITIALIZED, source="a", LogicalState="true")
    rig.take(INPUT, at_s=21, operation=INITIALIZED, source="b", LogicalState="false")
    rig.tracker.sweep(after(20) + SETTLING_US - 1)
    assert rig.diary.ended == {"evt_1": after(21)}
    rig.tracker.sweep(after(20) + SETTLING_US)

    assert rig.diary.ended == {"evt_1": after(21), "evt_2": after(10)}
    assert rig.diary.lasting == ["evt_0"]


def test_without_a_new_subscription_nothing_is_believed_for_long() -> None:
    rig = Rig()
    rig.take(INPUT, LogicalState="true")
    rig.tracker.lost(after(10))
    rig.tracker.lost(after(40))  # another attempt failed

    rig.tracker.sweep(after(10) + GRACE_US - 1)
    assert rig.diary.ended == {}
    rig.tracker.sweep(after(10) + GRACE_US)

    assert rig.diary.ended == {"evt_0": after(10)}


def test_what_happened_before_a_second_subscription_was_lost_is_not_ended_by_the_first_loss() -> None:
    rig = Rig()
    rig.tracker.lost(after(0))
    rig.tracker.found(after(1))
    rig.take(INPUT, at_s=2, LogicalState="true")

    rig.tracker.sweep(after(100))

    assert rig.diary.lasting == ["evt_0"]


def test_a_camera_that_is_removed_leaves_nothing_open() -> None:
    rig = Rig()
    rig.take(MOTION, at_s=0, State="true")
    rig.take(INPUT, at_s=1, LogicalState="true")

    rig.tracker.close(after(5))

    assert rig.diary.ended == {"evt_0": after(5), "evt_1": after(5)}


def test_a_camera_that_tells_too_much_is_cut_short_and_that_is_said_once_an_hour() -> None:
    rig = Rig()

    for number in range(BURST * 3):
        rig.take("tns1:RuleEngine/LineDetector/Crossed", operation=None, ObjectId=str(number))
    rig.tracker.sweep(after(1))
    rig.tracker.sweep(after(3))
    rig.take("tns1:RuleEngine/LineDetector/Crossed", at_s=4, operation=None, ObjectId="x")

    assert rig.diary.kinds == [*[Kind.LINE] * BURST, Kind.STATE, Kind.LINE]
    said = rig.diary.events[f"evt_{BURST}"]
    assert (said.title, said.by) == ("The camera told more than is kept: 240 events were left out.", By.RECORDER)


def test_states_that_never_end_are_bounded() -> None:
    rig = Rig()

    for number in range(MOST_STATES + 20):
        rig.take(INPUT, at_s=number * 2, source=str(number), LogicalState="true")

    assert len(rig.diary.lasting) == MOST_STATES
    assert rig.diary.ended.keys() == {f"evt_{number}" for number in range(20)}


def test_properties_that_all_say_motion_are_bounded() -> None:
    rig = Rig()

    for number in range(MOST_STATES * 3):
        rig.take(MOTION, source=str(number), State="true")
    for number in range(MOST_STATES * 2, MOST_STATES * 3):
        rig.take(MOTION, at_s=5, source=str(number), State="false")

    assert len(rig.diary.events) == 1
    assert rig.diary.ended == {"evt_0": after(5)}  # the others were forgotten, so the last ones end it


def test_a_picture_inside_a_message_is_not_kept() -> None:
    rig = Rig()
    data = {"Image": "A" * 60_000, **{f"n{number}": "5" for number in range(40)}}
    message = Message(topic="tns1:RuleEngine/LineDetector/Crossed", data=data)

    rig.tracker.take(message, at_us=NOON_US, now_us=NOON_US)

    (event,) = rig.diary.events.values()
    assert len(event.data) == 16
    assert max(len(value) for value in event.data.values()) == 256


def test_a_time_before_there_were_any_is_none() -> None:
    rig = Rig()
    message = Message(topic=MOTION, data={"State": "true"}, utc_us=-62_135_700_000_000_000)  # in the year 0

    rig.tracker.take(message, at_us=NOON_US, now_us=NOON_US)

    assert rig.diary.events["evt_0"].document()["camera_at"] is None


_MESSAGES = st.builds(
    Message,
    topic=st.sampled_from([MOTION, CELLS, OBJECTS, INPUT, "tns1:RuleEngine/LineDetector/Crossed", "x"]),
    operation=st.sampled_from([INITIALIZED, CHANGED, DELETED, None]),
    source=st.dictionaries(st.sampled_from(["Source", "Rule"]), st.sampled_from(["1", "2"]), max_size=2),
    data=st.dictionaries(
        st.sampled_from(["State", "ClassTypes", "ObjectId"]),
        st.sampled_from(["true", "false", "", "Human", "Car", "Human Car", "\x85 ,"]),
        max_size=3,
    ),
    utc_us=st.none() | st.integers(-(2**56), 2**57),
)
_DEEDS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["lost", "found", "sweep"]) | _MESSAGES), max_size=40)


@settings(max_examples=150)
@given(_DEEDS)
def test_whatever_happens_each_event_ends_once_and_not_before_its_beginning(
    deeds: list[tuple[int, str | Message]],
) -> None:
    rig = Rig()
    now_us = NOON_US

    for seconds, deed in deeds:
        now_us += seconds * SECOND_US
        match deed:
            case "lost":
                rig.tracker.lost(now_us)
            case "found":
                rig.tracker.found(now_us)
            case Message():
                rig.tracker.take(deed, at_us=now_us, now_us=now_us)
            case _:
                rig.tracker.sweep(now_us)
    rig.tracker.close(now_us)

    assert rig.diary.lasting == []
    assert all(event.document()["camera"] == "cam_a" for event in rig.diary.events.values())
    ends = {id_: until_us for id_, until_us in rig.diary.ended.items() if until_us is not None}
    assert all(rig.diary.events[id_].at_us <= until_us <= now_us for id_, until_us in ends.items())
