"""The archive's index in SQLite: WAL, one writing connection, used by the archive's writer thread.

``synchronous=NORMAL``: after a power cut the last commits may be gone, never a part of one; recovery finds the files without them.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, assert_never

from tawny.recorder.archive.model import Gone, NamedGap, Segment, StreamKey
from tawny.recorder.archive.ports import (
    Alive,
    Change,
    DeletionMarked,
    FootageGone,
    GapRecorded,
    SegmentClosed,
    SegmentForgotten,
    SegmentOpened,
    StreamState,
    VolumeForgotten,
    VolumeRead,
    VolumeSeen,
)
from tawny.recorder.archive.schema import (
    CLOSED,
    FOOTAGE,
    JOIN_US,
    LONGEST_US,
    MARKED,
    OPEN,
    SCHEMA,
    SEGMENT_COLUMNS,
    SEGMENTS,
    VERSION,
    gap_of,
    segment_of,
)
from tawny.wire.media import StreamName

# the span of each stream's footage that a volume has a part in, from its first segment there to its last
_WITHIN = f"""FROM segments AS s WHERE s.stream = spans.stream AND s.volume = (SELECT number FROM volumes WHERE id = :volume)
  AND s.state = {CLOSED} AND s.start_us >= spans.start_us AND s.start_us < spans.end_us ORDER BY s.start_us"""  # noqa: S608 - constants
_LEAVING = f"""SELECT camera, streams.stream, sequence, why, start_us, end_us FROM streams JOIN (
  SELECT stream AS number, :why AS why, (SELECT s.start_us {_WITHIN} LIMIT 1) AS start_us,
    (SELECT s.end_us {_WITHIN} DESC LIMIT 1) AS end_us FROM spans WHERE what = '{FOOTAGE}'
  UNION SELECT stream, what, start_us, end_us FROM spans WHERE what != '{FOOTAGE}'
  ) ON number = streams.id WHERE start_us IS NOT NULL ORDER BY number, why, start_us"""  # noqa: S608 - constants


class SqliteIndex:
    """The index at *path*, made where missing.

    Invariant: ``spans`` is what closed segments cover, and what they covered that is gone, each joined over holes up to `JOIN_US`; ``streams`` counts
    closed and marked segments.
    """

    def __init__(self, path: Path) -> None:
        """ValueError where the file is damaged or none of ours, OSError where it can't be opened."""
        with _translated():
            # the archive hands the connection from its starting thread to its writer thread
            self._sql = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        try:
            self._prepare()
        except BaseException:
            self._sql.close()
            raise

    def _prepare(self) -> None:
        with _translated():
            self._sql.execute("PRAGMA journal_mode = WAL")
            self._sql.execute("PRAGMA synchronous = NORMAL")
            self._sql.execute("PRAGMA foreign_keys = ON")
            (version,) = self._sql.execute("PRAGMA user_version").fetchone()
            if version == VERSION:
                return
            if version:
                raise ValueError(f"index of version {version}")
            self._sql.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")

    def apply(self, changes: Iterable[Change]) -> None:
        with _translated():
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                for change in changes:
                    self._apply(change)
                self._sql.execute("COMMIT")
            except BaseException:
                if self._sql.in_transaction:
                    self._sql.execute("ROLLBACK")
                raise

    def _apply(self, change: Change) -> None:
        match change:
            case SegmentOpened(segment=segment):
                self._insert(segment, OPEN)
            case SegmentClosed():
                self._close(change)
            case DeletionMarked(segment=segment):
                self._set_state(segment, MARKED)
            case SegmentForgotten():
                self._forget(change)
            case FootageGone(key=key):
                self._sequence_seen(key, change.sequence)
                self._cover(self._stream(key), change.start_us, change.end_us, change.why)
            case GapRecorded(gap=gap):
                self._record_gap(gap)
            case Alive(utc_us=utc_us, unsynced_s=unsynced_s):
                self._sql.execute("INSERT OR REPLACE INTO alive VALUES (1, ?, ?)", (utc_us, unsynced_s))
            case VolumeRead(volume=volume):
                self._sql.execute("UPDATE volumes SET known = 1 WHERE number = ?", (self._volume(volume),))
            case VolumeSeen(volume=volume, there=there):
                self._sql.execute("UPDATE volumes SET there = ? WHERE id = ?", (there, volume))
            case VolumeForgotten():
                self._forget_volume(change)
            case _:
                assert_never(change)

    def _stream(self, key: StreamKey) -> int:
        where = (key.camera, key.stream)
        self._sql.execute("INSERT OR IGNORE INTO streams (camera, stream) VALUES (?, ?)", where)
        (number,) = self._sql.execute("SELECT id FROM streams WHERE camera = ? AND stream = ?", where).fetchone()
        return int(number)

    def _volume(self, volume: str) -> int:
        self._sql.execute("INSERT OR IGNORE INTO volumes (id) VALUES (?)", (volume,))
        (number,) = self._sql.execute("SELECT number FROM volumes WHERE id = ?", (volume,)).fetchone()
        return int(number)

    def _sequence_seen(self, key: StreamKey, sequence: int) -> None:
        self._sql.execute("UPDATE streams SET sequence = max(sequence, ?) WHERE id = ?", (sequence, self._stream(key)))

    def _insert(self, segment: Segment, state: int) -> int:
        stream = self._stream(segment.key)
        self._sequence_seen(segment.key, segment.sequence)
        where = (stream, self._volume(segment.volume))
        values = (segment.start_us, segment.end_us, state, segment.size_bytes, segment.fragments)
        rest = (segment.sequence, segment.root, segment.recovered)
        self._sql.execute(
            "INSERT OR IGNORE INTO segments (stream, volume, start_us, end_us, state, size_bytes, fragments, sequence, root,"
            " recovered) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*where, *values, *rest),
        )
        row = self._sql.execute("SELECT id FROM segments WHERE stream = ? AND start_us = ?", (stream, segment.start_us))
        return int(row.fetchone()[0])

    def _close(self, change: SegmentClosed) -> None:
        segment = change.segment
        number = self._insert(segment, OPEN)
        values = (segment.end_us, CLOSED, segment.size_bytes, segment.fragments, segment.sequence, segment.root)
        closed = self._sql.execute(
            "UPDATE segments SET end_us = ?, state = ?, size_bytes = ?, fragments = ?, sequence = ?, root = ?, recovered = ?"
            " WHERE id = ? AND state = ? AND volume = ?",
            (*values, segment.recovered, number, OPEN, self._volume(segment.volume)),
        )
        if not closed.rowcount:
            return
        if change.table is not None:
            self._sql.execute("INSERT OR REPLACE INTO tables VALUES (?, ?, ?)", (number, change.table, change.leaves))
        stream = self._stream(segment.key)
        self._count(stream, self._volume(segment.volume), segment.size_bytes, 1)
        self._cover(stream, segment.start_us, segment.end_us or segment.start_us)

    def _count(self, stream: int, volume: int, size_bytes: int, segments: int) -> None:
        self._sql.execute(
            "UPDATE streams SET size_bytes = size_bytes + ?, segments = segments + ? WHERE id = ?",
            (size_bytes, segments, stream),
        )
        self._sql.execute("UPDATE volumes SET size_bytes = size_bytes + ? WHERE number = ?", (size_bytes, volume))

    def _cover(self, stream: int, start_us: int, end_us: int, what: str = FOOTAGE) -> None:
        """Join the range with the spans that it touches."""
        touched = self._sql.execute(
            "SELECT start_us, end_us FROM spans WHERE stream = ? AND what = ? AND start_us <= ? AND end_us >= ?"
            " AND start_us >= (SELECT coalesce(max(start_us), 0) FROM spans WHERE stream = ? AND what = ? AND start_us <= ?)",
            (stream, what, end_us + JOIN_US, start_us - JOIN_US, stream, what, start_us),
        ).fetchall()
        for span_start, span_end in touched:
            self._remove_span(stream, what, span_start)
            start_us, end_us = min(start_us, span_start), max(end_us, span_end)
        self._sql.execute("INSERT OR REPLACE INTO spans VALUES (?, ?, ?, ?)", (stream, what, start_us, end_us))

    def _remove_span(self, stream: int, what: str, start_us: int) -> None:
        self._sql.execute("DELETE FROM spans WHERE stream = ? AND what = ? AND start_us = ?", (stream, what, start_us))

    def _uncover(self, stream: int, start_us: int, end_us: int) -> None:
        """Take the range out of the footage."""
        touched = self._sql.execute(
            "SELECT start_us, end_us FROM spans WHERE stream = ? AND what = ? AND start_us < ? AND end_us > ?"
            " AND start_us >= (SELECT coalesce(max(start_us), 0) FROM spans WHERE stream = ? AND what = ? AND start_us <= ?)",
            (stream, FOOTAGE, end_us, start_us, stream, FOOTAGE, start_us),
        ).fetchall()
        for span_start, span_end in touched:
            self._remove_span(stream, FOOTAGE, span_start)
            for left, right in ((span_start, start_us), (end_us, span_end)):
                if right > left:
                    self._sql.execute(
                        "INSERT OR REPLACE INTO spans VALUES (?, ?, ?, ?)", (stream, FOOTAGE, left, right)
                    )

    def _set_state(self, segment: Segment, state: int) -> None:
        self._sql.execute(
            "UPDATE segments SET state = ? WHERE stream = ? AND start_us = ? AND volume = ?",
            (state, self._stream(segment.key), segment.start_us, self._volume(segment.volume)),
        )

    def _forget(self, change: SegmentForgotten) -> None:
        segment, stream = change.segment, self._stream(change.segment.key)
        row = self._sql.execute(
            "DELETE FROM segments WHERE stream = ? AND start_us = ? AND volume = ? RETURNING state, size_bytes, end_us",
            (stream, segment.start_us, self._volume(segment.volume)),
        ).fetchone()
        if row is None:
            return
        state, size_bytes, end_us = row
        if state != OPEN:
            self._count(stream, self._volume(segment.volume), -size_bytes, -1)
            self._uncover(stream, segment.start_us, end_us)
            if change.deleted:
                self._cover(stream, segment.start_us, end_us, Gone.DELETED)

    def _forget_volume(self, change: VolumeForgotten) -> None:
        number = self._volume(change.volume)
        rows = self._sql.execute(
            "DELETE FROM segments WHERE id IN (SELECT id FROM segments WHERE volume = ? LIMIT ?)"
            " RETURNING stream, state, size_bytes, start_us, end_us",
            (number, change.number),
        ).fetchall()
        for stream, state, size_bytes, start_us, end_us in rows:
            if state != OPEN:
                self._count(stream, number, -size_bytes, -1)
                self._uncover(stream, start_us, end_us)
        if len(rows) < change.number:
            self._sql.execute("DELETE FROM volumes WHERE number = ?", (number,))

    def _record_gap(self, gap: NamedGap) -> None:
        self._sql.execute(
            "INSERT OR REPLACE INTO gaps VALUES (?, ?, ?, ?, ?, ?)",
            (gap.id, self._stream(gap.key), gap.start_us, gap.end_us, gap.reason, gap.title),
        )

    def streams(self) -> list[StreamState]:
        rows = self._all(
            "SELECT camera, stream, sequence, size_bytes, segments,"
            " coalesce((SELECT max(start_us) FROM segments WHERE stream = s.id), 0), max("
            " coalesce((SELECT coalesce(end_us, start_us) FROM segments WHERE stream = s.id ORDER BY start_us DESC LIMIT 1), 0),"
            " coalesce((SELECT coalesce(end_us, start_us) FROM gaps WHERE stream = s.id ORDER BY start_us DESC LIMIT 1), 0),"
            " coalesce((SELECT end_us FROM spans WHERE stream = s.id AND what = ? ORDER BY start_us DESC LIMIT 1), 0))"
            " FROM streams AS s ORDER BY camera, stream",
            Gone.DELETED,
        )
        return [
            StreamState(
                key=StreamKey(camera=camera, stream=StreamName(stream)),
                sequence=sequence,
                last_start_us=last_start_us,
                known_until_us=known_until_us,
                size_bytes=size_bytes,
                segments=segments,
            )
            for camera, stream, sequence, size_bytes, segments, last_start_us, known_until_us in rows
        ]

    def open_segments(self) -> list[Segment]:
        return self._segments(f"WHERE state = {OPEN} ORDER BY start_us")

    def marked_segments(self) -> list[Segment]:
        return self._segments(f"WHERE state = {MARKED} ORDER BY start_us")

    def oldest(
        self, number: int, *, volume: str | None = None, camera: str | None = None, since_us: int = 0
    ) -> list[Segment]:
        volumes = self._numbers("SELECT number FROM volumes WHERE ? IN (id, '')", volume or "")
        streams = [None] if camera is None else self._numbers("SELECT id FROM streams WHERE camera = ?", camera)
        found: list[Segment] = []
        for stream in streams:
            for one in volumes:  # each in its own index, so that no row is looked at in vain
                which = "" if stream is None else f"stream_id = {stream} AND "
                found += self._segments(
                    f"WHERE {which}volume_number = {one} AND state = {CLOSED} AND start_us >= ? ORDER BY start_us LIMIT ?",
                    *(since_us, number),
                )
        return sorted(found, key=lambda segment: segment.start_us)[:number]

    def size(self, *, from_us: int, to_us: int, camera: str | None = None, volume: str | None = None) -> int:
        found = 0
        for stream in self._numbers("SELECT id FROM streams WHERE ? IN (camera, '')", camera or ""):
            for one in self._numbers("SELECT number FROM volumes WHERE ? IN (id, '')", volume or ""):
                rows = self._all(
                    f"SELECT coalesce(sum(size_bytes), 0) FROM segments WHERE stream = {stream} AND volume = {one}"  # noqa: S608 - numbers
                    f" AND state = {CLOSED} AND start_us >= ? AND start_us < ? AND end_us > ?",
                    *(from_us - LONGEST_US, to_us, from_us),
                )
                found += rows[0][0]
        return found

    def knows(self, volume: str) -> bool:
        return bool(self._all("SELECT 1 FROM volumes WHERE id = ? AND known", volume))

    def leaving(self, volume: str, why: Gone) -> list[FootageGone]:
        # what else lay between its first and last segment is elsewhere, or went for a reason that counts before this one
        rows = self._all_named(_LEAVING, volume=volume, why=why)
        return [
            FootageGone(
                key=StreamKey(camera=camera, stream=StreamName(stream)),
                start_us=start_us,
                end_us=end_us,
                why=Gone(what),
                sequence=sequence,
            )
            for camera, stream, sequence, what, start_us, end_us in rows
        ]

    def volume_sizes(self) -> dict[str, int]:
        return dict(self._all("SELECT id, size_bytes FROM volumes"))

    def _numbers(self, query: str, *values: object) -> list[int]:
        return [number for (number,) in self._all(query, *values)]

    def starts_since(self, key: StreamKey, since_us: int) -> set[int]:
        rows = self._all(
            "SELECT start_us FROM segments WHERE start_us >= ? AND stream ="
            " (SELECT id FROM streams WHERE camera = ? AND stream = ?)",
            *(since_us, key.camera, key.stream),
        )
        return {start_us for (start_us,) in rows}

    def newest_starts(self, volume: str) -> dict[str, int]:
        rows = self._all(
            f"SELECT camera, (SELECT max(start_us) FROM segments WHERE stream = s.id AND state = {CLOSED} AND volume ="  # noqa: S608 - constants
            " (SELECT number FROM volumes WHERE volumes.id = ?)) AS newest FROM streams AS s ORDER BY newest",
            volume,
        )
        return {camera: start_us for camera, start_us in rows if start_us is not None}

    def open_gaps(self) -> list[NamedGap]:
        rows = self._all(
            "SELECT gaps.id, camera, streams.stream, start_us, end_us, reason, title"
            " FROM gaps JOIN streams ON streams.id = gaps.stream WHERE end_us IS NULL ORDER BY start_us"
        )
        return [gap_of(row) for row in rows]

    def alive_us(self) -> int | None:
        rows = self._all("SELECT utc_us FROM alive")
        return rows[0][0] if rows else None

    def close(self) -> None:
        with _translated():
            self._sql.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _segments(self, rest: str, *values: object) -> list[Segment]:
        return [segment_of(row) for row in self._all(f"SELECT {SEGMENT_COLUMNS} FROM {SEGMENTS} {rest}", *values)]  # noqa: S608 - constants

    def _all(self, query: str, *values: object) -> list[Any]:
        with _translated():
            return self._sql.execute(query, values).fetchall()

    def _all_named(self, query: str, **values: object) -> list[Any]:
        with _translated():
            return self._sql.execute(query, values).fetchall()


@contextmanager
def _translated() -> Iterator[None]:
    """SQLite's errors in our words: ValueError for a file that is no index of ours, OSError for one that can't be used now."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(f"the index can't be used: {error}") from error
    except sqlite3.DatabaseError as error:
        raise ValueError(f"the index is damaged: {error}") from error
