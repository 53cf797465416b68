"""Ledger lines as proofs: under which head, with which path, and which gaps touch a range."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tawny.export.proofs import Ledger, Ledgers, gaps_between
from tawny.recorder.archive.model import GapReason
from tawny.recorder.archive.paths import ledger_path
from tawny.recorder.evidence.proofs import StampedHead
from tawny.wire.evidence import tree
from tawny.wire.evidence.ledgers import line_hash
from tawny.wire.evidence.recording import ProvenLine, Witness
from tests.export.building import KEY, NOON_US, SECOND, VOLUME, SignedArchive
from tests.verification.building import tiny

WITNESS = Witness(head="{}", heads=ProvenLine(line=0, entry="{}", path=()), token=b"token")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SignedArchive]:
    archive = SignedArchive(tmp_path)
    yield archive
    archive.close()


def read(archive: SignedArchive) -> Ledger:
    return Ledger(ledger_path(archive.data.archive, KEY.camera, NOON_US), volume=VOLUME)


def test_a_line_leads_to_the_root_of_the_newest_head(archive: SignedArchive) -> None:
    for second in range(5):
        archive.segment(second, tiny())
        archive.sign()
    ledger = read(archive)
    number, entry = ledger.segment("main", NOON_US + 2 * SECOND) or (0, None)

    choice = ledger.under(number + 1, [])
    proof = ledger.prove(number, choice.head)

    assert entry is not None
    assert (number, choice.number, choice.head.size) == (4, 9, 9)
    found = tree.verify_path(line_hash(proof.entry.encode()), proof.line, choice.head.size, proof.path)
    assert found == choice.head.root


def test_a_head_that_somebody_stamped_is_preferred_where_it_covers_enough(archive: SignedArchive) -> None:
    for second in range(3):
        archive.segment(second, tiny())
        archive.sign()
    ledger = read(archive)
    stamped = [StampedHead(size=head.size, root=head.root, witness=WITNESS) for head in ledger.heads.values()][:2]

    early, late = ledger.under(2, stamped), ledger.under(5, stamped)

    assert (early.head.size, early.witness) == (3, WITNESS)
    assert (late.head.size, late.witness) == (5, None)


def test_a_stamp_over_another_root_is_no_witness(archive: SignedArchive) -> None:
    archive.segment(0, tiny())
    archive.sign()

    choice = read(archive).under(1, [StampedHead(size=1, root=bytes(32), witness=WITNESS)])

    assert choice.witness is None


def test_torn_and_foreign_lines_are_leaves_and_nothing_more(archive: SignedArchive) -> None:
    archive.segment(0, tiny())
    path = ledger_path(archive.data.archive, KEY.camera, NOON_US)
    with path.open("ab") as file:
        file.write(b'{"id": "led_torn", "ki\n\n[1]\n')
    archive.segment(1, tiny())
    archive.sign()

    ledger = read(archive)

    assert ledger.covered == 4
    assert ledger.segment("main", NOON_US + SECOND) is not None
    assert ledger.segment("sub", NOON_US) is None


@pytest.mark.parametrize(
    ("start", "end", "titles"),
    [(0, 5, []), (0, 11, ["one"]), (12, 13, ["one"]), (14, 29, []), (30, 31, ["two"]), (11, 90, ["one", "two"])],
)
def test_the_gaps_that_touch_a_range_come_with_their_ends(
    archive: SignedArchive, start: int, end: int, titles: list[str]
) -> None:
    archive.gap(10, 14, GapReason.CAMERA_LOST, "one")
    archive.gap(30, None, GapReason.DISABLED, "two")
    archive.sign()
    ledgers = Ledgers({VOLUME: archive.data.archive}, KEY.camera)
    from_us, to_us = (NOON_US + second * SECOND for second in (start, end))

    found = gaps_between(ledgers.between(from_us, to_us), "main", from_us, to_us)

    assert [gap.entry.title for _, gap in found if gap.entry.kind == "gap"] == titles
    assert ("one" in titles) == any(gap.entry.kind == "gap_ended" for _, gap in found)
