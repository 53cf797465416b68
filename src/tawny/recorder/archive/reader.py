"""Reading the archive, from any process and thread; nothing here writes."""

import os
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tawny.recorder.archive import fragment_table
from tawny.recorder.archive.model import ArchiveSummary, Gap, GapReason, Gone, SegmentInfo, StreamKey, Timeline
from tawny.recorder.archive.paths import days, segment_path, segments_of_day
from tawny.recorder.archive.schema import CLOSED, FOOTAGE, JOIN_US, LONGEST_US, OPEN, open_for_reading
from tawny.recorder.archive.timeline import days_of, gone, joined, overlaid, timeline
from tawny.recorder.archive.volumes import VolumePaths
from tawny.runtime.data_directory import DataDirectory
from tawny.wire.media import VIDEO_TRACK, StreamName
from tawny.wire.mp4.movie import MoviePart
from tawny.wire.mp4.reading import MAX_INIT_SIZE, PREFIX_SIZE, FragmentInfo, Init, head_size, read_head, read_init

_PEEK = 1024  # holds the head of a second of most streams
_FOREVER_US = 2**62
_APART_US = 120_000_000  # how much later than another's a volume's files may get their rows, where it is slow
_STREAM = "(SELECT id FROM streams WHERE camera = ? AND stream = ?)"
_INFO = "(SELECT id FROM volumes WHERE number = volume), start_us, end_us, size_bytes"


class ArchiveReader:
    """What is in the archive of *data*.

    Invariants: it sees what the recorder committed, and the open segments up to their last whole fragment; an index that is missing
    reads as an empty archive, one that was replaced is opened again.
    """

    def __init__(self, data: DataDirectory) -> None:
        self._data = data
        self._volumes = VolumePaths(data)
        self._lock = threading.Lock()
        self._sql: sqlite3.Connection | None = None
        self._inode = 0

    def close(self) -> None:
        """Give the index back."""
        with self._lock:
            self._drop()

    def timeline(
        self,
        camera: str,
        *,
        from_us: int,
        to_us: int,
        added_us: int | None = None,
        now_us: int | None = None,
        stream: StreamName | None = None,
    ) -> Timeline:
        """The range cut into spans and gaps; of all the camera's streams together where *stream* is None.

        Before *added_us* the camera was not known; what lies beyond *now_us* is left out.
        """
        to_us = to_us if now_us is None else max(from_us, min(to_us, now_us))
        spans: list[tuple[int, int]] = []
        recorded: list[Gap] = []
        keys = [StreamKey(camera=camera, stream=name) for name in (StreamName if stream is None else (stream,))]
        absent = bool(self._all("SELECT 1 FROM volumes WHERE NOT there"))
        for key in keys:
            spans += (self._spans_there if absent else self._spans)(key, from_us, to_us)
            recorded = recorded or self._gaps(key, from_us, to_us)  # of the main stream where it has any
        reasons = overlaid(self._gone(keys, from_us, to_us, absent=absent), recorded)
        return timeline(joined(spans, hole_us=JOIN_US), reasons, from_us=from_us, to_us=to_us, added_us=added_us or 0)

    def days(self, camera: str, *, from_us: int, to_us: int, zone: ZoneInfo) -> list[date]:
        """The days in *zone* on which the range has footage."""
        spans = [s for name in StreamName for s in self._spans(StreamKey(camera=camera, stream=name), from_us, to_us)]
        return days_of(((max(a, from_us), min(b, to_us)) for a, b in spans), zone)

    def segments(self, camera: str, stream: StreamName, *, from_us: int, to_us: int) -> list[SegmentInfo]:
        """The segments with footage in the range, in the order of time; the newest may have no row yet."""
        key = StreamKey(camera=camera, stream=stream)
        rows = self._all(
            f"SELECT {_INFO} FROM segments WHERE stream = (SELECT id FROM streams WHERE camera = ?"  # noqa: S608 - constants
            " AND stream = ?) AND start_us < ? AND start_us >= ? AND (end_us IS NULL OR end_us > ?) ORDER BY start_us",
            *(camera, stream, to_us, from_us - LONGEST_US, from_us),
        )
        found = [self._info(key, *row) for row in rows]
        return sorted([*found, *self._without_row(key, from_us, to_us)], key=lambda segment: segment.start_us)

    def segment_from(self, key: StreamKey, moment_us: int) -> SegmentInfo | None:
        """The segment that holds *moment_us*, else the first after it."""
        near = self.segments(key.camera, key.stream, from_us=moment_us, to_us=moment_us + 1)
        holding = [s for s in near if s.end_us is not None or _holds(s, moment_us)]
        return holding[-1] if holding else self.segment_after(key, moment_us)

    def segment_after(self, key: StreamKey, start_us: int) -> SegmentInfo | None:
        """The first segment that starts after *start_us*."""
        rows = self._all(
            f"SELECT {_INFO} FROM segments WHERE stream = (SELECT id FROM streams WHERE camera = ?"  # noqa: S608 - constants
            " AND stream = ?) AND start_us > ? ORDER BY start_us LIMIT 1",
            *(key.camera, key.stream, start_us),
        )
        found = [self._info(key, *row) for row in rows] or self._without_row(key, start_us + 1, _FOREVER_US)
        return next((segment for segment in found if segment.start_us > start_us), None)

    def fragments(self, segment: SegmentInfo) -> list[FragmentInfo]:
        """The whole fragments of *segment*, in the file's order; none where the file is gone."""
        if segment.end_us is not None:
            blob = self._table(segment)
            if blob is not None:
                return fragment_table.unpack(blob)
        return read_fragments(segment.path)

    def init(self, segment: SegmentInfo) -> bytes:
        """The segment's ``ftyp moov``; FileNotFoundError where it is gone, ValueError where it is damaged."""
        with segment.path.open("rb") as file:
            data = file.read(MAX_INIT_SIZE)
        return data[: read_init(data).size]

    def movie_part(self, segment: SegmentInfo, fragments: Sequence[FragmentInfo]) -> MoviePart:
        """*fragments* of *segment* as a part of a movie; FileNotFoundError where the segment is gone."""
        init = self.init(segment)
        descriptor = os.open(segment.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            heads = [(f.offset, _head_at(descriptor, f.offset)[0]) for f in fragments]
        finally:
            os.close(descriptor)
        return MoviePart(source=str(segment.path), start_us=segment.start_us, init=init, heads=heads)

    def summary(self) -> ArchiveSummary:
        """How far the archive reaches back, what is open included, and the size of what is closed."""
        rows = self._all(
            f"SELECT (SELECT min((SELECT min(start_us) FROM segments WHERE volume = number AND state = {CLOSED})) FROM volumes),"  # noqa: S608 - constants
            f" (SELECT min(start_us) FROM segments WHERE state = {OPEN}), coalesce(sum(size_bytes), 0),"
            " coalesce(sum(segments), 0) FROM streams"
        )
        closed_us, open_us, size_bytes, segments = rows[0] if rows else (None, None, 0, 0)
        oldest_us = min((start for start in (closed_us, open_us) if start is not None), default=None)
        return ArchiveSummary(oldest_us=oldest_us, size_bytes=size_bytes, segments=segments)

    def _spans(self, key: StreamKey, from_us: int, to_us: int) -> list[tuple[int, int]]:
        """Footage that touches the range: merged spans, and what is open."""
        return [*self._merged(key, FOOTAGE, from_us, to_us), *self._opened(key, from_us, to_us)]

    def _opened(self, key: StreamKey, from_us: int, to_us: int) -> list[tuple[int, int]]:
        rows = self._all(
            f"SELECT {_INFO} FROM segments INDEXED BY segments_open WHERE state = {OPEN} AND stream = {_STREAM} AND start_us < ?",  # noqa: S608 - constants
            *(key.camera, key.stream, to_us),
        )
        unfinished = [self._info(key, *row) for row in rows] + self._without_row(key, from_us, to_us)
        return [span for info in unfinished if (span := _open_span(info)) is not None]

    def _spans_there(self, key: StreamKey, from_us: int, to_us: int) -> list[tuple[int, int]]:
        """As `_spans`, without what is on volumes that are not there."""
        closed = [
            span
            for (number,) in self._all("SELECT number FROM volumes WHERE there")
            for span in self._all(
                f"SELECT start_us, end_us FROM segments WHERE stream = {_STREAM} AND volume = ? AND state = {CLOSED}"  # noqa: S608 - constants
                " AND start_us >= ? AND start_us < ? AND end_us > ?",
                *(key.camera, key.stream, number, from_us - LONGEST_US, to_us, from_us),
            )
        ]
        return [*closed, *self._opened(key, from_us, to_us)]

    def _merged(self, key: StreamKey, what: str, from_us: int, to_us: int) -> list[tuple[int, int]]:
        """The spans that touch the range."""
        which = f"stream = {_STREAM} AND what = ?"
        return self._all(
            f"SELECT start_us, end_us FROM spans WHERE {which} AND start_us < ? AND start_us >="  # noqa: S608 - constants
            f" coalesce((SELECT max(start_us) FROM spans WHERE {which} AND start_us <= ?), 0) AND end_us > ?",
            *(key.camera, key.stream, what, to_us, key.camera, key.stream, what, from_us, from_us),
        )

    def _gone(self, keys: Sequence[StreamKey], from_us: int, to_us: int, *, absent: bool) -> list[Gap]:
        """Where footage was that is gone, or (*absent*) may be on a volume that is not there: what is there hides it."""
        found: list[Gap] = []
        for why in Gone:
            whats = [why, FOOTAGE] if absent and why is Gone.AWAY else [why]
            spans = [span for key in keys for what in whats for span in self._merged(key, what, from_us, to_us)]
            found = overlaid(found, gone(joined(spans, hole_us=JOIN_US), why))
        return found

    def _gaps(self, key: StreamKey, from_us: int, to_us: int) -> list[Gap]:
        """The gaps that were recorded."""
        rows = self._all(
            # gaps follow each other: one that reaches into the range is among the last few that began before it
            f"SELECT start_us, end_us, reason, title FROM gaps WHERE stream = {_STREAM} AND start_us < ? AND start_us >="  # noqa: S608 - constants
            f" coalesce((SELECT min(start_us) FROM (SELECT start_us FROM gaps WHERE stream = {_STREAM} AND start_us <= ?"
            " ORDER BY start_us DESC LIMIT 16)), 0) AND (end_us IS NULL OR end_us > ?) ORDER BY start_us",
            *(key.camera, key.stream, to_us, key.camera, key.stream, from_us, from_us),
        )
        return [
            Gap(from_us=start, to_us=to_us if end is None else end, reason=GapReason(reason), title=title)
            for start, end, reason, title in rows
        ]

    def _without_row(self, key: StreamKey, from_us: int, to_us: int) -> list[SegmentInfo]:
        """Files that the recorder made within its last cycle: they get their rows once they are safe, those of a lost volume at once."""
        closed = self._all(
            f"SELECT start_us FROM segments WHERE stream = {_STREAM} AND state = {CLOSED} ORDER BY start_us DESC LIMIT 1",  # noqa: S608 - constants
            *(key.camera, key.stream),
        )
        since_us = max(closed[0][0] - _APART_US if closed else 0, from_us - LONGEST_US)
        if to_us <= since_us:
            return []
        rows = self._all(
            f"SELECT start_us FROM segments WHERE stream = {_STREAM} AND start_us >= ?",  # noqa: S608 - constants
            *(key.camera, key.stream, since_us),
        )
        return [
            self._info(key, volume, found.start_us, None, 0)
            for volume, root in self._volumes.all().items()
            for day in days(root, key.camera)[-1:]
            for found in segments_of_day(root, key.camera, day, since_us=since_us)
            if found.stream is key.stream and found.start_us < to_us and (found.start_us,) not in rows
        ]

    def _info(self, key: StreamKey, volume: str, start_us: int, end_us: int | None, size_bytes: int) -> SegmentInfo:
        path = segment_path(self._volumes.of(volume), key, start_us)
        return SegmentInfo(key=key, volume=volume, path=path, start_us=start_us, end_us=end_us, size_bytes=size_bytes)

    def _table(self, segment: SegmentInfo) -> bytes | None:
        rows = self._all(
            "SELECT tables.fragments FROM tables JOIN segments ON segments.id = tables.segment WHERE start_us = ? AND stream ="
            " (SELECT id FROM streams WHERE camera = ? AND stream = ?)",
            *(segment.start_us, segment.key.camera, segment.key.stream),
        )
        found: bytes | None = rows[0][0] if rows else None
        return found

    def _all(self, query: str, *values: object) -> list[Any]:
        """The rows of *query*; none while there is no index, or while it is being replaced."""
        with self._lock:
            for _ in range(2):
                connection = self._connection()
                if connection is None:
                    return []
                try:
                    return connection.execute(query, values).fetchall()
                except sqlite3.DatabaseError:
                    self._drop()  # replaced or made again meanwhile: once more with what is there now
        return []

    def _connection(self) -> sqlite3.Connection | None:
        try:
            inode = self._data.index.stat().st_ino
        except FileNotFoundError:
            self._drop()
            return None
        if self._sql is None or inode != self._inode:
            self._drop()
            try:
                self._sql = open_for_reading(self._data.index)
            except sqlite3.Error:
                return None
            self._inode = inode
        return self._sql

    def _drop(self) -> None:
        if self._sql is not None:
            self._sql.close()
            self._sql = None


def until(info: SegmentInfo, fragments: Sequence[FragmentInfo], init: Init) -> int:
    """The end of the footage in an open segment."""
    video = [f for f in fragments if f.track == VIDEO_TRACK] or list(fragments)
    last = video[-1]
    return info.start_us + (last.decode_time + last.duration) * 1_000_000 // init.formats[last.track].timescale


def _holds(info: SegmentInfo, moment_us: int) -> bool:
    span = _open_span(info)
    return span is not None and moment_us < span[1]


def _open_span(info: SegmentInfo) -> tuple[int, int] | None:
    fragments = read_fragments(info.path)
    if not fragments:
        return None
    with info.path.open("rb") as file:
        init = read_init(file.read(MAX_INIT_SIZE))
    return info.start_us, until(info, fragments, init)


def read_fragments(path: Path) -> list[FragmentInfo]:
    """The whole fragments of a file, by their heads alone; what is torn or foreign ends the list."""
    found: list[FragmentInfo] = []
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return found
    try:
        size = os.fstat(descriptor).st_size
        offset = read_init(os.pread(descriptor, MAX_INIT_SIZE, 0)).size
        while size - offset >= PREFIX_SIZE:
            info = _head_at(descriptor, offset)[1]
            if offset + info.size > size:
                break
            found.append(info)
            offset += info.size
    except ValueError:
        pass  # still being written, or torn: what came before it is whole
    finally:
        os.close(descriptor)
    return found


def _head_at(descriptor: int, offset: int) -> tuple[bytes, FragmentInfo]:
    head = os.pread(descriptor, _PEEK, offset)
    size = head_size(head)
    if size > len(head):
        head = os.pread(descriptor, size, offset)
    return head[:size], replace(read_head(head[:size]), offset=offset)
