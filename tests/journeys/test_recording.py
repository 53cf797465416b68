"""Cameras that are not ours are recorded, and programs that are not ours judge the files."""

import json
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.processes import wait_for
from bench.tawny_under_test import Tawny
from tests.journeys.conftest import GstCameras

pytestmark = pytest.mark.journey

CODECS = {
    "h264-aac": ("h264", "aac"),
    "h265-aac": ("hevc", "aac"),
    "h264-alaw": ("h264", "pcm_alaw"),
    "bframes-10s": ("h264", None),
}


def probe(path: Path) -> dict[str, Any]:
    """What ffprobe says of *path*, having read every packet; its complaints fail the test."""
    command = ["ffprobe", "-v", "error", "-count_packets", "-show_streams", "-show_format", "-of", "json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def decode_complaints(path: Path) -> str:
    """What ffmpeg says while it decodes all of *path*."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "null", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def check_archive(data: Path) -> dict[str, Any]:
    """`tawny archive check` as anyone runs it."""
    command = [sys.executable, "-m", "tawny.cli", "archive", "check", "--data", str(data), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, answer
    return answer


def test_cameras_of_others_are_recorded_in_files_that_any_player_reads(
    tmp_path: Path, clips: Path, gst_cameras: GstCameras
) -> None:
    files = {name: next(clips.glob(f"{name}.*")) for name in CODECS}
    port = gst_cameras(*(f"{name}={file}" for name, file in files.items()), user="viewer", password="se cret:1")
    began = datetime.now(UTC)

    with Tawny(tmp_path / "data") as tawny:
        ids = {}
        for name in files:
            body = {
                "name": name,
                "url": f"rtsp://127.0.0.1:{port}/{name}",
                "user": "viewer",
                "password": "se cret:1",
                "sound": True,
            }
            ids[name] = tawny.call("POST", "/cameras", body)["id"]
        wait_for(lambda: tawny.online() == len(files), timeout_s=20, what="all cameras online")
        time.sleep(14)
        span = f"from={began:%Y-%m-%dT%H:%M:%SZ}&to={datetime.now(UTC) + timedelta(seconds=5):%Y-%m-%dT%H:%M:%SZ}"
        timelines = {name: tawny.call("GET", f"/cameras/{camera}/timeline?{span}") for name, camera in ids.items()}
        running = check_archive(tmp_path / "data")

    assert running["faults"] == []
    assert running["unsynced_s"] is not None
    stopped = check_archive(tmp_path / "data")
    assert stopped["faults"] == []
    assert stopped["unsynced_s"] is None
    for name, camera in ids.items():
        assert timelines[name]["spans"], name
        recorded = sorted((tmp_path / "data" / "archive" / camera).rglob("*-main.mp4"))
        assert recorded, name
        for file in recorded:
            answer = probe(file)
            kinds = {stream["codec_type"]: stream for stream in answer["streams"]}
            video, sound = CODECS[name]
            assert kinds["video"]["codec_name"] == video
            assert (kinds["video"]["width"], kinds["video"]["height"]) == (640, 360)
            assert int(kinds["video"]["nb_read_packets"]) > 100
            if sound:
                assert kinds["audio"]["codec_name"] == sound
            assert decode_complaints(file) == ""


def test_a_file_cut_at_any_byte_plays_up_to_the_cut(tmp_path: Path, clips: Path, gst_cameras: GstCameras) -> None:
    port = gst_cameras(f"one={clips / 'h264-aac.mp4'}")
    with Tawny(tmp_path / "data") as tawny:
        tawny.add_camera("One", f"rtsp://127.0.0.1:{port}/one")
        wait_for(lambda: tawny.online() == 1, timeout_s=20, what="the camera online")
        time.sleep(9)
    whole = next((tmp_path / "data" / "archive").rglob("*-main.mp4")).read_bytes()
    randomness = random.Random(7)

    for _ in range(12):
        size = randomness.randrange(len(whole) // 3, len(whole))
        cut = tmp_path / "cut.mp4"
        cut.write_bytes(whole[:size])
        command = [
            "ffprobe",
            "-v",
            "quiet",
            "-count_packets",
            "-show_entries",
            "stream=nb_read_packets",
            "-of",
            "csv=p=0",
            str(cut),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)

        packets = [int(line) for line in done.stdout.split()]
        assert len(packets) == 2
        assert packets[0] >= 25 * 2


def test_a_range_is_downloaded_as_a_movie_of_that_length(
    tmp_path: Path, clips: Path, gst_cameras: GstCameras, tawny: Tawny
) -> None:
    port = gst_cameras(f"one={clips / 'h264-aac.mp4'}")
    camera = tawny.add_camera("One", f"rtsp://127.0.0.1:{port}/one")
    wait_for(lambda: tawny.online() == 1, timeout_s=20, what="the camera online")
    time.sleep(10)
    begin = datetime.now(UTC) - timedelta(seconds=7)
    end = begin + timedelta(seconds=5)

    movie = tmp_path / "movie.mp4"
    movie.write_bytes(
        tawny.download(f"/cameras/{camera}/video.mp4?from={begin:%Y-%m-%dT%H:%M:%S.%fZ}&to={end:%Y-%m-%dT%H:%M:%S.%fZ}")
    )

    answer = probe(movie)
    assert 4.5 <= float(answer["format"]["duration"]) <= 6.5
    assert {stream["codec_name"] for stream in answer["streams"]} == {"h264", "aac"}
    assert decode_complaints(movie) == ""
