import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from tawny.camera.onvif.veils import BLURRED, PIXELATED, Veil, plane_of, veiled

SQUARE = ((0.25, 0.25), (0.5, 0.25), (0.5, 0.5), (0.25, 0.5))


def noise() -> VideoFrame:
    frame = VideoFrame(640, 360, "yuv420p")
    random = np.random.default_rng(4)
    for number in range(3):
        plane = plane_of(frame, number)
        plane[:] = random.integers(16, 236, plane.shape)
    return frame


def inside(frame: VideoFrame) -> NDArray[np.uint8]:
    return plane_of(frame, 0)[90:180, 160:320]


def test_a_veil_of_one_colour_hides_what_its_corners_enclose_and_nothing_far_from_it() -> None:
    frame = noise()

    drawn = veiled(frame, [Veil(corners=SQUARE, color=(81, 90, 240))])

    assert (inside(drawn) == 81).all()
    assert [int(plane_of(drawn, number)[60, 100]) for number in (1, 2)] == [90, 240]
    outside = np.ones((360, 640), bool)
    outside[88:183, 158:323] = False
    assert (plane_of(drawn, 0)[outside] == plane_of(frame, 0)[outside]).all()


def test_the_picture_that_was_given_stays_as_it_was() -> None:
    frame = noise()
    before = plane_of(frame, 0).copy()

    veiled(frame, [Veil(corners=SQUARE)])

    assert (plane_of(frame, 0) == before).all()
    assert veiled(frame, []) is frame


@pytest.mark.parametrize("kind", [BLURRED, PIXELATED])
def test_what_is_blurred_or_pixelated_has_lost_its_details_and_kept_its_tone(kind: str) -> None:
    frame = noise()

    drawn = inside(veiled(frame, [Veil(corners=SQUARE, kind=kind)])).astype(int)

    assert drawn.std() < inside(frame).astype(int).std() / 4
    assert drawn.mean() == pytest.approx(inside(frame).mean(), abs=6)


def test_a_corner_that_points_inwards_is_left_open() -> None:
    arrow = ((0.1, 0.1), (0.9, 0.1), (0.5, 0.5), (0.9, 0.9), (0.1, 0.9))

    luma = plane_of(veiled(noise(), [Veil(corners=arrow, color=(0, 128, 128))]), 0)

    assert luma[180, 100] == 0
    assert luma[180, 560] != 0


@pytest.mark.parametrize("kind", ["Color", BLURRED, PIXELATED])
def test_a_veil_without_any_extent_does_no_harm(kind: str) -> None:
    frame = noise()

    drawn = veiled(frame, [Veil(corners=((1.0, 1.0), (1.0, 1.0), (1.0, 1.0)), kind=kind)])

    assert (plane_of(drawn, 0)[:350] == plane_of(frame, 0)[:350]).all()
