"""The layout of an export: a plain MP4 whose every byte has an owner (`docs/reference/evidence.md`).

::

    ftyp  uuid(C2PA)  moov  meta(hdlr suep cstb)  mdat(ftyp moov fragments...)  mdat(...)  ...

Nothing else, never ``free``, ``skip`` or ``mfra``: C2PA's hash leaves those out. ``suep`` and ``cstb`` are of ONVIF's Export File Format (26.06).
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tawny.wire.evidence.recording import Recording
from tawny.wire.mp4.boxes import box, full_box
from tawny.wire.mp4.fragments import MDAT
from tawny.wire.mp4.movie import FTYP, Movie, MoviePart, plan_movie

C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
SIGNATURE_HEAD = (
    C2PA_UUID + bytes(4) + b"manifest\0" + bytes(8)
)  # after size and kind: version and flags, purpose, offset of no Merkle box
MAX_SIGNATURE = 16 << 20  # proofs of an hour are some 100 KB
MAX_MOOV = 64 << 20
MAX_META = 64 << 10
MAX_MEDIA = 64 << 20  # of one outer mdat: a segment has 48 MB and a bit
MAX_SEGMENTS = 4096  # of one part: an hour has 60
_MARKS = (C2PA_UUID, b"org.tawny.recording")
_HANDLER = full_box(b"hdlr", 0, 0, bytes(4), b"null", bytes(12), b"\0")
_FROM_1904_S = 2_082_844_800  # to 1970: the epoch of ISO/IEC 14496-12
_FROM_1601_US = 11_644_473_600_000_000  # to 1970: the epoch of cstb


class LayoutError(ValueError):
    """The file is not in this layout; *offset* is the first byte that is wrong."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """A top-level box: *offset* of its header, *size* with it."""

    offset: int
    size: int

    @property
    def body(self) -> int:
        return self.offset + MDAT.size

    @property
    def end(self) -> int:
        return self.offset + self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the boxes of an export lie; together with ``ftyp`` they are the whole file."""

    signature: Extent
    moov: Extent
    meta: Extent
    media: tuple[Extent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFacts:
    """What ``meta`` tells: who exported when, and what each track shows from which moment on."""

    unit: str
    operator: str
    exported_us: int
    source: str
    line: str
    start_us: int
    tracks: tuple[int, ...]


def meta_box(facts: ExportFacts) -> bytes:
    """``meta`` with ``suep`` (section 5.2) and ``cstb`` (section 5.3): strings end with a zero byte, so none holds one."""
    unit = _strings(facts.unit, "", "") + struct.pack(">Q", facts.exported_us // 1_000_000 + _FROM_1904_S)
    source = _strings(facts.source, "", "", facts.line)
    rows = b"".join(struct.pack(">H", track) + source for track in facts.tracks)
    suep = full_box(b"suep", 1, 0, unit, _strings(facts.operator), struct.pack(">I", len(facts.tracks)), rows)
    start = 10 * (facts.start_us + _FROM_1601_US)
    starts = b"".join(struct.pack(">IQ", track, start) for track in facts.tracks)
    cstb = box(b"cstb", struct.pack(">I", len(facts.tracks)), starts)
    return full_box(b"meta", 0, 0, _HANDLER, suep, cstb)


def plan_export(parts: Sequence[MoviePart], recording: Recording, *, reserved: bytes) -> Movie:
    """The file that holds *parts*, as *recording* tells of them, with *reserved* as its signature's box.

    A pure function of what is signed, so that who verifies makes it again and compares.
    """

    def describe(start_us: int, tracks: tuple[int, ...]) -> bytes:
        return meta_box(
            ExportFacts(
                unit=recording.recorder.name,
                operator=recording.exported_by,
                exported_us=recording.exported_us,
                source=recording.camera.name,
                line=recording.stream,
                start_us=start_us,
                tracks=tracks,
            )
        )

    return plan_movie(parts, from_us=recording.asked_from_us, reserved=reserved, describe=describe)


def _strings(*texts: str) -> bytes:
    return b"".join(text.replace("\0", "").encode() + b"\0" for text in texts)


def looks_like_export(head: bytes) -> bool:
    """Whether the first bytes of a file (64 KB do) say that it is, or was, an export of ours."""
    return any(mark in head for mark in _MARKS)


def read_layout(read: Callable[[int, int], bytes], size: int) -> Layout:
    """The layout of a file of *size* bytes; *read* gives so many bytes from an offset on. LayoutError at the first byte without an owner."""
    if read(0, len(FTYP)) != FTYP:
        raise LayoutError("the file does not begin as our exports do", 0)
    found: list[Extent] = []
    at = len(FTYP)
    for kind, limit in ((b"uuid", MAX_SIGNATURE), (b"moov", MAX_MOOV), (b"meta", MAX_META)):
        found.append(_extent(read, at, size, kind, limit))
        at = found[-1].end
    if read(found[0].body, len(SIGNATURE_HEAD)) != SIGNATURE_HEAD:
        raise LayoutError("the signature's box does not begin as it should", found[0].body)
    return Layout(signature=found[0], moov=found[1], meta=found[2], media=_media(read, at, size))


def _media(read: Callable[[int, int], bytes], at: int, size: int) -> tuple[Extent, ...]:
    media: list[Extent] = []
    while at < size:
        if len(media) == MAX_SEGMENTS:
            raise LayoutError(f"more than {MAX_SEGMENTS} segments", at)
        media.append(_extent(read, at, size, b"mdat", MAX_MEDIA))
        at = media[-1].end
    if not media:
        raise LayoutError("there is no media", at)
    return tuple(media)


def _extent(read: Callable[[int, int], bytes], at: int, file_size: int, wanted: bytes, limit: int) -> Extent:
    header = read(at, MDAT.size)
    if len(header) < MDAT.size:
        raise LayoutError(f"the file ends where {wanted.decode()!r} should begin", at)
    size, kind = MDAT.unpack(header)
    if kind != wanted:
        raise LayoutError(f"{wanted.decode()!r} should begin here", at)
    if not MDAT.size < size <= limit or at + size > file_size:
        raise LayoutError(f"{wanted.decode()!r} says {size} bytes, {file_size - at} are left", at)
    return Extent(offset=at, size=size)


def hashed(layout: Layout) -> Sequence[Extent]:
    """The boxes under C2PA's hash (``c2pa.hash.bmff.v3``), each after its offset in eight bytes: all but ``ftyp`` and ``uuid``."""
    return (layout.moov, layout.meta, *layout.media)
