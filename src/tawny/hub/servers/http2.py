"""HTTP/2 in the client's role on a connection that was accepted (h2 does the protocol, RFC 9113).

A body's flow-control credit goes back only as its reader takes the bytes, so that a slow reader slows the gateway
down (section 5.2), one stream at a time.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Protocol, Self, cast

import h2.events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.exceptions import H2Error
from h2.settings import SettingCodes

from tawny.runtime.problem import Kind, Problem
from tawny.wire.link import CONNECTION_WINDOW_BYTES, PERSON_HEADER, WINDOW_BYTES

_log = logging.getLogger(__name__)
_MAX_ANSWER_BYTES = 16 << 20
_MAX_FRAME_BYTES = 256 << 10  # larger DATA frames cost both ends less
_DEFAULT_CONNECTION_WINDOW = 65_535  # RFC 9113, section 6.9.2
_SETTINGS: dict[SettingCodes | int, int] = {
    SettingCodes.ENABLE_PUSH: 0,
    SettingCodes.INITIAL_WINDOW_SIZE: WINDOW_BYTES,
    SettingCodes.MAX_FRAME_SIZE: _MAX_FRAME_BYTES,
    SettingCodes.MAX_HEADER_LIST_SIZE: 64 << 10,
}


def not_connected() -> Problem:
    return Problem(
        Kind.UNAVAILABLE, "The recorder's gateway is not connected just now.", remedy="Try again in a few seconds."
    )


class LinkStream:
    """An answer whose body is still coming; read it with ``async for`` inside ``async with``, which ends it early.

    Invariants: the window's credit for a piece is returned when the reader takes it; after `close` the gateway has been
    told to stop, and no piece is kept.
    """

    def __init__(self, connection: "Connection", number: int) -> None:
        self.number = number
        self.status = 0
        self.headers: Mapping[str, str] = {}
        self._connection = connection
        self._pieces: deque[tuple[bytes, int]] = deque()
        self._news = asyncio.Event()
        self._ended = False
        self._problem: Problem | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            while self._pieces:
                piece, credit = self._pieces.popleft()
                self._connection.give_credit(self.number, credit)
                yield piece
            if self._problem is not None:
                raise self._problem
            if self._ended:
                return
            await self._wait()

    def close(self) -> None:
        """Tell the gateway to stop, where it has not finished; what has come and was not read is dropped."""
        for _, credit in self._pieces:
            self._connection.give_credit(self.number, credit)
        self._pieces.clear()
        self._connection.forget(self.number, reset=not self._ended and self._problem is None)

    async def succeeded(self) -> None:
        """Wait for status and headers; an error status is raised as the `Problem` that the body tells."""
        while self.status == 0 and self._problem is None:
            await self._wait()
        if self.status == 0 and self._problem is not None:
            raise self._problem
        if self.status >= 400:
            raise _problem(await self.whole())

    async def whole(self, limit: int = _MAX_ANSWER_BYTES) -> bytes:
        """The body, which must not be longer than *limit*."""
        body = bytearray()
        async for piece in self:
            body += piece
            if len(body) > limit:
                raise Problem(Kind.UNAVAILABLE, "The recorder's answer is too large.")
        return bytes(body)

    async def _wait(self) -> None:
        self._news.clear()
        await self._news.wait()

    def on_headers(self, headers: Mapping[str, str]) -> None:
        self.status = int(headers.get(":status", "0"))
        self.headers = {name: value for name, value in headers.items() if not name.startswith(":")}
        self._news.set()

    def on_piece(self, piece: bytes, credit: int) -> None:
        self._pieces.append((piece, credit))
        self._news.set()

    def on_end(self) -> None:
        self._ended = True
        self._news.set()

    def on_failure(self, problem: Problem) -> None:
        if not self._ended:
            self._problem = problem
        self._news.set()


class Owner(Protocol):
    """Who hears of a connection's life."""

    def on_dialled(self, connection: "Connection") -> None:
        """Somebody connected."""
        ...

    def on_up(self, connection: "Connection") -> None:
        """It is a gateway, ready to be asked."""
        ...

    def on_down(self, connection: "Connection") -> None:
        """It has gone."""
        ...


class Connection(asyncio.Protocol):
    """One gateway's connection: h2 in the client's role on a socket that was accepted.

    Invariant: a stream is in `_streams` from its request until its reader closed it.
    """

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._streams: dict[int, LinkStream] = {}
        self._transport: asyncio.Transport | None = None
        self._room = asyncio.Event()
        self._greeted = False
        self.closed = asyncio.Event()
        self._h2 = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._h2.initiate_connection()
        self._h2.update_settings(_SETTINGS)
        self._h2.increment_flow_control_window(CONNECTION_WINDOW_BYTES - _DEFAULT_CONNECTION_WINDOW)
        self._flush()
        self._owner.on_dialled(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self.closed.set()
        self._owner.on_down(self)
        self._room.set()
        for stream in list(self._streams.values()):
            stream.on_failure(not_connected())

    def data_received(self, data: bytes) -> None:
        try:
            for event in self._h2.receive_data(data):
                self._on_event(event)
        except H2Error as error:
            _log.warning("the gateway broke HTTP/2's rules: %s", error)
            self.close()
        self._flush()

    def close(self) -> None:
        if self._transport is not None:
            self._flush()
            self._transport.close()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    async def ask(
        self, method: str, path: str, person: str, body: bytes | None, headers: Mapping[str, str]
    ) -> LinkStream:
        """Send a request; the stream on which its answer will come."""
        number = self._begin(method, path, person, body, headers)
        stream = self._streams[number] = LinkStream(self, number)
        try:
            await self._send_body(number, body or b"")
        except BaseException:
            stream.close()
            raise
        return stream

    def give_credit(self, number: int, credit: int) -> None:
        if self._transport is not None and credit:
            self._h2.acknowledge_received_data(credit, number)
            self._flush()

    def forget(self, number: int, *, reset: bool) -> None:
        if self._streams.pop(number, None) is None or not reset or self._transport is None:
            return
        self._h2.reset_stream(number, ErrorCodes.CANCEL)
        self._flush()

    def _begin(self, method: str, path: str, person: str, body: bytes | None, further: Mapping[str, str]) -> int:
        if self._transport is None:
            raise not_connected()
        if self._h2.open_outbound_streams >= self._h2.remote_settings.max_concurrent_streams:
            raise Problem(Kind.TOO_MANY, "The recorder is serving as many viewers as it can.", remedy="Close some.")
        number = self._h2.get_next_available_stream_id()
        headers = [
            (":method", method),
            (":scheme", "https"),
            (":authority", "recorder"),
            (":path", path),
            (PERSON_HEADER, person),
            *further.items(),
        ]
        if body is not None:
            headers += [("content-type", "application/json"), ("content-length", str(len(body)))]
        self._h2.send_headers(number, headers, end_stream=not body)
        self._flush()
        return number

    async def _send_body(self, number: int, body: bytes) -> None:
        while body:
            room = min(self._h2.local_flow_control_window(number), self._h2.max_outbound_frame_size, len(body))
            if room > 0:
                self._h2.send_data(number, body[:room], end_stream=room == len(body))
                body = body[room:]
                self._flush()
                continue
            self._room.clear()
            await self._room.wait()
            if self._transport is None:
                raise not_connected()

    def _on_event(self, event: h2.events.Event) -> None:
        stream = self._streams.get(getattr(event, "stream_id", 0) or 0)
        if isinstance(event, h2.events.ResponseReceived) and stream is not None:
            stream.on_headers(dict(cast(list[tuple[str, str]], event.headers)))
        elif isinstance(event, h2.events.DataReceived):
            if stream is not None:
                stream.on_piece(event.data, event.flow_controlled_length)
            else:
                self.give_credit(event.stream_id, event.flow_controlled_length)
        elif isinstance(event, h2.events.StreamEnded) and stream is not None:
            stream.on_end()
        elif isinstance(event, h2.events.StreamReset) and stream is not None:
            stream.on_failure(Problem(Kind.UNAVAILABLE, "The recorder broke the answer off.", remedy="Try again."))
        elif isinstance(event, h2.events.WindowUpdated):
            self._room.set()
        elif isinstance(event, h2.events.RemoteSettingsChanged):
            self._room.set()
            self._greet()
        elif isinstance(event, h2.events.ConnectionTerminated):
            self.close()

    def _greet(self) -> None:
        """The peer's first settings show that it is a gateway (RFC 9113, section 3.4)."""
        if not self._greeted:
            self._greeted = True
            self._owner.on_up(self)

    def _flush(self) -> None:
        if self._transport is not None and (data := self._h2.data_to_send()):
            self._transport.write(data)


def _problem(body: bytes) -> Problem:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict) or not document.get("title"):
        return Problem(Kind.UNAVAILABLE, "The recorder could not answer.", remedy="Try again.")
    return Problem.read(document)
