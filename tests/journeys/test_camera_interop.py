"""Our camera read by ffmpeg, and GStreamer's camera read by our client: over TCP, with Digest."""

import contextlib
import json
import secrets
import socket
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tawny.wire.rtp import parse
from tawny.wire.rtsp.client import Client, RtspError
from tests.camera.clips import framed
from tests.journeys.conftest import GstCameras, ffmpeg
from tests.journeys.programs import program

pytestmark = pytest.mark.journey

PASSWORD = 'p:w"1 é'
QUOTED = "p%3Aw%221%20%C3%A9"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of H.264 with AAC and of H.265 with A-law."""
    directory = tmp_path_factory.mktemp("files")
    picture = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25", "-f", "lavfi", "-i"]
    h264 = "-c:v libx264 -preset ultrafast -g 25 -bf 0 -pix_fmt yuv420p -c:a aac"
    h265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=25 -pix_fmt yuv420p -c:a pcm_alaw"
    ffmpeg(*picture, "sine=sample_rate=48000", "-t", "2", *h264.split(), directory / "first.mp4")
    ffmpeg(*picture, "sine=sample_rate=8000", "-t", "2", *h265.split(), directory / "second.mkv")
    return directory


@contextlib.contextmanager
def tawny_camera(*words: str | Path, lines: int | None = None) -> Iterator[list[str]]:
    """``tawny camera`` with one address for each file; the first *lines* that it prints."""
    with program("camera", "--port", "0", "--user", "me", "--password", PASSWORD, *words) as process:
        assert process.stdout is not None
        yield [process.stdout.readline().strip() for _ in range(lines or words.count("--file"))]


def read(address: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What ffprobe has to say about *address*."""
    url = address.replace("://", f"://me:{QUOTED}@")
    command = ["ffprobe", "-v", "warning", "-rtsp_transport", "tcp", *words, "-of", "json", url]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)


def test_ffmpeg_reads_our_camera(files: Path) -> None:
    expected = {"first": ("h264", "aac"), "second": ("hevc", "pcm_alaw")}
    with tawny_camera("--file", files / "first.mp4", "--file", files / "second.mkv") as addresses:
        for address in addresses:
            done = read(address, "-read_intervals", "%+2", "-show_streams", "-show_packets")

            assert done.returncode == 0, done.stderr
            found = json.loads(done.stdout)
            name = address.split("/")[-2]
            assert tuple(s["codec_name"] for s in found["streams"]) == expected[name]
            assert found["streams"][0]["width"] == 640
            video = [p for p in found["packets"] if p["codec_type"] == "video"]
            sound = [p for p in found["packets"] if p["codec_type"] == "audio"]
            times = [float(p["pts_time"]) for p in video if "pts_time" in p]  # the first have none yet
            steps = {round(b - a, 3) for a, b in pairwise(times)}
            assert len(times) > 30
            assert len(sound) > 10
            assert name != "first" or steps == {0.04}  # the second has B frames


def test_ffmpeg_reads_our_camera_through_tls(files: Path, tmp_path: Path) -> None:
    with tawny_camera("--rtsps", "0", "--data", tmp_path, "--file", files / "first.mp4", lines=2) as (_, secure):
        done = read(secure, "-show_streams")

    assert secure.startswith("rtsps://")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["streams"][0]["codec_name"] == "h264"


def test_what_ffmpeg_keeps_of_our_camera_decodes_without_a_message(files: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.mkv"
    with tawny_camera("--file", files / "first.mp4") as (address,):
        url = address.replace("://", f"://me:{QUOTED}@")
        ffmpeg("-rtsp_transport", "tcp", "-i", url, "-t", "3", "-c", "copy", kept)

    done = subprocess.run(
        ["ffmpeg", "-v", "warning", "-i", kept, "-f", "null", "-"], capture_output=True, text=True, check=True
    )

    assert done.stderr == ""


def test_ffmpeg_is_told_why_it_gets_nothing(files: Path) -> None:
    with tawny_camera("--file", files / "first.mp4") as (address,):
        unknown = read(address.replace("first", "third"))
        stranger = subprocess.run(
            ["ffprobe", "-v", "warning", "-rtsp_transport", "tcp", address], capture_output=True, text=True, check=False
        )
        by_multicast = subprocess.run(
            ["ffprobe", "-v", "warning", "-rtsp_transport", "udp_multicast", address.replace("//", f"//me:{QUOTED}@")],
            capture_output=True,
            text=True,
            check=False,
        )

    assert "404 Not Found" in unknown.stderr
    assert "401 Unauthorized" in stranger.stderr
    assert "461 Unsupported Transport" in by_multicast.stderr


def play(url: str, password: str, *, packets: int) -> tuple[Client, list[tuple[int, bytes]]]:
    """Our client at *url*, and that many of the packets which come."""
    client = Client(
        url, user="viewer", password=password, cnonce=lambda: secrets.token_hex(8), wants=lambda found: found.media
    )
    host, port = url.removeprefix("rtsp://").split("/")[0].split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        out = client.start()
        while client.playing is None:
            connection.sendall(out)
            out = client.receive(connection.recv(65_536))
        media = bytearray(client.unread)
        connection.sendall(client.keepalive())
        while b"RTSP/1.0 200" not in media:
            media += connection.recv(65_536)
        start = media.index(b"RTSP/1.0 200")
        end = media.index(b"\r\n\r\n", start) + 4
        client.reply(bytes(media[start:end]))
        del media[start:end]
        while len(found := framed(media)) < packets:
            media += connection.recv(65_536)
        connection.sendall(client.teardown())
    return client, found


def test_our_client_plays_gstreamers_camera_and_keeps_its_session(files: Path, gst_cameras: GstCameras) -> None:
    port = gst_cameras(f"yard={files / 'first.mp4'}", user="viewer", password=PASSWORD)

    client, found = play(f"rtsp://127.0.0.1:{port}/yard", PASSWORD, packets=100)

    assert client.playing is not None
    assert client.playing.server == "GStreamer RTSP server"
    tracks = {track.rtp_channel: track for track in client.playing.tracks}
    assert [track.media.encoding for track in tracks.values()] == ["H264", "MPEG4-GENERIC"]
    for channel, track in tracks.items():
        first = next(parse(packet) for number, packet in found if number == channel)
        assert first.timestamp == track.first_timestamp
        assert track.first_sequence is not None
        assert (first.sequence - track.first_sequence) & 0xFFFF in {0, 1}  # its AAC is numbered one too low
        assert first.payload_type == track.media.payload_type


def test_gstreamers_camera_refuses_our_client_with_a_wrong_password_or_path(
    files: Path, gst_cameras: GstCameras
) -> None:
    port = gst_cameras(f"yard={files / 'first.mp4'}", user="viewer", password=PASSWORD)

    with pytest.raises(RtspError) as wrong:
        play(f"rtsp://127.0.0.1:{port}/yard", "wrong", packets=1)
    with pytest.raises(RtspError) as elsewhere:
        play(f"rtsp://127.0.0.1:{port}/gate", PASSWORD, packets=1)

    assert wrong.value.kind == "credentials"
    assert elsewhere.value.kind == "not_found"
