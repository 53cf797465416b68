"""Volumes on small file systems of their own: full, read-only, failing, pulled out."""

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tawny.recorder.adapters.segment_files import SegmentFiles
from tawny.recorder.archive import service
from tawny.recorder.archive.checking import check
from tawny.recorder.archive.model import GapReason, Phase, Role, VolumeState
from tawny.recorder.archive.ports import Space
from tawny.recorder.archive.reader import ArchiveReader
from tawny.recorder.archive.retention import Policy, Retention
from tawny.recorder.archive.service import Archive
from tawny.recorder.archive.volume import NO_VOLUME
from tawny.runtime.clock import SystemClock
from tawny.runtime.data_directory import DataDirectory
from tests.recorder.archive.building import MAIN, NOON_US, OTHER, SECOND, SUB, formats, small

_TOOLS = ("mkfs.ext4", "e2fsck", "losetup", "mount", "umount")
_SIZE = 24 * 1024 * 1024


def run(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


class Disk:
    """A file system in a file, on a store that can be made to fail: new blocks have no place there while it is full."""

    def __init__(self, directory: Path) -> None:
        self.place = directory / "disk"
        self._store = directory / "store"
        self._image = self._store / "image"
        self.place.mkdir()
        self._store.mkdir()
        run("mount", "-t", "tmpfs", "-o", "size=40M", "tmpfs", str(self._store))
        try:
            with self._image.open("wb") as file:
                file.truncate(_SIZE)
            run("mkfs.ext4", "-q", str(self._image))
            self.mount()
        except BaseException:
            self.remove()
            raise

    def mount(self) -> None:
        run("mount", "-o", "loop", str(self._image), str(self.place))

    def stop_writing(self) -> None:
        """As the system does when it finds the file system damaged; files may be open for writing."""
        run("mount", "-o", "remount,abort", str(self.place))

    def pull_out(self) -> None:
        run("umount", "--lazy", str(self.place))

    def fail(self) -> None:
        """From now on new blocks can't be written, which the file system sees as errors of the device."""
        fill(self._store / "filling")

    def repair(self) -> None:
        """The device works again, and is checked and mounted anew."""
        (self._store / "filling").unlink(missing_ok=True)
        self.pull_out()
        self._wait_until_free()
        subprocess.run(("e2fsck", "-fy", str(self._image)), check=False, capture_output=True)
        self.mount()

    def _wait_until_free(self) -> None:
        """What was unmounted stays, read-only, for as long as somebody has a file of it open; mounting then gives the same again."""
        clock = SystemClock()
        for _ in range(200):
            if not run("losetup", "--associated", str(self._image)):
                return
            clock.wait(0.1)
        pytest.fail("the recorder keeps files open on a disk that failed")

    def remove(self) -> None:
        for path in (self.place, self._store):
            subprocess.run(("umount", "--lazy", str(path)), check=False, capture_output=True)


def fill(path: Path) -> None:
    """Take up all the room that there is, with a file."""
    with path.open("wb") as file:
        while True:
            try:
                os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, 64 * 1024)
            except OSError:
                return


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if os.geteuid() != 0 or not all(shutil.which(tool) for tool in _TOOLS):
        pytest.skip("needs root and " + ", ".join(_TOOLS))
    try:
        disk = Disk(tmp_path)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"needs loop devices: {error.stderr.strip()}")
    yield disk
    disk.remove()


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    found = DataDirectory(root=tmp_path / "data")
    found.create()
    return found


class SmallFiles(SegmentFiles):
    """The data directory's file system counts as no larger than the disk, so that both are recorded to."""

    def space(self, path: Path) -> Space:
        found = super().space(path)
        return Space(min(found.total_bytes, _SIZE), min(found.free_bytes, _SIZE))


@pytest.fixture
def archive(data: DataDirectory, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """The first volume is in the data directory, the second on the disk."""
    monkeypatch.setattr(service, "CYCLE_S", 0.1)
    monkeypatch.setattr("tawny.recorder.archive.upkeep.PROBE_S", 0.2)
    retention = Retention(Policy(floor_bytes=0, known=None))
    archive = Archive(data, clock=SystemClock(), retention=retention, files=SmallFiles())
    archive.recover()
    archive.start()
    archive.add_volume(disk.place, "Disk")
    yield archive
    archive.stop()


class Cameras:
    """Three streams that never end; a second of each at a time."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._second = 0

    def record(self, seconds: int = 1) -> None:
        for _ in range(seconds):
            start_us = NOON_US + self._second * SECOND
            for key in (MAIN, SUB, OTHER):
                self._archive.open_segment(key, start_us=start_us, formats=formats())
                self._archive.append(key, small(start_us=start_us, size=20_000))
            self._second += 1
        arrived = threading.Event()
        self._archive.request_group(OTHER, lambda fragments, segment_start_us: arrived.set())
        self._archive.flush()
        assert arrived.wait(20)

    def until(self, condition: Callable[[], bool]) -> None:
        """Record until *condition* holds."""
        clock = SystemClock()
        for _ in range(200):
            if condition():
                return
            self.record()
            clock.wait(0.05)
        pytest.fail("it never came to that")

    def holes(self, data: DataDirectory) -> list[GapReason]:
        """Why something is missing until now."""
        reader = ArchiveReader(data)
        last_us = NOON_US + self._second * SECOND
        return [
            gap.reason
            for key in (MAIN, SUB, OTHER)
            for gap in reader.timeline(key.camera, from_us=NOON_US, to_us=last_us, stream=key.stream).gaps
        ]


def state(archive: Archive) -> VolumeState:
    return next(volume.state for volume in archive.volumes() if volume.name == "Disk")


def files_on(disk: Disk) -> int:
    return len(list(disk.place.rglob("*.mp4")))


def test_a_full_disk_is_noticed_and_recording_goes_on_beside_it(
    archive: Archive, data: DataDirectory, disk: Disk
) -> None:
    cameras = Cameras(archive)
    cameras.until(lambda: files_on(disk) > 0)
    fill(disk.place / "filling")

    cameras.until(lambda: state(archive) is VolumeState.FULL)
    assert archive.status().phase is Phase.RECORDING

    (disk.place / "filling").unlink()
    cameras.until(lambda: state(archive) is VolumeState.OK)
    cameras.record(3)
    archive.stop()
    assert check(data, hashes=True).faults == ()
    assert set(cameras.holes(data)) <= {GapReason.DISK}


def test_a_disk_that_becomes_read_only_is_left_and_taken_again(
    archive: Archive, data: DataDirectory, disk: Disk
) -> None:
    cameras = Cameras(archive)
    cameras.until(lambda: files_on(disk) > 0)

    disk.stop_writing()
    cameras.until(lambda: state(archive) is VolumeState.READ_ONLY)
    assert archive.status().phase is Phase.RECORDING

    disk.repair()
    cameras.until(lambda: state(archive) is VolumeState.OK)
    archive.stop()
    assert check(data, hashes=True).faults == ()


def test_a_disk_that_is_pulled_out_is_missed_and_put_in_order_when_it_is_back(
    archive: Archive, data: DataDirectory, disk: Disk
) -> None:
    cameras = Cameras(archive)
    cameras.until(lambda: files_on(disk) > 0)

    disk.pull_out()
    cameras.until(lambda: state(archive) is VolumeState.NOT_INSTALLED)
    assert list(disk.place.iterdir()) == []
    assert archive.status().phase is Phase.RECORDING

    disk.mount()
    cameras.until(lambda: state(archive) is VolumeState.OK)
    cameras.record(3)
    archive.stop()
    assert check(data, hashes=True).faults == ()
    assert GapReason.UNKNOWN not in cameras.holes(data)


def test_a_disk_whose_device_fails_is_left_and_put_in_order_when_it_works(
    archive: Archive, data: DataDirectory, disk: Disk
) -> None:
    cameras = Cameras(archive)
    cameras.until(lambda: files_on(disk) > 0)

    disk.fail()
    cameras.until(lambda: state(archive) not in {VolumeState.OK, VolumeState.SLOW})
    cameras.record(3)
    assert archive.status().phase is Phase.RECORDING

    disk.repair()
    cameras.until(lambda: state(archive) is VolumeState.OK)
    cameras.record(3)
    archive.stop()
    assert check(data, hashes=True).faults == ()
    assert GapReason.UNKNOWN not in cameras.holes(data)


def test_with_no_disk_at_all_there_is_live_only_until_one_is_back(
    archive: Archive, data: DataDirectory, disk: Disk
) -> None:
    cameras = Cameras(archive)
    cameras.until(lambda: files_on(disk) > 0)
    first = next(volume.id for volume in archive.volumes() if volume.name != "Disk")
    archive.change_volume(first, role=Role.READ_ONLY)

    disk.pull_out()
    cameras.until(lambda: archive.status().phase is Phase.LIVE_ONLY)
    assert archive.status().title not in {"", NO_VOLUME.title}

    disk.mount()
    cameras.until(lambda: archive.status().phase is Phase.RECORDING)
    cameras.record(2)
    archive.stop()
    assert GapReason.UNKNOWN not in cameras.holes(data)
