from dataclasses import replace

import pytest

from tawny.camera.live import SPREAD_S
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.tasks import Tasks
from tests.camera.clips import Watcher, clip, stream


async def test_every_viewer_gets_the_same_packets_at_the_same_moment() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        live, one, two = stream(clip(), clock, tasks), Watcher(clock), Watcher(clock)

        live.join(one)
        await clock.advance(0.1)
        live.join(two)
        await clock.advance(0.3)

    late = [chunk for chunk in one.chunks if chunk[0] >= 0.12]
    assert late
    assert two.chunks == late


async def test_frames_come_when_they_are_due_and_timestamps_run_on_over_loops_and_their_wrap() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        live, watcher = stream(clip(), clock, tasks, random_32=lambda: 0xFFFFFFFF - 7200), Watcher(clock)

        live.join(watcher)
        await clock.advance(0.45)

    video = [(when, data) for when, data in watcher.chunks if data[1] == 0]
    assert [when for when, _ in video] == [round(0.04 * n, 4) for n in range(12)]
    packets = watcher.packets()
    assert [p.timestamp for p in packets] == [(0xFFFFFFFF - 7200 + 3600 * n) & 0xFFFFFFFF for n in range(12)]
    assert [p.payload[-1] for p in packets] == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1]
    assert [p.sequence for p in packets] == [(0xFFFF - 7200 + n) & 0xFFFF for n in range(12)]
    assert all(p.marker for p in packets)


async def test_a_viewer_joins_in_the_present_whatever_passed_unseen() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        live, watcher = stream(clip(), clock, tasks), Watcher(clock)

        await clock.advance(10.05)
        firsts = live.firsts()
        live.join(watcher)
        await clock.advance(0.1)

    packets = watcher.packets()
    assert [p.payload[-1] for p in packets] == [2, 3]
    assert (packets[0].sequence, packets[0].timestamp) == firsts[1] == (1000, 1000 + 252 * 3600)


async def test_no_packets_are_made_while_nobody_watches() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        live, watcher = stream(clip(), clock, tasks), Watcher(clock)
        live.join(watcher)
        await clock.advance(0.1)
        live.leave(watcher)
        await clock.advance(10)

        before = live.firsts()[1].sequence
        await clock.advance(10)

    assert live.firsts()[1].sequence == before
    assert len(watcher.packets()) == 3


async def test_sound_and_picture_share_one_time() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        live, watcher = stream(clip(sound=True), clock, tasks), Watcher(clock)

        live.join(watcher)
        await clock.advance(0.5)

    sound, picture = watcher.packets(2), watcher.packets(0)
    assert {(p.timestamp - 1000) / 8000 for p in sound} == {(p.timestamp - 1000) / 90_000 for p in picture}
    assert not any(p.marker for p in sound)
    assert {p.payload_type for p in sound} == {8}


async def test_a_viewer_that_is_not_ready_misses_whole_access_units_and_sees_the_gap() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        live, watcher = stream(clip(bytes_a_frame=5000), clock, tasks, spread_s=SPREAD_S), Watcher(clock)
        live.join(watcher)
        await clock.advance(0.045)
        watcher.willing = False
        await clock.advance(0.05)
        watcher.willing = True
        await clock.advance(0.08)

    packets = watcher.packets()
    by_time: dict[int, list[int]] = {}
    for packet in packets:
        by_time.setdefault((packet.timestamp - 1000) // 3600, []).append(packet.sequence - 1000)
    assert by_time == {0: [0, 1, 2, 3], 1: [4, 5, 6, 7], 3: [12, 13, 14, 15], 4: [16, 17, 18, 19]}


async def test_a_picture_is_spread_over_fifteen_milliseconds_or_sent_at_once() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        spread, watcher = stream(clip(bytes_a_frame=14_000), clock, tasks, spread_s=SPREAD_S), Watcher(clock)
        burst, other = stream(clip(bytes_a_frame=14_000), clock, tasks), Watcher(clock)

        spread.join(watcher)
        burst.join(other)
        await clock.advance(0.02)

    assert [when for when, data in watcher.chunks if data[1] == 0] == [0, 0.003, 0.006, 0.009, 0.012]
    assert [when for when, data in other.chunks if data[1] == 0] == [0]
    assert watcher.packets() == other.packets()
    assert len(watcher.packets()) == 11


async def test_reports_come_at_once_and_every_five_seconds_and_place_the_timestamps() -> None:
    clock = SimulatedClock()
    start_us = clock.utc_us()
    async with Tasks("test") as tasks:
        live, watcher = stream(clip(sound=True), clock, tasks), Watcher(clock)

        live.join(watcher)
        await clock.advance(5.5)

    for channel, timescale in ((1, 90_000), (3, 8000)):
        reports = watcher.reports(channel)
        assert [r.utc_us - start_us for r in reports] == [0, 5_000_000]
        assert [r.rtp_timestamp - 1000 for r in reports] == [0, 5 * timescale]
    assert watcher.reports()[1].packets == 125


async def test_after_the_machine_slept_the_present_is_sent_with_a_gap_in_the_numbers() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        live, watcher = stream(clip(), clock, tasks), Watcher(clock)
        live.join(watcher)
        await clock.advance(0.05)

        clock.wait(100.0)
        await clock.advance(0.05)

    packets = watcher.packets()
    assert [p.sequence - 1000 for p in packets] == [0, 1, 3]
    assert (packets[2].timestamp - 1000) / 90_000 == pytest.approx(100.08)


async def test_another_clip_takes_over_at_the_end_of_a_round() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        live, watcher = stream(clip(frames=3), clock, tasks), Watcher(clock)
        live.join(watcher)
        await clock.advance(0.05)

        live.change(clip(frames=4, mark=b"new"))
        await clock.advance(0.3)

    packets = watcher.packets()
    assert [p.payload[1:4] == b"new" for p in packets] == [False] * 3 + [True] * 6
    assert [p.payload[-1] for p in packets] == [0, 1, 2, 0, 1, 2, 3, 0, 1]
    assert [p.timestamp - 1000 for p in packets] == [3600 * n for n in range(9)]
    assert [p.sequence - 1000 for p in packets] == list(range(9))


async def test_another_clip_takes_over_at_once_while_nobody_watches() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        live, watcher = stream(clip(), clock, tasks), Watcher(clock)
        await clock.advance(1.0)

        live.change(clip(mark=b"new", sound=True))
        live.join(watcher)
        await clock.advance(0.03)

    assert [p.payload[1:4] for p in watcher.packets()] == [b"new"]
    assert watcher.packets()[0].timestamp == 1000 + 90_000
    assert set(live.media) == {1, 2}


async def test_a_clip_of_another_rate_takes_over_at_its_next_key_frame_that_falls_on_a_picture() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        played, viewer = stream(clip(frames=50), clock, tasks), Watcher(clock)
        slower = clip(frames=50, mark=b"slower")
        kept = [replace(s, key=number % 5 == 0) for number, s in enumerate(slower.samples[::2])]
        played.join(viewer)
        await clock.advance(0.5)
        played.redraw(replace(slower, samples=tuple(kept)))

        await clock.advance(2.0)

    packets = viewer.packets()
    moments = [(packet.timestamp - packets[0].timestamp) // 3600 for packet in packets if packet.marker]
    assert moments == [*range(20), *range(20, 63, 2)]
    first = next(packet for packet in packets if b"slower" in packet.payload)
    assert (first.timestamp - packets[0].timestamp) // 3600 == 20


async def test_what_was_drawn_anew_is_described_to_who_comes_after_the_last_viewer_left() -> None:
    clock = SimulatedClock()
    async with Tasks("test") as tasks:
        played, viewer = stream(clip(frames=50), clock, tasks), Watcher(clock)
        played.join(viewer)
        await clock.advance(0.5)
        other = clip(frames=50, mark=b"other")
        played.redraw(other)
        played.leave(viewer)

        await clock.advance(0.1)
        again = Watcher(clock)
        played.join(again)
        await clock.advance(0.2)

    assert played.clip is other
    assert played.original is not other
    assert all(b"other" in packet.payload for packet in again.packets() if packet.marker)
