"""Knocks at addresses of a network: who is a camera there? Without a login, briefly, believing nothing.

An answer is read up to 64 KB within 3 s, redirects are not followed, and what stands behind TLS is asked without looking
at its certificate: nothing is given away, and nothing decided but that a device is listed.
"""

import asyncio
import re
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import unquote, urlsplit

import h11

from tawny.recorder.finding.addresses import url
from tawny.recorder.finding.makes import make_of
from tawny.recorder.finding.model import Kind, Met
from tawny.wire.onvif import device, soap
from tawny.wire.onvif.soap import Call, FaultError
from tawny.wire.rtsp.messages import Headers, Request

_CONNECT_S = 1.0
_WHOLE_S = 3.0
_MOST_BYTES = 65_536

T = TypeVar("T")


def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # nothing is given away here: no login is ever sent
    return context


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer(Generic[T]):
    """A device service spoke; *value* is None where it refused."""

    value: T | None


class NetworkProbe:
    """The port `DeviceProbe`."""

    async def onvif(self, host: str, port: int, *, secure: bool) -> Met | None:
        address = url("https" if secure else "http", host, port)
        if await _asked(address, device.get_system_date_and_time()) is None:
            return None
        return await self.describe(address) or Met(kind=Kind.ONVIF, address=address)

    async def describe(self, address: str) -> Met | None:
        answer = await _asked(address, device.get_device_information())
        if answer is None:
            return None
        told = answer.value or device.DeviceInformation()
        return Met(
            kind=Kind.ONVIF,
            address=address,
            make=told.manufacturer,
            model=told.model,
            serial=told.serial,
            hardware=told.hardware,
        )

    async def rtsp(self, host: str, port: int) -> Met | None:
        address = url("rtsp", host, port, "/")
        question = Request(method="OPTIONS", url=address, headers=Headers([("CSeq", "1")])).encode()
        answer = await _answered(host, port, question, secure=False, whole=lambda data: b"\r\n\r\n" in data)
        server = re.search(rb"\r\nServer: *([^\r\n]*)", answer, re.IGNORECASE)
        hint = server[1].decode("ascii", "replace") if server else ""
        return Met(kind=Kind.RTSP, address=address, make=make_of(hint)) if answer.startswith(b"RTSP/") else None

    async def open_ports(self, host: str, ports: Sequence[int]) -> Sequence[int]:
        tried = await asyncio.gather(*(_accepts(host, port) for port in ports))
        return [port for port, accepted in zip(ports, tried, strict=True) if accepted]


async def _asked(address: str, call: Call[T]) -> _Answer[T] | None:
    """What the device service at *address* says to *call*; None where no such service answers."""
    parts = urlsplit(address)
    secure, host = parts.scheme == "https", unquote(parts.hostname or "")
    port = parts.port or (443 if secure else 80)
    shown = f"[{host.partition('%')[0]}]" if ":" in host else host  # a zone is ours alone (RFC 6874)
    question = _request(parts.path, f"{shown}:{port}", soap.envelope(call.body))
    body = _HttpBody()
    await _answered(host, port, question, secure=secure, whole=body.whole)
    data = body.data
    try:
        return _Answer(value=call.read(soap.answer(data)))
    except FaultError:
        return _Answer(value=None)
    except ValueError:
        return None


def _request(path: str, host: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {soap.CONTENT_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + body


class _HttpBody:
    """The body of an HTTP answer, read as it comes."""

    def __init__(self) -> None:
        self._reading = h11.Connection(h11.CLIENT)
        self._reading.send(h11.Request(method="POST", target="/", headers=[("Host", "-"), ("Content-Length", "0")]))
        self._reading.send(h11.EndOfMessage())
        self._taken = 0
        self.data = b""

    def whole(self, answer: bytes) -> bool:
        """Take what is new in *answer*; whether nothing more is wanted."""
        try:
            self._reading.receive_data(answer[self._taken :])
            self._taken = len(answer)
            return self._read()
        except h11.RemoteProtocolError:
            self.data = b""
            return True

    def _read(self) -> bool:
        while True:
            event = self._reading.next_event()
            if isinstance(event, h11.Data):
                self.data += bytes(event.data)
            elif event is h11.NEED_DATA or event is h11.PAUSED:
                return False
            elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                return True


async def _answered(host: str, port: int, question: bytes, *, secure: bool, whole: Callable[[bytes], bool]) -> bytes:
    """What comes back to *question* until it is *whole*, ends, or is too long or too slow."""
    answer = b""
    with suppress(OSError, TimeoutError):  # ssl.SSLError is an OSError
        async with asyncio.timeout(_WHOLE_S):
            reader, writer = await _connected(host, port, _unverified() if secure else None)
            try:
                writer.write(question)
                while len(answer) < _MOST_BYTES and (piece := await reader.read(8192)):
                    answer += piece
                    if whole(answer):
                        break
            finally:
                writer.transport.abort()
    return answer


async def _connected(
    host: str, port: int, tls: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(_CONNECT_S):
        return await asyncio.open_connection(host, port, ssl=tls, limit=_MOST_BYTES)


async def _accepts(host: str, port: int) -> bool:
    try:
        _, writer = await _connected(host, port, None)
    except (OSError, TimeoutError):
        return False
    writer.transport.abort()
    return True
