"""Settings and live control of devices over HTTP: what real cameras told, replayed; our own camera; a recording that goes on."""

import asyncio
import tempfile
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tawny.camera.files import read_clip
from tawny.camera.main import live_streams
from tawny.camera.onvif.veils import Veil
from tawny.camera.rtsp_server import CameraServer
from tawny.camera.sources import Clip, Source
from tawny.recorder.adapters.rtsp_camera import RtspCamera
from tawny.recorder.archive.reader import ArchiveReader
from tawny.recorder.camera_settings.service import CameraSettings
from tawny.recorder.cameras.model import Camera
from tawny.recorder.control.model import Place
from tawny.recorder.control.service import Controls
from tawny.recorder.control.talks import Talks
from tawny.recorder.onvif.model import Device, Login
from tawny.runtime.clock import SimulatedClock, SystemClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.tasks import Tasks
from tawny.wire.media import StreamName
from tawny.wire.onvif import media2
from tawny.wire.onvif.elements import Element
from tawny.wire.rtp import parse
from tests.camera.onvif.staged import ADMIN, staged
from tests.devices.replay import Recorded, ReplayCamera, devices, listening
from tests.fakes.onvif_device import KeepingDevice, onvif_camera
from tests.gateway.link_client import running
from tests.journeys.conftest import ffmpeg
from tests.journeys.test_devices import opened
from tests.recorder.adapters.test_rtsp_talk import PCMU, VIDEO, listening_camera
from tests.recorder.test_main import Running

pytestmark = pytest.mark.journey

US = 1_000_000
DOOR: dict[str, Any] = {
    "points": [[0.25, 0.25], [0.75, 0.25], [0.75, 0.5], [0.25, 0.5]],
    "kind": "pixels",
    "enabled": True,
}
PAUSE_US = 8 * US  # the most that a camera's restart of its encoder may cost; our own reconnects begin within a second


class Reached:
    """Settings and controls of one device."""

    def __init__(self, device: Device, camera: Camera) -> None:
        self.camera = camera
        self._device = device
        clock = SystemClock()
        self.settings = CameraSettings(device=self._of, camera=lambda _: self.camera, clock=clock)
        self.controls = Controls(device=self._of, camera=lambda _: self.camera, speaks=self._speaks, clock=clock)

    async def _of(self, _: str) -> Device:
        return self._device

    async def _speaks(self, _: Camera) -> bool:
        return False

    async def values(self) -> dict[str, dict[str, Any]]:
        """The values of all fields, by part."""
        document = await self.settings.read(self.camera.id)
        return {part["id"]: {field["id"]: field["value"] for field in part["fields"]} for part in document["parts"]}


def camera(main: str, sub: str = "", channel: str = "") -> Camera:
    made = onvif_camera()
    assert made.device is not None
    return replace(made, device=replace(made.device, main_profile=main, sub_profile=sub, channel=channel))


@asynccontextmanager
async def replayed(name: str, added: Camera) -> AsyncIterator[Reached]:
    async with listening(ReplayCamera(Recorded(devices() / name))) as port:
        device = await opened(port)
        reached = Reached(device, added)
        try:
            yield reached
        finally:
            await reached.controls.stop()
            await device.close()


async def test_reolink_tells_its_streams_in_the_old_service_and_moves_its_head() -> None:
    async with replayed("reolink/e1-zoom-3.1.0", camera("000", "001", "000")) as reached:
        values = await reached.values()
        controls = await reached.controls.read("cam_a")

    assert values["video.main"] == {
        "encoding": "H264",
        "size": "2048x1536",
        "frame_rate": 15,
        "bitrate": 1024,
        "key_frames": 30,
        "quality": 0,
    }
    assert values["video.sub"]["size"] == "640x480"
    assert values["image"]["night"] == "AUTO"
    assert (values["clock"]["source"], values["clock"]["servers"]) == ("ntp", "pool.ntp.org")
    assert values["clock"]["zone"] == "CST+8:00:00"
    assert values["device"]["host_name"] == "reolink"
    assert (controls["ptz"]["move"], controls["ptz"]["zoom"], controls["ptz"]["to"]) == (True, True, False)
    assert (controls["focus"], controls["relays"], controls["talk"]) == (None, [], False)


async def test_axis_offers_all_sizes_and_exposure_and_no_limit_of_its_bit_rate() -> None:
    async with replayed("axis/q3819-pve-11.11.181", camera("profile_1_h264", "profile_1_jpeg")) as reached:
        document = await reached.settings.read("cam_a")
        controls = await reached.controls.read("cam_a")

    fields = {part["id"]: {field["id"]: field for field in part["fields"]} for part in document["parts"]}
    assert [choice["value"] for choice in fields["video.main"]["size"]["choices"]][:2] == ["8192x1728", "4096x864"]
    assert (fields["video.main"]["bitrate"]["value"], fields["video.main"]["bitrate"]["most"]) == (None, None)
    assert [choice["value"] for choice in fields["image"]["exposure"]["choices"]] == ["AUTO", "MANUAL"]
    assert fields["image"]["longest_exposure"]["value"] == -1
    assert fields["device"]["name"]["locked"], "Axis has its name fixed"
    assert controls["ptz"] is None


async def test_a_dome_of_which_no_node_was_recorded_moves_as_its_profile_says() -> None:
    async with replayed("axis/m5525-e", camera("profile_1_h264")) as reached:
        controls = await reached.controls.read("cam_a")

    assert controls["ptz"]["move"]
    assert controls["ptz"]["to"]


async def test_hikvision_is_read_as_far_as_it_was_recorded() -> None:
    async with replayed("hikvision/ds-2cd2143g0", camera("Profile_1", "Profile_2")) as reached:
        document = await reached.settings.read("cam_a")

    parts = {part["id"]: {field["id"]: field for field in part["fields"]} for part in document["parts"]}
    assert parts["video.main"]["encoding"]["locked"], "its options were not recorded"
    assert parts["device"]["location"]["value"] == "city/hangzhou"


async def test_our_camera_is_set_and_steered_over_http() -> None:
    async with staged(draw=lambda clip, _: replace(clip)) as stage:
        device = await opened(stage.port, Login(user=ADMIN.name, password=ADMIN.password))
        profiles = await device.call(media2.get_profiles())
        reached = Reached(device, camera(profiles[0].token, profiles[1].token, "gate"))
        written = await reached.settings.write("cam_a", {"image": {"brightness": 61, "contrast": 400}})
        there = await reached.controls.ptz("cam_a", "to", Place(pan=0.5, tilt=-0.25, zoom=0.75))
        kept = await reached.controls.ptz("cam_a", "set_preset", Place(), name="Door")
        await reached.controls.ptz("cam_a", "home", Place())
        back = await reached.controls.ptz("cam_a", "preset", Place(), preset=kept["ptz"]["presets"][0]["preset"])
        head = stage.device.heads["gate"].view
        await reached.controls.stop()
        await device.close()

    assert [(each["became"], each["title"]) for each in written["results"]] == [
        (61, ""),
        (100, "100 is the most that the camera takes."),
    ]
    assert there["ptz"]["position"] == {"pan": 0.5, "tilt": -0.25, "zoom": 0.75}
    assert [preset["name"] for preset in kept["ptz"]["presets"]] == ["Door"]
    assert back["ptz"]["position"] == there["ptz"]["position"]
    assert (head.brightness, head.pan) == (61, 0.5)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Clip]:
    """Clips of two seconds, by what an encoder is set to."""
    directory = tmp_path_factory.mktemp("pictures")
    h264 = "-c:v libx264 -preset ultrafast -bf 0"
    h265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none:bframes=0"
    coded = {
        "H264 1920x1080 25": (h264, "1920x1080", 25),
        "H264 640x360 25": (h264, "640x360", 25),
        "H264 640x360 10": (h264, "640x360", 10),
        "H265 640x360 10": (h265, "640x360", 10),
    }
    for name, (coding, size, rate) in coded.items():
        picture = ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}", "-t", "2", "-g", "10"]
        ffmpeg(*picture, "-pix_fmt", "yuv420p", *coding.split(), directory / f"{name}.mp4")
    return {name: read_clip(directory / f"{name}.mp4") for name in coded}


@dataclass(kw_only=True)
class Encoding:
    """A camera on loopback whose stream follows what its encoder is set to, restarting it as real ones do."""

    pictures: Mapping[str, Clip]
    device: KeepingDevice
    tasks: Tasks
    port: int = 0
    server: CameraServer | None = None

    async def start(self) -> None:
        """Serve what the encoder is set to."""
        clock = SystemClock()
        source = Source(name="gate", streams={"main": self.pictures[self.set_to()]})
        streams = live_streams([source], clock=clock, tasks=self.tasks, spread_s=0.0, random_32=lambda: 7)
        self.server = CameraServer(streams, clock=clock, passwords={})
        self.port = await self.server.listen("127.0.0.1", self.port)

    def set_to(self) -> str:
        encoder = self.device.kept.encoders["v1"]
        assert encoder.size is not None
        return f"{encoder.encoding} {encoder.size.width}x{encoder.size.height} {encoder.frame_rate:g}"

    def restart(self) -> None:
        """Hang up on everybody, and serve anew."""
        assert self.server is not None
        self.server.close()
        self.tasks.start(self.start(), name="camera")


@pytest.fixture
def data() -> Iterator[DataDirectory]:
    with tempfile.TemporaryDirectory(prefix="tc", dir="/tmp") as directory:
        yield DataDirectory(root=Path(directory) / "data")


async def test_recording_goes_on_while_size_rate_and_codec_are_changed(
    data: DataDirectory, pictures: Mapping[str, Clip]
) -> None:
    device = KeepingDevice(SystemClock())
    async with Tasks("camera") as tasks, asyncio.timeout(90):
        encoding = Encoding(pictures=pictures, device=device, tasks=tasks)
        _restarting(device, encoding)
        await encoding.start()
        recorder = Running(data)
        async with running(recorder.run()):
            added = await recorder.ask("cameras.add", name="Gate", url=f"rtsp://127.0.0.1:{encoding.port}/gate/main")
            settings = Reached(device, replace(onvif_camera(), id=added["id"])).settings
            began_us = await _shown(recorder, 1920, "h264")
            results = []
            for wanted, width, codec in (
                ({"size": "640x360"}, 640, "h264"),
                ({"frame_rate": 10}, 640, "h264"),
                ({"encoding": "H265"}, 640, "h265"),
            ):
                results += (await settings.write(added["id"], {"video.main": wanted}))["results"]
                await _shown(recorder, width, codec, fps=10.0 if "size" not in wanted else 25.0)
            until_us = SystemClock().utc_us()
            await recorder.stop()
        assert encoding.server is not None
        encoding.server.close()

    assert [(each["ok"], each["title"]) for each in results] == [(True, "")] * 3
    holes = _holes(data, added["id"], began_us, until_us)
    assert len(holes) == 3, "one for each restart of the camera"
    assert max(holes) < PAUSE_US


def _restarting(device: KeepingDevice, encoding: Encoding) -> None:
    take = device.answers["tr2:SetVideoEncoderConfiguration"]

    def restarted(body: Element) -> Element:
        answer = take(body)
        encoding.restart()
        return answer

    device.answers["tr2:SetVideoEncoderConfiguration"] = restarted


async def _shown(recorder: Running, width: int, codec: str, *, fps: float = 25.0) -> int:
    """Wait until the recorder has the stream so; the time."""
    while True:
        (told,) = await recorder.ask("cameras.list")
        main = told["streams"]["main"]
        if main and (main["width"], main["codec"]) == (width, codec) and abs((main["fps"] or 0) - fps) < 2:
            return SystemClock().utc_us()
        await SystemClock().sleep(0.2)


def _holes(data: DataDirectory, camera_id: str, from_us: int, to_us: int) -> Sequence[int]:
    """How long the archive has nothing, each time."""
    reader = ArchiveReader(data)
    segments = reader.segments(camera_id, StreamName.MAIN, from_us=from_us, to_us=to_us)
    reader.close()
    return [after.start_us - (before.end_us or before.start_us) for before, after in pairwise(segments)]


async def test_a_camera_that_was_added_is_set_and_steered_through_the_recorder(data: DataDirectory) -> None:
    recorder = Running(data)
    async with staged(draw=lambda clip, _: replace(clip)) as stage, asyncio.timeout(60), running(recorder.run()):
        added = await recorder.ask(
            "cameras.add", name="Gate", address=f"127.0.0.1:{stage.port}", user=ADMIN.name, password=ADMIN.password
        )
        camera_id = added["id"]
        settings = await recorder.ask("settings.read", camera=camera_id)
        written = await recorder.ask(
            "settings.write", camera=camera_id, settings={"image": {"saturation": 40}, "device": {"name": "Gate north"}}
        )
        text = await recorder.ask("settings.write", camera=camera_id, settings={"osd.1": {"text": "North gate"}})
        bare = await recorder.ask("settings.act", camera=camera_id, action="osd.1.delete")
        clock = await recorder.ask("settings.act", camera=camera_id, action="clock.set")
        moved = await recorder.ask("control.ptz", camera=camera_id, do="to", pan=1, tilt=0, zoom=0.5)
        controls = await recorder.ask("control.read", camera=camera_id)
        masked = await recorder.ask("settings.write", camera=camera_id, settings={"masks": {"areas": [DOOR]}})
        masks = stage.device.heads["gate"].view.veils
        named = await recorder.ask("settings.write", camera=camera_id, settings={"device": {"host_name": "north"}})
        talk = await recorder.ask("talk.open", camera=camera_id)
        for _ in range(10):
            await recorder.ask("talk.send", talk=talk["talk"], data=b64encode(b"\x8f" * 160).decode())
        await recorder.ask("talk.close", talk=talk["talk"])
        while not stage.loudspeaker.spoken:
            await SystemClock().sleep(0.1)
        await recorder.stop()

    assert {"video.main", "image", "clock", "device"} <= {part["id"] for part in settings["parts"]}
    assert [(each["field"], each["became"], each["ok"]) for each in written["results"]] == [
        ("saturation", 40, True),
        ("name", "Gate north", True),
    ]
    assert [(each["became"], each["ok"]) for each in text["results"]] == [("North gate", True)]
    assert bare["title"] == "The text was taken away."
    assert clock["title"].startswith("The camera's clock was set")
    assert moved["ptz"]["position"] == {"pan": 1.0, "tilt": 0.0, "zoom": 0.5}
    assert [(each["field"], each["ok"]) for each in (*masked["results"], *named["results"])] == [
        ("areas", True),
        ("host_name", True),
    ]
    assert masks == (Veil(corners=tuple((x, y) for x, y in DOOR["points"]), kind="Pixelated", color=(0, 128, 128)),)
    assert controls["talk"] is True
    assert talk["codec"] == "pcmu"
    (spoken,) = stage.loudspeaker.spoken
    assert spoken.seconds == 0.2
    assert spoken.peak_db == pytest.approx(-6, abs=1)


async def test_relays_are_switched_and_told_through_the_recorder(data: DataDirectory) -> None:
    recorder = Running(data)
    async with staged(draw=lambda clip, _: replace(clip)) as stage, asyncio.timeout(60), running(recorder.run()):
        added = await recorder.ask(
            "cameras.add", name="Gate", address=f"127.0.0.1:{stage.port}", user=ADMIN.name, password=ADMIN.password
        )
        controls = await recorder.ask("control.read", camera=added["id"])
        stays, falls_back = (each["relay"] for each in controls["relays"])
        for relay, active in ((stays, True), (falls_back, True), (stays, False)):
            await recorder.ask("control.relay", camera=added["id"], relay=relay, active=active)
            while await _relay(recorder, added["id"], relay) is not active:
                await SystemClock().sleep(0.1)
        lamps = stage.device.heads["gate"].view.lamps
        while await _relay(recorder, added["id"], falls_back):
            await SystemClock().sleep(0.1)
        events = await recorder.ask("events.list", kinds=["relay"])
        await recorder.stop()

    assert [relay["bistable"] for relay in controls["relays"]] == [True, False]
    assert lamps in {(1,), ()}
    assert events["items"]


async def _relay(recorder: Running, camera_id: str, relay: str) -> bool | None:
    controls = await recorder.ask("control.read", camera=camera_id)
    active: bool | None = next(each["active"] for each in controls["relays"] if each["relay"] == relay)
    return active


async def test_our_camera_encodes_as_it_is_set_while_recording_goes_on(
    data: DataDirectory, pictures: Mapping[str, Clip]
) -> None:
    source = Source(name="gate", streams={"main": pictures["H264 1920x1080 25"]})
    recorder = Running(data)
    async with staged([source]) as stage, asyncio.timeout(90), running(recorder.run()):
        added = await recorder.ask(
            "cameras.add", name="Gate", address=f"127.0.0.1:{stage.port}", user=ADMIN.name, password=ADMIN.password
        )
        began_us = await _shown(recorder, 1920, "h264")
        results = []
        for wanted, width, codec, fps in (
            ({"size": "640x360"}, 640, "h264", 25.0),
            ({"frame_rate": 5, "key_frames": 10, "bitrate": 300}, 640, "h264", 5.0),
            ({"encoding": "H265"}, 640, "h265", 5.0),
            ({"encoding": "H264", "size": "1920x1080", "frame_rate": 12.5}, 1920, "h264", 12.5),
        ):
            written = await recorder.ask("settings.write", camera=added["id"], settings={"video.main": wanted})
            results += written["results"]
            await _shown(recorder, width, codec, fps=fps)
        until_us = SystemClock().utc_us()
        await recorder.stop()

    assert [(each["ok"], each["title"]) for each in results] == [(True, "")] * 8
    holes = _holes(data, added["id"], began_us, until_us)
    assert max(holes) < PAUSE_US


async def test_an_input_that_closes_and_opens_is_seen_so(data: DataDirectory) -> None:
    recorder = Running(data)
    async with staged(draw=lambda clip, _: replace(clip)) as stage, asyncio.timeout(60), running(recorder.run()):
        added = await recorder.ask(
            "cameras.add", name="Gate", address=f"127.0.0.1:{stage.port}", user=ADMIN.name, password=ADMIN.password
        )
        for wanted in (True, False):
            stage.device.happenings.flip_input()
            while await _first_input(recorder, added["id"]) is not wanted:
                await SystemClock().sleep(0.2)
        events = await recorder.ask("events.list", kinds=["input"])
        await recorder.stop()

    (event,) = events["items"]
    assert event["until"] is not None


async def _first_input(recorder: Running, camera_id: str) -> bool | None:
    controls = await recorder.ask("control.read", camera=camera_id)
    active: bool | None = controls["inputs"][0]["active"]
    return active


async def test_a_voice_reaches_the_loudspeaker_and_the_line_is_hung_up_when_nothing_is_said() -> None:
    clock = SimulatedClock()
    rtsp = RtspCamera(clock=clock, cnonce=lambda: "c", random_32=lambda: 1000)
    with listening_camera(VIDEO + PCMU) as heard:
        talks = Talks(open_way=rtsp.talk, source=lambda _: heard.source, clock=clock, new_id=lambda _: "talk_1")
        opened = await talks.open("cam_a")
        await talks.send("talk_1", b"a" * 400)
        await clock.advance(6)
        await talks.stop()

    assert opened == {"talk": "talk_1", "codec": "pcmu", "sample_rate": 8000}
    assert [len(parse(packet).payload) for packet in heard.packets] == [160, 160, 80]
    assert heard.requests[-1].method == "TEARDOWN"
