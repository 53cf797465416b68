"""A plain MP4 made of stored fragments, planned without touching them (design D6).

::

    ftyp  moov  mdat(ftyp moov fragments...)  mdat(...)  ...

(an export has a box reserved for its signature before ``moov`` and a ``meta`` behind it: see `export`).

Each outer ``mdat`` carries bytes of one segment file as they are: its init segment, then runs of its fragments. The sample
tables of ``moov`` point at the samples inside; the ``moof`` boxes between them are dead bytes. All sizes are known before a byte is
copied, so a server can promise its Content-Length.

Time is true: each track's samples stand where the recorder's clock put them, a hole lengthens the sample before it, a late start or
a start inside a group of pictures is an edit list.
"""

import struct
import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, groupby

from tawny.wire.media import VIDEO_TIMESCALE, VIDEO_TRACK, TrackFormat
from tawny.wire.mp4.boxes import box, full_box
from tawny.wire.mp4.fragments import MDAT, movie_header, sample_descriptions, trak
from tawny.wire.mp4.reading import read_head, read_init, samples_of_head

FTYP = box(b"ftyp", b"isom", struct.pack(">I", 0x200), b"isomiso6mp41")
_U32 = struct.Struct(">I")
_FAR = 1 << 53  # ticks: thousands of years
_MAX_STEP = 0xFFFFFFFF  # of a sample's duration in stts


@dataclass(frozen=True, slots=True, kw_only=True)
class MoviePart:
    """Fragments of one segment file.

    *source* names the file to whoever copies the bytes; *start_us* is the moment of decode time 0; *init* are the file's first bytes
    (``ftyp moov``); *heads* are, in the file's order, offset and head (``prft moof`` and ``mdat`` header) of each fragment to take.
    """

    source: str
    start_us: int
    init: bytes
    heads: Sequence[tuple[int, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Bytes of the movie: *data* itself, or *size* bytes of the file *source* from *offset* on."""

    size: int
    data: bytes = b""
    source: str = ""
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Movie:
    """A planned movie: *pieces* in order make it up, *head* (``ftyp`` to ``moov`` and ``meta``) is the first of them."""

    head: bytes
    moov: bytes
    meta: bytes
    pieces: tuple[Piece, ...]
    size: int
    start_us: int
    duration_us: int


@dataclass(slots=True, kw_only=True)
class _Track:
    """One track's sample tables while they grow."""

    formats: list[TrackFormat] = field(default_factory=list)
    first: int = 0  # ticks from the movie's origin
    end: int = 0
    durations: "array[int]" = field(
        default_factory=partial(array, "I")
    )  # an hour has 300,000 samples: 4 bytes each, not 36
    sizes: "array[int]" = field(default_factory=partial(array, "I"))
    shifts: "array[int]" = field(default_factory=partial(array, "i"))
    keys: "array[int]" = field(default_factory=partial(array, "I"))
    chunks: list[tuple[int, int]] = field(default_factory=list)  # samples, number of the sample entry
    offsets: "array[int]" = field(default_factory=partial(array, "Q"))  # from the first byte of the first outer mdat


def joinable(one: Mapping[int, TrackFormat], other: Mapping[int, TrackFormat]) -> bool:
    """Whether segments of these formats can be in one movie: no player follows a change of codec or timescale."""
    return all(
        (form.codec, form.timescale) == (other[track].codec, other[track].timescale)
        for track, form in one.items()
        if track in other
    )


def plan_movie(
    parts: Sequence[MoviePart],
    *,
    from_us: int | None = None,
    reserved: bytes = b"",
    describe: Callable[[int, tuple[int, ...]], bytes] = lambda start_us, tracks: b"",
) -> Movie:
    """Plan the movie of *parts*, in the order of time, shown from *from_us* on (else from its first picture).

    *reserved* are boxes between ``ftyp`` and ``moov``; *describe* makes one behind ``moov`` from the shown start and the tracks.
    ValueError for no media at all, for parts that are not `joinable`, and for anything that is not ours.
    """
    origin_us = min((_first_us(part) for part in parts if part.heads), default=None)
    if origin_us is None:
        raise ValueError("no media in this range")
    tracks: dict[int, _Track] = {}
    bodies: list[Piece] = []
    position = 0
    for part in parts:
        if part.heads:
            pieces = _pieces(part)
            _add_samples(tracks, part, origin_us, position + MDAT.size)
            bodies += pieces
            position += sum(piece.size for piece in pieces)
    shown_us = max(origin_us, from_us or 0)
    meta = describe(shown_us, tuple(sorted(tracks)))
    moov = _placed_moov(tracks, shown_us - origin_us, len(FTYP) + len(reserved) + len(meta))
    head = b"".join((FTYP, reserved, moov, meta))
    ends = [track.end * 1_000_000 // track.formats[0].timescale for track in tracks.values()]
    return Movie(
        head=head,
        moov=moov,
        meta=meta,
        pieces=(Piece(size=len(head), data=head), *bodies),
        size=len(head) + position,
        start_us=shown_us,
        duration_us=max(0, max(ends) - (shown_us - origin_us)),
    )


def _first_us(part: MoviePart) -> int:
    formats = read_init(part.init).formats
    infos = [read_head(head) for _, head in part.heads]
    if any(info.track not in formats for info in infos):
        raise ValueError("a fragment of an unknown track")
    return part.start_us + min(info.decode_time * 1_000_000 // formats[info.track].timescale for info in infos)


def _pieces(part: MoviePart) -> list[Piece]:
    """The outer mdat: its header, the init segment, the fragments (neighbours as one piece)."""
    spans = [(0, len(part.init))]
    for offset, head in part.heads:
        size = read_head(head).size
        if offset < sum(spans[-1]):
            raise ValueError("fragments out of the file's order")
        if offset == sum(spans[-1]):
            spans[-1] = (spans[-1][0], spans[-1][1] + size)
        else:
            spans.append((offset, size))
    total = MDAT.size + sum(size for _, size in spans)
    header = MDAT.pack(total, b"mdat")  # a segment has 48 MB and a bit: 32 bits hold it
    return [Piece(size=len(header), data=header), *(Piece(size=n, source=part.source, offset=o) for o, n in spans)]


def _add_samples(tracks: dict[int, _Track], part: MoviePart, origin_us: int, position: int) -> None:
    formats = read_init(part.init).formats
    position += len(part.init)
    for _, head in part.heads:
        info = read_head(head)
        form = formats[info.track]
        track = tracks.setdefault(info.track, _Track())
        start = (part.start_us - origin_us) * form.timescale // 1_000_000 + info.decode_time
        if abs(start) > _FAR:
            raise ValueError(f"a fragment at decode time {info.decode_time}: no segment is that long")
        _add_fragment(track, form, start, head, position)
        position += info.size


def _add_fragment(track: _Track, form: TrackFormat, start: int, head: bytes, position: int) -> None:
    if form not in track.formats:
        if track.formats and not joinable({0: track.formats[0]}, {0: form}):
            raise ValueError("the codec changes inside this range")
        track.formats.append(form)
    if not track.sizes:
        track.first = track.end = start
    else:
        _meet(track, start)
    found = samples_of_head(head)
    track.chunks.append((len(found), track.formats.index(form) + 1))
    track.offsets.append(position + found[0].offset)
    for sample in found:
        track.durations.append(sample.duration)
        track.sizes.append(sample.size)
        track.shifts.append(sample.shift)
        if sample.key:
            track.keys.append(len(track.sizes))
        track.end += sample.duration


def _meet(track: _Track, start: int) -> None:
    """Lengthen the last sample up to *start* (a hole), or shorten it (clocks are rounded, or were set back)."""
    last = track.durations[-1]
    changed = min(_MAX_STEP, max(0, last + start - track.end))
    track.durations[-1] = changed
    track.end += changed - last


def _placed_moov(tracks: dict[int, _Track], hidden_us: int, others: int) -> bytes:
    """``moov``; made twice, since chunk offsets count from the file's start and moov comes before the media, with *others* bytes."""
    hidden = hidden_us * VIDEO_TIMESCALE // 1_000_000
    stable = {number: _stable_tables(number, track) for number, track in tracks.items()}
    size = len(_moov(tracks, stable, hidden, 0))
    return _moov(tracks, stable, hidden, others + size)


def _moov(tracks: dict[int, _Track], stable: dict[int, bytes], hidden: int, base: int) -> bytes:
    traks, ends = [], [0]
    for number, track in sorted(tracks.items()):
        form = track.formats[0]
        edits, end = _edits(track, hidden)
        ends.append(end)
        offsets = _big_endian(array("Q", (base + offset for offset in track.offsets)))
        tables = stable[number] + full_box(b"co64", 0, 0, _U32.pack(len(track.offsets)), offsets)
        duration = track.end - track.first
        traks.append(trak(number, form, duration=duration, movie_duration=end, edits=edits, tables=tables))
    return box(b"moov", movie_header(duration=max(ends), next_track=max(tracks) + 1), *traks)


def _edits(track: _Track, hidden: int) -> tuple[bytes, int]:
    """``edts``, and the track's end on the movie's clock.

    A track that starts late gets an empty edit; of one that starts early, media before the shown start is skipped.
    """
    scale = track.formats[0].timescale
    begin = track.first * VIDEO_TIMESCALE // scale - hidden
    end = max(0, track.end * VIDEO_TIMESCALE // scale - hidden)
    late = min(max(0, begin), end)
    skipped = max(0, -begin) * scale // VIDEO_TIMESCALE
    rows = [struct.pack(">QqI", late, -1, 0x10000)] if late else []
    rows.append(struct.pack(">QqI", end - late, skipped, 0x10000))
    return box(b"edts", full_box(b"elst", 1, 0, struct.pack(">I", len(rows)), *rows)), end


def _stable_tables(number: int, track: _Track) -> bytes:
    """The sample tables that do not depend on where the media lies."""
    steps = [(len(list(run)), step) for step, run in groupby(track.durations)]
    chunks = [(1 + at, *chunk) for at, chunk in enumerate(track.chunks) if not at or chunk != track.chunks[at - 1]]
    tables = [sample_descriptions(track.formats), _table(b"stts", steps), _table(b"stsc", chunks)]
    tables.append(full_box(b"stsz", 0, 0, struct.pack(">II", 0, len(track.sizes)), _big_endian(track.sizes)))
    if any(track.shifts):
        shifts = [(len(list(run)), shift & 0xFFFFFFFF) for shift, run in groupby(track.shifts)]
        tables.append(_table(b"ctts", shifts, version=1))
    if number == VIDEO_TRACK:
        tables.append(full_box(b"stss", 0, 0, _U32.pack(len(track.keys)), _big_endian(track.keys)))
    return b"".join(tables)


def _big_endian(numbers: "array[int]") -> bytes:
    found = array(numbers.typecode, numbers)
    if sys.byteorder == "little":
        found.byteswap()
    return found.tobytes()


def _table(kind: bytes, rows: Sequence[tuple[int, ...]], *, version: int = 0) -> bytes:
    flat = list(chain.from_iterable(rows))
    return full_box(kind, version, 0, struct.pack(f">I{len(flat)}I", len(rows), *flat))
