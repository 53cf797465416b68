"""Checking an archive against its index and ledgers, while the recorder runs or not; nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tawny.recorder.archive import ledger
from tawny.recorder.archive.model import Segment
from tawny.recorder.archive.paths import cameras, day_of, days, segment_path, segments_of_day
from tawny.recorder.archive.reader import read_fragments
from tawny.recorder.archive.schema import CLOSED, MARKED, SEGMENT_COLUMNS, SEGMENTS, open_for_reading, segment_of
from tawny.recorder.archive.volumes import VolumePaths
from tawny.runtime.data_directory import DataDirectory
from tawny.wire.evidence import tree
from tawny.wire.mp4.reading import read_init

_NEW_US = 120_000_000  # a file without a row that is at most so much older than its camera's newest is a crash's tail, or just being made


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that ought not to be: *path* inside the data directory, *fault* in words."""

    path: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a check found. *unsynced_s* is None where the recorder never said, or does not run."""

    segments: int
    size_bytes: int
    faults: tuple[Fault, ...]
    alive_us: int | None
    unsynced_s: float | None


def check(data: DataDirectory, *, hashes: bool = False) -> Report:
    """Compare files, index and ledgers; with *hashes* every byte is read and every root made again."""
    return _Check(data, hashes=hashes).report()


class _Check:
    def __init__(self, data: DataDirectory, *, hashes: bool) -> None:
        self._data = data
        self._archive = data.archive
        self._volumes = VolumePaths(data)
        self._hashes = hashes
        self._ledgers: dict[tuple[str, str], dict[tuple[str, str], Segment]] = {}

    def report(self) -> Report:
        rows, alive = self._rows()
        closed = [segment for segment, state in rows if state == CLOSED]
        faults = [fault for segment in closed for fault in self._segment(segment)]
        faults += self._strays(rows)
        return Report(
            segments=len(closed),
            size_bytes=sum(segment.size_bytes for segment in closed),
            faults=tuple(faults),
            alive_us=alive[0] if alive else None,
            unsynced_s=alive[1] if alive else None,
        )

    def _rows(self) -> tuple[list[tuple[Segment, int]], tuple[int, float] | None]:
        """The index as of one moment."""
        if not self._data.index.exists():
            return [], None
        connection = open_for_reading(self._data.index)
        try:
            connection.execute("BEGIN")
            rows = connection.execute(f"SELECT {SEGMENT_COLUMNS} FROM {SEGMENTS} ORDER BY start_us").fetchall()  # noqa: S608 - constants
            alive = connection.execute("SELECT utc_us, unsynced_s FROM alive").fetchone()
        finally:
            connection.close()
        return [(segment_of(row), row[10]) for row in rows], alive

    def _segment(self, segment: Segment) -> Iterator[Fault]:
        path = segment_path(self._archive, segment.key, segment.start_us)
        name = str(path.relative_to(self._data.root))
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            if self._still_there(segment):
                yield Fault(path=name, fault="the index has it, the file is missing")
            return
        if size != segment.size_bytes:
            yield Fault(path=name, fault=f"the file has {size} bytes, the index says {segment.size_bytes}")
            return
        fragments = read_fragments(path)
        if not fragments or fragments[-1].offset + fragments[-1].size != size or len(fragments) != segment.fragments:
            yield Fault(path=name, fault=f"{len(fragments)} whole fragments, the index says {segment.fragments}")
        elif self._hashes and _root(segment, path) != segment.root:
            yield Fault(path=name, fault="the content is not what was recorded")
        yield from self._entry(segment, name)

    def _entry(self, segment: Segment, name: str) -> Iterator[Fault]:
        told = self._ledger(segment).get((segment.key.stream, ledger.moment(segment.start_us)))
        if told is None:
            yield Fault(path=name, fault="no ledger knows it")
        elif (told.root, told.size_bytes, told.sequence) != (segment.root, segment.size_bytes, segment.sequence):
            yield Fault(path=name, fault="ledger and index differ")

    def _ledger(self, segment: Segment) -> dict[tuple[str, str], Segment]:
        where = segment.key.camera, day_of(segment.start_us)
        if where not in self._ledgers:
            self._ledgers = {where: {}}  # one day at a time
            for entry in ledger.day_entries(self._archive, *where):
                if entry["kind"] == "segment":
                    try:
                        told = ledger.read_segment(where[0], entry, volume=segment.volume)
                    except ValueError:
                        continue  # then its file has no entry, and is named
                    self._ledgers[where][told.key.stream, ledger.moment(told.start_us)] = told
        return self._ledgers[where]

    def _still_there(self, segment: Segment) -> bool:
        """Whether the row is still closed: retention may have taken file and row since the rows were read."""
        return any(row == segment and state != MARKED for row, state in self._rows()[0])

    def _strays(self, rows: list[tuple[Segment, int]]) -> Iterator[Fault]:
        """Files without a row that are no tail of a crash."""
        known = {(segment.key.camera, segment.key.stream, segment.start_us) for segment, _ in rows}
        newest: dict[str, int] = {}
        for segment, _ in rows:
            newest[segment.key.camera] = max(newest.get(segment.key.camera, 0), segment.start_us)
        for camera in cameras(self._archive):
            for day in days(self._archive, camera):
                for start_us, stream, path in segments_of_day(self._archive, camera, day):
                    if (
                        (camera, stream, start_us) not in known
                        and start_us < newest.get(camera, 0) - _NEW_US
                        and path.exists()
                    ):
                        yield Fault(path=str(path.relative_to(self._data.root)), fault="the index does not know it")


def _root(segment: Segment, path: Path) -> bytes:
    data = path.read_bytes()
    init = data[: read_init(data).size]
    leaves = [tree.first_leaf(segment.key.camera, segment.key.stream, segment.sequence, init)]
    leaves += [tree.leaf([data[f.offset : f.offset + f.size]]) for f in read_fragments(path)]
    return tree.root(leaves)
