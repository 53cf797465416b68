"""People who walk, stand and reach: a skeleton of joints, dressed in rounded limbs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, degrees, hypot, pi, radians, sin

import numpy as np

from tawny.camera.scenes.brush import Brush, Limb
from tawny.camera.scenes.lens import Point
from tawny.camera.scenes.picture import Colour
from tawny.camera.scenes.scene import path

_STRIDE = 1.45  # metres that two steps take


@dataclass(frozen=True, kw_only=True)
class Looks:
    """What someone looks like; *tall* in metres, *shirt* under an open jacket, *bag* on the back."""

    skin: Colour = (0.5, 0.3, 0.2)
    hair: Colour = (0.05, 0.03, 0.02)
    top: Colour = (0.12, 0.2, 0.4)
    trousers: Colour = (0.06, 0.065, 0.09)
    shoes: Colour = (0.03, 0.03, 0.03)
    tall: float = 1.76
    long_hair: bool = False
    shirt: Colour | None = None
    bag: Colour | None = None
    apron: Colour | None = None


@dataclass(frozen=True, kw_only=True)
class Pose:
    """Where someone stands and how: *heading* in degrees (0 away from the camera, 90 to the right), *walked* metres
    so far (they swing the limbs), *reach* from 0 to 1 lifts the right hand to a shelf.
    """

    x: float
    y: float
    heading: float
    walked: float = 0.0
    moving: bool = True
    reach: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One dressed part of a body."""

    limbs: tuple[Limb, ...]
    colour: Colour


def paint(brush: Brush, looks: Looks, pose: Pose, *, mirrored: float = 0.0) -> None:
    """Paint the person with shadow; *mirrored* is how strongly a polished floor shows them upside down."""
    pieces = dressed(looks, pose)
    limbs = [limb for piece in pieces for limb in piece.limbs]
    brush.shadow(limbs)
    brush.contact((pose.x, pose.y, 0.0), 0.42)
    if mirrored:
        for piece in _by_depth(brush, pieces):
            brush.limbs([_mirrored(limb) for limb in piece.limbs], piece.colour, mirrored=mirrored)
    for piece in _by_depth(brush, pieces):
        if not _tiny(brush, piece):
            brush.limbs(piece.limbs, piece.colour)


def walking(way: Sequence[tuple[float, ...]], at: float) -> Pose:
    """How someone walks along *way* (seconds, x, y), turned to where they go; stands where it rests."""
    here, soon = path(way, at), path(way, min(at + 0.25, way[-1][0] - 0.01))
    before = path(way, max(at - 0.25, way[0][0]))
    assert here is not None, "asked only while they are on their way"
    (x0, y0), (x1, y1) = (before or here), (soon or here)
    moved = hypot(x1 - x0, y1 - y0)
    walked = _walked(way, at)
    heading = degrees(atan2(x1 - x0, y1 - y0)) if moved > 0.02 else _last_heading(way, at)
    return Pose(x=here[0], y=here[1], heading=heading, walked=walked, moving=moved > 0.08)


def _walked(way: Sequence[tuple[float, ...]], at: float) -> float:
    total = 0.0
    for (t0, x0, y0, *_), (t1, x1, y1, *_) in pairwise(way):
        total += hypot(x1 - x0, y1 - y0) * min(1.0, max(0.0, (at - t0) / (t1 - t0)))
    return total


def _last_heading(way: Sequence[tuple[float, ...]], at: float) -> float:
    heading = 0.0
    for (t0, x0, y0, *_), (_, x1, y1, *_) in pairwise(way):
        if t0 <= at and hypot(x1 - x0, y1 - y0) > 0.02:
            heading = degrees(atan2(x1 - x0, y1 - y0))
    return heading


def dressed(looks: Looks, pose: Pose) -> list[Piece]:
    """The parts of the body in the world."""
    body = _Body(looks, pose)
    limbs = [*body.leg(-1), *body.leg(1), *body.trunk(), *body.arm(-1), *body.arm(1)]
    return [*limbs, *body.head(), *body.face(), *body.over()]


def _tiny(brush: Brush, piece: Piece) -> bool:
    """Whether it would be hardly half a pixel."""
    middle = piece.limbs[0].middle[None].astype(np.float32)
    return piece.limbs[0].radius * brush.lens.focal / float(brush.lens.project(middle)[0, 2]) < 0.6


def _by_depth(brush: Brush, pieces: Sequence[Piece]) -> list[Piece]:
    def depth(piece: Piece) -> float:
        middle = np.mean([limb.middle for limb in piece.limbs], axis=0)[None]
        return -float(brush.lens.project(middle.astype(np.float32))[0, 2])

    return sorted(pieces, key=depth)


def _mirrored(limb: Limb) -> Limb:
    (ax, ay, az), (bx, by, bz) = limb.start, limb.end
    return Limb(start=(ax, ay, -az), end=(bx, by, -bz), radius=limb.radius, end_radius=limb.end_radius)


class _Body:
    """Joints of one pose; lengths are shares of the height (Winter, "Biomechanics", table 4.1)."""

    def __init__(self, looks: Looks, pose: Pose) -> None:
        self._looks = looks
        self._pose = pose
        self._tall = looks.tall
        self._phase = 2 * pi * pose.walked / _STRIDE
        self._swing = 1.0 if pose.moving else 0.0
        self._bob = 0.012 * cos(2 * self._phase) * self._swing

    def leg(self, side: int) -> list[Piece]:
        turn = self._phase + (pi if side > 0 else 0)
        thigh = 0.42 * sin(turn) * self._swing
        knee = (0.12 + 0.75 * max(0.0, cos(turn + 0.35)) ** 2) * self._swing + 0.02
        hip = self._at(0.055 * side, 0.0, 0.515)
        bend = self._along(hip, thigh, 0.245)
        ankle = self._along(bend, thigh - knee, 0.235)
        toe = self._along(ankle, pi / 2 + thigh * 0.5 - knee * 0.75, 0.09)
        looks = self._looks
        cloth = (self._limb(hip, bend, 0.05, 0.036), self._limb(bend, ankle, 0.036, 0.028))
        shoe = (self._limb(ankle, toe, 0.026, 0.02),)
        return [Piece(limbs=shoe, colour=looks.shoes), Piece(limbs=cloth, colour=looks.trousers)]

    def trunk(self) -> list[Piece]:
        looks = self._looks
        waist, chest = self._at(0, 0.0, 0.55), self._at(0, 0.012, 0.75)
        middle = self._limb(waist, chest, 0.064, 0.072)
        flanks = [
            self._limb(self._at(0.044 * s, 0, 0.55), self._at(0.07 * s, 0.008, 0.76), 0.052, 0.06) for s in (-1, 1)
        ]
        necks = [self._limb(self._at(0, 0.0, 0.84), self._at(0.1 * s, 0.003, 0.806), 0.022, 0.036) for s in (-1, 1)]
        pelvis = self._limb(self._at(-0.04, 0, 0.52), self._at(0.04, 0, 0.52), 0.06, 0.06)
        neck = self._limb(self._at(0, 0.005, 0.82), self._at(0, 0.01, 0.87), 0.034, 0.032)
        return [
            Piece(limbs=(neck,), colour=looks.skin),
            Piece(limbs=(pelvis,), colour=looks.trousers),
            Piece(limbs=(middle, *flanks, *necks), colour=looks.top),
        ]

    def arm(self, side: int) -> list[Piece]:
        turn = self._phase + (0 if side > 0 else pi)
        reach = self._pose.reach if side > 0 else 0.0
        upper = 0.4 * sin(turn) * self._swing * (1 - reach) + 1.25 * reach
        bend = 0.25 + 0.2 * self._swing + 0.1 * reach
        shoulder = self._at(0.12 * side, 0.0, 0.802)
        elbow = self._along(shoulder, upper, 0.172, out=0.008 * side)
        wrist = self._along(elbow, upper + bend, 0.145)
        hand = self._along(wrist, upper + bend, 0.04)
        sleeve = (self._limb(shoulder, elbow, 0.032, 0.026), self._limb(elbow, wrist, 0.026, 0.021))
        skin = (self._limb(wrist, hand, 0.02, 0.022),)
        return [Piece(limbs=skin, colour=self._looks.skin), Piece(limbs=sleeve, colour=self._looks.top)]

    def head(self) -> list[Piece]:
        looks = self._looks
        face = self._limb(self._at(0, 0.016, 0.905), self._at(0, 0.014, 0.945), 0.042, 0.05)
        crown = self._limb(self._at(0, -0.012, 0.94), self._at(0, -0.004, 0.962), 0.052, 0.05)
        hair = [crown]
        if looks.long_hair:
            hair.append(self._limb(self._at(0, -0.03, 0.94), self._at(0, -0.035, 0.84), 0.052, 0.045))
        fringe = self._limb(self._at(-0.026, 0.03, 0.972), self._at(0.026, 0.03, 0.972), 0.024, 0.024)
        ears = [
            self._limb(self._at(0.05 * s, 0.0, 0.915), self._at(0.051 * s, 0.0, 0.93), 0.01, 0.012) for s in (-1, 1)
        ]
        return [
            Piece(limbs=tuple(hair), colour=looks.hair),
            *([] if looks.long_hair else [Piece(limbs=(ear,), colour=looks.skin) for ear in ears]),
            Piece(limbs=(face,), colour=looks.skin),
            Piece(limbs=(fringe,), colour=looks.hair),
        ]

    def face(self) -> list[Piece]:
        """Eyes, brows, nose and mouth: they give the head a front."""
        skin, dark = self._looks.skin, (0.05, 0.03, 0.025)
        lip = (skin[0] * 0.75, skin[1] * 0.5, skin[2] * 0.5)
        eyes = [
            self._limb(self._at(0.017 * s, 0.062, 0.931), self._at(0.024 * s, 0.06, 0.931), 0.005, 0.005)
            for s in (-1, 1)
        ]
        brows = [
            self._limb(self._at(0.012 * s, 0.064, 0.944), self._at(0.028 * s, 0.06, 0.945), 0.004, 0.004)
            for s in (-1, 1)
        ]
        nose = self._limb(self._at(0, 0.064, 0.93), self._at(0, 0.07, 0.912), 0.006, 0.009)
        mouth = self._limb(self._at(-0.014, 0.06, 0.892), self._at(0.014, 0.06, 0.892), 0.004, 0.004)
        spots = [Piece(limbs=(limb,), colour=dark) for limb in (*eyes, *brows)]
        return [*spots, Piece(limbs=(mouth,), colour=lip), Piece(limbs=(nose,), colour=skin)]

    def over(self) -> list[Piece]:
        """What is worn over the rest: shirt front, backpack, apron."""
        pieces = []
        if self._looks.shirt is not None:
            front = self._limb(self._at(0, 0.062, 0.62), self._at(0, 0.06, 0.82), 0.012, 0.026)
            pieces.append(Piece(limbs=(front,), colour=self._looks.shirt))
        if self._looks.bag is not None:
            low, high = self._at(0, -0.085, 0.6), self._at(0, -0.085, 0.76)
            pieces.append(Piece(limbs=(self._limb(low, high, 0.078, 0.066),), colour=self._looks.bag))
        if self._looks.apron is not None:
            cloth = tuple(
                self._limb(self._at(0.03 * s, 0.05, 0.5), self._at(0.03 * s, 0.062, 0.74), 0.05, 0.04) for s in (-1, 1)
            )
            pieces.append(Piece(limbs=cloth, colour=self._looks.apron))
        return pieces

    def _at(self, right: float, ahead: float, up: float) -> Point:
        turn, tall = radians(self._pose.heading), self._tall
        x = self._pose.x + tall * (right * cos(turn) + ahead * sin(turn))
        y = self._pose.y + tall * (-right * sin(turn) + ahead * cos(turn))
        return x, y, tall * (up + self._bob)

    def _along(self, start: Point, angle: float, length: float, *, out: float = 0.0) -> Point:
        """From *start*, *length* down at *angle* forwards, *out* to the right."""
        turn, tall = radians(self._pose.heading), self._tall
        ahead = sin(angle) * length * tall
        x = start[0] + ahead * sin(turn) + out * tall * cos(turn)
        y = start[1] + ahead * cos(turn) - out * tall * sin(turn)
        return x, y, start[2] - cos(angle) * length * tall

    def _limb(self, start: Point, end: Point, radius: float, end_radius: float) -> Limb:
        return Limb(start=start, end=end, radius=radius * self._tall, end_radius=end_radius * self._tall)
