"""A volume that does not answer, and the others."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tawny.recorder.adapters.segment_files import SegmentFiles
from tawny.recorder.archive import service
from tawny.recorder.archive.checking import check
from tawny.recorder.archive.model import Phase, VolumeState
from tawny.recorder.archive.reader import ArchiveReader
from tawny.recorder.archive.retention import Policy, Retention
from tawny.recorder.archive.service import Archive
from tawny.recorder.archive.watching import GivenUp, Watch, WatchedFiles
from tawny.runtime.clock import SimulatedClock, SystemClock
from tawny.runtime.data_directory import DataDirectory
from tests.recorder.archive.building import MAIN, NOON_US, OTHER, SECOND, SUB, formats, video


class HangingFiles(SegmentFiles):
    """Files below *stuck* whose writes (or syncs) wait until the test lets them go."""

    def __init__(self) -> None:
        super().__init__()
        self.stuck: Path | None = None
        self.syncs_too = False
        self.free = threading.Event()
        self._paths: dict[int, Path] = {}

    def create(self, path: Path) -> int:
        descriptor = super().create(path)
        self._paths[descriptor] = path
        return descriptor

    def write(self, descriptor: int, buffers: Sequence[bytes]) -> None:
        self._wait(self._paths.get(descriptor, Path()))
        super().write(descriptor, buffers)

    def sync_volume(self, path: Path) -> None:
        if self.syncs_too:
            self._wait(path)
        super().sync_volume(path)

    def _wait(self, path: Path) -> None:
        if self.stuck is not None and path.is_relative_to(self.stuck):
            assert self.free.wait(30)


@pytest.fixture
def files() -> Iterator[HangingFiles]:
    files = HangingFiles()
    yield files
    files.free.set()


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    found = DataDirectory(root=tmp_path / "data")
    found.create()
    return found


@pytest.fixture
def archive(
    data: DataDirectory, files: HangingFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Archive]:
    """Two volumes, and little patience."""
    for name, seconds in (("HUNG_S", 0.3), ("_WATCH_S", 0.05), ("CYCLE_S", 0.1)):
        monkeypatch.setattr(service, name, seconds)
    monkeypatch.setattr("tawny.recorder.archive.upkeep.PROBE_S", 0.2)
    archive = Archive(data, clock=SystemClock(), retention=Retention(Policy(floor_bytes=0, known=None)), files=files)
    archive.recover()
    archive.start()
    archive.add_volume(tmp_path / "second", "Second")
    yield archive
    files.free.set()
    archive.stop()


def on_file(archive: Archive) -> bool:
    """Whether everything handed over so far was dealt with, in time."""
    arrived = threading.Event()
    archive.request_group(OTHER, lambda fragments, segment_start_us: arrived.set())
    archive.flush()
    return arrived.wait(20)


def record(archive: Archive, at: int) -> None:
    start_us = NOON_US + at * 10 * SECOND
    for key in (MAIN, SUB, OTHER):
        archive.open_segment(key, start_us=start_us, formats=formats())
        archive.append(key, video(0, start_us=start_us))


def until(condition: Callable[[], bool]) -> None:
    clock = SystemClock()
    for _ in range(400):
        if condition():
            return
        clock.wait(0.05)
    pytest.fail("it never came to that")


def state(archive: Archive, name: str) -> VolumeState:
    return next(volume.state for volume in archive.volumes() if volume.name == name)


def test_a_volume_that_hangs_in_a_write_holds_up_no_other_and_comes_back(
    archive: Archive, data: DataDirectory, files: HangingFiles, tmp_path: Path
) -> None:
    record(archive, 0)
    assert on_file(archive)
    files.stuck = tmp_path / "second"

    for at in range(1, 5):
        record(archive, at)
    assert on_file(archive)

    assert state(archive, "Second") is VolumeState.ERROR
    assert archive.status().phase is Phase.RECORDING
    assert archive.volumes()[-1].faults

    files.stuck = None
    files.free.set()
    until(lambda: state(archive, "Second") is VolumeState.OK)
    record(archive, 6)
    archive.stop()

    assert check(data, hashes=True).faults == ()
    reader = ArchiveReader(data)
    for key in (MAIN, SUB, OTHER):
        found = reader.segments(key.camera, key.stream, from_us=0, to_us=2**60)
        assert len(found) >= 5  # but for the one that hung, each has its file
        assert reader.timeline(key.camera, from_us=NOON_US, to_us=NOON_US + 60 * SECOND, stream=key.stream).spans


def test_a_volume_that_hangs_in_a_sync_is_slow_and_the_others_are_synced(
    archive: Archive, files: HangingFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tawny.recorder.archive.slowness.SYNC_S", 0.3)
    files.stuck, files.syncs_too = tmp_path / "second", True
    archive.add_volume(tmp_path / "third", "Third")

    files.free.clear()
    until(lambda: state(archive, "Second") is VolumeState.ERROR or state(archive, "Second") is VolumeState.SLOW)
    for at in range(4):
        record(archive, at)
        assert on_file(archive)

    assert state(archive, "Drive 1") is VolumeState.OK
    assert archive.status().phase is Phase.RECORDING
    until(lambda: len({v.id for v in archive.volumes() if v.archive_bytes}) >= 2)


def test_a_thread_that_was_given_up_does_nothing_more(tmp_path: Path) -> None:
    clock, outcome = SimulatedClock(), list[type[BaseException]]()
    watch, files = Watch(clock), HangingFiles()
    watched = WatchedFiles(files, watch, "vol_one")
    files.stuck = tmp_path
    began = threading.Event()

    def work() -> None:
        watch.begin()
        descriptor = watched.create(tmp_path / "file")
        began.set()
        try:
            watched.write(descriptor, [b"late"])
        except GivenUp:
            outcome.append(GivenUp)
        with pytest.raises(GivenUp):
            watched.unlink(tmp_path / "file")
        assert watch.ended() == "vol_one"

    thread = threading.Thread(target=work)
    thread.start()
    assert began.wait(10)
    until(lambda: watch.give_up(0.0) == "vol_one")
    files.free.set()
    thread.join(10)

    assert outcome == [GivenUp]
    assert (tmp_path / "file").exists()
    assert watch.give_up(0.0) is None


def test_time_spent_in_a_volume_is_counted(tmp_path: Path) -> None:
    clock = SimulatedClock()
    watch = Watch(clock)
    watch.begin()

    class Slow(SegmentFiles):
        def unlink(self, path: Path) -> None:
            clock.wait(2)

    WatchedFiles(Slow(), watch, "vol_one").unlink(tmp_path)

    assert watch.spent_s == {"vol_one": 2.0}
    assert watch.give_up(1.0) is None
