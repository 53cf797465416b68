"""Ledgers: appended to, read in spite of what a crash did to them."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.adapters.segment_files import SegmentFiles
from tawny.recorder.archive import ledger
from tawny.recorder.archive.ledger import Ledger
from tawny.recorder.archive.model import GapReason, NamedGap, Segment
from tawny.recorder.archive.paths import ledger_path
from tests.recorder.archive.building import MAIN, NOON_US, SECOND, VOLUME

SEGMENT = Segment(
    volume=VOLUME,
    key=MAIN,
    start_us=NOON_US,
    end_us=NOON_US + 60 * SECOND,
    size_bytes=1234,
    fragments=60,
    sequence=7,
    root=bytes(range(32)),
    recovered=True,
)


def test_a_segment_reads_back_from_its_entry() -> None:
    entry = ledger.segment_entry(Path("archive"), SEGMENT, entry_id="led_1", now_us=NOON_US, cut_bytes=9)

    assert ledger.read_segment(MAIN.camera, entry, volume=VOLUME) == SEGMENT
    assert entry["file"] == "12/20261122T120000.000000Z-main.mp4"
    assert entry["cut_bytes"] == 9


def test_a_gap_reads_back_from_its_entry() -> None:
    gap = NamedGap(
        id="gap_1", key=MAIN, start_us=NOON_US, end_us=None, reason=GapReason.DISK, title="The disk is full."
    )

    assert ledger.read_gap(MAIN.camera, ledger.gap_entry(gap, now_us=NOON_US)) == gap


def test_after_a_torn_line_the_next_entry_stands_alone(tmp_path: Path) -> None:
    path = ledger_path(tmp_path, MAIN.camera, NOON_US)
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"kind":"gap","id":"1"}\n{"kind":"gap","id"')

    Ledger(tmp_path, SegmentFiles()).append(MAIN.camera, NOON_US, {"kind": "gap", "id": "2"})

    assert [e["id"] for e in ledger.day_entries(tmp_path, MAIN.camera, "2026-11-22")] == ["1", "2"]


def test_a_tail_has_the_last_entries_only(tmp_path: Path) -> None:
    written = Ledger(tmp_path, SegmentFiles())
    for number in range(10):
        written.append(MAIN.camera, NOON_US, {"kind": "gap", "id": number})

    found = ledger.day_entries(tmp_path, MAIN.camera, "2026-11-22", tail=50)

    assert [e["id"] for e in found] == [8, 9]
    assert ledger.day_entries(tmp_path, MAIN.camera, "2026-11-23", tail=50) == []


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_harm(noise: bytes) -> None:
    assert all(isinstance(entry["kind"], str) for entry in ledger.entries(noise))
