"""Our camera as an ONVIF device, used by clients that are not ours: onvif-zeep-async, npm onvif, ffprobe, httpx."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from onvif import ONVIFCamera

from tests.journeys.conftest import ffmpeg
from tests.journeys.programs import printed, program

pytestmark = pytest.mark.journey

ROOT = Path(__file__).parents[2]
USER, PASSWORD = "root", "0nvif pass"


class Program(NamedTuple):
    """A running camera: the *address* of its device service, and its process."""

    address: str
    pid: int


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """``tawny camera --onvif`` with one file."""
    directory = tmp_path_factory.mktemp("onvif")
    picture = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25", "-f", "lavfi", "-i", "sine=sample_rate=48000"]
    h264 = "-c:v libx264 -preset ultrafast -g 25 -bf 0 -pix_fmt yuv420p -c:a aac"
    ffmpeg(*picture, "-t", "2", *h264.split(), directory / "door.mp4")
    words: list[str | Path] = ["--port", "0", "--onvif", "0", "--data", directory, "--file", directory / "door.mp4"]
    with program("camera", *words, "--user", USER, "--password", PASSWORD) as process:
        yield Program(printed(process, "http://"), process.pid)


@contextlib.asynccontextmanager
async def zeep_client(device: Program) -> AsyncIterator[Any]:
    """onvif-zeep-async, logged in with a user name token and knowing our services."""
    address = urlsplit(device.address)
    camera = ONVIFCamera(address.hostname, address.port, USER, PASSWORD)
    await camera.update_xaddrs()
    try:
        yield camera
    finally:
        await camera.close()


def probe(*words: str) -> Any:
    done = subprocess.run(
        ["ffprobe", "-v", "error", *words, "-of", "json"], capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


async def test_what_a_typed_client_finds_is_what_ffprobe_plays(device: Program) -> None:
    async with zeep_client(device) as camera:
        media = await camera.create_media_service()
        (profile,) = await media.GetProfiles()
        setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
        uri = (await media.GetStreamUri({"StreamSetup": setup, "ProfileToken": profile.token})).Uri

    login = uri.replace("rtsp://", f"rtsp://{USER}:{PASSWORD.replace(' ', '%20')}@")
    streams = probe("-rtsp_transport", "tcp", "-show_streams", login)["streams"]
    picture, sound = (next(s for s in streams if s["codec_type"] == kind) for kind in ("video", "audio"))
    encoder = profile.VideoEncoderConfiguration
    assert (picture["codec_name"], encoder.Encoding) == ("h264", "H264")
    assert (picture["width"], picture["height"]) == (encoder.Resolution.Width, encoder.Resolution.Height)
    assert picture["avg_frame_rate"] == f"{encoder.RateControl.FrameRateLimit}/1"
    assert (sound["codec_name"], profile.AudioEncoderConfiguration.Encoding) == ("aac", "AAC")
    assert [s["codec_type"] for s in streams] == ["video", "audio", "data"]


async def test_a_typed_client_reads_every_answer_of_the_device_service(device: Program) -> None:
    async with zeep_client(device) as camera:
        service = await camera.create_devicemgmt_service()
        information = await service.GetDeviceInformation()
        capabilities = await service.GetCapabilities({"Category": "All"})
        users = await service.GetUsers()
        scopes = await service.GetScopes()

    assert (information.Manufacturer, information.Model) == ("Tawny", "Camera")
    assert capabilities.Media.XAddr.startswith(device.address.rpartition("/")[0])
    assert [(user.Username, user.UserLevel) for user in users] == [(USER, "Administrator")]
    assert "onvif://www.onvif.org/name/Tawny%20door" in [scope.ScopeItem for scope in scopes]


async def test_the_snapshot_is_a_jpeg_of_the_stream(device: Program, tmp_path: Path) -> None:
    async with zeep_client(device) as camera:
        media = await camera.create_media_service()
        (profile,) = await media.GetProfiles()
        uri = (await media.GetSnapshotUri({"ProfileToken": profile.token})).Uri
    async with httpx.AsyncClient(trust_env=False, auth=httpx.DigestAuth(USER, PASSWORD)) as client:
        answered = await client.get(uri)

    assert answered.headers["content-type"] == "image/jpeg"
    file = tmp_path / "snapshot.jpg"
    file.write_bytes(answered.content)
    (picture,) = probe("-show_streams", str(file))["streams"]
    assert (picture["codec_name"], picture["width"], picture["height"]) == ("mjpeg", 640, 360)


async def test_a_typed_client_hears_of_the_digital_input(device: Program) -> None:
    async with zeep_client(device) as camera:
        manager = await camera.create_pullpoint_manager(timedelta(seconds=60), lambda: None)
        service = manager.get_service()
        pull = {"Timeout": timedelta(seconds=10), "MessageLimit": 20}
        first = await service.PullMessages(pull)
        os.kill(device.pid, signal.SIGUSR1)
        second = await service.PullMessages(pull)
        await manager.shutdown()

    topics = {message.Topic._value_1 for message in first.NotificationMessage}
    (changed,) = second.NotificationMessage
    assert "tns1:VideoSource/MotionAlarm" in topics
    assert changed.Topic._value_1 == "tns1:Device/Trigger/DigitalInput"
    assert changed.Message._value_1.Data.SimpleItem[0].Value == "true"


async def test_a_typed_client_moves_the_head_and_adjusts_the_picture(device: Program) -> None:
    async with zeep_client(device) as camera:
        media, ptz = await camera.create_media_service(), await camera.create_ptz_service()
        imaging = await camera.create_imaging_service()
        (profile,) = await media.GetProfiles()
        source = {"VideoSourceToken": profile.VideoSourceConfiguration.SourceToken}
        (node,) = await ptz.GetNodes()
        position = {"PanTilt": {"x": 0.5, "y": -0.5}, "Zoom": {"x": 0.25}}
        await ptz.AbsoluteMove({"ProfileToken": profile.token, "Position": position})
        await imaging.SetImagingSettings({**source, "ImagingSettings": {"Brightness": 60}})
        there = (await ptz.GetStatus({"ProfileToken": profile.token})).Position
        adjusted = await imaging.GetImagingSettings(source)

    assert profile.PTZConfiguration.NodeToken == node.token
    assert (there.PanTilt.x, there.PanTilt.y, there.Zoom.x) == (0.5, -0.5, 0.25)
    assert (adjusted.Brightness, adjusted.Contrast) == (60, 50)


def test_the_npm_package_reads_moves_sets_and_hears_the_camera(device: Program) -> None:
    package = ROOT / "web" / "node_modules" / "onvif"
    if not package.exists() or shutil.which("node") is None:
        pytest.skip("needs node and web/node_modules (npm ci)")
    address = urlsplit(device.address)
    words = [str(package), str(address.hostname), str(address.port), USER, PASSWORD]

    done = subprocess.run(
        ["node", str(ROOT / "tests" / "journeys" / "onvif_peer.cjs"), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    learned = json.loads(done.stdout)
    assert learned["profiles"] == ["door-main"]
    assert learned["stream"].endswith("/door/main")
    assert learned["made"] == "peer"
    assert 95 <= learned["later_s"] <= 130
    assert learned["position"] == {"x": 0.5, "y": 0.25, "zoom": 0.5}
    assert "tns1:VideoSource/MotionAlarm" in learned["messages"]
