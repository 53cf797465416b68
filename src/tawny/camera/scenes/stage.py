"""The still part of a scene: a small ray caster over boxes, drums and balls, run once for each scene.

`Stage.photograph` gives the backdrop with its depth, so that whoever moves can pass behind a pillar; pixels with much
contrast are cast again with more rays, which smooths edges and far textures.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tawny.camera.scenes.lens import Lens, Point
from tawny.camera.scenes.materials import Surface, clouds
from tawny.camera.scenes.picture import Colour, Floats, Picture, tone
from tawny.camera.scenes.shading import Light, ShadowMap, column, openness
from tawny.camera.scenes.solids import FAR, Numbers, Solid

_ROWS = 24  # rows cast at once: their arrays stay in the processor's cache
_EXTRA = ((0.3, 0.1), (-0.1, 0.35), (-0.35, -0.15), (0.15, -0.3))  # further rays in a pixel with contrast
_CONTRAST = 0.045  # of the whole range, from which on a pixel gets them


@dataclass(frozen=True, kw_only=True)
class Backdrop:
    """The photographed stage: *depth* in metres along the view, *lit* how much sun each pixel gets."""

    picture: Picture
    depth: Floats
    lit: Floats

    def points(self, lens: Lens) -> Floats:
        """Where in the world each fourth pixel of each fourth row is, three planes; made once."""
        known = self.__dict__.get("_points")
        if known is None:
            known = self.__dict__["_points"] = _world(lens, self.depth[::4, ::4])
        points: Floats = known
        return points


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Everything that stands still, and its light; *sky* (at the top, at the horizon) is behind all of it.

    The sun's shadows fall where things are at most *shaded* metres from the ground's point *middle*. *overcast* is how
    much of the sky has clouds; at *haze_m* metres (0 for never) most of what is seen is the horizon's colour.
    """

    lens: Lens
    solids: Sequence[Solid]
    light: Light
    sky: tuple[Colour, Colour] = ((0.22, 0.42, 0.85), (0.85, 0.95, 1.1))
    middle: Point = (0.0, 12.0, 0.0)
    shaded: float = 30.0
    overcast: float = 0.0
    haze_m: float = 0.0
    vignette: float = 0.25
    saturation: float = 1.0

    def photograph(self, *, rough: bool = False) -> Backdrop:
        """The stage as the camera sees it; *rough* saves the time that smooth edges take."""
        return _Photographer(self, rough=rough).photograph()


class _Photographer:
    """Casts a ray through each pixel, then more where there is contrast."""

    def __init__(self, stage: Stage, *, rough: bool) -> None:
        self._stage = stage
        self._rough = rough
        self._lens = stage.lens
        self._origin = column(stage.lens.position)
        self._bounds = [solid.bounds(stage.lens) for solid in stage.solids]
        self._open = np.ones((stage.lens.height, stage.lens.width), np.float32)
        self._shadows = self._shadow_map()

    def photograph(self) -> Backdrop:
        height, width = self._lens.height, self._lens.width
        rgb = np.empty((height, width, 3), np.float32)
        depth = np.empty((height, width), np.float32)
        lit = np.zeros((height, width), np.float32)
        seen = np.empty((height, width), np.int16)
        bands = [np.mgrid[top : min(top + _ROWS, height), 0:width] for top in range(0, height, _ROWS)]
        for y, x in bands:
            met, hit = self._nearest(*self._through(x, y))
            depth[y, x], seen[y, x] = met.reshape(x.shape), hit.reshape(x.shape)
        self._open = openness(self._lens, depth, self._stage.solids)
        for y, x in bands:
            colours, sun = self._colours(x.reshape(-1), y.reshape(-1), depth[y, x].reshape(-1), seen[y, x].reshape(-1))
            rgb[y, x], lit[y, x] = tone(colours.T).reshape(*x.shape, 3), sun.reshape(x.shape)
        if not self._rough:
            self._smooth(rgb)
        return Backdrop(picture=Picture.of(self._developed(rgb)), depth=depth, lit=lit)

    def _shadow_map(self) -> ShadowMap | None:
        stage = self._stage
        if not any(stage.light.sun):
            return None
        samples = 640 if self._rough else 2048
        return ShadowMap(
            stage.solids, stage.light.sun_direction, middle=stage.middle, size=2 * stage.shaded, samples=samples
        )

    def _through(self, x: Numbers, y: Numbers, dx: float = 0.0, dy: float = 0.0) -> tuple[Floats, Floats, Floats]:
        """Rays through those pixels, shifted within them; and where they are in the picture."""
        at_x = (x.reshape(-1) + (0.5 + dx)).astype(np.float32)
        at_y = (y.reshape(-1) + (0.5 + dy)).astype(np.float32)
        return self._lens.rays(at_x, at_y), at_x, at_y

    def _smooth(self, rgb: Floats) -> None:
        rows, columns = np.nonzero(_contrast(rgb.mean(-1)) > _CONTRAST)
        size = _ROWS * self._lens.width
        for start in range(0, len(rows), size):
            y, x = rows[start : start + size], columns[start : start + size]
            total = rgb[y, x]
            for dx, dy in _EXTRA:
                met, hit = self._nearest(*self._through(x, y, dx, dy))
                total = total + tone(self._colours(x, y, met, hit, dx, dy)[0].T)
            rgb[y, x] = total / (1 + len(_EXTRA))

    def _colours(
        self, x: Numbers, y: Numbers, depth: Floats, hit: NDArray[np.int16], dx: float = 0.0, dy: float = 0.0
    ) -> tuple[Floats, Floats]:
        """Linear light of what is seen through those pixels, and how much sun falls on it."""
        rays, _, _ = self._through(x, y, dx, dy)
        rgb = self._sky(rays)
        points = self._origin + rays * depth
        normals, glows = np.zeros_like(rays), np.ones(len(depth), bool)
        for number in np.unique(hit[hit >= 0]):
            where = np.flatnonzero(hit == number)
            solid = self._stage.solids[number]
            normals[:, where] = solid.normals(points[:, where], rays[:, where])
            rgb[:, where] = solid.material(_surface(points[:, where], normals[:, where]))
            glows[where] = solid.glows
        lit = np.zeros(len(depth), np.float32)
        if self._shadows is not None:
            lit = self._shadows.lit(points + normals * np.float32(0.02))
        light = self._stage.light.at(points, normals, lit) * self._open[y, x]
        return self._hazy(np.where(glows, rgb, rgb * light), depth), lit

    def _hazy(self, rgb: Floats, depth: Floats) -> Floats:
        if not self._stage.haze_m:
            return rgb
        share = np.where(depth < FAR, 1 - np.exp(-depth / np.float32(self._stage.haze_m)), 0)
        return rgb + (column(self._stage.sky[1]) - rgb) * share

    def _nearest(self, rays: Floats, x: Floats, y: Floats) -> tuple[Floats, NDArray[np.int16]]:
        depth = np.full(len(x), FAR, np.float32)
        hit = np.full(len(x), -1, np.int16)
        top, bottom = float(y.min()), float(y.max())
        for number, solid in enumerate(self._stage.solids):
            left, high, right, low = self._bounds[number]
            if high > bottom or low < top:
                continue
            where = np.flatnonzero((x >= left) & (x <= right) & (y >= high) & (y <= low))
            if not len(where):
                continue
            distance = solid.meet(self._origin, rays[:, where])
            nearer = distance < depth[where]
            depth[where[nearer]] = distance[nearer]
            hit[where[nearer]] = number
        return depth, hit

    def _sky(self, rays: Floats) -> Floats:
        height = np.clip(rays[2] / np.sqrt((rays * rays).sum(0)) * 2.2, 0, 1) ** np.float32(0.7)
        top, horizon = column(self._stage.sky[0]), column(self._stage.sky[1])
        clear: Floats = horizon + (top - horizon) * height
        if not self._stage.overcast:
            return clear
        up = np.maximum(rays[2], 0.02) + 0.12
        density = clouds(rays[0] / up, rays[1] / up * 1.6, 1.6, 5) - np.float32(0.62 - 0.3 * self._stage.overcast)
        shown: Floats = clear + (column((0.95, 0.97, 1.0)) - clear) * np.clip(density * 4, 0, 0.85)
        return shown

    def _developed(self, rgb: Floats) -> Floats:
        """Vignette, and colour only as far as the camera has any (an infrared picture has hardly)."""
        height, width, _ = rgb.shape
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
        rgb = rgb * (1 - self._stage.vignette * np.clip(x * x * 0.7 + y * y * 0.5, 0, 1) ** 2)[..., None]
        grey = rgb.mean(-1, keepdims=True)
        muted: Floats = grey + (rgb - grey) * np.float32(self._stage.saturation)
        return muted


def _contrast(luma: Floats) -> Floats:
    found = np.zeros_like(luma)
    down, across = np.abs(np.diff(luma, axis=0)), np.abs(np.diff(luma, axis=1))
    found[1:] = np.maximum(found[1:], down)
    found[:-1] = np.maximum(found[:-1], down)
    found[:, 1:] = np.maximum(found[:, 1:], across)
    found[:, :-1] = np.maximum(found[:, :-1], across)
    return found


def _world(lens: Lens, depth: Floats) -> Floats:
    y, x = np.mgrid[0 : depth.shape[0], 0 : depth.shape[1]].astype(np.float32) * 4 + 2
    rays = lens.rays(x.reshape(-1), y.reshape(-1))
    points = column(lens.position) + rays * np.minimum(depth, 1e4).reshape(-1)
    return points.reshape(3, *depth.shape)


def _surface(points: Floats, normals: Floats) -> Surface:
    across = np.abs(normals).argmax(0)
    u = np.where(across == 0, points[1], points[0])
    v = np.where(across == 2, points[1], points[2])
    return Surface(point=points, normal=normals, u=u, v=v)
