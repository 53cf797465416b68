"""The way from a ledger's head to a time stamp, as an export takes it along."""

from hashlib import sha256
from pathlib import Path

import pytest

from tawny.recorder.archive.paths import LEDGER
from tawny.recorder.evidence.proofs import Witnesses
from tawny.wire.evidence.ledgers import line_hash, lines, read_head
from tawny.wire.evidence.tree import root, verify_path
from tests.recorder.archive.building import MAIN, OTHER
from tests.recorder.evidence.recorded import Recorded

DAY = "2026-11-22"


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    return Recorded(tmp_path)


def token(line: bytes) -> bytes:
    return b"stamp of " + sha256(line).digest()


def witnesses(recorded: Recorded) -> tuple[Witnesses, str]:
    [volume] = recorded.rig.known
    return Witnesses({volume.id: volume.path}), volume.id


def test_the_way_leads_from_the_ledgers_head_to_the_time_stamp(recorded: Recorded) -> None:
    for minute in range(4):
        recorded.record(minute)
        recorded.record(minute, key=OTHER)
    recorded.name_heads()
    recorded.stamp(token)
    found, volume = witnesses(recorded)

    [stamped] = found.of(volume=volume, owner=MAIN.camera, day=DAY)

    hashes = [line_hash(line) for line in lines((recorded.rig.data.archive / MAIN.camera / DAY / LEDGER).read_bytes())]
    assert root(hashes[: stamped.size]) == stamped.root
    head = read_head(stamped.witness.head)
    named = stamped.witness.heads
    assert verify_path(line_hash(named.entry.encode()), named.line, head.size, named.path) == head.root
    assert stamped.root.hex() in named.entry
    assert stamped.witness.token == token(stamped.witness.head.encode())


def test_each_head_comes_with_the_first_stamp_that_covers_it(recorded: Recorded) -> None:
    for minute in range(3):
        recorded.record(minute)
        recorded.name_heads()
        recorded.stamp(token)
    found, volume = witnesses(recorded)

    stamped = found.of(volume=volume, owner=MAIN.camera, day=DAY)

    assert [one.size for one in stamped] == sorted({one.size for one in stamped})
    assert len({one.witness.head for one in stamped}) == len(stamped) == 3


def test_heads_that_no_stamp_covers_are_not_claimed(recorded: Recorded) -> None:
    recorded.record(0)
    recorded.name_heads()
    recorded.stamp(token)
    recorded.record(1)
    recorded.name_heads()
    found, volume = witnesses(recorded)

    assert len(found.of(volume=volume, owner=MAIN.camera, day=DAY)) == 1
    assert found.of(volume=volume, owner=OTHER.camera, day=DAY) == []
    assert found.of(volume="vol_x", owner=MAIN.camera, day=DAY) == []


def test_lines_that_are_damaged_or_foreign_are_passed_over(recorded: Recorded) -> None:
    recorded.record(0)
    recorded.name_heads()
    recorded.stamp(token)
    with (recorded.rig.data.archive / "recorder" / DAY / LEDGER).open("ab") as file:
        file.write(
            b'{"kind":"heads","heads":3}\n{"kind":"heads","heads":[1,{"volume":"v"}]}\n\xff{"kind":"witnessed"}\n'
        )
        file.write(b'{"kind":"witnessed","head":"led_x","token":"AA=="}\n')
    found, volume = witnesses(recorded)

    assert len(found.of(volume=volume, owner=MAIN.camera, day=DAY)) == 1
