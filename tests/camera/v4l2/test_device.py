import os
from pathlib import Path

import pytest

from tawny.camera.v4l2.device import V4l2Device


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names alone


def test_a_device_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        V4l2Device(tmp_path / "video0")


def test_what_is_no_camera_is_refused_and_closed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"no camera")
    before = open_files()

    for path in (Path("/dev/null"), tmp_path / "file"):
        with pytest.raises(ValueError, match="it is no camera"):
            V4l2Device(path)

    assert open_files() == before
