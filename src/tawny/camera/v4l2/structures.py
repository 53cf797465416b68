"""The structures and requests of linux/videodev2.h that capturing needs, on 64-bit Linux; numbers in, bytes out.

What a driver filled in is read with every field in its place (`struct.Struct` has the kernel's padding spelt out).
"""

import struct
from dataclasses import dataclass

CAPTURE, MMAP = 1, 1  # V4L2_BUF_TYPE_VIDEO_CAPTURE, V4L2_MEMORY_MMAP

QUERYCAP, ENUM_FMT, S_FMT = 0x80685600, 0xC0405602, 0xC0D05605
S_PARM, REQBUFS = 0xC0CC5616, 0xC0145608
QUERYBUF, QBUF, DQBUF = 0xC0585609, 0xC058560F, 0xC0585611
STREAMON, STREAMOFF = 0x40045612, 0x40045613
QUERYCTRL, G_CTRL, S_CTRL = 0xC0445624, 0xC008561B, 0xC008561C

CONTROLS = {"brightness": 0x980900, "contrast": 0x980901, "saturation": 0x980902, "sharpness": 0x98091B}
KEY_FRAME_PERIODS = (0x990A66, 0x9909CB)  # H264_I_PERIOD, GOP_SIZE: devices know one of them, or none

_CAN_CAPTURE, _CAN_STREAM, _HAS_DEVICE_CAPS = 0x1, 0x4000000, 0x80000000
_BROKEN, _TIMESTAMP_MASK, _MONOTONIC = 0x40, 0xE000, 0x2000
_NO_USE = 0x1 | 0x4 | 0x10  # a control that is disabled, read-only or inactive

_CAPABILITY = struct.Struct("=16s32s32sIII12x")
_FORMAT_DESCRIPTION = struct.Struct("=III32sI16x")
_FORMAT = struct.Struct("=I4xIIIIIIIIIIII152x")
_PARAMETERS = struct.Struct("=IIIIIII176x")
_REQUEST = struct.Struct("=IIIIB3x")
_BUFFER = struct.Struct("=IIIII4xqqII4s4sIIQIIi4x")
_QUERY = struct.Struct("=II32siiiiI8x")
_CONTROL = struct.Struct("=Ii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What a device says that it is."""

    card: str
    captures: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The pictures of a format (v4l2_pix_format, as far as it matters)."""

    four: str
    width: int
    height: int
    stride: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer:
    """A buffer: where its memory is, and, where it was captured into, how much and when."""

    index: int
    used: int
    offset: int
    length: int
    broken: bool
    moment_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a control is."""

    low: int
    high: int
    usable: bool


def read_capability(data: bytes) -> Capability:
    _, card, _, _, capabilities, own = _CAPABILITY.unpack(data)
    flags = own if capabilities & _HAS_DEVICE_CAPS else capabilities
    return Capability(card=_text(card), captures=bool(flags & _CAN_CAPTURE and flags & _CAN_STREAM))


def empty_capability() -> bytes:
    return bytes(_CAPABILITY.size)


def format_question(index: int) -> bytes:
    """Asks for the format number *index*."""
    return _FORMAT_DESCRIPTION.pack(index, CAPTURE, 0, b"", 0)


def read_format_description(data: bytes) -> str:
    """The four characters of a format."""
    return _four(_FORMAT_DESCRIPTION.unpack(data)[4])


def write_format(picture: Picture) -> bytes:
    fields = picture.width, picture.height, int.from_bytes(picture.four.encode("ascii"), "little"), 1  # FIELD_NONE
    return _FORMAT.pack(CAPTURE, *fields, 0, 0, 0, 0, 0, 0, 0, 0)


def read_format(data: bytes) -> Picture:
    _, width, height, four, _, stride, *_ = _FORMAT.unpack(data)
    return Picture(four=_four(four), width=width, height=height, stride=stride)


def write_rate(rate: int) -> bytes:
    """Asks for *rate* pictures a second."""
    return _PARAMETERS.pack(CAPTURE, 0, 0, 1, rate, 0, 0)


def read_rate(data: bytes) -> float | None:
    """Pictures a second, None where the driver doesn't know."""
    _, _, _, seconds, pictures, *_ = _PARAMETERS.unpack(data)
    return pictures / seconds if seconds and pictures else None


def buffers_request(count: int) -> bytes:
    return _REQUEST.pack(count, CAPTURE, MMAP, 0, 0)


def read_buffers_request(data: bytes) -> int:
    """How many there are."""
    count: int = _REQUEST.unpack(data)[0]
    return count


def buffer_question(index: int = 0) -> bytes:
    """Names a buffer, or, to take one out, none in particular."""
    return _BUFFER.pack(index, CAPTURE, 0, 0, 0, 0, 0, 0, 0, b"", b"", 0, MMAP, 0, 0, 0, 0)


def read_buffer(data: bytes) -> Buffer:
    index, _, used, flags, _, seconds, micro, *rest = _BUFFER.unpack(data)
    offset, length = rest[-4:-2]
    steady = flags & _TIMESTAMP_MASK == _MONOTONIC
    return Buffer(
        index=index,
        used=used,
        offset=offset & 0xFFFFFFFF,
        length=length,
        broken=bool(flags & _BROKEN),
        moment_s=seconds + micro / 1e6 if steady else None,
    )


def stream_type() -> bytes:
    """What STREAMON and STREAMOFF are told."""
    return struct.pack("=i", CAPTURE)


def control_question(number: int) -> bytes:
    return _QUERY.pack(number, 0, b"", 0, 0, 0, 0, 0)


def read_control_question(data: bytes) -> Query:
    _, _, _, low, high, _, _, flags = _QUERY.unpack(data)
    return Query(low=low, high=high, usable=not flags & _NO_USE and low < high)


def write_control(number: int, value: int = 0) -> bytes:
    return _CONTROL.pack(number, value)


def read_control(data: bytes) -> int:
    """Its value."""
    value: int = _CONTROL.unpack(data)[1]
    return value


def _text(data: bytes) -> str:
    return data.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _four(number: int) -> str:
    return number.to_bytes(4, "little").decode("latin-1")
