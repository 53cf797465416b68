"""Our ONVIF client with our camera: every login, TLS by its pin, adoption without a password typed."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tawny.recorder.adapters.onvif_http import HttpDialler
from tawny.recorder.onvif.client import OnvifDevice
from tawny.recorder.onvif.model import Authentication, DeviceAddress, DeviceError, DeviceTrouble, Learned, Login
from tawny.recorder.onvif.opening import DeviceOpener
from tawny.runtime.clock import SystemClock
from tawny.wire.onvif import device, events, media, media2
from tawny.wire.onvif.answers import adoption
from tawny.wire.onvif.answers.adoption import Invitation
from tawny.wire.onvif.device import User
from tests.journeys.programs import printed, program, small_clip

pytestmark = pytest.mark.journey

USER, PASSWORD = "root", 'p"ss wörd'


class Printed(NamedTuple):
    """What the camera printed of its ONVIF side."""

    address: str
    invitation: Invitation | None


@contextmanager
def camera(directory: Path, *words: str) -> Iterator[Printed]:
    """``tawny camera --onvif`` with one file."""
    small_clip(directory / "door.mp4")
    given: list[str | Path] = [
        "--port",
        "0",
        "--onvif",
        "0",
        "--data",
        directory,
        "--file",
        directory / "door.mp4",
        *words,
    ]
    with program("camera", *given) as process:
        address = printed(process, "http://")
        yield Printed(address, None if words else adoption.read(printed(process, "tawny-camera:")))


async def opened(address: str, login: Login, *, learned: Learned | None = None, fingerprint: str = "") -> OnvifDevice:
    clock = SystemClock()
    opener = DeviceOpener(dialler=HttpDialler(clock=clock), clock=clock, random_bytes=secrets.token_bytes)
    return await opener.open(DeviceAddress.parse(address), login, learned=learned, fingerprint=fingerprint)


async def trouble(address: str, login: Login, *, fingerprint: str = "") -> DeviceError:
    with pytest.raises(DeviceError) as raised:
        await opened(address, login, fingerprint=fingerprint)
    return raised.value


async def test_a_camera_with_a_user_is_opened_by_digest_or_token_and_refuses_the_rest(tmp_path: Path) -> None:
    login = Login(user=USER, password=PASSWORD)
    with camera(tmp_path, "--user", USER, "--password", PASSWORD) as printed:
        by_digest = await opened(printed.address, login)
        by_token = await opened(printed.address, login, learned=Learned(authentication=Authentication.WSSE))
        wrong = await trouble(printed.address, Login(user=USER, password="wrong"))
        nobody = await trouble(printed.address, Login())
        profiles = [await each.call(media2.get_profiles()) for each in (by_digest, by_token)]
        stream = by_digest.reachable(await by_digest.call(media.get_stream_uri(profiles[0][0].token)))
        found = await by_digest.call(events.get_event_properties())
        for each in (by_digest, by_token):
            await each.close()

    assert by_digest.learned.authentication is Authentication.DIGEST_SHA256
    assert by_token.learned.authentication is Authentication.WSSE
    assert by_digest.learned.clock_offset_s == pytest.approx(0, abs=5)
    assert by_digest.identity.serial
    assert by_digest.identity.uuid
    assert by_digest.identity.mac
    assert by_digest.identity == by_token.identity
    assert [each.trouble for each in (wrong, nobody)] == [DeviceTrouble.CREDENTIALS] * 2
    assert stream.startswith("rtsp://127.0.0.1:")
    assert found.topics


async def test_a_camera_is_adopted_by_its_code_over_tls_and_then_knows_its_user_alone(tmp_path: Path) -> None:
    with camera(tmp_path) as printed:
        code = printed.invitation
        assert code is not None
        adopter = Login(user=adoption.USER, password=code.code)
        unpinned = await trouble(code.address, adopter)
        other = await trouble(code.address, adopter, fingerprint="00" * 32)
        device_found = await opened(code.address, adopter, fingerprint=code.fingerprint)
        await device_found.call(device.create_user(User(name="tawny", level="Administrator"), "new p4ss"))
        again = await opened(code.address, Login(user="tawny", password="new p4ss"), fingerprint=code.fingerprint)
        users = await again.call(device.get_users())
        worthless = await trouble(code.address, adopter, fingerprint=code.fingerprint)
        for each in (device_found, again):
            await each.close()

    assert (unpinned.trouble, unpinned.certificate) == (DeviceTrouble.CERTIFICATE, code.fingerprint)
    assert other.trouble is DeviceTrouble.CERTIFICATE
    assert device_found.identity.uuid == code.reference.removeprefix("urn:uuid:").lower()
    assert device_found.identity.certificate == code.fingerprint
    assert [user.name for user in users] == ["tawny"]
    assert worthless.trouble is DeviceTrouble.CREDENTIALS
