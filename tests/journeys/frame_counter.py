"""Reads the frame counter that our scenes carry in their pictures (its form: `tawny.camera.scenes.overlay`)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_SQUARES = 20
_BITS = range(2, 18)
_SURE = 40  # luma steps that a square must be from the middle between black and white


def read_counter(luma: NDArray[Any]) -> int | None:
    """The frame number in a decoded picture's *luma* plane; None where the sync squares do not match."""
    squares = _squares(luma)
    if squares is None or (squares[0], squares[1], squares[19]) != (1, 0, 0):
        return None
    return sum(squares[square] << bit for bit, square in enumerate(_BITS))


def is_main(luma: NDArray[Any]) -> bool | None:
    """Whether the picture is of a main stream; None where there is no counter."""
    squares = _squares(luma)
    if squares is None or read_counter(luma) is None:
        return None
    return squares[18] == 1


def _squares(luma: NDArray[Any]) -> list[int] | None:
    """The squares as bits; None where one is neither black nor white."""
    height, width = luma.shape
    q = width // 80
    if q < 2 or height < 3 * q:
        return None
    row = luma[height - 2 * q : height - q, q : q + _SQUARES * q].astype(np.float32)
    edge = max(1, q // 4)  # the codec blurs the edges
    inner = row.reshape(q, _SQUARES, q)[edge : q - edge, :, edge : q - edge]
    offsets = inner.mean((0, 2)) - (16 + 235) / 2
    if (np.abs(offsets) < _SURE).any():
        return None
    return [int(offset > 0) for offset in offsets]
