"""The index in SQLite."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.adapters.sqlite_index import SqliteIndex
from tawny.recorder.archive.model import GapReason, Gone, NamedGap, Segment, StreamKey
from tawny.recorder.archive.ports import (
    Alive,
    Change,
    DeletionMarked,
    FootageGone,
    GapRecorded,
    SegmentClosed,
    SegmentForgotten,
    SegmentOpened,
    VolumeForgotten,
    VolumeRead,
)
from tawny.recorder.archive.schema import FOOTAGE, SEGMENT_COLUMNS, SEGMENTS
from tests.recorder.archive.building import MAIN, OTHER, SECOND, SUB, VOLUME


def closed(start: int, end: int, *, key: StreamKey = MAIN, volume: str = VOLUME) -> SegmentClosed:
    segment = Segment(
        key=key,
        volume=volume,
        start_us=start * SECOND,
        end_us=end * SECOND,
        size_bytes=100,
        fragments=1,
        sequence=start + 1,
        root=b"r",
    )
    return SegmentClosed(segment=segment, table=b"table", leaves=b"leaves")


def spans(index: SqliteIndex, what: str = FOOTAGE) -> list[tuple[int, int]]:
    rows = index._sql.execute("SELECT start_us, end_us FROM spans WHERE what = ? ORDER BY start_us", (what,)).fetchall()
    return [(start // SECOND, end // SECOND) for start, end in rows]


@pytest.fixture
def index(tmp_path: Path) -> SqliteIndex:
    return SqliteIndex(tmp_path / "index.db")


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=12, unique_by=lambda r: r[0]), st.data())
def test_spans_are_what_the_segments_cover(ranges: list[tuple[int, int]], data: st.DataObject) -> None:
    with SqliteIndex(Path(":memory:")) as index:
        index.apply([closed(start, start + length) for start, length in ranges])
        gone = data.draw(st.sets(st.sampled_from(ranges))) if ranges else set()
        # deleting takes the segment's time out of the spans, as far as nothing else is there
        apart = [r for r in gone if not any(o is not r and o[0] < r[0] + r[1] and r[0] < o[0] + o[1] for o in ranges)]
        index.apply([SegmentForgotten(segment=closed(a, a + n).segment, deleted=True) for a, n in apart])

        covered = {
            second
            for start, length in ranges
            if (start, length) not in apart
            for second in range(start, start + length)
        }
        assert {second for start, end in spans(index) for second in range(start, end)} == covered
        assert all(one[1] < other[0] for one, other in zip(spans(index), spans(index)[1:], strict=False)) or apart


def test_a_change_applied_twice_changes_nothing(index: SqliteIndex) -> None:
    gap = NamedGap(id="gap_1", key=MAIN, start_us=5, end_us=None, reason=GapReason.DISK, title="Full.")
    changes: list[Change] = [
        SegmentOpened(segment=replace(closed(0, 9).segment, end_us=None, size_bytes=0)),
        closed(0, 9),
        GapRecorded(gap=gap),
        FootageGone(key=SUB, start_us=1, end_us=7, why=Gone.DELETED, sequence=3),
        Alive(utc_us=5, unsynced_s=0.5),
    ]
    index.apply(changes)
    before = (index.streams(), index.oldest(9), index.open_gaps(), spans(index))

    index.apply(changes)

    assert (index.streams(), index.oldest(9), index.open_gaps(), spans(index)) == before
    assert [(s.key, s.size_bytes, s.segments) for s in index.streams()] == [(MAIN, 100, 1), (SUB, 0, 0)]


def test_what_leaves_with_a_volume_ends_at_holes_and_is_told_with_what_was_gone(index: SqliteIndex) -> None:
    there = [closed(start, start + 5, volume=VOLUME if start % 2 else "vol_other") for start in (0, 5, 10, 20, 25, 40)]
    deleted = FootageGone(key=MAIN, start_us=35 * SECOND, end_us=38 * SECOND, why=Gone.DELETED, sequence=7)
    index.apply([*there, deleted])

    found = index.leaving("vol_other", Gone.ERASED)

    assert [(one.why, one.start_us // SECOND, one.end_us // SECOND) for one in found] == [
        (Gone.DELETED, 35, 38),
        (Gone.ERASED, 0, 15),  # what lies between is on the other volume, and hides it
        (Gone.ERASED, 20, 25),
        (Gone.ERASED, 40, 45),
    ]
    assert {(one.key, one.sequence) for one in found} == {(MAIN, 41)}
    assert index.leaving("vol_none", Gone.ERASED) == found[:1]


def test_changes_are_applied_together_or_not_at_all(index: SqliteIndex) -> None:
    broken = SegmentClosed(segment=replace(closed(5, 6).segment, sequence=2**70), table=None, leaves=None)

    with pytest.raises(OverflowError):
        index.apply([closed(0, 5), broken])

    assert index.oldest(9) == []


def test_a_marked_segment_is_chosen_no_more_and_counts_until_it_is_gone(index: SqliteIndex) -> None:
    index.apply([closed(0, 5), closed(5, 9), DeletionMarked(segment=closed(0, 5).segment)])

    assert [s.start_us for s in index.oldest(9)] == [5 * SECOND]
    assert [s.start_us for s in index.marked_segments()] == [0]
    assert index.streams()[0].segments == 2

    index.apply([SegmentForgotten(segment=closed(0, 5).segment, deleted=True)])
    assert index.streams()[0].segments == 1
    assert spans(index) == [(5, 9)]
    assert spans(index, Gone.DELETED) == [(0, 5)]


@given(st.permutations([(0, 5), (5, 9), (20, 22), (9, 11), (30, 31)]))
def test_what_is_gone_is_the_same_in_whatever_order_it_went(went: list[tuple[int, int]]) -> None:
    with SqliteIndex(Path(":memory:")) as index:
        index.apply([closed(start, end) for start, end in sorted(went)])

        index.apply([SegmentForgotten(segment=closed(start, end).segment, deleted=True) for start, end in went[1:]])
        index.apply(
            [
                FootageGone(key=MAIN, start_us=a * SECOND, end_us=b * SECOND, why=Gone.DELETED, sequence=1)
                for a, b in went
            ]
        )

        assert spans(index, Gone.DELETED) == [(0, 11), (20, 22), (30, 31)]
        assert spans(index) == [went[0]]


def test_what_was_there_is_there_when_it_is_opened_again(tmp_path: Path, index: SqliteIndex) -> None:
    index.apply([closed(0, 5), Alive(utc_us=77, unsynced_s=0)])
    index.close()

    with SqliteIndex(tmp_path / "index.db") as again:
        assert len(again.oldest(9)) == 1
        assert again.alive_us() == 77
        assert again.starts_since(MAIN, 0) == {0}
        assert again.starts_since(MAIN, 1) == set()


@pytest.mark.parametrize("content", [b"no database" * 1000, b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_no_index_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    path.write_bytes(content)

    with pytest.raises(ValueError, match="damaged"):
        SqliteIndex(path)


def test_an_index_of_another_version_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "index.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(ValueError, match="99"):
        SqliteIndex(tmp_path / "index.db")


def test_an_index_where_nothing_can_be_made_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="index"):
        SqliteIndex(tmp_path / "nowhere" / "index.db")


def starts(segments: list[Segment]) -> list[int]:
    return [segment.start_us // SECOND for segment in segments]


def test_the_oldest_are_found_by_volume_camera_and_moment(index: SqliteIndex) -> None:
    index.apply(
        [
            closed(0, 5, volume="vol_a"),
            closed(5, 10, volume="vol_b"),
            closed(1, 6, key=SUB, volume="vol_b"),
            closed(2, 7, key=OTHER, volume="vol_a"),
            closed(10, 15, volume="vol_a"),
        ]
    )

    assert starts(index.oldest(9)) == [0, 1, 2, 5, 10]
    assert starts(index.oldest(2)) == [0, 1]
    assert starts(index.oldest(9, volume="vol_a")) == [0, 2, 10]
    assert starts(index.oldest(9, camera=MAIN.camera)) == [0, 1, 5, 10]
    assert starts(index.oldest(9, camera=MAIN.camera, volume="vol_b")) == [1, 5]
    assert starts(index.oldest(9, volume="vol_a", since_us=2 * SECOND)) == [2, 10]
    assert index.oldest(9, volume="vol_none") == index.oldest(9, camera="cam_none") == []
    assert index.newest_starts("vol_a") == {MAIN.camera: 10 * SECOND, OTHER.camera: 2 * SECOND}


def test_bytes_are_counted_of_what_has_footage_of_a_range(index: SqliteIndex) -> None:
    index.apply([closed(0, 5), closed(5, 10, volume="vol_b"), closed(10, 15), closed(0, 5, key=OTHER)])

    assert index.size(from_us=0, to_us=60 * SECOND) == 400
    assert index.size(from_us=4 * SECOND, to_us=6 * SECOND, camera=MAIN.camera) == 200
    assert index.size(from_us=5 * SECOND, to_us=10 * SECOND) == 100
    assert index.size(from_us=0, to_us=60 * SECOND, volume="vol_b") == 100
    assert index.volume_sizes() == {VOLUME: 300, "vol_b": 100}


def test_a_volume_is_forgotten_bit_by_bit_with_its_footage(index: SqliteIndex) -> None:
    index.apply([closed(at, at + 1, volume="vol_a") for at in range(5)])
    index.apply([closed(5, 6), VolumeRead(volume="vol_a")])
    assert (index.knows("vol_a"), index.knows(VOLUME)) == (True, False)

    index.apply([VolumeForgotten(volume="vol_a", number=3)])
    assert index.volume_sizes() == {"vol_a": 200, VOLUME: 100}

    index.apply([VolumeForgotten(volume="vol_a", number=3)])
    assert index.volume_sizes() == {VOLUME: 100}
    assert starts(index.oldest(9)) == [5]
    assert spans(index) == [(5, 6)]
    assert not index.knows("vol_a")


def test_no_row_is_looked_at_in_vain_for_the_oldest(index: SqliteIndex) -> None:
    index.apply([closed(0, 5)])

    for stream in ("", "stream_id = 1 AND "):
        query = f"SELECT {SEGMENT_COLUMNS} FROM {SEGMENTS} WHERE {stream}volume_number = 1 AND state = 1 AND start_us >= 0 ORDER BY start_us"
        plan = " ".join(row[3] for row in index._sql.execute(f"EXPLAIN QUERY PLAN {query}"))

        assert "SEARCH segments USING INDEX segments_by_" in plan
        assert "TEMP B-TREE" not in plan
