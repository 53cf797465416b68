"""The shapes that a stage is built of: where a ray meets them, which way they face, how far a point is from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tawny.camera.scenes.lens import NEAR, Lens, Point
from tawny.camera.scenes.materials import Material, clouds
from tawny.camera.scenes.picture import Floats

FAR = np.float32(1e6)  # metres: where a ray that meets nothing ends
_EPSILON = np.float32(1e-3)

Numbers = NDArray[np.intp]
Bounds = tuple[float, float, float, float]  # left, top, right, bottom in pixels


class Solid(Protocol):
    """Something that stands still in a scene."""

    @property
    def material(self) -> Material:
        """What colours its surface."""
        ...

    @property
    def glows(self) -> bool:
        """Whether its material is light of its own, not lit by others."""
        ...

    def corners(self) -> Floats:
        """The eight corners of the box around it, one a row."""
        ...

    def bounds(self, lens: Lens, *, margin: float = 0.0) -> Bounds:
        """The rectangle of the picture outside of which it is never seen, with *margin* metres around it."""
        ...

    def meet(self, origin: Floats, rays: Floats) -> Floats:
        """The parameter along each ray (three rows) where it first meets this from *origin*; `FAR` for never."""
        ...

    def normals(self, points: Floats, rays: Floats) -> Floats:
        """Unit vectors off the surface at *points*, towards where *rays* come from."""
        ...

    def distance(self, points: Floats) -> Floats:
        """About how far outside *points* are."""
        ...


def _corners(low: Sequence[float], high: Sequence[float]) -> Floats:
    return np.array(list(product(*zip(low, high, strict=True))), np.float32)


def _bounds(corners: Floats, lens: Lens, margin: float) -> Bounds:
    away = np.where(corners == corners.max(0), np.float32(margin), np.float32(-margin))
    corners = corners + away
    depth = (corners - np.array(lens.position, np.float32)) @ lens.axes[2]
    if depth.min() < NEAR:  # reaches behind the camera: may be anywhere
        return (0.0, 0.0, lens.width, lens.height) if depth.max() > NEAR else (0.0, -2.0, 0.0, -1.0)
    seen = lens.project(corners)[:, :2]
    (left, top), (right, bottom) = (seen.min(0) - 1).tolist(), (seen.max(0) + 1).tolist()
    return left, top, right, bottom


@dataclass(frozen=True, kw_only=True)
class Box:
    """From corner *low* to corner *high* along the world's axes; a room where the camera is inside."""

    low: Point
    high: Point
    material: Material
    glows: bool = False

    def corners(self) -> Floats:
        return _corners(self.low, self.high)

    def bounds(self, lens: Lens, *, margin: float = 0.0) -> Bounds:
        return _bounds(self.corners(), lens, margin)

    def meet(self, origin: Floats, rays: Floats) -> Floats:
        near = np.full(np.broadcast(origin[0], rays[0]).shape, -FAR, np.float32)
        far = -near
        for axis in range(3):
            inverse = 1 / np.where(np.abs(rays[axis]) < 1e-7, np.float32(1e-7), rays[axis])
            one = (np.float32(self.low[axis]) - origin[axis]) * inverse
            two = (np.float32(self.high[axis]) - origin[axis]) * inverse
            np.maximum(near, np.minimum(one, two), out=near)
            np.minimum(far, np.maximum(one, two), out=far)
        reached = np.where(near > _EPSILON, near, far)
        return np.where((far >= near) & (far > _EPSILON), reached, FAR)

    def normals(self, points: Floats, rays: Floats) -> Floats:
        middle, half = self._middle_half()
        offset = (points - middle) / half
        axis = np.abs(offset).argmax(0)
        normal = np.zeros_like(points)
        each = np.arange(points.shape[1])
        normal[axis, each] = -np.sign(rays[axis, each])
        return normal

    def distance(self, points: Floats) -> Floats:
        middle, half = self._middle_half()
        outside = np.abs(points - middle) - half
        beyond = np.maximum(outside, 0)
        metres: Floats = np.sqrt((beyond * beyond).sum(0)) + np.minimum(outside.max(0), 0)
        return metres

    def _middle_half(self) -> tuple[Floats, Floats]:
        low, high = np.array(self.low, np.float32)[:, None], np.array(self.high, np.float32)[:, None]
        return (low + high) / 2, (high - low) / 2 + _EPSILON


@dataclass(frozen=True, kw_only=True)
class Drum:
    """An upright cylinder: posts, trunks, bins."""

    foot: Point
    radius: float
    height: float
    material: Material
    glows: bool = False

    def corners(self) -> Floats:
        (x, y, z), r = self.foot, self.radius
        return _corners((x - r, y - r, z), (x + r, y + r, z + self.height))

    def bounds(self, lens: Lens, *, margin: float = 0.0) -> Bounds:
        return _bounds(self.corners(), lens, margin)

    def meet(self, origin: Floats, rays: Floats) -> Floats:
        ox, oy = origin[0] - np.float32(self.foot[0]), origin[1] - np.float32(self.foot[1])
        a = rays[0] ** 2 + rays[1] ** 2 + np.float32(1e-9)
        b = ox * rays[0] + oy * rays[1]
        root = b * b - a * (ox * ox + oy * oy - np.float32(self.radius**2))
        side = (-b - np.sqrt(np.maximum(root, 0))) / a
        z = origin[2] + side * rays[2] - np.float32(self.foot[2])
        side = np.where((root > 0) & (side > _EPSILON) & (z >= 0) & (z <= self.height), side, FAR)
        return np.minimum(side, self._lid(origin, rays, ox, oy))

    def _lid(self, origin: Floats, rays: Floats, ox: Floats, oy: Floats) -> Floats:
        down = np.where(np.abs(rays[2]) < 1e-7, np.float32(1e-7), rays[2])
        t = (np.float32(self.foot[2] + self.height) - origin[2]) / down
        inside = (ox + t * rays[0]) ** 2 + (oy + t * rays[1]) ** 2 <= self.radius**2
        return np.where(inside & (t > _EPSILON), t, FAR)

    def normals(self, points: Floats, rays: Floats) -> Floats:
        normal = np.zeros_like(points)
        normal[0] = (points[0] - self.foot[0]) / self.radius
        normal[1] = (points[1] - self.foot[1]) / self.radius
        lid = points[2] > self.foot[2] + self.height - 2e-3
        normal[0][lid] = normal[1][lid] = 0
        normal[2][lid] = 1
        return normal

    def distance(self, points: Floats) -> Floats:
        across = np.hypot(points[0] - np.float32(self.foot[0]), points[1] - np.float32(self.foot[1])) - self.radius
        above = np.abs(points[2] - np.float32(self.foot[2] + self.height / 2)) - np.float32(self.height / 2)
        outside: Floats = np.maximum(across, above).astype(np.float32)
        return outside


@dataclass(frozen=True, kw_only=True)
class Ball:
    """An ellipsoid; with *holes* (their share) it is the loose outside of a crown of leaves."""

    middle: Point
    radii: Point
    material: Material
    holes: float = 0.0
    glows: bool = False

    def corners(self) -> Floats:
        middle, radii = np.array(self.middle), np.array(self.radii)
        return _corners(middle - radii, middle + radii)

    def bounds(self, lens: Lens, *, margin: float = 0.0) -> Bounds:
        return _bounds(self.corners(), lens, margin)

    def meet(self, origin: Floats, rays: Floats) -> Floats:
        middle, radii = np.array(self.middle, np.float32)[:, None], np.array(self.radii, np.float32)[:, None]
        o, d = (origin - middle) / radii, rays / radii
        a, b = (d * d).sum(0), (o * d).sum(0)
        root = b * b - a * ((o * o).sum(0) - 1)
        found = np.full(root.shape, FAR, np.float32)
        hits = np.flatnonzero(root > 0)
        width = np.sqrt(root[hits])
        a, b = np.broadcast_to(a, root.shape)[hits], np.broadcast_to(b, root.shape)[hits]
        near, far = (-b - width) / a, (-b + width) / a
        found[hits] = np.where(near > _EPSILON, near, FAR)
        if self.holes and len(hits):
            found[hits] = self._through_holes(origin, rays, hits, near, far)
        return found

    def _through_holes(self, origin: Floats, rays: Floats, hits: Numbers, near: Floats, far: Floats) -> Floats:
        """Where rays meet a leaf: on the near side, else on the far one, else nowhere."""
        starts = np.broadcast_to(origin, (3, origin.shape[1] if origin.shape[1] > 1 else rays.shape[1]))[:, hits]
        ways = np.broadcast_to(rays, (3, starts.shape[1] if rays.shape[1] == 1 else rays.shape[1]))
        ways = ways if rays.shape[1] == 1 else ways[:, hits]
        thin = 1 - np.clip((far - near) * np.sqrt((ways * ways).sum(0)) / (2 * min(self.radii)), 0, 1)
        found = np.where(self._hole(starts + ways * near, thin), far, near)
        gone = self._hole(starts + ways * found, thin) | (found < _EPSILON)
        return np.where(gone, FAR, found)

    def _hole(self, points: Floats, thin: Floats) -> NDArray[np.bool_]:
        """Leaves get rarer towards the outline, so that it is ragged."""
        clump = clouds(points[0] + points[2] * 0.37, points[1] * 0.8 + points[2], 0.17, 1)
        leaf = clouds(points[0] * 0.9 - points[2] * 0.71, points[2] + points[1] * 0.47, 0.06, 1)
        return clump * 0.45 + leaf * 0.55 < self.holes + np.float32(0.42) * thin * thin

    def normals(self, points: Floats, rays: Floats) -> Floats:
        middle, radii = np.array(self.middle, np.float32)[:, None], np.array(self.radii, np.float32)[:, None]
        normal = (points - middle) / (radii * radii)
        unit: Floats = normal / np.sqrt((normal * normal).sum(0) + 1e-12)
        return unit

    def distance(self, points: Floats) -> Floats:
        middle, radii = np.array(self.middle, np.float32)[:, None], np.array(self.radii, np.float32)[:, None]
        scaled = (points - middle) / radii
        outside: Floats = (np.sqrt((scaled * scaled).sum(0)) - 1) * np.float32(min(self.radii))
        return outside
