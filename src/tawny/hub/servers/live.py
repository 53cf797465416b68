"""Live pictures: each camera's stream is asked for once and fanned out to all who watch."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from tawny.hub.servers.changes import HUB
from tawny.hub.servers.link import Link
from tawny.hub.servers.outlet import Outlet, kind_of, starts_with_key, track_of
from tawny.hub.servers.problems import problem_document
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks
from tawny.wire.link import live_path
from tawny.wire.media import AUDIO_TRACK, METADATA_TRACK, VIDEO_TRACK, StreamName
from tawny.wire.media_socket import MediaKind, MediaMessage, MessageReader, decode, note

_log = logging.getLogger(__name__)
MAX_GROUP_BYTES = 8 << 20
_RETRY_S = 1.0
_PASSING = frozenset({Kind.UNAVAILABLE, Kind.UNREACHABLE, Kind.TOO_MANY})  # problems that may be over in a moment


class Group:
    """What a new viewer needs to start at once: notes, inits, and the media since the last key frame.

    Invariant: `media` is empty or begins with a video key frame, and holds at most `MAX_GROUP_BYTES`.
    """

    def __init__(self, *, limit: int = MAX_GROUP_BYTES) -> None:
        self._limit = limit
        self._opened: bytes | None = None
        self._state: bytes | None = None
        self._inits: dict[int, bytes] = {}  # by track
        self._media: list[bytes] = []
        self._bytes = 0

    def keep(self, message: bytes) -> None:
        """Take *message* into account."""
        match MediaKind(kind_of(message)):  # ValueError for a kind that nobody knows
            case MediaKind.BURST | MediaKind.FRAGMENT:
                self._keep_media(message)
            case MediaKind.INIT:
                self._inits[track_of(message)] = message
            case MediaKind.NOTE:
                self._keep_note(message)

    def messages(self, *, audio: bool) -> list[bytes]:
        """What to send to a new viewer: the group of each track as one burst."""
        tracks = (VIDEO_TRACK, AUDIO_TRACK, METADATA_TRACK) if audio else (VIDEO_TRACK, METADATA_TRACK)
        inits = [self._inits[track] for track in tracks if track in self._inits]
        bursts = [burst for track in tracks if (burst := self._burst(track))]
        notes = [message for message in (self._opened, self._state) if message is not None]
        return [*notes, *inits, *bursts]

    def _keep_media(self, message: bytes) -> None:
        if track_of(message) == VIDEO_TRACK and starts_with_key(message):
            self._media, self._bytes = [message], len(message)
        elif self._media:
            self._media.append(message)
            self._bytes += len(message)
        if self._bytes > self._limit:
            self._media, self._bytes = [], 0

    def _keep_note(self, message: bytes) -> None:
        kind = decode(message).note().get("type")
        if kind == "state":
            self._state = message
        elif kind == "opened":
            self._opened = message
            self._inits.clear()
            self._media, self._bytes = [], 0

    def _burst(self, track: int) -> bytes | None:
        found = [decode(message) for message in self._media if track_of(message) == track]
        if not found:
            return None
        first = found[0]
        payload = b"".join(message.payload for message in found)
        return MediaMessage(
            kind=MediaKind.BURST, track=track, flags=first.flags, utc_us=first.utc_us, payload=payload
        ).encode()


class _LiveStream:
    """One stream of one camera while somebody watches it."""

    def __init__(self) -> None:
        self.group = Group()
        self.viewers: dict[Outlet, bool] = {}  # with sound?
        self.task: asyncio.Task[None] | None = None

    def give(self, message: bytes) -> None:
        """Hand *message* to each viewer whom it concerns."""
        self.group.keep(message)
        for outlet, audio in self.viewers.items():
            if audio or track_of(message) != AUDIO_TRACK:
                outlet.offer(message)


class LiveStreams:
    """All streams that are watched.

    Invariant: the link is asked once for each camera and stream that has a viewer, and not at all without one.
    """

    def __init__(self, link: Link, clock: Clock, tasks: Tasks) -> None:
        self._link = link
        self._clock = clock
        self._tasks = tasks
        self._streams: dict[tuple[str, StreamName], _LiveStream] = {}

    def watch(self, camera: str, stream: StreamName, outlet: Outlet, *, audio: bool) -> Callable[[], None]:
        """Send what *camera* shows to *outlet* until the function returned is called."""
        key = (camera, stream)
        live = self._streams.get(key)
        if live is None:
            live = self._streams[key] = _LiveStream()
            live.task = self._tasks.start(self._run(key, live), name=f"live {camera} {stream}")
        live.viewers[outlet] = audio
        for message in live.group.messages(audio=audio):
            outlet.offer(message)
        return partial(self._leave, key, live, outlet)

    def _leave(self, key: tuple[str, StreamName], live: _LiveStream, outlet: Outlet) -> None:
        live.viewers.pop(outlet, None)
        if not live.viewers and live.task is not None:
            live.task.cancel()
            self._forget(key, live)

    def _forget(self, key: tuple[str, StreamName], live: _LiveStream) -> None:
        if self._streams.get(key) is live:
            del self._streams[key]

    async def _run(self, key: tuple[str, StreamName], live: _LiveStream) -> None:
        """Keep the stream flowing through interruptions of the link; end where it can never flow."""
        problem = await self._run_once(key, live)
        while problem.kind in _PASSING:
            live.give(note("problem", problem=problem_document(problem)).encode())
            if self._link.connected:
                await self._clock.sleep(_RETRY_S)
            await self._link.until_connected()
            problem = await self._run_once(key, live)
        self._forget(key, live)  # whoever asks from now on asks the recorder anew
        live.give(note("problem", problem=problem_document(problem)).encode())

    async def _run_once(self, key: tuple[str, StreamName], live: _LiveStream) -> Problem:
        """Fan out what comes until it ends; why it ended."""
        camera, name = key
        reader = MessageReader()
        try:
            async with await self._link.stream("GET", live_path(camera, name), person=HUB) as stream:
                async for piece in stream:
                    for message in reader.feed(piece):
                        live.give(message)
        except Problem as problem:
            return problem
        except ValueError as error:
            _log.warning("live media of %s are not readable: %s", camera, error)
        return Problem(Kind.UNAVAILABLE, "The live picture broke off.", remedy="It comes back by itself.")
