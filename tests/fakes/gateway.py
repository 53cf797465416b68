"""A gateway as the hub sees it: it dials, then answers HTTP/2 requests as a test tells it to."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import parse_qs, urlsplit

import h2.events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.exceptions import StreamClosedError

from tawny.runtime.problem import Problem
from tawny.runtime.tasks import Tasks
from tawny.wire.link import MEDIA_TYPE, PROBLEM_TYPE, STATUS_OF_KIND
from tawny.wire.media_socket import MediaMessage

Handler = Callable[["Exchange"], Awaitable[None]]


class Exchange:
    """One request and the means to answer it."""

    def __init__(self, gateway: "FakeGateway", number: int, headers: dict[str, str]) -> None:
        url = urlsplit(headers[":path"])
        self.method, self.path = headers[":method"], url.path
        self.query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.headers = headers
        self.body = b""
        self.sent_bytes = 0
        self.broken_off = asyncio.Event()
        self.room = asyncio.Event()
        self._gateway = gateway
        self._number = number

    @property
    def person(self) -> str:
        return self.headers["tawny-person"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def h2_window(self) -> int:
        """How much the hub lets us send."""
        return self._gateway.h2.local_flow_control_window(self._number)

    def begin(self, status: int = 200, **headers: str) -> None:
        pairs = [(":status", str(status)), *((name.replace("_", "-"), value) for name, value in headers.items())]
        self._gateway.h2.send_headers(self._number, pairs)
        self._gateway.flush()

    async def send(self, data: bytes) -> None:
        """Send *data* as far as the hub gives credit, waiting for more."""
        while data:
            connection = self._gateway.h2
            room = min(connection.local_flow_control_window(self._number), connection.max_outbound_frame_size)
            if room <= 0:
                self.room.clear()
                await self.room.wait()
                continue
            connection.send_data(self._number, data[:room])
            self._gateway.flush()
            self.sent_bytes += len(data[:room])
            data = data[room:]

    async def send_messages(self, *messages: MediaMessage) -> None:
        await self.send(b"".join(message.framed() for message in messages))

    def end(self) -> None:
        self._gateway.h2.end_stream(self._number)
        self._gateway.flush()

    def break_off(self) -> None:
        self._gateway.h2.reset_stream(self._number)
        self._gateway.flush()

    async def answer(self, value: Any, status: int = 200) -> None:
        self.begin(status, content_type="application/json")
        await self.send(json.dumps(value).encode())
        self.end()

    async def refuse(self, problem: Problem) -> None:
        self.begin(STATUS_OF_KIND[problem.kind], content_type=PROBLEM_TYPE)
        await self.send(json.dumps(problem.document()).encode())
        self.end()

    def begin_media(self) -> None:
        self.begin(content_type=MEDIA_TYPE)


class FakeGateway(asyncio.Protocol):
    """Answers by `on`; what was asked stands in `asked`."""

    def __init__(self) -> None:
        self.h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        self.asked: list[Exchange] = []
        self.gone = asyncio.Event()
        self._handlers: dict[tuple[str, str], Handler] = {}
        self._exchanges: dict[int, Exchange] = {}
        self._transport: asyncio.Transport | None = None
        self._tasks = Tasks("fake gateway")
        self._asked_more = asyncio.Event()

    def on(self, method: str, path: str, handler: Handler) -> None:
        self._handlers[method, path] = handler

    def on_json(self, method: str, path: str, value: Any, status: int = 200) -> None:
        self.on(method, path, lambda exchange: exchange.answer(value, status))

    async def dial(self, path: Path) -> Self:
        await asyncio.get_running_loop().create_unix_connection(lambda: self, str(path))
        return self

    async def hang_up(self) -> None:
        await self._tasks.cancel()
        if self._transport is not None:
            self._transport.close()
            await self.gone.wait()

    async def exchange(self, path: str, count: int = 1) -> Exchange:
        """The *count*-th request for *path*, once it has come."""
        async with asyncio.timeout(30):
            while len(found := [each for each in self.asked if each.path == path]) < count:
                self._asked_more.clear()
                await self._asked_more.wait()
        return found[count - 1]

    def flush(self) -> None:
        if self._transport is not None and (data := self.h2.data_to_send()):
            self._transport.write(data)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self.h2.initiate_connection()
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self.gone.set()

    def data_received(self, data: bytes) -> None:
        for event in self.h2.receive_data(data):
            self._on_event(event)
        self.flush()

    def _on_event(self, event: h2.events.Event) -> None:
        if isinstance(event, h2.events.RequestReceived):
            headers = dict(cast(list[tuple[str, str]], event.headers))
            self._exchanges[event.stream_id] = Exchange(self, event.stream_id, headers)
        elif isinstance(event, h2.events.DataReceived):
            self._exchanges[event.stream_id].body += event.data
            self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            self._handle(self._exchanges[event.stream_id])
        elif isinstance(event, h2.events.StreamReset):
            self._exchanges[event.stream_id].broken_off.set()
            self._exchanges[event.stream_id].room.set()
        elif isinstance(event, h2.events.WindowUpdated):
            for exchange in self._exchanges.values():
                exchange.room.set()

    def _handle(self, exchange: Exchange) -> None:
        self.asked.append(exchange)
        self._asked_more.set()
        self.handle(exchange)

    def handle(self, exchange: Exchange) -> None:
        """Answer what was asked, where there is an answer by now."""
        handler = self._handlers.get((exchange.method, exchange.path))
        if handler is not None:
            self._tasks.start(_until_broken_off(handler(exchange)), name=exchange.path)


async def _until_broken_off(answering: Awaitable[None]) -> None:
    with contextlib.suppress(StreamClosedError):
        await answering
