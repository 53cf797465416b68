"""Loop devices for tests that need a real drive; tests skip where the machine has none."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE = 320 * 1024**2  # XFS wants 300 MB; the file is sparse


@contextmanager
def loop_device(directory: Path, *, size: int = SIZE) -> Iterator[str]:
    """A loop device over an empty file in *directory*."""
    image = directory / "drive.img"
    with image.open("wb") as file:
        file.truncate(size)
    if os.geteuid() != 0 or not Path("/dev/loop-control").exists():
        pytest.skip("needs root and loop devices")
    made = subprocess.run(["losetup", "--find", "--show", str(image)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"no loop device to be had: {made.stderr.strip()}")
    device = made.stdout.strip()
    try:
        yield device
    finally:
        subprocess.run(["umount", "--quiet", "--all-targets", device], check=False, capture_output=True)
        subprocess.run(["losetup", "--detach", device], check=True)
