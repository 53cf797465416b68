import numpy as np
import pytest

from tawny.camera.scenes.picture import Picture, tone


def test_grey_has_no_colour_and_white_is_235() -> None:
    picture = Picture.of(np.ones((4, 4, 3), np.float32))

    assert (picture.luma == 235).all()
    assert (picture.blue == 128).all()
    assert (picture.red == 128).all()


@pytest.mark.parametrize("light", [0.0, 0.2, 1.0, 50.0])
def test_the_sensor_never_leaves_its_range(light: float) -> None:
    assert 0 <= float(tone(light)) <= 1


def test_planes_follow_one_another_as_yuv420p() -> None:
    picture = Picture(np.full((4, 8), 1, np.uint8), np.full((2, 4), 2, np.uint8), np.full((2, 4), 3, np.uint8))

    planes = picture.planes()

    assert planes.shape == (6, 8)
    assert planes.reshape(-1).tolist() == [1] * 32 + [2] * 8 + [3] * 8


def test_reduced_is_the_mean_of_each_block() -> None:
    luma = np.zeros((6, 6), np.uint8)
    luma[:3, :3] = np.arange(9).reshape(3, 3) * 10
    picture = Picture(luma, np.full((3, 3), 7, np.uint8), np.full((3, 3), 9, np.uint8))

    small = picture.reduced(3)

    assert small.luma.tolist() == [[40, 0], [0, 0]]
    assert (small.blue.item(), small.red.item()) == (7, 9)


def test_a_patch_is_even_and_inside_or_there_is_none() -> None:
    picture = Picture.of(np.zeros((20, 30, 3), np.float32))

    patch = picture.patch(-5, 3.5, 7.2, 99)

    assert patch is not None
    assert (patch.left, patch.top, patch.right, patch.bottom) == (0, 2, 8, 20)
    assert picture.patch(31, 0, 40, 5) is None
    assert picture.patch(5, 0, -3, 5) is None


def test_paint_covers_as_far_as_it_is_told() -> None:
    picture = Picture.of(np.zeros((4, 4, 3), np.float32))
    patch = picture.patch(0, 0, 2, 2)
    assert patch is not None
    coverage = np.zeros((patch.bottom, patch.right), np.float32)
    coverage[0, 0] = 1

    picture.paint(patch, coverage, (5.0, 5.0, 5.0))

    assert picture.luma[0, 0] > 220
    assert (picture.luma[1:, 1:] == 16).all()
