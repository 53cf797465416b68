"""The index made again from files and ledgers, where it is missing or damaged.

No media file is opened: rows come from the ledgers, tables of fragments are read from the files when somebody asks. A file that no ledger
knows becomes an open row, which recovery reads and closes.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tawny.recorder.adapters.sqlite_index import SqliteIndex
from tawny.recorder.archive import ledger
from tawny.recorder.archive.ledger import Entry
from tawny.recorder.archive.model import NamedGap, Segment, StreamKey
from tawny.recorder.archive.paths import cameras, days, segments_of_day
from tawny.recorder.archive.ports import Change, FootageDeleted, GapRecorded, SegmentClosed, SegmentOpened
from tawny.runtime.data_directory import DataDirectory

_log = logging.getLogger(__name__)


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


def rebuild(archive: Path, volume: str) -> Iterator[Change]:
    """All that an empty index has to be told."""
    for camera in cameras(archive):
        yield from _Camera(archive, camera, volume).changes()


class _Camera:
    """One camera's part."""

    def __init__(self, archive: Path, camera: str, volume: str) -> None:
        self._archive = archive
        self._volume = volume
        self._camera = camera
        self._sequences: dict[StreamKey, int] = defaultdict(int)
        self._gaps: dict[StreamKey, dict[str, NamedGap]] = defaultdict(dict)
        self._starts: dict[StreamKey, list[int]] = defaultdict(list)

    def changes(self) -> Iterator[Change]:
        for day in days(self._archive, self._camera):
            yield from self._day(day)
        for key, gaps in self._gaps.items():
            yield from self._ended(key, list(gaps.values()))

    def _day(self, day: str) -> Iterator[Change]:
        told: dict[tuple[StreamKey, int], Segment] = {}
        gone: dict[tuple[StreamKey, int], Segment] = {}
        for entry in ledger.day_entries(self._archive, self._camera, day):
            try:
                self._read(entry, told, gone)
            except ValueError as error:
                _log.warning("an entry in the ledger of %s %s can't be read: %s", self._camera, day, error)
        for start_us, stream, path in segments_of_day(self._archive, self._camera, day):
            key = StreamKey(camera=self._camera, stream=stream)
            self._starts[key].append(start_us)
            gone.pop((key, start_us), None)
            segment = told.pop((key, start_us), None)
            if segment is None or path.stat().st_size != segment.size_bytes:
                sequence = segment.sequence if segment else self._sequences[key] + 1
                unread = Segment(
                    key=key,
                    volume=self._volume,
                    start_us=start_us,
                    end_us=None,
                    size_bytes=0,
                    fragments=0,
                    sequence=sequence,
                )
                yield SegmentOpened(segment=unread)
            else:
                sequence = segment.sequence
                yield SegmentClosed(segment=segment, table=None, leaves=None)
            self._sequences[key] = max(self._sequences[key], sequence)
        for (key, _), segment in gone.items():
            yield FootageDeleted(key=key, until_us=segment.end_us or 0, sequence=segment.sequence)

    def _read(
        self,
        entry: Entry,
        told: dict[tuple[StreamKey, int], Segment],
        gone: dict[tuple[StreamKey, int], Segment],
    ) -> None:
        match entry["kind"]:
            case "segment":
                segment = ledger.read_segment(self._camera, entry, volume=self._volume)
                told[segment.key, segment.start_us] = segment
            case "deleted":
                segment = ledger.read_segment(self._camera, entry, volume=self._volume)
                gone[segment.key, segment.start_us] = segment
            case "gap":
                gap = ledger.read_gap(self._camera, entry)
                self._gaps[gap.key][gap.id] = gap
            case "gap_ended":
                for gaps in self._gaps.values():
                    if (found := gaps.get(str(entry.get("gap")))) is not None:
                        gaps[found.id] = replace(found, end_us=ledger.read_moment(entry.get("to")))
            case _:
                pass  # kinds of a later version

    def _ended(self, key: StreamKey, gaps: list[NamedGap]) -> Iterator[Change]:
        """A gap whose end a crash left out of the ledger ended where the next thing began; only the last one may last."""
        starts = sorted([*self._starts[key], *(gap.start_us for gap in gaps)])
        for at, gap in enumerate(gaps):
            end_us = gap.end_us
            if end_us is None:
                later = [start for start in starts if start > gap.start_us]
                last = at == len(gaps) - 1
                end_us = later[0] if later else None if last else gap.start_us
            yield GapRecorded(gap=replace(gap, end_us=end_us))
