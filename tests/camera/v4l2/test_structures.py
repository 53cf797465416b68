import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.camera.v4l2 import structures
from tawny.camera.v4l2.structures import Picture


@pytest.mark.parametrize(
    ("request_number", "argument"),
    [
        (structures.QUERYCAP, structures.empty_capability()),
        (structures.ENUM_FMT, structures.format_question(0)),
        (structures.S_FMT, structures.write_format(Picture(four="YUYV", width=1, height=1, stride=0))),
        (structures.S_PARM, structures.write_rate(30)),
        (structures.REQBUFS, structures.buffers_request(4)),
        (structures.QUERYBUF, structures.buffer_question()),
        (structures.QBUF, structures.buffer_question()),
        (structures.DQBUF, structures.buffer_question()),
        (structures.STREAMON, structures.stream_type()),
        (structures.STREAMOFF, structures.stream_type()),
        (structures.QUERYCTRL, structures.control_question(1)),
        (structures.G_CTRL, structures.write_control(1)),
        (structures.S_CTRL, structures.write_control(1)),
    ],
)
def test_an_argument_has_the_size_that_its_request_tells_the_kernel(request_number: int, argument: bytes) -> None:
    assert len(argument) == request_number >> 16 & 0x3FFF  # asm-generic/ioctl.h


@given(four=st.sampled_from(["H264", "MJPG", "YUYV", "NV12"]), width=st.integers(1, 9000), height=st.integers(1, 9000))
def test_a_format_comes_back_as_it_was_written(four: str, width: int, height: int) -> None:
    picture = Picture(four=four, width=width, height=height, stride=0)

    assert structures.read_format(structures.write_format(picture)) == picture


@given(data=st.binary(min_size=208, max_size=208))
def test_whatever_a_driver_fills_in_is_read(data: bytes) -> None:
    structures.read_capability(data[:104])
    structures.read_format_description(data[:64])
    structures.read_format(data)
    rate = structures.read_rate(data[:204])
    structures.read_buffers_request(data[:20])
    buffer = structures.read_buffer(data[:88])
    structures.read_control_question(data[:68])

    assert rate is None or rate > 0
    assert buffer.offset < 1 << 32


def test_a_rate_without_an_interval_is_none() -> None:
    assert structures.read_rate(bytes(204)) is None
    assert structures.read_rate(structures.write_rate(30)) == 30.0
