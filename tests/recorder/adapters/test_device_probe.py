import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tawny.recorder.adapters.device_probe import NetworkProbe
from tawny.recorder.finding.model import Kind, Met
from tawny.wire.onvif import soap
from tawny.wire.onvif.elements import make
from tawny.wire.onvif.soap import Fault

INFORMATION = soap.envelope(
    make(
        "tds:GetDeviceInformationResponse",
        make("tds:Manufacturer", "Anpviz"),
        make("tds:Model", "IPC-D250"),
        make("tds:FirmwareVersion", "1"),
        make("tds:SerialNumber", "S1"),
        make("tds:HardwareId", "1.0"),
    )
)
CLOCK = soap.envelope(make("tds:GetSystemDateAndTimeResponse", make("tds:SystemDateAndTime")))
REFUSED = soap.envelope(soap.write_fault(Fault(code="Sender", subcodes=("NotAuthorized",))))

Answering = Callable[[bytes], bytes]


def http(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


@asynccontextmanager
async def serving(answering: Answering) -> AsyncIterator[int]:
    """A server that answers the first bytes of each connection by *answering*, then ends it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        data = await reader.read(65_536)
        writer.write(answering(data))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def camera(data: bytes) -> bytes:
    return http(CLOCK if b"GetSystemDateAndTime" in data else INFORMATION)


async def test_a_camera_that_tells_what_it_is_is_met() -> None:
    async with serving(camera) as port:
        met = await NetworkProbe().onvif("127.0.0.1", port, secure=False)

    address = f"http://127.0.0.1:{port}/onvif/device_service"
    assert met == Met(kind=Kind.ONVIF, address=address, make="Anpviz", model="IPC-D250", serial="S1", hardware="1.0")


async def test_a_camera_that_refuses_is_met_as_well() -> None:
    async with serving(lambda _: http(REFUSED, "400 Bad Request")) as port:
        met = await NetworkProbe().onvif("127.0.0.1", port, secure=False)

    assert met == Met(kind=Kind.ONVIF, address=f"http://127.0.0.1:{port}/onvif/device_service")


@pytest.mark.parametrize(
    "answer",
    [
        http(b"<html><body>Login</body></html>"),
        http(b"", "401 Unauthorized", "WWW-Authenticate: Basic realm=router\r\n"),
        http(b"", "302 Found", "Location: http://192.0.2.1/\r\n"),
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        http(b"<?xml version='1.0'?><a>" + b"x" * 200_000),
        b"",
    ],
)
async def test_what_is_no_camera_is_nobody(answer: bytes) -> None:
    async with serving(lambda _: answer) as port:
        probe = NetworkProbe()

        assert await probe.onvif("127.0.0.1", port, secure=False) is None
        assert await probe.rtsp("127.0.0.1", port) is None


async def test_what_speaks_no_tls_is_nobody_behind_tls() -> None:
    async with serving(camera) as port:
        assert await NetworkProbe().onvif("127.0.0.1", port, secure=True) is None


async def test_rtsp_is_met_whatever_its_answer_and_its_server_tells_the_make() -> None:
    answer = b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nServer: Hikvision RTSP\r\n\r\n"
    async with serving(lambda _: answer) as port:
        met = await NetworkProbe().rtsp("127.0.0.1", port)

    assert met == Met(kind=Kind.RTSP, address=f"rtsp://127.0.0.1:{port}/", make="Hikvision")


async def test_only_ports_that_accept_are_open() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        async with serving(camera) as port:
            found = await NetworkProbe().open_ports("127.0.0.1", [port, closed.getsockname()[1]])

    assert found == [port]
