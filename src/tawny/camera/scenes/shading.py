"""How light reaches a point: from sun, sky and lamps, past what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tawny.camera.scenes.lens import Lens, Point
from tawny.camera.scenes.picture import Colour, Floats
from tawny.camera.scenes.solids import FAR, Box, Solid

_EDGE = ((0.9, 0.3), (-0.3, 0.9), (-0.9, -0.3), (0.3, -0.9))  # samples around the point looked up
_REACHES = (0.12, 0.5)  # metres within which things take light from one another


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """Light from a point that fades with distance; *reach* is the distance at which half of it is left."""

    position: Point
    light: Colour
    reach: float = 3.0


@dataclass(frozen=True, kw_only=True)
class Light:
    """What shines: the sun (its direction points to it), the sky from above, the ground's echo from below, lamps."""

    sun: Colour = (0.0, 0.0, 0.0)
    sun_direction: Point = (0.0, 0.0, 1.0)
    sky: Colour = (0.3, 0.3, 0.3)
    echo: Colour = (0.15, 0.15, 0.15)
    lamps: tuple[Lamp, ...] = ()

    def at(self, points: Floats, normals: Floats, lit: Floats | float) -> Floats:
        """Linear light falling on *points* with *normals* (three rows each), *lit* of it sunshine."""
        up = (normals[2] * 0.5 + 0.5)[None]
        total = column(self.echo) * (1 - up) + column(self.sky) * up
        facing = np.maximum(column(self.sun_direction).T @ normals, 0)
        total = total + column(self.sun) * facing * lit
        for lamp in self.lamps:
            towards = column(lamp.position) - points
            distance = np.sqrt((towards * towards).sum(0)) + np.float32(1e-3)
            lambert = 0.25 + 0.75 * np.maximum((towards * normals).sum(0) / distance, 0)
            total = total + column(lamp.light) * (lambert / (1 + (distance / lamp.reach) ** 2))
        whole: Floats = total
        return whole


class ShadowMap:
    """What the sun sees, as distances on a grid square to its light; made once for a stage."""

    def __init__(self, solids: Sequence[Solid], sun: Point, *, middle: Point, size: float, samples: int) -> None:
        self._samples = samples
        self._away = -np.array(sun, np.float32) / np.float32(np.linalg.norm(sun))
        self._across = np.cross(self._away, (0, 0, 1)).astype(np.float32)
        self._across /= np.linalg.norm(self._across)
        self._along = np.cross(self._across, self._away).astype(np.float32)
        self._origin = np.array(middle, np.float32) - self._away * np.float32(200)
        self._scale = np.float32(samples / size)
        self._map = np.full((samples, samples), FAR, np.float32)
        for solid in solids:
            self._cover(solid)

    def lit(self, points: Floats) -> Floats:
        """The share of the sun that reaches each of *points* (three rows), smooth at the shadows' edges."""
        share: Floats = np.zeros(points.shape[1], np.float32)
        for du, dv in _EDGE:
            share += self._seen(points, du, dv)
        return share / len(_EDGE)

    def _seen(self, points: Floats, du: float, dv: float) -> Floats:
        offset = points - self._origin[:, None]
        u = self._across @ offset * self._scale + np.float32(self._samples / 2 - 0.5 + du)
        v = self._along @ offset * self._scale + np.float32(self._samples / 2 - 0.5 + dv)
        far = self._away @ offset - np.float32(0.06)
        column_, row = np.floor(u), np.floor(v)
        fu, fv = u - column_, v - row
        c0 = np.clip(column_, 0, self._samples - 2).astype(np.int32)
        r0 = np.clip(row, 0, self._samples - 2).astype(np.int32)
        inside = (column_ == c0) & (row == r0)
        low = (self._map[r0, c0] > far) * (1 - fu) + (self._map[r0, c0 + 1] > far) * fu
        high = (self._map[r0 + 1, c0] > far) * (1 - fu) + (self._map[r0 + 1, c0 + 1] > far) * fu
        share: Floats = np.where(inside, low * (1 - fv) + high * fv, 1).astype(np.float32)
        return share

    def _cover(self, solid: Solid) -> None:
        offset = solid.corners() - self._origin
        u = offset @ self._across * self._scale + self._samples / 2
        v = offset @ self._along * self._scale + self._samples / 2
        left, right = max(0, int(u.min()) - 1), min(self._samples, int(u.max()) + 2)
        low, high = max(0, int(v.min()) - 1), min(self._samples, int(v.max()) + 2)
        if left >= right or low >= high:
            return
        y, x = (np.mgrid[low:high, left:right].astype(np.float32) + 0.5 - self._samples / 2) / self._scale
        starts = self._origin[:, None] + self._across[:, None] * x.reshape(-1) + self._along[:, None] * y.reshape(-1)
        met = solid.meet(starts.astype(np.float32), self._away[:, None]).reshape(x.shape)
        part = self._map[low:high, left:right]
        np.minimum(part, met, out=part)


def openness(lens: Lens, depth: Floats, solids: Sequence[Solid]) -> Floats:
    """How much of the surroundings reaches each pixel: less in corners, and on what boxes stand on or lean at."""
    free = np.ones(depth.shape, np.float32)
    reach = _REACHES[-1]
    for solid in solids:
        if not isinstance(solid, Box):
            continue
        left, top, right, bottom = solid.bounds(lens, margin=reach)
        rows = slice(max(0, int(top)), max(0, int(bottom) + 1))
        columns = slice(max(0, int(left)), max(0, int(right) + 1))
        patch = depth[rows, columns]
        if not patch.size or patch.min() >= FAR:
            continue
        y, x = np.mgrid[rows.start : rows.start + patch.shape[0], columns.start : columns.start + patch.shape[1]]
        rays = lens.rays(x.reshape(-1).astype(np.float32) + 0.5, y.reshape(-1).astype(np.float32) + 0.5)
        points = column(lens.position) + rays * np.minimum(patch, 1e4).reshape(-1)
        outside = solid.distance(points)
        near = sum(np.clip(1 - outside / np.float32(r), 0, 1) ** 2 for r in _REACHES)
        own = np.clip((outside - 0.004) / np.float32(0.004), 0, 1)  # a box takes no light from itself
        free[rows, columns] *= (1 - np.float32(0.26) * near * own).reshape(patch.shape)
    return free


def column(values: Sequence[float]) -> Floats:
    """Three numbers as a column that broadcasts over points."""
    return np.array(values, np.float32)[:, None]
