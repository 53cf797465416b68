"""What is captured and how, and the port to a device that captures."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol

MOST_BUFFER = 64 << 20  # bytes of one captured picture: more than 8K in NV12 has


class PixelFormat(Enum):
    """The formats that we take, the better ones first: what the webcam encodes needs no encoder of ours."""

    H264 = "H264"
    MJPEG = "MJPG"
    YUYV = "YUYV"
    NV12 = "NV12"

    @property
    def raw(self) -> bool:
        """Whether pictures come as they are, uncompressed."""
        return self in {PixelFormat.YUYV, PixelFormat.NV12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """What a device gives: *stride* is the bytes of a line of a raw picture, *rate* pictures a second."""

    pixel_format: PixelFormat
    width: int
    height: int
    stride: int
    rate: float


class Captured(NamedTuple):
    """One buffer; *moment_s* is when it was captured on the monotonic clock, None where the device does not tell."""

    data: bytes
    moment_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Something that the device adjusts itself, such as its brightness, from *low* to *high*."""

    low: int
    high: int
    value: int


class CaptureDevice(Protocol):
    """A device that captures, from when it was opened to `close`. Every method may block for a moment.

    Whatever the device fails in raises OSError: one that is not there, busy, silent, or was unplugged; a device that is
    no camera, or gives no format that we take, ValueError.
    """

    @property
    def card(self) -> str:
        """What the device calls itself."""
        ...

    @property
    def mode(self) -> Mode:
        """What it gives; the same until it is closed."""
        ...

    def read(self) -> Captured | None:
        """The next buffer, in the order of capturing; None for one that the device itself calls broken."""
        ...

    def controls(self) -> Mapping[str, Control]:
        """What can be adjusted, of ``brightness``, ``contrast``, ``saturation`` and ``sharpness``, as it is now."""
        ...

    def adjust(self, name: str, value: int) -> None:
        """Set the control *name*, which `controls` has; the value lies within its bounds."""
        ...

    def close(self) -> None:
        """Let the device go; once more is no matter."""
        ...


class OpenDevice(Protocol):
    """Opens a device and starts capturing."""

    def __call__(self) -> CaptureDevice:
        """The device; raises as `CaptureDevice` says."""
        ...
