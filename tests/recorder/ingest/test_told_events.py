from collections.abc import Callable

from tawny.recorder.ingest.told_events import MOST_BYTES, MOST_WAITING, Told, ToldEvents
from tawny.wire.onvif import metadata
from tawny.wire.onvif.metadata import Frame, Metadata
from tests.wire.onvif.test_events import MOTION

EVENT = metadata.write(Metadata(messages=(MOTION,)))
BOXES = metadata.write(Metadata(frames=(Frame(utc_us=1_768_332_313_250_000),)))


class Rig:
    """The other thread runs when the test says so."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.woken: list[Callable[[], None]] = []
        self.events = ToldEvents(later=lambda seconds, call: self.woken.append(call), take=self.told.append)

    def run(self) -> None:
        woken, self.woken[:] = list(self.woken), []
        for call in woken:
            call()


def test_an_event_comes_out_on_the_other_side_with_its_camera_and_time() -> None:
    rig = Rig()

    rig.events.put("cam_a", 5, EVENT)
    rig.events.put("cam_b", 6, EVENT)
    assert rig.told == []
    assert len(rig.woken) == 1
    rig.run()

    assert rig.told == [
        Told("cam_a", 5, Metadata(messages=(MOTION,))),
        Told("cam_b", 6, Metadata(messages=(MOTION,))),
    ]


def test_boxes_wake_nobody() -> None:
    rig = Rig()

    rig.events.put("cam_a", 5, BOXES)

    assert rig.woken == []


def test_a_document_that_cant_be_read_does_not_keep_the_next_from_coming() -> None:
    rig = Rig()

    rig.events.put("cam_a", 5, b"<NotificationMessage")
    rig.events.put("cam_a", 6, b"<a><NotificationMessage/></a>")
    rig.events.put("cam_a", 7, EVENT)
    rig.run()

    assert [told.utc_us for told in rig.told] == [7]


def test_of_a_camera_that_floods_the_oldest_are_given_up_and_other_cameras_are_heard() -> None:
    rig = Rig()

    rig.events.put("cam_b", 1, EVENT)
    for number in range(MOST_WAITING + 10):
        rig.events.put("cam_a", number, EVENT)
    rig.run()

    assert rig.events.given_up == 10
    assert [(told.camera, told.utc_us) for told in rig.told] == [
        ("cam_b", 1),
        *(("cam_a", number) for number in range(10, MOST_WAITING + 10)),
    ]


def test_what_waits_has_a_size_too() -> None:
    rig = Rig()

    for number in range(5):
        rig.events.put("cam_a", number, EVENT + b" " * (MOST_BYTES // 2 - len(EVENT)))
    rig.run()

    assert [told.utc_us for told in rig.told] == [3, 4]
