import asyncio
from collections.abc import Collection
from dataclasses import replace
from itertools import pairwise

from tawny.camera.onvif.head import Head, Velocity, adjustable
from tawny.camera.onvif.model import Channel, channels_of
from tawny.camera.onvif.views import Coding, View
from tawny.camera.sources import Clip
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.tasks import Tasks
from tawny.wire.media import VideoCodec
from tests.camera.clips import VIDEO, Watcher, clip, stream

CODING = Coding(codec=VideoCodec.H264, width=320, height=180, step=1, group=25, bitrate=1000)


def drawn(_: Clip, view: View) -> Clip:
    """A clip of the same moments that is marked with its view's zoom."""
    return clip(frames=25, mark=f"zoom {view.zoom}".encode())


def unplayable(_: Clip, __: View) -> Clip:
    raise ValueError("no picture")


def channel(clock: SimulatedClock, tasks: Tasks, *, shown: Clip | None = None) -> Channel:
    (made,) = channels_of({"/gate/main": stream(shown or clip(frames=25), clock, tasks)})
    return made


async def settled(head: Head) -> None:
    """Wait until the threads that draw are done."""
    while head.moving:
        await asyncio.to_thread(lambda: None)


async def test_what_is_drawn_anew_takes_over_at_the_next_key_frame_without_a_seam() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        made = channel(clock, tasks)
        head, viewer = Head(made, clock=clock, tasks=tasks, draw=drawn), Watcher(clock)
        made.streams[0].live.join(viewer)
        await clock.advance(0.5)
        head.look(View(zoom=1.0))
        await settled(head)

        await clock.advance(1.5)

    packets = viewer.packets()
    marked = [b"zoom 1.0" in packet.payload for packet in packets]
    assert marked == [False] * 25 + [True] * (len(packets) - 25)
    assert len(packets) > 40
    stamps = [packet.timestamp for packet in packets]
    assert all(later - earlier == 3600 for earlier, later in pairwise(stamps))


async def test_the_last_wish_wins_and_neutral_is_the_clip_itself() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        made = channel(clock, tasks)
        original = made.streams[0].clip
        head = Head(made, clock=clock, tasks=tasks, draw=drawn)

        for zoom in (0.25, 0.5, 0.75):
            head.look(View(zoom=zoom))
        await settled(head)
        zoomed = made.streams[0].clip
        head.look(View())
        await settled(head)

        assert b"zoom 0.75" in zoomed.samples[0].data
        assert made.streams[0].clip is original


async def test_a_view_that_cannot_be_drawn_leaves_what_is_shown() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        made = channel(clock, tasks)
        original = made.streams[0].clip
        head = Head(made, clock=clock, tasks=tasks, draw=unplayable)

        head.look(View(zoom=1.0))
        await settled(head)

        assert head.view == View()
        assert made.streams[0].clip is original


async def test_a_move_that_was_replaced_does_not_stop_the_one_after_it() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        head = Head(channel(clock, tasks), clock=clock, tasks=tasks, draw=drawn)
        head.move(Velocity(pan=1.0, tilt=0.0, zoom=0.0), for_s=1)
        await clock.advance(0.5)

        head.move(Velocity(pan=-0.5, tilt=0.0, zoom=0.0), for_s=4)
        await clock.advance(3)

        assert head.moving
        assert round(head.view.pan, 2) == round(0.25 - 3 * 0.25, 2)


async def test_a_channel_of_another_codec_has_no_head() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        h265 = replace(clip(), video=replace(VIDEO, codec=VideoCodec.H265))

        assert adjustable(channel(clock, tasks))
        assert not adjustable(channel(clock, tasks, shown=h265))


async def test_a_coding_is_for_its_own_stream_and_stays_when_the_head_moves() -> None:
    clock = SimulatedClock()
    views: list[View] = []

    def noted(original: Clip, view: View) -> Clip:
        views.append(view)
        return replace(original)

    async with Tasks("test") as tasks:
        streams = {f"/gate/{name}": stream(clip(frames=25), clock, tasks) for name in ("main", "sub")}
        (made,) = channels_of(streams)
        head = Head(made, clock=clock, tasks=tasks, draw=noted)
        head.encode("sub", CODING)
        await settled(head)
        head.look(View(zoom=1.0))
        await settled(head)

    assert views == [View(coding=CODING), View(zoom=1.0), View(zoom=1.0, coding=CODING)]


class Noting:
    """The server of streams, as far as it is told what to serve."""

    def __init__(self) -> None:
        self.told: list[tuple[str, list[str]]] = []

    def withhold(self, paths: Collection[str]) -> None:
        self.told.append(("withhold", list(paths)))

    def offer(self, paths: Collection[str]) -> None:
        self.told.append(("offer", list(paths)))


async def test_who_watches_a_stream_whose_codec_changes_is_let_go() -> None:
    clock, server = SimulatedClock(), Noting()

    def other_codec(original: Clip, _: View) -> Clip:
        return replace(original, video=replace(original.video, codec=VideoCodec.H265))

    async with Tasks("test") as tasks:
        made = channel(clock, tasks)
        head = Head(made, clock=clock, tasks=tasks, draw=other_codec, streams=server)
        head.encode("main", replace(CODING, codec=VideoCodec.H265))
        while not server.told:
            await asyncio.to_thread(lambda: None)
        before = made.streams[0].clip.video.codec
        await clock.advance(1.0)
        await settled(head)

    assert (before, made.streams[0].clip.video.codec) == (VideoCodec.H264, VideoCodec.H265)
    assert server.told == [("withhold", ["/gate/main"]), ("offer", ["/gate/main"])]
