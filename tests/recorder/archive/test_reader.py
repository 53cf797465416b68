"""Reading the archive as another process does."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tawny.recorder.archive.model import GapReason
from tawny.recorder.archive.reader import ArchiveReader
from tawny.runtime.data_directory import DataDirectory
from tawny.wire.media import StreamName
from tawny.wire.mp4.movie import plan_movie
from tests.recorder.archive.building import MAIN, NOON_US, SECOND, SUB, audio, formats, small, video
from tests.recorder.archive.rig import Rig
from tests.wire.mp4.ffmpeg import probe


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    """A minute with a closed segment of 3 s, a hole, and one open segment of 2 s; neither row is there yet."""
    rig = Rig(tmp_path)
    rig.writer.open_segment(MAIN, NOON_US, formats())
    for second in range(3):
        rig.writer.append(MAIN, video(second))
        rig.writer.append(MAIN, audio(second))
    rig.writer.close_segment(MAIN, NOON_US + 3 * SECOND)
    rig.writer.gap(MAIN, NOON_US + 3 * SECOND, GapReason.CAMERA_LOST, "The camera does not answer.")
    rig.writer.open_segment(MAIN, NOON_US + 8 * SECOND, formats())
    for second in range(2):
        rig.writer.append(MAIN, video(second, start_us=NOON_US + 8 * SECOND))
    rig.writer.flush()
    return rig


def spans(rig: Rig, *, to: int = 10) -> list[tuple[float, float]]:
    found = rig.reader.timeline(MAIN.camera, from_us=NOON_US, to_us=NOON_US + to * SECOND)
    return [((s.from_us - NOON_US) / SECOND, (s.to_us - NOON_US) / SECOND) for s in found.spans]


def test_footage_is_seen_whether_it_has_its_row_or_not(rig: Rig) -> None:
    for _ in range(3):
        assert spans(rig) == [(0, 3), (8, 10)]
        rig.cycle()


def test_a_lasting_gap_reaches_to_the_end_of_what_is_asked(rig: Rig) -> None:
    rig.writer.gap(MAIN, NOON_US + 10 * SECOND, GapReason.DISABLED, "The camera is disabled.")
    rig.writer.flush()

    found = rig.reader.timeline(MAIN.camera, from_us=NOON_US, to_us=NOON_US + 99 * SECOND, now_us=NOON_US + 50 * SECOND)

    assert [(g.reason, (g.to_us - NOON_US) / SECOND) for g in found.gaps] == [
        (GapReason.CAMERA_LOST, 8),
        (GapReason.DISABLED, 50),
    ]


def test_a_camera_that_nobody_knows_has_one_gap(rig: Rig) -> None:
    found = rig.reader.timeline("cam_none", from_us=0, to_us=10 * SECOND, added_us=10 * SECOND)

    assert [g.reason for g in found.gaps] == [GapReason.NOT_ADDED]


def test_all_streams_together_cover_what_each_covers(rig: Rig) -> None:
    rig.writer.open_segment(SUB, NOON_US + 2 * SECOND, formats())
    for second in range(5):
        rig.writer.append(SUB, small(second, start_us=NOON_US + 2 * SECOND))

    assert spans(rig) == [(0, 7), (8, 10)]


@pytest.mark.parametrize("cycles", [0, 1, 3])
def test_segments_and_their_fragments_are_found_by_time(rig: Rig, cycles: int) -> None:
    rig.cycle(cycles)

    def starts(from_s: int, to_s: int) -> list[int]:
        found = rig.reader.segments(
            MAIN.camera, MAIN.stream, from_us=NOON_US + from_s * SECOND, to_us=NOON_US + to_s * SECOND
        )
        return [(s.start_us - NOON_US) // SECOND for s in found]

    assert starts(0, 100) == [0, 8]
    assert starts(0, 8) == [0]
    assert 8 in starts(8, 9)
    first, second = rig.reader.segments(MAIN.camera, MAIN.stream, from_us=NOON_US, to_us=NOON_US + 100 * SECOND)
    assert [f.track for f in rig.reader.fragments(first)] == [1, 2] * 3
    assert [f.decode_time for f in rig.reader.fragments(second)] == [0, 90_000]


@pytest.mark.parametrize("cycles", [0, 1, 3])
def test_playback_finds_the_segment_at_a_moment_or_the_next_one(rig: Rig, cycles: int) -> None:
    rig.cycle(cycles)

    def start_from(second: float) -> int | None:
        found = rig.reader.segment_from(MAIN, NOON_US + int(second * SECOND))
        return None if found is None else (found.start_us - NOON_US) // SECOND

    assert [start_from(at) for at in (-5, 0, 2.9, 3, 7, 8, 9.9, 10)] == [0, 0, 0, 8, 8, 8, 8, None]
    first = rig.reader.segment_from(MAIN, NOON_US)
    assert first is not None
    after = rig.reader.segment_after(MAIN, first.start_us)
    assert after is not None
    assert rig.reader.segment_after(MAIN, after.start_us) is None


def test_a_closed_segments_table_says_what_its_file_says(rig: Rig) -> None:
    rig.writer.close_segment(MAIN, NOON_US + 10 * SECOND)
    before = rig.fragments()

    rig.cycle(3)

    assert rig.fragments() == before
    assert all(s.end_us for s in rig.reader.segments(MAIN.camera, MAIN.stream, from_us=0, to_us=2**60))


def test_a_movie_is_made_of_segments(rig: Rig, tmp_path: Path) -> None:
    rig.cycle(3)
    segments = rig.reader.segments(MAIN.camera, MAIN.stream, from_us=NOON_US, to_us=NOON_US + 100 * SECOND)

    movie = plan_movie([rig.reader.movie_part(s, rig.reader.fragments(s)) for s in segments])

    file = tmp_path / "movie.mp4"
    pieces = (p.data or Path(p.source).read_bytes()[p.offset : p.offset + p.size] for p in movie.pieces)
    file.write_bytes(b"".join(pieces))
    assert float(probe(file)["format"]["duration"]) == pytest.approx(10.0)


def test_days_with_video_are_those_of_the_persons_zone(rig: Rig) -> None:
    rig.cycle(3)

    def days(zone: str) -> list[date]:
        return rig.reader.days(
            MAIN.camera, from_us=NOON_US - 86_400 * SECOND, to_us=NOON_US + 60 * SECOND, zone=ZoneInfo(zone)
        )

    assert days("UTC") == [date(2026, 11, 22)]
    assert days("Pacific/Auckland") == [date(2026, 11, 23)]


def test_the_oldest_footage_is_known_before_its_segment_is_closed(rig: Rig) -> None:
    assert rig.reader.summary().oldest_us is None

    rig.cycle(1)

    found = rig.reader.summary()
    assert (found.oldest_us, found.segments) == (NOON_US, 0)


def test_the_summary_counts_closed_segments(rig: Rig) -> None:
    rig.cycle(3)

    found = rig.reader.summary()
    assert (found.oldest_us, found.segments) == (NOON_US, 1)
    assert found.size_bytes > 10_000


def test_without_an_index_the_archive_reads_as_empty_until_there_is_one(tmp_path: Path) -> None:
    data = DataDirectory(root=tmp_path / "0")
    reader = ArchiveReader(data)
    assert reader.summary().segments == 0
    assert reader.segments("cam_gate", StreamName.MAIN, from_us=0, to_us=1) == []

    rig = Rig(tmp_path)
    rig.writer.open_segment(MAIN, NOON_US, formats())
    rig.writer.append(MAIN, video())
    rig.writer.close_segment(MAIN, NOON_US + SECOND)
    rig.cycle(3)

    assert reader.summary().segments == 1


def test_an_index_that_is_replaced_is_opened_again(rig: Rig) -> None:
    rig.cycle(3)
    reader = ArchiveReader(rig.data)
    assert reader.summary().segments == 1
    rig.index.close()
    for path in rig.data.root.glob("index.db*"):
        path.unlink()

    rig.start()

    assert reader.summary().segments == 2


def test_a_table_that_is_damaged_is_refused_not_believed(rig: Rig) -> None:
    rig.cycle(3)
    segment = rig.reader.segments(MAIN.camera, MAIN.stream, from_us=NOON_US, to_us=NOON_US + SECOND)[0]
    rig.index._sql.execute("UPDATE tables SET fragments = x'0102'")

    with pytest.raises(ValueError, match="damaged"):
        rig.reader.fragments(segment)


def test_what_is_on_a_drive_that_is_not_there_is_a_gap_until_it_is_back(tmp_path: Path) -> None:
    rig = Rig(tmp_path, volumes=2)
    for at in range(6):
        rig.writer.open_segment(MAIN, NOON_US + at * 2 * SECOND, formats())
        for second in range(2):
            rig.writer.append(MAIN, small(second, start_us=NOON_US + (at * 2 + second) * SECOND))
        rig.writer.close_segment(MAIN, NOON_US + (at * 2 + 2) * SECOND)
        rig.cycle(3)
    drive = rig.known[1].path
    on_it = sorted(s.start_us for s in rig.index.oldest(9, volume=rig.known[1].id))
    assert 0 < len(on_it) < 6
    assert spans(rig, to=12) == [(0, 12)]

    drive.rename(tmp_path / "pulled")
    rig.cycle(12)

    found = rig.reader.timeline(MAIN.camera, from_us=NOON_US, to_us=NOON_US + 12 * SECOND)
    assert {(g.reason, g.title) for g in found.gaps} == {
        (GapReason.DISK, "The drive with this footage is not connected.")
    }
    assert sum(g.to_us - g.from_us for g in found.gaps) == len(on_it) * 2 * SECOND

    (tmp_path / "pulled").rename(drive)
    rig.cycle(12)
    assert spans(rig, to=12) == [(0, 12)]
