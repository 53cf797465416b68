"""Every `Files` keeps the port's promises."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tawny.recorder.adapters.segment_files import SegmentFiles
from tawny.recorder.archive.ports import Files
from tests.fakes.faulty_files import FaultyFiles

MAKERS: dict[str, Callable[[Path], Files]] = {"real": lambda _: SegmentFiles(), "faulty": FaultyFiles}


@pytest.fixture(params=MAKERS)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    return MAKERS[request.param](tmp_path)


@pytest.mark.parametrize("number", [1, 3, 1024, 3000])
def test_what_is_written_is_read_end_to_end(number: int, files: Files, tmp_path: Path) -> None:
    descriptor = files.create(tmp_path / "file")
    buffers = [bytes([at % 251]) * 7 for at in range(number)]

    files.write(descriptor, buffers)
    files.write(descriptor, [b"more"])

    assert files.read(descriptor, 0, 10**6) == b"".join(buffers) + b"more"
    assert files.read(descriptor, 7 * number, 2) == b"mo"
    files.close(descriptor)


def test_a_file_is_never_made_over_another(files: Files, tmp_path: Path) -> None:
    files.close(files.create(tmp_path / "file"))

    with pytest.raises(FileExistsError):
        files.create(tmp_path / "file")


def test_only_the_recorders_user_may_read_what_is_made(files: Files, tmp_path: Path) -> None:
    files.close(files.create(tmp_path / "file"))

    assert (tmp_path / "file").stat().st_mode & 0o077 == 0


def test_writing_goes_on_behind_a_cut(files: Files, tmp_path: Path) -> None:
    descriptor = files.create(tmp_path / "file")
    files.write(descriptor, [b"whole", b"torn"])

    files.truncate(tmp_path / "file", 5)
    files.write(descriptor, [b"next"])

    assert files.read(descriptor, 0, 100) == b"wholenext"
    files.close(descriptor)


def test_lines_are_appended(files: Files, tmp_path: Path) -> None:
    for line in (b"one\n", b"two\n"):
        files.append(tmp_path / "ledger", line)

    assert (tmp_path / "ledger").read_bytes() == b"one\ntwo\n"


def test_directories_are_made_once_and_removed_when_empty(files: Files, tmp_path: Path) -> None:
    path = tmp_path / "a" / "b"

    assert files.make_directory(path)
    assert not files.make_directory(path)
    assert not files.remove_directory(path.parent)
    assert files.remove_directory(path)
    assert files.remove_directory(path)


def test_taking_away_what_is_not_there_is_no_error(files: Files, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    files.unlink(tmp_path / "file")
    files.unlink(tmp_path / "file")
    files.sync_directory(tmp_path / "nowhere")

    assert list(tmp_path.iterdir()) == []


def test_a_volume_has_room_and_can_be_synced(files: Files, tmp_path: Path) -> None:
    files.sync_directory(tmp_path)
    files.sync_volume(tmp_path)

    space = files.space(tmp_path)
    assert 0 < space.free_bytes <= space.total_bytes
