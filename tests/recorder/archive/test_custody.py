"""Volumes that come and go while the archive records."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tawny.recorder.adapters.sqlite_index import SqliteIndex
from tawny.recorder.archive import ledger
from tawny.recorder.archive.checking import check
from tawny.recorder.archive.model import GapReason, Role, VolumeState
from tawny.recorder.archive.paths import RECORDER
from tawny.recorder.archive.reader import ArchiveReader
from tawny.recorder.archive.rebuild import reindex
from tawny.recorder.archive.retention import Policy, Retention
from tawny.recorder.archive.service import Archive
from tawny.recorder.archive.volumes import IDENTITY, KNOWN, read_identity, read_volumes
from tawny.runtime.clock import SystemClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem
from tests.recorder.archive.building import MAIN, NOON_US, OTHER, SECOND, SUB, formats, video
from tests.recorder.archive.test_rebuild import dump


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    found = DataDirectory(root=tmp_path / "data")
    found.create()
    return found


def started(data: DataDirectory) -> Archive:
    archive = Archive(data, clock=SystemClock(), retention=Retention(Policy(floor_bytes=0, known=None)))
    archive.recover()
    archive.start()
    return archive


@pytest.fixture
def archive(data: DataDirectory) -> Iterator[Archive]:
    archive = started(data)
    yield archive
    archive.stop()


def record(archive: Archive, start_us: int, *, seconds: int = 2) -> None:
    """Every stream, and wait until it is on file."""
    for key in (MAIN, SUB, OTHER):
        archive.open_segment(key, start_us=start_us, formats=formats())
        for second in range(seconds):
            archive.append(key, video(second, start_us=start_us))
    arrived = threading.Event()
    archive.request_group(OTHER, lambda fragments, segment_start_us: arrived.set())
    archive.flush()
    assert arrived.wait(20)


def states(archive: Archive) -> dict[str, VolumeState]:
    return {volume.name: volume.state for volume in archive.volumes()}


def segments_on(root: Path) -> int:
    return len(list(root.rglob("*.mp4")))


def test_a_second_volume_is_recorded_to_like_the_first(archive: Archive, data: DataDirectory, tmp_path: Path) -> None:
    volume = archive.add_volume(tmp_path / "second", "Second")

    for at in range(4):
        record(archive, NOON_US + at * 10 * SECOND)
    archive.stop()

    assert states(archive) == {"Drive 1": VolumeState.OK, "Second": VolumeState.OK}
    assert read_identity(tmp_path / "second") == volume
    assert min(segments_on(data.archive), segments_on(tmp_path / "second")) >= 4
    report = check(data, hashes=True)
    assert (report.segments, report.faults) == (12, ())
    found = ArchiveReader(data).segments(MAIN.camera, MAIN.stream, from_us=0, to_us=2**60)
    assert {segment.volume for segment in found} == {known.id for known in read_volumes(data)}


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("data", Kind.CONFLICT),
        ("data/archive", Kind.CONFLICT),
        ("data/keys", Kind.CONFLICT),
        ("", Kind.CONFLICT),
        ("full", Kind.CONFLICT),
        ("other", Kind.CONFLICT),
        ("file/below", Kind.REFUSED),
        ("link", Kind.CONFLICT),
    ],
)
def test_a_place_that_is_somebodys_is_not_taken(place: str, kind: Kind, archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").touch()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / IDENTITY).write_text('{"id": "vol_other"}')
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "data" / "archive")

    with pytest.raises(Problem) as found:
        archive.add_volume(tmp_path / place, "Mine")

    assert found.value.kind is kind
    assert len(archive.volumes()) == 1


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 65])
def test_a_name_is_one_line_of_words(name: str, archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(Problem):
        archive.add_volume(tmp_path / "second", name)

    assert [volume.name for volume in archive.volumes()] == ["Drive 1"]


def another(tmp_path: Path) -> Path:
    """The archive of another recorder."""
    data = DataDirectory(root=tmp_path / "another")
    data.create()
    archive = started(data)
    record(archive, NOON_US)
    archive.stop()
    return data.archive


@pytest.mark.parametrize("role", Role)
def test_what_another_recorder_filled_can_be_seen_and_the_ledger_tells(
    role: Role, archive: Archive, data: DataDirectory, tmp_path: Path
) -> None:
    root = another(tmp_path)
    files = segments_on(root)

    volume = archive.adopt_volume(root, role)
    archive.stop()

    found = ArchiveReader(data).segments(MAIN.camera, MAIN.stream, from_us=0, to_us=2**60)
    assert [(segment.volume, segment.path.is_relative_to(root)) for segment in found] == [(volume, True)]
    assert segments_on(root) == files
    day = next((data.archive / RECORDER).iterdir()).name
    adopted = [e for e in ledger.day_entries(data.archive, RECORDER, day) if e["kind"] == "volume_adopted"]
    assert [(entry["volume"], entry["role"]) for entry in adopted] == [(volume, role)]
    assert check(data, hashes=True).faults == ()


def test_nothing_is_written_to_a_volume_that_is_only_read(
    archive: Archive, data: DataDirectory, tmp_path: Path
) -> None:
    root = another(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}

    archive.adopt_volume(root, Role.READ_ONLY)
    for at in range(1, 4):
        record(archive, NOON_US + at * 10 * SECOND)
    archive.stop()

    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


def test_a_volume_that_is_read_only_from_now_on_keeps_what_it_has(
    archive: Archive, data: DataDirectory, tmp_path: Path
) -> None:
    second = archive.add_volume(tmp_path / "second", "Second")
    first = next(volume.id for volume in archive.volumes() if volume.id != second)
    record(archive, NOON_US)

    archive.change_volume(first, name="Old", role=Role.READ_ONLY)
    files = segments_on(data.archive)
    record(archive, NOON_US + 10 * SECOND)
    archive.stop()

    assert segments_on(data.archive) == files
    assert [(v.name, v.role) for v in archive.volumes()] == [("Second", Role.RECORD), ("Old", Role.READ_ONLY)]
    assert {(k.name, k.role) for k in read_volumes(data)} == {("Second", Role.RECORD), ("Old", Role.READ_ONLY)}
    assert check(data, hashes=True).faults == ()


def test_a_volume_that_is_forgotten_is_left_as_it_is(archive: Archive, data: DataDirectory, tmp_path: Path) -> None:
    second = archive.add_volume(tmp_path / "second", "Second")
    record(archive, NOON_US)

    archive.forget_volume(second)
    record(archive, NOON_US + 10 * SECOND)
    archive.stop()

    assert [volume.id for volume in read_volumes(data)] != [second]
    assert segments_on(tmp_path / "second") > 0
    assert segments_on(data.archive) >= 3
    assert read_identity(tmp_path / "second") == second


def holes(data: DataDirectory) -> list[tuple[GapReason, str]]:
    """Why there is nothing in the half minute that `two_drives` recorded, of any stream."""
    found = [
        ArchiveReader(data).timeline(
            key.camera, from_us=NOON_US, to_us=NOON_US + 8 * SECOND, added_us=NOON_US, stream=key.stream
        )
        for key in (MAIN, SUB, OTHER)
    ]
    return sorted({(gap.reason, gap.title) for line in found for gap in line.gaps})


def two_drives(archive: Archive, data: DataDirectory, second: Path) -> str:
    """Eight seconds without a hole on two drives; the second one's id."""
    volume = archive.add_volume(second, "Second")
    for at in range(4):
        record(archive, NOON_US + at * 2 * SECOND)
    archive.call(lambda: None)
    assert segments_on(data.archive) > 0 < segments_on(second)
    return volume


def wait_until_gone(data: DataDirectory, volume: str) -> None:
    """From the index, which is cleared up in the background."""
    with closing(SqliteIndex(data.index)) as index:
        for _ in range(400):
            if volume not in index.volume_sizes():
                return
            threading.Event().wait(0.05)
    raise AssertionError(f"{volume} is still in the index")


AWAY = (GapReason.DISK, "The drive with this footage is not connected.")
ERASED = (GapReason.DELETED, "The drive with this footage was erased.")


def test_what_is_on_a_forgotten_volume_is_away_until_it_is_adopted_again(
    archive: Archive, data: DataDirectory, tmp_path: Path
) -> None:
    second = two_drives(archive, data, tmp_path / "second")

    archive.forget_volume(second)

    wait_until_gone(data, second)
    assert holes(data) == [AWAY]
    archive.adopt_volume(tmp_path / "second", Role.RECORD)
    assert holes(data) == []


def test_what_was_on_a_formatted_volume_is_erased_also_for_an_index_made_again(
    archive: Archive, data: DataDirectory, tmp_path: Path
) -> None:
    second = two_drives(archive, data, tmp_path / "second")
    archive.release_volume(second)
    shutil.rmtree(tmp_path / "second")
    (tmp_path / "second").mkdir()

    archive.take_volume(second, emptied=True)

    wait_until_gone(data, second)
    assert holes(data) == [ERASED]
    archive.stop()
    before = dump(data.index)
    reindex(data)
    assert dump(data.index) == before
    assert holes(data) == [ERASED]


def test_a_volume_is_given_away_to_be_formatted_and_comes_back_under_a_new_name(
    archive: Archive, data: DataDirectory, tmp_path: Path
) -> None:
    second = archive.add_volume(tmp_path / "second", "Second")
    record(archive, NOON_US)

    archive.release_volume(second)
    assert states(archive)["Second"] is VolumeState.FORMATTING
    for path in sorted((tmp_path / "second").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    record(archive, NOON_US + 10 * SECOND)
    assert segments_on(tmp_path / "second") == 0
    later = archive.take_volume(second)

    assert later != second
    assert read_identity(tmp_path / "second") == later
    assert states(archive)["Second"] is VolumeState.OK
    for at in range(2, 4):
        record(archive, NOON_US + at * 10 * SECOND)
    archive.stop()
    assert segments_on(tmp_path / "second") > 0


def test_what_was_not_formatted_after_all_goes_on_as_it_was(archive: Archive, tmp_path: Path) -> None:
    second = archive.add_volume(tmp_path / "second", "Second")

    archive.release_volume(second)

    assert archive.take_volume(second) == second
    assert states(archive)["Second"] is VolumeState.OK


def test_a_volume_that_was_emptied_may_still_have_files_of_others(archive: Archive, tmp_path: Path) -> None:
    second = archive.add_volume(tmp_path / "second", "Second")
    archive.release_volume(second)
    (tmp_path / "second" / IDENTITY).unlink()
    (tmp_path / "second" / "letter.txt").touch()

    later = archive.take_volume(second, emptied=True)

    assert later != second
    assert states(archive)["Second"] is VolumeState.OK
    assert (tmp_path / "second" / "letter.txt").exists()


def test_a_drive_that_the_recorder_has_mounted_can_be_a_volume(archive: Archive, data: DataDirectory) -> None:
    archive.add_volume(data.drives / "drive-1", "Second")

    with pytest.raises(Problem):
        archive.add_volume(data.drives, "Third")
    assert states(archive) == {"Drive 1": VolumeState.OK, "Second": VolumeState.OK}


def test_an_unknown_volume_is_a_plain_problem(archive: Archive) -> None:
    for ask in (archive.forget_volume, archive.release_volume, archive.take_volume):
        with pytest.raises(Problem) as found:
            ask("vol_none")
        assert found.value.kind is Kind.NOT_FOUND


def test_a_damaged_list_of_volumes_is_kept_and_the_first_is_recorded_to(data: DataDirectory, tmp_path: Path) -> None:
    archive = started(data)
    second = archive.add_volume(tmp_path / "second", "Second")
    record(archive, NOON_US)
    archive.stop()
    (data.root / KNOWN).write_bytes(b"torn")

    again = started(data)
    assert [volume.name for volume in again.volumes()] == ["Drive 1"]
    assert (data.root / f"damaged-{KNOWN}").read_bytes() == b"torn"

    assert again.adopt_volume(tmp_path / "second", Role.RECORD) == second
    again.stop()
    assert check(data, hashes=True).faults == ()
