from collections.abc import Mapping

import pytest

from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.decode_order import DecodeOrder, Sample
from tawny.recorder.ingest.fragments import FRAGMENT_SAMPLES, Cutter
from tawny.recorder.ingest.timing import MediaClock
from tawny.wire.h26x import video_format
from tawny.wire.media import (
    AUDIO_TRACK,
    METADATA_TRACK,
    VIDEO_TRACK,
    AudioCodec,
    AudioFormat,
    MetadataFormat,
    StreamName,
    TrackFormat,
    VideoCodec,
)
from tests.fakes.recording import FakeRecording
from tests.fakes.rtp import LARGE_SPS, PPS, SPS

KEY = StreamKey(camera="cam_a", stream=StreamName.MAIN)
START_US = 1_800_000_000_000_000
FRAME = 3600
SMALL = video_format(VideoCodec.H264, (SPS, PPS))
LARGE = video_format(VideoCodec.H264, (LARGE_SPS, PPS))
SOUND = AudioFormat(codec=AudioCodec.PCMA, sample_rate=8000, channels=1)


class Rig:
    """A cutter, its clocks as after a settled start, and a recording that asserts the port's promises."""

    def __init__(self, *, formats: Mapping[int, TrackFormat] | None = None, not_before_us: int = 0) -> None:
        self.recording = FakeRecording()
        self.drift_us = 0
        self.video, self.audio = MediaClock(90_000), MediaClock(8000)
        self.video.ticks(0, START_US)
        self.audio.ticks(0, START_US)
        self.cutter = Cutter(
            KEY,
            self.recording,
            video_clock=self.video,
            audio_clock=self.audio,
            not_before_us=not_before_us,
            around=self,
        )
        self.cutter.set_formats(formats or {VIDEO_TRACK: SMALL, AUDIO_TRACK: SOUND, METADATA_TRACK: MetadataFormat()})

    def segment_ends(self, elapsed_us: int) -> None:
        self.video._offset_us += self.drift_us

    def pictures(self, count: int, *, group: int = 50, first: int = 0, size: int = 10) -> None:
        for index in range(first, first + count):
            data = index.to_bytes(size, "big")
            self.cutter.video(Sample(index * FRAME, 0, data, key=index % group == 0))

    @property
    def segments(self) -> list[tuple[int, int | None]]:
        return [(s.start_us - START_US, s.end_us and s.end_us - START_US) for s in self.recording.segments[KEY]]


def test_fragments_hold_less_than_a_second_and_begin_at_key_frames() -> None:
    rig = Rig()

    rig.pictures(120, group=40)
    rig.cutter.finish()

    (segment,) = rig.recording.segments[KEY]
    assert [(f.key, len(f.frames)) for f in segment.video] == [(True, 17), (False, 17), (False, 6)] * 3
    assert rig.recording.frames(KEY) == [index.to_bytes(10, "big") for index in range(120)]


def test_a_key_frame_every_ten_seconds_makes_fragments_in_between() -> None:
    rig = Rig()

    rig.pictures(500, group=250)
    rig.cutter.finish()

    (segment,) = rig.recording.segments[KEY]
    assert [len(f.frames) for f in segment.video] == ([17] * 14 + [12]) * 2
    assert [f.key for f in segment.video] == ([True] + [False] * 14) * 2


def test_key_frames_all_the_time_do_not_make_a_fragment_each() -> None:
    rig = Rig()

    rig.pictures(100, group=1)
    rig.cutter.finish()

    (segment,) = rig.recording.segments[KEY]
    assert [len(f.frames) for f in segment.video] == [13] * 7 + [9]


def test_durations_are_exact_where_the_camera_stutters() -> None:
    rig = Rig()
    times = [0, 3000, 9000, 9001, 60_000, 95_000, 96_000]

    for index, time in enumerate(times):
        rig.cutter.video(Sample(time, 0, b"x", key=index == 0))
    rig.cutter.finish()

    (segment,) = rig.recording.segments[KEY]
    assert [d for f in segment.video for d in f.durations] == [3000, 6000, 1, 50_999, 35_000, 1000, 1000]


def test_nothing_is_stored_before_the_first_key_frame() -> None:
    rig = Rig()

    rig.pictures(60, first=10)
    rig.cutter.finish()

    assert rig.segments == [(2_000_000, 2_800_000)]


def test_a_segment_ends_after_a_minute_where_the_next_begins() -> None:
    rig = Rig()

    rig.pictures(25 * 130)
    rig.cutter.finish()

    assert rig.segments == [(0, 60_000_000), (60_000_000, 120_000_000), (120_000_000, 130_000_000)]
    assert len(rig.recording.frames(KEY)) == 25 * 130


def test_a_segment_ends_at_48_megabytes() -> None:
    rig = Rig()

    rig.pictures(25 * 30, size=100_000)
    rig.cutter.finish()

    assert [end for _, end in rig.segments] == [22_000_000, 30_000_000]


@pytest.mark.parametrize("drift_us", [20_000, -20_000, 900_000, -900_000])
def test_drift_is_taken_up_by_the_last_picture_and_leaves_no_hole(drift_us: int) -> None:
    rig = Rig()
    rig.drift_us = drift_us

    rig.pictures(25 * 70)
    rig.cutter.finish()

    first, second = rig.recording.segments[KEY]
    expected = max(min(drift_us, 30_000), -20_000)  # 500 ppm of a minute; at most half of a picture's time
    assert second.start_us == START_US + 60_000_000 + expected
    assert rig.recording.seams_us(KEY) == [0]
    assert second.ticks() == 10 * 90_000
    assert first.video[-1].durations[-1] == FRAME + expected * 9 // 100


def test_a_new_format_begins_a_segment() -> None:
    rig = Rig()
    rig.pictures(50)
    rig.cutter.set_formats({VIDEO_TRACK: LARGE})

    rig.pictures(50, first=50)
    rig.cutter.finish()

    assert [s.format.width for s in rig.recording.segments[KEY]] == [638, 1920]
    assert rig.recording.seams_us(KEY) == [0]


def test_footage_never_begins_before_the_end_of_earlier_footage() -> None:
    rig = Rig(not_before_us=START_US + 5_000_000)

    rig.pictures(50)
    rig.cutter.finish()

    assert rig.segments == [(5_000_000, 7_000_000)]


def test_b_frames_are_parted_only_where_all_before_is_shown_before_all_after() -> None:
    rig = Rig()
    order = DecodeOrder()
    shown = [t for start in range(0, 96, 3) for t in (start + 3, start + 1, start + 2)]
    shown = [0, *shown]
    order.learn(time * FRAME for time in shown)

    for index, time in enumerate(shown):
        for sample in order.put(time * FRAME, time.to_bytes(2, "big"), key=index == 0):
            rig.cutter.video(sample)
    for sample in order.flush():
        rig.cutter.video(sample)
    rig.cutter.finish()

    (segment,) = rig.recording.segments[KEY]
    latest = -1
    for fragment in segment.video:
        times = [int.from_bytes(frame, "big") for frame in fragment.frames]
        assert min(times) > latest
        latest = max(times)
        assert fragment.shifts is not None
        assert sum(fragment.durations) <= 90_000
        decode = fragment.decode_time
        for time, duration, shift in zip(times, fragment.durations, fragment.shifts, strict=True):
            assert decode + shift == time * FRAME
            decode += duration
    assert latest == 96


def test_sound_lies_beside_the_picture_in_fragments_as_long() -> None:
    rig = Rig()

    for index in range(250):
        rig.pictures(1, first=index)
        rig.cutter.audio(index * 320, 320, bytes(320))
    rig.cutter.finish()

    (segment,) = rig.recording.segments[KEY]
    sound = segment.of(AUDIO_TRACK)
    assert [f.decode_time for f in sound] == [index * 5440 for index in range(15)]
    assert sum(len(f.frames) for f in sound) == 250


def test_what_is_not_stored_yet_goes_on_where_the_stored_fragments_end() -> None:
    rig = Rig()

    for index in range(25 * 63):
        rig.pictures(1, first=index)
        if index >= 15:
            rig.cutter.audio((index - 15) * 320, 320, b"%d" % (index - 15))

        for track, taken in ((VIDEO_TRACK, index + 1), (AUDIO_TRACK, index - 14)):
            waiting = [unit for unit in rig.cutter.unstored() if unit.track == track]
            assert len(rig.recording.frames(KEY, track)) + len(waiting) == max(taken, 0)
            assert [unit.utc_us - START_US for unit in waiting] == [
                number * 40_000 for number in range(taken - len(waiting), taken)
            ]
            assert {unit.duration for unit in waiting} <= {FRAME if track == VIDEO_TRACK else 320}


def test_sound_that_comes_late_still_goes_into_the_segment_that_it_belongs_to() -> None:
    rig = Rig()

    for index in range(25 * 65):
        rig.pictures(1, first=index)
        if index >= 15:  # 600 ms behind the picture
            rig.cutter.audio((index - 15) * 320, 320, b"%d" % (index - 15))
    rig.cutter.finish()

    first, second = rig.recording.segments[KEY]
    assert first.ticks(AUDIO_TRACK) == 60 * 8000
    assert second.of(AUDIO_TRACK)[0].decode_time == 0
    assert second.of(AUDIO_TRACK)[0].frames[0] == b"1500"


def test_sound_before_the_first_picture_is_left_out_and_a_hole_in_it_stays_one() -> None:
    rig = Rig()
    assert rig.cutter.audio(0, 320, b"") is None
    rig.pictures(60)

    rig.cutter.audio(0, 320, b"a")
    rig.cutter.audio(16_000, 320, b"b")
    rig.cutter.finish()

    (segment,) = rig.recording.segments[KEY]
    assert [(f.decode_time, f.frames) for f in segment.of(AUDIO_TRACK)] == [(0, [b"a"]), (16_000, [b"b"])]


def test_documents_are_stored_with_the_pictures_of_their_time_and_late_ones_with_the_next() -> None:
    rig = Rig()

    for index in range(25 * 65):
        rig.pictures(1, first=index)
        if index >= 15:  # 600 ms behind the picture
            rig.cutter.document(START_US + (index - 15) * 40_000, b"%d" % (index - 15))
    rig.cutter.finish()

    first, second = rig.recording.segments[KEY]
    assert rig.recording.frames(KEY, METADATA_TRACK) == [b"%d" % index for index in range(25 * 65 - 15)]
    times = [f.decode_time + sum(f.durations[:at]) for f in first.of(METADATA_TRACK) for at in range(len(f.frames))]
    assert times == [index * FRAME for index in range(len(times))]
    assert second.of(METADATA_TRACK)[0].decode_time == 0


def test_documents_of_one_moment_keep_their_order_and_more_than_there_is_room_for_are_left_out() -> None:
    rig = Rig()
    assert rig.cutter.document(START_US, b"before the first picture") is None
    rig.pictures(5)

    taken = [rig.cutter.document(START_US, b"%d" % number) for number in range(FRAGMENT_SAMPLES + 5)]
    rig.pictures(20, first=5)
    large = [rig.cutter.document(START_US + 1_000_000, bytes(1 << 20)) for _ in range(5)]
    rig.cutter.finish()

    assert taken == [START_US] * FRAGMENT_SAMPLES + [None] * 5
    assert large.count(None) == 1
    stored = rig.recording.frames(KEY, METADATA_TRACK)
    assert stored[:FRAGMENT_SAMPLES] == [b"%d" % number for number in range(FRAGMENT_SAMPLES)]
    assert len(stored) == FRAGMENT_SAMPLES + 4


def test_a_sealed_segment_ends_at_the_next_key_frame_and_the_one_after_it_is_as_long_as_ever() -> None:
    rig = Rig()
    rig.pictures(60)

    rig.cutter.seal()
    rig.pictures(3200, first=60)
    rig.cutter.finish()

    starts = [start for start, _ in rig.segments]
    assert starts == [0, 4_000_000, 64_000_000, 124_000_000]


def test_sealing_before_the_first_picture_changes_nothing() -> None:
    rig = Rig()

    rig.cutter.seal()
    rig.pictures(120)
    rig.cutter.finish()

    assert rig.segments == [(0, 4_800_000)]
