"""The gate: a driveway by day, seen from the house; a car comes home, people pass on the street."""

from math import atan2, degrees, hypot

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
    grass,
    leaves,
    mix,
    plain,
    planks,
    tiles,
)
from tawny.camera.scenes.picture import Floats
from tawny.camera.scenes.scene import Ambience, Scene, path
from tawny.camera.scenes.shading import Light
from tawny.camera.scenes.solids import Ball, Box, Drum, Solid
from tawny.camera.scenes.stage import Stage

_WALL = 14.0  # metres to the wall with the gate
_KERB = 17.0
_FAR_KERB = 23.5
_SUN = (-0.52, -0.28, 0.78)

_CAR = (  # seconds, x, y of the middle of the front
    (1.5, -17.0, 18.8),
    (3.6, -6.0, 18.8),
    (4.4, -3.0, 18.5),
    (5.0, -1.3, 17.4),
    (5.6, -0.45, 15.6),
    (6.4, -0.1, 13.0),
    (8.0, -0.3, 7.0),
    (9.6, -0.6, 1.0),
    (11.0, -0.8, -5.5),
)
_WALKER = ((6.2, 19.0, 15.7), (15.6, -1.5, 15.7), (15.9, -2.0, 15.7))
_GATE = ((0.0, 0.0), (2.2, 0.0), (5.0, 1.0), (10.2, 1.0), (13.2, 0.0), (99.0, 0.0))


def scene() -> Scene:
    """The gate, lit from the left behind the camera."""
    lens = Lens(position=(2.2, -1.2, 3.7), yaw=-9.0, pitch=15.0, field=74.0)
    solids = [*_ground(), *_buildings(), *_garden()]
    light = Light(sun=(1.75, 1.65, 1.45), sun_direction=_SUN, sky=(0.36, 0.42, 0.52), echo=(0.2, 0.19, 0.15))
    stage = Stage(
        lens=lens,
        solids=solids,
        light=light,
        sky=((0.12, 0.28, 0.62), (0.6, 0.72, 0.86)),
        overcast=0.5,
        haze_m=520.0,
        shaded=27.0,
    )
    steps = tuple(t / 10 for t in range(75, 150, 5))
    return Scene(name="gate", title="GATE", stage=stage, draw=_draw, ambience=Ambience(hum=70, air=0.5, steps=steps))


def _draw(brush: Brush, at: float) -> None:
    walker = path(_WALKER, at)
    if walker is not None:
        _walk(brush, walker)
    _passer_by(brush, at)
    _gate(brush, path(_GATE, at))
    _car(brush, at)


def _car(brush: Brush, at: float) -> None:
    here, soon = path(_CAR, at), path(_CAR, at + 0.3)
    if here is None or soon is None:
        return
    before = path(_CAR, at - 0.4) or here
    heading = degrees(atan2(soon[0] - before[0], soon[1] - before[1]))
    speed = hypot(soon[0] - here[0], soon[1] - here[1]) / 0.3
    car = vehicles.Car(
        x=here[0], y=here[1], heading=heading, paint=(0.36, 0.035, 0.03), rolled=at * speed, headlights=0.12
    )
    vehicles.paint(brush, car)


def _walk(brush: Brush, at: tuple[float, ...]) -> None:
    looks = people.Looks(top=(0.5, 0.32, 0.05), trousers=(0.05, 0.07, 0.14), bag=(0.06, 0.12, 0.08), tall=1.8)
    people.paint(brush, looks, people.Pose(x=at[0], y=at[1], heading=-90, walked=19.0 - at[0]))


def _passer_by(brush: Brush, at: float) -> None:
    here = path(((0.4, -24.0, 24.6), (15.8, 16.0, 24.6)), at)
    if here is not None:
        looks = people.Looks(
            top=(0.45, 0.08, 0.12), trousers=(0.3, 0.28, 0.24), hair=(0.25, 0.14, 0.05), long_hair=True, tall=1.7
        )
        people.paint(brush, looks, people.Pose(x=here[0], y=here[1], heading=90, walked=here[0] + 24))


def _gate(brush: Brush, opened: tuple[float, ...] | None) -> None:
    """A sliding gate of bars: it runs to the right behind the wall."""
    shift = 4.6 * (opened[0] if opened else 0.0)
    y = _WALL + 0.45
    dark = (0.05, 0.055, 0.06)
    for low, high in ((0.12, 0.22), (1.5, 1.58)):
        brush.panel(_upright(-2.5 + shift, 2.5 + shift, low, high, y), dark)
    for i in range(26):
        x = -2.5 + shift + i * 0.2
        brush.panel(_upright(x - 0.022, x + 0.022, 0.15, 1.55, y), dark)


def _upright(left: float, right: float, low: float, high: float, y: float) -> Floats:
    return np.array([(left, y, low), (right, y, low), (right, y, high), (left, y, high)], np.float32)


def _ground() -> list[Solid]:
    return [Box(low=(-90, -12, -1), high=(90, 160, 0), material=_lie_of_the_land())]


def _lie_of_the_land() -> Material:
    drive = tiles((0.34, 0.31, 0.28), size=0.5, joint=0.025, joint_rgb=(0.16, 0.15, 0.12))
    walk = tiles((0.36, 0.35, 0.34), size=0.6, joint=0.02)
    lawn, street = grass(), asphalt()

    def shade(at: Surface) -> Floats:
        x, y = at.u, at.v
        rgb = lawn(at)
        rgb = mix(rgb, drive(at), band(x, -2.3, 2.3) * band(y, -20, _WALL + 0.6))
        rgb = mix(rgb, walk(at), np.maximum(band(y, _WALL + 0.6, _KERB), band(y, _FAR_KERB, 25.6)))
        rgb = mix(rgb, street(at), band(y, _KERB, _FAR_KERB))
        rgb = mix(
            rgb,
            colour((0.5, 0.5, 0.48)),
            np.maximum(band(y, _KERB - 0.14, _KERB), band(y, _FAR_KERB, _FAR_KERB + 0.14)),
        )
        dashes = band(y, 20.18, 20.32) * (np.mod(x, 6.0) < 3.0)
        worn = np.clip(clouds(x, y, 0.5) * 1.8 - 0.3, 0, 1)
        return mix(rgb, colour((0.75, 0.75, 0.72)), dashes * worn)

    return shade


def _buildings() -> list[Solid]:
    brick, plaster = bricks((0.36, 0.16, 0.1), (0.34, 0.32, 0.29)), plain((0.62, 0.58, 0.5))
    cap = plain((0.3, 0.3, 0.3))
    parts: list[Solid] = [
        Box(low=(-14.0, -4.0, 0), high=(-4.6, 6.5, 5.6), material=brick),
        Box(low=(-14.3, -4.3, 5.5), high=(-4.2, 6.9, 5.75), material=cap),
        Box(low=(-4.62, 1.6, 1.0), high=(-4.52, 3.4, 2.5), material=plain((0.75, 0.75, 0.73))),
        Box(low=(-4.6, 1.72, 1.12), high=(-4.5, 2.46, 2.38), material=plain((0.04, 0.05, 0.06))),
        Box(low=(-4.6, 2.54, 1.12), high=(-4.5, 3.28, 2.38), material=plain((0.04, 0.05, 0.06))),
        Box(low=(-4.7, 1.5, 0.9), high=(-4.4, 3.5, 1.0), material=cap),
    ]
    for left, right in ((-26.0, -2.6), (2.6, 26.0)):
        parts.append(Box(low=(left, _WALL, 0), high=(right, _WALL + 0.3, 1.25), material=plaster))
        parts.append(Box(low=(left, _WALL - 0.06, 1.25), high=(right, _WALL + 0.36, 1.33), material=cap))
    for x in (-2.8, 2.8):
        parts.append(Box(low=(x - 0.28, _WALL - 0.13, 0), high=(x + 0.28, _WALL + 0.43, 1.85), material=brick))
        parts.append(Box(low=(x - 0.36, _WALL - 0.2, 1.85), high=(x + 0.36, _WALL + 0.5, 1.95), material=cap))
        parts.append(
            Ball(
                middle=(x, _WALL + 0.15, 2.14), radii=(0.17, 0.17, 0.19), material=plain((0.85, 0.84, 0.8), grain=0.02)
            )
        )
    return parts + _houses_opposite()


def _houses_opposite() -> list[Solid]:
    parts: list[Solid] = []
    walls = (
        (-34, -21, (0.6, 0.5, 0.36)),
        (-17, -5, (0.55, 0.55, 0.55)),
        (3, 15, (0.5, 0.3, 0.22)),
        (20, 36, (0.6, 0.58, 0.5)),
    )
    for left, right, rgb in walls:
        parts.append(Box(low=(left, 33, 0), high=(right, 42, 5.2), material=plain(rgb)))
        parts.append(
            Box(low=(left - 0.6, 32.4, 5.2), high=(right + 0.6, 42.6, 5.55), material=plain((0.16, 0.1, 0.09)))
        )
        parts.append(
            Box(
                low=(left + 1.2, 33.6, 5.5),
                high=(right - 1.2, 41, 6.9),
                material=planks((0.3, 0.13, 0.09), width=0.3, upright=False),
            )
        )
        pane = plain((0.07, 0.09, 0.12))
        corners = [(float(x), low) for x in np.linspace(left + 1.2, right - 2.6, 4) for low in (0.9, 3.2)]
        parts += [Box(low=(x, 32.95, low), high=(x + 1.3, 33.1, low + 1.25), material=pane) for x, low in corners]
    parts.append(Box(low=(-60, 27.2, 0), high=(60, 27.5, 0.9), material=planks((0.42, 0.4, 0.36), width=0.14)))
    return parts


def _garden() -> list[Solid]:
    parts: list[Solid] = []
    rng = np.random.default_rng(5)
    for x, y, tall in ((8.2, 8.8, 5.4), (-8.5, 11.0, 4.4), (-13, 26.2, 6.2), (8.5, 26.4, 6.8), (27, 27, 6.0)):
        parts += _tree(x, y, tall, rng)
    parts += _hedge((3.6, 0.0), (4.6, 12.4), 0.95, rng)
    parts += _hedge((-12.0, 12.6), (-5.2, 13.5), 0.9, rng)
    for x in np.arange(-60.0, 70.0, 2.4):  # a wood behind the houses
        wide = float(rng.uniform(2.0, 3.6))
        middle = (float(x), float(rng.uniform(58, 80)), float(rng.uniform(1, 6.5)))
        parts.append(Ball(middle=middle, radii=(wide, wide, wide), material=_green(rng), holes=0.3))
    return parts


def _hedge(low: tuple[float, float], high: tuple[float, float], tall: float, rng: np.random.Generator) -> list[Solid]:
    """A clipped hedge between two corners: bushes grown into one another around a dark inside."""
    dark = plain((0.02, 0.035, 0.012), grain=0.4, size=0.3)
    inside = Box(
        low=(low[0] + 0.22, low[1] + 0.22, 0), high=(high[0] - 0.22, high[1] - 0.22, tall - 0.25), material=dark
    )
    parts: list[Solid] = [inside]
    for x in np.arange(low[0] + 0.25, high[0], 0.48):
        for y in np.arange(low[1] + 0.25, high[1], 0.48):
            for z in np.arange(0.2, tall, 0.36):
                dx, dy, dz = (float(v) for v in rng.normal(0, 0.05, 3))
                size = float(rng.uniform(0.27, 0.36))
                middle = (float(x) + dx, float(y) + dy, float(z) + dz)
                parts.append(Ball(middle=middle, radii=(size, size, size), material=_green(rng), holes=0.26))
    return parts


def _tree(x: float, y: float, tall: float, rng: np.random.Generator) -> list[Solid]:
    bark = plain((0.13, 0.09, 0.06), grain=0.4, size=0.2)
    parts: list[Solid] = [Drum(foot=(x, y, 0), radius=tall * 0.028, height=tall * 0.65, material=bark)]
    for _ in range(26):
        way = rng.normal(0, 1, 3)
        dx, dy, dz = (
            float(v) for v in way / np.linalg.norm(way) * rng.random() ** 0.4 * tall * np.array([0.27, 0.27, 0.23])
        )
        size = tall * float(rng.uniform(0.07, 0.125))
        middle = (x + dx, y + dy, tall * 0.74 + dz)
        parts.append(Ball(middle=middle, radii=(size, size, size * 0.85), material=_green(rng), holes=0.36))
    return parts


def _green(rng: np.random.Generator) -> Material:
    light = 0.8 + 0.5 * float(rng.random())
    return leaves((0.085 * light, 0.17 * light, 0.03 * light))
