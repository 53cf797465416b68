"""The index's tables (SQLite): written by `recorder.adapters.sqlite_index`, read by it and by `reader` in any process.

``segments.state``: 0 open, 1 closed, 2 marked for deletion. ``spans`` merges what closed segments cover (*what* is `FOOTAGE`),
so that a month is a few rows, and in the same way what they covered that is gone (*what* is a word of `model.Gone`).
``tables`` is apart from ``segments`` so that listing segments does not drag blobs through the cache.
"""

import sqlite3
from pathlib import Path
from typing import Any

from tawny.recorder.archive.model import GapReason, NamedGap, Segment, StreamKey
from tawny.wire.media import StreamName

VERSION = 3
OPEN, CLOSED, MARKED = 0, 1, 2
FOOTAGE = "footage"
LONGEST_US = 3_600_000_000  # no segment is longer: ingest ends one after a minute
JOIN_US = 100_000  # a hole smaller than this is no hole to a person: rounding, or one late frame

SCHEMA = f"""
CREATE TABLE streams (id INTEGER PRIMARY KEY, camera TEXT NOT NULL, stream TEXT NOT NULL, sequence INTEGER NOT NULL DEFAULT 0,
  size_bytes INTEGER NOT NULL DEFAULT 0, segments INTEGER NOT NULL DEFAULT 0,
  UNIQUE (camera, stream));
CREATE TABLE volumes (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, size_bytes INTEGER NOT NULL DEFAULT 0,
  known INTEGER NOT NULL DEFAULT 0, there INTEGER NOT NULL DEFAULT 1);
CREATE TABLE segments (id INTEGER PRIMARY KEY, stream INTEGER NOT NULL REFERENCES streams, volume INTEGER NOT NULL REFERENCES volumes, start_us INTEGER NOT NULL, end_us INTEGER,
  state INTEGER NOT NULL, size_bytes INTEGER NOT NULL, fragments INTEGER NOT NULL, sequence INTEGER NOT NULL, root BLOB NOT NULL,
  recovered INTEGER NOT NULL, UNIQUE (stream, start_us));
CREATE INDEX segments_by_start ON segments (volume, start_us) WHERE state = {CLOSED};
CREATE INDEX segments_by_stream ON segments (stream, volume, start_us) WHERE state = {CLOSED};
CREATE INDEX segments_open ON segments (start_us) WHERE state = {OPEN};
CREATE INDEX segments_marked ON segments (start_us) WHERE state = {MARKED};
CREATE TABLE tables (segment INTEGER PRIMARY KEY REFERENCES segments ON DELETE CASCADE, fragments BLOB, leaves BLOB);
CREATE TABLE spans (stream INTEGER NOT NULL, what TEXT NOT NULL, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL,
  PRIMARY KEY (stream, what, start_us)) WITHOUT ROWID;
CREATE TABLE gaps (id TEXT PRIMARY KEY, stream INTEGER NOT NULL, start_us INTEGER NOT NULL, end_us INTEGER,
  reason TEXT NOT NULL, title TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX gaps_by_start ON gaps (stream, start_us);
CREATE INDEX gaps_open ON gaps (stream) WHERE end_us IS NULL;
CREATE TABLE alive (only INTEGER PRIMARY KEY CHECK (only = 1), utc_us INTEGER NOT NULL, unsynced_s REAL NOT NULL);
PRAGMA user_version = {VERSION};
"""

SEGMENT_COLUMNS = "camera, stream_name, volume_id, start_us, end_us, size_bytes, fragments, sequence, root, recovered, state, segments_id"
SEGMENTS = """(SELECT segments.id AS segments_id, camera, streams.stream AS stream_name, segments.stream AS stream_id,
  volumes.id AS volume_id, segments.volume AS volume_number, start_us, end_us, state, segments.size_bytes AS size_bytes, fragments, segments.sequence AS sequence, root, recovered
  FROM segments JOIN streams ON streams.id = segments.stream JOIN volumes ON volumes.number = segments.volume)"""


def segment_of(row: tuple[Any, ...]) -> Segment:
    """The segment in a row of `SEGMENT_COLUMNS`."""
    camera, stream, volume, start_us, end_us, size_bytes, fragments, sequence, root, recovered, *_ = row
    return Segment(
        key=StreamKey(camera=camera, stream=StreamName(stream)),
        volume=volume,
        start_us=start_us,
        end_us=end_us,
        size_bytes=size_bytes,
        fragments=fragments,
        sequence=sequence,
        root=root,
        recovered=bool(recovered),
    )


def gap_of(row: tuple[Any, ...]) -> NamedGap:
    """The gap in a row of id, camera, stream, start, end, reason, title."""
    gap_id, camera, stream, start_us, end_us, reason, title = row
    return NamedGap(
        id=gap_id,
        key=StreamKey(camera=camera, stream=StreamName(stream)),
        start_us=start_us,
        end_us=end_us,
        reason=GapReason(reason),
        title=title,
    )


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A read-only connection, usable from any one thread at a time; sqlite3.Error where there is no index of ours."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=5)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            raise sqlite3.DatabaseError(f"index of version {version}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
