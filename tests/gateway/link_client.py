"""A hub's end of the link for tests: an HTTP/2 client on the connection that the gateway dials."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import h2.config
import h2.connection
import h2.events
import h2.exceptions
from h2.settings import SettingCodes, Settings

from tawny.runtime.tasks import Tasks
from tawny.wire.link import PERSON_HEADER, WINDOW_BYTES
from tawny.wire.media_socket import MediaMessage, MessageReader, decode


@dataclass(kw_only=True)
class Exchange:
    """One request under way; *paced* gives the sender room only when `take` is called."""

    stream_id: int
    paced: bool = False
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    owed: int = 0
    ended: bool = False
    was_reset: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def json(self) -> Any:
        return json.loads(bytes(self.body))


class HubEnd:
    """Accepts the gateway's connection on *path* and asks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tasks = Tasks("hub end")
        self._connected = asyncio.Event()
        self.connections = 0
        self.exchanges: dict[int, Exchange] = {}

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def listen(self) -> None:
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._accept, self._path)

    async def close(self) -> None:
        self._server.close()
        await self._tasks.cancel()
        if self._connected.is_set():
            self._writer.close()
            with suppress(ConnectionError):
                await self._writer.wait_closed()
        self._connected.clear()

    async def connected(self) -> None:
        await asyncio.wait_for(self._connected.wait(), 10)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.connections += 1
        self._h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
        self._h2.local_settings = Settings(
            client=True, initial_values={SettingCodes.INITIAL_WINDOW_SIZE: WINDOW_BYTES, SettingCodes.ENABLE_PUSH: 0}
        )
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(64 << 20)
        writer.write(self._h2.data_to_send())
        self._tasks.start(self._read(reader), name="read")
        self._connected.set()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(1 << 18):
            for event in self._h2.receive_data(data):
                self._take(event)
            self._writer.write(self._h2.data_to_send())
        for exchange in self.exchanges.values():
            exchange.ended = True
            exchange.news.set()

    def _take(self, event: h2.events.Event) -> None:
        exchange = self.exchanges.get(getattr(event, "stream_id", 0) or 0)
        if exchange is None:
            return
        match event:
            case h2.events.ResponseReceived():
                exchange.headers = {str(k): str(v) for k, v in event.headers}
                exchange.status = int(exchange.headers[":status"])
            case h2.events.DataReceived():
                exchange.body += event.data
                exchange.owed += event.flow_controlled_length
                if not exchange.paced:
                    self.give_room(exchange)
            case h2.events.WindowUpdated():
                pass
            case h2.events.StreamEnded():
                exchange.ended = True
            case h2.events.StreamReset():
                exchange.ended = exchange.was_reset = True
            case _:
                return
        exchange.news.set()

    def give_room(self, exchange: Exchange) -> None:
        self._h2.acknowledge_received_data(exchange.owed, exchange.stream_id)
        exchange.owed = 0
        self._writer.write(self._h2.data_to_send())

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        person: str = "owner",
        paced: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        stream_id = self._h2.get_next_available_stream_id()
        exchange = self.exchanges[stream_id] = Exchange(stream_id=stream_id, paced=paced)
        fields = [
            (":method", method),
            (":path", path),
            (":scheme", "http"),
            (":authority", "gateway"),
            (PERSON_HEADER, person),
            *(headers or {}).items(),
        ]
        self._h2.send_headers(stream_id, fields, end_stream=method in {"GET", "DELETE"})
        self._writer.write(self._h2.data_to_send())
        self.send(exchange, body, end=True)
        return exchange

    def send(self, exchange: Exchange, data: bytes, *, end: bool = False) -> None:
        """More of a request's body than fits into its window at once goes in steps."""
        for at in range(0, len(data), 16384):
            self._h2.send_data(exchange.stream_id, data[at : at + 16384], end_stream=end and at + 16384 >= len(data))
        self._writer.write(self._h2.data_to_send())

    async def room(self, exchange: Exchange, size: int) -> None:
        """Wait until *size* bytes may be sent."""
        await self.until(lambda: self._h2.local_flow_control_window(exchange.stream_id) >= size, exchange)

    def reset(self, exchange: Exchange) -> None:
        self._h2.reset_stream(exchange.stream_id)
        self._writer.write(self._h2.data_to_send())

    async def fetch(self, method: str, path: str, body: Any = None) -> Exchange:
        exchange = self.ask(method, path, b"" if body is None else json.dumps(body).encode())
        await self.until(lambda: exchange.ended, exchange)
        return exchange

    async def until(self, met: Any, exchange: Exchange) -> None:
        async with asyncio.timeout(20):
            while not met():
                exchange.news.clear()
                await exchange.news.wait()

    async def messages(self, exchange: Exchange) -> AsyncGenerator[MediaMessage, None]:
        """The media messages of a body, as they come, until it ends."""
        reader = MessageReader()
        at = 0
        while True:
            piece, ended = bytes(exchange.body[at:]), exchange.ended
            at += len(piece)
            for message in reader.feed(piece):
                yield decode(message)
            if ended and at == len(exchange.body):
                return
            if at == len(exchange.body) and not exchange.ended:
                exchange.news.clear()
                await asyncio.wait_for(exchange.news.wait(), 20)


@asynccontextmanager
async def running(*coroutines: Any) -> AsyncIterator[Tasks]:
    """Run the *coroutines* beside the body of the ``with``."""
    async with Tasks("test") as tasks:
        for number, coroutine in enumerate(coroutines):
            tasks.start(coroutine, name=f"{number}")
        yield tasks
