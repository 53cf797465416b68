"""The picture that a scene is drawn on: 4:2:0 planes, and what paints on them softly.

Colours are linear RGB triples until they are painted; luma and chroma are those of BT.709 in limited range, as the
encoder is told. Shapes are given as *coverage*: a float array between 0 and 1 over a patch of the picture.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Bytes = NDArray[np.uint8]
Colour = tuple[float, float, float]

BLACK = 16
WHITE = 235
GREY = 128  # chroma of anything without colour

_TO_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


def tone(light: Any) -> Any:
    """What the sensor makes of linear *light*: highlights roll off softly, then gamma, 0 to 1."""
    exposed = 1.0 - np.exp(-1.6 * np.maximum(light, 0.0))
    return exposed ** np.float32(1 / 2.2)


def to_yuv(rgb: Floats) -> tuple[Floats, Floats, Floats]:
    """Luma and chroma (as floats in 8-bit range) of gamma-coded *rgb* with three values in the last axis."""
    luma = rgb @ _TO_LUMA
    blue = (rgb[..., 2] - luma) / np.float32(1.8556)
    red = (rgb[..., 0] - luma) / np.float32(1.5748)
    return BLACK + 219 * luma, GREY + 224 * blue, GREY + 224 * red


def halved(plane: Floats) -> Floats:
    """The area mean of each 2 x 2 block."""
    return (plane[::2, ::2] + plane[1::2, ::2] + plane[::2, 1::2] + plane[1::2, 1::2]) * np.float32(0.25)


@dataclass(frozen=True, kw_only=True)
class Patch:
    """A rectangle of the picture with even edges, never empty, always inside it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def full(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def half(self) -> tuple[slice, slice]:
        return slice(self.top // 2, self.bottom // 2), slice(self.left // 2, self.right // 2)

    def grid(self) -> tuple[Floats, Floats]:
        """X as a row and y as a column: the centres of the patch's pixels."""
        x = np.arange(self.left, self.right, dtype=np.float32) + np.float32(0.5)
        y = np.arange(self.top, self.bottom, dtype=np.float32) + np.float32(0.5)
        return x[None, :], y[:, None]


class Picture:
    """Three planes of 8 bits: luma in full size, chroma halved both ways."""

    def __init__(self, luma: Bytes, blue: Bytes, red: Bytes) -> None:
        self.luma = luma
        self.blue = blue
        self.red = red

    @classmethod
    def of(cls, rgb: Floats) -> "Picture":
        """The picture of gamma-coded *rgb*."""
        luma, blue, red = to_yuv(rgb)
        return cls(_bytes(luma), _bytes(halved(blue)), _bytes(halved(red)))

    @property
    def width(self) -> int:
        pixels: int = self.luma.shape[1]
        return pixels

    @property
    def height(self) -> int:
        pixels: int = self.luma.shape[0]
        return pixels

    def copy(self) -> "Picture":
        return Picture(self.luma.copy(), self.blue.copy(), self.red.copy())

    def reduced(self, factor: int) -> "Picture":
        """The area mean of each *factor* x *factor* block."""
        return Picture(*(_mean(plane, factor) for plane in (self.luma, self.blue, self.red)))

    def planes(self) -> Bytes:
        """The planes one after another, as PyAV takes yuv420p."""
        chroma = np.concatenate([self.blue.reshape(-1), self.red.reshape(-1)])
        return np.concatenate([self.luma, chroma.reshape(-1, self.width)])

    def patch(self, left: float, top: float, right: float, bottom: float) -> Patch | None:
        """The part of that rectangle which is inside the picture, grown to even edges; None where nothing is."""
        x0, y0 = max(0, int(left)) & ~1, max(0, int(top)) & ~1
        x1, y1 = min(self.width, (int(right) + 2) & ~1), min(self.height, (int(bottom) + 2) & ~1)
        return Patch(left=x0, top=y0, right=x1, bottom=y1) if x0 < x1 and y0 < y1 else None

    def paint(self, patch: Patch, coverage: Floats, colour: Colour, shade: Floats | float = 1.0) -> None:
        """Lay linear *colour*, made lighter or darker by *shade* (a factor in gamma space), over the *patch*."""
        coded: Floats = tone(np.array(colour, np.float32))
        luma, blue, red = (float(v) for v in to_yuv(coded))
        self._blend(self.luma, patch.full, coverage, BLACK + (luma - BLACK) * shade)
        half = halved(coverage)
        coarse = shade[::2, ::2] if isinstance(shade, np.ndarray) and shade.ndim == 2 else 1.0
        self._blend(self.blue, patch.half, half, GREY + (blue - GREY) * coarse)
        self._blend(self.red, patch.half, half, GREY + (red - GREY) * coarse)

    def darken(self, patch: Patch, coverage: Floats) -> None:
        """A shadow: where *coverage* is 1 nothing of the light remains."""
        luma = self.luma[patch.full]
        self.luma[patch.full] = _bytes(BLACK + (luma - np.float32(BLACK)) * (1 - coverage))

    def lighten(self, patch: Patch, light: Floats) -> None:
        """Multiply what is there by 1 + *light*: lamps and headlights on surfaces."""
        luma = self.luma[patch.full]
        self.luma[patch.full] = _bytes(BLACK + (luma - np.float32(BLACK)) * (1 + light))

    def glow(self, x: float, y: float, radius: float, strength: float) -> None:
        """Light scattered in the lens around a lamp at (*x*, *y*): *strength* in luma steps at its middle."""
        patch = self.patch(x - 2.5 * radius, y - 2.5 * radius, x + 2.5 * radius, y + 2.5 * radius)
        if patch is None:
            return
        px, py = patch.grid()
        halo = np.exp(-((px - x) ** 2) / (radius * radius)) * np.exp(-((py - y) ** 2) / (radius * radius))
        self.luma[patch.full] = _bytes(self.luma[patch.full] + strength * halo)

    @staticmethod
    def _blend(plane: Bytes, where: tuple[slice, slice], coverage: Floats, value: Any) -> None:
        under = plane[where].astype(np.float32)
        plane[where] = _bytes(under + coverage * (value - under))


def _bytes(values: Floats) -> Bytes:
    clipped: Bytes = np.clip(values + np.float32(0.5), BLACK, 240).astype(np.uint8)
    return clipped


def _mean(plane: Bytes, factor: int) -> Bytes:
    total = np.zeros((plane.shape[0] // factor, plane.shape[1] // factor), np.uint16)
    for dy in range(factor):
        for dx in range(factor):
            total += plane[dy::factor, dx::factor]
    return ((total + factor * factor // 2) // (factor * factor)).astype(np.uint8)
