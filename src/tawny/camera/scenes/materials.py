"""What things are made of: from a point on a surface to its colour, all in closed form or from one table of noise."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from tawny.camera.scenes.picture import Colour, Floats


@dataclass(frozen=True, kw_only=True)
class Surface:
    """Points hit: *point* and *normal* have three rows; *u*, *v* are metres along the surface (v is up on walls)."""

    point: Floats
    normal: Floats
    u: Floats
    v: Floats


Material = Callable[[Surface], Floats]  # linear RGB in three rows


@cache
def _table() -> Floats:
    return np.random.default_rng(7).random((512, 512), dtype=np.float32)


def speckle(u: Floats, v: Floats, size: float) -> Floats:
    """A random value between 0 and 1 for each square of *size* metres."""
    scale = np.float32(1 / size)
    return _table()[_cell(u * scale), _cell(v * scale)]


def clouds(u: Floats, v: Floats, size: float, octaves: int = 3) -> Floats:
    """Smooth noise between 0 and 1 with features of *size* metres and finer ones in them."""
    total = np.zeros(np.broadcast(u, v).shape, np.float32)
    weight = np.float32(1.0)
    for octave in range(octaves):
        scale = np.float32(2**octave / size)
        total += weight * _smooth(u * scale + octave * 17, v * scale + octave * 31)
        weight *= np.float32(0.5)
    return total / np.float32(2 - 0.5 ** (octaves - 1))


def _smooth(u: Floats, v: Floats) -> Floats:
    fu, fv = u - np.floor(u), v - np.floor(v)
    iu, iv = _cell(u), _cell(v)
    ju, jv = (iu + 1) & 511, (iv + 1) & 511
    fu, fv = fu * fu * (3 - 2 * fu), fv * fv * (3 - 2 * fv)
    table = _table()
    low = table[iu, iv] * (1 - fu) + table[ju, iv] * fu
    high = table[iu, jv] * (1 - fu) + table[ju, jv] * fu
    value: Floats = low * (1 - fv) + high * fv
    return value


def _cell(value: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return np.floor(value).astype(np.int32) & 511


def mix(first: Floats, second: Floats, share: Floats) -> Floats:
    """*first* where *share* is 0, *second* where it is 1."""
    return first + (second - first) * share


def band(value: Floats, low: float, high: float, *, edge: float = 0.02) -> Floats:
    """1 between *low* and *high*, 0 outside, *edge* metres soft."""
    made: Floats = np.clip(np.minimum(value - low, high - value) / np.float32(edge), 0, 1)
    return made


def colour(rgb: Colour) -> Floats:
    """A colour as a column that broadcasts over points."""
    return np.array(rgb, np.float32)[:, None]


def plain(rgb: Colour, *, grain: float = 0.08, size: float = 1.5) -> Material:
    """Paint, plaster or metal with stains of *size* metres."""

    def shade(at: Surface) -> Floats:
        worn = clouds(at.u, at.v, size) - np.float32(0.5)
        fine = speckle(at.u, at.v, 0.012) - np.float32(0.5)
        return colour(rgb) * (1 + 2 * grain * worn + 0.5 * grain * fine)

    return shade


def bricks(rgb: Colour, mortar: Colour, *, length: float = 0.25, height: float = 0.085) -> Material:
    """Courses of bricks, each of a shade of its own, half a brick apart."""

    def shade(at: Surface) -> Floats:
        row = np.floor(at.v / height)
        along = at.u / length + 0.5 * (row % 2)
        inside = _inside(along, 0.045) * _inside(at.v / height, 0.12)
        own = speckle(np.floor(along), row, 1.0)
        worn = clouds(at.u, at.v, 0.6)
        brick = colour(rgb) * (0.65 + 0.45 * own + 0.35 * worn)
        return mix(colour(mortar) * (0.8 + 0.4 * worn), brick, inside)

    return shade


def tiles(rgb: Colour, *, size: float, joint: float = 0.012, joint_rgb: Colour = (0.2, 0.2, 0.2)) -> Material:
    """Square tiles or slabs of *size* metres, slightly different from one another."""

    def shade(at: Surface) -> Floats:
        a, b = at.u / size, at.v / size
        inside = _inside(a, joint / size) * _inside(b, joint / size)
        own = speckle(np.floor(a), np.floor(b), 1.0)
        worn = clouds(at.u, at.v, size * 0.7)
        return mix(colour(joint_rgb), colour(rgb) * (0.82 + 0.16 * own + 0.2 * worn), inside)

    return shade


def planks(rgb: Colour, *, width: float = 0.12, upright: bool = True) -> Material:
    """Boards side by side with dark gaps and grain."""

    def shade(at: Surface) -> Floats:
        across, along = (at.u, at.v) if upright else (at.v, at.u)
        inside = _inside(across / width, 0.06)
        own = speckle(np.floor(across / width), np.zeros_like(across), 1.0)
        grain = clouds(across * 14, along, 0.5)
        return mix(colour((0.02, 0.015, 0.01)), colour(rgb) * (0.65 + 0.35 * own + 0.35 * grain), inside)

    return shade


def asphalt(rgb: Colour = (0.1, 0.1, 0.105)) -> Material:
    """Stones in tar with old patches."""

    def shade(at: Surface) -> Floats:
        old = clouds(at.u, at.v, 2.5)
        stones = speckle(at.u, at.v, 0.02)
        return colour(rgb) * (0.7 + 0.5 * old + 0.25 * stones)

    return shade


def grass(rgb: Colour = (0.09, 0.17, 0.035)) -> Material:
    """A lawn: tufts, dry places, blades as speckles."""

    def shade(at: Surface) -> Floats:
        dry = clouds(at.u, at.v, 2.2)[None]
        tuft = clouds(at.u, at.v, 0.16)
        blade = speckle(at.u, at.v, 0.025)
        tone = mix(colour(rgb), colour((0.2, 0.19, 0.06)), 0.5 * dry * dry)
        return tone * (0.45 + 0.7 * tuft + 0.4 * blade)

    return shade


def leaves(rgb: Colour) -> Material:
    """Foliage: light and dark leaves."""

    def shade(at: Surface) -> Floats:
        p = at.point
        leaf = clouds(p[0] + p[2] * 0.37, p[1] * 0.71 + p[2], 0.05, 2)
        clump = clouds(p[0] + p[1] * 0.6, p[2] + p[1] * 0.4, 0.4, 2)
        return colour(rgb) * (0.1 + 0.6 * clump + 1.5 * leaf * leaf)

    return shade


def _inside(position: Floats, joint: float) -> Floats:
    """0 within *joint* (a share of the piece) around each whole number, 1 elsewhere, with a soft edge."""
    offset = np.abs(position - np.floor(position) - np.float32(0.5))
    made: Floats = np.clip((np.float32(0.5) - offset) / np.float32(max(joint, 1e-4)), 0, 1)
    return made
