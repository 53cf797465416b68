import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from tawny.gateway.manner import Manner
from tawny.gateway.playback import LATE_US, Playback
from tawny.gateway.shelf import THREADS, Shelf
from tawny.recorder.archive.model import GapReason
from tawny.runtime.clock import Clock, SimulatedClock, from_utc_us
from tawny.wire.media import MetadataFormat
from tawny.wire.media_socket import MediaKind, MediaMessage
from tawny.wire.mp4.reading import read_init, samples
from tests.gateway.archive import KEY, SECOND, ArchiveBuilder
from tests.gateway.media import AUDIO, SMALL_VIDEO, T0, VIDEO

NOW = 1000.0  # seconds after T0


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[ArchiveBuilder]:
    builder = ArchiveBuilder(tmp_path)
    yield builder
    builder.close()


@pytest.fixture
def shelf(archive: ArchiveBuilder) -> Iterator[Shelf]:
    shelf = Shelf(archive.data)
    yield shelf
    shelf.close()


class HurriedClock(SimulatedClock):
    """Whoever sleeps wakes at once, and it is later; *meanwhile* holds what happens during the sleeps, one after another."""

    def __init__(self, now: float, meanwhile: Iterable[Callable[[], object]] = ()) -> None:
        super().__init__(from_utc_us(T0 + round(now * SECOND)))
        self._meanwhile = iter(meanwhile)
        self.slept = 0

    async def sleep(self, seconds: float) -> None:
        self.slept += 1
        next(self._meanwhile, lambda: None)()
        await self.advance(seconds)


def playing(
    shelf: Shelf, start: float, *, now: float = NOW, clock: Clock | None = None
) -> AsyncGenerator[MediaMessage, None]:
    clock = clock or HurriedClock(now)
    return Playback(shelf, KEY, clock=clock).messages(T0 + round(start * SECOND))


async def played(shelf: Shelf, start: float, *, now: float = NOW, clock: Clock | None = None) -> list[MediaMessage]:
    return [message async for message in playing(shelf, start, now=now, clock=clock)]


def pictures(messages: Iterable[MediaMessage], track: int = 1) -> list[str]:
    """The first sample of each fragment."""
    return [
        m.payload[(s := samples(m.payload)[0]).offset : s.offset + s.size].decode()
        for m in messages
        if m.kind is MediaKind.FRAGMENT and m.track == track
    ]


def kinds(messages: Iterable[MediaMessage]) -> list[str]:
    """Notes by type, inits, and runs of fragments."""
    found: list[str] = []
    for message in messages:
        word = str(message.note()["type"]) if message.kind is MediaKind.NOTE else message.kind.name.lower()
        if word != "fragment" or found[-1:] != ["fragment"]:
            found.append(word)
    return found


def gaps(messages: Iterable[MediaMessage]) -> list[tuple[str, str, str]]:
    notes = [m.note() for m in messages if m.kind is MediaKind.NOTE]
    return [(n["from"][11:], n["to"][11:], n["reason"]) for n in notes if n["type"] == "gap"]


def media_time_us(message: MediaMessage) -> int:
    payload = message.payload
    start = 32 if payload[4:8] == b"prft" else 0
    ticks = int.from_bytes(payload[start + 60 : start + 68], "big")
    return ticks * SECOND // (90_000 if message.track == 1 else 8000)


async def test_playback_starts_at_the_key_frame_before_the_moment(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 6, group=2)

    messages = await played(shelf, 3.5, now=6)

    assert kinds(messages) == ["opened", "init", "init", "fragment", "end"]
    assert pictures(messages) == ["v2.0", "v3.0", "v4.0", "v5.0"]
    assert pictures(messages, track=2) == ["a2", "a3", "a4", "a5"]


async def test_it_runs_on_across_segments_without_a_seam(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 2)
    archive.segment(2, 2)

    messages = await played(shelf, 0, now=4)

    assert kinds(messages) == ["opened", "init", "init", "fragment", "end"]
    assert pictures(messages) == ["v0.0", "v1.0", "v2.0", "v3.0"]


async def test_media_time_is_the_distance_from_the_origin_in_every_segment(
    archive: ArchiveBuilder, shelf: Shelf
) -> None:
    archive.segment(0, 2)
    archive.segment(2, 2)
    archive.segment(7.5, 2)

    messages = await played(shelf, 1, now=9.5)

    origin_us = messages[0].note()["origin_us"]
    fragments = [m for m in messages if m.kind is MediaKind.FRAGMENT]
    assert origin_us == T0
    assert [m.utc_us - origin_us for m in fragments] == [media_time_us(m) for m in fragments]
    assert [m.utc_us - T0 for m in fragments if m.track == 1] == [s * SECOND // 2 for s in (2, 4, 6, 15, 17)]


async def test_metadata_come_along_from_the_picture_on_that_it_starts_with(
    archive: ArchiveBuilder, shelf: Shelf
) -> None:
    archive.segment(0, 4, group=2, formats={1: VIDEO, 3: MetadataFormat()})
    fast = Playback(shelf, KEY, clock=HurriedClock(4), manner=Manner(speed=8, key_only=True))

    messages = await played(shelf, 3, now=4)
    hurried = [message async for message in fast.messages(T0)]

    assert kinds(messages) == ["opened", "init", "init", "fragment", "end"]
    assert pictures(messages, track=3) == [f"<MetadataStream>m{second}</MetadataStream>" for second in (2, 3)]
    assert pictures(hurried, track=3) == []


async def test_both_tracks_come_in_the_order_of_time(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 4)

    times = [m.utc_us for m in await played(shelf, 0, now=4) if m.kind is MediaKind.FRAGMENT]

    assert len(times) == 8
    assert times == sorted(times)


async def test_a_gap_is_told_with_its_reason_before_what_follows_it(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 2)
    archive.gap(2, 30, GapReason.CAMERA_LOST, "The camera did not answer.")
    archive.segment(30, 2)

    messages = await played(shelf, 0, now=32)

    assert kinds(messages) == ["opened", "init", "init", "fragment", "gap", "fragment", "end"]
    assert gaps(messages) == [("12:00:02Z", "12:00:30Z", "camera_lost")]
    assert pictures(messages) == ["v0.0", "v1.0", "v30.0", "v31.0"]


async def test_from_inside_a_gap_the_gap_is_told_and_the_next_segment_played(
    archive: ArchiveBuilder, shelf: Shelf
) -> None:
    archive.segment(0, 2)
    archive.gap(2, 30, GapReason.CAMERA_LOST, "The camera did not answer.")
    archive.segment(30, 2)

    messages = await played(shelf, 10, now=32)

    assert kinds(messages) == ["opened", "init", "init", "gap", "fragment", "end"]
    assert gaps(messages) == [("12:00:10Z", "12:00:30Z", "camera_lost")]
    assert pictures(messages) == ["v30.0", "v31.0"]


async def test_a_new_format_is_opened_with_the_same_origin(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 1)
    archive.segment(1, 1, formats={1: SMALL_VIDEO})
    archive.segment(2, 1)

    messages = await played(shelf, 0, now=3)

    opened = [m.note() for m in messages if m.kind is MediaKind.NOTE and m.note()["type"] == "opened"]
    assert [note["origin_us"] for note in opened] == [T0] * 3
    assert [sorted(note["tracks"]) for note in opened] == [["1", "2"], ["1"], ["1", "2"]]
    inits = [read_init(m.payload).formats for m in messages if m.kind is MediaKind.INIT]
    assert inits == [{1: VIDEO}, {2: AUDIO}, {1: SMALL_VIDEO}, {1: VIDEO}, {2: AUDIO}]


async def test_an_open_segment_is_followed_while_it_grows(archive: ArchiveBuilder, shelf: Shelf) -> None:
    path = archive.segment(0, 2, still_open=True)
    clock = HurriedClock(2, [lambda: archive.append(path, 0, 2), lambda: None, lambda: archive.append(path, 0, 3)])

    messages = await played(shelf, 0, clock=clock)

    assert pictures(messages) == ["v0.0", "v1.0", "v2.0", "v3.0"]
    assert kinds(messages) == ["opened", "init", "init", "fragment", "end"]
    assert clock.utc_us() > T0 + 4 * SECOND + LATE_US  # only after that long without a picture


async def test_the_segment_after_the_open_one_is_waited_for(archive: ArchiveBuilder, shelf: Shelf) -> None:
    path = archive.segment(0, 1, still_open=True)

    def close() -> None:
        archive.append(path, 0, 1)
        archive.closed(path, 0, 2)

    clock = HurriedClock(1, [close, lambda: None, lambda: archive.segment(2, 2, still_open=True)])

    messages = await played(shelf, 0, clock=clock)

    assert pictures(messages) == ["v0.0", "v1.0", "v2.0", "v3.0"]
    assert kinds(messages) == ["opened", "init", "init", "fragment", "end"]


async def test_from_the_present_on_the_first_segment_is_waited_for(archive: ArchiveBuilder, shelf: Shelf) -> None:
    clock = HurriedClock(10, [lambda: None, lambda: archive.segment(11, 2, still_open=True)])

    messages = await played(shelf, 10, clock=clock)

    assert pictures(messages) == ["v11.0", "v12.0"]
    assert messages[0].note()["origin_us"] == T0 + 11 * SECOND


async def test_a_camera_that_is_known_not_to_be_recorded_is_not_waited_for(
    archive: ArchiveBuilder, shelf: Shelf
) -> None:
    archive.segment(0, 2)
    archive.gap(2, None, GapReason.DISABLED, "The camera is switched off.")
    clock = HurriedClock(3)

    messages = await played(shelf, 0, clock=clock)

    assert kinds(messages) == ["opened", "init", "init", "fragment", "gap", "end"]
    assert gaps(messages) == [("12:00:02Z", "12:00:03Z", "disabled")]
    assert clock.slept == 0


async def test_what_ended_long_ago_is_not_waited_for(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 2)
    clock = HurriedClock(NOW)

    messages = await played(shelf, 0, clock=clock)

    assert kinds(messages) == ["opened", "init", "init", "fragment", "gap", "end"]
    assert clock.slept == 0


async def test_a_reader_who_pauses_at_the_present_has_nobody_look_for_more(
    archive: ArchiveBuilder, shelf: Shelf
) -> None:
    archive.segment(0, 2, still_open=True)
    clock = HurriedClock(2)

    async with aclosing(playing(shelf, 0, clock=clock)) as messages:
        read = [await anext(messages) for _ in range(7)]
        await clock.advance(60)

    assert pictures(read) == ["v0.0", "v1.0"]
    assert clock.slept == 0


async def test_a_viewer_who_leaves_while_more_is_waited_for_ends_the_waiting(
    archive: ArchiveBuilder, shelf: Shelf
) -> None:
    archive.segment(0, 2, still_open=True)
    clock = SimulatedClock(from_utc_us(T0 + 2 * SECOND))

    async with aclosing(playing(shelf, 0, clock=clock)) as messages:
        read = [await anext(messages) for _ in range(7)]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await anext(messages)

        assert kinds(read) == ["opened", "init", "init", "fragment"]
        with pytest.raises(StopAsyncIteration):
            await anext(messages)


async def test_a_torn_tail_is_left_alone(archive: ArchiveBuilder, shelf: Shelf) -> None:
    path = archive.segment(0, 2, still_open=True)
    os.truncate(path, path.stat().st_size - 3)

    messages = await played(shelf, 0, now=2)

    assert pictures(messages) == ["v0.0", "v1.0"]
    assert pictures(messages, track=2) == ["a0"]
    assert kinds(messages)[-1] == "end"


async def test_a_segment_deleted_meanwhile_is_a_gap(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 2)
    gone = archive.segment(2, 2)
    archive.segment(4, 2)
    gone.unlink()

    messages = await played(shelf, 0, now=6)

    assert pictures(messages) == ["v0.0", "v1.0", "v4.0", "v5.0"]
    assert gaps(messages) == [("12:00:02Z", "12:00:04Z", "deleted")]


async def test_a_damaged_segment_is_a_gap(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 2)
    archive.segment(2, 2).write_bytes(bytes(5000))
    archive.segment(4, 2)

    messages = await played(shelf, 0, now=6)

    assert pictures(messages) == ["v0.0", "v1.0", "v4.0", "v5.0"]
    assert gaps(messages) == [("12:00:02Z", "12:00:04Z", "disk")]


async def test_with_nothing_recorded_after_the_moment_there_is_only_the_end(shelf: Shelf) -> None:
    messages = await played(shelf, 0, now=0)

    assert kinds(messages) == ["opened", "end"]
    assert messages[0].note()["tracks"] == {}


async def test_a_first_segment_that_is_damaged_is_a_gap_too(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 2).write_bytes(b"")
    archive.segment(2, 2)

    messages = await played(shelf, 1, now=4)

    assert kinds(messages) == ["opened", "gap", "opened", "init", "init", "fragment", "end"]
    assert pictures(messages) == ["v2.0", "v3.0"]


async def test_a_reader_who_pauses_makes_nobody_read_ahead(archive: ArchiveBuilder, shelf: Shelf) -> None:
    for start in range(0, 20, 2):
        archive.segment(start, 2)

    async with aclosing(playing(shelf, 0)) as messages:
        first = [await anext(messages) for _ in range(4)]

    assert pictures(first) == ["v0.0"]


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_five_hundred_seeks_at_once_share_a_few_threads(archive: ArchiveBuilder, shelf: Shelf) -> None:
    for start in range(0, 40, 4):
        archive.segment(start, 4)
    before = open_files()

    async def seek(number: int) -> str:
        async with aclosing(playing(shelf, number % 40, now=40)) as messages:
            async for message in messages:
                if message.kind is MediaKind.FRAGMENT and message.track == 1:
                    return pictures([message])[0]
        return ""

    found = await asyncio.gather(*(seek(number) for number in range(500)))

    assert found == [f"v{number % 40}.0" for number in range(500)]
    assert open_files() <= before + 3 * THREADS


async def test_fast_only_key_frames_come_each_until_the_next(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 6, group=2)
    archive.segment(6, 4, group=2)
    way = Playback(shelf, KEY, clock=HurriedClock(10), manner=Manner(speed=8, key_only=True))

    messages = [message async for message in way.messages(T0 + 3 * SECOND)]

    assert kinds(messages) == ["opened", "init", "init", "fragment", "end"]
    assert pictures(messages) == ["v2.0", "v4.0", "v6.0", "v8.0"]
    assert pictures(messages, track=2) == []
    lengths = [int.from_bytes(m.payload[88:92], "big") for m in messages if m.kind is MediaKind.FRAGMENT]
    assert lengths == [180_000] * 4


async def test_very_fast_key_frames_that_nobody_would_see_are_left_out(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 6)
    way = Playback(shelf, KEY, clock=HurriedClock(6), manner=Manner(speed=32, key_only=True))

    messages = [message async for message in way.messages(T0)]

    assert pictures(messages) == ["v0.0", "v2.0", "v4.0"]


async def test_the_last_key_frame_of_a_segment_lasts_to_its_end(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 3, group=2)
    archive.gap(3, 30, GapReason.CAMERA_LOST, "The camera did not answer.")
    archive.segment(30, 2)
    way = Playback(shelf, KEY, clock=HurriedClock(32), manner=Manner(speed=8, key_only=True))

    messages = [message async for message in way.messages(T0)]

    assert kinds(messages) == ["opened", "init", "init", "fragment", "gap", "fragment", "end"]
    assert gaps(messages) == [("12:00:03Z", "12:00:30Z", "camera_lost")]
