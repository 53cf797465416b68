"""What every device that captures promises, on the fake and on the webcam that TAWNY_WEBCAM names, where it names one."""

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tawny.camera.v4l2.device import V4l2Device
from tawny.camera.v4l2.model import Captured, CaptureDevice
from tawny.runtime.clock import SimulatedClock
from tests.fakes.webcams import FakeWebcam


@pytest.fixture(params=["fake", "v4l2"])
def device(request: pytest.FixtureRequest) -> Iterator[CaptureDevice]:
    opened: CaptureDevice
    if request.param == "fake":
        opened = FakeWebcam(SimulatedClock()).open()
    elif path := os.environ.get("TAWNY_WEBCAM"):
        opened = V4l2Device(Path(path), size=(320, 180))
    else:
        pytest.skip("needs a webcam: TAWNY_WEBCAM=/dev/video0; the journey test_v4l2 has the kernel's virtual one")
    yield opened
    opened.close()


def whole(device: CaptureDevice, count: int) -> list[Captured]:
    found = [device.read() for _ in range(count)]
    return [captured for captured in found if captured is not None]


def test_it_has_a_name_and_a_mode_that_stays(device: CaptureDevice) -> None:
    before = device.mode

    whole(device, 3)

    assert device.card
    assert device.mode == before
    assert before.width > 0
    assert before.height > 0
    assert before.rate > 0


def test_pictures_come_whole_one_after_the_other(device: CaptureDevice) -> None:
    pictures = whole(device, 10)

    assert len(pictures) >= 8
    if device.mode.pixel_format.raw:
        assert {len(picture.data) for picture in pictures} == {device.mode.stride * device.mode.height}
    moments = [picture.moment_s for picture in pictures if picture.moment_s is not None]
    assert all(earlier < later for earlier, later in pairwise(moments))


def test_what_can_be_adjusted_is_adjusted(device: CaptureDevice) -> None:
    controls = device.controls()
    assert "brightness" in controls
    old = controls["brightness"]
    wished = old.low + (old.high - old.low) // 4

    device.adjust("brightness", wished)

    assert old.low <= old.value <= old.high
    assert device.controls()["brightness"].value == wished


def test_a_closed_device_captures_nothing_and_closing_again_is_no_matter(device: CaptureDevice) -> None:
    device.close()
    device.close()

    with pytest.raises(OSError, match=r"\w"):
        device.read()
