import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.camera.scenes.overlay import write_counter, write_name
from tawny.camera.scenes.picture import Picture
from tests.journeys.frame_counter import is_main, read_counter


def grey(width: int, height: int) -> Picture:
    half = (height // 2, width // 2)
    return Picture(np.full((height, width), 120, np.uint8), np.full(half, 90, np.uint8), np.full(half, 160, np.uint8))


@settings(max_examples=30)
@given(frame=st.integers(0, 65_535), main=st.booleans(), size=st.sampled_from([(640, 360), (1920, 1080), (1280, 720)]))
def test_a_counter_that_was_written_reads_back(frame: int, main: bool, size: tuple[int, int]) -> None:
    picture = grey(*size)

    write_counter(picture, frame, main=main)

    assert read_counter(picture.luma) == frame
    assert is_main(picture.luma) is main


def test_squares_stand_where_readers_look_for_them() -> None:
    picture = grey(640, 360)

    write_counter(picture, 0b101, main=True)

    strip = picture.luma[344:352, 8:168]
    middles = strip[4, 4::8]
    assert middles.tolist() == [235, 16, 235, 16, 235, *[16] * 13, 235, 16]
    assert picture.luma[342, 6] == picture.luma[353, 100] == 32


@pytest.mark.parametrize("level", [16, 120, 235])
def test_a_picture_without_a_counter_reads_as_none(level: int) -> None:
    luma = np.full((360, 640), level, np.uint8)

    assert read_counter(luma) is None


def test_a_picture_too_small_for_a_counter_reads_as_none() -> None:
    assert read_counter(np.zeros((9, 40), np.uint8)) is None


def test_the_name_is_white_on_a_dark_edge_and_without_colour() -> None:
    picture = grey(640, 360)

    write_name(picture, "Gate")

    corner = picture.luma[8:28, 8:64]
    assert (corner == 235).sum() > 100
    assert (corner == 40).sum() > 100
    assert picture.blue[6, 10] == picture.red[6, 10] == 128
    assert (picture.luma[60:] == 120).all()
