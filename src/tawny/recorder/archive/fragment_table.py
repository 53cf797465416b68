"""A closed segment's fragments as one small blob in the index: what `wire.mp4.walk` would read, without opening the file."""

import struct
import zlib
from collections.abc import Sequence

from tawny.wire.mp4.reading import FragmentInfo

# size, track and key, samples, duration, decode time, time of the first sample
_ROW = struct.Struct("<IBHQQq")
_KEY = 0x80
_MAX_FRAGMENTS = 100_000  # far above a segment's 48 MB; bounds what a damaged index can make us allocate


def pack(fragments: Sequence[FragmentInfo]) -> bytes:
    """The blob of *fragments*, which follow each other without a hole from the first one's offset on."""
    rows = b"".join(
        _ROW.pack(f.size, f.track | (_KEY if f.key else 0), f.samples, f.duration, f.decode_time, f.utc_us)
        for f in fragments
    )
    return struct.pack("<Q", fragments[0].offset if fragments else 0) + zlib.compress(rows, 6)


def unpack(blob: bytes) -> list[FragmentInfo]:
    """What `pack` was given; ValueError for a damaged blob."""
    try:
        (offset,) = struct.unpack_from("<Q", blob)
        inflate = zlib.decompressobj()
        rows = inflate.decompress(blob[8:], _MAX_FRAGMENTS * _ROW.size)
        found = list(_ROW.iter_unpack(rows))
    except (struct.error, zlib.error) as error:
        raise ValueError("damaged table of fragments") from error
    if not inflate.eof:
        raise ValueError("damaged table of fragments")
    fragments = []
    for sequence, (size, flags, samples, duration, decode_time, utc_us) in enumerate(found, start=1):
        info = FragmentInfo(
            offset=offset,
            size=size,
            track=flags & ~_KEY,
            sequence=sequence,
            decode_time=decode_time,
            utc_us=utc_us,
            duration=duration,
            samples=samples,
            key=bool(flags & _KEY),
        )
        fragments.append(info)
        offset += size
    return fragments
