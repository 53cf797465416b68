"""A zip of files as they are: planned before a byte is copied, so that it can be served in ranges and never has to stand on a disk.

Stored, never compressed; ZIP64 (APPNOTE 4.5.3) only where a size or offset needs it; names plain ASCII, times 1980-01-01, so that the same files give the same zip.
"""

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

_LIMIT = 0xFFFFFFFF
_MAX_ENTRIES = 0xFFFE
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_END64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR = struct.Struct("<4sIQI")
_STORED, _DATE = 0, 0x21  # 1980-01-01
_PLAIN, _WITH_64 = 20, 45  # the version that a reader needs
_UNIX_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipEntry:
    """A file to put into a zip."""

    name: str
    size: int
    crc32: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ZipPiece:
    """Bytes of a zip: *data* itself, or the whole of the file *name*, which has *size* bytes."""

    size: int
    data: bytes = b""
    name: str = ""


def plan_zip(entries: Sequence[ZipEntry]) -> tuple[ZipPiece, ...]:
    """The pieces of the zip of *entries*, in order. ValueError for a name that some system would not take, or that stands twice."""
    if len(entries) > _MAX_ENTRIES or len({entry.name.lower() for entry in entries}) < len(entries):
        raise ValueError("too many files, or two of one name")
    pieces: list[ZipPiece] = []
    directory = b""
    offset = 0
    for entry in entries:
        if _NAME.fullmatch(entry.name) is None or entry.size < 0:
            raise ValueError(f"not a name or size for a zip: {entry.name!r}")
        head = _local_header(entry)
        directory += _central_header(entry, offset)
        pieces += [ZipPiece(size=len(head), data=head), ZipPiece(size=entry.size, name=entry.name)]
        offset += len(head) + entry.size
    end = directory + _end(len(entries), len(directory), offset)
    return (*pieces, ZipPiece(size=len(end), data=end))


def _local_header(entry: ZipEntry) -> bytes:
    large = entry.size >= _LIMIT
    size = _LIMIT if large else entry.size
    extra = struct.pack("<HHQQ", 1, 16, entry.size, entry.size) if large else b""
    name = entry.name.encode()
    needs = _WITH_64 if large else _PLAIN
    head = (b"PK\x03\x04", needs, 0, _STORED, 0, _DATE, entry.crc32, size, size, len(name), len(extra))
    return _LOCAL.pack(*head) + name + extra


def _central_header(entry: ZipEntry, offset: int) -> bytes:
    large, far = entry.size >= _LIMIT, offset >= _LIMIT
    values = [entry.size, entry.size] if large else []
    values += [offset] if far else []
    extra = struct.pack(f"<HH{len(values)}Q", 1, 8 * len(values), *values) if values else b""
    size = _LIMIT if large else entry.size
    name = entry.name.encode()
    needs = _WITH_64 if values else _PLAIN
    made_by = 3 << 8 | needs  # Unix
    head = (b"PK\x01\x02", made_by, needs, 0, _STORED, 0, _DATE, entry.crc32, size, size, len(name), len(extra))
    return _CENTRAL.pack(*head, 0, 0, 0, _UNIX_FILE, _LIMIT if far else offset) + name + extra


def _end(count: int, size: int, offset: int) -> bytes:
    large = offset >= _LIMIT
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, size, _LIMIT if large else offset, 0)
    if not large:
        return end
    record = (b"PK\x06\x06", _END64.size - 12, 3 << 8 | _WITH_64, _WITH_64, 0, 0, count, count, size, offset)
    locator = _LOCATOR.pack(b"PK\x06\x07", 0, offset + size, 1)
    return _END64.pack(*record) + locator + end
