"""The corridor: offices in perspective under ceiling lights; someone comes towards the camera, someone crosses."""

import numpy as np

from tawny.camera.scenes import people
from tawny.camera.scenes.brush import Brush
from tawny.camera.scenes.lens import Lens
from tawny.camera.scenes.materials import Material, Surface, band, clouds, colour, mix, plain, tiles
from tawny.camera.scenes.picture import Colour, Floats
from tawny.camera.scenes.scene import Ambience, Scene, path
from tawny.camera.scenes.shading import Lamp, Light
from tawny.camera.scenes.solids import Ball, Box, Drum, Solid
from tawny.camera.scenes.stage import Stage

_HALF = 1.5  # metres from the middle to a wall
_HIGH = 2.75
_END = 26.0
_LIGHTS = (2.2, 6.4, 10.6, 14.8, 19.0, 23.2)
_DOORS_LEFT = (3.4, 9.6, 15.8, 21.6)
_DOORS_RIGHT = (2.5, 7.4, 13.0, 19.0)
_GLOSS = 0.1  # how much of a person the floor mirrors

_VISITOR = ((0.6, 0.15, 24.5), (6.0, -0.25, 15.5), (13.6, 0.3, 2.4), (15.6, 0.5, -1.0))
_COLLEAGUE = (
    (1.0, 1.75, 13.55),
    (1.8, 0.7, 13.4),
    (2.6, 0.62, 14.6),
    (7.6, 0.7, 22.2),
    (8.2, -0.1, 22.2),
    (9.2, -1.8, 22.2),
)


def scene() -> Scene:
    """The corridor as seen from above the near door."""
    lens = Lens(position=(0.45, -0.4, 2.45), yaw=-2.0, pitch=13.0, field=72.0)
    lamps = tuple(Lamp(position=(0.0, y, _HIGH - 0.12), light=(0.98, 0.95, 0.88), reach=1.5) for y in _LIGHTS)
    light = Light(sky=(0.26, 0.26, 0.26), echo=(0.17, 0.165, 0.16), lamps=lamps)
    solids = [*_shell(), *_lights(), *_doors(), *_furniture()]
    stage = Stage(lens=lens, solids=solids, light=light, vignette=0.3)
    steps = tuple(float(t) for t in np.arange(1.0, 15.4, 0.56))
    ambience = Ambience(hum=100, air=0.35, steps=steps)
    return Scene(name="corridor", title="CORRIDOR", stage=stage, draw=_draw, ambience=ambience, key=(0.1, 0.75, 0.55))


def _draw(brush: Brush, at: float) -> None:
    both = [(_VISITOR, _visitor_looks()), (_COLLEAGUE, _colleague_looks())]
    here = [(path(way, at), way, looks) for way, looks in both]
    for spot, way, looks in sorted(here, key=lambda found: -(found[0] or (0, 0))[1]):
        if spot is not None:
            pose = people.walking(way, at)
            people.paint(brush, looks, pose, mirrored=_GLOSS)


def _visitor_looks() -> people.Looks:
    return people.Looks(
        top=(0.16, 0.22, 0.36), trousers=(0.1, 0.13, 0.22), hair=(0.05, 0.03, 0.02), tall=1.82, shirt=(0.75, 0.74, 0.72)
    )


def _colleague_looks() -> people.Looks:
    return people.Looks(
        top=(0.62, 0.6, 0.55), trousers=(0.06, 0.05, 0.07), hair=(0.2, 0.09, 0.03), long_hair=True, tall=1.68
    )


def _shell() -> list[Solid]:
    wall, white = (0.66, 0.65, 0.61), (0.72, 0.72, 0.7)
    return [
        Box(low=(-_HALF, -3, -0.2), high=(_HALF, _END, 0), material=_floor()),
        Box(low=(-_HALF - 0.3, -3, 0), high=(-_HALF, _END, _HIGH), material=_painted(wall)),
        Box(low=(_HALF, -3, 0), high=(_HALF + 0.3, _END, _HIGH), material=_painted(wall)),
        Box(low=(-_HALF, _END, 0), high=(_HALF, _END + 0.3, _HIGH), material=_painted(wall)),
        Box(
            low=(-_HALF, -3, _HIGH),
            high=(_HALF, _END, _HIGH + 0.2),
            material=tiles(white, size=0.6, joint=0.02, joint_rgb=(0.4, 0.4, 0.4)),
        ),
        Box(low=(-0.75, _END - 0.06, 0), high=(0.75, _END + 0.1, 2.15), material=_glass_door()),
        Box(
            low=(0.86, _END - 0.5, 2.2),
            high=(1.3, _END - 0.44, 2.42),
            material=plain((0.05, 0.75, 0.3), grain=0.02),
            glows=True,
        ),
    ]


def _floor() -> Material:
    """Polished linoleum: it mirrors the ceiling lights, further away more clearly."""
    base = tiles((0.3, 0.29, 0.27), size=0.6, joint=0.006, joint_rgb=(0.22, 0.21, 0.2))

    def shade(at: Surface) -> Floats:
        rgb = base(at)
        streak = np.zeros_like(at.u)
        for y in _LIGHTS:
            mirrored = 0.47 * y  # where a ray from the camera meets the floor on its way to the light
            streak += np.exp(-(((at.v - mirrored) / (0.35 + 0.03 * y)) ** 2)) * (0.35 + 0.02 * y)
        streak *= np.exp(-(((at.u - 0.4) / 0.5) ** 2)) * (0.7 + 0.6 * clouds(at.u, at.v, 0.8))
        edge = band(np.abs(at.u), _HALF - 0.16, _HALF + 0.1)
        return mix(rgb * (1 + 1.6 * streak), colour((0.07, 0.08, 0.1)), 0.85 * edge)

    return shade


def _painted(rgb: Colour) -> Material:
    """A wall with a skirting board and a darker rail that beds and trolleys knock against."""
    paint = plain(rgb, grain=0.05, size=2.5)

    def shade(at: Surface) -> Floats:
        coloured = mix(paint(at), colour((0.2, 0.32, 0.36)), 0.9 * band(at.v, 0.0, 1.05, edge=0.01))
        coloured = mix(coloured, colour((0.42, 0.42, 0.4)), band(at.v, 1.02, 1.1, edge=0.01))
        return mix(coloured, colour((0.06, 0.06, 0.065)), band(at.v, -0.1, 0.1, edge=0.01))

    return shade


def _glass_door() -> Material:
    def shade(at: Surface) -> Floats:
        frame = 1 - band(np.abs(at.u), 0.06, 0.68, edge=0.01) * band(at.v, 0.12, 2.05, edge=0.01)
        outside = mix(colour((0.5, 0.62, 0.7)), colour((0.75, 0.85, 0.95)), np.clip(at.v / 2, 0, 1))
        garden = mix(
            outside,
            colour((0.2, 0.36, 0.14)),
            band(at.v, 0.0, 0.8 + 0.3 * float(clouds(at.u, at.v, 0.3).mean()), edge=0.2),
        )
        return mix(garden * 1.6, colour((0.25, 0.25, 0.26)), frame)

    return shade


def _lights() -> list[Solid]:
    glow = plain((2.6, 2.6, 2.5), grain=0.0)
    frame = plain((0.5, 0.5, 0.5))
    parts: list[Solid] = []
    for y in _LIGHTS:
        parts.append(Box(low=(-0.36, y - 0.64, _HIGH - 0.05), high=(0.36, y + 0.64, _HIGH + 0.1), material=frame))
        parts.append(Box(low=(-0.3, y - 0.58, _HIGH - 0.055), high=(0.3, y + 0.58, _HIGH), material=glow, glows=True))
    white = plain((0.8, 0.8, 0.8))
    return parts + [
        Drum(foot=(0.75, y, _HIGH - 0.05), radius=0.07, height=0.06, material=white) for y in (4.3, 12.7, 21)
    ]


def _doors() -> list[Solid]:
    parts: list[Solid] = []
    for sides, x, inwards in ((_DOORS_LEFT, -_HALF, 1.0), (_DOORS_RIGHT, _HALF, -1.0)):
        for number, y in enumerate(sides):
            parts += _door(x, y, inwards, number)
    return parts


def _door(x: float, y: float, inwards: float, number: int) -> list[Solid]:
    frame, wood = plain((0.23, 0.24, 0.25)), plain((0.42, 0.25, 0.12), grain=0.2, size=0.5)
    metal = plain((0.5, 0.5, 0.5))

    def slab(low: float, high: float, bottom: float, top: float, out: float, material: Material) -> Box:
        near, far = sorted((x - 0.02 * inwards, x + out * inwards))
        return Box(low=(near, y + low, bottom), high=(far, y + high, top), material=material)

    sign = plain((0.75, 0.76, 0.78), grain=0.02) if number % 2 else plain((0.1, 0.2, 0.4), grain=0.02)
    return [
        slab(-0.56, 0.56, 0.0, 2.18, 0.05, frame),
        slab(-0.47, 0.47, 0.01, 2.1, 0.055, wood),
        slab(0.2, 0.36, 0.95, 1.75, 0.058, plain((0.35, 0.42, 0.45), grain=0.02)),
        slab(-0.42, -0.3, 1.0, 1.04, 0.12, metal),
        slab(-0.92, -0.68, 1.55, 1.72, 0.02, sign),
    ]


def _furniture() -> list[Solid]:
    rng = np.random.default_rng(2)
    leaf = plain((0.06, 0.15, 0.035), grain=0.5, size=0.1)
    parts: list[Solid] = [
        Drum(foot=(-1.18, 6.4, 0), radius=0.19, height=0.42, material=plain((0.55, 0.53, 0.5))),
        Box(low=(1.05, 9.2, 0.42), high=(_HALF, 10.9, 0.5), material=plain((0.3, 0.18, 0.09))),
        Box(low=(1.08, 9.3, 0.0), high=(1.14, 9.36, 0.42), material=plain((0.1, 0.1, 0.1))),
        Box(low=(1.08, 10.74, 0.0), high=(1.14, 10.8, 0.42), material=plain((0.1, 0.1, 0.1))),
        Box(low=(_HALF - 0.03, 9.5, 1.35), high=(_HALF, 10.6, 2.05), material=_poster()),
        Box(low=(-_HALF, 12.2, 1.3), high=(-_HALF + 0.03, 13.5, 2.05), material=_poster()),
        Drum(foot=(1.4, 4.9, 0.62), radius=0.075, height=0.46, material=plain((0.55, 0.02, 0.02))),
        Drum(foot=(1.4, 4.9, 1.08), radius=0.03, height=0.09, material=plain((0.04, 0.04, 0.04))),
        Box(low=(1.28, 4.87, 1.12), high=(1.42, 4.93, 1.15), material=plain((0.04, 0.04, 0.04))),
        Box(low=(_HALF - 0.02, 4.72, 1.45), high=(_HALF, 5.08, 1.8), material=plain((0.6, 0.03, 0.03), grain=0.02)),
        Box(low=(-_HALF, 18.2, 0.9), high=(-_HALF + 0.12, 18.6, 1.5), material=plain((0.6, 0.1, 0.08))),
    ]
    for _ in range(26):
        dx, dy, dz = (float(v) for v in rng.normal(0, 1, 3) * (0.13, 0.13, 0.2))
        size = 0.1 + 0.07 * float(rng.random())
        middle = (max(-1.18 + dx, -1.42), 6.4 + dy, 0.85 + dz)
        parts.append(Ball(middle=middle, radii=(size, size, size * 1.2), material=leaf, holes=0.4))
    return parts


def _poster() -> Material:
    def shade(at: Surface) -> Floats:
        picture = mix(colour((0.12, 0.3, 0.45)), colour((0.7, 0.5, 0.2)), clouds(at.u, at.v, 0.5))
        return mix(picture, colour((0.7, 0.7, 0.68)), (clouds(at.u, at.v, 0.25, 1) > 0.62).astype(np.float32))

    return shade
