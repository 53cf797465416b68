"""The link to the hub: the gateway dials, then it is the HTTP/2 server (RFC 9113) on that connection.

`Dialer` keeps a connection; `Connection` serves one, with flow control for each stream, so that a reader who stops
holds up nobody but himself.
"""

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast
from urllib.parse import parse_qsl, unquote, urlsplit

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
from h2.settings import SettingCodes, Settings

from tawny.gateway.exchange import Answer, Handler, Request, problem_answer
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks
from tawny.wire.link import CONNECTION_WINDOW_BYTES, PERSON_HEADER, WINDOW_BYTES

MAX_STREAMS: Final = 256  # at once; more wait in the hub
MAX_REQUEST: Final = 1 << 20
MAX_FRAME: Final = 64 << 10
FIRST_RETRY_S: Final = 0.2
LAST_RETRY_S: Final = 5.0
RETRY_GROWTH: Final = 1.3  # gentle: a Unix socket costs nothing to dial, and people wait for the page

_READ_SIZE = 256 << 10
_SETTINGS: Final = {
    SettingCodes.INITIAL_WINDOW_SIZE: WINDOW_BYTES,
    SettingCodes.MAX_CONCURRENT_STREAMS: MAX_STREAMS,
    SettingCodes.MAX_FRAME_SIZE: MAX_FRAME,
    SettingCodes.MAX_HEADER_LIST_SIZE: 64 << 10,
}
_log = logging.getLogger(__name__)


class Dialer:
    """Dials the hub's socket again and again, and serves each connection until it ends."""

    def __init__(self, path: Path, *, handler: Handler, clock: Clock) -> None:
        self._path = path
        self._handler = handler
        self._clock = clock

    async def run(self) -> None:
        """Keep a connection to the hub until cancelled."""
        retry_s = FIRST_RETRY_S
        while True:
            if await self.run_once():
                retry_s = FIRST_RETRY_S
            await self._clock.sleep(retry_s)
            retry_s = min(retry_s * RETRY_GROWTH, LAST_RETRY_S)

    async def run_once(self) -> bool:
        """Dial once and serve what is asked; whether the hub answered at all."""
        try:
            reader, writer = await asyncio.open_unix_connection(self._path)
        except OSError:
            return False
        _log.info("connected to the hub")
        try:
            return await Connection(reader, writer, handler=self._handler).serve()
        finally:
            writer.close()


@dataclass(slots=True, eq=False)
class _Stream:
    """What is known of one request under way."""

    headers: dict[str, str]
    body: bytearray = field(default_factory=bytearray)
    task: asyncio.Task[None] | None = None
    room: asyncio.Event = field(default_factory=asyncio.Event)


class Connection:
    """One HTTP/2 connection in the server's role.

    Invariants: each stream in ``_streams`` is open; a stream that ends or is reset takes its work along. Of an answer no
    more is taken from its source than the reader has given room for.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, handler: Handler) -> None:
        self._reader = reader
        self._writer = writer
        self._handler = handler
        self._streams: dict[int, _Stream] = {}
        self._tasks = Tasks("link")
        self._h2 = h2.connection.H2Connection(
            config=h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        )

    async def serve(self) -> bool:
        """Answer until the other side closes; whether it ever said anything."""
        heard = False
        self._greet()
        async with self._tasks:
            try:
                while data := await self._reader.read(_READ_SIZE):
                    heard = True
                    for event in self._h2.receive_data(data):
                        self._take(event)
                    await self._flush()
            except (h2.exceptions.ProtocolError, ValueError) as error:  # ValueError: headers that are no UTF-8
                _log.warning("the hub broke the protocol: %s", error)
                self._write()
            except ConnectionError:
                pass  # the hub went away while we answered: the same as an orderly end
        return heard

    def _greet(self) -> None:
        # Set before the preface rather than updated after it: the hub may send 256 requests with its first bytes.
        self._h2.local_settings = Settings(client=False, initial_values=_SETTINGS)
        self._h2.max_inbound_frame_size = MAX_FRAME
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(CONNECTION_WINDOW_BYTES - self._h2.inbound_flow_control_window)
        self._write()

    def _take(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RequestReceived():
                headers = cast("list[tuple[str, str]]", event.headers)
                self._streams[event.stream_id] = _Stream(headers=dict(headers))
            case h2.events.DataReceived():
                self._h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                self._take_body(event.stream_id, event.data)
            case h2.events.StreamEnded():
                self._begin(event.stream_id)
            case h2.events.StreamReset():
                self._abandon(event.stream_id)
            case h2.events.WindowUpdated():
                self._make_room(event.stream_id)
            case h2.events.RemoteSettingsChanged():
                self._make_room(0)
            case _:
                pass  # pings and acknowledgements are h2's own business

    def _take_body(self, stream_id: int, data: bytes) -> None:
        stream = self._streams.get(stream_id)
        if stream is not None and stream.task is None:
            stream.body += data
            if len(stream.body) > MAX_REQUEST:
                self._start(stream_id, stream)  # answers at once that it is too long

    def _begin(self, stream_id: int) -> None:
        stream = self._streams.get(stream_id)
        if stream is not None and stream.task is None:
            self._start(stream_id, stream)

    def _start(self, stream_id: int, stream: _Stream) -> None:
        stream.task = self._tasks.start(self._run(stream_id, stream), name=f"stream {stream_id}")

    def _abandon(self, stream_id: int) -> None:
        stream = self._streams.pop(stream_id, None)
        if stream is not None and stream.task is not None:
            stream.task.cancel()

    def _make_room(self, stream_id: int) -> None:
        streams = [self._streams.get(stream_id)] if stream_id else list(self._streams.values())
        for stream in streams:
            if stream is not None:
                stream.room.set()

    async def _run(self, stream_id: int, stream: _Stream) -> None:
        """Answer one request; a failure of ours ends this stream and no other."""
        try:
            await self._answer(stream_id, stream, await self._ask(stream))
        except (h2.exceptions.ProtocolError, ConnectionError):
            pass  # reset or connection lost between two steps: there is nobody left to tell
        except Exception:  # noqa: BLE001 - the server's boundary: no request may end the connection of all others
            _log.exception("the answer to %s failed", stream.headers.get(":path"))
            self._reset(stream_id)
        finally:
            self._streams.pop(stream_id, None)

    async def _ask(self, stream: _Stream) -> Answer:
        try:
            return await self._handler(_request(stream))
        except Problem as problem:
            return problem_answer(problem)
        except Exception:  # noqa: BLE001 - the server's boundary: the asker gets a problem, the log the cause
            _log.exception("%s %s failed", stream.headers.get(":method"), stream.headers.get(":path"))
            title = "Something went wrong in the recorder's gateway."
            return problem_answer(Problem(Kind.UNAVAILABLE, title, remedy="The gateway's log says more."))

    async def _answer(self, stream_id: int, stream: _Stream, answer: Answer) -> None:
        whole = answer.body if isinstance(answer.body, bytes) else None
        headers = {":status": str(answer.status), **answer.headers}
        if whole is not None:
            headers["content-length"] = str(len(whole))
        self._h2.send_headers(stream_id, list(headers.items()), end_stream=whole == b"")
        await self._flush()
        if isinstance(answer.body, bytes):
            if answer.body:
                await self._send(stream_id, stream, answer.body, end=True)
            return
        async with aclosing(answer.body) as pieces:
            async for piece in pieces:
                await self._send(stream_id, stream, piece, end=False)
        self._h2.end_stream(stream_id)
        await self._flush()

    async def _send(self, stream_id: int, stream: _Stream, data: bytes, *, end: bool) -> None:
        view = memoryview(data)
        while view:
            room = min(self._h2.local_flow_control_window(stream_id), self._h2.max_outbound_frame_size)
            if room <= 0:
                stream.room.clear()
                await stream.room.wait()
                continue
            part, view = view[:room], view[room:]
            self._h2.send_data(stream_id, part, end_stream=end and not view)
            await self._flush()

    def _reset(self, stream_id: int) -> None:
        try:
            self._h2.reset_stream(stream_id, h2.errors.ErrorCodes.INTERNAL_ERROR)
        except h2.exceptions.ProtocolError:
            return  # closed already
        self._write()

    def _write(self) -> None:
        if data := self._h2.data_to_send():
            self._writer.write(data)

    async def _flush(self) -> None:
        self._write()
        await self._writer.drain()


def _request(stream: _Stream) -> Request:
    """The request that *stream* holds; Problem where it is too long or no request at all."""
    if len(stream.body) > MAX_REQUEST:
        raise Problem(Kind.INVALID, "The request is longer than 1 MB.")
    try:
        url = urlsplit(stream.headers.get(":path", "/"))
        query = dict(parse_qsl(url.query, keep_blank_values=True, max_num_fields=32))
    except ValueError:
        raise Problem(Kind.INVALID, "The address of the request can't be read.") from None
    return Request(
        method=stream.headers.get(":method", "GET"),
        path=unquote(url.path),
        query=query,
        person=stream.headers.get(PERSON_HEADER, ""),
        body=bytes(stream.body),
        headers={name: value for name, value in stream.headers.items() if not name.startswith(":")},
    )
