import numpy as np

from tawny.camera.scenes.materials import plain
from tawny.camera.scenes.shading import Lamp, Light, ShadowMap, column
from tawny.camera.scenes.solids import FAR, Box
from tests.camera.scenes.builders import GROUND, LENS, stage

PILLAR = Box(low=(-0.5, 8, 0), high=(0.5, 9, 3), material=plain((0.9, 0.9, 0.9), grain=0))
RED_SIGN = Box(low=(-0.5, 8, 0), high=(0.5, 9, 3), material=plain((0.9, 0.0, 0.0), grain=0), glows=True)


def pixel(x: float, y: float, z: float) -> tuple[int, int]:
    across, down, _ = LENS.project(np.array([(x, y, z)], np.float32))[0]
    return int(down), int(across)


def test_depth_is_that_of_the_nearest_thing_and_endless_in_the_sky() -> None:
    backdrop = stage(PILLAR).photograph()

    assert 7 < backdrop.depth[pixel(0, 8, 1.5)] < 8.5
    assert backdrop.depth[0, 0] >= FAR


def test_sun_throws_the_pillars_shadow_on_the_ground() -> None:
    backdrop = stage(PILLAR).photograph()

    assert backdrop.lit[pixel(1.2, 8.2, 0)] < 0.1
    assert backdrop.lit[pixel(-2, 8.5, 0)] > 0.9
    assert backdrop.picture.luma[pixel(1.2, 8.2, 0)] < backdrop.picture.luma[pixel(-2, 8.5, 0)]


def test_what_glows_has_its_own_light_and_colour_in_the_dark() -> None:
    dark = Light(sky=(0, 0, 0), echo=(0, 0, 0))

    backdrop = stage(RED_SIGN, light=dark).photograph()

    down, across = pixel(0, 8, 1.5)
    assert backdrop.picture.luma[down, across] > 45
    assert backdrop.picture.red[down // 2, across // 2] > 190
    assert backdrop.picture.luma[pixel(-3, 8, 0)] == 16


def test_a_rough_photograph_shows_the_same_place() -> None:
    fine, rough = stage(PILLAR).photograph(), stage(PILLAR).photograph(rough=True)

    difference = np.abs(fine.picture.luma.astype(int) - rough.picture.luma)
    assert difference.mean() < 3
    assert np.array_equal(fine.depth, rough.depth)


def test_light_of_a_lamp_fades_with_distance() -> None:
    light = Light(sky=(0, 0, 0), echo=(0, 0, 0), lamps=(Lamp(position=(0, 0, 3), light=(1, 1, 1), reach=2),))
    points = np.array([[0, 0, 0], [0, 4, 12], [0, 0, 0]], np.float32)
    up = np.array([[0, 0, 0], [0, 0, 0], [1, 1, 1]], np.float32)

    near, middle, far = light.at(points, up, 0.0)[0]

    assert near > middle > far > 0


def test_points_outside_the_shadow_map_are_in_the_sun() -> None:
    shadows = ShadowMap([GROUND, PILLAR], (-0.5, 0.2, 0.84), middle=(0, 8, 0), size=20, samples=256)

    assert shadows.lit(column((200.0, 8.0, 0.0)))[0] > 0.9
