import asyncio
from dataclasses import replace

from tawny.camera.description import METADATA_TRACK
from tawny.camera.live import Chunk
from tawny.camera.onvif.actors import HUMAN, VEHICLE, Seen
from tawny.camera.onvif.happenings import Happenings
from tawny.camera.onvif.head import Head
from tawny.camera.onvif.model import Channel, channels_of
from tawny.camera.onvif.notifications import Notifications
from tawny.camera.onvif.views import View
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif import metadata
from tawny.wire.onvif.answers.events import Filter
from tawny.wire.onvif.metadata import Box, Metadata
from tawny.wire.rtp import RtpPacket, parse
from tests.camera.clips import Watcher, clip, stream

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
        watching = Happenings([channel(clock, tasks)], notifications, clock=clock, heads={}, look=look)
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


class Noting(Watcher):
    """A viewer that keeps the packets of the metadata track."""

    def __init__(self, clock: SimulatedClock) -> None:
        super().__init__(clock)
        self.parts: list[RtpPacket] = []

    def send(self, chunk: Chunk) -> None:
        if chunk.track == METADATA_TRACK and not chunk.offset:
            self.parts += [parse(packet) for packet in chunk.packets]

    def documents(self) -> list[Metadata]:
        """The documents, put together up to each marker."""
        found, begun = [], b""
        for packet in self.parts:
            begun += bytes(packet.payload)
            if packet.marker:
                found.append(metadata.read(begun))
                begun = b""
        return found


async def test_who_watches_gets_what_is_seen_and_told_in_the_metadata_track() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        notifications = Notifications(clock=clock, tasks=tasks, name=lambda: "point")
        made = channel(clock, tasks)
        watching = Happenings([made], notifications, clock=clock, heads={}, look=look)
        viewer = Noting(clock)
        made.streams[0].live.join(viewer)
        tasks.start(watching.run(), name="watching")
        tasks.start(watching.follow(), name="boxes")

        await clock.advance(2.7)
        watching.flip_input()

    documents = viewer.documents()
    kinds = [[seen.kinds[0][0] for seen in frame.objects] for each in documents for frame in each.frames]
    told = [message.topic for each in documents for message in each.messages]
    one, both = [HUMAN], [HUMAN, VEHICLE]
    assert kinds == [[], one, one, one, one, one, one, both, both, both, both, both, both]
    assert told.count("tns1:VideoSource/MotionAlarm") == 1
    assert told[-1] == "tns1:Device/Trigger/DigitalInput"
    (box,) = {seen.box for each in documents for frame in each.frames for seen in frame.objects}
    assert box is not None
    assert (round(box.left, 3), round(box.bottom, 3)) == (0.1, 0.2)
    stamps = [packet.timestamp for packet in viewer.parts if packet.marker]
    assert [stamp - 1000 for stamp in stamps[:4]] == [45_000, 90_000, 90_000, 108_000]


async def test_boxes_lie_in_the_part_that_the_head_shows_and_end_with_an_empty_picture() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        made = channel(clock, tasks)
        head = Head(made, clock=clock, tasks=tasks, draw=lambda original, _: replace(original))
        notifications = Notifications(clock=clock, tasks=tasks, name=lambda: "point")
        watching = Happenings([made], notifications, clock=clock, heads={"gate": head}, look=look)
        viewer = Noting(clock)
        made.streams[0].live.join(viewer)
        head.look(View(pan=-1.0, tilt=1.0, zoom=2 / 3))
        while head.moving:
            await asyncio.to_thread(lambda: None)
        tasks.start(watching.follow(), name="boxes")

        await clock.advance(4.9)

    frames = [frame for each in viewer.documents() for frame in each.frames]
    boxes = [seen.box for frame in frames for seen in frame.objects]
    assert {(round(b.left, 3), round(b.bottom, 3)) for b in boxes if b is not None} == {(0.2, 0.4)}
    assert [bool(frame.objects) for frame in frames] == [True] * 15 + [False]


async def test_the_metadata_track_is_described_beside_the_others_and_stays_when_the_clip_changes() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        made = channel(clock, tasks)
        Happenings([made], Notifications(clock=clock, tasks=tasks, name=lambda: "p"), clock=clock, heads={}, look=look)
        live = made.streams[0].looped
        before = live.media[METADATA_TRACK]

        live.change(clip(sound=True))

    assert before.encoding == "vnd.onvif.metadata"
    assert [medium.kind for medium in live.media.values()] == ["video", "audio", "application"]
    assert set(live.firsts()) == set(live.media)


async def test_a_covered_lens_and_a_picture_of_no_use_are_told_and_end_again() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        made = channel(clock, tasks)
        notifications = Notifications(clock=clock, tasks=tasks, name=lambda: "point")
        head = Head(made, clock=clock, tasks=tasks, draw=lambda original, view: replace(original))
        watching = Happenings([made], notifications, clock=clock, heads={made.token: head}, look=lambda place, at: ())
        point = notifications.subscribe(Filter(topics="tns1:VideoSource//."), lasts_s=60)
        assert point is not None
        point.waiting.clear()

        watching.cover()
        covered = {m.topic.split("/")[1] for m in point.waiting if m.state}
        point.waiting.clear()
        watching.cover()
        uncovered = {m.topic.split("/")[1] for m in point.waiting if m.state is False}
        head.look(replace(head.view, sharpness=5.0, brightness=90.0))
        tasks.start(watching.run(), name="watching")
        await clock.advance(1)
        adjusted = {m.topic.split("/")[1] for m in point.waiting if m.state}

    assert covered == uncovered == {"ImageTooDark", "GlobalSceneChange"}
    assert adjusted == {"ImageTooBlurry", "ImageTooBright"}
