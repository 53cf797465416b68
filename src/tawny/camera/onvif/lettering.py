"""Texts over a picture, in the letters that the scenes have their names in, with digits and signs.

It stands here and not in ``scenes``, for what changes there has all scenes drawn anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from tawny.camera.onvif.veils import plane_of
from tawny.camera.scenes import overlay

Mask = NDArray[np.bool_]

PLACES = ("UpperLeft", "UpperRight", "LowerLeft", "LowerRight")
_WHITE = 235
_DOTS = {  # 5 x 7, a number a row, the left dot is 16
    **overlay._LETTERS,
    "0": (14, 17, 19, 21, 25, 17, 14),
    "1": (4, 12, 4, 4, 4, 4, 14),
    "2": (14, 17, 1, 2, 4, 8, 31),
    "3": (31, 2, 4, 2, 1, 17, 14),
    "4": (2, 6, 10, 18, 31, 2, 2),
    "5": (31, 16, 30, 1, 1, 17, 14),
    "6": (6, 8, 16, 30, 17, 17, 14),
    "7": (31, 1, 2, 4, 8, 8, 8),
    "8": (14, 17, 17, 14, 17, 17, 14),
    "9": (14, 17, 17, 15, 1, 2, 12),
    ".": (0, 0, 0, 0, 0, 12, 12),
    ",": (0, 0, 0, 0, 12, 4, 8),
    ":": (0, 12, 12, 0, 12, 12, 0),
    "-": (0, 0, 0, 31, 0, 0, 0),
    "/": (1, 1, 2, 4, 8, 16, 16),
    "(": (2, 4, 8, 8, 8, 4, 2),
    ")": (8, 4, 2, 2, 2, 4, 8),
    "!": (4, 4, 4, 4, 4, 0, 4),
    "?": (14, 17, 1, 2, 4, 0, 4),
}
_UNKNOWN = (31, 17, 17, 17, 17, 17, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words at one of `PLACES`."""

    place: str
    words: str


def write(frame: VideoFrame, texts: Sequence[Text]) -> None:
    """Write *texts* into a picture of yuv420p; those at one place stand one below the other, and what is too long is cut."""
    taken = dict.fromkeys(PLACES, 0)
    for text in texts:
        lit, edge = _drawn(text.words.upper(), max(1, frame.width // 320))
        height, width = min(lit.shape[0], frame.height), min(lit.shape[1], frame.width)
        left, top = _corner(frame, text.place, width, height, taken[text.place])
        taken[text.place] += height
        if 0 <= top <= frame.height - height:
            _ink(frame, left, top, lit[:height, :width], edge[:height, :width])


def _corner(frame: VideoFrame, place: str, width: int, height: int, taken: int) -> tuple[int, int]:
    """Left and top of a text; the scenes' names are kept free above, their counters below."""
    margin, free = frame.width // 60, frame.width // 20
    left = margin if place.endswith("Left") else max(0, frame.width - width - margin)
    top = free + taken if place.startswith("Upper") else frame.height - free - height - taken
    return left, top


def _ink(frame: VideoFrame, left: int, top: int, lit: Mask, edge: Mask) -> None:
    luma = plane_of(frame, 0)[top : top + lit.shape[0], left : left + lit.shape[1]]
    luma[edge] = luma[edge] // 3
    luma[lit] = _WHITE
    for number in (1, 2):
        chroma = plane_of(frame, number)
        chroma[top // 2 : (top + lit.shape[0]) // 2, left // 2 : (left + lit.shape[1]) // 2] = 128


@cache
def _drawn(words: str, size: int) -> tuple[Mask, Mask]:
    """The dots of *words* and a dark edge around them, so that they read on any picture."""
    glyphs = [_glyph(letter) for letter in words]
    dots = np.pad(np.concatenate(glyphs, axis=1), 1) if glyphs else np.zeros((9, 2), np.uint8)
    lit = np.kron(dots, np.ones((size, size), np.uint8)).astype(bool)
    edge = np.zeros_like(lit)
    reach = max(1, size // 2)
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            edge |= np.roll(lit, (down, right), (0, 1))
    return lit, edge


def _glyph(letter: str) -> NDArray[np.uint8]:
    rows = _DOTS.get(letter, _UNKNOWN)
    return np.array([[*((row >> bit) & 1 for bit in (4, 3, 2, 1, 0)), 0] for row in rows], np.uint8)
