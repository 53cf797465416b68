"""Checking an archive against its index and ledgers, while the recorder runs or not; nothing is changed.

It goes camera by camera and day by day, so that an archive of any size needs the memory of one day.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tawny.recorder.archive import ledger
from tawny.recorder.archive.model import Segment
from tawny.recorder.archive.paths import cameras, days, hours, read_name
from tawny.recorder.archive.reader import read_fragments
from tawny.recorder.archive.schema import CLOSED, MARKED, SEGMENT_COLUMNS, SEGMENTS, open_for_reading, segment_of
from tawny.recorder.archive.volumes import read_identity, volume_paths
from tawny.runtime.clock import from_utc_us
from tawny.runtime.data_directory import DataDirectory
from tawny.wire.evidence import tree
from tawny.wire.mp4.reading import read_init

_NEW_US = 120_000_000  # a file without a row that is at most so much older than its camera's newest is a crash's tail, or just being made
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that ought not to be: *path* inside the data directory (a whole path where it is outside), *fault* in words."""

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
    """Compare names and sizes of files with index and ledgers; with *hashes* every byte is read and every root made again."""
    if not data.index.exists():
        return _Check(data, None, hashes=hashes).report()
    with closing(open_for_reading(data.index)) as connection:
        connection.execute("BEGIN")  # the index as of one moment
        return _Check(data, connection, hashes=hashes).report()


@dataclass(slots=True)
class _Row:
    """A row of the index, and the name of its file below the day."""

    segment: Segment
    state: int
    name: str


class _Check:
    def __init__(self, data: DataDirectory, connection: sqlite3.Connection | None, *, hashes: bool) -> None:
        self._data = data
        self._sql = connection
        self._hashes = hashes
        paths = volume_paths(data)
        self._volumes = {volume: root for volume, root in paths.items() if read_identity(root) == volume}
        self._missing = {volume: root for volume, root in paths.items() if volume not in self._volumes}
        self._segments = 0
        self._size_bytes = 0

    def report(self) -> Report:
        faults = [*self._missing_volumes(), *(fault for camera in self._cameras() for fault in self._camera(camera))]
        alive = self._all("SELECT utc_us, unsynced_s FROM alive")
        return Report(
            segments=self._segments,
            size_bytes=self._size_bytes,
            faults=tuple(faults),
            alive_us=alive[0][0] if alive else None,
            unsynced_s=alive[0][1] if alive else None,
        )

    def _all(self, query: str, *values: object) -> list[Any]:
        return [] if self._sql is None else self._sql.execute(query, values).fetchall()

    def _missing_volumes(self) -> Iterator[Fault]:
        for volume, root in self._missing.items():
            number = "SELECT number FROM volumes WHERE id = ?"
            ((segments,),) = self._all(f"SELECT count(*) FROM segments WHERE volume = ({number})", volume) or [(0,)]  # noqa: S608 - constant
            yield Fault(path=self._name(root), fault=f"the drive is not there, and {segments} segments with it")

    def _cameras(self) -> list[str]:
        found = {camera for root in self._volumes.values() for camera in cameras(root)}
        known = [] if self._sql is None else self._sql.execute("SELECT DISTINCT camera FROM streams").fetchall()
        return sorted(found | {camera for (camera,) in known})

    def _camera(self, camera: str) -> Iterator[Fault]:
        streams = "SELECT id FROM streams WHERE camera = ?"
        starts = f"SELECT DISTINCT start_us / {_DAY_US} FROM segments WHERE stream IN ({streams})"  # noqa: S608 - constants
        found = {from_utc_us(number * _DAY_US).strftime("%Y-%m-%d") for (number,) in self._all(starts, camera)}
        found |= {day for root in self._volumes.values() for day in days(root, camera)}
        newest: dict[str, int] = dict(
            self._all(
                f"SELECT (SELECT id FROM volumes WHERE number = volume), max(start_us) FROM segments WHERE stream IN ({streams})"  # noqa: S608 - names of our own
                " GROUP BY volume",
                camera,
            )
        )
        for day in sorted(found):
            rows = self._rows(camera, day)
            for volume, root in self._volumes.items():
                here = [row for row in rows if row.segment.volume == volume]
                yield from self._day(root, camera, day, here, newest_us=newest.get(volume, 0))

    def _rows(self, camera: str, day: str) -> list[_Row]:
        start_us = ledger.read_moment(f"{day}T00:00:00.000000Z")
        rows = self._all(
            f"SELECT {SEGMENT_COLUMNS} FROM {SEGMENTS} WHERE stream_id IN (SELECT id FROM streams WHERE camera = ?)"  # noqa: S608 - constants
            " AND start_us >= ? AND start_us < ?",
            *(camera, start_us, start_us + _DAY_US),
        )
        found = []
        for row in rows:
            segment = segment_of(row)
            found.append(_Row(segment, row[10], _file(day, segment, segment.start_us - start_us)))
        return found

    def _day(self, root: Path, camera: str, day: str, rows: list[_Row], *, newest_us: int) -> Iterator[Fault]:
        directory = root / camera / day
        files = {f"{hour}/{name}": size for hour in hours(directory) for name, size in _sizes(directory / hour)}
        told = {str(e.get("file")): e for e in ledger.day_entries(root, camera, day) if e["kind"] == "segment"}
        for row in rows:
            size = files.pop(row.name, None)
            if row.state == CLOSED:
                self._segments += 1
                self._size_bytes += row.segment.size_bytes
                yield from self._segment(row, directory / row.name, size, told.get(row.name))
        for name in files:
            yield from self._stray(directory / name, newest_us)

    def _segment(self, row: _Row, path: Path, size: int | None, told: ledger.Entry | None) -> Iterator[Fault]:
        segment, name = row.segment, self._name(path)
        if size is None:
            if self._still_there(segment):
                yield Fault(path=name, fault="the index has it, the file is missing")
            return
        if size != segment.size_bytes:
            yield Fault(path=name, fault=f"the file has {size} bytes, the index says {segment.size_bytes}")
            return
        if self._hashes:
            yield from self._content(segment, path)
        if told is None:
            yield Fault(path=name, fault="no ledger knows it")
        elif (told.get("root"), told.get("bytes"), told.get("sequence")) != (
            segment.root.hex(),
            segment.size_bytes,
            segment.sequence,
        ):
            yield Fault(path=name, fault="ledger and index differ")

    def _content(self, segment: Segment, path: Path) -> Iterator[Fault]:
        fragments = read_fragments(path)
        whole = sum(f.size for f in fragments) + fragments[0].offset if fragments else 0
        if whole != segment.size_bytes or len(fragments) != segment.fragments:
            fault = f"{len(fragments)} whole fragments, the index says {segment.fragments}"
            yield Fault(path=self._name(path), fault=fault)
        elif _root(segment, path) != segment.root:
            yield Fault(path=self._name(path), fault="the content is not what was recorded")

    def _still_there(self, segment: Segment) -> bool:
        """Whether the row is still closed: retention may have taken file and row since the check began."""
        with closing(open_for_reading(self._data.index)) as connection:
            row = connection.execute(
                "SELECT state FROM segments JOIN streams ON streams.id = segments.stream"
                " WHERE camera = ? AND streams.stream = ? AND start_us = ?",
                (segment.key.camera, segment.key.stream, segment.start_us),
            ).fetchone()
        return row is not None and row[0] != MARKED

    def _stray(self, path: Path, newest_us: int) -> Iterator[Fault]:
        """A file without a row is a fault where it is no tail of a crash."""
        found = read_name(path)
        if found is not None and found.start_us < newest_us - _NEW_US and path.exists():
            yield Fault(path=self._name(path), fault="the index does not know it")

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self._data.root)) if path.is_relative_to(self._data.root) else str(path)


def _file(day: str, segment: Segment, since_midnight_us: int) -> str:
    """The name of the segment's file below its day; `paths.segment_path` in a tenth of the time."""
    seconds, us = divmod(since_midnight_us, 1_000_000)
    hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hour:02}/{day.replace('-', '')}T{hour:02}{minute:02}{second:02}.{us:06}Z-{segment.key.stream}.mp4"


def _sizes(hour: Path) -> Iterator[tuple[str, int]]:
    try:
        with os.scandir(hour) as found:
            for entry in found:
                try:
                    yield entry.name, entry.stat(follow_symlinks=False).st_size
                except FileNotFoundError:
                    continue  # removed meanwhile, by retention
    except FileNotFoundError:
        return


def _root(segment: Segment, path: Path) -> bytes:
    data = path.read_bytes()
    init = data[: read_init(data).size]
    leaves = [tree.first_leaf(segment.key.camera, segment.key.stream, segment.sequence, init)]
    leaves += [tree.leaf([data[f.offset : f.offset + f.size]]) for f in read_fragments(path)]
    return tree.root(leaves)
