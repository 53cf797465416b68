"""Ledgers as proofs: lines, the newest head that covers them, and the paths between."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tawny.recorder.archive.paths import LEDGER, day_of
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
from tawny.wire.evidence.recording import ProvenLedger, ProvenLine

_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """A gap's line and where it stands."""

    number: int
    entry: GapEntry


class Ledger:
    """A ledger file as it was when it was read.

    Invariant: what `prove` gives is under `head`, the newest head in the file; lines behind it are not signed yet.
    """

    def __init__(self, path: Path, *, volume: str) -> None:
        self.path = path
        self.volume = volume
        self.owner, self.day = path.parent.parent.name, path.parent.name
        self._lines = list(lines(path.read_bytes()))
        self._hashes: list[bytes] = []
        self.head, self._head_at = self._newest_head()

    @property
    def covered(self) -> int:
        """How many lines are signed."""
        return 0 if self.head is None else self.head.size

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

    def prove(self, number: int) -> ProvenLine:
        """Line *number* with its path to the head; IndexError where no head covers it."""
        if not self._hashes:
            self._hashes = [line_hash(line) for line in self._lines[: self.covered]]
        path = tree.path(self._hashes, number)
        return ProvenLine(line=number, entry=self._lines[number].decode(), path=tuple(path))

    def proven(self) -> ProvenLedger:
        """Which ledger this is, and its head."""
        if self.head is None:
            raise IndexError("no head covers this ledger")
        head = self._lines[self._head_at].decode()
        return ProvenLedger(volume=self.volume, owner=self.owner, day=self.day, line=self._head_at, head=head)

    def _newest_head(self) -> tuple[HeadEntry | None, int]:
        for number in range(len(self._lines) - 1, -1, -1):
            if kind_of(self._lines[number]) == HEAD:
                try:
                    return read_head(self._lines[number]), number
                except ValueError:
                    continue
        return None, 0


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
