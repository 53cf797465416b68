"""What goes wrong in the field: each is a clear message and a state, and no other camera is disturbed."""

import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.paced_cameras import Clip, read_clip
from bench.processes import wait_for
from bench.record import lost_frames
from bench.tawny_under_test import Tawny, free_port
from tests.fakes.hostile_cameras import (
    HostileCamera,
    NotRtsp,
    sound_only,
    ten_times_the_bitrate,
    with_codec,
    with_garbage,
    without_key_frames,
)
from tests.journeys.conftest import GstCameras
from tests.journeys.test_recording import check_archive

pytestmark = pytest.mark.journey

JARGON = ("Errno", "Traceback", "Exception", "None", "ENO", "errno")


@pytest.fixture(scope="module")
def clip(clips: Path) -> Clip:
    return read_clip(str(clips / "h264-aac.mp4"), burst=False)


def state(tawny: Tawny, camera: str) -> dict[str, Any]:
    found: dict[str, Any] = tawny.call("GET", f"/cameras/{camera}")["state"]
    return found


def in_trouble(tawny: Tawny, camera: str) -> Callable[[], bool]:
    return lambda: state(tawny, camera)["phase"] == "waiting"


def test_every_way_not_to_reach_a_camera_is_said_in_plain_words_with_a_remedy(
    tmp_path: Path, clips: Path, clip: Clip, gst_cameras: GstCameras
) -> None:
    port = gst_cameras(f"one={clips / 'h264-aac.mp4'}", user="viewer", password="right")
    with ExitStack() as stack:
        http = stack.enter_context(NotRtsp(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"))
        ssh = stack.enter_context(NotRtsp(b"SSH-2.0-OpenSSH_9.2\r\n"))
        mjpeg = stack.enter_context(HostileCamera(clip, with_codec("MP4V-ES")))
        deaf = stack.enter_context(HostileCamera(clip, sound_only))
        tawny = stack.enter_context(Tawny(tmp_path / "data"))
        given = {
            "host": ("rtsp://no-such-host.invalid/stream", "", ""),
            "port": (f"rtsp://127.0.0.1:{free_port()}/stream", "", ""),
            "path": (f"rtsp://127.0.0.1:{port}/wrong", "viewer", "right"),
            "password": (f"rtsp://127.0.0.1:{port}/one", "viewer", "wrong"),
            "http": (f"rtsp://127.0.0.1:{http.port}/", "", ""),
            "ssh": (f"rtsp://127.0.0.1:{ssh.port}/", "", ""),
            "codec": (mjpeg.url, "", ""),
            "no video": (deaf.url, "", ""),
        }
        ids = {
            name: tawny.call("POST", "/cameras", {"name": name, "url": url, "user": user, "password": password})["id"]
            for name, (url, user, password) in given.items()
        }
        for name, camera in ids.items():
            wait_for(in_trouble(tawny, camera), timeout_s=25, what=f"{name} to be in trouble")
        states = {name: state(tawny, camera) for name, camera in ids.items()}

    titles = {name: found["title"] for name, found in states.items()}
    print(titles)
    assert all(found["remedy"] for found in states.values()), states
    assert not [word for word in JARGON for title in titles.values() if word in title]
    assert len(set(titles.values())) >= 7, titles  # http and ssh may share their words
    assert "password" in titles["password"].lower()
    assert "MP4V-ES" in titles["codec"]


@contextmanager
def beside_a_good_camera(tmp_path: Path, clip: Clip, hostile: HostileCamera) -> Iterator[tuple[Tawny, str, str]]:
    """Tawny with a camera that behaves and *hostile*; at the end the good one has lost no picture."""
    data = tmp_path / "data"
    with HostileCamera(clip) as good, hostile, Tawny(data) as tawny:
        good_id = tawny.add_camera("Good", good.url)
        wait_for(lambda: tawny.online() == 1, timeout_s=20, what="the good camera online")
        bad_id = tawny.add_camera("Bad", hostile.url)
        yield tawny, good_id, bad_id
        assert state(tawny, good_id)["phase"] == "online"
        gaps = timeline(tawny, good_id)["gaps"]
        assert [gap["reason"] for gap in gaps if gap["reason"] not in {"not_added", "camera_lost"}] == []
    check = check_archive(data)
    assert check["faults"] == []
    frames, lost = lost_frames(data, camera=good_id)
    assert frames > 100
    assert lost == 0


def timeline(tawny: Tawny, camera: str) -> dict[str, Any]:
    day = datetime.now(UTC)
    span = f"from={day - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}&to={day + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    found: dict[str, Any] = tawny.call("GET", f"/cameras/{camera}/timeline?{span}")
    return found


def test_a_camera_that_drops_every_five_seconds_is_recorded_in_between(tmp_path: Path, clip: Clip) -> None:
    with beside_a_good_camera(tmp_path, clip, HostileCamera(clip, drops_after_s=5)) as (tawny, _, bad):
        time.sleep(16)
        found = timeline(tawny, bad)

    assert len(found["spans"]) >= 2
    assert "camera_lost" in {gap["reason"] for gap in found["gaps"]}


def test_a_camera_that_stalls_without_closing_is_noticed(tmp_path: Path, clip: Clip) -> None:
    with beside_a_good_camera(tmp_path, clip, HostileCamera(clip, stalls_after_s=4)) as (tawny, _, bad):
        time.sleep(5)
        wait_for(in_trouble(tawny, bad), timeout_s=15, what="the stall to be noticed")
        found = state(tawny, bad)

    assert found["title"]
    assert found["remedy"]


def test_a_stream_without_key_frames_says_so_within_half_a_minute(tmp_path: Path, clip: Clip) -> None:
    with beside_a_good_camera(tmp_path, clip, HostileCamera(clip, without_key_frames)) as (tawny, _, bad):
        wait_for(in_trouble(tawny, bad), timeout_s=32, what="the lack of key frames to be noticed")

        assert "key frame" in state(tawny, bad)["title"].lower() + state(tawny, bad)["remedy"].lower()


def test_garbage_inside_the_stream_neither_stops_recording_nor_breaks_files(tmp_path: Path, clip: Clip) -> None:
    with beside_a_good_camera(tmp_path, clip, HostileCamera(clip, with_garbage)) as (tawny, _, bad):
        time.sleep(8)

        assert timeline(tawny, bad)["spans"]


def test_ten_times_the_bitrate_disturbs_nobody(tmp_path: Path, clip: Clip) -> None:
    with beside_a_good_camera(tmp_path, clip, HostileCamera(clip, ten_times_the_bitrate)) as (tawny, _, bad):
        time.sleep(8)

        assert state(tawny, bad)["phase"] in {"online", "waiting"}


@pytest.fixture
def data_on_small_disk(tmp_path: Path) -> Iterator[Path]:
    """A data directory whose archive is a file system of 24 MB of its own."""
    archive = tmp_path / "data" / "archive"
    archive.mkdir(parents=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tawny-test", str(archive)], check=False)
    if mounted.returncode:
        pytest.skip("needs the right to mount a small file system (root)")
    yield tmp_path / "data"
    subprocess.run(["umount", str(archive)], check=True)


def archive_state(tawny: Tawny) -> dict[str, Any]:
    found: dict[str, Any] = tawny.call("GET", "/recorder")["archive"]["state"]
    return found


def fill(path: Path) -> None:
    """Write to *path* until the disk refuses."""
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 20))


def test_a_full_disk_is_said_live_goes_on_and_recording_resumes_by_itself(data_on_small_disk: Path, clip: Clip) -> None:
    with HostileCamera(clip) as camera, Tawny(data_on_small_disk) as tawny:
        camera_id = tawny.add_camera("One", camera.url)
        wait_for(lambda: tawny.online() == 1, timeout_s=20, what="the camera online")
        time.sleep(3)
        others = data_on_small_disk / "archive" / "of-another-program"
        with pytest.raises(OSError, match="No space"):
            fill(others)
        wait_for(lambda: archive_state(tawny)["phase"] != "recording", timeout_s=20, what="the full disk to be said")
        full = archive_state(tawny)
        live = state(tawny, camera_id)["phase"]
        others.unlink()
        wait_for(lambda: archive_state(tawny)["phase"] == "recording", timeout_s=20, what="recording to resume")
        time.sleep(3)
        gaps = timeline(tawny, camera_id)["gaps"]

    assert "full" in full["title"]
    assert full["remedy"]
    assert live == "online"
    assert "disk" in {gap["reason"] for gap in gaps}
    assert check_archive(data_on_small_disk)["faults"] == []


def test_a_read_only_disk_is_said_live_goes_on_and_recording_resumes_by_itself(
    data_on_small_disk: Path, clip: Clip
) -> None:
    def remount(how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(data_on_small_disk / "archive")], check=True)

    with HostileCamera(clip) as camera:
        with Tawny(data_on_small_disk) as tawny:
            camera_id = tawny.add_camera("One", camera.url)
            wait_for(lambda: tawny.online() == 1, timeout_s=20, what="the camera online")
            time.sleep(3)
        remount("ro")
        with Tawny(data_on_small_disk) as tawny:
            wait_for(lambda: tawny.online() == 1, timeout_s=20, what="the camera online")
            wait_for(lambda: archive_state(tawny)["phase"] != "recording", timeout_s=20, what="the disk to be said")
            read_only = archive_state(tawny)
            remount("rw")
            wait_for(lambda: archive_state(tawny)["phase"] == "recording", timeout_s=20, what="recording to resume")
            time.sleep(4)
            spans = timeline(tawny, camera_id)["spans"]

    assert "read" in read_only["title"].lower()
    assert read_only["remedy"]
    assert len(spans) == 2
    assert check_archive(data_on_small_disk)["faults"] == []


def test_five_hundred_clients_that_seek_at_once_get_answers_and_recording_goes_on(tmp_path: Path, clip: Clip) -> None:
    with HostileCamera(clip) as camera, Tawny(tmp_path / "data") as tawny:
        camera_id = tawny.add_camera("One", camera.url)
        wait_for(lambda: tawny.online() == 1, timeout_s=20, what="the camera online")
        time.sleep(8)
        begin = datetime.now(UTC) - timedelta(seconds=5)
        path = f"/cameras/{camera_id}/video.mp4?from={begin:%Y-%m-%dT%H:%M:%SZ}&to={begin + timedelta(seconds=2):%Y-%m-%dT%H:%M:%SZ}"

        def seek(_: int) -> str:
            try:
                return "movie" if b"moov" in tawny.download(path)[:4096] else "else"
            except RuntimeError as refusal:
                return "refused" if " 429 " in str(refusal) or " 503 " in str(refusal) else str(refusal)
            except (TimeoutError, OSError) as error:
                return repr(error)

        with ThreadPoolExecutor(500) as pool:
            answers = list(pool.map(seek, range(500)))

        assert state(tawny, camera_id)["phase"] == "online"

    assert set(answers) <= {"movie", "refused"}
    assert answers.count("movie") >= 100
    frames, lost = lost_frames(tmp_path / "data")
    assert frames > 200
    assert lost == 0
