import numpy as np
import pytest

from tawny.camera.scenes.lens import NEAR, Lens

LENS = Lens(position=(1.0, -2.0, 3.0), yaw=12.0, pitch=18.0, field=80.0)


@pytest.mark.parametrize("point", [(0.0, 8.0, 0.0), (4.0, 20.0, 1.5), (-3.0, 5.0, 2.0)])
def test_the_ray_through_a_projected_point_meets_it_at_its_depth(point: tuple[float, float, float]) -> None:
    x, y, depth = LENS.project(np.array([point], np.float32))[0]

    ray = LENS.rays(np.array([x]), np.array([y]))[:, 0]

    assert np.array(LENS.position) + ray * depth == pytest.approx(point, abs=1e-3)


def test_what_is_behind_the_camera_is_no_nearer_than_near() -> None:
    seen = LENS.project(np.array([(1.0, -30.0, 3.0)], np.float32))

    assert seen[0, 2] == pytest.approx(NEAR)


def test_what_stands_to_the_right_and_higher_is_drawn_right_and_higher() -> None:
    low, high, right = LENS.project(np.array([(2, 10, 0), (2, 10, 2), (4, 10, 0)], np.float32))

    assert high[1] < low[1]
    assert right[0] > low[0]
