"""HTTP to cameras: bounded in size and time, to the address that was found out once, and to no one else."""

import asyncio
import socket
import ssl
from pathlib import Path

import pytest

from tawny.recorder.adapters.onvif_http import HttpDialler, HttpTransport
from tawny.recorder.adapters.outbound import ForbiddenError, Pinned, resolve
from tawny.recorder.onvif.exchange import HttpAnswer
from tawny.recorder.onvif.model import DeviceAddress, DeviceError, DeviceTrouble
from tawny.runtime.clock import SystemClock
from tawny.wire.onvif.documents import LARGEST
from tests.fakes.certificates import self_signed
from tests.fakes.http_cameras import ScriptedCamera, answer, scripted

OK = answer(b"<a/>")


def dialler() -> HttpDialler:
    return HttpDialler(clock=SystemClock())


async def dialled(port: int, *, secure: bool = False, fingerprint: str = "") -> HttpTransport:
    return await dialler().dial(DeviceAddress(host="127.0.0.1", port=port, secure=secure), fingerprint=fingerprint)


async def posted(transport: HttpTransport, *, timeout_s: float = 10.0, authorization: str = "") -> HttpAnswer:
    return await transport.post("/x?y=1", b"<q/>", action="urn:a", authorization=authorization, timeout_s=timeout_s)


async def trouble(camera: ScriptedCamera, *, timeout_s: float = 10.0) -> DeviceError:
    async with scripted(camera):
        transport = await dialled(camera.port)
        with pytest.raises(DeviceError) as raised:
            await posted(transport, timeout_s=timeout_s)
        await transport.close()
    return raised.value


async def test_a_message_goes_out_with_what_cameras_want_and_its_answer_comes_back() -> None:
    said = answer(
        b"<a/>", 'WWW-Authenticate: Digest realm="r", nonce="n"', "Date: Sun, 22 Nov 2026 12:00:00 GMT", status=401
    )
    async with scripted(ScriptedCamera([said])) as camera:
        transport = await dialled(camera.port)
        found = await posted(transport, authorization="Digest x")
        await transport.close()

    head, _, body = camera.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /x?y=1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % camera.port)
    assert b'\r\nContent-Type: application/soap+xml; charset=utf-8; action="urn:a"\r\n' in head
    assert b"\r\nAuthorization: Digest x" in head
    assert body == b"<q/>"
    assert (found.status, found.body) == (401, b"<a/>")
    assert [each.nonce for each in found.challenges] == ["n"]
    assert found.date_us == 1_795_348_800_000_000


async def test_one_connection_carries_one_request_after_another() -> None:
    async with scripted(ScriptedCamera([OK])) as camera:
        transport = await dialled(camera.port)
        for _ in range(5):
            await posted(transport)
        await transport.close()

    assert (camera.connections, len(camera.requests)) == (1, 5)


async def test_a_connection_that_the_camera_gave_up_meanwhile_is_replaced() -> None:
    async with scripted(ScriptedCamera([OK], hang_up=True)) as camera:
        transport = await dialled(camera.port)
        answers = [await posted(transport) for _ in range(3)]
        await transport.close()

    assert [each.body for each in answers] == [b"<a/>"] * 3
    assert len(camera.requests) == 3


async def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    async with scripted(ScriptedCamera([b"HTTP/1.0 200 OK\r\n\r\n<a/>"], hang_up=True)) as camera:
        transport = await dialled(camera.port)
        found = await posted(transport)
        await transport.close()

    assert found.body == b"<a/>"


async def test_an_answer_of_fifty_megabytes_is_left_unread() -> None:
    endless = ScriptedCamera([b"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n"], repeated=bytes(65_536))

    error = await trouble(endless)

    assert error.trouble is DeviceTrouble.BAD_ANSWER
    assert endless.sent < LARGEST + (16 << 20)  # what stands in buffers between us


async def test_an_endless_head_is_left_unread() -> None:
    endless = ScriptedCamera([b"HTTP/1.1 200 OK\r\n"], repeated=b"X-More: and more\r\n" * 100)

    assert (await trouble(endless)).trouble is DeviceTrouble.NOT_ONVIF


async def test_an_answer_that_trickles_has_no_more_time_than_one_that_does_not_come() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    silent, trickling = ScriptedCamera([head]), ScriptedCamera([head], repeated=b" ", pace_s=0.01)

    assert (await trouble(silent, timeout_s=0.1)).trouble is DeviceTrouble.SILENT
    assert (await trouble(trickling, timeout_s=0.1)).trouble is DeviceTrouble.SILENT
    assert trickling.sent > 1


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", DeviceTrouble.NOT_ONVIF),
        (b"\x16\x03\x01\x02\x00", DeviceTrouble.NOT_ONVIF),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", DeviceTrouble.NOT_ONVIF),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort", DeviceTrouble.UNREACHABLE),
        (None, DeviceTrouble.UNREACHABLE),
    ],
)
async def test_what_is_no_answer_is_an_error_in_words(said: bytes | None, expected: DeviceTrouble) -> None:
    error = await trouble(ScriptedCamera([said], hang_up=True))

    assert error.trouble is expected
    assert error.title


async def test_a_port_where_nobody_listens_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(DeviceError, match=f"port {port}") as raised:
            await dialled(port)

    assert raised.value.trouble is DeviceTrouble.UNREACHABLE


async def test_a_name_with_an_address_where_nobody_answers_is_reached_at_the_next() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.2", 0))

        def several(host: str, port: int) -> tuple[Pinned, ...]:
            dead = Pinned(family=socket.AF_INET, address=("127.0.0.2", taken.getsockname()[1]))
            return (dead, *resolve("127.0.0.1", port))

        async with scripted(ScriptedCamera([OK])) as camera:
            address = DeviceAddress(host="camera.example.org", port=camera.port)
            transport = await HttpDialler(clock=SystemClock(), resolve=several).dial(address)
            await transport.close()

    assert transport.host == "127.0.0.1"


async def test_a_name_is_resolved_once_and_never_again() -> None:
    asked: list[str] = []

    def changing(host: str, port: int) -> tuple[Pinned, ...]:
        asked.append(host)
        return resolve("127.0.0.1" if len(asked) == 1 else host, port)

    async with scripted(ScriptedCamera([OK], hang_up=True)) as camera:
        address = DeviceAddress(host="camera.example.org", port=camera.port)
        transport = await HttpDialler(clock=SystemClock(), resolve=changing).dial(address)
        for _ in range(2):
            await posted(transport)
        await transport.close()

    assert asked == ["camera.example.org", "127.0.0.1"]
    assert transport.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("error", "words"), [(ForbiddenError("Tawny's own."), "Tawny's own"), (socket.gaierror(), "no device of that name")]
)
async def test_what_may_not_or_can_not_be_reached_is_no_address(error: OSError, words: str) -> None:
    def refusing(host: str, port: int) -> tuple[Pinned, ...]:
        raise error

    with pytest.raises(DeviceError, match=words) as raised:
        await HttpDialler(clock=SystemClock(), resolve=refusing).dial(DeviceAddress(host="x"))

    assert raised.value.trouble is DeviceTrouble.ADDRESS


async def test_closing_frees_who_waits() -> None:
    async with scripted(ScriptedCamera([b""])) as camera:
        transport = await dialled(camera.port)
        async with asyncio.TaskGroup() as group:
            waiting = group.create_task(outcome(transport))
            await camera.asked.wait()
            await transport.close()

    assert waiting.result() is DeviceTrouble.UNREACHABLE


async def outcome(transport: HttpTransport) -> DeviceTrouble | None:
    try:
        await posted(transport)
    except DeviceError as error:
        return error.trouble
    return None


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, str]:
    """A camera's own certificate, and its fingerprint."""
    fingerprint = self_signed(tmp_path / "camera.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "camera.pem")
    return context, fingerprint


async def test_a_confirmed_certificate_is_spoken_to(tls: tuple[ssl.SSLContext, str]) -> None:
    context, fingerprint = tls
    async with scripted(ScriptedCamera([OK]), context) as camera:
        transport = await dialled(camera.port, secure=True, fingerprint=fingerprint.upper())
        found = await posted(transport)
        await transport.close()

    assert found.body == b"<a/>"
    assert transport.certificate == fingerprint


@pytest.mark.parametrize("pinned", ["", "00" * 32])
async def test_an_unknown_certificate_is_told_and_hears_nothing(tls: tuple[ssl.SSLContext, str], pinned: str) -> None:
    context, fingerprint = tls
    async with scripted(ScriptedCamera([OK]), context) as camera:
        with pytest.raises(DeviceError) as raised:
            await dialled(camera.port, secure=True, fingerprint=pinned)

    assert raised.value.trouble is DeviceTrouble.CERTIFICATE
    assert raised.value.certificate == fingerprint
    assert not camera.requests


async def test_who_speaks_no_tls_is_told_apart() -> None:
    async with scripted(ScriptedCamera([OK])) as camera:
        with pytest.raises(DeviceError, match="does not speak TLS"):
            await dialled(camera.port, secure=True)
