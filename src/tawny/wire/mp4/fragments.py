"""Writing the init segment and fragments.

The ``moof`` has one form: ``mfhd traf(tfhd tfdt trun)``, ``tfhd`` with default-base-is-moof only, ``tfdt`` and ``trun`` version 1, each
sample with duration, size, flags and a signed composition offset.
"""

import struct
from collections.abc import Mapping, Sequence
from itertools import repeat

from tawny.wire.media import VIDEO_TIMESCALE, VIDEO_TRACK, AudioFormat, MetadataFormat, TrackFormat, VideoFormat
from tawny.wire.mp4.boxes import UNITY_MATRIX, box, full_box
from tawny.wire.mp4.sample_entries import sample_entry

FTYP = box(b"ftyp", b"iso6", struct.pack(">I", 0), b"iso6isommp41")
MAX_SAMPLES = 4096  # in one fragment: far above a second of anything, and it bounds what a reader allocates
PRFT_SIZE = 32
MOOF_SIZE = 88  # before the samples' rows
ROW_SIZE = 16
PRFT = struct.Struct(">I4s II QQ")
MOOF = struct.Struct(">I4s I4sII I4s I4sII I4sIQ I4sIIi")
MDAT = struct.Struct(">I4s")
PRFT_FLAGS = 24  # version 1: the time at which the picture was taken, from one steady clock
TFHD_FLAGS = 0x020000  # default-base-is-moof
TRUN_FLAGS = 1 << 24 | 0x000F01  # version 1; data offset, then duration, size, flags, composition offset of each sample
SYNC = 0x02000000  # sample_depends_on = 2: on none
NOT_SYNC = 0x01010000  # depends on others, is no sync sample
_NTP_EPOCH_S = 2_208_988_800  # from 1900 to 1970


def init_segment(formats: Mapping[int, TrackFormat]) -> bytes:
    """``ftyp moov`` for fragments of these tracks, by track id."""
    tracks = [trak(track, form) for track, form in sorted(formats.items())]
    trex = [full_box(b"trex", 0, 0, struct.pack(">5I", track, 1, 0, 0, 0)) for track in sorted(formats)]
    mvhd = movie_header(duration=0, next_track=max(formats, default=0) + 1)
    return FTYP + box(b"moov", mvhd, *tracks, box(b"mvex", *trex))


def single_track_init(formats: Mapping[int, TrackFormat], track: int) -> bytes:
    """The init segment of one of the tracks alone."""
    return init_segment({track: formats[track]})


def fragment_head(
    *,
    track: int,
    sequence: int,
    decode_time: int,
    utc_us: int,
    durations: Sequence[int],
    sizes: Sequence[int],
    shifts: Sequence[int] | None,
    key: bool,
) -> bytes:
    """``prft moof`` and the header of ``mdat``: the samples follow, end to end.

    *utc_us* is the time of the first sample, *key* says that it can be decoded by itself (audio always can).
    """
    prft = PRFT.pack(PRFT_SIZE, b"prft", 1 << 24 | PRFT_FLAGS, track, ntp(utc_us), decode_time)
    return prft + _moof(track, sequence, decode_time, durations, sizes, shifts, key=key)


def live_fragment(
    *,
    track: int,
    sequence: int,
    decode_time: int,
    samples: Sequence[bytes],
    durations: Sequence[int],
    shifts: Sequence[int] | None,
    key: bool,
) -> bytes:
    """A whole ``moof mdat`` of *samples*, for who watches now."""
    head = _moof(track, sequence, decode_time, durations, [len(s) for s in samples], shifts, key=key)
    return b"".join((head, *samples))


def _moof(
    track: int,
    sequence: int,
    decode_time: int,
    durations: Sequence[int],
    sizes: Sequence[int],
    shifts: Sequence[int] | None,
    *,
    key: bool,
) -> bytes:
    count = len(sizes)
    if not 0 < count <= MAX_SAMPLES or len(durations) != count:
        raise ValueError(f"{count} samples, {len(durations)} durations")
    rows = [0] * (4 * count)
    rows[0::4] = durations
    rows[1::4] = sizes
    rows[2::4] = repeat(SYNC if track != VIDEO_TRACK else NOT_SYNC, count)
    rows[2] = SYNC if key or track != VIDEO_TRACK else NOT_SYNC
    if shifts is not None:
        rows[3::4] = [shift & 0xFFFFFFFF for shift in shifts]
    size = MOOF_SIZE + ROW_SIZE * count
    fixed = MOOF.pack(
        *(size, b"moof"),
        *(16, b"mfhd", 0, sequence),
        *(size - 24, b"traf"),
        *(16, b"tfhd", TFHD_FLAGS, track),
        *(20, b"tfdt", 1 << 24, decode_time),
        *(size - 68, b"trun", TRUN_FLAGS, count, size + MDAT.size),
    )
    return fixed + struct.pack(f">{4 * count}I", *rows) + MDAT.pack(MDAT.size + sum(sizes), b"mdat")


def ntp(utc_us: int) -> int:
    """The 64-bit NTP time of RFC 5905 (seconds since 1900, modulo 2**32, and fraction)."""
    seconds, us = divmod(utc_us, 1_000_000)
    return (seconds + _NTP_EPOCH_S & 0xFFFFFFFF) << 32 | ((us << 32) + 500_000) // 1_000_000


def from_ntp(value: int) -> int:
    """Microseconds since 1970 UTC; seconds in the lower half are of the era that begins in 2036 (RFC 5905, section 6)."""
    seconds = value >> 32
    if seconds < 1 << 31:
        seconds += 1 << 32
    return (seconds - _NTP_EPOCH_S) * 1_000_000 + ((value & 0xFFFFFFFF) * 1_000_000 + (1 << 31) >> 32)


def movie_header(*, duration: int, next_track: int) -> bytes:
    """``mvhd``: the movie's clock runs at 90 kHz."""
    times = struct.pack(">QQIQ", 0, 0, VIDEO_TIMESCALE, duration)
    return full_box(
        b"mvhd",
        1,
        0,
        times,
        struct.pack(">IH10x", 0x10000, 0x100),
        UNITY_MATRIX,
        bytes(24),
        struct.pack(">I", next_track),
    )


def trak(
    track: int,
    form: TrackFormat,
    *,
    duration: int = 0,
    movie_duration: int = 0,
    edits: bytes = b"",
    tables: bytes = b"",
) -> bytes:
    """A track of *duration* ticks; *edits* is its ``edts``, *tables* are its sample tables with ``stsd`` (an init segment has none)."""
    sound = isinstance(form, AudioFormat)
    size = (form.width << 16, form.height << 16) if isinstance(form, VideoFormat) else (0, 0)
    place = struct.pack(">8xHHH2x", 0, 1 if sound else 0, 0x100 if sound else 0)
    tkhd = full_box(
        b"tkhd",
        1,
        3,
        struct.pack(">QQI4xQ", 0, 0, track, movie_duration),
        place,
        UNITY_MATRIX,
        struct.pack(">II", *size),
    )
    mdhd = full_box(b"mdhd", 1, 0, struct.pack(">QQIQHH", 0, 0, form.timescale, duration, 0x55C4, 0))  # language "und"
    handler, header = _handling(form)
    hdlr = full_box(b"hdlr", 0, 0, struct.pack(">I4s12x", 0, handler), b"Tawny\0")
    dinf = box(b"dinf", full_box(b"dref", 0, 0, struct.pack(">I", 1), full_box(b"url ", 0, 1)))
    stbl = box(b"stbl", tables or sample_descriptions([form]) + _EMPTY_TABLES)
    return box(b"trak", tkhd, edits, box(b"mdia", mdhd, hdlr, box(b"minf", header, dinf, stbl)))


def _handling(form: TrackFormat) -> tuple[bytes, bytes]:
    """The handler's type, and the media header that goes with it (ISO/IEC 14496-12, section 12)."""
    match form:
        case VideoFormat():
            return b"vide", full_box(b"vmhd", 0, 1, bytes(8))
        case AudioFormat():
            return b"soun", full_box(b"smhd", 0, 0, bytes(4))
        case MetadataFormat():
            return b"meta", full_box(b"nmhd", 0, 0)


def sample_descriptions(formats: Sequence[TrackFormat]) -> bytes:
    """``stsd`` with one entry a format."""
    return full_box(b"stsd", 0, 0, struct.pack(">I", len(formats)), *(sample_entry(form) for form in formats))


_EMPTY_TABLES = b"".join(
    (
        full_box(b"stts", 0, 0, bytes(4)),
        full_box(b"stsc", 0, 0, bytes(4)),
        full_box(b"stsz", 0, 0, bytes(8)),
        full_box(b"stco", 0, 0, bytes(4)),
    )
)
