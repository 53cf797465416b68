"""The yard by night: the camera's infrared lamps make it nearly grey; someone crosses, a car comes with headlights."""

from math import atan2, degrees, hypot, radians, sin

import numpy as np

from tawny.camera.scenes import people, vehicles
from tawny.camera.scenes.brush import Brush
from tawny.camera.scenes.lens import Lens
from tawny.camera.scenes.materials import (
    Material,
    Surface,
    asphalt,
    band,
    bricks,
    clouds,
    colour,
    leaves,
    mix,
    plain,
    planks,
)
from tawny.camera.scenes.picture import Colour, Floats
from tawny.camera.scenes.scene import Ambience, Scene, path
from tawny.camera.scenes.shading import Lamp, Light
from tawny.camera.scenes.solids import Ball, Box, Drum, Solid
from tawny.camera.scenes.stage import Stage

_LAMP = (-6.2, 15.0, 5.2)
_WALL_LAMP = (6.9, 12.0, 3.1)
_MAN = ((0.8, 10.2, 17.5), (4.2, 5.2, 15.2), (7.0, 1.0, 12.4), (8.6, 1.0, 12.4), (13.0, -5.2, 7.2), (15.4, -9.4, 4.0))
_CAR = (  # seconds, x, y of the middle of the front
    (3.2, -3.0, 41.0),
    (6.2, -2.2, 27.0),
    (8.4, -1.6, 19.5),
    (10.2, -0.4, 14.8),
    (11.8, 2.0, 10.8),
    (13.2, 4.8, 6.2),
    (14.6, 6.9, 1.0),
    (15.8, 8.0, -6.0),
)


def scene() -> Scene:
    """The yard between warehouse and fence, from the office's corner."""
    lens = Lens(position=(0.0, -2.6, 4.3), yaw=2.0, pitch=15.5, field=82.0)
    lamps = (
        Lamp(position=(0.0, -2.8, 4.4), light=(0.72, 0.72, 0.72), reach=9.5),
        Lamp(position=_LAMP, light=(1.5, 1.5, 1.4), reach=2.6),
        Lamp(position=_WALL_LAMP, light=(0.8, 0.8, 0.76), reach=1.9),
    )
    light = Light(sky=(0.012, 0.013, 0.016), echo=(0.01, 0.01, 0.01), lamps=lamps)
    stage = Stage(
        lens=lens,
        solids=[*_ground(), *_warehouse(), *_yard_things(), *_fence(), *_lamp_post(), *_trees()],
        light=light,
        sky=((0.002, 0.002, 0.003), (0.02, 0.02, 0.024)),
        vignette=0.55,
        saturation=0.14,
    )
    steps = tuple(float(t) for t in np.arange(1.0, 15.0, 0.55) if not 7.0 <= t <= 8.6)
    ambience = Ambience(hum=50, air=0.8, steps=steps)
    return Scene(name="yard", title="YARD", stage=stage, draw=_draw, ambience=ambience, noise=3.4, key=(0.0, 0.3, 0.95))


def _draw(brush: Brush, at: float) -> None:
    brush.lamp((_LAMP[0], _LAMP[1] - 0.4, _LAMP[2] - 0.2), 0.5, 120)
    brush.lamp((_LAMP[0], _LAMP[1] - 0.4, _LAMP[2] - 0.2), 2.2, 26)
    brush.lamp((_WALL_LAMP[0] - 0.2, _WALL_LAMP[1], _WALL_LAMP[2]), 0.4, 70)
    car, man = _car(at), path(_MAN, at)
    if car is not None:
        for side in (-0.65, 0.65):
            brush.beam(car.place(0.1, side, 0.65), radians(car.heading), reach=6.0, strength=1.7)
    if car is not None and (man is None or man[1] < car.y):
        vehicles.paint(brush, car)
    if man is not None:
        looks = people.Looks(
            top=(0.16, 0.16, 0.16), trousers=(0.07, 0.07, 0.07), skin=(0.4, 0.4, 0.4), hair=(0.03, 0.03, 0.03), tall=1.8
        )
        people.paint(brush, looks, people.walking(_MAN, at))
    if car is not None and man is not None and man[1] >= car.y:
        vehicles.paint(brush, car)


def _car(at: float) -> vehicles.Car | None:
    here = path(_CAR, at)
    soon, before = path(_CAR, at + 0.3), path(_CAR, at - 0.5)
    if here is None:
        return None
    ahead, behind = soon or here, before or here
    heading = atan2(ahead[0] - behind[0], ahead[1] - behind[1]) if ahead != behind else radians(165)
    dazzle = 0.35 + 0.65 * max(0.0, -sin(heading - radians(90)))
    rolled = hypot(here[0] + 3, here[1] - 41)
    paint: Colour = (0.3, 0.3, 0.31)
    return vehicles.Car(x=here[0], y=here[1], heading=degrees(heading), paint=paint, rolled=rolled, headlights=dazzle)


def _ground() -> list[Solid]:
    return [Box(low=(-60, -10, -1), high=(60, 90, 0), material=_wet_asphalt())]


def _wet_asphalt() -> Material:
    base = asphalt((0.17, 0.17, 0.17))

    def shade(at: Surface) -> Floats:
        rgb = base(at)
        for x in (-9.5, -6.9, -4.3):  # marked bays along the fence
            rgb = mix(rgb, colour((0.6, 0.6, 0.58)), 0.8 * band(at.u, x - 0.05, x + 0.05) * band(at.v, 3.0, 7.8))
        rgb = mix(rgb, colour((0.6, 0.6, 0.58)), 0.8 * band(at.v, 2.95, 3.05) * band(at.u, -9.5, -4.3))
        puddle = np.clip((clouds(at.u, at.v, 4.0) - 0.6) * 9, 0, 1)
        rgb = rgb * (1 - 0.55 * puddle)
        lamp = np.exp(-((at.u - _LAMP[0] * 0.72) ** 2) / 0.6 - ((at.v - 7.4) ** 2) / 9)
        metal: Floats = rgb * (1 + 7 * lamp * puddle)
        return metal

    return shade


def _warehouse() -> list[Solid]:
    sheet, dark = _corrugated((0.42, 0.42, 0.43)), plain((0.08, 0.08, 0.085))
    parts: list[Solid] = [
        Box(low=(7.2, 3.0, 0), high=(20, 26, 5.0), material=sheet),
        Box(low=(7.0, 2.8, 4.9), high=(20, 26.2, 5.2), material=dark),
        Box(low=(7.12, 5.2, 0.0), high=(7.3, 8.6, 3.3), material=_shutter()),
        Box(low=(7.05, 5.0, 3.3), high=(7.3, 8.8, 3.55), material=dark),
        Box(low=(7.1, 13.2, 0.0), high=(7.3, 14.2, 2.1), material=plain((0.2, 0.2, 0.21))),
        Box(low=(7.05, 13.1, 2.1), high=(7.3, 14.3, 2.2), material=dark),
        Box(low=(6.95, 11.85, 3.0), high=(7.2, 12.15, 3.25), material=plain((2.0, 2.0, 1.9), grain=0), glows=True),
        Box(low=(7.1, 16.5, 1.5), high=(7.3, 19.5, 2.6), material=dark),
        Box(low=(-30, 52, 0), high=(30, 60, 7), material=plain((0.16, 0.16, 0.16))),
    ]
    for i, x in enumerate(np.arange(-28.0, 20.0, 3.4)):
        glow = (0.2, 0.004, 0.03, 0.004, 0.004, 0.12, 0.004)[i % 7]
        window = plain((glow, glow, glow * 0.9), grain=0.3)
        parts.append(Box(low=(float(x), 51.9, 2.6), high=(float(x) + 1.6, 52.1, 3.9), material=window, glows=True))
    return parts


def _corrugated(rgb: Colour) -> Material:
    def shade(at: Surface) -> Floats:
        ribs = 0.75 + 0.25 * np.sin(at.u * np.float32(2 * np.pi / 0.28))
        rust = clouds(at.u * 3, at.v * 0.4, 1.2)
        metal: Floats = colour(rgb) * ribs * (0.75 + 0.45 * rust)
        return metal

    return shade


def _shutter() -> Material:
    def shade(at: Surface) -> Floats:
        slats = 0.7 + 0.3 * np.abs(np.sin(at.v * np.float32(np.pi / 0.11)))
        rgb: Floats = colour((0.5, 0.5, 0.51)) * slats * (0.8 + 0.3 * clouds(at.u, at.v, 1.0))
        return rgb

    return shade


def _yard_things() -> list[Solid]:
    container, wood = _corrugated((0.3, 0.33, 0.4)), planks((0.34, 0.3, 0.24), width=0.14, upright=False)
    parts: list[Solid] = [
        Box(low=(-12.5, 17.5, 0), high=(-8.0, 23.6, 2.6), material=container),
        Box(low=(-8.04, 17.6, 0.1), high=(-7.98, 17.7, 2.5), material=plain((0.5, 0.5, 0.5))),
        Drum(foot=(6.5, 9.6, 0), radius=0.33, height=0.92, material=plain((0.3, 0.32, 0.35))),
        Drum(foot=(6.45, 10.4, 0), radius=0.33, height=0.92, material=plain((0.2, 0.2, 0.22))),
        Box(low=(5.7, 3.4, 0), high=(7.0, 4.4, 1.15), material=plain((0.16, 0.22, 0.17))),
        Box(low=(5.65, 3.35, 1.15), high=(7.05, 4.45, 1.22), material=plain((0.07, 0.09, 0.08))),
    ]
    for level in range(6):
        z = level * 0.15
        parts.append(Box(low=(4.4, 17.6, z + 0.02), high=(5.6, 18.8, z + 0.13), material=wood))
    parts.append(Box(low=(4.5, 17.7, 0.92), high=(5.4, 18.6, 1.7), material=plain((0.45, 0.38, 0.28))))
    return parts


def _fence() -> list[Solid]:
    post, wall = plain((0.35, 0.35, 0.35)), bricks((0.3, 0.26, 0.24), (0.25, 0.25, 0.25))
    posts, wires = np.arange(2.0, 34.0, 2.4).tolist(), np.arange(0.7, 2.3, 0.26).tolist()
    bars = [*np.arange(-13.0, -5.4, 0.3).tolist(), *np.arange(1.2, 7.2, 0.3).tolist()]
    return [
        Box(low=(-13.2, -4, 0), high=(-13.0, 34, 0.5), material=wall),
        *(Drum(foot=(-13.1, y, 0.4), radius=0.04, height=1.9, material=post) for y in posts),
        *(Box(low=(-13.11, -4, z), high=(-13.09, 34, z + 0.018), material=post) for z in wires),
        *(Box(low=(x, 34.0, 0.1), high=(x + 0.03, 34.03, 2.2), material=post) for x in bars),
    ]


def _lamp_post() -> list[Solid]:
    x, y, z = _LAMP
    steel = plain((0.3, 0.3, 0.3))
    return [
        Drum(foot=(x, y + 0.5, 0), radius=0.07, height=z + 0.1, material=steel),
        Box(low=(x - 0.04, y - 0.6, z), high=(x + 0.04, y + 0.5, z + 0.07), material=steel),
        Box(
            low=(x - 0.16, y - 0.75, z - 0.06),
            high=(x + 0.16, y - 0.1, z),
            material=plain((3, 3, 2.9), grain=0),
            glows=True,
        ),
    ]


def _trees() -> list[Solid]:
    rng = np.random.default_rng(9)
    parts: list[Solid] = []
    for x, y in ((-18.0, 16.0), (-17.0, 27.0), (-9.0, 40.0), (6.0, 44.0), (14.0, 40.0)):
        for _ in range(9):
            dx, dy, dz = (float(v) for v in rng.normal(0, 1, 3) * (1.3, 1.3, 1.1))
            size = 0.9 + 0.7 * float(rng.random())
            parts.append(
                Ball(
                    middle=(x + dx, y + dy, 4.4 + dz),
                    radii=(size, size, size),
                    material=leaves((0.2, 0.2, 0.2)),
                    holes=0.4,
                )
            )
        parts.append(Drum(foot=(x, y, 0), radius=0.18, height=4.2, material=plain((0.2, 0.2, 0.2))))
    return parts
