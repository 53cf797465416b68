"""Whole programs for journeys: Tawny as it ships, cameras that are not ours, clips that Debian's ffmpeg makes."""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from bench.tawny_under_test import Tawny

HERE = Path(__file__).parent

CLIPS = {
    "h264-aac.mp4": "-c:v libx264 -preset ultrafast -g 50 -bf 0 -pix_fmt yuv420p -c:a aac -ar 16000 -ac 1",
    "h265-aac.mp4": "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=50:bframes=0 -pix_fmt yuv420p -c:a aac -ar 48000 -ac 2",
    "h264-alaw.mkv": "-c:v libx264 -preset ultrafast -g 50 -bf 0 -pix_fmt yuv420p -c:a pcm_alaw -ar 8000 -ac 1",
    "bframes-10s.mp4": "-c:v libx264 -preset veryfast -g 250 -keyint_min 250 -sc_threshold 0 -bf 2 -pix_fmt yuv420p -an",
}


def ffmpeg(*words: str | Path) -> None:
    """Run Debian's ffmpeg; its complaint is the failure's text."""
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-y", *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the clips of CLIPS, 40 s each, 640x360 at 25 pictures a second."""
    directory = tmp_path_factory.mktemp("clips")
    for name, coding in CLIPS.items():
        picture = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25"]
        rate = coding.split("-ar ")[1].split()[0] if "-ar " in coding else "8000"
        sound = ["-f", "lavfi", "-i", f"sine=frequency=440:sample_rate={rate}"]
        ffmpeg(*picture, *sound, "-t", "40", *coding.split(), directory / name)
    return directory


GstCameras = Callable[..., int]


@pytest.fixture
def gst_cameras() -> Iterator[GstCameras]:
    """Start GStreamer's RTSP server with the cameras named; the answer is its port."""
    running: list[subprocess.Popen[str]] = []

    def start(*cameras: str, user: str = "", password: str = "", more: Sequence[str] = ()) -> int:
        login = [*(["--user", user, "--password", password] if user else []), *more]
        process = subprocess.Popen(
            ["/usr/bin/python3", str(HERE / "gst_cameras.py"), *login, *cameras],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ready"), line
        return int(line.split()[1])

    yield start
    for process in running:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


@pytest.fixture
def tawny(tmp_path: Path) -> Iterator[Tawny]:
    """An installation of its own, running, logged in as its owner."""
    with Tawny(tmp_path / "data") as running:
        yield running
