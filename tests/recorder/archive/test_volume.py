"""Whose disk it is, and how full."""

import errno
from pathlib import Path

import pytest

from tawny.recorder.adapters.segment_files import SegmentFiles
from tawny.recorder.archive.model import Phase
from tawny.recorder.archive.ports import Space
from tawny.recorder.archive.volume import IDENTITY, KNOWN, MISSING, Volume, default_floor, trouble_of
from tawny.runtime.data_directory import DataDirectory
from tests.recorder.archive.building import ids

GB, MB = 1024**3, 1024**2


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    found = DataDirectory(root=tmp_path)
    found.create()
    return found


def volume(data: DataDirectory) -> Volume:
    return Volume(data, SegmentFiles(), ids())


def test_a_first_start_names_the_volume_and_the_next_knows_it(data: DataDirectory) -> None:
    assert volume(data).meet() is None

    assert volume(data).trouble() is None
    assert volume(data).meet() is None


@pytest.mark.parametrize("content", [None, b"", b"torn", b'{"id": "vol_other"}', b"[1]"])
def test_a_volume_without_its_name_is_missing(content: bytes | None, data: DataDirectory) -> None:
    volume(data).meet()
    (data.archive / IDENTITY).unlink()
    if content is not None:
        (data.archive / IDENTITY).write_bytes(content)

    assert volume(data).trouble() == MISSING
    assert volume(data).meet() == MISSING
    assert MISSING.phase is Phase.LIVE_ONLY


def test_forgetting_the_known_volumes_accepts_the_one_that_is_there(data: DataDirectory) -> None:
    volume(data).meet()
    (data.archive / IDENTITY).write_bytes(b'{"id": "vol_other"}')
    (data.root / KNOWN).unlink()

    assert volume(data).meet() is None


def test_an_archive_that_moves_with_its_directory_keeps_its_name(data: DataDirectory, tmp_path: Path) -> None:
    volume(data).meet()
    moved = DataDirectory(root=tmp_path.with_name("moved"))
    data.root.rename(moved.root)

    assert volume(moved).trouble() is None


@pytest.mark.parametrize(
    ("total", "floor"), [(24 * MB, 6 * MB), (500 * MB, 64 * MB), (10 * GB, 10 * GB // 20), (100 * GB, 2 * GB), (0, 0)]
)
def test_the_floor_is_a_twentieth_within_reason(total: int, floor: int) -> None:
    assert default_floor(Space(total, total)) == floor


@pytest.mark.parametrize("code", [*errno.errorcode, None])
def test_every_error_has_plain_words_and_a_remedy(code: int | None) -> None:
    found = trouble_of(OSError(code, "it said") if code else OSError("it said"))

    assert found.title.startswith("Recording stopped: ")
    assert found.title.endswith(".")
    assert found.remedy
    assert found.phase is Phase.FAILED


def test_a_probe_leaves_nothing_behind(data: DataDirectory) -> None:
    volume(data).probe()

    assert list(data.archive.iterdir()) == []
