"""Adds a camera without anybody looking at it first: met, read, kept."""

from dataclasses import dataclass

from tawny.recorder.adding.looking import Found, Looker, Wish
from tawny.recorder.adding.model import Channel
from tawny.recorder.adding.problems import from_device, from_stream
from tawny.recorder.cameras.likeness import added_as
from tawny.recorder.cameras.model import Camera
from tawny.recorder.cameras.service import Cameras
from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.recorder.onvif.model import DeviceError
from tawny.runtime.problem import Kind, Problem

_AWAY = frozenset({Trouble.ADDRESS, Trouble.UNREACHABLE, Trouble.SILENT, Trouble.NOT_RTSP, Trouble.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """The camera that was added, or had been *already*."""

    camera: Camera
    already: bool = False


class Adder:
    """Adds cameras one by one; a camera that is there already is not added twice."""

    def __init__(self, *, looker: Looker, cameras: Cameras) -> None:
        self._looker = looker
        self._cameras = cameras

    async def add(self, wish: Wish, *, name: str, sound: bool = False, channel: str = "") -> Added:
        """Meet what is wished for and keep a channel of it, the first without *channel*; DeviceError, Failure, Problem."""
        found = await self._looker.look(wish, _nobody)
        try:
            return self._keep(found, name=name, sound=sound, token=channel)
        finally:
            if found.device is not None:
                await found.device.close()

    def _keep(self, found: Found, *, name: str, sound: bool, token: str) -> Added:
        chosen = _chosen(found, token)
        access = found.access(chosen) if chosen else None
        if access is None:
            title = "The camera has no such channel." if token else "The camera tells of no stream."
            raise Problem(Kind.REFUSED, title, remedy="See that RTSP and a video profile are switched on.")
        if (there := added_as(access, self._cameras.all())) is not None:
            return Added(camera=there, already=True)
        named = name or found.report.name or found.report.model or "Camera"
        return Added(camera=self._cameras.keep(access, name=named, sound=sound))


def in_words(error: DeviceError | Failure, *, make: str = "") -> Problem:
    """Why a camera was not added, with the remedy that fits."""
    if isinstance(error, DeviceError):
        problem = error.problem()
        problem.remedy = from_device(error, make=make).remedy
        return problem
    item = from_stream(error, make=make)
    extra = {"certificate": error.certificate} if error.certificate else {}
    kind = Kind.UNREACHABLE if error.kind in _AWAY else Kind.REFUSED
    return Problem(kind, item.title, remedy=item.remedy, trouble=str(error.kind), **extra)


def _chosen(found: Found, token: str) -> Channel | None:
    if token:
        return next((each for each in found.report.channels if each.channel == token), None)
    return next((each for each in found.report.channels if each.main), None)


def _nobody(step: str, title: str) -> None:
    """Nobody looks at what is being done."""
