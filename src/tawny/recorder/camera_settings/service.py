"""Reads a camera's settings, writes what a person wishes, reads back, and tells what became of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from tawny.recorder.camera_settings import audio, camera_clock, image, masks, osd, system, video
from tawny.recorder.camera_settings.model import Document, Report
from tawny.recorder.camera_settings.sections import NOT_OFFERED, Reading, Section
from tawny.recorder.camera_settings.writing import result, send
from tawny.recorder.cameras.model import Camera
from tawny.recorder.onvif.model import Device, DeviceError
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.wire.moments import rfc3339

MOST_PARTS = 32
MOST_FIELDS = 64
PATIENCE_S = 30.0  # who asks waits for 35 s; each single answer may take 10

_READERS: Mapping[str, Callable[[Reading], Awaitable[list[Section]]]] = {
    "video": video.read,
    "image": image.read,
    "osd": osd.read,
    "masks": masks.read,
    "audio": audio.read,
    "clock": camera_clock.read,
    "device": system.read,
}
_TRIES = 4  # at reading back: some cameras restart their encoders, and a few their web server, for some seconds
_WAIT_S = 2.0


class CameraSettings:
    """The settings in cameras.

    Invariants: one write at a time a camera; a field that is refused leaves the others written; what is told after a
    write was read after it; nothing takes longer than *patience_s*, the wait for another's write included.
    """

    def __init__(
        self,
        *,
        device: Callable[[str], Awaitable[Device]],
        camera: Callable[[str], Camera | None],
        clock: Clock,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._patience_s = patience_s
        self._device = device
        self._camera = camera
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def read(self, camera_id: str) -> Document:
        """What the camera reports now (``CameraSettings``). Problem where it does not."""
        async with _patience(self._patience_s, "its settings can't be read."), self._lock(camera_id):
            return await self._report(camera_id, await self._all(camera_id))

    async def write(self, camera_id: str, settings: Mapping[str, Any]) -> Document:
        """Write *settings* (part to field to value), as far as the camera takes them: ``{settings, results}``."""
        wishes = _checked(settings)
        async with _patience(self._patience_s, "what became of the settings is not known."), self._lock(camera_id):
            reading = await self._reading(camera_id)
            sections = {each.part.id: each for each in await _sections(reading, _families(wishes))}
            sent = [each for part, values in wishes.items() for each in await send(part, sections.get(part), values)]
            after = await self._read_back(camera_id)
            report = await self._report(camera_id, after)
        return {"settings": report, "results": [result(each, after).document() for each in sent]}

    async def act(self, camera_id: str, action: str) -> Document:
        """Have the camera do something of its document: ``{title}``."""
        async with _patience(self._patience_s, "what became of this is not known."), self._lock(camera_id):
            sections = await _sections(await self._reading(camera_id), _families([action]))
            act = next((section.acts[action] for section in sections if action in section.acts), None)
            if act is None:
                raise Problem(Kind.NOT_FOUND, "The camera can't do that.", field="action")
            try:
                return {"title": await act()}
            except DeviceError as error:
                raise error.problem() from error

    def _lock(self, camera_id: str) -> asyncio.Lock:
        return self._locks.setdefault(camera_id, asyncio.Lock())

    async def _reading(self, camera_id: str) -> Reading:
        camera = self._camera(camera_id)
        if camera is None:
            raise Problem(Kind.NOT_FOUND, "There is no such camera.")
        if camera.device is None:
            raise Problem(
                Kind.CONFLICT,
                "The settings of this camera can't be reached: it was added by its stream alone.",
                remedy="Add it by its address with ONVIF switched on, or change them in its own web page.",
            )
        return Reading(await self._device(camera_id), camera.device, self._clock)

    async def _all(self, camera_id: str) -> list[Section]:
        return await _sections(await self._reading(camera_id), _READERS)

    async def _read_back(self, camera_id: str) -> list[Section]:
        for _ in range(_TRIES - 1):
            try:
                return await self._all(camera_id)
            except Problem as problem:
                if problem.kind is not Kind.UNREACHABLE:
                    raise
            await self._clock.sleep(_WAIT_S)
        try:
            return await self._all(camera_id)
        except Problem as problem:
            raise Problem(
                problem.kind,
                "The settings were sent, but what became of them is not known: " + _continued(problem.title),
                remedy="Look at them again in a minute.",
            ) from problem

    async def _report(self, camera_id: str, sections: Iterable[Section]) -> Document:
        parts = tuple(section.part for section in sections)
        return Report(camera=camera_id, read_at=rfc3339(self._clock.utc_us()), parts=parts).document()


@asynccontextmanager
async def _patience(seconds: float, outcome: str) -> AsyncIterator[None]:
    """Give a camera that answers, but only just, so many *seconds* for all of it."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        title = f"The camera answers too slowly: {outcome}"
        raise Problem(Kind.UNREACHABLE, title, remedy="It may be overloaded: restart it if this goes on.") from error


def _continued(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _checked(settings: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    if not 0 < len(settings) <= MOST_PARTS:
        raise Problem(Kind.INVALID, f"“settings” has to hold 1 to {MOST_PARTS} parts.", field="settings")
    for part, values in settings.items():
        if not isinstance(values, Mapping) or not 0 < len(values) <= MOST_FIELDS:
            title = f"“{part[:64]}” has to hold 1 to {MOST_FIELDS} fields."
            raise Problem(Kind.INVALID, title, field="settings")
    return settings


def _families(ids: Iterable[str]) -> list[str]:
    """The readers of those parts (or actions), each once."""
    return list(dict.fromkeys(family for each in ids if (family := each.partition(".")[0]) in _READERS))


async def _sections(reading: Reading, families: Iterable[str]) -> list[Section]:
    """What the camera reports; a part that it does not is absent, and the camera's failure a Problem."""
    found: list[Section] = []
    refused: DeviceError | None = None
    for family in families:
        try:
            found += await _READERS[family](reading)
        except DeviceError as error:
            if error.trouble not in NOT_OFFERED:
                raise error.problem() from error
            refused = error
    if refused is not None and not found:
        raise refused.problem() from refused
    return found
