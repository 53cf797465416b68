"""HTTP/1.1 for ONVIF: whole requests in, whole answers out, everything bounded."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast

import h11

from tawny.runtime.tasks import Tasks

MOST_CONNECTIONS = 256
LARGEST_BODY = 1 << 20  # bytes of a request; the largest real ones have some thousand
_LARGEST_HEAD = 16 << 10
_MOST_EARLY = 64 << 10
_PATIENCE_S = 30.0  # for a whole request, and between two

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request; *headers* have lower-case names, *peer* and *local* are addresses, *local* with its port."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    peer: str
    local: tuple[str, int]
    secure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """An answer."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = field(default=b"", repr=False)


Answer = Callable[[HttpRequest], Coroutine[None, None, HttpResponse]]


class HttpServer:
    """Answers requests with *answer*, one at a time on each connection, until `close`."""

    def __init__(self, answer: Answer, *, tasks: Tasks) -> None:
        self._answer = answer
        self._tasks = tasks
        self._connections: set[_Connection] = set()
        self._servers: list[asyncio.Server] = []
        self._resting = False

    async def listen(self, host: str, port: int, *, tls: ssl.SSLContext | None = None) -> int:
        """Accept connections; the port, which the system chooses where *port* is 0."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._connection, host, port, ssl=tls)
        self._servers.append(server)
        bound: int = server.sockets[0].getsockname()[1]
        return bound

    def rest(self) -> None:
        """Let everybody go and nobody in, until `resume`."""
        self._resting = True
        for connection in list(self._connections):
            connection.abort()

    def resume(self) -> None:
        """Answer again."""
        self._resting = False

    def close(self) -> None:
        """Accept and answer nobody any more."""
        for server in self._servers:
            server.close()
        for connection in list(self._connections):
            connection.abort()

    def _connection(self) -> asyncio.Protocol:
        return _Connection(self._answer, self._tasks, self._connections, welcome=not self._resting)


class _Connection(asyncio.Protocol):
    """One client.

    Invariants: one request is answered at a time, and no more than `_MOST_EARLY` of what follows it is kept; a client
    that takes longer than `_PATIENCE_S` for a request is let go; when the client goes, so does the task that answers it.
    """

    def __init__(self, answer: Answer, tasks: Tasks, connections: set["_Connection"], *, welcome: bool) -> None:
        self._welcome = welcome
        self._answer = answer
        self._tasks = tasks
        self._connections = connections
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_LARGEST_HEAD)
        self._request: h11.Request | None = None
        self._body = bytearray()
        self._task: asyncio.Task[None] | None = None
        self._early = 0  # bytes that came while a request was being answered

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._connections.add(self)
        self._wait()
        if len(self._connections) > MOST_CONNECTIONS or not self._welcome:
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._patience.cancel()
        self._connections.discard(self)
        if self._task is not None:
            self._task.cancel()

    def abort(self) -> None:
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._early += len(data) if self._task is not None else -self._early
        if self._early > _MOST_EARLY:
            self.abort()
            return
        self._http.receive_data(data)
        self._advance()

    def eof_received(self) -> bool:
        return self._task is not None  # who shuts down its side still gets its answer

    def _wait(self) -> None:
        self._patience = asyncio.get_running_loop().call_later(_PATIENCE_S, self.abort)

    def _advance(self) -> None:
        """Take what has come, up to a whole request."""
        try:
            while self._task is None and not self._transport.is_closing():
                event = self._http.next_event()
                if event is h11.NEED_DATA or event is h11.PAUSED or isinstance(event, h11.ConnectionClosed):
                    return
                self._take(event)
        except h11.RemoteProtocolError as error:
            self._refuse(error.error_status_hint)

    def _take(self, event: object) -> None:
        match event:
            case h11.Request():
                self._request, self._body = event, bytearray()
                if self._http.they_are_waiting_for_100_continue:
                    self._send(h11.InformationalResponse(status_code=100, headers=[]))
            case h11.Data(data=data):
                self._body += data
                if len(self._body) > LARGEST_BODY:
                    self._refuse(413)
            case h11.EndOfMessage():
                self._begin()
            case _:
                raise AssertionError("h11 tells a server of nothing else")

    def _begin(self) -> None:
        assert self._request is not None, "h11 gives the end after its beginning"
        self._patience.cancel()
        self._task = self._tasks.start(self._run(self._read(self._request)), name="request")

    def _read(self, request: h11.Request) -> HttpRequest:
        sockname = self._transport.get_extra_info("sockname")
        return HttpRequest(
            method=request.method.decode("ascii"),
            target=request.target.decode("ascii"),
            headers={name.decode("ascii"): value.decode("latin-1") for name, value in request.headers},
            body=bytes(self._body),
            peer=str(self._transport.get_extra_info("peername")[0]),
            local=(str(sockname[0]), int(sockname[1])),
            secure=self._transport.get_extra_info("sslcontext") is not None,
        )

    async def _run(self, request: HttpRequest) -> None:
        try:
            response = await self._answer(request)
        except Exception:  # noqa: BLE001 - the server's boundary: a request that fails must not take others along
            _log.exception("a request to %s failed", request.target)
            response = HttpResponse(status=500)
        self._respond(response)
        self._task = None
        self._wait()
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            self._advance()
        else:
            self._transport.close()

    def _refuse(self, status: int) -> None:
        """Answer what can't be read, and end the connection: the rest of it can't be trusted."""
        if self._http.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self._respond(HttpResponse(status=status, headers=[("Connection", "close")]))
        self._transport.close()

    def _respond(self, response: HttpResponse) -> None:
        headers = [*response.headers, ("Content-Length", str(len(response.body)))]
        self._send(
            h11.Response(status_code=response.status, headers=headers, reason=HTTPStatus(response.status).phrase)
        )
        if response.body and not (self._request is not None and self._request.method == b"HEAD"):
            self._send(h11.Data(data=response.body))
        self._send(h11.EndOfMessage())

    def _send(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data and not self._transport.is_closing():
            self._transport.write(data)
