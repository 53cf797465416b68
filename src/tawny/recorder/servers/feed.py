"""The feed's Unix socket: what ingest tells on the media thread goes to clients from the event loop (`wire.feed`)."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from tawny.recorder.ingest.model import FeedSubscriber, Unwatch
from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks
from tawny.wire.feed import MAX_REQUEST, FeedKind, encode, kind_of, read_request, starts_with_key
from tawny.wire.media import StreamName

QUEUE_BYTES: Final = 8 << 20

_log = logging.getLogger(__name__)


class Watched(Protocol):
    """The part of ingest that the feed needs."""

    def watch(self, camera: str, stream: StreamName, subscriber: FeedSubscriber) -> Unwatch:
        """See `Ingest.watch`."""
        ...


class FeedServer:
    """Serves the feed. `start` and `stop` belong to the event loop."""

    def __init__(self, path: Path, *, ingest: Watched, clock: Clock) -> None:
        self._path = path
        self._ingest = ingest
        self._clock = clock
        self._tasks = Tasks("feed")
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; a socket left by a process that died is replaced."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._accept, self._path, limit=MAX_REQUEST)
        self._path.chmod(0o600)

    async def stop(self) -> None:
        """Stop listening and close every connection."""
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)
        await self._tasks.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # asyncio's own task for this callback ends at once; ours has a name and an owner
        self._tasks.start(self._serve(reader, writer), name="connection")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = read_request(await reader.readline())
            queue = FeedQueue(asyncio.get_running_loop(), self._clock)
            unwatch = self._ingest.watch(request.camera, request.stream, queue)
            try:
                async with Tasks("feed connection") as tasks:
                    sending = tasks.start(_send(queue, writer), name="send")
                    hearing = tasks.start(_until_closed(reader), name="hear")
                    await asyncio.wait((sending, hearing), return_when=asyncio.FIRST_COMPLETED)
            finally:
                unwatch()
        except ConnectionError:
            pass  # it went away: the same as an orderly end
        except ValueError as error:
            _log.warning("a feed was asked for wrongly: %s", error)
        finally:
            writer.close()


async def _send(queue: "FeedQueue", writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            writer.writelines(await queue.take())
            await writer.drain()
    except ConnectionError:
        pass  # it went away


async def _until_closed(reader: asyncio.StreamReader) -> None:
    while await reader.read(MAX_REQUEST):
        pass  # clients have nothing more to say


class FeedQueue:
    """What one client has not taken yet, at most 8 MB.

    When it is full it is emptied of media and says LOST; then nothing but formats and states goes in before the next key
    frame. `put` is called on the media thread, the rest on the event loop's.
    Invariant: a client sees no hole in the units without LOST before it.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Clock) -> None:
        self._loop = loop
        self._clock = clock
        self._messages: deque[bytes] = deque()
        self._size = 0
        self._losing = False
        self._filled = asyncio.Event()

    def put(self, messages: Sequence[bytes]) -> None:
        """Take *messages* from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._add, list(messages))

    async def take(self) -> list[bytes]:
        """Everything that waits, as soon as something does."""
        await self._filled.wait()
        self._filled.clear()
        taken, self._messages, self._size = list(self._messages), deque(), 0
        return taken

    def _add(self, messages: list[bytes]) -> None:
        for message in messages:
            media = kind_of(message) in (FeedKind.UNIT, FeedKind.FRAGMENTS)
            if self._losing and starts_with_key(message):
                self._losing = False
            if media and not self._losing and self._messages and self._size + len(message) > QUEUE_BYTES:
                self._lose()
            if not (media and self._losing):
                self._messages.append(message)
                self._size += len(message)
        if self._messages:
            self._filled.set()

    def _lose(self) -> None:
        kept = [m for m in self._messages if kind_of(m) in (FeedKind.FORMAT, FeedKind.STATE)]
        self._messages = deque((*kept, encode(FeedKind.LOST, utc_us=self._clock.utc_us())))
        self._size = sum(map(len, self._messages))
        self._losing = True
