"""The archive with its threads."""

import errno
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tawny.recorder.adapters.segment_files import SegmentFiles
from tawny.recorder.archive.checking import check
from tawny.recorder.archive.model import ArchiveStatus, GapReason, Phase
from tawny.recorder.archive.reader import ArchiveReader
from tawny.recorder.archive.retention import Policy, Retention
from tawny.recorder.archive.service import QUEUE_BYTES, Archive
from tawny.runtime.clock import SystemClock
from tawny.runtime.data_directory import DataDirectory
from tests.recorder.archive.building import MAIN, NOON_US, SECOND, formats, small, video


class HeldFiles(SegmentFiles):
    """A disk whose writes wait until the test lets them go, or refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()
        self.free.set()
        self.refusal: OSError | None = None

    def write(self, descriptor: int, buffers: Sequence[bytes]) -> None:
        assert self.free.wait(20)
        if self.refusal is not None:
            raise self.refusal
        super().write(descriptor, buffers)


def unlimited() -> Retention:
    return Retention(Policy(floor_bytes=0, known=None))


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    found = DataDirectory(root=tmp_path)
    found.create()
    return found


@pytest.fixture
def files() -> HeldFiles:
    return HeldFiles()


@pytest.fixture
def archive(data: DataDirectory, files: HeldFiles) -> Iterator[Archive]:
    archive = Archive(data, clock=SystemClock(), retention=unlimited(), files=files)
    archive.recover()
    archive.start()
    yield archive
    files.free.set()
    archive.stop()


def written(archive: Archive) -> tuple[bytes, int]:
    """Wait until everything handed over so far is on file; the current group."""
    answers: list[tuple[bytes, int]] = []
    arrived = threading.Event()

    def answer(fragments: bytes, segment_start_us: int) -> None:
        answers.append((fragments, segment_start_us))
        arrived.set()

    archive.request_group(MAIN, answer)
    archive.flush()
    assert arrived.wait(20)
    return answers[0]


def test_what_is_handed_over_is_kept_and_a_stop_leaves_it_whole(archive: Archive, data: DataDirectory) -> None:
    archive.open_segment(MAIN, start_us=NOON_US, formats=formats())
    for second in range(3):
        archive.append(MAIN, video(second))
    assert written(archive)[1] == NOON_US
    archive.close_segment(MAIN, end_us=NOON_US + 3 * SECOND)

    archive.stop()

    report = check(data, hashes=True)
    assert (report.segments, report.faults) == (1, ())
    found = ArchiveReader(data).timeline(MAIN.camera, from_us=NOON_US, to_us=NOON_US + 9 * SECOND)
    assert [(s.from_us, s.to_us) for s in found.spans] == [(NOON_US, NOON_US + 3 * SECOND)]
    assert [g.reason for g in found.gaps] == [GapReason.RESTART]


def test_a_second_run_goes_on_where_the_first_ended(archive: Archive, data: DataDirectory) -> None:
    archive.open_segment(MAIN, start_us=NOON_US, formats=formats())
    archive.append(MAIN, video())
    archive.stop()

    again = Archive(data, clock=SystemClock(), retention=unlimited())
    again.recover()
    again.start()
    again.open_segment(MAIN, start_us=NOON_US + 5 * SECOND, formats=formats())
    again.append(MAIN, video(start_us=NOON_US + 5 * SECOND))
    again.stop()

    found = ArchiveReader(data).timeline(MAIN.camera, from_us=NOON_US, to_us=NOON_US + 6 * SECOND)
    assert [(s.from_us - NOON_US, s.to_us - NOON_US) for s in found.spans] == [(0, SECOND), (5 * SECOND, 6 * SECOND)]
    assert [g.reason for g in found.gaps] == [GapReason.RESTART]
    assert check(data, hashes=True).faults == ()


def test_a_disk_that_does_not_keep_up_costs_video_not_memory(
    archive: Archive, files: HeldFiles, data: DataDirectory
) -> None:
    megabyte = 1024 * 1024
    files.free.clear()
    archive.open_segment(MAIN, start_us=NOON_US, formats=formats())

    for second in range(QUEUE_BYTES // megabyte + 6):
        archive.append(MAIN, small(second, size=megabyte // 2))
    files.free.set()
    written(archive)
    archive.append(MAIN, small(100, size=1000))
    written(archive)

    found = ArchiveReader(data).timeline(MAIN.camera, from_us=NOON_US, to_us=NOON_US + 101 * SECOND)
    assert [g.reason for g in found.gaps] == [GapReason.OVERLOAD]
    assert len(found.spans) == 2
    assert found.spans[1].from_us == NOON_US + 100 * SECOND


def test_trouble_is_told_once_when_it_comes(data: DataDirectory, files: HeldFiles) -> None:
    told: list[ArchiveStatus] = []
    archive = Archive(data, clock=SystemClock(), retention=unlimited(), files=files, on_change=told.append)
    archive.recover()
    archive.start()
    files.refusal = OSError(errno.ENOSPC, "No space left on device")

    archive.open_segment(MAIN, start_us=NOON_US, formats=formats())
    for second in range(3):
        archive.append(MAIN, small(second))
        written(archive)
    archive.stop()

    assert [status.phase for status in told] == [Phase.FAILED]
    assert "full" in told[0].title


def test_a_broken_callback_does_not_end_recording(archive: Archive, data: DataDirectory) -> None:
    def broken(fragments: bytes, segment_start_us: int) -> None:
        raise RuntimeError("a viewer's fault")

    archive.open_segment(MAIN, start_us=NOON_US, formats=formats())
    archive.append(MAIN, video(0))
    archive.request_group(MAIN, broken)
    archive.append(MAIN, video(1))

    assert len(written(archive)[0]) > 0


def test_a_stop_gives_up_on_a_disk_that_does_not_answer(data: DataDirectory, files: HeldFiles) -> None:
    archive = Archive(data, clock=SystemClock(), retention=unlimited(), files=files)
    archive.recover()
    archive.start()
    files.free.clear()
    archive.open_segment(MAIN, start_us=NOON_US, formats=formats())
    archive.append(MAIN, video())

    stopping = threading.Thread(target=archive.stop)
    stopping.start()
    stopping.join(timeout=15)
    gave_up = not stopping.is_alive()
    files.free.set()
    stopping.join()

    assert gave_up


def test_status_counts_what_is_on_file(archive: Archive) -> None:
    archive.open_segment(MAIN, start_us=NOON_US, formats=formats())
    archive.append(MAIN, video())
    group, _ = written(archive)

    status = archive.status()

    assert status.phase is Phase.RECORDING
    assert status.size_bytes > len(group)
    assert status.queue_s >= 0
