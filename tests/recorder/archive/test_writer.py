"""The writer: what it does when the disk refuses, is missing or fills up."""

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tawny.recorder.archive import ledger
from tawny.recorder.archive.checking import check
from tawny.recorder.archive.model import GapReason, Phase, Role, Segment, Timeline, VolumeState
from tawny.recorder.archive.paths import RECORDER, cameras, segment_path
from tawny.recorder.archive.ports import SegmentClosed
from tawny.recorder.archive.volume import MISSING, Trouble
from tawny.recorder.archive.volumes import IDENTITY
from tawny.wire.media import VIDEO_TRACK
from tests.recorder.archive.building import MAIN, NOON_US, OTHER, SECOND, SUB, all_files, audio, formats, small, video
from tests.recorder.archive.rig import Rig
from tests.wire.mp4.ffmpeg import probe

NO_SPACE = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def record(rig: Rig, seconds: range, *, start_us: int = NOON_US) -> None:
    for second in seconds:
        rig.writer.append(MAIN, small(second, start_us=start_us))
        rig.clock.wait(1)
    rig.writer.flush()


def trouble(rig: Rig) -> Trouble | None:
    return rig.writer.trouble


def complaints(rig: Rig) -> list[Phase]:
    return [rig.writer.complaint.phase] if rig.writer.complaint else []


def timeline(rig: Rig, *, seconds: int) -> Timeline:
    return rig.reader.timeline(MAIN.camera, from_us=NOON_US, to_us=NOON_US + seconds * SECOND, stream=MAIN.stream)


def test_a_file_becomes_an_open_row_then_a_ledger_entry_then_a_closed_row(rig: Rig) -> None:
    rig.writer.open_segment(MAIN, NOON_US, formats())
    record(rig, range(2))
    assert rig.index.open_segments() == []

    rig.cycle()
    assert [s.sequence for s in rig.index.open_segments()] == [1]

    rig.writer.close_segment(MAIN, NOON_US + 2 * SECOND)
    rig.cycle()
    assert rig.index.oldest(1) == []

    rig.cycle()
    closed = rig.index.oldest(1)[0]
    assert (closed.end_us, closed.fragments, closed.recovered) == (NOON_US + 2 * SECOND, 2, False)
    assert check(rig.data, hashes=True).faults == ()


def test_sound_and_video_lie_in_one_file_that_ffmpeg_reads(rig: Rig) -> None:
    rig.writer.open_segment(MAIN, NOON_US, formats())
    for second in range(2):
        rig.writer.append(MAIN, video(second))
        rig.writer.append(MAIN, audio(second))

    found = probe(segment_path(rig.data.archive, MAIN, NOON_US))

    assert [(s["codec_name"], s["nb_read_packets"]) for s in found["streams"]] == [("h264", "50"), ("pcm_alaw", "100")]
    assert float(found["format"]["duration"]) == pytest.approx(2.0)


def test_nothing_is_made_before_the_first_key_frame(rig: Rig) -> None:
    rig.writer.open_segment(MAIN, NOON_US, formats())

    rig.writer.append(MAIN, audio())
    rig.writer.append(MAIN, video(key=False))

    assert all_files(rig.data) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "full"), (errno.EROFS, "read-only"), (errno.EIO, "errors"), (errno.EBADF, "refuses")],
)
def test_a_disk_that_refuses_stops_recording_with_a_reason(rig: Rig, code: int, words: str) -> None:
    rig.writer.open_segment(MAIN, NOON_US, formats())
    record(rig, range(2))

    rig.files.refusal = OSError(code, "it said")
    record(rig, range(2, 4))

    found_trouble = trouble(rig)
    assert found_trouble is not None
    assert found_trouble.phase is Phase.FAILED
    assert words in found_trouble.title
    assert found_trouble.remedy
    found = timeline(rig, seconds=4)
    assert [(g.reason, g.title) for g in found.gaps] == [(GapReason.DISK, found_trouble.title)]
    assert [(s.from_us, s.to_us) for s in found.spans] == [(NOON_US, NOON_US + 2 * SECOND)]


def test_a_torn_fragment_is_cut_back_to_the_last_whole_one(rig: Rig) -> None:
    rig.writer.open_segment(MAIN, NOON_US, formats())
    record(rig, range(2))
    path = segment_path(rig.data.archive, MAIN, NOON_US)
    whole = path.stat().st_size

    rig.files.refusal = NO_SPACE
    record(rig, range(2, 3))

    assert path.stat().st_size == whole


def test_recording_goes_on_by_itself_when_the_disk_is_well_again(rig: Rig) -> None:
    rig.writer.open_segment(MAIN, NOON_US, formats())
    record(rig, range(2))
    rig.files.refusal = NO_SPACE
    record(rig, range(2, 4))

    rig.files.refusal = None
    rig.cycle(6)
    record(rig, range(10, 12))
    rig.cycle(3)

    assert trouble(rig) is None
    found = timeline(rig, seconds=12)
    assert [(s.from_us - NOON_US, s.to_us - NOON_US) for s in found.spans] == [
        (0, 2 * SECOND),
        (10 * SECOND, 12 * SECOND),
    ]
    assert [(g.reason, g.to_us - g.from_us) for g in found.gaps] == [(GapReason.DISK, 8 * SECOND)]
    resumed = rig.fragments()[MAIN, NOON_US + 10 * SECOND]
    assert [f.decode_time for f in resumed] == [0, 90_000]
    assert check(rig.data, hashes=True).faults == ()


def test_sound_that_begins_before_a_resumed_file_is_left_out(rig: Rig) -> None:
    rig.writer.open_segment(MAIN, NOON_US, formats())
    rig.writer.append(MAIN, small(3))

    rig.writer.append(MAIN, audio(2))
    rig.writer.append(MAIN, audio(4))

    found = rig.fragments()[MAIN, NOON_US + 3 * SECOND]
    assert [(f.track, f.decode_time) for f in found] == [(1, 0), (2, 8000)]


def test_a_torn_rest_that_the_disk_keeps_is_cut_when_it_is_well(rig: Rig) -> None:
    rig.writer.open_segment(MAIN, NOON_US, formats())
    record(rig, range(2))
    path = segment_path(rig.data.archive, MAIN, NOON_US)
    whole = path.stat().st_size

    rig.files.refusal = OSError(errno.EIO, "Input/output error")
    record(rig, range(2, 3))
    assert path.stat().st_size > whole

    rig.files.refusal = None
    rig.cycle(9)

    assert path.stat().st_size == whole
    assert check(rig.data, hashes=True).faults == ()


def test_a_disk_that_is_gone_or_another_one_is_not_written_to(rig: Rig) -> None:
    rig.writer.open_segment(MAIN, NOON_US, formats())
    record(rig, range(2))
    rig.writer.close_segment(MAIN, NOON_US + 2 * SECOND)
    rig.cycle(3)
    hidden = rig.data.root / "unplugged"
    rig.data.archive.rename(hidden)
    rig.data.archive.mkdir()

    rig.writer.open_segment(MAIN, NOON_US + 2 * SECOND, formats())
    record(rig, range(2), start_us=NOON_US + 2 * SECOND)
    rig.cycle(3)

    assert list(rig.data.archive.iterdir()) == []
    assert trouble(rig) == MISSING
    assert [g.reason for g in timeline(rig, seconds=4).gaps] == [GapReason.DISK]

    rig.data.archive.rmdir()
    hidden.rename(rig.data.archive)
    rig.cycle(6)
    record(rig, range(20, 22), start_us=NOON_US + 2 * SECOND)

    assert trouble(rig) is None
    assert len(all_files(rig.data)) == 2


def test_a_start_without_the_disk_recovers_when_it_is_back(rig: Rig) -> None:
    rig.writer.open_segment(MAIN, NOON_US, formats())
    record(rig, range(2))
    rig.cycle()
    rig.kill()
    hidden = rig.data.root / "unplugged"
    rig.data.archive.rename(hidden)
    rig.data.archive.mkdir()

    rig.start()
    assert trouble(rig) == MISSING
    assert (rig.data.archive / IDENTITY).exists() is False

    rig.data.archive.rmdir()
    hidden.rename(rig.data.archive)
    rig.cycle(7)

    assert trouble(rig) is None
    assert [s.fragments for s in rig.index.oldest(9)] == [2]
    assert [g.reason for g in timeline(rig, seconds=9).gaps] == [GapReason.RESTART]


def test_an_index_that_refuses_does_not_stop_recording(rig: Rig) -> None:
    rig.writer.open_segment(MAIN, NOON_US, formats())
    rig.index.refusal = OSError("database or disk is full")

    record(rig, range(3))
    rig.cycle(2)
    assert complaints(rig) == [Phase.RECORDING]

    rig.index.refusal = None
    rig.cycle(1)
    assert complaints(rig) == []
    assert len(rig.index.open_segments()) == 1
    assert len(rig.fragments()[MAIN, NOON_US]) == 3


def filled(tmp_path: Path, *, limit_bytes: int | None = None, floor_bytes: int = 0) -> Rig:
    """Three closed segments of three cameras, one after another, and one that is open."""
    rig = Rig(tmp_path, limit_bytes=limit_bytes, floor_bytes=floor_bytes)
    for at, key in enumerate((OTHER, MAIN, SUB)):
        start = NOON_US + at * 10 * SECOND
        rig.writer.open_segment(key, start, formats())
        rig.writer.append(key, small(start_us=start, size=1000))
        rig.writer.close_segment(key, start + SECOND)
    rig.writer.open_segment(MAIN, NOON_US + 40 * SECOND, formats())
    rig.writer.append(MAIN, small(start_us=NOON_US + 40 * SECOND, size=1000))
    rig.cycle(2)
    return rig


@pytest.mark.parametrize(
    "tight",
    [lambda path: filled(path, limit_bytes=7_000), lambda path: filled(path, floor_bytes=10**12 - 7_000)],
    ids=["size limit", "free space"],
)
def test_what_does_not_fit_goes_oldest_first_over_all_cameras(tight: Callable[[Path], Rig], tmp_path: Path) -> None:
    rig = tight(tmp_path)

    rig.cycle(4)

    assert [name.rsplit("/", 1)[1][:15] for name in all_files(rig.data)] == ["20261122T120020", "20261122T120040"]
    assert [s.key for s in rig.index.oldest(9)] == [SUB]
    assert not (rig.data.archive / OTHER.camera / "2026-11-22" / "12").exists()
    found = rig.reader.timeline(OTHER.camera, from_us=NOON_US, to_us=NOON_US + SECOND)
    assert [g.reason for g in found.gaps] == [GapReason.DELETED]
    assert check(rig.data).faults == ()


def test_the_open_segment_never_goes(tmp_path: Path) -> None:
    rig = filled(tmp_path, limit_bytes=1)

    rig.cycle(8)

    assert [name.rsplit("/", 1)[1][:15] for name in all_files(rig.data)] == ["20261122T120040"]


def test_what_lies_on_a_volume_that_is_only_looked_at_does_not_count_for_the_limit(tmp_path: Path) -> None:
    rig = Rig(tmp_path, volumes=2)
    first, second = rig.known
    for at in range(3):
        small_segment(rig, first.id, NOON_US + at * 60 * SECOND, size_bytes=1000)
    small_segment(rig, second.id, NOON_US - 60 * SECOND, size_bytes=10**9)
    rig.writer.remove(second.id)
    rig.syncing[second.id] = rig._syncing(replace(second, role=Role.READ_ONLY))
    rig.cycle(6)

    rig.retention.change(size_limit_bytes=10_000)
    rig.cycle(4)

    assert len(rig.index.oldest(9, volume=first.id)) == 3


def small_segment(rig: Rig, volume: str, start_us: int, *, size_bytes: int) -> None:
    """A closed segment of which only the index tells."""
    closed = Segment(
        key=MAIN,
        volume=volume,
        start_us=start_us,
        end_us=start_us + SECOND,
        size_bytes=size_bytes,
        fragments=1,
        sequence=1,
    )
    rig.index.apply([SegmentClosed(segment=closed, table=None, leaves=None)])


def test_a_disk_too_full_for_a_ledger_line_gives_up_its_reserve(tmp_path: Path) -> None:
    rig = filled(tmp_path)
    reserve = rig.data.archive / "reserve"
    assert reserve.exists()

    rig.files.full_while, rig.files.free_bytes = reserve, 13_500
    rig.retention.change(floor_bytes=2_000)
    rig.cycle(4)

    assert not reserve.exists()
    assert len(all_files(rig.data)) == 3

    rig.files.full_while, rig.files.free_bytes = None, 10**9
    rig.cycle()
    assert reserve.exists()


def test_the_current_group_is_read_back_from_the_file(rig: Rig) -> None:
    answers: list[tuple[bytes, int]] = []
    rig.writer.request_group(MAIN, lambda data, start: answers.append((data, start)))
    rig.writer.open_segment(MAIN, NOON_US, formats())
    rig.writer.append(MAIN, small(0))
    rig.writer.append(MAIN, small(1))
    rig.writer.append(MAIN, replace(small(2), key=False))
    rig.writer.append(MAIN, audio(2))

    rig.writer.request_group(MAIN, lambda data, start: answers.append((data, start)))

    file = segment_path(rig.data.archive, MAIN, NOON_US).read_bytes()
    second = rig.fragments()[MAIN, NOON_US][1]
    assert second.track == VIDEO_TRACK
    assert answers == [(b"", 0), (file[second.offset :], NOON_US)]


def test_a_name_that_is_taken_is_passed_by_a_microsecond(rig: Rig) -> None:
    for _ in range(2):  # the clock was set back
        rig.writer.open_segment(MAIN, NOON_US, formats())
        rig.writer.append(MAIN, small())
        rig.writer.close_segment(MAIN, NOON_US + SECOND)

    assert [name[-24:] for name in all_files(rig.data)] == ["T120000.000000Z-main.mp4", "T120000.000001Z-main.mp4"]


def test_a_clean_end_leaves_nothing_open_and_says_so(rig: Rig) -> None:
    rig.writer.open_segment(MAIN, NOON_US, formats())
    record(rig, range(2))
    rig.writer.gap(OTHER, NOON_US, GapReason.DISABLED, "The camera is disabled.")

    rig.stop()
    rig.clock.wait(60)
    rig.start()

    assert rig.index.open_segments() == []
    assert [s.recovered for s in rig.index.oldest(9)] == [False]
    assert {g.key: g.reason for g in rig.index.open_gaps()} == {MAIN: GapReason.RESTART, OTHER: GapReason.DISABLED}


def other(rig: Rig, volume: str) -> str:
    return next(known.id for known in rig.known if known.id != volume)


def where(rig: Rig) -> str:
    """The volume that the main stream is being written to."""
    segment = rig.writer._streams[MAIN].segment
    assert segment is not None
    return segment.volume


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_where_one_volume_refuses_a_stream_goes_on_on_another(code: int, tmp_path: Path) -> None:
    rig = Rig(tmp_path, volumes=2)
    rig.writer.open_segment(MAIN, NOON_US, formats())
    record(rig, range(2))
    first = where(rig)
    rig.files.sick = next(known.path for known in rig.known if known.id == first)

    rig.files.refusal = OSError(code, "it said")
    record(rig, range(2, 6))

    assert where(rig) == other(rig, first)
    assert trouble(rig) is None
    sick = rig.writer.upkeep(first)
    assert sick is not None
    assert [fault.what for fault in sick.status().faults] == [sick.status().title]
    assert [(g.reason, g.to_us - g.from_us) for g in timeline(rig, seconds=6).gaps] == [(GapReason.DISK, SECOND)]

    rig.files.refusal = None
    rig.cycle(9)
    assert sick.id in {upkeep.id for upkeep in rig.writer.upkeeps() if upkeep.writable}
    assert check(rig.data, hashes=True).faults == ()


def test_a_stream_leaves_a_slow_volume_at_its_next_key_frame_without_a_hole(tmp_path: Path) -> None:
    rig = Rig(tmp_path, volumes=2)
    rig.writer.open_segment(MAIN, NOON_US, formats())
    record(rig, range(2))
    first = where(rig)
    slow = rig.writer.upkeep(first)
    assert slow is not None

    slow.slowness.syncing(9.0, now=rig.clock.monotonic())
    rig.writer.append(MAIN, replace(small(2), key=False))
    assert where(rig) == first
    record(rig, range(3, 5))

    assert where(rig) == other(rig, first)
    assert slow.status().state is VolumeState.SLOW
    assert timeline(rig, seconds=5).gaps == ()


def test_a_slow_volume_is_better_than_none(rig: Rig) -> None:
    rig.writer.open_segment(MAIN, NOON_US, formats())
    rig.writer.upkeeps()[0].slowness.syncing(9.0, now=rig.clock.monotonic())

    record(rig, range(3))

    assert timeline(rig, seconds=3).gaps == ()


def test_what_only_a_lost_volume_was_told_is_told_to_another(tmp_path: Path) -> None:
    rig = Rig(tmp_path, volumes=2)
    rig.writer.gap(MAIN, NOON_US, GapReason.CAMERA_LOST, "The camera does not answer.")
    first = rig.known[0]

    rig.hang(first)

    told = {
        known.id: [e["kind"] for e in ledger.day_entries(known.path, MAIN.camera, "2026-11-22")] for known in rig.known
    }
    assert told == {known.id: ["gap"] for known in rig.known}


def test_the_recorders_own_entries_lie_beside_the_cameras(rig: Rig) -> None:
    rig.writer.note(RECORDER, NOON_US, {"id": "led_1", "utc": ledger.moment(NOON_US), "kind": "clock"})

    assert [e["kind"] for e in ledger.day_entries(rig.data.archive, RECORDER, "2026-11-22")] == ["clock"]
    assert cameras(rig.data.archive) == []
