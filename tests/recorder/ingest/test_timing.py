from itertools import pairwise

from tawny.recorder.ingest.timing import SLEW_PPM, MediaClock
from tawny.wire.depacketize.interleaved import SenderReport

START_US = 1_800_000_000_000_000
FRAME = 3600  # ticks, 40 ms


def fed(frames: int, *, first: int = 0, delay_us: int = 0, ppm: int = 0) -> MediaClock:
    """A clock that saw *frames* at 25 a second, each *delay_us* late, from a camera that is fast by *ppm*."""
    clock = MediaClock(90_000)
    for index in range(frames):
        at_us = START_US + index * 40_000 * 1_000_000 // (1_000_000 + ppm)
        clock.ticks(first + index * FRAME & 0xFFFFFFFF, at_us + delay_us)
    return clock


def test_ticks_go_on_where_32_bits_wrap() -> None:
    clock = MediaClock(90_000)

    ticks = [clock.ticks((2**32 - 7200 + index * FRAME) % 2**32, START_US + index * 40_000) for index in range(5)]

    assert ticks == [0, 3600, 7200, 10_800, 14_400]
    assert clock.jumps == 0


def test_the_offset_is_that_of_the_least_delay_in_the_first_second() -> None:
    clock = MediaClock(90_000)
    delays = [90_000, 50_000, 70_000, 5_000, 80_000] * 6

    for index, delay in enumerate(delays):
        clock.ticks(index * FRAME, START_US + index * 40_000 + delay)

    assert clock.utc_us(0) == START_US + 5_000
    assert clock.settled(START_US + 29 * 40_000)


def test_a_group_sent_at_once_at_the_start_is_placed_before_it_arrived() -> None:
    clock = MediaClock(90_000)

    for index in range(50):  # two seconds of pictures that the camera had kept
        clock.ticks(index * FRAME, START_US)

    assert clock.utc_us(49 * FRAME) == START_US
    assert clock.jumps == 0


def test_a_jump_is_replaced_by_the_time_until_arrival() -> None:
    for jump_s in (3600, 12, 5, -2, -3600, 40_000):
        clock = fed(50)
        last = clock.ticks(50 * FRAME, START_US + 50 * 40_000)

        after = clock.ticks((51 * FRAME + jump_s * 90_000) & 0xFFFFFFFF, START_US + 51 * 40_000)
        following = clock.ticks((52 * FRAME + jump_s * 90_000) & 0xFFFFFFFF, START_US + 52 * 40_000)

        assert (after - last, following - after) == (FRAME, FRAME)
        assert clock.jumps == 1


def test_a_hole_in_what_the_camera_sends_is_no_jump() -> None:
    clock = fed(50)

    after = clock.ticks(50 * FRAME + 4 * 90_000, START_US + 50 * 40_000 + 4_000_000)

    assert after == 50 * FRAME + 4 * 90_000
    assert clock.jumps == 0


def test_late_arrival_after_a_stall_is_no_jump() -> None:
    clock = fed(50)

    ticks = [clock.ticks((50 + index) * FRAME, START_US + 50 * 40_000 + 3_000_000) for index in range(75)]

    assert ticks == [(50 + index) * FRAME for index in range(75)]
    assert clock.jumps == 0


def test_timestamps_that_stand_still_are_timed_by_arrival() -> None:
    clock = MediaClock(90_000)
    ticks = [0]

    for sweep in range(1, 101):
        at_us = START_US + sweep * 100_000
        ticks += [clock.ticks(77, at_us) for _ in range(2 + sweep % 2)]  # 25 frames a second in sweeps of 100 ms

    assert clock.standing_still
    assert ticks == sorted(ticks)
    assert abs(clock.utc_us(ticks[-1]) - (START_US + 10_000_000)) < 700_000
    late = [after - before for before, after in pairwise(ticks[100:])]
    assert min(late) > 0
    assert max(late) <= 9_000


def test_drift_is_followed_by_500_ppm_at_most() -> None:
    slow, fast = fed(25 * 120, ppm=-2000), fed(25 * 120, ppm=2000)

    before = slow.utc_us(0), fast.utc_us(0)
    slow.slew(60_000_000)
    fast.slew(60_000_000)

    assert 0 <= slow.utc_us(0) - before[0] < 5_000  # it was on time at the window's start ...
    moved = slow.utc_us(0)
    slow.ticks(25 * 120 * FRAME, START_US + 25 * 120 * 40_000 * 1000 // 998)
    slow.slew(60_000_000)
    assert slow.utc_us(0) - moved == 60 * SLEW_PPM  # ... until a window in which all was late
    assert fast.utc_us(0) - before[1] == -60 * SLEW_PPM


def test_sound_is_put_beside_the_picture_by_the_cameras_reports() -> None:
    video, audio = fed(50, first=1000), MediaClock(8000)
    for index in range(50):
        audio.ticks(5000 + index * 320, START_US + index * 40_000 + 250_000)  # sound arrives a quarter of a second late
    second = 1 << 32

    assert audio.align(
        SenderReport(ntp=100 * second, rtp=5000), video, SenderReport(ntp=101 * second, rtp=1000 + 90_000)
    )

    assert audio.utc_us(0) == video.utc_us(0)


def test_reports_that_make_no_sense_are_not_followed() -> None:
    video, audio = fed(50), MediaClock(8000)
    for index in range(50):
        audio.ticks(index * 320, START_US + index * 40_000)

    far = audio.align(SenderReport(ntp=0, rtp=0), video, SenderReport(ntp=1 << 40, rtp=0))
    strange = audio.align(SenderReport(ntp=0, rtp=1 << 31), video, SenderReport(ntp=0, rtp=0))

    assert not far
    assert not strange
    assert audio.utc_us(0) == START_US
