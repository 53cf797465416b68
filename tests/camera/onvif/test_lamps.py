import numpy as np
from av.video.frame import VideoFrame

from tawny.camera.onvif.lamps import light
from tawny.camera.onvif.veils import plane_of


def grey() -> VideoFrame:
    frame = VideoFrame(640, 360, "yuv420p")
    for number in range(3):
        plane_of(frame, number)[:] = 128
    return frame


def test_each_lamp_has_its_own_place_at_the_right_edge() -> None:
    first, second = grey(), grey()

    light(first, [0])
    light(second, [1])

    lit = [plane_of(frame, 0) > 200 for frame in (first, second)]
    assert all(mask.sum() > 100 for mask in lit)
    assert not (lit[0] & lit[1]).any()
    assert min(np.argwhere(lit[0])[:, 1].min(), np.argwhere(lit[1])[:, 1].min()) > 560


def test_no_lamp_leaves_the_picture_as_it_is() -> None:
    frame = grey()

    light(frame, [])

    assert (plane_of(frame, 0) == 128).all()
