"""Small lamps in a picture: what a relay of the camera would switch."""

from collections.abc import Sequence

import numpy as np
from av.video.frame import VideoFrame

from tawny.camera.onvif.veils import plane_of

_YELLOW = (210, 40, 150)  # Y, Cb, Cr
_DARK = 24


def light(frame: VideoFrame, lamps: Sequence[int]) -> None:
    """Light *lamps*, each in its own place at the right edge of a picture of yuv420p, the first one highest."""
    radius = max(4, frame.width // 80)
    for lamp in lamps:
        x, y = frame.width - 3 * radius, frame.height // 3 + 3 * radius * lamp
        for number, value in enumerate(_YELLOW):
            plane = plane_of(frame, number)
            part = 1 if number == 0 else 2
            top, left = max(0, (y - 2 * radius) // part), max(0, (x - 2 * radius) // part)
            around = plane[top : (y + 2 * radius) // part, left : (x + 2 * radius) // part]
            rows, columns = np.ogrid[top : top + around.shape[0], left : left + around.shape[1]]
            away = (columns - x // part) ** 2 + (rows - y // part) ** 2
            if number == 0:
                around[away <= (radius + max(2, radius // 4)) ** 2] = _DARK
            around[away <= (radius // part) ** 2] = value
