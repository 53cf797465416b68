"""Programs of ours for journeys: started as people start them, ended as people end them."""

import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.journeys.conftest import ffmpeg

USER, PASSWORD = "admin", "Kolotoč 7"


@contextmanager
def program(*words: str | Path) -> Iterator[subprocess.Popen[str]]:
    """A verb of ours, which has to end well."""
    command = [sys.executable, "-m", "tawny.cli", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(20)
    assert code == 0


def printed(process: "subprocess.Popen[str]", start: str) -> str:
    """The next line that the program prints and that begins with *start*."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(start):
            return line.strip()
    raise AssertionError(f"the program ended without a line that begins with {start}")


@contextmanager
def cameras(directory: Path, *sources: str | Path, together: bool = False, onvif: int = 0) -> Iterator[list[str]]:
    """Our camera with *sources* as ONVIF devices; their addresses."""
    (directory / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    words = [*sources, "--port", "0", "--onvif", str(onvif or free_ports()), "--data", directory, "--user", USER]
    words += ["--together"] if together else []
    devices = 1 if together else sum(str(word) in {"--scene", "--file"} for word in sources)
    with program("camera", *words, "--password-file", directory / "password") as process:
        yield [printed(process, "http://") for _ in range(devices)]


def free_ports(many: int = 64) -> int:
    """The first of *many* ports in a row that are free now, below those that the system hands out."""
    for first in random.sample(range(20_000, 32_000, many), 20):
        with ExitStack() as held:
            try:
                for port in range(first, first + many):
                    held.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            return first
    raise AssertionError("no ports are free")


def small_clip(path: Path) -> None:
    """Four seconds of a small test picture."""
    coding = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "20", "-bf", "0", "-pix_fmt", "yuv420p", "-b:v", "100k"]
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10", "-t", "4", *coding, path)
