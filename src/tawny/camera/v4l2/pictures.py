"""From captured buffers to pictures that an encoder takes: bytes of a device, which may be anything."""

from collections.abc import Iterator
from fractions import Fraction

import av
from av.codec.context import CodecContext
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange

from tawny.camera.v4l2.model import Mode, PixelFormat

_DECODERS = {PixelFormat.H264: "h264", PixelFormat.MJPEG: "mjpeg"}
_FORM = "yuv420p"


class Pictures:
    """Reads the buffers of one mode; what is decoded has the mode's size, or is refused."""

    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self._decoder: VideoCodecContext | None = None
        if (name := _DECODERS.get(mode.pixel_format)) is not None:
            decoder = CodecContext.create(name, "r")
            assert isinstance(decoder, VideoCodecContext), "both are codecs of pictures"
            decoder.thread_count = 1  # more would hold pictures back
            self._decoder = decoder

    def of(self, data: bytes) -> VideoFrame | None:
        """The picture in a buffer; None where there is none yet, or only a broken one.

        Raises ValueError for one of another size than was agreed on.
        """
        if self._decoder is None:
            return self._raw(data)
        frame = self._decoded(self._decoder, data)
        if frame is None:
            return None
        if (frame.width, frame.height) != (self._mode.width, self._mode.height):
            agreed = f"{self._mode.width}x{self._mode.height}"
            raise ValueError(f"its pictures became {frame.width}x{frame.height} instead of {agreed}")
        if self._mode.pixel_format is PixelFormat.H264:
            return frame
        return frame.reformat(format=_FORM, dst_color_range=ColorRange.MPEG)

    def _decoded(self, decoder: VideoCodecContext, data: bytes) -> VideoFrame | None:
        try:
            return next(iter(decoder.decode(av.Packet(data))), None)
        except av.FFmpegError:
            return None

    def _raw(self, data: bytes) -> VideoFrame | None:
        mode = self._mode
        yuyv = mode.pixel_format is PixelFormat.YUYV
        line = mode.width // 2 * 4 if yuyv else mode.width
        stride = max(mode.stride, line)
        rows = [mode.height] if yuyv else [mode.height, mode.height // 2]
        if len(data) < stride * sum(rows):
            return None  # short
        frame = VideoFrame(mode.width, mode.height, "yuyv422" if yuyv else "nv12")
        at = 0
        for plane, count in zip(frame.planes, rows, strict=True):
            lines = _lines(data, at, stride, line, count)
            plane.update(b"".join(_padded(lines, plane.line_size, plane.buffer_size)))
            at += stride * count
        return frame.reformat(format=_FORM)


def scaled(frame: VideoFrame, width: int, height: int) -> VideoFrame:
    """The picture in another size, without its times."""
    return frame.reformat(width=width, height=height, format=_FORM)


def fitted(width: int, height: int, most: tuple[int, int]) -> tuple[int, int]:
    """The even size, in the proportions given, that fits into *most* and is no larger than it was."""
    factor = min(Fraction(most[0], width), Fraction(most[1], height), Fraction(1))
    return max(2, int(width * factor / 2) * 2), max(2, int(height * factor / 2) * 2)


def _lines(data: bytes, start: int, stride: int, line: int, count: int) -> Iterator[bytes]:
    for number in range(count):
        at = start + number * stride
        yield data[at : at + line]


def _padded(lines: Iterator[bytes], line_size: int, buffer_size: int) -> Iterator[bytes]:
    """The lines as a plane of PyAV's has them; it is filled to its end."""
    filled = 0
    for line in lines:
        yield line.ljust(line_size, b"\0")
        filled += line_size
    yield bytes(max(0, buffer_size - filled))
