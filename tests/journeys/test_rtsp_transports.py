"""Every way in which RTSP carries media, with peers that are not ours: GStreamer's server, ffmpeg as the client."""

import json
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bench.processes import wait_for
from bench.tawny_under_test import Tawny
from tawny.recorder.adapters.rtsp_camera import RtspCamera
from tawny.recorder.adapters.rtsp_session import TlsSessionLink
from tawny.recorder.adapters.rtsp_udp import UdpLink
from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.connection import Connection
from tawny.recorder.ingest.model import CameraSource, MediaTransport
from tawny.recorder.ingest.troubles import Failure
from tawny.runtime.clock import SystemClock
from tawny.wire.audio import opus_ticks
from tawny.wire.depacketize.interleaved import SLACK
from tawny.wire.media import AccessUnit, AudioCodec, StreamName
from tests.fakes.certificates import self_signed
from tests.journeys.conftest import GstCameras, ffmpeg
from tests.journeys.test_camera_interop import PASSWORD, QUOTED, tawny_camera
from tests.journeys.test_recording import check_archive, decode_complaints, probe

pytestmark = pytest.mark.journey
PICTURES = 50
CAMERA = RtspCamera(clock=SystemClock(), cnonce=lambda: "c0ffee", random_32=lambda: 7)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of H.264 with AAC."""
    file = tmp_path_factory.mktemp("transports") / "clip.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25", "-f", "lavfi", "-i", "sine=sample_rate=16000"]
    coding = "-c:v libx264 -preset ultrafast -g 25 -bf 0 -pix_fmt yuv420p -c:a aac -ac 1"
    ffmpeg(*picture, "-t", "2", *coding.split(), file)
    return file


def source(url: str, user: str, transport: MediaTransport = MediaTransport.AUTOMATIC) -> CameraSource:
    return CameraSource(
        camera="cam_a",
        main_url=url,
        sub_url=None,
        user=user,
        password=PASSWORD,
        sound=True,
        record=True,
        transport=transport,
    )


def connect(found: CameraSource) -> Connection:
    key = StreamKey(camera=found.camera, stream=StreamName.MAIN)
    return CAMERA.connect(found, key)


def units(connection: Connection, count: int) -> list[AccessUnit]:
    """The first *count* pictures."""
    buffer = bytearray((1 << 20) + SLACK)
    view = memoryview(buffer)
    left = connection.unread
    found: list[AccessUnit] = []
    while len(found) < count:
        buffer[: len(left)] = left
        came = connection.link.receive(view[len(left) : len(buffer) - SLACK])
        assert came != 0
        end = len(left) + (came or 0)
        done = connection.receiver.scan(buffer, view, end)
        left = bytes(view[done:end])
        found += [unit for unit in connection.video.units if isinstance(unit, AccessUnit)]
        connection.video.units.clear()
    connection.link.close()
    return found


def stored(clip: Path) -> int:
    """How many bytes of pictures the clip holds."""
    command = [
        "ffprobe",
        "-v",
        "error",
        "-select_streams",
        "v",
        "-show_entries",
        "packet=size",
        "-of",
        "json",
        str(clip),
    ]
    packets = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["packets"]
    return sum(int(packet["size"]) for packet in packets)


def test_gstreamers_camera_is_read_over_udp_whole(clip: Path, gst_cameras: GstCameras) -> None:
    port = gst_cameras(f"yard={clip}", user="viewer", password=PASSWORD, more=["--udp"])

    connection = connect(source(f"rtsp://127.0.0.1:{port}/yard", "viewer"))  # it refuses TCP
    found = units(connection, PICTURES - 1)  # it marks the last one's end with nothing

    assert isinstance(connection.link, UdpLink)
    assert (connection.video.lost_packets, connection.video.torn_pictures) == (0, 0)
    assert sum(len(unit.data) for unit in found) > 0.9 * stored(clip)
    assert connection.audio is not None
    assert connection.audio.depacketizer.packets > 20


def test_our_recorder_reads_our_camera_over_udp(clip: Path) -> None:
    with tawny_camera("--file", clip) as (address,):
        connection = connect(source(address, "me", MediaTransport.UDP))
        found = units(connection, PICTURES)

    assert isinstance(connection.link, UdpLink)
    assert connection.video.lost_packets == 0
    assert any(unit.key for unit in found)


def probed(address: str, transport: str) -> list[dict[str, str]]:
    """The packets that ffprobe reads of *address* in a second."""
    url = address.replace("://", f"://me:{QUOTED}@", 1)
    words = ["-v", "warning", "-rtsp_transport", transport, "-read_intervals", "%+1", "-show_packets", "-of", "json"]
    done = subprocess.run(["ffprobe", *words, url], capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr
    packets: list[dict[str, str]] = json.loads(done.stdout)["packets"]
    return packets


@pytest.mark.parametrize("transport", ["udp", "tcp", "http"])
def test_ffmpeg_reads_our_camera_over_every_transport(clip: Path, transport: str) -> None:
    with tawny_camera("--file", clip) as (address,):
        packets = probed(address, transport)

    kinds = {kind: sum(packet["codec_type"] == kind for packet in packets) for kind in ("video", "audio")}
    assert kinds["video"] > 15
    assert kinds["audio"] > 8


def test_gstreamers_camera_is_read_through_tls(clip: Path, gst_cameras: GstCameras, tmp_path: Path) -> None:
    fingerprint = self_signed(tmp_path / "camera.pem")
    words = ["--tls", str(tmp_path / "camera.pem")]
    port = gst_cameras(f"yard={clip}", user="viewer", password=PASSWORD, more=words)

    connection = connect(replace(source(f"rtsps://127.0.0.1:{port}/yard", "viewer"), fingerprint=fingerprint))
    found = units(connection, PICTURES - 1)

    assert isinstance(connection.link, TlsSessionLink)
    assert connection.video.lost_packets == 0
    assert found[0].key


def test_gstreamers_camera_is_read_through_http(clip: Path, gst_cameras: GstCameras) -> None:
    port = gst_cameras(f"yard={clip}", user="viewer", password=PASSWORD)

    connection = connect(source(f"rtsp://127.0.0.1:{port}/yard", "viewer", MediaTransport.HTTP))
    found = units(connection, PICTURES - 1)

    assert connection.video.lost_packets == 0
    assert found[0].key


def test_our_recorder_reads_our_camera_through_http(clip: Path) -> None:
    with tawny_camera("--file", clip) as (address,):
        connection = connect(source(address, "me", MediaTransport.HTTP))
        connection.link.keepalive()
        found = units(connection, PICTURES)

    assert connection.video.lost_packets == 0
    assert any(unit.key for unit in found)
    assert connection.receiver.messages  # the keepalive was answered


def test_opus_of_gstreamers_camera_is_kept_as_it_is(tmp_path: Path, gst_cameras: GstCameras) -> None:
    file = tmp_path / "opus.mkv"
    picture = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-f", "lavfi", "-i", "sine=sample_rate=48000"]
    ffmpeg(
        *picture,
        "-t",
        "2",
        *["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-pix_fmt", "yuv420p", "-c:a", "libopus"],
        file,
    )
    port = gst_cameras(f"yard={file}", user="viewer", password=PASSWORD)

    connection = connect(source(f"rtsp://127.0.0.1:{port}/yard", "viewer"))
    units(connection, PICTURES - 5)

    assert connection.audio is not None
    assert connection.audio.format.codec_string == "opus"
    assert {opus_ticks(unit.data) for unit in connection.audio.depacketizer.units} == {960}
    assert len(connection.audio.depacketizer.units) > 50


def test_mjpeg_of_gstreamers_camera_decodes_without_a_message(tmp_path: Path, gst_cameras: GstCameras) -> None:
    file = tmp_path / "jpeg.mkv"
    words = "-f lavfi -i testsrc2=size=640x360:rate=25 -t 2 -c:v mjpeg -huffman default -pix_fmt yuvj420p"
    ffmpeg(*words.split(), file)
    port = gst_cameras(f"yard={file}", user="viewer", password=PASSWORD)

    connection = connect(source(f"rtsp://127.0.0.1:{port}/yard", "viewer"))
    kept = tmp_path / "kept.mjpeg"
    kept.write_bytes(b"".join(unit.data for unit in units(connection, PICTURES - 5)))

    decoding = ["ffmpeg", "-v", "warning", "-f", "mjpeg", "-i", str(kept), "-f", "null", "-"]
    done = subprocess.run(decoding, capture_output=True, text=True, check=True)
    assert [line for line in done.stderr.splitlines() if "deprecated pixel format" not in line] == []
    assert connection.video.format is not None
    assert (connection.video.format.width, connection.video.format.height) == (640, 360)


def test_gstreamers_camera_hears_what_is_said(clip: Path, tmp_path: Path, gst_cameras: GstCameras) -> None:
    heard = tmp_path / "heard"
    port = gst_cameras(f"yard={clip}", user="viewer", password=PASSWORD, more=["--talk", str(heard)])

    talk = CAMERA.talk(source(f"rtsp://127.0.0.1:{port}/yard", "viewer"))
    for number in range(20):
        talk.send(bytes([number + 1]) * 160, duration=160)
    wait_for(lambda: heard.exists() and heard.stat().st_size >= 160 * 20, timeout_s=10, what="the camera to hear")
    talk.close()

    assert talk.format.codec is AudioCodec.PCMU
    assert heard.read_bytes() == b"".join(bytes([number + 1]) * 160 for number in range(20))


def test_a_camera_without_a_loudspeaker_says_so(clip: Path, gst_cameras: GstCameras) -> None:
    port = gst_cameras(f"mute={clip}")

    with pytest.raises(Failure, match="no sound"):
        CAMERA.talk(source(f"rtsp://127.0.0.1:{port}/mute", ""))


def test_what_comes_over_udp_and_what_is_mjpeg_with_opus_is_recorded_whole(
    tmp_path: Path, gst_cameras: GstCameras
) -> None:
    clips = {
        "udp": ("h264", "aac", "-c:v libx264 -preset ultrafast -g 25 -bf 0 -pix_fmt yuv420p -c:a aac -ar 16000"),
        "jpeg": ("mjpeg", "opus", "-c:v mjpeg -huffman default -pix_fmt yuvj420p -c:a libopus -ar 48000"),
    }
    cameras = {}
    with Tawny(tmp_path / "data") as tawny:
        for name, (_, _, coding) in clips.items():
            words = "-f lavfi -i testsrc2=size=640x360:rate=25 -f lavfi -i sine=sample_rate=48000 -ac 1 -t 25"
            ffmpeg(*words.split(), *coding.split(), tmp_path / f"{name}.mkv")
            port = gst_cameras(f"{name}={tmp_path / name}.mkv", more=["--udp"] if name == "udp" else [])
            url = f"rtsp://127.0.0.1:{port}/{name}"
            cameras[name] = tawny.call("POST", "/cameras", {"name": name, "url": url, "sound": True})["id"]
        wait_for(lambda: tawny.online() == len(clips), timeout_s=20, what="both cameras online")
        time.sleep(8)

    assert check_archive(tmp_path / "data")["faults"] == []
    for name, (video, sound, _) in clips.items():
        file = next((tmp_path / "data" / "archive" / cameras[name]).rglob("*-main.mp4"))
        found = {stream["codec_type"]: stream for stream in probe(file)["streams"]}
        assert (found["video"]["codec_name"], found["audio"]["codec_name"]) == (video, sound)
        assert int(found["video"]["nb_read_packets"]) > 120
        assert int(found["audio"]["nb_read_packets"]) > 60
        assert [line for line in decode_complaints(file).splitlines() if "deprecated pixel format" not in line] == []
