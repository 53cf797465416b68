"""Where cameras that know no pull point leave their messages: a small HTTP server on the address that they reach.

It listens only while such a camera is added. What comes is a stranger's: the address has a secret in it, everything is
bounded in size and time, and nothing is answered but that it came.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from typing import Final

import h11

from tawny.runtime.tasks import Tasks
from tawny.wire.onvif import events, soap
from tawny.wire.onvif.elements import local
from tawny.wire.onvif.events import Message

MOST_BODY: Final = 1 << 20
MOST_CONNECTIONS: Final = 64
MOST_WAITING: Final = 1000  # messages of one device; then the oldest go
IDLE_S: Final = 30.0
_CHUNK = 16_384
_DISCARD_PORT = 9  # nothing is sent there: the system only says from which address it would be

_log = logging.getLogger(__name__)


class HttpInlet:
    """The port `Inlet`: one device's messages, as they came."""

    def __init__(self, url: str, forget: Callable[[], None]) -> None:
        self._url = url
        self._forget = forget
        self._messages: list[Message] = []
        self._news = asyncio.Event()

    @property
    def url(self) -> str:
        """See `Inlet.url`."""
        return self._url

    def put(self, messages: tuple[Message, ...]) -> None:
        """Take what the device sent."""
        self._messages = [*self._messages, *messages][-MOST_WAITING:]
        self._news.set()

    async def next(self, timeout_s: float) -> tuple[Message, ...]:
        """See `Inlet.next`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._news.wait()
        self._news.clear()
        found, self._messages = tuple(self._messages), []
        return found

    async def close(self) -> None:
        """See `Inlet.close`."""
        self._forget()


class HttpInlets:
    """The port `Inlets`: a server for each of our addresses that a device reaches."""

    def __init__(self, *, secret: Callable[[], str], address: Callable[[str], str] | None = None) -> None:
        self._secret = secret
        self._local = address or local_address
        self._tasks = Tasks("event inlets")
        self._servers: dict[str, asyncio.Server] = {}
        self._inlets: dict[str, tuple[str, HttpInlet]] = {}  # by path: our address, and who waits there
        self._connections = 0

    async def open(self, host: str) -> HttpInlet:
        """See `Inlets.open`."""
        address = await asyncio.to_thread(self._local, host)
        server = self._servers.get(address)
        if server is None:
            server = self._servers[address] = await asyncio.start_server(self._accept, address, 0)
        path = f"/{self._secret()}"
        port = server.sockets[0].getsockname()[1]
        shown = address.partition("%")[0]
        written = f"[{shown}]" if ":" in shown else shown
        inlet = HttpInlet(f"http://{written}:{port}{path}", lambda: self._close(address, path))
        self._inlets[path] = address, inlet
        return inlet

    async def stop(self) -> None:
        """Take nothing more."""
        for server in self._servers.values():
            server.close()
        self._servers.clear()
        await self._tasks.cancel()

    def _close(self, address: str, path: str) -> None:
        self._inlets.pop(path, None)
        if all(used != address for used, _ in self._inlets.values()):
            server = self._servers.pop(address, None)
            if server is not None:
                server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # asyncio's own task for this callback ends at once; ours has a name and an owner.
        if self._connections >= MOST_CONNECTIONS:
            writer.transport.abort()
            return
        self._connections += 1
        self._tasks.start(self._serve(reader, writer), name="connection")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            connection = _Connection(reader, writer)
            while (asked := await connection.request()) is not None:
                await connection.answer(self._take(*asked))
        except (OSError, TimeoutError, h11.RemoteProtocolError) as error:
            _log.debug("a camera's messages broke off: %s", error)
        finally:
            self._connections -= 1
            writer.transport.abort()

    def _take(self, path: str, body: bytes) -> int:
        """Hand on what was sent; the status to answer with."""
        if path not in self._inlets:
            return 404
        try:
            notify = soap.parse(body).body
        except ValueError:
            return 400
        if notify is None or local(notify) != "Notify":
            return 400
        self._inlets[path][1].put(events.read_messages(notify))
        return 200


class _Connection:
    """One connection from a camera, a request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_CHUNK)

    async def request(self) -> tuple[str, bytes] | None:
        """The path and body of the next POST; None where there is none, or it is too large."""
        async with asyncio.timeout(IDLE_S):
            asked, body = None, bytearray()
            while True:
                event = await self._event()
                match event:
                    case h11.Request():
                        asked = event
                    case h11.Data(data=data):
                        body += data
                        if len(body) > MOST_BODY:
                            return None
                    case h11.EndOfMessage() if asked is not None and asked.method == b"POST":
                        return asked.target.decode("ascii", "replace"), bytes(body)
                    case _:
                        return None

    async def _event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                go_on = h11.InformationalResponse(status_code=100, headers=[])
                self._writer.write(self._http.send(go_on) or b"")
            self._http.receive_data(await self._reader.read(_CHUNK))
        return event

    async def answer(self, status: int) -> None:
        """Answer with *status* and nothing else, and be ready for the next request where they want that."""
        self._writer.write(self._http.send(h11.Response(status_code=status, headers=[("Content-Length", "0")])) or b"")
        self._writer.write(self._http.send(h11.EndOfMessage()) or b"")
        await self._writer.drain()
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()


def local_address(host: str) -> str:
    """Our own address from which *host* is reached; OSError where it is not."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, _DISCARD_PORT, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.connect(address)
        found = probe.getsockname()
    zone = f"%{socket.if_indextoname(found[3])}" if len(found) == 4 and found[3] else ""
    return str(found[0]) + zone
