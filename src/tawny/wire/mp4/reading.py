"""Reading what `fragments` writes, without trusting it: wrong bytes are a ValueError, a torn tail is left alone."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tawny.wire.media import TrackFormat
from tawny.wire.mp4.boxes import Box, Data, boxes, find, read
from tawny.wire.mp4.fragments import (
    MAX_SAMPLES,
    MDAT,
    MOOF,
    MOOF_SIZE,
    PRFT,
    PRFT_FLAGS,
    PRFT_SIZE,
    ROW_SIZE,
    SYNC,
    TFHD_FLAGS,
    TRUN_FLAGS,
    from_ntp,
)
from tawny.wire.mp4.sample_entries import read_sample_entry

PREFIX_SIZE = PRFT_SIZE + MOOF_SIZE  # enough of a stored fragment for `head_size`
MAX_INIT_SIZE = 64 * 1024
_U32 = struct.Struct(">I")
_TFDT_AT = 60  # of tfdt's 64-bit time, from the start of moof


@dataclass(frozen=True, slots=True, kw_only=True)
class Init:
    """What an init segment says: the tracks' formats by track id, and its own *size* in bytes."""

    formats: dict[int, TrackFormat]
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FragmentInfo:
    """A stored fragment: where it lies, what it holds. *duration* and *decode_time* are in the track's ticks."""

    offset: int
    size: int
    track: int
    sequence: int
    decode_time: int
    utc_us: int
    duration: int
    samples: int
    key: bool


class Sample(NamedTuple):
    """A sample of a fragment; *offset* counts from the fragment's first byte."""

    offset: int
    size: int
    duration: int
    shift: int
    key: bool


class _Moof(NamedTuple):
    size: int
    sequence: int
    track: int
    decode_time: int
    samples: int


def read_init(data: Data) -> Init:
    """The init segment at the start of *data*; ValueError where it is not ours or not whole."""
    end = min(len(data), MAX_INIT_SIZE)
    tops = boxes(data, 0, len(data))
    ftyp, moov = next(tops, None), None
    if ftyp is not None and ftyp.kind == b"ftyp" and ftyp.end <= end:
        moov = next(tops, None)
    if moov is None or moov.kind != b"moov" or moov.end > end:
        raise ValueError("does not begin with an init segment of ours")
    find(data, moov, b"mvex")
    traks = [b for b in boxes(data, moov.body, moov.end) if b.kind == b"trak"]
    return Init(formats=dict(_read_trak(data, trak) for trak in traks), size=moov.end)


def _read_trak(data: Data, trak: Box) -> tuple[int, TrackFormat]:
    tkhd = find(data, trak, b"tkhd")
    mdhd = find(data, trak, b"mdia", b"mdhd")
    stsd = find(data, trak, b"mdia", b"minf", b"stbl", b"stsd")
    (track,) = read(_U32, data, tkhd.body + 20, tkhd.end)
    (timescale,) = read(_U32, data, mdhd.body + 20, mdhd.end)
    entry = next(boxes(data, stsd.body + 8, stsd.end), None)
    if entry is None or not track or not timescale:
        raise ValueError("a track without id, timescale or sample entry")
    return track, read_sample_entry(data, entry, timescale)


def head_size(prefix: Data) -> int:
    """The size of ``prft moof`` and the ``mdat`` header, from a stored fragment's first `PREFIX_SIZE` bytes."""
    return PRFT_SIZE + _read_moof(prefix, _check_prft(prefix, 0)).size + MDAT.size


def read_head(head: Data, *, offset: int = 0) -> FragmentInfo:
    """The stored fragment that begins with *head* (at least `head_size` bytes of it) and lies at *offset* of its file."""
    moof = _read_moof(head, _check_prft(head, 0))
    rows, mdat_size = _read_rows(head, PRFT_SIZE, moof)
    _, _, _, track, time, media_time = PRFT.unpack_from(head)
    if track != moof.track or media_time != moof.decode_time:
        raise ValueError("prft is of another fragment")
    return FragmentInfo(
        offset=offset,
        size=PRFT_SIZE + moof.size + mdat_size,
        track=moof.track,
        sequence=moof.sequence,
        decode_time=moof.decode_time,
        utc_us=from_ntp(time),
        duration=sum(rows[0::4]),
        samples=moof.samples,
        key=rows[2] == SYNC,
    )


def walk(data: Data, *, offset: int = 0) -> Iterator[FragmentInfo]:
    """The whole fragments from *offset* on. A torn one ends the walk; ValueError at bytes that are no fragment."""
    view = memoryview(data)
    while len(view) - offset >= PREFIX_SIZE:
        head = head_size(view[offset : offset + PREFIX_SIZE])
        if len(view) - offset < head:
            return
        info = read_head(view[offset : offset + head], offset=offset)
        if len(view) - offset < info.size:
            return
        yield info
        offset += info.size


def samples(fragment: Data) -> list[Sample]:
    """The samples of one whole fragment, stored or live."""
    found = samples_of_head(fragment)
    if found[-1].offset + found[-1].size > len(fragment):
        raise ValueError("fragment cut short")
    return found


def samples_of_head(head: Data) -> list[Sample]:
    """The samples of a fragment of which at least the head is given."""
    start = _moof_offset(head)
    moof = _read_moof(head, start)
    rows, _ = _read_rows(head, start, moof)
    found, at = [], start + moof.size + MDAT.size
    for i in range(0, len(rows), 4):
        duration, size, flags, shift = rows[i : i + 4]
        found.append(Sample(at, size, duration, shift - (shift >> 31 << 32), flags == SYNC))
        at += size
    return found


def with_decode_time(fragment: bytes, decode_time: int) -> bytes:
    """The same fragment at another decode time; a ``prft`` keeps its moment and follows with its media time."""
    start = _moof_offset(fragment)
    _read_moof(fragment, start)
    time = struct.pack(">Q", decode_time)
    at = start + _TFDT_AT
    prft = fragment[: start - 8] + time if start else b""
    return b"".join((prft, fragment[start:at], time, fragment[at + 8 :]))


def _moof_offset(fragment: Data) -> int:
    return _check_prft(fragment, 0) if bytes(fragment[4:8]) == b"prft" else 0


def _check_prft(data: Data, at: int) -> int:
    size, kind, version_flags, *_ = read(PRFT, data, at, len(data))
    if (size, kind, version_flags) != (PRFT_SIZE, b"prft", 1 << 24 | PRFT_FLAGS):
        raise ValueError("no fragment of ours begins here")
    return at + PRFT_SIZE


def _read_moof(data: Data, at: int) -> _Moof:
    """Check the fixed part of ``moof`` field by field: there is one form only."""
    f = read(MOOF, data, at, len(data))
    size, sequence, track, decode_time, count = f[0], f[5], f[11], f[15], f[19]
    expected = (
        *(MOOF_SIZE + ROW_SIZE * count, b"moof"),
        *(16, b"mfhd", 0, sequence),
        *(size - 24, b"traf"),
        *(16, b"tfhd", TFHD_FLAGS, track),
        *(20, b"tfdt", 1 << 24, decode_time),
        *(size - 68, b"trun", TRUN_FLAGS, count, size + MDAT.size),
    )
    if f != expected or not 0 < count <= MAX_SAMPLES:
        raise ValueError("moof has another form than ours")
    return _Moof(size, sequence, track, decode_time, count)


def _read_rows(data: Data, start: int, moof: _Moof) -> tuple[tuple[int, ...], int]:
    """The rows of ``trun`` and the size of ``mdat``, which the samples must fill."""
    rows_at, mdat_at = start + MOOF_SIZE, start + moof.size
    if mdat_at + MDAT.size > len(data):
        raise ValueError("fragment cut short")
    rows = struct.unpack_from(f">{4 * moof.samples}I", data, rows_at)
    mdat_size, kind = MDAT.unpack_from(data, mdat_at)
    if kind != b"mdat" or mdat_size != MDAT.size + sum(rows[1::4]):
        raise ValueError("samples do not fill their mdat")
    return rows, mdat_size
