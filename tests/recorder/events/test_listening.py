from collections.abc import Mapping
from typing import Any

import pytest

from tawny.recorder.events.listening import FIRST_RETRY_S, LAST_RETRY_S, NO_EVENTS_S, Listener
from tawny.recorder.events.model import Kind
from tawny.recorder.events.tracking import GRACE_US, SETTLING_US, Tracker
from tawny.recorder.onvif.model import Device, DeviceTrouble
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind as ProblemKind
from tawny.runtime.problem import Problem
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif.events import CHANGED, Message
from tests.fakes.event_device import EventDevice
from tests.fakes.inlets import FakeInlets
from tests.recorder.events.building import NOON_US, SECOND_US
from tests.recorder.events.diary import Diary

ONE: Mapping[str, str] = {"cam_a": ""}


class Rig:
    def __init__(self, cameras: Mapping[str, str] = ONE, **habits: Any) -> None:
        self.clock = SimulatedClock()
        self.device = EventDevice(self.clock, **habits)
        self.diary = Diary()
        self.trackers = {camera: Tracker(camera, self.diary) for camera in cameras}
        self.problem: Problem | None = None
        self.attempts: list[float] = []
        self.listener = Listener(
            self.connected,
            cameras,
            tracker=self.trackers.__getitem__,
            inlets=FakeInlets(self.clock),
            clock=self.clock,
        )

    async def connected(self, _: str) -> Device:
        self.attempts.append(self.clock.monotonic())
        if self.problem is not None:
            raise self.problem
        return self.device

    def sweep(self) -> None:
        for tracker in self.trackers.values():
            tracker.sweep(self.clock.utc_us())


def motion(state: str = "true", *, source: str = "1", utc_us: int | None = None) -> Message:
    return Message(
        topic="tns1:VideoSource/MotionAlarm",
        operation=CHANGED,
        source={"Source": source},
        data={"State": state},
        utc_us=utc_us,
    )


async def test_what_the_device_tells_becomes_an_event_at_its_time() -> None:
    rig = Rig(year_1970=True)
    async with Tasks("test") as tasks:
        tasks.start(rig.listener.run(), name="listener")
        await rig.clock.advance(10)
        rig.device.waiting.append(motion(utc_us=rig.device.now_us() - 3 * SECOND_US))
        await rig.clock.advance(1)

    (event,) = rig.diary.events.values()
    assert (event.camera, event.kind) == ("cam_a", Kind.MOTION)
    assert abs(event.at_us - (NOON_US + 7 * SECOND_US)) <= SECOND_US  # answers tell whole seconds
    assert event.camera_us == 1_007 * SECOND_US


async def test_a_device_that_restarts_is_subscribed_to_again_and_lasting_events_go_on() -> None:
    rig = Rig()
    rig.device.properties.append(motion())
    seen: list[bool] = []
    async with Tasks("test") as tasks:
        tasks.start(rig.listener.run(), name="listener")
        await rig.clock.advance(5)
        rig.device.forget()
        await rig.clock.advance(1)
        seen.append(rig.listener.subscribed)
        await rig.clock.advance(FIRST_RETRY_S + SETTLING_US / 1e6 + 5)
        rig.sweep()
        seen.append(rig.listener.subscribed)

    assert seen == [False, True]
    assert rig.diary.kinds == [Kind.MOTION]
    assert rig.diary.lasting == ["evt_0"]


async def test_events_of_a_device_that_stays_away_end_when_it_went() -> None:
    rig = Rig()
    rig.device.properties.append(motion())
    async with Tasks("test") as tasks:
        tasks.start(rig.listener.run(), name="listener")
        await rig.clock.advance(5)
        rig.device.trouble = DeviceTrouble.UNREACHABLE
        await rig.clock.advance(GRACE_US / 1e6 + 10)
        rig.sweep()

    (ended_us,) = rig.diary.ended.values()
    assert ended_us is not None
    assert NOON_US + 5 * SECOND_US <= ended_us <= NOON_US + 7 * SECOND_US


async def test_a_device_that_can_not_be_reached_is_tried_less_and_less_often(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    rig = Rig()
    rig.problem = Problem(ProblemKind.UNREACHABLE, "The camera does not answer.")
    async with Tasks("test") as tasks:
        tasks.start(rig.listener.run(), name="listener")
        await rig.clock.advance(600)

    waits = [later - sooner for sooner, later in zip(rig.attempts, rig.attempts[1:], strict=False)]
    assert waits[:3] == [FIRST_RETRY_S, FIRST_RETRY_S * 2, FIRST_RETRY_S * 4]
    assert waits[-1] == LAST_RETRY_S
    assert caplog.text.count("no events just now: The camera does not answer.") == 1


async def test_a_device_without_events_is_asked_again_much_later() -> None:
    rig = Rig()
    rig.device.services = frozenset()
    async with Tasks("test") as tasks:
        tasks.start(rig.listener.run(), name="listener")
        await rig.clock.advance(NO_EVENTS_S + 1)

    assert rig.attempts == [0, NO_EVENTS_S]


async def test_each_channel_is_told_of_its_own_picture_and_one_of_the_rest() -> None:
    rig = Rig({"cam_left": "left", "cam_right": "right"})
    tokens = {"left": "left", "right": "right", "third": "third"}
    taken: list[str | None] = [
        rig.listener._camera(message, tokens)
        for message in (
            motion(source="left"),
            motion(source="right"),
            motion(source="third"),
            Message(topic="tns1:Device/HardwareFailure/StorageFailure", source={"Token": "disk"}),
        )
    ]

    assert taken == ["cam_left", "cam_right", None, "cam_left"]


async def test_whoever_stops_listening_says_good_bye() -> None:
    rig = Rig()
    async with Tasks("test") as tasks:
        tasks.start(rig.listener.run(), name="listener")
        await rig.clock.advance(5)

    assert rig.device.operations[-1] == "Unsubscribe"
    assert not rig.listener.subscribed
