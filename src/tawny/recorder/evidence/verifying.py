"""An archive held against what was signed: every ledger against its heads, every file against its ledger, on any machine, with nothing but a root.

What is believed: the roots that are given. What is not: the index, the keys directory, the clock, and whoever had the disks meanwhile.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography import x509

from tawny.recorder.archive.heads import CERTIFICATES
from tawny.recorder.archive.ledger import RECORDER, entries
from tawny.recorder.archive.model import StreamKey
from tawny.recorder.archive.paths import LEDGER, cameras, day_of, days, segment_path, segments_of_day
from tawny.recorder.archive.schema import SEGMENTS, open_for_reading
from tawny.recorder.evidence.ledger_check import LedgerFindings, Named, Trust, check_ledger
from tawny.recorder.evidence.segment_check import check_segment
from tawny.recorder.evidence.witnesses import token_imprint
from tawny.wire.evidence.chains import read_chain
from tawny.wire.evidence.ledgers import HEAD, SEGMENT, SegmentEntry, kind_of, lines, read_gap, read_segment
from tawny.wire.evidence.members import Members, parse
from tawny.wire.media import StreamName
from tawny.wire.moments import parse_rfc3339

_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----[^-]{1,8000}-----END CERTIFICATE-----")
_MAX_CERTIFICATES = 4 * 1024 * 1024
_OPEN_US = 120_000_000  # a file without a line that is at most so much older than the newest is still being recorded, or a crash's tail
_HOUR_US = 3_600_000_000  # no segment is longer
_FOREVER_US = 2**60
Leaves = Callable[[str, SegmentEntry], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that is not as it was recorded: which file, where in it, of which moment, and what."""

    path: str
    offset: int | None
    at_us: int | None
    fault: str


@dataclass(slots=True, kw_only=True)
class Verification:
    """What was looked at and found.

    *signed* counts the segments under a believed head; *recovered* are those that a crash ended, with the moment until which nobody vouched for them;
    *unsigned* what no head covers yet; *unknown* sequences that no ledger tells of.
    """

    segments: int = 0
    size_bytes: int = 0
    signed: int = 0
    recovered: list[tuple[str, int | None]] = field(default_factory=list)
    unsigned: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be verified: footage of the range, of one camera or all."""

    from_us: int = 0
    to_us: int = _FOREVER_US
    camera: str | None = None

    def has(self, day: str) -> bool:
        """Whether the ledgers of *day* can tell of the range: a segment's line is in the ledger of its beginning."""
        return day_of(max(0, self.from_us - _HOUR_US)) <= day <= self._last()

    def days(self, archive: Path, owner: str) -> list[str]:
        """The owner's days that can tell of the range."""
        return [day for day in days(archive, owner) if self.has(day)]

    def _last(self) -> str:
        return "9999-12-31" if self.to_us >= _FOREVER_US else day_of(self.to_us)

    def touches(self, entry: SegmentEntry) -> bool:
        return entry.from_us < self.to_us and entry.to_us > self.from_us


def _forgotten(camera: str, entry: SegmentEntry) -> bytes | None:
    """No leaves are remembered."""


def verify(
    volumes: Mapping[str, Path],
    roots: Sequence[x509.Certificate],
    *,
    wanted: Wanted,
    base: Path,
    certificates: Sequence[Path] = (),
    leaves: Leaves = _forgotten,
) -> Verification:
    """Verify what is *wanted* on the *volumes*; files are named below *base*, *certificates* are further files to look for certificates in."""
    files = [*certificates, *(root / CERTIFICATES for root in volumes.values())]
    trust = Trust(roots, [one for path in files for one in _certificates(path)])
    return _Verifier(volumes, trust, wanted, leaves, base).run()


def index_leaves(index: Path) -> Leaves:
    """The leaves that the index remembers of a segment."""

    def leaves(camera: str, entry: SegmentEntry) -> bytes | None:
        if not index.exists():
            return None
        try:
            connection = open_for_reading(index)
            try:
                row = connection.execute(
                    f"SELECT leaves FROM tables JOIN {SEGMENTS} ON segments_id = tables.segment"  # noqa: S608 - a constant
                    " WHERE camera = ? AND stream_name = ? AND start_us = ?",
                    (camera, entry.stream, entry.from_us),
                ).fetchone()
            finally:
                connection.close()
        except (OSError, sqlite3.Error):
            return None  # a cache: without it the segment is named, and not the fragment
        return bytes(row[0]) if row and row[0] else None

    return leaves


class _Verifier:
    def __init__(self, volumes: Mapping[str, Path], trust: Trust, wanted: Wanted, leaves: Leaves, base: Path) -> None:
        self._volumes = volumes
        self._base = base
        self._trust = trust
        self._wanted = wanted
        self._leaves = leaves
        self._found = Verification()
        self._named: dict[tuple[str, str], list[Named]] = defaultdict(list)
        self._sequences: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._newest: dict[tuple[str, str], int] = defaultdict(int)
        self._strays: list[tuple[str, str, int, Path]] = []  # camera, stream, start
        self._unsigned: list[tuple[str, str, int, Path]] = []

    def run(self) -> Verification:
        for volume, root in self._volumes.items():
            for day in self._wanted.days(root, RECORDER):
                self._recorders(volume, root, day)
        for volume, root in self._volumes.items():
            for camera in self._cameras(root):
                for day in self._wanted.days(root, camera):
                    self._day(volume, root, camera, day)
        self._gone()
        self._judge_unsigned()
        self._judge_sequences()
        return self._found

    def _cameras(self, root: Path) -> list[str]:
        found = [camera for camera in cameras(root) if camera != RECORDER]
        return [camera for camera in found if self._wanted.camera in {None, camera}]

    # Ledgers

    def _ledger(self, volume: str, root: Path, owner: str, day: str) -> LedgerFindings:
        path = root / owner / day / LEDGER
        name = f"{owner}/{day}"
        try:
            data = path.read_bytes()
        except OSError:
            data = b""
        found = check_ledger(
            list(lines(data)),
            volume=volume,
            ledger=name,
            trust=self._trust,
            named=self._named.pop((volume, name), ()),
        )
        for number, fault in found.faults:
            self._fault(path, fault, offset=_offset(data, number), at_us=_moment(found.lines, number))
        return found

    def _recorders(self, volume: str, root: Path, day: str) -> None:
        found = self._ledger(volume, root, RECORDER, day)
        heads = {
            str(entry["id"]): line
            for line in found.lines
            if kind_of(line) == HEAD
            for entry in entries(line)
            if "id" in entry
        }
        for line in found.lines[: found.covered]:
            kind = kind_of(line)
            if kind == "heads":
                self._name(line)
            elif kind == "witnessed":
                self._witnessed(root, day, line, heads)

    def _name(self, line: bytes) -> None:
        try:
            members = Members(parse(line, limit=1 << 20))
            for volume, ledger, one in members.list("heads", _named, limit=1000):
                self._named[volume, ledger].append(one)
        except ValueError:
            return  # signed, yet of another form: a later version's

    def _witnessed(self, root: Path, day: str, line: bytes, heads: Mapping[str, bytes]) -> None:
        entry = next(entries(line), {})
        if not str(entry.get("ledger", "")).endswith(f"/{day}"):
            return  # of the day before
        head = heads.get(str(entry.get("head")))
        path = root / RECORDER / day / LEDGER
        if head is None:
            self._fault(path, "a head that a witness saw is not there", at_us=_moment([line], 0))
        elif "token" in entry and token_imprint(str(entry["token"])) != sha256(head).digest():
            self._fault(path, "a time stamp is not of the head it names", at_us=_moment([line], 0))

    # Footage

    def _day(self, volume: str, root: Path, camera: str, day: str) -> None:
        ledger = self._ledger(volume, root, camera, day)
        deleted = _deleted(ledger)
        told: set[tuple[str, int]] = set()
        for number, line in enumerate(ledger.lines):
            if kind_of(line) != SEGMENT:
                continue
            try:
                entry = read_segment(line)
                key = StreamKey(camera=camera, stream=StreamName(entry.stream))
            except ValueError:
                self._fault(root / camera / day / LEDGER, "a segment's line can't be read")
                continue
            told.add((entry.stream, entry.from_us))
            self._sequences[camera, entry.stream].add(entry.sequence)
            self._newest[camera, entry.stream] = max(self._newest[camera, entry.stream], entry.from_us)
            path = segment_path(root, key, entry.from_us)
            gone = deleted.get((entry.stream, entry.from_us))
            if self._wanted.touches(entry) and gone is not True:
                self._segment(path, camera, entry, signed=number < ledger.covered and gone is None, gone=gone is False)
        for start_us, stream, path in segments_of_day(root, camera, day):
            if (stream, start_us) not in told and self._wanted.from_us <= start_us < self._wanted.to_us:
                self._strays.append((camera, stream, start_us, path))

    def _segment(self, path: Path, camera: str, entry: SegmentEntry, *, signed: bool, gone: bool) -> None:
        """A segment that ought to be there; *gone* where a line that is not signed says that it was deleted."""
        self._found.segments += 1
        self._found.size_bytes += entry.size_bytes
        self._found.signed += signed
        if entry.recovered:
            self._found.recovered.append((self._name_of(path), entry.unsigned_until_us))
        if not signed:
            self._unsigned.append((camera, entry.stream, entry.from_us, path))
        try:
            found = check_segment(path, camera, entry, leaves=lambda: self._leaves(camera, entry))
        except FileNotFoundError:
            if not gone:
                self._fault(path, "the file is missing, and no line tells of its deletion", at_us=entry.from_us)
        except OSError as error:
            self._fault(path, f"the file can't be read ({error.strerror})", at_us=entry.from_us)
        else:
            if found is not None:
                self._fault(path, found.fault, offset=found.offset, at_us=found.at_us or entry.from_us)

    # What is missing

    def _gone(self) -> None:
        """Ledgers that the recorder's ledger names and that are not there."""
        for (volume, name), named in self._named.items():
            owner, _, day = name.partition("/")
            root = self._volumes.get(volume)
            if root is None or self._wanted.camera not in {None, owner} or not self._wanted.has(day):
                continue
            lines_ = max(one.size for one in named)
            self._fault(root / owner / day / LEDGER, f"the ledger is gone; {lines_} of its lines were signed")

    def _judge_unsigned(self) -> None:
        """Files that no signed line tells of: the newest are being recorded, or a crash left them; all others nobody vouches for."""
        for found, fault in (
            (self._unsigned, "nobody signed for it"),
            (self._strays, "no ledger tells of this file"),
        ):
            for camera, stream, start_us, path in found:
                if start_us >= self._newest[camera, stream] - _OPEN_US:
                    self._found.unsigned.append(self._name_of(path))
                else:
                    self._fault(path, fault, at_us=start_us)

    def _judge_sequences(self) -> None:
        for (camera, stream), sequences in sorted(self._sequences.items()):
            for below, above in zip(sorted(sequences), sorted(sequences)[1:], strict=False):
                if above > below + 1:
                    self._found.unknown.append(f"{camera} {stream}: segments {below + 1} to {above - 1}")

    def _fault(self, path: Path, fault: str, *, offset: int | None = None, at_us: int | None = None) -> None:
        self._found.faults.append(Fault(path=self._name_of(path), offset=offset, at_us=at_us, fault=fault))

    def _name_of(self, path: Path) -> str:
        return str(path.relative_to(self._base) if path.is_relative_to(self._base) else path)


def _deleted(ledger: LedgerFindings) -> dict[tuple[str, int], bool]:
    """The segments that went, and whether the line that says so is signed."""
    found: dict[tuple[str, int], bool] = {}
    for number, line in enumerate(ledger.lines):
        if kind_of(line) == "deleted":
            try:
                entry = read_gap(line)
            except ValueError:
                continue  # then its file is missing, and is named
            key = entry.stream, entry.from_us or 0
            found[key] = found.get(key, False) or number < ledger.covered
    return found


def _named(value: object, place: str) -> tuple[str, str, Named]:
    members = Members(value, place=place)
    named = Named(size=members.integer("size", least=1), root=members.hexadecimal("root", size=32))
    return members.text("volume", limit=64), members.text("ledger", limit=80), named


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_CERTIFICATES)
    except OSError:
        return []
    found: list[x509.Certificate] = []
    for block in dict.fromkeys(_CERTIFICATE.findall(data)):
        with suppress(ValueError):  # what a crash tore
            found += read_chain(block).certificates
    return found


def _offset(data: bytes, number: int) -> int:
    """Where line *number* begins."""
    at = 0
    for line in data.split(b"\n"):
        if line:
            if not number:
                break
            number -= 1
        at += len(line) + 1
    return min(at, len(data))


def _moment(ledger: list[bytes], number: int) -> int | None:
    """When the line was written, as it says."""
    entry = next(entries(ledger[number]), {}) if number < len(ledger) else {}
    try:
        return parse_rfc3339(str(entry.get("utc")))
    except ValueError:
        return None
