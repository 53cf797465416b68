"""A webcam that is not there: a picture each time it is asked, and what becomes of webcams."""

import errno
import os
from collections.abc import Mapping

from tawny.camera.v4l2.model import Captured, Control, Mode, PixelFormat
from tawny.runtime.clock import SimulatedClock

YUYV = Mode(pixel_format=PixelFormat.YUYV, width=64, height=48, stride=128, rate=25.0)


def grey(mode: Mode, light: int) -> bytes:
    """A raw picture of one grey in YUYV."""
    return bytes([light & 0xFF, 128]) * (mode.stride * mode.height // 2)


class FakeWebcam:
    """The webcam and the machine that it is plugged into; `open` is an `OpenDevice`.

    Each picture takes the time that its rate says; *give* has what comes instead of the next ones.
    """

    def __init__(self, clock: SimulatedClock, *, mode: Mode = YUYV) -> None:
        self.clock = clock
        self.mode = mode
        self.plugged = True
        self.busy = False
        self.controls = {
            "brightness": Control(low=-64, high=64, value=0),
            "contrast": Control(low=0, high=95, value=95),
        }
        self.give: list[Captured | None] = []
        self.opened = 0
        self.open_now = 0

    def open(self) -> "FakeCapture":
        if not self.plugged:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        if self.busy or self.open_now:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        self.opened += 1
        self.open_now += 1
        return FakeCapture(self)


class FakeCapture:
    """A `CaptureDevice` of a `FakeWebcam`."""

    def __init__(self, webcam: FakeWebcam) -> None:
        self._webcam = webcam
        self._mode = webcam.mode
        self._count = 0
        self._open = True

    @property
    def card(self) -> str:
        return "Fake Webcam: Fake Webcam"

    @property
    def mode(self) -> Mode:
        return self._mode

    def read(self) -> Captured | None:
        self._present()
        self._webcam.clock.wait(1 / self._mode.rate)
        if self._webcam.give:
            return self._webcam.give.pop(0)
        self._count += 1
        return Captured(grey(self._mode, 5 * self._count), self._webcam.clock.monotonic())

    def controls(self) -> Mapping[str, Control]:
        self._present()
        return dict(self._webcam.controls)

    def adjust(self, name: str, value: int) -> None:
        self._present()
        old = self._webcam.controls[name]
        self._webcam.controls[name] = Control(low=old.low, high=old.high, value=value)

    def close(self) -> None:
        if self._open:
            self._open = False
            self._webcam.open_now -= 1

    def _present(self) -> None:
        if not (self._open and self._webcam.plugged):
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
