"""A webcam that is captured from start to end, whatever becomes of it: unplugged, busy, broken, and back again."""

import asyncio
import errno
import logging
import re
import threading
from collections.abc import Collection, Mapping

from tawny.camera.capturing import CapturedStream, CodedPicture, first_clip
from tawny.camera.sources import Clip
from tawny.camera.v4l2.feed import MAIN, SUB, Feed
from tawny.camera.v4l2.model import CaptureDevice, OpenDevice
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem

RETRY_S = 2.0
_MOST_EMPTY = 150  # buffers one after the other that hold no picture
_MOST_WAITED_FOR = 600  # buffers, until the first key frame: twice the longest group that webcams have
_OLDEST_S, _NEWEST_S = 2.0, 0.5  # before and after now: a driver's time outside of it is none
_LONGEST_NAME = 32

_log = logging.getLogger(__name__)


class Webcam:
    """One webcam and its streams' pictures.

    Invariants: the device is open once at most, and used by one thread at a time; what goes wrong is told when it
    begins and when it is over, not each time that capturing is tried.

    *label* is what the user called the device, such as ``/dev/video0``.
    """

    def __init__(self, open_device: OpenDevice, *, label: str, clock: Clock) -> None:
        self._open_device = open_device
        self._label = label
        self._clock = clock
        self._held = threading.Lock()
        self._device: CaptureDevice | None = None
        self._told = ""
        self.place = ""
        self.names: Collection[str] = ()

    def begin(self) -> Mapping[str, Clip]:
        """Start capturing, and what the streams show first; raises Problem where the device can't be captured."""
        try:
            self._open()
            first = self._first_pictures()
            with self._held:
                assert self._device is not None, "it was opened"
                self.place, rate = plain(self._device.card), self._device.mode.rate
                self.names = tuple(self._device.controls())
        except (OSError, ValueError) as error:
            self._close()
            raise explained(self._label, error) from error
        return {name: first_clip(first[name], rate=rate) for name in (MAIN, SUB)}

    def _first_pictures(self) -> Mapping[str, CodedPicture]:
        """The first key frame of each stream."""
        first: dict[str, CodedPicture] = {}
        for _ in range(_MOST_WAITED_FOR):
            first |= {name: picture for name, picture in self._next().items() if picture.key}
            if first.keys() == {MAIN, SUB}:
                return first
        raise ValueError("it gives no key frame")

    async def run(self, streams: Mapping[str, CapturedStream]) -> None:
        """Send what is captured to *streams*, which are named as those of `begin`, for ever."""
        try:
            while True:
                try:
                    await self._run_once(streams)
                except (OSError, ValueError) as error:
                    self._tell(explained(self._label, error))
                await asyncio.to_thread(self._close)
                await self._clock.sleep(RETRY_S)
        finally:
            await asyncio.to_thread(self._close)

    async def _run_once(self, streams: Mapping[str, CapturedStream]) -> None:
        """Capture until something goes wrong."""
        if self._device is None:
            await asyncio.to_thread(self._open)
        while True:
            pictures = await asyncio.to_thread(self._next)
            if pictures and self._told:
                _log.info("%s is captured again", self._label)
                self._told = ""
            await asyncio.gather(*(streams[name].send(picture) for name, picture in pictures.items()))

    async def adjusted(self) -> Mapping[str, float]:
        return await asyncio.to_thread(self._adjusted)

    async def adjust(self, values: Mapping[str, float]) -> None:
        await asyncio.to_thread(self._adjust, values)

    def _open(self) -> None:
        with self._held:
            self._device = self._open_device()
            self._feed = Feed(self._device.mode)
            self._empty = 0

    def _next(self) -> Mapping[str, CodedPicture]:
        """What the next buffer gives, which may be nothing."""
        with self._held:
            captured = self._present().read()
            moment_s = self._moment_s(captured.moment_s) if captured else 0.0
            pictures = self._feed.coded(captured.data, moment_s) if captured else {}
            self._empty = 0 if pictures else self._empty + 1
            if self._empty > _MOST_EMPTY:
                raise ValueError("it gives only broken pictures")
            return pictures

    def _moment_s(self, told_s: float | None) -> float:
        now = self._clock.monotonic()
        return told_s if told_s is not None and now - _OLDEST_S <= told_s <= now + _NEWEST_S else now

    def _adjusted(self) -> Mapping[str, float]:
        with self._held:
            controls = self._present().controls()
        return {name: (c.value - c.low) / (c.high - c.low) * 100 for name, c in controls.items()}

    def _adjust(self, values: Mapping[str, float]) -> None:
        with self._held:
            device = self._present()
            controls = device.controls()
            for name, value in values.items():
                if (control := controls.get(name)) is not None:
                    device.adjust(name, control.low + round(value / 100 * (control.high - control.low)))

    def _present(self) -> CaptureDevice:
        if self._device is None:
            raise OSError(errno.ENODEV, "it is not there")
        return self._device

    def _close(self) -> None:
        with self._held:
            if self._device is not None:
                self._device.close()
                self._device = None

    def _tell(self, problem: Problem) -> None:
        if problem.title != self._told:
            self._told = problem.title
            _log.warning("%s %s It is tried again every %d seconds.", problem.title, problem.remedy, RETRY_S)


def plain(card: str) -> str:
    """The card's name as that of a place: what stands before a colon (many makes say all twice), in plain letters."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", card.partition(":")[0]).strip("-").lower()
    return words[:_LONGEST_NAME].strip("-") or "webcam"


def explained(label: str, error: OSError | ValueError) -> Problem:
    """What went wrong with the device *label*, in words for who plugged it in."""
    if isinstance(error, ValueError):
        return Problem(
            Kind.INVALID,
            f"{label} can't be captured: {error}.",
            remedy="Give a webcam's own /dev/video, often the first.",
        )
    match error.errno:
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            return Problem(Kind.UNREACHABLE, f"{label} is not there.", remedy="Plug the webcam in.")
        case errno.EBUSY:
            return Problem(
                Kind.CONFLICT, f"{label} is used by another program.", remedy="End the program that shows its picture."
            )
        case errno.EACCES | errno.EPERM:
            return Problem(
                Kind.FORBIDDEN, f"This user may not open {label}.", remedy="Make the user a member of the group video."
            )
        case _:
            return Problem(Kind.UNREACHABLE, f"{label} fails: {error.strerror or error}.", remedy="Plug it in anew.")
