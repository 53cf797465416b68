from tawny.camera.onvif.actors import HUMAN, VEHICLE, Seen
from tawny.camera.onvif.happenings import Happenings
from tawny.camera.onvif.model import Channel, channels_of
from tawny.camera.onvif.notifications import Notifications
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif.answers.events import Filter
from tawny.wire.onvif.metadata import Box
from tests.camera.clips import clip, stream

BOX = Box(left=0.1, top=0.1, right=0.2, bottom=0.2)


def look(place: str, at: float) -> tuple[Seen, ...]:
    """A person from second 1 to 3 of the loop, a car from 2 to 4."""
    there = [(1, HUMAN, 1.0, 3.0), (2, VEHICLE, 2.0, 4.0)]
    return tuple(Seen(number=n, kind=kind, box=BOX) for n, kind, start, end in there if start <= at < end)


def channel(clock: SimulatedClock, tasks: Tasks) -> Channel:
    (made,) = channels_of({"/gate/main": stream(clip(frames=125), clock, tasks)})
    return made


async def test_motion_and_what_moves_are_told_once_at_each_change_round_after_round() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        notifications = Notifications(clock=clock, tasks=tasks, name=lambda: "point")
        watching = Happenings([channel(clock, tasks)], notifications, clock=clock, look=look)
        point = notifications.subscribe(
            Filter(topics="tns1:VideoSource//.|tns1:RuleEngine/ObjectDetection//."), lasts_s=60
        )
        assert point is not None
        point.waiting.clear()
        tasks.start(watching.run(), name="watching")

        await clock.advance(10.1)

    motion = [m.state for m in point.waiting if m.topic.endswith("MotionAlarm")]
    kinds = [m.classes for m in point.waiting if m.topic.endswith("Object")]
    assert motion == [True, False, True, False]
    assert kinds == [(HUMAN,), (HUMAN, VEHICLE), (VEHICLE,), ()] * 2
    assert {m.operation for m in point.waiting} == {"Changed"}
