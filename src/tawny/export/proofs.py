"""Ledgers as proofs: lines, a head that covers them, and the paths between."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tawny.recorder.archive.paths import LEDGER, day_of
from tawny.recorder.evidence.proofs import StampedHead
from tawny.wire.evidence import tree
from tawny.wire.evidence.ledgers import (
    GAP_KINDS,
    HEAD,
    SEGMENT,
    GapEntry,
    HeadEntry,
    SegmentEntry,
    kind_of,
    line_hash,
    lines,
    read_gap,
    read_head,
    read_segment,
)
from tawny.wire.evidence.recording import ProvenLedger, ProvenLine, Witness

_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """A gap's line and where it stands."""

    number: int
    entry: GapEntry


class Ledger:
    """A ledger file as it was when it was read.

    Invariant: *heads* are those in the file, by the number of their line, in its order.
    """

    def __init__(self, path: Path, *, volume: str) -> None:
        self.path = path
        self.volume = volume
        self.owner, self.day = path.parent.parent.name, path.parent.name
        self._lines = list(lines(path.read_bytes()))
        self._hashes: list[bytes] = []
        self.heads = dict(self._read_heads())

    @property
    def covered(self) -> int:
        """How many lines are signed."""
        return max((head.size for head in self.heads.values()), default=0)

    def segment(self, stream: str, start_us: int) -> tuple[int, SegmentEntry] | None:
        """The line that tells of the segment, and its number."""
        wanted = f'"kind":"{SEGMENT}"'.encode()
        for number in range(len(self._lines) - 1, -1, -1):
            if wanted not in self._lines[number]:
                continue
            try:
                entry = read_segment(self._lines[number])
            except ValueError:
                continue
            if (entry.stream, entry.from_us) == (stream, start_us):
                return number, entry
        return None

    def gaps(self, stream: str) -> Iterator[GapLine]:
        """The signed lines that tell of the stream's missing footage."""
        for number, line in enumerate(self._lines[: self.covered]):
            if kind_of(line) in GAP_KINDS:
                try:
                    entry = read_gap(line)
                except ValueError:
                    continue  # a reader of the export could not read it either
                if entry.stream == stream:
                    yield GapLine(number=number, entry=entry)

    def under(self, needed: int, stamped: Sequence[StampedHead]) -> "HeadChoice":
        """The head to prove the first *needed* lines by: one that a time stamp covers where there is one, else the newest."""
        fitting = {(one.size, one.root): one.witness for one in reversed(stamped) if one.size >= needed}
        for number, head in self.heads.items():
            if (witness := fitting.get((head.size, head.root))) is not None:
                return HeadChoice(number=number, head=head, witness=witness)
        number, head = max(self.heads.items(), key=lambda item: item[1].size)
        return HeadChoice(number=number, head=head, witness=None)

    def prove(self, number: int, head: HeadEntry) -> ProvenLine:
        """Line *number* with its path to *head*; IndexError where it does not cover the line."""
        if not self._hashes:
            self._hashes = [line_hash(line) for line in self._lines]
        path = tree.path(self._hashes[: head.size], number)
        return ProvenLine(line=number, entry=self._lines[number].decode(), path=tuple(path))

    def proven(self, choice: "HeadChoice") -> ProvenLedger:
        """Which ledger this is, and the chosen head."""
        line = self._lines[choice.number].decode()
        return ProvenLedger(volume=self.volume, owner=self.owner, day=self.day, line=choice.number, head=line)

    def _read_heads(self) -> Iterator[tuple[int, HeadEntry]]:
        for number, line in enumerate(self._lines):
            if kind_of(line) == HEAD:
                try:
                    yield number, read_head(line)
                except ValueError:
                    continue


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadChoice:
    """A head of a ledger: line *number* of it, and the witness who saw it."""

    number: int
    head: HeadEntry
    witness: Witness | None


class Ledgers:
    """A camera's ledgers on all volumes, each read once."""

    def __init__(self, volumes: Mapping[str, Path], camera: str) -> None:
        self._volumes = volumes
        self._camera = camera
        self._read: dict[tuple[str, str], Ledger | None] = {}

    def of(self, volume: str, day: str) -> Ledger | None:
        """The ledger of that day, None where there is none."""
        where = volume, day
        if where not in self._read:
            path = self._volumes[volume] / self._camera / day / LEDGER
            try:
                self._read[where] = Ledger(path, volume=volume)
            except OSError:
                self._read[where] = None
        return self._read[where]

    def between(self, from_us: int, to_us: int) -> list[Ledger]:
        """The ledgers of the days that the range touches."""
        days = dict.fromkeys(day_of(us) for us in (*range(from_us, to_us, _DAY_US), to_us))
        found = (self.of(volume, day) for volume in sorted(self._volumes) for day in days)
        return [ledger for ledger in found if ledger is not None]


def gaps_between(ledgers: Iterable[Ledger], stream: str, from_us: int, to_us: int) -> list[tuple[Ledger, GapLine]]:
    """The lines that tell of footage missing between the two moments: gaps with their ends, and deletions."""
    found: list[tuple[Ledger, GapLine]] = []
    for ledger in ledgers:
        gaps = list(ledger.gaps(stream))
        ends = {gap.entry.gap: gap.entry.to_us for gap in gaps if gap.entry.kind == "gap_ended"}
        touching = {gap.entry.id for gap in gaps if _touches(gap.entry, ends, from_us, to_us)}
        found += [(ledger, gap) for gap in gaps if touching & {gap.entry.id, gap.entry.gap}]
    return found


def _touches(entry: GapEntry, ends: Mapping[str, int | None], from_us: int, to_us: int) -> bool:
    if entry.from_us is None:
        return False  # the end of a gap comes with its beginning
    end_us = entry.to_us if entry.kind == "deleted" else ends.get(entry.id)
    return entry.from_us < to_us and (end_us is None or end_us > from_us)
