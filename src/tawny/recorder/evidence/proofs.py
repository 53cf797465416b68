"""For exports: which heads of ledgers the recorder's ledger names under a time stamp, with the whole way there.

head of a ledger <- line `heads` of the recorder's ledger <- head of the recorder's ledger <- time stamp
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tawny.recorder.archive.ledger import RECORDER, Entry, entries
from tawny.recorder.archive.paths import LEDGER, days
from tawny.wire.evidence import tree
from tawny.wire.evidence.ledgers import line_hash, lines, read_head
from tawny.wire.evidence.recording import ProvenLine, Witness

_DAYS = 2  # the day of the footage, and the next: heads are named within a minute


@dataclass(frozen=True, slots=True, kw_only=True)
class StampedHead:
    """A head of a ledger that a time stamp covers: its first *size* lines have this *root*."""

    size: int
    root: bytes
    witness: Witness


class Witnesses:
    """The time stamps of the volumes' recorder's ledgers, each ledger read once."""

    def __init__(self, volumes: Mapping[str, Path]) -> None:
        self._volumes = volumes
        self._read: dict[tuple[str, str], dict[tuple[str, str], list[StampedHead]]] = {}

    def of(self, *, volume: str, owner: str, day: str) -> list[StampedHead]:
        """The stamped heads of the ledger of *owner* and *day* on *volume*, smallest first."""
        found = [
            head
            for place, root in self._volumes.items()
            for told in [one for one in days(root, RECORDER) if one >= day][:_DAYS]
            for head in self._stamped(place, root, told).get((volume, f"{owner}/{day}"), [])
        ]
        return sorted(found, key=lambda head: head.size)

    def _stamped(self, place: str, root: Path, day: str) -> dict[tuple[str, str], list[StampedHead]]:
        where = place, day
        if where not in self._read:
            try:
                data = (root / RECORDER / day / LEDGER).read_bytes()
            except OSError:
                data = b""
            self._read[where] = _Day(list(lines(data))).stamped()
        return self._read[where]


class _Day:
    """One of the recorder's ledgers."""

    def __init__(self, whole: list[bytes]) -> None:
        self._lines = whole
        self._hashes = [line_hash(line) for line in whole]
        self._heads: dict[str, int] = {}
        self._named: list[tuple[int, Entry]] = []
        self._tokens: list[tuple[int, str]] = []
        for number, line in enumerate(whole):
            for entry in entries(line):
                self._sort(number, entry)

    def stamped(self) -> dict[tuple[str, str], list[StampedHead]]:
        """The heads that are named under a time stamp, by volume and ledger; each with the first stamp that covers it."""
        found: dict[tuple[str, str], list[StampedHead]] = {}
        covered = 0
        for at, token in sorted(self._tokens):
            head = self._lines[at].decode()
            size = read_head(head).size
            for number, entry in self._named:
                if covered <= number < size:
                    proof = ProvenLine(
                        line=number,
                        entry=self._lines[number].decode(),
                        path=tuple(tree.path(self._hashes[:size], number)),
                    )
                    witness = Witness(head=head, heads=proof, token=base64.b64decode(token))
                    for key, one in _heads(entry, witness):
                        found.setdefault(key, []).append(one)
            covered = max(covered, size)
        return found

    def _sort(self, number: int, entry: Entry) -> None:
        match entry:
            case {"kind": "head", "id": str() as name}:
                self._heads[name] = number
            case {"kind": "heads"}:
                self._named.append((number, entry))
            case {"kind": "witnessed", "head": str() as name, "token": str() as token} if name in self._heads:
                self._tokens.append((self._heads[name], token))
            case _:
                return


def _heads(entry: Entry, witness: Witness) -> list[tuple[tuple[str, str], StampedHead]]:
    named: Any = entry.get("heads")
    found = []
    for one in named if isinstance(named, list) else []:
        match one:
            case {"volume": str() as volume, "ledger": str() as ledger, "size": int() as size, "root": str() as root}:
                head = StampedHead(size=size, root=bytes.fromhex(root), witness=witness)
                found.append(((volume, ledger), head))
            case _:
                continue
    return found
