"""Boxes: a size, four letters, a body (ISO/IEC 14496-12, section 4.2)."""

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

Data = bytes | bytearray | memoryview

_HEADER = struct.Struct(">I4s")
UNITY_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


class Box(NamedTuple):
    """Where a box lies: *offset* of its header, *body* after it, *end* behind it."""

    kind: bytes
    offset: int
    body: int
    end: int


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box around *parts*."""
    body = b"".join(parts)
    return _HEADER.pack(8 + len(body), kind) + body


def full_box(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    """A box that begins with version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def boxes(data: Data, start: int, end: int) -> Iterator[Box]:
    """The boxes that fill ``data[start:end]``; ValueError where one does not fit.

    64-bit sizes and "to the end of the file" are refused: nothing of ours needs them.
    """
    while start < end:
        if end - start < 8:
            raise ValueError(f"no room for a box at byte {start}")
        size, kind = _HEADER.unpack_from(data, start)
        if size < 8 or size > end - start:
            raise ValueError(f"box {kind!r} at byte {start} says {size} bytes, {end - start} are left")
        yield Box(kind, start, start + 8, start + size)
        start += size


def find(data: Data, outer: Box, *path: bytes) -> Box:
    """The first box at *path* inside *outer*; ValueError where there is none."""
    for kind in path:
        inner = next((b for b in boxes(data, outer.body, outer.end) if b.kind == kind), None)
        if inner is None:
            raise ValueError(f"no {kind!r} in {outer.kind!r}")
        outer = inner
    return outer


def read(form: struct.Struct, data: Data, at: int, end: int) -> tuple[Any, ...]:
    """Unpack *form* at *at*; ValueError where it would reach past *end*."""
    if at + form.size > end:
        raise ValueError(f"cut short at byte {at}")
    return form.unpack_from(data, at)
