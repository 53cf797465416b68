"""What the camera writes over its picture: the scene's name and a frame counter that programs can read.

The counter, with q = width / 80: 20 squares of q x q in one row from x = q, y = height - 2q; square 0 white, 1 black,
2 to 17 the frame number's bits from the least significant (white is 1), 18 white for main and black for sub, 19 black.
Benches and browser tests read it; `tests/journeys/frame_counter.py` is the reader.
"""

from functools import cache

import numpy as np

from tawny.camera.scenes.picture import BLACK, GREY, WHITE, Bytes, Picture

_LETTERS = {  # 5 x 7 dots, a number a row, the left dot is 16
    "A": (14, 17, 17, 31, 17, 17, 17),
    "B": (30, 17, 17, 30, 17, 17, 30),
    "C": (14, 17, 16, 16, 16, 17, 14),
    "D": (30, 17, 17, 17, 17, 17, 30),
    "E": (31, 16, 16, 30, 16, 16, 31),
    "F": (31, 16, 16, 30, 16, 16, 16),
    "G": (14, 17, 16, 23, 17, 17, 15),
    "H": (17, 17, 17, 31, 17, 17, 17),
    "I": (14, 4, 4, 4, 4, 4, 14),
    "J": (7, 2, 2, 2, 2, 18, 12),
    "K": (17, 18, 20, 24, 20, 18, 17),
    "L": (16, 16, 16, 16, 16, 16, 31),
    "M": (17, 27, 21, 21, 17, 17, 17),
    "N": (17, 25, 21, 19, 17, 17, 17),
    "O": (14, 17, 17, 17, 17, 17, 14),
    "P": (30, 17, 17, 30, 16, 16, 16),
    "Q": (14, 17, 17, 17, 21, 18, 13),
    "R": (30, 17, 17, 30, 20, 18, 17),
    "S": (15, 16, 16, 14, 1, 1, 30),
    "T": (31, 4, 4, 4, 4, 4, 4),
    "U": (17, 17, 17, 17, 17, 17, 14),
    "V": (17, 17, 17, 17, 17, 10, 4),
    "W": (17, 17, 17, 21, 21, 27, 17),
    "X": (17, 17, 10, 4, 10, 17, 17),
    "Y": (17, 17, 10, 4, 4, 4, 4),
    "Z": (31, 1, 2, 4, 8, 16, 31),
    " ": (0, 0, 0, 0, 0, 0, 0),
}
_BITS = 16


def write_name(picture: Picture, name: str) -> None:
    """Write *name* at the top left, white with a dark edge so that it reads on any picture."""
    dots = _dots(name.upper())
    size = max(1, picture.width // 320)
    lit = np.kron(dots, np.ones((size, size), np.uint8)).astype(bool)
    edge = np.zeros_like(lit)
    for dy in range(-(size // 2), size // 2 + 1):
        for dx in range(-(size // 2), size // 2 + 1):
            edge |= np.roll(lit, (dy, dx), (0, 1))
    top = left = picture.width // 60
    area = picture.luma[top : top + lit.shape[0], left : left + lit.shape[1]]
    area[edge] = area[edge] // 3
    area[lit] = WHITE
    _uncolour(picture, left, top, lit.shape[1], lit.shape[0])


def write_counter(picture: Picture, frame: int, *, main: bool) -> None:
    """Draw the counter of *frame* with its frame; nothing may be drawn over it."""
    q = picture.width // 80
    left, top = q, picture.height - 2 * q
    bits = [(frame >> bit) & 1 for bit in range(_BITS)]
    row = np.array([1, 0, *bits, int(main), 0], np.uint8)
    strip = np.where(np.kron(row[None, :], np.ones((q, q), np.uint8)), WHITE, BLACK)
    edge = q // 2
    picture.luma[top - edge : top + q + edge, left - edge : left + 20 * q + edge] = 32
    picture.luma[top : top + q, left : left + 20 * q] = strip
    _uncolour(picture, left - edge, top - edge, 20 * q + 2 * edge, q + 2 * edge)


def _uncolour(picture: Picture, left: int, top: int, width: int, height: int) -> None:
    where = slice(top // 2, (top + height + 1) // 2), slice(left // 2, (left + width + 1) // 2)
    picture.blue[where] = GREY
    picture.red[where] = GREY


@cache
def _dots(name: str) -> Bytes:
    columns = [_glyph(letter) for letter in name]
    gap = np.zeros((7, 1), np.uint8)
    parts = [part for glyph in columns for part in (glyph, gap)]
    return np.pad(np.concatenate(parts, axis=1), 1)


def _glyph(letter: str) -> Bytes:
    rows = _LETTERS[letter]
    return np.array([[(row >> bit) & 1 for bit in (4, 3, 2, 1, 0)] for row in rows], np.uint8)
