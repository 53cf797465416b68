"""Privacy masks drawn into a picture: what stands behind one is in no stream of the camera."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Inside = NDArray[np.bool_]

COLOR, BLURRED, PIXELATED = "Color", "Blurred", "Pixelated"
_BLOCKS = 32  # across the picture: what is smaller than one can't be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Veil:
    """A part of the picture that is hidden.

    *corners* are fractions of it from its upper left, *color* is Y, Cb and Cr; *kind* is one of the above.
    """

    corners: tuple[tuple[float, float], ...]
    kind: str = COLOR
    color: tuple[int, int, int] = (0, 128, 128)


def veiled(frame: VideoFrame, veils: Sequence[Veil]) -> VideoFrame:
    """*frame*, which is yuv420p, with *veils* over it: a copy, for a decoder still needs what it gave."""
    if not veils:
        return frame
    drawn = VideoFrame(frame.width, frame.height, "yuv420p")
    drawn.colorspace, drawn.color_range = frame.colorspace, frame.color_range
    drawn.pts = frame.pts
    for number in range(3):
        plane = plane_of(drawn, number)
        plane[:] = plane_of(frame, number)
        for veil in veils:
            _hide(plane, number, veil)
    return drawn


def plane_of(frame: VideoFrame, number: int) -> Plane:
    """A plane's pixels, in place."""
    plane = frame.planes[number]
    rows: Plane = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]


def _hide(plane: Plane, number: int, veil: Veil) -> None:
    top, left, inside = _area(veil.corners, plane.shape[0], plane.shape[1])
    part = plane[top : top + inside.shape[0], left : left + inside.shape[1]]
    if not part.size:
        return
    if veil.kind == COLOR:
        part[inside] = veil.color[number]
        return
    block = max(1, plane.shape[1] // _BLOCKS)
    coarse = _pixelated(part, block)
    part[inside] = (_blurred(coarse, block) if veil.kind == BLURRED else coarse)[inside]


@cache
def _area(corners: tuple[tuple[float, float], ...], height: int, width: int) -> tuple[int, int, Inside]:
    """Top and left of the rectangle around a polygon, and which of its pixels are hidden: whole ones, where in doubt."""
    xs, ys = [x * width for x, _ in corners], [y * height for _, y in corners]
    left, top = max(0, int(min(xs))), max(0, int(min(ys)))
    right, bottom = min(width, int(max(xs)) + 1), min(height, int(max(ys)) + 1)
    x, y = np.meshgrid(np.arange(left, right) + 0.5, np.arange(top, bottom) + 0.5)
    inside = np.zeros(x.shape, np.bool_)
    for (x1, y1), (x2, y2) in zip(
        zip(xs, ys, strict=True), zip(xs[1:] + xs[:1], ys[1:] + ys[:1], strict=True), strict=True
    ):
        if y1 != y2:
            inside ^= ((y1 > y) != (y2 > y)) & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return top, left, _grown(inside)


def _grown(inside: Inside) -> Inside:
    """One pixel more on each side."""
    grown = inside.copy()
    grown[1:] |= inside[:-1]
    grown[:-1] |= inside[1:]
    grown[:, 1:] |= inside[:, :-1]
    grown[:, :-1] |= inside[:, 1:]
    return grown


def _pixelated(part: Plane, block: int) -> Plane:
    """Each block of pixels in its mean colour."""
    height, width = part.shape
    rows, columns = np.arange(0, height, block), np.arange(0, width, block)
    sums = np.add.reduceat(np.add.reduceat(part.astype(np.int32), rows, axis=0), columns, axis=1)
    counts = np.outer(np.diff([*rows, height]), np.diff([*columns, width]))
    means = (sums // counts).astype(np.uint8)
    whole: Plane = means.repeat(block, axis=0)[:height].repeat(block, axis=1)[:, :width]
    return whole


def _blurred(part: Plane, reach: int) -> Plane:
    """Means over *reach* pixels along each axis: blocks without edges."""
    smooth = part.astype(np.int32)
    for axis in (0, 1):
        padded = np.pad(smooth, [(reach // 2 + 1, reach // 2) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
        sums = padded.cumsum(axis=axis)
        count = smooth.shape[axis]
        after = np.take(sums, range(2 * (reach // 2) + 1, 2 * (reach // 2) + 1 + count), axis=axis)
        smooth = (after - np.take(sums, range(count), axis=axis)) // (2 * (reach // 2) + 1)
    smoothed: Plane = smooth.astype(np.uint8)
    return smoothed
