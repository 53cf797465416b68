import numpy as np
import pytest
from av.video.frame import VideoFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.camera.onvif.lettering import PLACES, Text, write


def grey() -> VideoFrame:
    return VideoFrame.from_ndarray(np.full((540, 640), 100, np.uint8), format="yuv420p")


def inked(frame: VideoFrame) -> tuple[int, int]:
    """The middle of what was written, across and down."""
    down, across = np.nonzero(frame.to_ndarray()[:360] == 235)
    return int(across.mean()), int(down.mean())


@pytest.mark.parametrize("place", PLACES)
def test_words_stand_in_the_corner_that_is_named(place: str) -> None:
    frame = grey()

    write(frame, [Text(place=place, words="Barn 12:30")])

    across, down = inked(frame)
    assert (across < 320) == place.endswith("Left")
    assert (down < 180) == place.startswith("Upper")


def test_words_at_one_place_stand_one_below_the_other() -> None:
    one, two = grey(), grey()

    write(one, [Text(place="UpperLeft", words="A")])
    write(two, [Text(place="UpperLeft", words="A"), Text(place="UpperLeft", words="A")])

    assert (two.to_ndarray() == 235).sum() == 2 * (one.to_ndarray() == 235).sum()


@given(st.lists(st.builds(Text, place=st.sampled_from(PLACES), words=st.text(max_size=80)), max_size=30))
@settings(max_examples=40)
def test_any_words_can_be_written(texts: list[Text]) -> None:
    frame = grey()

    write(frame, texts)

    assert frame.to_ndarray().shape == (540, 640)
