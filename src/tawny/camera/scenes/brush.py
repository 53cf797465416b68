"""Painting what moves: rounded limbs and flat panels in the world, hidden by what stands before them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, sin

import numpy as np

from tawny.camera.scenes.lens import NEAR, Lens, Point
from tawny.camera.scenes.picture import Colour, Floats, Patch, Picture
from tawny.camera.scenes.shading import Light
from tawny.camera.scenes.stage import Backdrop

_Bar = tuple[float, float, float, float, float, float, float]  # x, y, radius at both ends, depth
_LARGE = 260  # pixels: patches taller than this are worked out at half size


@dataclass(frozen=True, kw_only=True)
class Limb:
    """A rounded bar from *start* to *end* in the world, in metres."""

    start: Point
    end: Point
    radius: float
    end_radius: float | None = None

    @property
    def middle(self) -> Floats:
        return (np.array(self.start, np.float32) + np.array(self.end, np.float32)) / 2


@dataclass(frozen=True, kw_only=True)
class Brush:
    """Paints onto *picture*, a copy of *backdrop*'s, what stands in the world before *lens* under *light*."""

    picture: Picture
    backdrop: Backdrop
    lens: Lens
    light: Light
    key: tuple[float, float, float] = (-0.4, 0.6, 0.7)  # where most light comes from, seen from the camera

    def limbs(self, limbs: Sequence[Limb], colour: Colour, *, mirrored: float = 0.0) -> None:
        """Paint *limbs* grown together, as one piece of clothing or skin; or their image in the floor, *mirrored*."""
        bars = self._bars(limbs)
        patch = self._around(bars)
        if patch is None:
            return
        depth = float(np.mean([bar[6] for bar in bars]))
        step = 2 if patch.bottom - patch.top > _LARGE else 1
        x, y = patch.grid()
        distance = _union(bars, x[:, ::step], y[::step])
        coverage, shade = self._rounded(distance, max(max(bar[2], bar[5]) for bar in bars), step)
        if step > 1:
            coverage, shade = _doubled(coverage), _doubled(shade)
        coverage = coverage * np.float32(mirrored) if mirrored else self._visible(patch, coverage, depth)
        self.picture.paint(patch, coverage, self._lit(colour, np.mean([limb.middle for limb in limbs], axis=0)), shade)

    def panel(
        self, corners: Floats, colour: Colour, *, shade: float = 1.0, grow: float = 0.5, bias: float = 0.0
    ) -> None:
        """Paint the convex polygon of *corners* (rows in the world), *bias* metres nearer than it is."""
        seen = self.lens.project(corners)
        if seen[:, 2].min() <= NEAR:
            return
        patch = self.picture.patch(*(seen[:, :2].min(0) - 1), *(seen[:, :2].max(0) + 1))
        if patch is None:
            return
        coverage = np.clip(_inside(seen, *patch.grid()) + np.float32(grow), 0, 1)
        coverage = self._visible(patch, coverage, float(seen[:, 2].mean()) - bias)
        self.picture.paint(patch, coverage, colour, shade)

    def shadow(self, limbs: Sequence[Limb], *, strength: float = 0.6) -> None:
        """The shadow of *limbs* on the ground, as the sun throws it; none where the ground has no sun."""
        sun = np.array(self.light.sun_direction, np.float32)
        if not any(self.light.sun):
            return
        fallen = [_fallen(limb, sun) for limb in limbs]
        bars = self._bars(fallen)
        patch = self._around(bars)
        if patch is None:
            return
        x, y = patch.grid()
        coverage = np.clip(0.5 - _union(bars, x, y, squash=0.5) / 3, 0, 1) * self.backdrop.lit[patch.full]
        self.picture.darken(patch, coverage * np.float32(strength))

    def cast(self, points: Floats, *, strength: float = 0.6) -> None:
        """The shadow on the ground of a solid body with those corners (rows in the world)."""
        sun = np.array(self.light.sun_direction, np.float32)
        if not any(self.light.sun):
            return
        ground = points - points[:, 2:] / sun[2] * sun
        seen = self.lens.project(ground.astype(np.float32))
        if seen[:, 2].min() <= NEAR:
            return
        hull = _hull(seen[:, :2])
        patch = self.picture.patch(*(hull.min(0) - 3), *(hull.max(0) + 3))
        if patch is None:
            return
        soft = 0.05 * self.lens.focal / float(seen[:, 2].mean())
        coverage = np.clip(0.5 + _inside(hull, *patch.grid()) / max(soft, 1.0), 0, 1) * self.backdrop.lit[patch.full]
        self.picture.darken(patch, self._visible(patch, coverage * np.float32(strength), float(seen[:, 2].mean()) - 3))

    def contact(self, at: Point, radius: float, *, strength: float = 0.5) -> None:
        """The soft darkness on the ground under something that stands at *at*."""
        x, y, depth = (float(v) for v in self.lens.project(np.array([at], np.float32))[0])
        if depth <= NEAR:
            return
        wide = radius * self.lens.focal / depth
        tilt = max(0.15, (self.lens.position[2] - at[2]) / depth)
        patch = self.picture.patch(x - 2 * wide, y - 2 * wide * tilt, x + 2 * wide, y + 2 * wide * tilt)
        if patch is None:
            return
        px, py = patch.grid()
        dark = np.exp(-(((px - x) / wide) ** 2)) * np.exp(-(((py - y) / (wide * tilt)) ** 2))
        self.picture.darken(patch, self._visible(patch, dark * np.float32(strength), depth - 0.6))

    def lamp(self, at: Point, radius: float, strength: float) -> None:
        """A light that shines towards the camera, where nothing hides it."""
        x, y, depth = (float(v) for v in self.lens.project(np.array([at], np.float32))[0])
        inside = 0 <= x < self.picture.width and 0 <= y < self.picture.height
        if depth > NEAR and inside and self.backdrop.depth[int(y), int(x)] > depth - 0.3:
            self.picture.glow(x, y, max(2.0, radius * self.lens.focal / depth), strength)

    def beam(self, start: Point, heading: float, *, reach: float, strength: float) -> None:
        """A headlight: light on whatever it falls upon, along *heading* (radians, as a car's)."""
        points = self.backdrop.points(self.lens)
        dx, dy, dz = (points[i] - np.float32(start[i]) for i in range(3))
        ahead = dx * np.float32(sin(heading)) + dy * np.float32(cos(heading))
        aside = dx * np.float32(cos(heading)) - dy * np.float32(sin(heading))
        far = np.maximum(ahead, 0.05)
        cone = np.exp(-((aside / (0.25 + 0.34 * far)) ** 2) - ((dz + 0.035 * far) / (0.3 + 0.13 * far)) ** 2)
        light = np.where(ahead > 0, strength * cone / (1 + (far / reach) ** 2), 0).astype(np.float32)
        rows, columns = np.nonzero(light > 0.03)
        if not len(rows):
            return
        low, high, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
        patch = Patch(left=4 * int(left), top=4 * int(low), right=4 * int(right), bottom=4 * int(high))
        self.picture.lighten(patch, light[low:high, left:right].repeat(4, 0).repeat(4, 1))

    def _bars(self, limbs: Sequence[Limb]) -> list[_Bar]:
        """The limbs in the picture; those too close to the camera are left out."""
        return [bar for bar in map(self._bar, limbs) if bar is not None]

    def _bar(self, limb: Limb) -> _Bar | None:
        seen = self.lens.project(np.array([limb.start, limb.end], np.float32))
        if seen[:, 2].min() <= NEAR:
            return None
        (x0, y0, z0), (x1, y1, z1) = ((float(v) for v in row) for row in seen)
        end_radius = limb.radius if limb.end_radius is None else limb.end_radius
        focal = self.lens.focal
        return x0, y0, limb.radius * focal / z0, x1, y1, end_radius * focal / z1, (z0 + z1) / 2

    def _around(self, bars: Sequence[_Bar]) -> Patch | None:
        if not bars:
            return None
        left = min(min(b[0] - b[2], b[3] - b[5]) for b in bars) - 2
        top = min(min(b[1] - b[2], b[4] - b[5]) for b in bars) - 2
        right = max(max(b[0] + b[2], b[3] + b[5]) for b in bars) + 2
        bottom = max(max(b[1] + b[2], b[4] + b[5]) for b in bars) + 2
        return self.picture.patch(left, top, right, bottom)

    def _rounded(self, distance: Floats, radius: float, step: int) -> tuple[Floats, Floats]:
        """Coverage, and the shade of a round body: its normal leans outwards towards its edge."""
        lean = np.clip(1 + distance / np.float32(max(radius, 0.7)), 0, 1)
        facing = np.sqrt(np.maximum(1 - lean * lean, 0))
        if min(distance.shape) < 2:
            return np.clip(0.5 - distance / step, 0, 1), np.ones_like(distance)
        down, across = np.gradient(distance)
        kx, ky, kz = self.key
        light = np.maximum((across * kx - down * ky) * (lean / step) + facing * kz, 0)
        return np.clip(0.5 - distance / step, 0, 1), (np.float32(0.6) + np.float32(0.5) * light).astype(np.float32)

    def _visible(self, patch: Patch, coverage: Floats, depth: float) -> Floats:
        behind = self.backdrop.depth[patch.full]
        return coverage * (behind > depth) if behind.min() < depth else coverage

    def _lit(self, colour: Colour, where: Floats) -> Colour:
        point = where.astype(np.float32)[:, None]
        normal = np.array([[-0.25], [-0.75], [0.45]], np.float32)
        light = self.light.at(point, normal, 0.8)[:, 0]
        red, green, blue = (float(c * v) for c, v in zip(colour, light, strict=True))
        return red, green, blue


def _union(bars: Sequence[_Bar], x: Floats, y: Floats, *, squash: float = 1.0) -> Floats:
    """Distance in pixels to the nearest bar, negative inside, melted together where bars meet."""
    total: Floats | None = None
    for x0, y0, r0, x1, y1, r1, _ in bars:
        dx, dy = x1 - x0, y1 - y0
        share = np.clip(((x - x0) * dx + (y - y0) * dy) / max(dx * dx + dy * dy, 1e-6), 0, 1)
        px, py = x - x0 - share * dx, y - y0 - share * dy
        one = (np.sqrt(px * px + py * py) - (r0 + share * (r1 - r0)) * squash).astype(np.float32)
        if total is None:
            total = one
            continue
        melt = max(0.3 * min(r0, r1), 0.5)
        close = np.maximum(melt - np.abs(total - one), 0)
        total = np.minimum(total, one) - close * close * np.float32(0.25 / melt)
    assert total is not None, "a caller never paints nothing"
    return total


def _inside(seen: Floats, x: Floats, y: Floats) -> Floats:
    """Distance in pixels to the nearest edge of the convex polygon, positive inside."""
    xs, ys = seen[:, 0], seen[:, 1]
    area = float((xs * np.roll(ys, -1) - np.roll(xs, -1) * ys).sum())
    nearest = np.full((y.shape[0], x.shape[1]), 1e6, np.float32)
    for i in range(len(xs)):
        j = (i + 1) % len(xs)
        ex, ey = float(xs[j] - xs[i]), float(ys[j] - ys[i])
        length = np.hypot(ex, ey)
        if length < 1e-3:
            continue
        sign = (1.0 if area > 0 else -1.0) / length
        np.minimum(nearest, ((y - ys[i]) * np.float32(ex * sign) - (x - xs[i]) * np.float32(ey * sign)), out=nearest)
    return nearest


def _hull(points: Floats) -> Floats:
    """The corners of the convex hull of *points*, in order (Andrew's monotone chain)."""
    ordered = sorted((float(x), float(y)) for x, y in points)

    def half(chain: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
        kept: list[tuple[float, float]] = []
        for x, y in chain:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], (x, y)) <= 0:
                kept.pop()
            kept.append((x, y))
        return kept[:-1]

    return np.array([*half(ordered), *half(reversed(ordered))], np.float32)


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _fallen(limb: Limb, sun: Floats) -> Limb:
    def ground(point: Point) -> Point:
        length = point[2] / float(sun[2])
        return point[0] - length * float(sun[0]), point[1] - length * float(sun[1]), 0.01

    return Limb(start=ground(limb.start), end=ground(limb.end), radius=limb.radius, end_radius=limb.end_radius)


def _doubled(values: Floats) -> Floats:
    return values.repeat(2, 0).repeat(2, 1)
