"""Our ONVIF and RTSP clients against what real cameras answered, replayed on loopback: every directory of them."""

import asyncio
import json
import secrets
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tawny.recorder.adapters.onvif_http import HttpDialler
from tawny.recorder.adapters.rtsp_camera import RtspCamera
from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.model import CameraSource
from tawny.recorder.ingest.troubles import Failure
from tawny.recorder.onvif.client import OnvifDevice
from tawny.recorder.onvif.model import Authentication, DeviceAddress, DeviceError, DeviceTrouble, Learned, Login
from tawny.recorder.onvif.opening import DeviceOpener
from tawny.runtime.clock import SystemClock
from tawny.wire.media import StreamName
from tawny.wire.onvif import device, events, imaging, media, media2, network, ptz
from tawny.wire.onvif.names import DEVICE, EVENTS, IMAGING, MEDIA, MEDIA2, PTZ
from tawny.wire.onvif.soap import Call
from tests.devices.replay import (
    DEVICES,
    PASSWORD,
    USER,
    Guard,
    Recorded,
    ReplayCamera,
    ReplayRtsp,
    devices,
    every_description,
    every_directory,
    listening,
)

pytestmark = pytest.mark.journey

AXIS = "axis/q3819-pve-11.11.181"
DOME = "axis/m5525-e"
HIKVISION = "hikvision/ds-2cd2143g0"
REOLINK = "reolink/e1-zoom-3.1.0"
WHOLE = [AXIS, DOME, HIKVISION, REOLINK]
LOGIN = Login(user=USER, password=PASSWORD)
REFUSED = {"sdp-issues/sharprtsp/test1.sdp": "The camera sends H261, which can't be recorded."}
ANSWERS = [name for name in every_directory() if any((DEVICES / name).glob("*.xml"))]


def opener() -> DeviceOpener:
    clock = SystemClock()
    return DeviceOpener(dialler=HttpDialler(clock=clock), clock=clock, random_bytes=secrets.token_bytes)


def camera(name: str, guard: Guard | None = None, *, soap_401: bool = False) -> ReplayCamera:
    return ReplayCamera(Recorded(devices() / name), guard, soap_401=soap_401)


async def opened(port: int, login: Login = LOGIN, *, learned: Learned | None = None) -> OnvifDevice:
    return await opener().open(DeviceAddress(host="127.0.0.1", port=port), login, learned=learned)


CALLS: dict[tuple[str, str], Call[object]] = {
    (DEVICE, "GetScopes"): device.get_scopes(),
    (DEVICE, "GetUsers"): device.get_users(),
    (DEVICE, "GetNTP"): network.get_ntp(),
    (DEVICE, "GetNetworkProtocols"): network.get_network_protocols(),
    (DEVICE, "GetNetworkInterfaces"): network.get_network_interfaces(),
    (DEVICE, "GetCapabilities"): device.get_capabilities(),
    (MEDIA, "GetProfiles"): media.get_profiles(),
    (MEDIA, "GetVideoSources"): media.get_video_sources(),
    (MEDIA, "GetStreamUri"): media.get_stream_uri("Profile_1"),
    (MEDIA, "GetSnapshotUri"): media.get_snapshot_uri("000"),
    (MEDIA2, "GetProfiles"): media2.get_profiles(),
    (IMAGING, "GetImagingSettings"): imaging.get_imaging_settings("000"),
    (PTZ, "GetPresets"): ptz.get_presets("000"),
    (EVENTS, "GetEventProperties"): events.get_event_properties(),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_what_was_recorded_of_a_device_is_read_and_what_was_not_is_refused_in_words(name: str) -> None:
    replayed = camera(name)
    async with listening(replayed) as port:
        found = await opened_or_not(port)
        read, refused = await asked_everything(found) if found else (set(), {})
        if found:
            await found.close()

    assert replayed.asked["GetSystemDateAndTime"]
    assert all(error.title for error in refused.values())
    assert not Recorded(devices() / name).operations & set(refused), refused
    assert bool(read) == (found is not None)


async def asked_everything(found: OnvifDevice) -> tuple[set[tuple[str, str]], dict[tuple[str, str], DeviceError]]:
    """What was read, and what was refused, of all that the device's services may be asked."""
    read, refused = set(), {}
    for (service, operation), call in CALLS.items():
        if found.has(service):
            try:
                await found.call(call)
                read.add((service, operation))
            except DeviceError as error:
                refused[service, operation] = error
    return read, refused


async def opened_or_not(port: int) -> OnvifDevice | None:
    """The device, or None where so little was recorded of it that nobody could tell its services."""
    try:
        return await opened(port)
    except DeviceError as error:
        if error.trouble is DeviceTrouble.UNSUPPORTED:
            return None
        raise


@pytest.mark.parametrize(
    ("name", "make", "services"),
    [
        (AXIS, "AXIS", {MEDIA, MEDIA2, EVENTS}),
        (DOME, "AXIS", {MEDIA, EVENTS, PTZ}),
        (HIKVISION, "HIKVISION", {MEDIA, EVENTS, IMAGING}),
        (REOLINK, "REOLINK", {MEDIA, EVENTS, PTZ, IMAGING}),
    ],
)
async def test_a_whole_device_is_known_by_make_services_and_network(name: str, make: str, services: set[str]) -> None:
    async with listening(camera(name)) as port:
        found = await opened(port)
        await found.close()

    assert found.identity.make.upper().startswith(make)
    assert found.identity.model
    assert found.identity.firmware
    assert services <= found.services
    assert found.learned.authentication is Authentication.NONE


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize(
    ("kinds", "taken"),
    [
        ({"digest-md5"}, Authentication.DIGEST_MD5),
        ({"digest-sha256", "digest-md5"}, Authentication.DIGEST_SHA256),
        ({"wsse"}, Authentication.WSSE),
        ({"wsse", "digest-md5"}, Authentication.DIGEST_MD5),
    ],
)
async def test_every_login_is_found_out_and_no_wrong_one_is_ever_sent(
    name: str, kinds: set[str], taken: Authentication
) -> None:
    replayed = camera(name, Guard(kinds=frozenset(kinds)))

    async with listening(replayed) as port:
        found = await opened(port)
        profiles = await found.call(media.get_profiles())
        again = await opened(port, learned=found.learned)
        await found.close()
        await again.close()

    assert profiles
    assert found.learned.authentication is taken
    assert again.learned.authentication is taken
    assert replayed.guard.wrong == 0


@pytest.mark.parametrize("name", WHOLE)
async def test_a_stream_uri_leads_to_the_host_that_was_reached(name: str) -> None:
    async with listening(camera(name)) as port:
        found = await opened(port)
        profiles = await found.call(media.get_profiles())
        stream = await found.call(media.get_stream_uri(profiles[0].token))
        await found.close()

    assert found.reachable(stream).startswith("rtsp://127.0.0.1")
    assert "@" not in found.reachable(stream)


async def test_dahuas_stream_uri_loses_the_line_breaks_around_it() -> None:
    async with listening(camera("dahua/go2rtc")) as port:
        found = await opened(port)
        stream = await found.call(media.get_stream_uri("any"))
        await found.close()

    assert found.learned.legacy
    assert found.reachable(stream).startswith("rtsp://127.0.0.1:554/cam/realmonitor?channel=1&subtype=")


async def test_reolinks_faults_are_faults_though_they_come_with_another_status() -> None:
    replayed = camera(REOLINK)

    async with listening(replayed) as port:
        found = await opened(port)
        with pytest.raises(DeviceError) as raised:
            await found.call(device.get_relay_outputs())
        await found.close()

    assert raised.value.trouble is DeviceTrouble.UNSUPPORTED


@pytest.mark.parametrize("name", every_description())
async def test_a_stream_as_a_real_camera_describes_it_is_played_or_refused_in_words(name: str) -> None:
    replayed = ReplayRtsp(devices() / name)

    async with listening(replayed) as port:
        problem = await asyncio.to_thread(played, f"rtsp://127.0.0.1:{port}/")

    assert ("PLAY" in replayed.asked) == (problem is None)
    assert (problem.title if problem else "") == REFUSED.get(name, "")


def played(url: str) -> Failure | None:
    """Connect to *url*; what came of it."""
    source = CameraSource(camera="cam_1", main_url=url, sub_url=None, user="", password="", sound=True, record=False)
    ours = RtspCamera(clock=SystemClock(), cnonce=lambda: secrets.token_hex(8), random_32=lambda: 7)
    try:
        connection = ours.connect(source, StreamKey(camera="cam_1", stream=StreamName.MAIN))
    except Failure as problem:
        return problem
    connection.link.close()
    return None


async def test_a_wrong_password_is_tried_twice_at_most_whatever_is_asked_meanwhile() -> None:
    replayed = camera(HIKVISION, Guard(kinds=frozenset({"digest-md5", "wsse"}), right="another"))

    async with listening(replayed) as port:
        with pytest.raises(DeviceError) as raised:
            await opened(port)

    assert raised.value.trouble is DeviceTrouble.CREDENTIALS
    assert replayed.guard.wrong <= 2


async def test_a_device_that_asks_for_basic_in_a_cameras_place_gets_no_password() -> None:
    replayed = camera(HIKVISION, Guard(kinds=frozenset({"basic"})))
    before = replace(Learned(), authentication=Authentication.DIGEST_MD5)

    async with listening(replayed) as port:
        with pytest.raises(DeviceError) as first:
            await opened(port)
        with pytest.raises(DeviceError) as later:
            await opened(port, learned=before)

    assert first.value.trouble is DeviceTrouble.BASIC_ONLY
    assert later.value.trouble is DeviceTrouble.BASIC_ONLY
    assert replayed.logins == []


async def probed(port: int, password_file: Path) -> tuple[int, dict[str, Any]]:
    """What ``tawny probe`` says of the camera at *port*, and how it ends."""
    words = ["-m", "tawny.cli", "probe", f"127.0.0.1:{port}", "--user", USER, "--password-file", str(password_file)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, "--json", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    said, _ = await process.communicate()
    return await process.wait(), json.loads(said.splitlines()[-1])


@pytest.mark.parametrize(
    ("name", "kinds", "describe"),
    [
        (HIKVISION, {"digest-md5"}, "hikvision/rtsp/hikvision_describe.txt"),
        (REOLINK, {"wsse"}, "reolink/rtsp/reolink_describe.txt"),
    ],
)
async def test_probe_tells_of_a_real_camera_what_adding_it_would_find(
    name: str, kinds: set[str], describe: str, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(PASSWORD + "\n")
    async with listening(ReplayRtsp(devices() / describe)) as rtsp_port:
        replayed = ReplayCamera(Recorded(devices() / name), Guard(kinds=frozenset(kinds)), rtsp_port=rtsp_port)
        async with listening(replayed) as port:
            code, told = await probed(port, tmp_path / "password")

    assert code == 0
    assert json.dumps(PASSWORD)[1:-1] not in json.dumps(told)
    assert replayed.guard.wrong == 0
    assert name.partition("/")[0] in json.dumps(told).lower()


async def test_probe_gives_a_wrong_password_two_tries_and_says_so_by_its_exit(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong\n")
    replayed = camera(HIKVISION, Guard(kinds=frozenset({"digest-md5", "wsse"})))

    async with listening(replayed) as port:
        code, _ = await probed(port, tmp_path / "password")

    assert code == 3
    assert replayed.guard.wrong <= 2
