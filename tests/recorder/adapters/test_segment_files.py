"""What only the real disk does."""

import errno
import os
from pathlib import Path

import pytest

from tawny.recorder.adapters.segment_files import SegmentFiles


def test_a_volume_that_is_gone_can_not_be_synced(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        SegmentFiles().sync_volume(tmp_path / "gone")


def test_a_full_disk_says_so_whether_at_once_or_in_the_middle() -> None:
    descriptor = os.open("/dev/full", os.O_WRONLY)

    with pytest.raises(OSError) as found:
        SegmentFiles().write(descriptor, [b"x"] * 2000)
    os.close(descriptor)

    assert found.value.errno == errno.ENOSPC


def test_room_set_aside_is_really_taken(tmp_path: Path) -> None:
    SegmentFiles().allocate(tmp_path / "reserve", 1_000_000)

    assert (tmp_path / "reserve").stat().st_blocks * 512 >= 1_000_000
