"""Whose disk it is, and how full."""

import errno
from pathlib import Path

import pytest

from tawny.recorder.adapters.segment_files import SegmentFiles
from tawny.recorder.archive.model import Phase
from tawny.recorder.archive.ports import Space
from tawny.recorder.archive.volume import (
    MISSING,
    NAMELESS,
    SWAPPED,
    Trouble,
    Volume,
    default_floor,
    first_volume,
    trouble_of,
)
from tawny.recorder.archive.volumes import IDENTITY
from tawny.runtime.data_directory import DataDirectory
from tests.recorder.archive.building import ids

GB, MB = 1024**3, 1024**2


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    found = DataDirectory(root=tmp_path)
    found.create()
    return found


def volume(data: DataDirectory) -> Volume:
    """The first volume of *data*, as a start meets it."""
    known = first_volume(data, SegmentFiles(), ids())
    return Volume(known.path, volume_id=known.id, files=SegmentFiles())


def test_a_first_start_names_the_volume_and_the_next_keeps_its_name(data: DataDirectory) -> None:
    found = volume(data)

    assert found.trouble() is None
    assert volume(data).id == found.id


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (None, MISSING),
        (b"", NAMELESS),
        (b"torn", NAMELESS),
        (b"[1]", NAMELESS),
        (b'{"id": "../escaped"}', NAMELESS),
        (b'{"id": "vol_other"}', SWAPPED),
    ],
)
def test_a_volume_without_its_name_is_left_alone(content: bytes | None, trouble: Trouble, data: DataDirectory) -> None:
    found = volume(data)
    (data.archive / IDENTITY).unlink()
    if content is not None:
        (data.archive / IDENTITY).write_bytes(content)

    assert found.trouble() == trouble
    assert trouble.phase is Phase.LIVE_ONLY


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

    assert [path.name for path in data.archive.iterdir()] == [IDENTITY]
