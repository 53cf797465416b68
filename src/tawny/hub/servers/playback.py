"""Recorded pictures: one stream from the link for each subscription, read no further than the viewer wants."""

import asyncio
import logging

from tawny.hub.servers.link import Link
from tawny.hub.servers.outlet import Outlet
from tawny.hub.servers.problems import problem_document
from tawny.runtime.problem import Kind, Problem
from tawny.wire.link import playback_path
from tawny.wire.media import AUDIO_TRACK, StreamName
from tawny.wire.media_socket import HEADER_SIZE, MediaKind, MessageReader, decode, note
from tawny.wire.moments import rfc3339

_log = logging.getLogger(__name__)


class Playback:
    """One viewer's way through the archive.

    Invariant: no message whose media begin after `until` (before it, where time runs backwards) is queued; while one such
    is held, the link is not read.
    """

    def __init__(
        self, outlet: Outlet, *, until_us: int, audio: bool, speed: float = 1, frames: str | None = None
    ) -> None:
        self._outlet = outlet
        self._until_us = until_us
        self._audio = audio
        self._speed = speed
        self._frames = frames
        self._further = asyncio.Event()

    def play_until(self, until_us: int) -> None:
        """Go on up to *until_us*; a nearer moment than before changes nothing."""
        self._until_us = (min if self._speed < 0 else max)(self._until_us, until_us)
        self._further.set()

    async def run(self, link: Link, camera: str, stream: StreamName, *, start_us: int, person: str) -> None:
        """Play from *start_us* until the end; what goes wrong is told as a note."""
        try:
            path = playback_path(camera, stream, rfc3339(start_us), speed=self._speed, frames=self._frames)
            await self._play(link, path, person)
        except Problem as problem:
            await self._tell(problem)
        except ValueError as error:
            _log.warning("recorded media of %s are not readable: %s", camera, error)
            await self._tell(Problem(Kind.UNAVAILABLE, "The recording could not be read on.", remedy="Try again."))

    async def _play(self, link: Link, path: str, person: str) -> None:
        reader = MessageReader()
        async with await link.stream("GET", path, person=person) as pieces:
            async for piece in pieces:
                for message in list(reader.feed(piece)):
                    await self._pass_on(message)

    async def _pass_on(self, message: bytes) -> None:
        value = decode(message[:HEADER_SIZE])
        if value.track == AUDIO_TRACK and not self._audio:
            return
        if value.kind is MediaKind.NOTE:
            decode(message).note()  # ValueError where it is none
        elif value.kind is not MediaKind.INIT:
            await self._wait_for(value.utc_us)
        await self._outlet.put(message)

    async def _wait_for(self, utc_us: int) -> None:
        while (utc_us - self._until_us) * self._speed > 0:
            self._further.clear()
            await self._further.wait()

    async def _tell(self, problem: Problem) -> None:
        await self._outlet.put(note("problem", problem=problem_document(problem)).encode())
