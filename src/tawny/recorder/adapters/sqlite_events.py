"""``events.db``: the log of events, kept with the standard library's SQLite.

``synchronous=NORMAL``: a power cut may take the last commits along, never a part of one.
"""

import heapq
import json
import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, product
from pathlib import Path

from tawny.recorder.events.model import By, Change, Cursor, Direction, Ended, Event, Kind, Page, Wanted

_log = logging.getLogger(__name__)
_VERSION = 1
_FOREVER_US = 2**62
_SCHEMA = """
CREATE TABLE events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    camera TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    until_us INTEGER,
    received_us INTEGER NOT NULL,
    rest TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_time ON events (at_us);
CREATE INDEX events_by_camera ON events (camera, at_us);
CREATE INDEX events_by_camera_and_kind ON events (camera, kind, at_us);
CREATE INDEX events_by_kind ON events (kind, at_us);
CREATE INDEX events_that_last ON events (id) WHERE until_us IS NULL;
"""
_COLUMNS = "number, id, camera, kind, at_us, until_us, received_us, rest"
_AT_ONCE = 10_000  # rows that one statement deletes: readers and writers get their turn between

_Row = tuple[int, str, str, str, int, int | None, int, str]


class SqliteEvents:
    """The log at *path*, made where it is missing; a file that is damaged is put aside and begun anew.

    Invariant: an event is one row, from its beginning on; its end is filled in.
    """

    def __init__(self, path: Path) -> None:
        """ValueError where a newer Tawny wrote the file. One that can't be opened is tried again at each call."""
        self._path = path
        self._opened: sqlite3.Connection | None = None
        try:
            self._opened = self._open()
        except OSError as error:  # a recorder whose disk has no room for events records
            _log.warning("%s", error)

    @property
    def _sql(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connected()
        except sqlite3.OperationalError as error:  # no room, no permission, locked: the file is as it was
            raise OSError(f"the log of events can't be opened: {error}") from error
        except sqlite3.DatabaseError as error:
            _log.warning("the log of events is damaged (%s): put aside as %s.damaged", error, self._path.name)
            self._put_aside()
            with _translated():
                return self._connected()

    def _connected(self) -> sqlite3.Connection:
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        sql = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=5)
        try:
            sql.execute("PRAGMA journal_mode = WAL")
            sql.execute("PRAGMA synchronous = NORMAL")
            _prepare(sql)
        except BaseException:
            sql.close()
            raise
        return sql

    def _put_aside(self) -> None:
        for suffix in ("-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._path.replace(self._path.with_name(self._path.name + ".damaged"))

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()

    def apply(self, changes: Sequence[Change]) -> None:
        with self._writing():
            for change in changes:
                if isinstance(change, Ended):
                    self._sql.execute(
                        "UPDATE events SET until_us = max(?, at_us) WHERE id = ?", (change.until_us, change.id)
                    )
                else:
                    self._insert(change)

    def _insert(self, event: Event) -> None:
        rest = {
            "title": event.title,
            "camera_us": event.camera_us,
            "topic": event.topic,
            "source": dict(event.source),
            "data": dict(event.data),
            "classes": event.classes,
            "by": event.by,
        }
        kept = {name: value for name, value in rest.items() if value}
        text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        moments = (event.at_us, event.until_us, event.received_us)
        self._sql.execute(
            "INSERT OR IGNORE INTO events (id, camera, kind, at_us, until_us, received_us, rest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (event.id, event.camera, event.kind, *moments, text),
        )

    def page(self, wanted: Wanted) -> Page:
        with _translated():
            rows = list(islice(heapq.merge(*self._searches(wanted), key=_newest_first), wanted.limit + 1))
        events = tuple(_event(row) for row in rows[: wanted.limit])
        last = rows[wanted.limit - 1] if len(rows) > wanted.limit else None
        return Page(events=events, then=None if last is None else Cursor(at_us=last[4], number=last[0]))

    def _searches(self, wanted: Wanted) -> Iterator[list[_Row]]:
        """One walk along an index for each camera and kind: a single statement would sort all that they have."""
        cameras: Iterable[str | None] = wanted.cameras or [None]
        kinds: Iterable[str | None] = wanted.kinds or [None]
        for camera, kind in product(cameras, kinds):
            yield self._search(camera, kind, wanted)

    def _search(self, camera: str | None, kind: str | None, wanted: Wanted) -> list[_Row]:
        to_us = _FOREVER_US if wanted.to_us is None else wanted.to_us
        before = wanted.before or Cursor(at_us=to_us, number=0)
        conditions = ["at_us >= ?", "at_us < ?", "(at_us, number) < (?, ?)"]
        values: list[str | int] = [wanted.from_us, to_us, before.at_us, before.number]
        for column, value in (("camera", camera), ("kind", kind)):
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(value)
        query = (
            f"SELECT {_COLUMNS} FROM events WHERE {' AND '.join(conditions)} ORDER BY at_us DESC, number DESC LIMIT ?"  # noqa: S608 - constants
        )
        return self._sql.execute(query, (*values, wanted.limit + 1)).fetchall()

    def near(self, camera: str, at_us: int, direction: Direction) -> int | None:
        query = (
            "SELECT min(at_us) FROM events WHERE camera = ? AND at_us > ?"
            if direction is Direction.NEXT
            else "SELECT max(at_us) FROM events WHERE camera = ? AND at_us < ?"
        )
        with _translated():
            (moment,) = self._sql.execute(query, (camera, at_us)).fetchone()
        return None if moment is None else int(moment)

    def settle(self) -> int:
        with self._writing():
            (last,) = self._sql.execute(
                "SELECT max(received_us, coalesce(until_us, 0)) FROM events ORDER BY number DESC LIMIT 1"
            ).fetchone() or (0,)
            return self._sql.execute(
                "UPDATE events SET until_us = max(at_us, ?) WHERE until_us IS NULL", (last,)
            ).rowcount

    def prune(self, *, before_us: int, most: int) -> int:
        gone = self._delete(
            "SELECT number FROM events WHERE at_us < ? AND until_us < ? ORDER BY at_us", before_us, before_us
        )
        with _translated():
            (kept,) = self._sql.execute("SELECT count(*) FROM events").fetchone()
        return gone if kept <= most else gone + self._thin(kept - most + most // 100)

    def _thin(self, surplus: int) -> int:
        """Forget the oldest *surplus* events of those who have the most: who tells too much harms nobody else."""
        with _translated():
            counts = dict(self._sql.execute("SELECT camera, count(*) FROM events GROUP BY camera").fetchall())
        level = _level(list(counts.values()), surplus)
        return sum(
            self._delete("SELECT number FROM events WHERE camera = ? ORDER BY at_us", camera, most=count - level)
            for camera, count in counts.items()
        )

    def _delete(self, query: str, *values: str | int, most: int = _FOREVER_US) -> int:
        """Delete the first *most* rows that *query* finds."""
        gone = 0
        while gone < most:
            with self._writing():
                limit = min(_AT_ONCE, most - gone)
                statement = f"DELETE FROM events WHERE number IN ({query} LIMIT ?)"  # noqa: S608 - constants
                deleted = self._sql.execute(statement, (*values, limit)).rowcount
            gone += deleted
            if deleted < limit:
                break
        return gone

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with _translated():
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._sql.execute("COMMIT")
            except BaseException:
                if self._sql.in_transaction:
                    self._sql.execute("ROLLBACK")
                raise


def _prepare(sql: sqlite3.Connection) -> None:
    (version,) = sql.execute("PRAGMA user_version").fetchone()
    if version > _VERSION:
        raise ValueError(f"events.db was written by a newer Tawny (form {version}, this one knows {_VERSION})")
    if version < _VERSION:
        sql.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
    sql.execute("SELECT max(number) FROM events").fetchone()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise OSError(f"the log of events: {error}") from error


def _level(counts: list[int], surplus: int) -> int:
    """The most that each may keep so that at least *surplus* go."""
    low, high = 0, max(counts)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(max(0, count - middle) for count in counts) >= surplus:
            low = middle
        else:
            high = middle - 1
    return low


def _newest_first(row: _Row) -> tuple[int, int]:
    return -row[4], -row[0]


def _event(row: _Row) -> Event:
    _, id_, camera, kind, at_us, until_us, received_us, text = row
    rest = json.loads(text)
    return Event(
        id=id_,
        camera=camera,
        kind=Kind(kind),
        title=rest.get("title", ""),
        at_us=at_us,
        until_us=until_us,
        camera_us=rest.get("camera_us"),
        received_us=received_us,
        topic=rest.get("topic", ""),
        source=rest.get("source", {}),
        data=rest.get("data", {}),
        classes=tuple(rest.get("classes", ())),
        by=By(rest.get("by", By.CAMERA)),
    )
