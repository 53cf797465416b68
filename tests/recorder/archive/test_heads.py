"""Which lines are signed, when, and what a crash or a failing key changes."""

from itertools import pairwise
from pathlib import Path

import pytest

from tawny.recorder.adapters.segment_files import SegmentFiles
from tawny.recorder.archive.journal import Journal
from tawny.recorder.archive.ledger import RECORDER
from tawny.recorder.archive.paths import LEDGER
from tawny.recorder.archive.unsynced import Unsynced
from tawny.recorder.archive.volume import Volume, name_volume
from tawny.recorder.archive.volumes import IDENTITY, read_identity
from tawny.runtime.clock import SimulatedClock
from tawny.wire.evidence.chains import verifies
from tawny.wire.evidence.ledgers import kind_of, line_hash, lines, read_head
from tawny.wire.evidence.tree import root
from tests.fakes.heads import RECORDER_ID, FakeHeads
from tests.recorder.archive.building import NOON_US

GATE = "cam_gate"
DAY_US = 86_400_000_000


class Desk:
    """A journal with its syncs, on one directory; a new one on the same directory is the next start."""

    def __init__(self, directory: Path, heads: FakeHeads) -> None:
        self.archive = directory / "archive"
        self.heads = heads
        self.unsynced = Unsynced(SimulatedClock())
        files = SegmentFiles()
        known = read_identity(self.archive) or name_volume(self.archive, files, lambda kind: f"{kind}_1")
        volume = Volume(self.archive, volume_id=known, files=files)
        self.journal = Journal(self.archive, files, volume=volume, unsynced=self.unsynced, heads=heads)

    def note(self, number: int, *, owner: str = GATE, day: int = 0) -> None:
        self.journal.note(owner, NOON_US + day * DAY_US, {"id": f"led_{number}", "kind": "gap"})

    def sync(self, times: int = 1) -> None:
        for _ in range(times):
            self.journal.sign(self.unsynced.take().ledgers)

    def ledger(self, *, owner: str = GATE, day: str = "2026-11-22") -> list[bytes]:
        return list(lines((self.archive / owner / day / LEDGER).read_bytes()))

    def kinds(self, **where: str) -> list[str | None]:
        return [kind_of(line) for line in self.ledger(**where)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, FakeHeads())


def again(desk: Desk) -> Desk:
    return Desk(desk.archive.parent, FakeHeads())


def test_a_head_signs_the_lines_that_a_sync_covered(desk: Desk) -> None:
    desk.note(1)
    desk.note(2)

    desk.sync(2)

    *told, signed = desk.ledger()
    head = read_head(signed)
    assert (head.size, head.ledger, head.volume) == (2, "cam_gate/2026-11-22", "vol_1")
    assert head.root == root([line_hash(line) for line in told])
    assert verifies(desk.heads.key.public_key(), head.statement(RECORDER_ID), head.signature)


def test_lines_that_no_sync_covered_are_not_signed(desk: Desk) -> None:
    desk.note(1)
    safe = desk.unsynced.take().ledgers
    desk.note(2)

    desk.journal.sign(safe)

    assert [read_head(line).size for line in desk.ledger() if kind_of(line) == "head"] == [1]
    assert desk.kinds() == ["gap", "gap", "head"]


def test_later_heads_cover_earlier_ones_and_heads_alone_cause_none(desk: Desk) -> None:
    desk.note(1)
    desk.sync(5)
    desk.note(2)
    desk.sync(5)

    assert desk.kinds() == ["gap", "head", "gap", "head"]
    assert read_head(desk.ledger()[3]).size == 3


def test_a_head_is_synced_like_any_line(desk: Desk) -> None:
    desk.note(1)

    desk.sync()

    assert desk.kinds() == ["gap", "head"]
    assert desk.unsynced.since is not None


def test_a_failing_key_leaves_lines_that_are_signed_once_it_is_well(desk: Desk) -> None:
    desk.heads.broken = True
    desk.note(1)
    desk.sync(3)
    desk.note(2)
    desk.sync(3)
    assert desk.kinds() == ["gap", "gap"]

    desk.heads.broken = False
    desk.sync(2)

    assert desk.kinds() == ["gap", "gap", "head"]


def test_a_slow_key_is_asked_once_and_stops_nothing(desk: Desk) -> None:
    desk.heads.slow = True
    desk.note(1)
    desk.sync(3)
    desk.note(2)
    desk.sync(3)

    desk.heads.slow = False
    desk.sync(3)

    sizes = [read_head(line).size for line in desk.ledger() if kind_of(line) == "head"]
    assert sizes == [1, 2]


def test_what_a_crash_left_unsigned_is_signed_at_the_next_start(desk: Desk) -> None:
    desk.note(1)
    desk.sync(2)
    desk.note(2)
    desk.note(3, owner=RECORDER)

    later = again(desk)
    later.sync(4)

    assert desk.kinds() == ["gap", "head", "gap", "head"]
    assert desk.kinds(owner=RECORDER) == ["gap", "head"]


def test_however_many_ledgers_there_are_each_is_looked_at(desk: Desk) -> None:
    desk.heads.broken = True
    for number in range(30):
        desk.note(number, owner=f"cam_{number}")
    desk.sync(2)

    later = again(desk)
    later.sync(3)
    some = len(later.heads.heads)
    later.sync(10)

    assert 0 < some < 30
    assert len(later.heads.heads) == 30


def test_what_deletion_wrote_to_any_day_before_a_crash_is_signed_in_the_end(desk: Desk) -> None:
    for day in range(40):
        desk.note(day, day=day)
    desk.sync(3)
    signed = len(desk.heads.heads)
    desk.note(41, day=20)

    later = again(desk)
    later.sync(12)

    assert signed == 40
    assert [head.ledger for head in later.heads.heads] == ["cam_gate/2026-12-12"]
    assert desk.kinds(day="2026-12-12") == ["gap", "head", "gap", "head"]


def test_large_ledgers_are_looked_at_one_after_another(desk: Desk) -> None:
    for day in range(12):
        for _ in range(18):  # a megabyte
            desk.journal.note(GATE, NOON_US + day * DAY_US, {"kind": "gap", "title": "x" * 60_000})

    later = again(desk)
    counts = []
    for _ in range(16):
        later.sync()
        counts.append(len(later.heads.heads))

    assert counts[-1] == 12
    assert max(b - a for a, b in pairwise(counts)) == 1


def test_a_start_signs_nothing_anew_where_all_was_signed(desk: Desk) -> None:
    desk.note(1)
    desk.sync(3)

    again(desk).sync(4)

    assert desk.kinds() == ["gap", "head"]


def test_the_next_start_goes_on_with_the_same_tree(desk: Desk) -> None:
    desk.note(1)
    desk.sync(2)

    later = again(desk)
    later.note(2)
    later.sync(3)

    *told, signed = desk.ledger()
    assert read_head(signed).size == 3
    assert read_head(signed).root == root([line_hash(line) for line in told])


def test_a_torn_line_is_a_leaf_like_any_other(desk: Desk) -> None:
    desk.note(1)
    with (desk.archive / GATE / "2026-11-22" / LEDGER).open("ab") as file:
        file.write(b'{"id":"torn')

    later = again(desk)
    later.note(2)
    later.sync(3)

    *told, signed = desk.ledger()
    assert (len(told), read_head(signed).size) == (3, 3)
    assert read_head(signed).root == root([line_hash(line) for line in told])


def test_each_owner_and_day_has_heads_of_its_own(desk: Desk) -> None:
    desk.note(1)
    desk.note(2, day=1)
    desk.note(3, owner=RECORDER)

    desk.sync(2)

    assert {head.ledger for head in desk.heads.heads} == {
        "cam_gate/2026-11-22",
        "cam_gate/2026-11-23",
        "recorder/2026-11-22",
    }


def test_nothing_is_signed_on_another_disk_in_its_place(desk: Desk) -> None:
    desk.note(1)
    (desk.archive / IDENTITY).write_text('{"id": "vol_other"}')

    desk.sync(3)
    assert desk.kinds() == ["gap"]

    (desk.archive / IDENTITY).write_text('{"id": "vol_1"}')
    desk.sync(3)
    assert desk.kinds() == ["gap", "head"]


def test_a_ledger_that_became_shorter_is_read_again(desk: Desk) -> None:
    desk.note(1)
    desk.note(2)
    desk.sync(2)
    path = desk.archive / GATE / "2026-11-22" / LEDGER
    path.write_bytes(b"")

    desk.note(3)
    desk.sync(2)

    assert desk.kinds() == ["gap", "head"]
    assert read_head(desk.ledger()[1]).root == root([line_hash(desk.ledger()[0])])


def test_the_keys_certificates_are_left_on_the_volume_once(desk: Desk) -> None:
    desk.note(1)
    desk.sync(2)
    later = again(desk)
    later.note(2)
    later.sync(2)
    later.note(3)
    later.sync(2)

    assert (desk.archive / "certificates.pem").read_text().count("BEGIN CERTIFICATE") == 2  # two fakes, two keys


def test_an_entry_that_is_too_long_for_a_line_does_not_hold_up_the_others(desk: Desk) -> None:
    desk.journal.note(GATE, NOON_US, {"kind": "gap", "title": "x" * 100_000})
    desk.note(1)

    assert desk.kinds() == ["gap"]
