"""A ``/dev/video*`` as a `CaptureDevice`: ioctl, mmap and select, nothing else (Video for Linux 2, "Streaming I/O")."""

import errno
import fcntl
import mmap
import os
import select
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tawny.camera.v4l2 import structures
from tawny.camera.v4l2.model import MOST_BUFFER, Captured, Control, Mode, PixelFormat
from tawny.camera.v4l2.structures import Picture

SILENCE_S = 5.0  # without a picture; slow webcams take two seconds for their first
_BUFFERS = 4
_MOST_FORMATS = 64
_RATE = 30
_LEAST_RATE = 10.0  # a size at which the bus carries less is too large for raw pictures
_SIZES = ((1920, 1080), (1280, 720), (640, 480))
_LARGEST = 8192
_KEY_FRAMES_S = 2


class V4l2Device:
    """The adapter; capturing from construction on.

    Invariant: every buffer belongs to the driver, but within `read`; what was opened is closed, whatever fails.

    *size* is what to ask for instead of the largest up to 1080p; the device gives what is nearest to it.
    """

    def __init__(self, path: Path, *, size: tuple[int, int] | None = None) -> None:
        self._maps: list[mmap.mmap] = []
        self._file = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            self._card = self._identify(path.name)
            self._mode = self._choose((size,) if size else _SIZES)
            self._start()
        except BaseException:
            self.close()
            raise

    @property
    def card(self) -> str:
        return self._card

    @property
    def mode(self) -> Mode:
        return self._mode

    def read(self) -> Captured | None:
        if self._file < 0:
            raise OSError(errno.ENODEV, "it was closed")
        if not select.select([self._file], [], [], SILENCE_S)[0]:
            raise TimeoutError(errno.ETIMEDOUT, f"it gave no picture for {SILENCE_S:.0f} seconds")
        taken = structures.read_buffer(self._ask(structures.DQBUF, structures.buffer_question()))
        if taken.index >= len(self._maps):
            raise OSError(errno.EIO, "it gave a buffer that there is not")
        try:
            whole = 0 < taken.used <= len(self._maps[taken.index]) and not taken.broken
            return Captured(self._maps[taken.index][: taken.used], taken.moment_s) if whole else None
        finally:
            self._ask(structures.QBUF, structures.buffer_question(taken.index))

    def controls(self) -> Mapping[str, Control]:
        found: dict[str, Control] = {}
        for name, number in structures.CONTROLS.items():
            with suppress(OSError):  # a control that there is not
                query = structures.read_control_question(
                    self._ask(structures.QUERYCTRL, structures.control_question(number))
                )
                if query.usable:
                    value = structures.read_control(self._ask(structures.G_CTRL, structures.write_control(number)))
                    found[name] = Control(low=query.low, high=query.high, value=value)
        return found

    def adjust(self, name: str, value: int) -> None:
        self._ask(structures.S_CTRL, structures.write_control(structures.CONTROLS[name], value))

    def close(self) -> None:
        if self._file < 0:
            return
        with suppress(OSError):  # unplugged, or never begun
            self._ask(structures.STREAMOFF, structures.stream_type())
        for mapped in self._maps:
            mapped.close()
        self._maps = []
        os.close(self._file)
        self._file = -1

    def _identify(self, name: str) -> str:
        try:
            capability = structures.read_capability(self._ask(structures.QUERYCAP, structures.empty_capability()))
        except OSError as error:
            if error.errno == errno.ENOTTY:
                raise ValueError("it is no camera") from None
            raise
        if not capability.captures:
            raise ValueError("it captures no pictures")
        return capability.card or name

    def _choose(self, sizes: tuple[tuple[int, int], ...]) -> Mode:
        """The best format, in the first size in which it is fast enough, else in the last."""
        offered = self._formats()
        chosen = next((form for form in PixelFormat if form.value in offered), None)
        if chosen is None:
            raise ValueError(f"it gives none of {', '.join(form.value for form in PixelFormat)}")
        mode = self._set(chosen, sizes[0])
        for size in sizes[1:]:
            if not chosen.raw or mode.rate >= _LEAST_RATE:
                break
            mode = self._set(chosen, size)
        return mode

    def _formats(self) -> set[str]:
        found: set[str] = set()
        with suppress(OSError):  # EINVAL ends the list
            for index in range(_MOST_FORMATS):
                answer = self._ask(structures.ENUM_FMT, structures.format_question(index))
                found.add(structures.read_format_description(answer))
        return found

    def _set(self, chosen: PixelFormat, size: tuple[int, int]) -> Mode:
        wished = Picture(four=chosen.value, width=size[0], height=size[1], stride=0)
        given = structures.read_format(self._ask(structures.S_FMT, structures.write_format(wished)))
        if given.four != chosen.value:
            raise ValueError(f"it offers {chosen.value}, and then does not give it")
        if not (0 < given.width <= _LARGEST and 0 < given.height <= _LARGEST and given.stride <= 4 * _LARGEST):
            raise ValueError(f"its pictures have {given.width}x{given.height} pixels")
        rate = None
        with suppress(OSError):  # a driver without rates gives its own
            rate = structures.read_rate(self._ask(structures.S_PARM, structures.write_rate(_RATE)))
        return Mode(
            pixel_format=chosen,
            width=given.width,
            height=given.height,
            stride=given.stride,
            rate=min(max(rate or _RATE, 1.0), 120.0),
        )

    def _start(self) -> None:
        if self._mode.pixel_format is PixelFormat.H264:
            self._wish_key_frames()
        count = structures.read_buffers_request(self._ask(structures.REQBUFS, structures.buffers_request(_BUFFERS)))
        for index in range(min(count, 32)):
            buffer = structures.read_buffer(self._ask(structures.QUERYBUF, structures.buffer_question(index)))
            if not 0 < buffer.length <= MOST_BUFFER:
                raise ValueError(f"its buffers have {buffer.length} bytes")
            self._maps.append(mmap.mmap(self._file, buffer.length, offset=buffer.offset))
            self._ask(structures.QBUF, structures.buffer_question(index))
        self._ask(structures.STREAMON, structures.stream_type())

    def _wish_key_frames(self) -> None:
        """Have a key frame every two seconds, where the webcam's encoder takes the wish."""
        for number in structures.KEY_FRAME_PERIODS:
            with suppress(OSError):
                period = round(self._mode.rate * _KEY_FRAMES_S)
                self._ask(structures.S_CTRL, structures.write_control(number, period))

    def _ask(self, request: int, argument: bytes) -> bytes:
        return fcntl.ioctl(self._file, request, argument)
