"""How much footage there is in a range, read from the archive's index beside its writer."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tawny.recorder.archive.schema import CLOSED, FOOTAGE, LONGEST_US, open_for_reading
from tawny.recorder.cameras.removed import Footage

_FOOTAGE = """
SELECT camera, min(start_us), max(end_us), (SELECT sum(size_bytes) FROM streams AS own WHERE own.camera = streams.camera)
FROM streams JOIN spans ON spans.stream = streams.id WHERE what = ? AND segments > 0 GROUP BY camera
"""


class IndexSizes:
    """Sums over the index at *path*, from any thread. OSError where there is no index to read just now."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def size(self, *, from_us: int, to_us: int, camera: str | None = None, volume: str | None = None) -> int:
        with self._reading() as sql:
            streams = _numbers(sql, "SELECT id FROM streams WHERE ? IN ('', camera)", camera or "")
            volumes = _numbers(sql, "SELECT number FROM volumes WHERE ? IN ('', id)", volume or "")
            return sum(_size(sql, stream, one, from_us, to_us) for stream in streams for one in volumes)

    def cameras(self) -> list[str]:
        with self._reading() as sql:
            return [name for (name,) in sql.execute("SELECT DISTINCT camera FROM streams WHERE segments > 0")]

    def footage(self) -> dict[str, Footage]:
        """What is left of each camera, by its id; cameras without any are left out."""
        with self._reading() as sql:
            return {camera: Footage(*rest) for camera, *rest in sql.execute(_FOOTAGE, (FOOTAGE,))}

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            sql = open_for_reading(self._path)
        except sqlite3.Error as error:
            raise OSError(f"the index can't be read: {error}") from error
        try:
            yield sql
        except sqlite3.Error as error:
            raise OSError(f"the index can't be read: {error}") from error
        finally:
            sql.close()


def _numbers(sql: sqlite3.Connection, query: str, value: str) -> list[int]:
    return [number for (number,) in sql.execute(query, (value,))]


def _size(sql: sqlite3.Connection, stream: int, volume: int, from_us: int, to_us: int) -> int:
    """A walk along one part of the index by stream, volume and start."""
    (found,) = sql.execute(
        "SELECT coalesce(sum(size_bytes), 0) FROM segments WHERE stream = ? AND volume = ?"  # noqa: S608 - a constant
        f" AND state = {CLOSED} AND start_us >= ? AND start_us < ? AND end_us > ?",
        (stream, volume, from_us - LONGEST_US, to_us, from_us),
    ).fetchone()
    return int(found)
