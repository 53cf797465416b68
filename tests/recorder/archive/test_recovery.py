"""What a crash left behind, put in order."""

from pathlib import Path

import pytest

from tawny.recorder.archive import ledger
from tawny.recorder.archive.checking import check
from tawny.recorder.archive.model import GapReason
from tawny.recorder.archive.paths import segment_path
from tawny.wire.media import METADATA_TRACK, MetadataFormat
from tests.recorder.archive.building import MAIN, NOON_US, OTHER, SECOND, all_files, formats, small, told, video
from tests.recorder.archive.rig import Rig


def recording(directory: Path, *, cycles: int) -> Rig:
    """Three seconds on file, of a segment with a row (after a cycle) or without."""
    rig = Rig(directory)
    rig.writer.open_segment(MAIN, NOON_US, formats())
    for second in range(3):
        rig.writer.append(MAIN, small(second))
        rig.clock.wait(1)
    rig.writer.flush()
    rig.cycle(cycles)
    return rig


@pytest.mark.parametrize("cycles", [0, 1])
@pytest.mark.parametrize("torn", [0, 1, 50, 139, 1000])
def test_a_torn_tail_is_cut_to_the_last_whole_fragment(cycles: int, torn: int, tmp_path: Path) -> None:
    rig = recording(tmp_path, cycles=cycles)
    path = segment_path(rig.data.archive, MAIN, NOON_US)
    whole = path.stat().st_size
    rig.kill()
    path = segment_path(rig.data.archive, MAIN, NOON_US)
    with path.open("ab") as file:
        file.write(path.read_bytes()[-260:][:torn] if torn < 1000 else bytes(torn))

    rig.start()

    assert path.stat().st_size == whole
    segment = rig.index.oldest(1)[0]
    assert (segment.fragments, segment.end_us, segment.recovered) == (3, NOON_US + 3 * SECOND, True)
    assert check(rig.data, hashes=True).faults == ()


def test_the_ledger_says_that_a_segment_was_recovered_and_what_was_cut(tmp_path: Path) -> None:
    rig = recording(tmp_path, cycles=1)
    rig.kill()
    with segment_path(rig.data.archive, MAIN, NOON_US).open("ab") as file:
        file.write(b"torn")

    rig.start()

    entries = ledger.day_entries(rig.data.archive, MAIN.camera, "2026-11-22")
    assert [(e["kind"], e.get("recovered"), e.get("cut_bytes")) for e in entries if e["kind"] == "segment"] == [
        ("segment", True, 4)
    ]
    assert [e["reason"] for e in entries if e["kind"] == "gap"] == ["restart"]


def test_pictures_that_read_as_zeros_are_no_footage(tmp_path: Path) -> None:
    rig = recording(tmp_path, cycles=1)
    last = rig.fragments()[MAIN, NOON_US][-1]
    rig.kill()
    with segment_path(rig.data.archive, MAIN, NOON_US).open("r+b") as file:
        file.seek(last.offset + last.size - 100)
        file.write(bytes(100))

    rig.start()

    assert [s.fragments for s in rig.index.oldest(1)] == [2]


@pytest.mark.parametrize(("spoilt", "left"), [(0, 4), (233, 3)])
def test_metadata_survive_a_crash_and_are_none_where_they_read_as_zeros(spoilt: int, left: int, tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    rig.writer.open_segment(MAIN, NOON_US, formats() | {METADATA_TRACK: MetadataFormat()})
    for second in range(2):
        rig.writer.append(MAIN, small(second))
        rig.writer.append(MAIN, told(second))
    rig.writer.flush()
    rig.cycle(1)
    rig.kill()
    path = segment_path(rig.data.archive, MAIN, NOON_US)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - spoilt)
        file.write(bytes(spoilt))

    rig.start()

    (segment,) = rig.index.oldest(1)
    assert (segment.fragments, segment.end_us) == (left, NOON_US + 2 * SECOND)
    assert check(rig.data, hashes=True).faults == ()


def test_a_file_without_a_whole_fragment_goes(tmp_path: Path) -> None:
    rig = recording(tmp_path, cycles=3)
    rig.kill()
    for at, content in enumerate((b"", b"ftyp", bytes(500))):
        path = segment_path(rig.data.archive, MAIN, NOON_US + (10 + at) * SECOND)
        path.write_bytes(content)

    rig.start()

    assert len(all_files(rig.data)) == 1
    assert check(rig.data, hashes=True).faults == ()


def test_files_made_while_the_index_refused_are_found_by_their_day(tmp_path: Path) -> None:
    rig = recording(tmp_path, cycles=3)
    rig.index.refusal = OSError("database or disk is full")
    for hour in range(1, 30):
        start = NOON_US + hour * 3600 * SECOND
        rig.writer.open_segment(MAIN, start, formats())
        rig.writer.append(MAIN, small(start_us=start))
        rig.writer.close_segment(MAIN, start + SECOND)
        rig.cycle(2)
    rig.kill()

    rig.start()

    assert len(rig.index.oldest(99)) == 30
    assert [s.sequence for s in rig.index.oldest(99)] == list(range(1, 31))
    assert check(rig.data, hashes=True).faults == ()


def test_the_gap_before_a_restart_ends_at_the_last_sign_of_life(tmp_path: Path) -> None:
    rig = recording(tmp_path, cycles=1)
    rig.writer.close_segment(MAIN, NOON_US + 3 * SECOND)
    rig.writer.gap(MAIN, NOON_US + 3 * SECOND, GapReason.CAMERA_LOST, "The camera does not answer.")
    rig.writer.gap(OTHER, NOON_US, GapReason.DISABLED, "The camera is disabled.")
    rig.cycle(20)
    rig.kill()
    rig.clock.wait(100)

    rig.start()

    now = rig.clock.utc_us()
    found = rig.reader.timeline(MAIN.camera, from_us=NOON_US, to_us=now).gaps
    assert [g.reason for g in found] == [GapReason.CAMERA_LOST, GapReason.RESTART]
    assert 15 * SECOND <= found[0].to_us - found[0].from_us <= 25 * SECOND
    other = rig.reader.timeline(OTHER.camera, from_us=NOON_US, to_us=now).gaps
    assert [g.reason for g in other] == [GapReason.DISABLED]


def test_recovery_reads_only_what_was_open(tmp_path: Path) -> None:
    rig = recording(tmp_path, cycles=0)
    rig.writer.close_segment(MAIN, NOON_US + 3 * SECOND)
    rig.cycle(3)
    start = NOON_US + 3600 * SECOND
    rig.writer.open_segment(MAIN, start, formats())
    rig.writer.append(MAIN, video(start_us=start))
    rig.cycle(1)
    rig.kill()
    segment_path(rig.data.archive, MAIN, NOON_US).write_bytes(b"would not be read")

    rig.start()

    assert [s.recovered for s in rig.index.oldest(9)] == [False, True]
