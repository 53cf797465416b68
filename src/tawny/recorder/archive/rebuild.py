"""The index made again from files and ledgers, where it is missing or damaged.

No media file is opened: rows come from the ledgers, tables of fragments are read from the files when somebody asks. A file that no ledger
knows becomes an open row, which recovery reads and closes.
"""

import logging
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from tawny.recorder.adapters.sqlite_index import SqliteIndex
from tawny.recorder.archive import ledger
from tawny.recorder.archive.ledger import Entry
from tawny.recorder.archive.model import Gone, NamedGap, Segment, StreamKey
from tawny.recorder.archive.paths import FoundSegment, cameras, days, segments_of_day
from tawny.recorder.archive.ports import (
    Change,
    FootageGone,
    GapRecorded,
    Index,
    SegmentClosed,
    SegmentOpened,
    VolumeRead,
)
from tawny.recorder.archive.volumes import read_identity, volume_paths
from tawny.runtime.data_directory import DataDirectory

_log = logging.getLogger(__name__)
_AT_ONCE = 1000  # changes in one transaction: the writer's own wait for them
_Segments = dict[tuple[str, StreamKey, int], Segment]  # by volume, stream and start


def open_index(data: DataDirectory) -> SqliteIndex:
    """The index of *data*, a new one in the place of a damaged one."""
    try:
        index = SqliteIndex(data.index)
        index.streams(), index.open_segments(), index.open_gaps(), index.oldest(1)
    except ValueError as error:
        _log.error("%s; it is made again", error)
        for suffix in ("", "-wal", "-shm"):
            path = data.index.with_name(data.index.name + suffix)
            if path.exists():
                path.rename(path.with_name(f"damaged-{path.name}"))
        return SqliteIndex(data.index)
    return index


def reindex(data: DataDirectory) -> int:
    """Put a new index in the place of the one there is; the number of its segments. The recorder must not run."""
    volumes = {volume: root for volume, root in volume_paths(data).items() if read_identity(root) == volume}
    beside = data.index.with_name(f"new-{data.index.name}")
    _remove(beside)
    with SqliteIndex(beside) as index:
        remake(index, volumes)
        segments = sum(stream.segments for stream in index.streams())
        for unread in index.open_segments():  # recovery closes them at the next start
            _log.info("%s has no entry in a ledger", unread)
    _remove(data.index)
    beside.rename(data.index)
    return segments


def _remove(index: Path) -> None:
    for suffix in ("-wal", "-shm", ""):
        index.with_name(index.name + suffix).unlink(missing_ok=True)


def remake(index: Index, volumes: Mapping[str, Path]) -> None:
    """Tell *index* all that lies on *volumes* (ids and roots); again after an interruption. Others may write to it meanwhile."""
    changes = rebuild(volumes)
    while some := list(islice(changes, _AT_ONCE)):
        index.apply(some)
    index.apply([VolumeRead(volume=volume) for volume in volumes])


def rebuild(volumes: Mapping[str, Path]) -> Iterator[Change]:
    """All that an index has to be told that knows nothing of *volumes* yet (ids and roots)."""
    for camera in sorted({camera for root in volumes.values() for camera in cameras(root)}):
        yield from _Camera(volumes, camera).changes()


class _Camera:
    """One camera's part."""

    def __init__(self, volumes: Mapping[str, Path], camera: str) -> None:
        self._volumes = volumes
        self._camera = camera
        self._sequences: dict[StreamKey, int] = defaultdict(int)
        self._gaps: dict[StreamKey, dict[str, NamedGap]] = defaultdict(dict)
        self._ends: dict[str, int] = {}  # of gaps; may stand on another volume than the beginning
        self._starts: dict[StreamKey, list[int]] = defaultdict(list)
        self._gone: list[FootageGone] = []  # with volumes

    def changes(self) -> Iterator[Change]:
        for day in sorted({day for root in self._volumes.values() for day in days(root, self._camera)}):
            yield from self._day(day)
        for key, gaps in self._gaps.items():
            ended = [replace(gap, end_us=self._ends.get(gap.id)) for gap in gaps.values()]
            yield from self._ended(key, sorted(ended, key=lambda gap: gap.start_us))
        yield from self._gone

    def _day(self, day: str) -> Iterator[Change]:
        told: _Segments = {}
        gone: _Segments = {}
        found: list[tuple[FoundSegment, str]] = []
        for volume, root in self._volumes.items():
            self._read_ledger(volume, root, day, told, gone)
            found += [(segment, volume) for segment in segments_of_day(root, self._camera, day)]
        for (start_us, stream, path), volume in sorted(found):
            key = StreamKey(camera=self._camera, stream=stream)
            self._starts[key].append(start_us)
            gone.pop((volume, key, start_us), None)
            yield self._file(told.get((volume, key, start_us)), key, volume, start_us, path)
        for (_, key, _), segment in gone.items():
            yield FootageGone(
                key=key,
                start_us=segment.start_us,
                end_us=segment.end_us or segment.start_us,
                why=Gone.DELETED,
                sequence=segment.sequence,
            )

    def _file(self, told: Segment | None, key: StreamKey, volume: str, start_us: int, path: Path) -> Change:
        if told is not None and path.stat().st_size == told.size_bytes:
            self._sequences[key] = max(self._sequences[key], told.sequence)
            return SegmentClosed(segment=told, table=None, leaves=None)
        sequence = told.sequence if told else self._sequences[key] + 1
        self._sequences[key] = max(self._sequences[key], sequence)
        unread = Segment(
            key=key, volume=volume, start_us=start_us, end_us=None, size_bytes=0, fragments=0, sequence=sequence
        )
        return SegmentOpened(segment=unread)

    def _read_ledger(self, volume: str, root: Path, day: str, told: _Segments, gone: _Segments) -> None:
        for entry in ledger.day_entries(root, self._camera, day):
            try:
                self._read(entry, volume, told, gone)
            except (ValueError, TypeError) as error:
                _log.warning("an entry in the ledger of %s %s can't be read: %s", self._camera, day, error)

    def _read(self, entry: Entry, volume: str, told: _Segments, gone: _Segments) -> None:
        match entry["kind"]:
            case "segment" | "deleted" as kind:
                segment = ledger.read_segment(self._camera, entry, volume=volume)
                (told if kind == "segment" else gone)[volume, segment.key, segment.start_us] = segment
            case "gap":
                gap = ledger.read_gap(self._camera, entry)
                self._gaps[gap.key][gap.id] = gap
            case "gap_ended":
                self._ends[str(entry.get("gap"))] = ledger.read_moment(entry.get("to"))
            case "footage_gone":
                self._gone += ledger.read_gone(self._camera, entry)
            case _:
                pass  # kinds of a later version

    def _ended(self, key: StreamKey, gaps: list[NamedGap]) -> Iterator[Change]:
        """A gap whose end a crash left out of the ledger ended where the next thing began; only the last one may last."""
        starts = sorted([*self._starts[key], *(gap.start_us for gap in gaps)])
        for at, gap in enumerate(gaps):
            end_us = gap.end_us
            if end_us is None:
                later = bisect_right(starts, gap.start_us)
                last = at == len(gaps) - 1
                end_us = starts[later] if later < len(starts) else None if last else gap.start_us
            yield GapRecorded(gap=replace(gap, end_us=end_us))
