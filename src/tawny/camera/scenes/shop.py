"""The shop: an aisle between shelves full of goods and a counter; customers look around, a clerk serves."""

from math import sin

import numpy as np

from tawny.camera.scenes import people
from tawny.camera.scenes.brush import Brush
from tawny.camera.scenes.lens import Lens
from tawny.camera.scenes.materials import Material, Surface, band, clouds, colour, mix, plain, planks, speckle, tiles
from tawny.camera.scenes.picture import Colour, Floats
from tawny.camera.scenes.scene import Ambience, Scene, path
from tawny.camera.scenes.shading import Lamp, Light
from tawny.camera.scenes.solids import Box, Drum, Solid
from tawny.camera.scenes.stage import Stage

_HIGH = 3.0
_LEFT, _RIGHT, _BACK = -3.4, 4.2, 12.5
_LEVELS = (0.12, 0.5, 0.88, 1.26, 1.62)
_COLOURS: tuple[Colour, ...] = (
    (0.6, 0.06, 0.05),
    (0.75, 0.5, 0.04),
    (0.08, 0.25, 0.55),
    (0.08, 0.4, 0.12),
    (0.75, 0.72, 0.66),
    (0.5, 0.18, 0.42),
    (0.8, 0.3, 0.05),
    (0.1, 0.45, 0.5),
    (0.16, 0.1, 0.07),
)
_BUYER = (
    (0.6, -2.0, 13.6),
    (3.0, -2.1, 9.2),
    (4.0, -2.25, 7.6),
    (6.6, -2.25, 7.6),
    (9.0, -1.9, 4.4),
    (12.4, -1.2, 1.2),
    (14.4, -0.9, -1.6),
)
_WOMAN = (
    (0.4, 0.9, -1.2),
    (3.2, 1.35, 3.6),
    (4.4, 1.55, 5.1),
    (9.0, 1.55, 5.1),
    (10.2, 1.0, 6.6),
    (13.4, 0.9, 11.0),
    (15.0, 0.9, 13.8),
)


def scene() -> Scene:
    """The shop from the corner above its door."""
    lens = Lens(position=(-0.5, -0.9, 2.75), yaw=3.0, pitch=17.0, field=82.0)
    spots = [(x, y) for x in (-2.2, 1.6) for y in (1.6, 5.2, 8.8)]
    lamps = tuple(Lamp(position=(x, y, _HIGH - 0.15), light=(0.58, 0.56, 0.51), reach=1.9) for x, y in spots)
    light = Light(sky=(0.3, 0.3, 0.29), echo=(0.2, 0.19, 0.18), lamps=lamps)
    rng = np.random.default_rng(21)
    solids = [*_shell(spots), *_shelves(rng), *_counter(rng)]
    stage = Stage(lens=lens, solids=solids, light=light, vignette=0.3)
    steps = tuple(float(t) for t in np.arange(1.0, 15.0, 0.8))
    ambience = Ambience(hum=120, air=0.6, steps=steps)
    return Scene(name="shop", title="SHOP", stage=stage, draw=_draw, ambience=ambience, key=(-0.1, 0.75, 0.6))


def _draw(brush: Brush, at: float) -> None:
    buyer, woman = path(_BUYER, at), path(_WOMAN, at)
    people_here = [(2.0 + 5.1, _clerk)]
    if buyer is not None:
        people_here.append((buyer[1], _buyer))
    if woman is not None:
        people_here.append((woman[1], _woman))
    for _, paint in sorted(people_here, key=lambda found: -found[0]):
        paint(brush, at)


def _clerk(brush: Brush, at: float) -> None:
    looks = people.Looks(
        top=(0.62, 0.6, 0.56),
        trousers=(0.05, 0.05, 0.06),
        apron=(0.04, 0.22, 0.12),
        hair=(0.03, 0.02, 0.015),
        skin=(0.3, 0.16, 0.09),
    )
    busy = max(0.0, sin(at * 2.0)) * (4.4 < at < 9.0) * 0.55
    sway = 0.05 * sin(2 * np.pi * at / 8)
    pose = people.Pose(x=3.35, y=5.6 + sway, heading=-95 + 18 * sin(2 * np.pi * at / 16), moving=False, reach=busy)
    people.paint(brush, looks, pose)


def _buyer(brush: Brush, at: float) -> None:
    looks = people.Looks(
        top=(0.4, 0.4, 0.1), trousers=(0.06, 0.09, 0.2), hair=(0.16, 0.1, 0.05), tall=1.79, bag=(0.1, 0.1, 0.12)
    )
    pose = people.walking(_BUYER, at)
    if 4.2 < at < 6.6:
        reach = min(1.0, (at - 4.2) / 0.6, (6.6 - at) / 0.6)
        pose = people.Pose(x=pose.x, y=pose.y, heading=-90, moving=False, reach=reach)
    people.paint(brush, looks, pose, mirrored=0.06)


def _woman(brush: Brush, at: float) -> None:
    looks = people.Looks(
        top=(0.5, 0.06, 0.1), trousers=(0.08, 0.08, 0.1), hair=(0.32, 0.19, 0.07), long_hair=True, tall=1.68
    )
    pose = people.walking(_WOMAN, at)
    if 4.4 < at < 9.0:
        pose = people.Pose(x=pose.x, y=pose.y, heading=85, moving=False, reach=0.35 * (6 < at < 7.5))
    people.paint(brush, looks, pose, mirrored=0.06)


def _shell(spots: list[tuple[float, float]]) -> list[Solid]:
    wall, ceiling = plain((0.7, 0.68, 0.62)), tiles((0.72, 0.72, 0.71), size=0.6, joint=0.02, joint_rgb=(0.5, 0.5, 0.5))
    parts: list[Solid] = [
        Box(
            low=(_LEFT, -4, -0.2),
            high=(_RIGHT, _BACK, 0),
            material=tiles((0.46, 0.44, 0.4), size=0.4, joint=0.008, joint_rgb=(0.3, 0.29, 0.27)),
        ),
        Box(low=(_LEFT, -4, _HIGH), high=(_RIGHT, _BACK, _HIGH + 0.2), material=ceiling),
        Box(low=(_LEFT - 0.2, -4, 0), high=(_LEFT, _BACK, _HIGH), material=wall),
        Box(low=(_RIGHT, -4, 0), high=(_RIGHT + 0.2, _BACK, _HIGH), material=wall),
        Box(low=(_LEFT, _BACK, 0), high=(_RIGHT, _BACK + 0.2, _HIGH), material=plain((0.16, 0.3, 0.3))),
        Box(low=(-2.6, _BACK - 0.05, 2.25), high=(2.0, _BACK + 0.1, 2.75), material=_sign()),
    ]
    glow = plain((2.4, 2.35, 2.2), grain=0)
    for x, y in spots:
        parts.append(
            Box(low=(x - 0.62, y - 0.3, _HIGH - 0.02), high=(x + 0.62, y + 0.3, _HIGH + 0.1), material=glow, glows=True)
        )
    return parts


def _sign() -> Material:
    def shade(at: Surface) -> Floats:
        stripes = (np.mod(at.u, 0.5) < 0.25).astype(np.float32)
        return mix(colour((0.75, 0.7, 0.55)), colour((0.6, 0.1, 0.06)), stripes * band(at.v, 2.3, 2.7))

    return shade


def _shelves(rng: np.random.Generator) -> list[Solid]:
    parts: list[Solid] = []
    parts += _rack(_LEFT, _LEFT + 0.5, 0.4, 11.6, 1.0, rng)
    parts += _rack(-0.62, -0.12, 4.2, 10.4, -1.0, rng)
    parts += _rack(-0.1, 0.4, 4.2, 10.4, 1.0, rng)
    parts += _fridges()
    return parts


def _rack(
    low_x: float, high_x: float, low_y: float, high_y: float, front: float, rng: np.random.Generator
) -> list[Solid]:
    """Boards with goods that stand to the front: *front* is 1 where it looks to the right."""
    board, back = plain((0.55, 0.55, 0.54)), plain((0.3, 0.3, 0.3))
    rear = (low_x, low_x + 0.03) if front > 0 else (high_x - 0.03, high_x)
    edge = (high_x - 0.02, high_x + 0.012) if front > 0 else (low_x - 0.012, low_x + 0.02)
    parts: list[Solid] = [
        Box(low=(rear[0], low_y, 0), high=(rear[1], high_y, 2.0), material=back),
        Box(low=(low_x, low_y - 0.04, 0), high=(high_x, low_y, 2.0), material=_shelf_end()),
        Box(low=(low_x, high_y, 0), high=(high_x, high_y + 0.04, 2.0), material=board),
    ]
    for z in _LEVELS:
        parts.append(Box(low=(low_x, low_y, z - 0.04), high=(high_x, high_y, z), material=board))
        parts.append(Box(low=(edge[0], low_y, z - 0.045), high=(edge[1], high_y, z), material=_price_strip()))
        parts += _goods(low_x, high_x, low_y, high_y, z, front, rng)
    return parts


def _shelf_end() -> Material:
    """A poster on the end of a shelf: a white field with a price in it."""

    def shade(at: Surface) -> Floats:
        red, yellow = colour((0.5, 0.05, 0.04)), colour((0.85, 0.62, 0.06))
        rgb = mix(red, colour((0.8, 0.78, 0.72)), band(at.v, 0.95, 1.75))
        rgb = mix(rgb, yellow, band(at.v, 0.2, 0.75) * band(np.mod(at.u + at.v, 0.22), 0.0, 0.11))
        bar = band(at.v, 1.42, 1.5) + band(at.v, 1.16, 1.2) + band(at.v, 1.08, 1.11)
        return mix(rgb, red, np.clip(bar, 0, 1) * band(np.mod(at.u, 0.5), 0.08, 0.4))

    return shade


def _goods(
    low_x: float, high_x: float, low_y: float, high_y: float, z: float, front: float, rng: np.random.Generator
) -> list[Solid]:
    parts: list[Solid] = []
    y = low_y + 0.03
    while y < high_y - 0.25:
        each = float(rng.uniform(0.09, 0.2))
        length = each * int(rng.integers(2, 6))
        high = float(rng.uniform(0.17, 0.31))
        behind = float(rng.uniform(0.0, 0.14))
        reach = (low_x + 0.05, high_x - 0.03 - behind) if front > 0 else (low_x + 0.03 + behind, high_x - 0.05)
        if rng.random() > 0.06:
            end = min(y + length, high_y - 0.02)
            material = _product(each, y, z, high, int(rng.integers(0, 9)), int(rng.integers(0, 9)))
            parts.append(Box(low=(reach[0], y, z), high=(reach[1], end, z + high), material=material))
        y += length + float(rng.uniform(0.01, 0.05))
    return parts


def _product(each: float, start: float, foot: float, high: float, first: int, second: int) -> Material:
    """Packets side by side: a colour, a label in another, a gap between them."""

    def shade(at: Surface) -> Floats:
        along = (at.point[1] - start) / each
        within = along - np.floor(along)
        up = (at.point[2] - foot) / high
        label = band(within, 0.15, 0.85, edge=0.05) * band(up, 0.3, 0.72, edge=0.05)
        letters = (speckle(along * 9, at.point[2], 0.03) > 0.62) * band(up, 0.42, 0.6, edge=0.03)
        rgb = mix(colour(_COLOURS[first]), colour(_COLOURS[second]), label * (0.9 if first != second else 0.0))
        rgb = mix(rgb, colour((0.85, 0.85, 0.8)), label * letters * np.float32(0.8))
        packet: Floats = (
            rgb * (0.25 + 0.75 * band(within, 0.0, 1.0, edge=0.07)) * (0.9 + 0.2 * clouds(at.u, at.v, 0.1, 1))
        )
        return packet

    return shade


def _price_strip() -> Material:
    def shade(at: Surface) -> Floats:
        label = (np.mod(at.point[1], 0.31) < 0.07).astype(np.float32)
        return mix(colour((0.6, 0.6, 0.58)), colour((0.85, 0.7, 0.1)), label)

    return shade


def _fridges() -> list[Solid]:
    """Cooled drinks along the back wall behind glass, lit from inside."""
    parts: list[Solid] = []
    for i in range(5):
        x = 0.8 + i * 0.66
        parts.append(Box(low=(x, _BACK - 0.7, 0), high=(x + 0.64, _BACK, 2.1), material=plain((0.5, 0.5, 0.52))))
        parts.append(
            Box(low=(x + 0.05, _BACK - 0.71, 0.25), high=(x + 0.59, _BACK - 0.6, 1.95), material=_drinks(i), glows=True)
        )
    return parts


def _drinks(seed: int) -> Material:
    def shade(at: Surface) -> Floats:
        column, shelf = at.u / 0.09, at.v / 0.34
        own = speckle(np.floor(column) + 40 * seed, np.floor(shelf), 1.0)
        tint = np.stack([_pick(own, c) for c in range(3)])
        bottle = band(column - np.floor(column), 0.12, 0.88, edge=0.1) * band(
            shelf - np.floor(shelf), 0.05, 0.8, edge=0.05
        )
        return mix(colour((0.32, 0.36, 0.4)), 0.25 + tint * 0.7, bottle)

    return shade


def _pick(own: Floats, channel: int) -> Floats:
    table = np.array([rgb[channel] for rgb in _COLOURS], np.float32)
    chosen: Floats = table[(own * len(_COLOURS)).astype(np.int32) % len(_COLOURS)]
    return chosen


def _counter(rng: np.random.Generator) -> list[Solid]:
    top, front = plain((0.2, 0.13, 0.08)), planks((0.4, 0.24, 0.12), width=0.2)
    dark = plain((0.05, 0.05, 0.055))
    parts: list[Solid] = [
        Box(low=(2.1, 3.4, 0), high=(2.75, 7.0, 0.95), material=front),
        Box(low=(2.02, 3.3, 0.95), high=(2.85, 7.1, 1.0), material=top),
        Box(low=(2.3, 4.7, 1.0), high=(2.6, 5.05, 1.08), material=dark),
        Box(low=(2.42, 4.62, 1.12), high=(2.47, 5.12, 1.46), material=dark),
        Box(low=(2.465, 4.65, 1.15), high=(2.475, 5.09, 1.43), material=plain((0.2, 0.4, 0.6)), glows=True),
        Drum(foot=(2.45, 4.87, 1.0), radius=0.03, height=0.16, material=dark),
        Box(low=(2.12, 5.7, 1.0), high=(2.3, 5.85, 1.12), material=dark),
        Box(low=(_RIGHT - 0.35, 3.0, 0), high=(_RIGHT, 8.2, 0.9), material=planks((0.36, 0.22, 0.12), width=0.3)),
    ]
    parts += _back_shelves(rng)
    for i in range(4):
        y = 3.55 + i * 0.24
        parts.append(
            Drum(foot=(2.35, y, 1.0), radius=0.085, height=0.26, material=plain(_COLOURS[(i * 4) % 9], grain=0.03))
        )
    return parts


def _back_shelves(rng: np.random.Generator) -> list[Solid]:
    parts: list[Solid] = []
    for z in (1.25, 1.65, 2.05):
        parts.append(Box(low=(_RIGHT - 0.3, 3.0, z - 0.03), high=(_RIGHT, 8.2, z), material=plain((0.5, 0.5, 0.5))))
        parts += _goods(_RIGHT - 0.3, _RIGHT, 3.0, 8.2, z, -1.0, rng)
    return parts
