"""Speaking through a camera's loudspeaker: sound comes in pieces, and goes out in RTSP's backchannel."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from tawny.recorder.cameras.model import Camera
from tawny.recorder.control.model import Document
from tawny.recorder.ingest.model import CameraSource, Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks
from tawny.wire.audio import ticks_of
from tawny.wire.media import AudioCodec, AudioFormat

SILENT_S = 5.0
MOST_BYTES = 48_000  # of one piece: 6 s of G.711
_MOST_WAITING = 8  # pieces
_AHEAD_S = 3.0  # of what a camera could play by now: it would drop or delay what comes faster
_PACKET_S = 0.02  # RFC 3551, section 4.2
_AAC_SAMPLES = 1024  # of a raw frame (ISO/IEC 14496-3)
_G711 = {AudioCodec.PCMA, AudioCodec.PCMU}


class Loudspeaker(Protocol):
    """A way to a camera's loudspeaker (`adapters.rtsp_talk.Talk`). Blocks; used by one thread at a time."""

    @property
    def format(self) -> AudioFormat:
        """What the camera takes."""
        ...

    def send(self, data: bytes, *, duration: int) -> None:
        """Send one access unit of *duration* samples; raises Failure where the session is over."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


@dataclass(kw_only=True)
class _Talk:
    id: str
    camera: str
    way: Loudspeaker
    began_s: float
    last_s: float
    sent_s: float = 0.0
    waiting: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Talks:
    """All loudspeakers that are spoken through.

    Invariants: one talk at a time a camera; each is closed once, `SILENT_S` after its last sound at the latest; no more
    than `_AHEAD_S` of sound is on its way.

    *open_way* blocks and raises Failure.
    """

    def __init__(
        self,
        *,
        open_way: Callable[[CameraSource], Loudspeaker],
        source: Callable[[str], CameraSource | None],
        clock: Clock,
        new_id: Callable[[str], str],
    ) -> None:
        self._open_way = open_way
        self._source = source
        self._clock = clock
        self._new_id = new_id
        self._tasks = Tasks("talks")
        self._talks: dict[str, _Talk] = {}
        self._busy: set[str] = set()
        self._able: dict[str, tuple[str, bool]] = {}

    async def stop(self) -> None:
        """Hang up everywhere; who is hanging up already is waited for."""
        for talk_id in list(self._talks):
            await self.close(talk_id)
        await self._tasks.cancel()

    async def able(self, camera: Camera) -> bool:
        """Whether the camera takes sound; tried once for each address, where nothing but its stream is known."""
        source = self._source(camera.id)
        if source is None:
            return False
        known = self._able.get(camera.id)
        if known is None or known[0] != source.main_url:
            found = await self._tried(source)
            if found is None:
                return False
            known = self._able[camera.id] = source.main_url, found
        return known[1]

    async def open(self, camera_id: str) -> Document:
        """Begin to speak: ``{talk, codec, sample_rate}``."""
        source = self._source(camera_id)
        if source is None:
            raise Problem(Kind.NOT_FOUND, "There is no such camera.")
        if camera_id in self._busy:
            raise Problem(Kind.CONFLICT, "Somebody else speaks through this camera just now.")
        self._busy.add(camera_id)
        try:
            way = await self._opened(source)
        except BaseException:
            self._busy.discard(camera_id)
            raise
        now = self._clock.monotonic()
        talk = _Talk(id=self._new_id("talk"), camera=camera_id, way=way, began_s=now, last_s=now)
        self._talks[talk.id] = talk
        self._tasks.start(self._watch(talk), name="talk")
        return {"talk": talk.id, "codec": str(way.format.codec), "sample_rate": way.format.sample_rate}

    async def send(self, talk_id: str, data: bytes) -> None:
        """Send a piece of sound: G.711 of any length, else one access unit."""
        talk = self._known(talk_id)
        if len(data) > MOST_BYTES:
            raise Problem(Kind.INVALID, f"A piece of sound has at most {MOST_BYTES} bytes.", field="data")
        pieces = _pieces(talk.way.format, data)
        length_s = sum(duration for _, duration in pieces) / talk.way.format.sample_rate
        now = self._clock.monotonic()
        if talk.waiting >= _MOST_WAITING or talk.sent_s + length_s - (now - talk.began_s) > _AHEAD_S + length_s:
            raise Problem(Kind.TOO_MANY, "The sound comes faster than it can be played.")
        talk.sent_s = max(talk.sent_s, now - talk.began_s) + length_s  # silence is not made up for
        talk.last_s = now
        talk.waiting += 1
        try:
            async with talk.turn:
                await self._sent(talk, pieces)
        finally:
            talk.waiting -= 1

    async def close(self, talk_id: str) -> None:
        """Hang up; nothing happens where it was done already."""
        talk = self._talks.get(talk_id)
        if talk is None:
            return
        async with talk.turn:
            if talk_id in self._talks:  # nobody else hung up meanwhile
                await asyncio.to_thread(talk.way.close)
                del self._talks[talk_id]
                self._busy.discard(talk.camera)

    async def _sent(self, talk: _Talk, pieces: list[tuple[bytes, int]]) -> None:
        def work() -> None:
            for unit, duration in pieces:
                talk.way.send(unit, duration=duration)

        if talk.id not in self._talks:
            raise _over()
        try:
            await asyncio.to_thread(work)
        except Failure as failure:
            self._tasks.start(self.close(talk.id), name="hanging up")
            raise _problem(failure) from failure

    def _known(self, talk_id: str) -> _Talk:
        talk = self._talks.get(talk_id)
        if talk is None:
            raise _over()
        return talk

    async def _watch(self, talk: _Talk) -> None:
        while (left := talk.last_s + SILENT_S - self._clock.monotonic()) > 0:
            await self._clock.sleep(left)
        await self.close(talk.id)

    async def _opened(self, source: CameraSource) -> Loudspeaker:
        try:
            return await asyncio.to_thread(self._open_way, source)
        except Failure as failure:
            raise _problem(failure) from failure

    async def _tried(self, source: CameraSource) -> bool | None:
        """Whether a way opens; None where that can't be told now."""
        if source.camera in self._busy:
            return True
        try:
            way = await asyncio.to_thread(self._open_way, source)
        except Failure as failure:
            return False if failure.kind is Trouble.CODEC else None
        await asyncio.to_thread(way.close)
        return True


def _pieces(form: AudioFormat, data: bytes) -> list[tuple[bytes, int]]:
    """Access units with their durations in samples."""
    if not data:
        return []
    if form.codec not in _G711:
        try:
            return [(data, _AAC_SAMPLES if form.codec is AudioCodec.AAC else ticks_of(form, data))]
        except ValueError as error:
            raise Problem(Kind.INVALID, "The sound can't be read.", field="data") from error
    samples = int(form.sample_rate * _PACKET_S)
    size = samples * form.channels
    cut = [data[at : at + size] for at in range(0, len(data), size)]
    return [(unit, len(unit) // form.channels) for unit in cut]


def _over() -> Problem:
    return Problem(Kind.NOT_FOUND, "This talk is over.", remedy="Begin to speak again.")


_KINDS = {
    Trouble.ADDRESS: Kind.UNREACHABLE,
    Trouble.UNREACHABLE: Kind.UNREACHABLE,
    Trouble.NOT_RTSP: Kind.UNREACHABLE,
    Trouble.SILENT: Kind.UNREACHABLE,
    Trouble.CLOSED: Kind.UNREACHABLE,
}


def _problem(failure: Failure) -> Problem:
    return Problem(_KINDS.get(failure.kind, Kind.REFUSED), failure.title, remedy=failure.remedy)
