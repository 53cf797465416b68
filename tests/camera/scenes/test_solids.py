import numpy as np
import pytest

from tawny.camera.scenes.lens import Lens
from tawny.camera.scenes.materials import plain
from tawny.camera.scenes.picture import Floats
from tawny.camera.scenes.solids import FAR, Ball, Box, Drum, Solid

PAINT = plain((0.5, 0.5, 0.5))
BOX = Box(low=(-1, 4, 0), high=(1, 6, 2), material=PAINT)
DRUM = Drum(foot=(0, 5, 0), radius=1, height=2, material=PAINT)
BALL = Ball(middle=(0, 5, 1), radii=(1, 1, 1), material=PAINT)


def column(*values: float) -> Floats:
    return np.array(values, np.float32)[:, None]


@pytest.mark.parametrize("solid", [BOX, DRUM, BALL])
def test_a_ray_meets_the_near_side_and_its_normal_looks_back(solid: Solid) -> None:
    origin, ray = column(0, 0, 1), column(0, 1, 0)

    reached = solid.meet(origin, ray)

    assert reached[0] == pytest.approx(4, abs=1e-3)
    assert solid.normals(origin + ray * reached, ray)[:, 0] == pytest.approx((0, -1, 0), abs=1e-3)


@pytest.mark.parametrize("solid", [BOX, DRUM, BALL])
def test_a_ray_that_passes_by_meets_nothing(solid: Solid) -> None:
    reached = solid.meet(column(3, 0, 1), column(0, 1, 0))

    assert reached[0] >= FAR


def test_from_inside_a_room_its_far_wall_is_met() -> None:
    room = Box(low=(-2, -2, 0), high=(2, 8, 3), material=PAINT)

    reached = room.meet(column(0, 0, 1), column(0, 1, 0))

    assert reached[0] == pytest.approx(8)


@pytest.mark.parametrize("solid", [BOX, DRUM, BALL])
def test_many_origins_with_one_direction_work_as_for_shadows(solid: Solid) -> None:
    origins = np.array([[0, 3], [0, 0], [1, 1]], np.float32)

    reached = solid.meet(origins, column(0, 1, 0))

    assert (reached < FAR).tolist() == [True, False]


def test_leaves_let_some_rays_through_and_stop_others() -> None:
    crown = Ball(middle=(0, 5, 1), radii=(1, 1, 1), material=PAINT, holes=0.4)
    x = np.linspace(-0.9, 0.9, 500, dtype=np.float32)
    rays = np.stack([x / 5, np.ones_like(x), np.zeros_like(x)])

    stopped = (crown.meet(column(0, 0, 1), rays) < FAR).mean()

    assert 0.2 < stopped < 0.98


@pytest.mark.parametrize("solid", [BOX, DRUM])
def test_distance_is_negative_inside_and_metres_outside(solid: Solid) -> None:
    points = np.array([[0, 3], [5, 5], [1, 1]], np.float32)

    inside, outside = solid.distance(points)

    assert inside < 0
    assert outside == pytest.approx(2, abs=0.01)


def test_what_is_behind_the_camera_has_no_place_in_the_picture() -> None:
    lens = Lens(position=(0, 20, 1), yaw=0, pitch=0, field=80)

    left, top, right, bottom = BOX.bounds(lens)

    assert (left, right) == (0, 0)
    assert bottom < 0
    assert top < 0
