"""The index made again is the index that was."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tawny.recorder.archive.checking import check
from tawny.recorder.archive.commands import main
from tawny.recorder.archive.model import GapReason, Segment, StreamKey, Timeline
from tawny.recorder.archive.rebuild import reindex
from tawny.recorder.archive.retention import Kept
from tawny.runtime.problem import Kind, Problem
from tests.recorder.archive.building import MAIN, NOON_US, OTHER, SECOND, SUB, formats, small
from tests.recorder.archive.rig import Rig


def lived(directory: Path, *, volumes: int = 1) -> Rig:
    """Segments, gaps, a kill and deletions."""
    rig = Rig(directory, limit_bytes=20_000, volumes=volumes)
    for at in range(12):
        for key in (MAIN, SUB, OTHER):
            start = NOON_US + at * 10 * SECOND
            rig.writer.open_segment(key, start, formats())
            for second in range(4):
                rig.writer.append(key, small(second, start_us=start))
            rig.writer.close_segment(key, start + 4 * SECOND)
            rig.writer.gap(key, start + 4 * SECOND, GapReason.CAMERA_LOST, f"The camera does not answer ({at}).")
            rig.writer.flush()
        rig.cycle(2)
        if at == 5:
            rig.kill()
            rig.start()
    rig.cycle(9)
    return rig


def told(rig: Rig) -> tuple[list[Segment], dict[StreamKey, Timeline], list[object]]:
    timelines = {
        key: rig.reader.timeline(
            key.camera, from_us=NOON_US, to_us=NOON_US + 130 * SECOND, added_us=NOON_US, stream=key.stream
        )
        for key in (MAIN, SUB, OTHER)
    }
    return rig.index.oldest(999), timelines, [(s.key, s.sequence, s.size_bytes) for s in rig.index.streams()]


@pytest.mark.parametrize("how", ["removed", "damaged", "cut"])
def test_an_index_that_is_gone_or_damaged_is_made_again_as_it_was(how: str, tmp_path: Path) -> None:
    rig = lived(tmp_path)
    before = told(rig)
    assert any(g.reason is GapReason.DELETED for t in before[1].values() for g in t.gaps)
    rig.kill()
    for path in rig.data.root.glob("index.db-*"):
        path.unlink()
    index = rig.data.index
    if how == "removed":
        index.unlink()
    elif how == "damaged":
        index.write_bytes(b"no database at all" * 1000)
    else:
        index.write_bytes(index.read_bytes()[:5000])

    rig.start()

    after = told(rig)
    assert after[0] == before[0]
    assert after[2] == before[2]
    for key, timeline in before[1].items():
        # the last stretch was the camera's; now the recorder was away as well
        assert after[1][key].spans == timeline.spans
        assert after[1][key].gaps[:-1] == timeline.gaps[: len(after[1][key].gaps) - 1]
    assert check(rig.data, hashes=True).faults == ()


def test_footage_that_no_ledger_knows_is_read_and_closed(tmp_path: Path) -> None:
    rig = lived(tmp_path)
    kept = [s.start_us for s in rig.index.oldest(999)]
    rig.kill()
    for path in (*rig.data.root.glob("index.db*"), *rig.data.archive.rglob("ledger.jsonl")):
        path.unlink()

    rig.start()

    found = rig.index.oldest(999)
    assert [s.start_us for s in found] == kept
    assert all(s.recovered for s in found)
    assert check(rig.data, hashes=True).faults == ()


def dump(index: Path) -> dict[str, list[object]]:
    """All that an index tells, but for its own numbers, and for what is read from the files again when somebody asks."""
    stream = "(SELECT camera || '/' || stream FROM streams WHERE streams.id = {})"
    volume = "(SELECT id FROM volumes WHERE number = volume)"
    tables = {
        "streams": "SELECT camera, stream, sequence, size_bytes, segments FROM streams",
        "segments": f"SELECT {stream.format('segments.stream')}, {volume}, start_us, end_us, state, size_bytes, fragments,"
        " sequence, root, recovered FROM segments",
        "spans": f"SELECT {stream.format('spans.stream')}, what, start_us, end_us FROM spans",
        "gaps": f"SELECT id, {stream.format('gaps.stream')}, start_us, end_us, reason, title FROM gaps",
        "volumes": "SELECT id, size_bytes, known FROM volumes",
    }
    with closing(sqlite3.connect(index)) as connection:
        return {name: sorted(connection.execute(query).fetchall()) for name, query in tables.items()}


@pytest.mark.parametrize("volumes", [1, 3])
def test_a_reindex_gives_an_equal_index(volumes: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rig = lived(tmp_path, volumes=volumes)
    rig.stop()
    before = dump(rig.data.index)
    assert len({row[1] for row in before["segments"] if isinstance(row, tuple)}) == volumes

    assert main(["archive", "reindex", "--data", str(rig.data.root)]) == 0

    assert dump(rig.data.index) == before
    assert capsys.readouterr().out == f"{len(before['segments'])} segments\n"


def test_only_what_was_deleted_reads_so_in_whatever_order_it_went(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    for at in (0, 10, 20, 30):
        start = NOON_US + at * SECOND
        rig.writer.open_segment(MAIN, start, formats())
        for second in range(10 if at == 0 else 4):
            rig.writer.append(MAIN, small(second, start_us=start))
        rig.writer.close_segment(MAIN, start + (10 if at == 0 else 4) * SECOND)
        if at == 10:
            rig.writer.gap(MAIN, start + 4 * SECOND, GapReason.CAMERA_LOST, "The camera does not answer.")
        rig.cycle(3)
    held = {MAIN.camera: (Kept(NOON_US, NOON_US + SECOND),)}
    rig.retention.change(held=held, size_limit_bytes=rig.index.oldest(1)[0].size_bytes)  # all but the held one go

    rig.cycle(5)

    def gaps() -> list[tuple[int, int, GapReason]]:
        found = rig.reader.timeline(MAIN.camera, from_us=NOON_US, to_us=NOON_US + 34 * SECOND).gaps
        return [((g.from_us - NOON_US) // SECOND, (g.to_us - NOON_US) // SECOND, g.reason) for g in found]

    expected = [
        (10, 14, GapReason.DELETED),
        (14, 20, GapReason.CAMERA_LOST),
        (20, 24, GapReason.DELETED),
        (24, 30, GapReason.UNKNOWN),  # as before the footage around it went
        (30, 34, GapReason.DELETED),
    ]
    assert gaps() == expected
    rig.stop()
    before = dump(rig.data.index)
    assert reindex(rig.data) == 1
    assert dump(rig.data.index) == before
    assert gaps() == expected


def test_a_reindex_waits_for_no_running_recorder(tmp_path: Path) -> None:
    rig = lived(tmp_path)
    rig.data.lock("recorder")

    with pytest.raises(Problem) as found:
        main(["archive", "reindex", "--data", str(rig.data.root)])

    assert found.value.kind is Kind.CONFLICT
    assert rig.index.streams()
