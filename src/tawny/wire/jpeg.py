"""JPEG files from what RTP carries of them (RFC 2435): the scan alone, and a few numbers that stand for the headers."""

import struct
from functools import lru_cache
from typing import Final

_NATURAL_LUMA = (
    *(16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99),
)
_NATURAL_CHROMA = (
    *(17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99),
    *(24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99),
    *(99,) * 32,
)


def _diagonal(at: int) -> tuple[int, int]:
    """Where a coefficient stands in the zigzag (ITU-T T.81, figure A.6)."""
    row, column = divmod(at, 8)
    return row + column, row if (row + column) % 2 else column


_ZIGZAG: Final = sorted(range(64), key=_diagonal)
_LUMA: Final = tuple(_NATURAL_LUMA[at] for at in _ZIGZAG)
_CHROMA: Final = tuple(_NATURAL_CHROMA[at] for at in _ZIGZAG)


def _rows(first: int, *columns: tuple[int, int]) -> bytes:
    """The symbols of the rows from *first* on, each a run and sizes from its first to its last."""
    return bytes(run << 4 | size for run, (low, high) in enumerate(columns, first) for size in range(low, high + 1))


# ITU-T T.81, tables K.3 to K.6: how many codes of each length, then the symbols
_LUMA_DC = bytes.fromhex("00010501010101010100000000000000") + bytes(range(12))
_CHROMA_DC = bytes.fromhex("00030101010101010101010000000000") + bytes(range(12))
_LUMA_AC = (
    bytes.fromhex("0002010303020403050504040000017d")
    + bytes.fromhex("010203000411051221314106135161072271143281 91a1082342b1c11552d1f02433627282090a".replace(" ", ""))
    + _rows(1, (6, 10), (5, 10), (4, 10), (3, 10), (3, 10), (3, 10), (3, 10), (3, 10), (2, 10), (2, 10), (2, 10))
    + _rows(12, (2, 10), (2, 10), (1, 10), (1, 10))
)
_CHROMA_AC = (
    bytes.fromhex("00020102040403040705040400010277")
    + bytes.fromhex(
        "0001020311040521310612415107617113223281081442 91a1b1c109233352f0156272d10a162434e125f1".replace(" ", "")
    )
    + _rows(1, (7, 10), (6, 10), (5, 10), (3, 10), (3, 10), (3, 10), (3, 10), (2, 10), (2, 10), (2, 10), (2, 10))
    + _rows(12, (2, 10), (2, 10), (2, 10), (2, 10))
)
END: Final = b"\xff\xd9"


@lru_cache(maxsize=128)
def quantization_tables(quality: int) -> bytes:
    """Both tables of a *quality* from 1 to 99 (RFC 2435, appendix A)."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return bytes(min(max((value * scale + 50) // 100, 1), 255) for value in (*_LUMA, *_CHROMA))


@lru_cache(maxsize=64)
def header(*, kind: int, width: int, height: int, tables: bytes, restart: int) -> bytes:
    """What stands before the scan (RFC 2435, appendix B).

    *kind* 0 has half the colours across, 1 down too; *tables* are one or two of 64 bytes; *restart* is in macroblocks.
    """
    chroma = int(len(tables) > 64)
    parts = [b"\xff\xd8"]
    parts += [_segment(0xDB, bytes([at // 64]) + tables[at : at + 64]) for at in range(0, len(tables), 64)]
    components = bytes([1, 0x22 if kind & 1 else 0x21, 0, 2, 0x11, chroma, 3, 0x11, chroma])
    parts.append(_segment(0xC0, struct.pack(">BHHB", 8, height, width, 3) + components))
    codes = ((0x00, _LUMA_DC), (0x10, _LUMA_AC), (0x01, _CHROMA_DC), (0x11, _CHROMA_AC))
    parts += [_segment(0xC4, bytes([place]) + code) for place, code in codes]
    if restart:
        parts.append(_segment(0xDD, restart.to_bytes(2)))
    parts.append(_segment(0xDA, bytes([3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0])))
    return b"".join(parts)


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
