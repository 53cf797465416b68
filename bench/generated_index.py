"""An archive of months, made of rows that look like those of a real one: their columns are copied, only times and numbers differ."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tawny.recorder.archive.schema import FOOTAGE

SEGMENT_US = 60_000_000
GAP_EVERY = 60  # segments between two short holes, so that the timeline is not one span
HOLE_US = 2_000_000


def fill(index: Path, segments: int, *, size_bytes: int = 30_000_000) -> int:
    """Put closed segments before those that are there until there are about *segments*; how many there are."""
    with sqlite3.connect(index) as sql:
        columns = [row[1] for row in sql.execute("PRAGMA table_info(segments)") if row[1] != "id"]
        streams = [row[0] for row in sql.execute("SELECT id FROM streams")]
        (oldest,) = sql.execute("SELECT min(start_us) FROM segments").fetchone()
        each = segments // len(streams)
        for stream in streams:
            model = sql.execute(f"SELECT {', '.join(columns)} FROM segments WHERE stream = ? LIMIT 1", (stream,))
            row = dict(zip(columns, model.fetchone(), strict=True)) | {"state": 1, "size_bytes": size_bytes}
            sql.executemany(
                f"INSERT INTO segments ({', '.join(columns)}) VALUES ({', '.join(':' + name for name in columns)})",
                _rows(row, oldest, each),
            )
            spans = ((stream, FOOTAGE, *span) for span in _spans(oldest, each))
            sql.executemany("INSERT INTO spans VALUES (?, ?, ?, ?)", spans)
            sql.execute(
                "UPDATE streams SET size_bytes = size_bytes + ?, segments = segments + ? WHERE id = ?",
                (each * size_bytes, each, stream),
            )
        sql.commit()
        (count,) = sql.execute("SELECT count(*) FROM segments").fetchone()
    sql.close()
    return int(count)


def _rows(model: dict[str, object], oldest: int, number: int) -> Iterator[dict[str, object]]:
    begin = oldest - number * SEGMENT_US
    for n in range(number):
        start = begin + n * SEGMENT_US
        yield model | {"start_us": start, "end_us": start + SEGMENT_US - hole_after(n), "sequence": n}


def _spans(oldest: int, number: int) -> Iterator[tuple[int, int]]:
    begin = oldest - number * SEGMENT_US
    for first in range(0, number, GAP_EVERY):
        last = min(first + GAP_EVERY, number)
        yield begin + first * SEGMENT_US, begin + last * SEGMENT_US - hole_after(last - 1)


def hole_after(number: int) -> int:
    """How much of segment *number*'s minute is missing."""
    return HOLE_US if number % GAP_EVERY == GAP_EVERY - 1 else 0
