"""Cars: panels over wheels, with glass, lamps and a shadow."""

from dataclasses import dataclass
from math import cos, pi, radians, sin

import numpy as np

from tawny.camera.scenes.brush import Brush
from tawny.camera.scenes.lens import Point
from tawny.camera.scenes.picture import Colour, Floats

_LONG, _HALF = 4.35, 0.88  # metres: length and half the width
_WHEEL = 0.33
_AXLES = (0.85, 3.45)  # metres behind the front bumper
_SIDE = (
    (0.0, 0.42),
    (0.03, 0.66),
    (0.25, 0.76),
    (1.25, 0.93),
    (4.1, 0.98),
    (4.32, 0.86),
    (4.35, 0.45),
    (4.2, 0.24),
    (0.15, 0.24),
)
_CABIN = ((1.15, 0.92), (2.0, 1.43), (3.3, 1.45), (4.12, 0.97))
_PANES = (
    ((1.42, 0.97), (2.05, 1.36), (2.62, 1.385), (2.62, 0.99)),
    ((2.72, 0.99), (2.72, 1.385), (3.24, 1.385), (3.8, 1.0)),
)
_GLASS: Colour = (0.025, 0.03, 0.035)
_TYRE: Colour = (0.012, 0.012, 0.013)
_GAP: Colour = (0.02, 0.02, 0.022)
_RIM: Colour = (0.32, 0.33, 0.35)


@dataclass(frozen=True, kw_only=True)
class Car:
    """A car whose front bumper's middle is at *x*, *y*, driving towards *heading* (0 away from the camera, 90 right)."""

    x: float
    y: float
    heading: float
    paint: Colour = (0.35, 0.04, 0.03)
    rolled: float = 0.0
    headlights: float = 0.0  # how strongly they dazzle the camera
    brakes: bool = False

    def place(self, back: float, right: float, up: float) -> Point:
        """Where the point so far *back* of the bumper and *right* of the middle is in the world."""
        turn = radians(self.heading)
        return self.x - back * sin(turn) + right * cos(turn), self.y - back * cos(turn) - right * sin(turn), up


def paint(brush: Brush, car: Car) -> None:
    """Paint *car* with its shadow."""
    _shadows(brush, car)
    artist = _Artist(brush, car)
    artist.body()
    artist.cabin()
    artist.details()
    artist.wheels()
    artist.lamps()


def _shadows(brush: Brush, car: Car) -> None:
    low = [(back, side * _HALF, up) for back, up in _SIDE for side in (-1, 1)]
    roof = [(back, side * (_HALF - 0.24), up) for back, up in _CABIN for side in (-1, 1)]
    brush.cast(np.array([car.place(*corner) for corner in (*low, *roof)], np.float32), strength=0.66)
    for back in (0.6, 1.6, 2.7, 3.8):
        brush.contact(car.place(back, 0.0, 0.0), 1.0, strength=0.42)


class _Artist:
    """Panels are painted from what is under to what is over; those that face away are left out."""

    def __init__(self, brush: Brush, car: Car) -> None:
        self._brush = brush
        self._car = car
        middle = np.array([car.place(_LONG / 2, 0, 0.7)], np.float32)
        self._light = brush.light.at(middle.T, np.array([[0.0], [-0.6], [0.6]], np.float32), 0.85)[:, 0]
        self._sun = np.array(brush.light.sun_direction, np.float32)

    def body(self) -> None:
        paint = self._car.paint
        for right in (-_HALF, _HALF):
            self._panel([(b, right, u) for b, u in _SIDE], paint, trim=0.93)
            self._panel(
                [(b, right * 1.004, 0.24) for b in (0.2, 4.2)] + [(b, right * 1.004, 0.36) for b in (4.3, 0.05)], _TYRE
            )
        for (b0, u0), (b1, u1) in (_SIDE[1:3], _SIDE[2:4], _SIDE[3:5], _SIDE[4:6], _SIDE[5:7], (_SIDE[1], _SIDE[0])):
            self._strip(b0, u0, b1, u1, _HALF, paint)
        self._strip(0.0, 0.42, 0.15, 0.24, _HALF, _TYRE)
        self._strip(4.35, 0.45, 4.2, 0.24, _HALF, _TYRE)

    def details(self) -> None:
        """Door gaps, handles and mirrors."""
        for side in (-1, 1):
            at = side * (_HALF + 0.004)
            for back in (1.5, 2.67, 3.62):
                self._panel(
                    [(back, at, 0.34), (back + 0.018, at, 0.34), (back + 0.018, at, 0.94), (back, at, 0.94)], _GAP
                )
            for back in (2.4, 3.4):
                self._panel([(back, at, 0.8), (back + 0.16, at, 0.8), (back + 0.16, at, 0.83), (back, at, 0.83)], _GAP)
            out = side * (_HALF + 0.16)
            self._panel(
                [(1.5, side * 0.78, 0.94), (1.5, out, 0.96), (1.5, out, 1.07), (1.5, side * 0.78, 1.05)],
                self._car.paint,
                flat=True,
            )

    def cabin(self) -> None:
        low, high = _HALF - 0.04, _HALF - 0.24
        wide = (low, high, high, low)
        for side in (-1, 1):
            self._panel([(b, side * w, u) for (b, u), w in zip(_CABIN, wide, strict=True)], self._car.paint)
            for pane in _PANES:
                self._panel(
                    [(b, side * (_HALF - 0.02 - 0.2 * (u - 0.95) / 0.5), u) for b, u in pane], _GLASS, shine=0.35
                )
        for first, second, colour, shine in ((0, 1, _GLASS, 0.22), (1, 2, self._car.paint, 0.0), (3, 2, _GLASS, 0.3)):
            (b0, u0), (b1, u1) = _CABIN[first], _CABIN[second]
            edge = 0.05 if shine else 0.0
            w0, w1 = wide[first] - edge, wide[second] - edge
            self._panel([(b0, -w0, u0), (b0, w0, u0), (b1, w1, u1), (b1, -w1, u1)], colour, shine=shine)

    def wheels(self) -> None:
        for back in _AXLES:
            for side in (-1, 1):
                if not self._faces(
                    [(back, side * _HALF, 0.5), (back + 1, side * _HALF, 0.5), (back, side * _HALF, 1.5)], side
                ):
                    continue
                self._disc(back, side * (_HALF + 0.005), _WHEEL + 0.055, _TYRE, up=0.02)
                self._disc(back, side * (_HALF + 0.012), _WHEEL, (0.02, 0.02, 0.021))
                self._disc(back, side * (_HALF + 0.016), 0.215, _RIM)
                self._spokes(back, side * (_HALF + 0.02))

    def lamps(self) -> None:
        car = self._car
        front = self._faces([(0, -1, 0), (0, 1, 0), (0, 1, 1)], 1, ahead=True)
        for side in (-1, 1):
            near, far = side * 0.5, side * 0.84
            if front:
                self._glass(
                    [(0.02, near, 0.6), (0.02, far, 0.6), (0.14, far, 0.72), (0.14, near, 0.7)],
                    (0.6, 0.62, 0.62),
                    1.0 + car.headlights,
                )
                if car.headlights:
                    self._brush.lamp(car.place(0.0, side * 0.68, 0.64), 0.16, 200 * car.headlights)
                    self._brush.lamp(car.place(0.0, side * 0.68, 0.64), 0.7, 45 * car.headlights)
            else:
                red = (0.75, 0.04, 0.03) if car.brakes else (0.3, 0.02, 0.02)
                self._glass([(4.34, near, 0.68), (4.34, far, 0.68), (4.3, far, 0.84), (4.3, near, 0.84)], red, 1.0)
        if front:
            self._panel(
                [(-0.01, -0.45, 0.45), (-0.01, 0.45, 0.45), (0.0, 0.42, 0.6), (0.0, -0.42, 0.6)], (0.015, 0.015, 0.017)
            )
        back = 4.36 if not front else -0.02
        self._glass(
            [(back, -0.24, 0.5), (back, 0.24, 0.5), (back, 0.24, 0.6), (back, -0.24, 0.6)], (0.5, 0.5, 0.46), 1.0
        )

    def _strip(self, b0: float, u0: float, b1: float, u1: float, half: float, colour: Colour) -> None:
        self._panel([(b0, -half, u0), (b0, half, u0), (b1, half, u1), (b1, -half, u1)], colour)

    def _disc(self, back: float, right: float, radius: float, colour: Colour, *, up: float = 0.0) -> None:
        turns = [2 * pi * i / 24 for i in range(24)]
        self._panel([(back + radius * cos(t), right, _WHEEL + up + radius * sin(t)) for t in turns], colour, flat=True)

    def _spokes(self, back: float, right: float) -> None:
        turned = self._car.rolled / _WHEEL
        for i in range(5):
            turn = turned + 2 * pi * (i + 0.5) / 5
            ends = ((turn - 0.3, 0.185), (turn + 0.3, 0.185), (turn + 0.16, 0.07), (turn - 0.16, 0.07))
            self._panel(
                [(back + r * cos(t), right, _WHEEL + r * sin(t)) for t, r in ends], (0.03, 0.03, 0.032), flat=True
            )

    def _glass(self, corners: list[Point], colour: Colour, gain: float) -> None:
        light = tuple(c * gain * float(v) for c, v in zip(colour, self._light, strict=True))
        self._brush.panel(self._world(corners), light, bias=0.35)  # type: ignore[arg-type]  # four corners, of which mypy knows no number

    def _panel(
        self, corners: list[Point], colour: Colour, *, shine: float = 0.0, trim: float = 1.0, flat: bool = False
    ) -> None:
        world = self._world(corners)
        normal = self._outwards(world)
        to_camera = np.array(self._brush.lens.position, np.float32) - world.mean(0)
        if not flat and float(normal @ to_camera) <= 0:
            return
        facing = 0.55 + 0.3 * max(0.0, float(normal[2])) + 0.45 * max(0.0, float(normal @ self._sun))
        sky = shine * 0.22 * (0.4 + max(0.0, float(normal[2])))
        light = tuple(c * facing * trim * float(v) + sky * float(v) for c, v in zip(colour, self._light, strict=True))
        self._brush.panel(world, light, bias=0.3, grow=0.9)  # type: ignore[arg-type]  # four corners, of which mypy knows no number

    def _faces(self, corners: list[Point], side: int, *, ahead: bool = False) -> bool:
        """Whether the plane through *corners* on that *side* (or the front) is turned to the camera."""
        centre = np.array(self._car.place(_LONG / 2, 0, 0.5), np.float32)
        out = (
            np.array(self._car.place(0, 0, 0.5) if ahead else self._car.place(_LONG / 2, side, 0.5), np.float32)
            - centre
        )
        at = self._world(corners).mean(0)
        return float(out @ (np.array(self._brush.lens.position, np.float32) - at)) > 0

    def _outwards(self, world: Floats) -> Floats:
        normal = np.cross(world[1] - world[0], world[2] - world[0])
        normal = normal / (np.linalg.norm(normal) + 1e-9)
        centre = np.array(self._car.place(_LONG / 2, 0, 0.6), np.float32)
        outward: Floats = normal if float(normal @ (world.mean(0) - centre)) > 0 else -normal
        return outward

    def _world(self, corners: list[Point]) -> Floats:
        return np.array([self._car.place(*corner) for corner in corners], np.float32)
