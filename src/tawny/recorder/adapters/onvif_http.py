"""SOAP over HTTP to one device: h11 on asyncio's streams, every answer bounded in size and time.

A device's name is resolved once (``outbound``); all connections go to that address. Cameras close idle connections as
they like, so one that is closed before it answered anything is replaced by a new one, once.
"""

import asyncio
import hmac
import socket
import ssl
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import h11

from tawny.recorder.adapters import outbound
from tawny.recorder.adapters.http_connection import HttpConnection, UnheardError
from tawny.recorder.adapters.outbound import ForbiddenError, Pinned
from tawny.recorder.onvif.exchange import HttpAnswer
from tawny.recorder.onvif.model import DeviceAddress, DeviceError, DeviceTrouble, device_error
from tawny.runtime.clock import Clock

CONNECT_S = 5.0
_IDLE_S = 4.0  # then a camera may be about to close the connection
_MOST_IDLE = 2  # connections kept for the next request, of each port
_MOST_AT_ONCE = 4  # cameras serve few connections, and browsers want some too

Resolve = Callable[[str, int], Sequence[Pinned]]


def _context() -> ssl.SSLContext:
    """TLS as cameras have it: they sign their certificates themselves, so the fingerprint decides, nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT@SECLEVEL=1")  # many cameras' keys have 1024 bits
    return context


class HttpDialler:
    """The port `Dialler`."""

    def __init__(self, *, clock: Clock, resolve: Resolve = outbound.resolve) -> None:
        self._clock = clock
        self._resolve = resolve

    async def dial(self, address: DeviceAddress, *, fingerprint: str = "") -> "HttpTransport":
        """See `Dialler.dial`."""
        where = _Where(address=address, fingerprint=fingerprint.replace(":", "").lower(), resolve=self._resolve)
        try:
            async with asyncio.timeout(2 * CONNECT_S):  # names may take long to look up
                connection, pinned = await where.first()
        except TimeoutError as error:
            raise device_error(DeviceTrouble.UNREACHABLE) from error
        return HttpTransport(where, pinned, connection, clock=self._clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    """Where connections go, and whom they must find there."""

    address: DeviceAddress
    fingerprint: str
    resolve: Resolve

    async def first(self) -> "tuple[HttpConnection, Pinned]":
        """A connection to the first of the host's addresses that answers."""
        problem = device_error(DeviceTrouble.UNREACHABLE)
        found = await self._resolved(self.address.host, self.address.port)
        for pinned in found:
            try:
                async with asyncio.timeout(CONNECT_S / len(found)):
                    return await self.connected(pinned), pinned
            except DeviceError as error:
                problem = error
            except TimeoutError:
                continue
        raise problem

    async def again(self, pinned: Pinned, port: int) -> "HttpConnection":
        """Another connection to the same address, on *port*."""
        found = await self._resolved(pinned.host, port)
        return await self.connected(found[0])

    async def _resolved(self, host: str, port: int) -> Sequence[Pinned]:
        try:
            return await asyncio.to_thread(self.resolve, host, port)
        except ForbiddenError as error:
            raise device_error(DeviceTrouble.ADDRESS, title=str(error)) from error
        except OSError as error:
            raise device_error(DeviceTrouble.ADDRESS) from error

    async def connected(self, pinned: Pinned) -> "HttpConnection":
        """A connection to *pinned*, by TLS where the address is secure."""
        opened = socket.socket(pinned.family, socket.SOCK_STREAM)
        opened.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(opened, pinned.address)
            reader, writer = await asyncio.open_connection(sock=opened)
        except OSError as error:
            opened.close()
            raise _unreachable(error, int(pinned.address[1])) from error
        except BaseException:
            opened.close()
            raise
        shown = b""
        try:
            if self.address.secure:
                await self._secured(writer)
                shown = self._shown(writer)
        except BaseException:
            writer.transport.abort()
            raise
        return HttpConnection(reader, writer, shown)

    async def _secured(self, writer: asyncio.StreamWriter) -> None:
        try:
            await writer.start_tls(_context(), server_hostname=self.address.host.partition("%")[0])
        except OSError as error:
            raise device_error(
                DeviceTrouble.NOT_ONVIF,
                title=f"What answers on port {self.address.port} does not speak TLS as cameras do.",
                remedy="Check the port of HTTPS in the camera's settings, or use http:// instead.",
            ) from error

    def _shown(self, writer: asyncio.StreamWriter) -> bytes:
        """The certificate, where it is the right one."""
        shown: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True) or b""
        fingerprint = sha256(shown).hexdigest()
        if hmac.compare_digest(fingerprint, self.fingerprint):
            return shown
        if self.fingerprint:
            raise device_error(DeviceTrouble.CERTIFICATE, certificate=fingerprint, shown=shown)
        raise device_error(
            DeviceTrouble.CERTIFICATE,
            title="The camera's certificate has not been confirmed yet.",
            remedy="Compare its fingerprint with the one in the camera's settings, and confirm it.",
            certificate=fingerprint,
            shown=shown,
        )


def _unreachable(error: OSError, port: int) -> DeviceError:
    if isinstance(error, ConnectionRefusedError):
        return device_error(
            DeviceTrouble.UNREACHABLE,
            title=f"The device does not accept connections on port {port}.",
            remedy="Check the port, and that ONVIF and HTTP are switched on in the camera's settings.",
        )
    return device_error(DeviceTrouble.UNREACHABLE)


class HttpTransport:
    """The port `Transport`.

    Invariants: at most `_MOST_AT_ONCE` requests are under way; a connection carries one at a time, and is kept only
    after a whole answer.
    """

    def __init__(self, where: _Where, pinned: Pinned, first: "HttpConnection", *, clock: Clock) -> None:
        self._where = where
        self._pinned = pinned
        self._clock = clock
        self._shown = first.shown
        self._idle: dict[int, list[tuple[float, HttpConnection]]] = defaultdict(list)
        self._busy: set[HttpConnection] = set()
        self._free = asyncio.Semaphore(_MOST_AT_ONCE)
        self._closed = False
        self._idle[where.address.port].append((clock.monotonic(), first))

    @property
    def certificate(self) -> str:
        """See `Transport.certificate`."""
        return sha256(self._shown).hexdigest() if self._shown else ""

    @property
    def shown(self) -> bytes:
        """See `Transport.shown`."""
        return self._shown

    @property
    def host(self) -> str:
        """See `Transport.host`."""
        return self._pinned.host

    async def post(
        self, path: str, body: bytes, *, action: str, authorization: str = "", timeout_s: float, port: int | None = None
    ) -> HttpAnswer:
        """See `Transport.post`."""
        asked = self._where.address if port is None else replace(self._where.address, port=port)
        headers = [
            ("Host", asked.authority),
            ("User-Agent", "Tawny"),
            ("Content-Type", f'application/soap+xml; charset=utf-8; action="{action}"'),
            ("Content-Length", str(len(body))),
        ]
        if authorization:
            headers.append(("Authorization", authorization))
        request = h11.Request(method="POST", target=path, headers=headers)
        try:
            async with asyncio.timeout(timeout_s), self._free:
                return await self._exchanged(request, body, asked.port)
        except TimeoutError as error:
            raise device_error(DeviceTrouble.SILENT) from error

    async def _exchanged(self, request: h11.Request, body: bytes, port: int) -> HttpAnswer:
        kept = self._kept(port)
        if kept is not None:
            try:
                return await self._over(kept, request, body, port)
            except UnheardError:
                pass  # it was closed meanwhile, so the camera has read nothing of this
        try:
            return await self._over(await self._where.again(self._pinned, port), request, body, port)
        except UnheardError as error:
            raise device_error(DeviceTrouble.UNREACHABLE, title="The camera closed the connection.") from error

    def _kept(self, port: int) -> "HttpConnection | None":
        while self._idle[port]:
            since, connection = self._idle[port].pop()
            if self._clock.monotonic() - since < _IDLE_S:
                return connection
            connection.close()
        return None

    async def _over(self, connection: "HttpConnection", request: h11.Request, body: bytes, port: int) -> HttpAnswer:
        if self._closed:
            connection.close()
            raise device_error(DeviceTrouble.UNREACHABLE, title="The connection was given up.")
        self._busy.add(connection)
        try:
            answer = await connection.exchange(request, body)
        except BaseException:
            connection.close()
            raise
        finally:
            self._busy.discard(connection)
        self._keep(connection, port)
        return answer

    def _keep(self, connection: HttpConnection, port: int) -> None:
        if self._closed or not connection.renewed() or len(self._idle[port]) >= _MOST_IDLE:
            connection.close()
        else:
            self._idle[port].append((self._clock.monotonic(), connection))

    async def close(self) -> None:
        """See `Transport.close`."""
        self._closed = True
        for connection in [*self._busy, *(each for kept in self._idle.values() for _, each in kept)]:
            connection.close()
        self._idle.clear()
