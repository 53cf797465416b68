"""Reaching a device: where it is, what it offers, who it is."""

import secrets
import ssl
from pathlib import Path
from typing import Any

import pytest

from tawny.recorder.adapters.onvif_http import HttpDialler
from tawny.recorder.onvif.client import OnvifDevice
from tawny.recorder.onvif.model import DeviceAddress, DeviceError, DeviceTrouble, Learned, Login
from tawny.recorder.onvif.opening import DeviceOpener
from tawny.runtime.clock import SystemClock
from tawny.wire.onvif import soap
from tawny.wire.onvif.elements import make
from tawny.wire.onvif.names import MEDIA
from tests.devices.replay import Answer, Made, ReplayCamera, listening
from tests.fakes.certificates import self_signed
from tests.fakes.http_cameras import ScriptedCamera, answer, scripted
from tests.recorder.onvif.test_client import answers, said


async def opened(
    port: int,
    path: str = "",
    learned: Learned | None = None,
    reached: list[str] | None = None,
    fingerprint: str = "",
) -> OnvifDevice:
    clock = SystemClock()
    opener = DeviceOpener(dialler=HttpDialler(clock=clock), clock=clock, random_bytes=secrets.token_bytes)
    return await opener.open(
        DeviceAddress.parse(f"127.0.0.1:{port}{path}"),
        Login(user="u", password="p"),
        learned=learned,
        fingerprint=fingerprint,
        on_reached=lambda: (reached if reached is not None else []).append("reached"),
    )


async def trouble(port: int) -> DeviceError:
    with pytest.raises(DeviceError) as raised:
        await opened(port)
    return raised.value


def unknown() -> Answer:
    fault = soap.Fault(code="Receiver", subcodes=("ActionNotSupported",))
    return Answer(body=soap.envelope(soap.write_fault(fault)), status=500)


def capabilities() -> bytes:
    held = make("tt:Media", make("tt:XAddr", "http://192.168.77.7/onvif/media"))
    return said("tds:GetCapabilitiesResponse", make("tds:Capabilities", held))


async def test_an_old_camera_is_asked_for_its_capabilities_and_remembered_as_old() -> None:
    camera = ReplayCamera(Made(answers(GetServices=unknown(), GetCapabilities=capabilities())))

    async with listening(camera) as port:
        found = await opened(port)
        again = await opened(port, learned=found.learned)
        await found.close()
        await again.close()

    assert found.learned.legacy
    assert again.services == {MEDIA}
    assert camera.asked["GetServices"] == 1


async def test_a_camera_that_tells_little_of_itself_is_opened_all_the_same() -> None:
    lacking = dict.fromkeys(
        ("GetDeviceInformation", "GetNetworkInterfaces", "GetScopes", "GetEndpointReference"), unknown()
    )

    async with listening(ReplayCamera(Made(answers(**lacking)))) as port:
        found = await opened(port)
        await found.close()

    assert found.identity.serial == ""
    assert found.has(MEDIA)


async def test_who_is_reached_is_told_before_anything_else_is_asked() -> None:
    reached: list[str] = []

    async with listening(ReplayCamera(Made(answers()))) as port:
        found = await opened(port, reached=reached)
        await found.close()

    assert reached == ["reached"]


@pytest.mark.parametrize(
    "page", [answer(b"<html>Router</html>"), answer(b"", status=404), answer(b"nginx", status=405)]
)
async def test_a_web_server_is_no_camera(page: bytes) -> None:
    async with scripted(ScriptedCamera([page])) as other:
        error = await trouble(other.port)

    assert error.trouble is DeviceTrouble.NOT_ONVIF
    assert all(b"uthorization:" not in request for request in other.requests)


async def test_a_web_server_that_wants_a_password_gets_none() -> None:
    async with scripted(ScriptedCamera([answer(b"no", 'WWW-Authenticate: Basic realm="Router"', status=401)])) as other:
        error = await trouble(other.port)

    assert error.trouble is DeviceTrouble.BASIC_ONLY
    assert all(b"uthorization:" not in request and b"Password" not in request for request in other.requests)


async def test_a_device_service_is_found_where_older_firmware_has_it() -> None:
    class Old(ReplayCamera):
        def _answer(self, request: Any, data: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            if request.target == b"/onvif/device_service":
                return 404, [], b"<html>no such page</html>"
            return super()._answer(request, data)

    async with listening(Old(Made(answers()))) as port:
        found = await opened(port)
        await found.close()

    assert found.address.path == "/onvif/services"
    assert found.has(MEDIA)


@pytest.mark.parametrize("location", ["/real/service", "http://127.0.0.1:{port}/real/service"])
async def test_a_redirect_on_the_same_host_is_followed(location: str) -> None:
    class Moved(ReplayCamera):
        def _answer(self, request: Any, data: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            if request.target == b"/old":
                return 307, [("Location", location.format(port=port))], b""
            return super()._answer(request, data)

    async with listening(Moved(Made(answers()))) as port:
        found = await opened(port, "/old")
        await found.close()

    assert found.identity.make == "ACME"


async def test_a_redirect_to_another_port_of_the_host_is_dialled_anew() -> None:
    async with listening(ReplayCamera(Made(answers()))) as port:
        moved = answer(b"", f"Location: http://127.0.0.1:{port}/onvif/device_service", status=302)
        async with scripted(ScriptedCamera([moved])) as before:
            found = await opened(before.port)
            await found.close()

    assert found.address.port == port


async def test_a_camera_that_leads_to_its_own_tls_must_show_the_confirmed_certificate(tmp_path: Path) -> None:
    fingerprint = self_signed(tmp_path / "camera.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "camera.pem")
    async with listening(ReplayCamera(Made(answers())), tls=context) as port:
        moved = answer(b"", f"Location: https://127.0.0.1:{port}/onvif/device_service", status=301)
        async with scripted(ScriptedCamera([moved])) as before:
            unknown_yet = await trouble(before.port)
            found = await opened(before.port, fingerprint=fingerprint)
            await found.close()

    assert (unknown_yet.trouble, unknown_yet.certificate) == (DeviceTrouble.CERTIFICATE, fingerprint)
    assert found.address.secure
    assert found.identity.certificate == fingerprint


async def test_a_redirect_to_another_host_is_refused_in_words() -> None:
    away = answer(b"", "Location: http://evil.example.com/onvif/device_service", status=307)
    async with scripted(ScriptedCamera([away])) as other:
        error = await trouble(other.port)

    assert error.trouble is DeviceTrouble.REFUSED
    assert "another device" in error.title


async def test_redirects_without_end_come_to_one() -> None:
    async with scripted(ScriptedCamera([answer(b"", "Location: /onvif/device_service", status=307)])) as other:
        error = await trouble(other.port)

    assert error.trouble is DeviceTrouble.BAD_ANSWER
    assert len(other.requests) < 10


async def test_a_clock_of_minute_61_is_no_clock() -> None:
    time = make("tt:Time", make("tt:Hour", "1"), make("tt:Minute", "61"), make("tt:Second", "1"))
    date = make("tt:Date", make("tt:Year", "2026"), make("tt:Month", "1"), make("tt:Day", "1"))
    clock = said("tds:GetSystemDateAndTimeResponse", make("tds:SystemDateAndTime", make("tt:UTCDateTime", time, date)))

    async with listening(ReplayCamera(Made(answers(GetSystemDateAndTime=clock)))) as port:
        found = await opened(port)
        await found.close()

    assert found.learned.clock_offset_s is None
