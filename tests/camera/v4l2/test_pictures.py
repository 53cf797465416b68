import pytest

from tawny.camera.v4l2.model import Mode, PixelFormat
from tawny.camera.v4l2.pictures import Pictures, fitted


def mode(form: PixelFormat, width: int, height: int, stride: int) -> Mode:
    return Mode(pixel_format=form, width=width, height=height, stride=stride, rate=25.0)


@pytest.mark.parametrize("extra", [0, 24])
def test_a_yuyv_picture_is_read_line_by_line_whatever_stands_after_a_line(extra: int) -> None:
    stride = 68 + extra
    lines = [bytes([40 + row, 128]) * 34 + b"\xff" * extra for row in range(20)]

    frame = Pictures(mode(PixelFormat.YUYV, 34, 20, stride)).of(b"".join(lines))

    assert frame is not None
    light = frame.to_ndarray()[:20, :34]
    assert [set(row) for row in light.tolist()] == [{40 + row} for row in range(20)]


def test_an_nv12_picture_is_read_with_its_colours() -> None:
    data = bytes([90]) * (40 * 16) + bytes([100, 150]) * (20 * 8)

    frame = Pictures(mode(PixelFormat.NV12, 40, 16, 40)).of(data)

    assert frame is not None
    planes = [set(bytes(plane)[: plane.width]) for plane in frame.planes]
    assert planes == [{90}, {100}, {150}]


@pytest.mark.parametrize("form", list(PixelFormat))
def test_short_and_senseless_buffers_give_no_picture(form: PixelFormat) -> None:
    pictures = Pictures(mode(form, 64, 48, 128 if form is PixelFormat.YUYV else 64))

    assert pictures.of(b"") is None
    assert pictures.of(b"\xff\xd8\0\0\0\1\x65" * 9) is None


@pytest.mark.parametrize(
    ("size", "small"),
    [
        ((1920, 1080), (640, 360)),
        ((640, 480), (480, 360)),
        ((320, 180), (320, 180)),
        ((333, 77), (332, 76)),
        ((4000, 2), (640, 2)),
    ],
)
def test_a_small_picture_keeps_proportions_and_is_never_enlarged(size: tuple[int, int], small: tuple[int, int]) -> None:
    assert fitted(*size, (640, 360)) == small
