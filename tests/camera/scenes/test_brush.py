from math import radians

import numpy as np

from tawny.camera.scenes.brush import Limb
from tawny.camera.scenes.materials import plain
from tawny.camera.scenes.picture import Floats
from tawny.camera.scenes.shading import Light
from tawny.camera.scenes.solids import Box
from tests.camera.scenes.builders import LENS, brush, changed

DIM = Light(sky=(0.4, 0.4, 0.4), echo=(0.2, 0.2, 0.2))
POST = Limb(start=(0, 8, 0.3), end=(0, 8, 1.6), radius=0.25)
WALL = Box(low=(-3, 5, 0), high=(3, 5.2, 2.2), material=plain((0.5, 0.5, 0.5), grain=0))


def pixel(x: float, y: float, z: float) -> tuple[int, int]:
    across, down, _ = LENS.project(np.array([(x, y, z)], np.float32))[0]
    return int(down), int(across)


def square(y: float) -> Floats:
    return np.array([(-0.5, y, 0.2), (0.5, y, 0.2), (0.5, y, 1.2), (-0.5, y, 1.2)], np.float32)


def test_a_limb_is_painted_where_it_stands_and_nowhere_else() -> None:
    painted = brush(light=DIM)

    painted.limbs([POST], (0.9, 0.1, 0.1))

    marks = changed(painted)
    assert marks[pixel(0, 8, 1)]
    assert not marks[pixel(1.2, 8, 1)]
    assert not marks[:, :100].any()


def test_what_stands_behind_a_wall_is_hidden() -> None:
    painted = brush(WALL, light=DIM)

    painted.limbs([POST], (0.9, 0.1, 0.1))
    painted.panel(square(8), (0.9, 0.9, 0.1))

    assert not changed(painted).any()


def test_a_panel_covers_its_middle_whichever_way_its_corners_run() -> None:
    forwards, backwards = brush(light=DIM), brush(light=DIM)

    forwards.panel(square(8), (0.9, 0.9, 0.9))
    backwards.panel(square(8)[::-1].copy(), (0.9, 0.9, 0.9))

    assert changed(forwards)[pixel(0, 8, 0.7)]
    assert np.array_equal(forwards.picture.luma, backwards.picture.luma)


def test_a_shadow_falls_away_from_the_sun() -> None:
    painted = brush()

    painted.shadow([POST])

    marks = changed(painted)
    assert marks[pixel(0.6, 7.76, 0)], "the sun stands to the left"
    assert not marks[pixel(-0.6, 8.2, 0)]


def test_without_sun_there_is_no_shadow() -> None:
    painted = brush(light=DIM)

    painted.shadow([POST])
    painted.cast(square(8))

    assert not changed(painted).any()


def test_in_the_shade_no_second_shadow_falls() -> None:
    roof = Box(low=(-6, 3, 4.5), high=(12, 14, 4.7), material=plain((0.5, 0.5, 0.5), grain=0))
    painted = brush(roof)

    painted.shadow([POST])

    assert not changed(painted).any()


def test_a_headlight_lightens_what_lies_ahead_of_it() -> None:
    painted = brush(light=DIM)

    painted.beam((0, 6, 0.6), radians(0), reach=6, strength=2)

    before, after = painted.backdrop.picture.luma, painted.picture.luma
    assert after[pixel(0, 10, 0)] > before[pixel(0, 10, 0)] + 10
    assert after[pixel(0, 4, 0)] == before[pixel(0, 4, 0)]


def test_a_lamp_behind_a_wall_does_not_glow() -> None:
    seen, hidden = brush(light=DIM), brush(WALL, light=DIM)

    seen.lamp((0, 8, 1), 0.3, 100)
    hidden.lamp((0, 8, 1), 0.3, 100)

    assert changed(seen).any()
    assert not changed(hidden).any()


def test_what_is_behind_or_beside_the_camera_paints_nothing() -> None:
    painted = brush(light=DIM)

    painted.limbs([Limb(start=(0, -4, 0), end=(0, -4, 2), radius=0.3)], (0.9, 0.1, 0.1))
    painted.limbs([Limb(start=(90, 8, 0), end=(90, 8, 2), radius=0.3)], (0.9, 0.1, 0.1))
    painted.panel(square(-4), (0.9, 0.1, 0.1))
    painted.contact((0, -4, 0), 1)
    painted.lamp((0, -4, 1), 1, 100)

    assert not changed(painted).any()
