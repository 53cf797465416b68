"""Which volumes an installation knows."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tawny.recorder.adapters.segment_files import SegmentFiles
from tawny.recorder.archive.model import Role
from tawny.recorder.archive.volumes import (
    KNOWN,
    KnownVolume,
    VolumePaths,
    read_volumes,
    volume_paths,
    write_volumes,
)
from tawny.runtime.data_directory import DataDirectory


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    found = DataDirectory(root=tmp_path / "data")
    found.create()
    return found


def first(data: DataDirectory) -> KnownVolume:
    return KnownVolume(id="vol_one", name="Drive 1", path=data.archive, role=Role.RECORD)


def second(data: DataDirectory) -> KnownVolume:
    return KnownVolume(id="vol_two", name="Löffel", path=data.root.parent / "disk", role=Role.READ_ONLY)


def test_what_is_remembered_is_read_again(data: DataDirectory) -> None:
    write_volumes(data, [first(data), second(data)], SegmentFiles())

    assert read_volumes(data) == (first(data), second(data))
    assert volume_paths(data) == {"vol_one": data.archive, "vol_two": data.root.parent / "disk"}
    assert (data.root / KNOWN).stat().st_mode & 0o077 == 0


def test_a_volume_inside_moves_with_the_data_directory(data: DataDirectory) -> None:
    write_volumes(data, [first(data)], SegmentFiles())

    moved = DataDirectory(root=data.root.rename(data.root.with_name("moved")))

    assert read_volumes(moved)[0].path == moved.archive


def test_the_form_of_one_volume_is_read_too(data: DataDirectory) -> None:
    (data.root / KNOWN).write_text('{"id": "vol_one"}\n')

    assert read_volumes(data) == (first(data),)


def test_before_the_first_start_an_archive_that_has_a_name_can_be_read(data: DataDirectory) -> None:
    assert volume_paths(data) == {}

    (data.archive / "volume.json").write_text('{"id": "vol_one"}')

    assert volume_paths(data) == {"vol_one": data.archive}


def test_readers_see_a_change(data: DataDirectory) -> None:
    write_volumes(data, [first(data)], SegmentFiles())
    paths = VolumePaths(data)
    assert list(paths.all()) == ["vol_one"]

    write_volumes(data, [first(data), second(data)], SegmentFiles())

    assert list(paths.all()) == ["vol_one", "vol_two"]
    assert paths.of("vol_two") == second(data).path
    assert paths.of("vol_unknown") == data.archive


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["id", "volumes", "path", "role", "name"]), inner),
    max_leaves=8,
)


@given(st.binary(max_size=60) | _json.map(lambda value: json.dumps(value).encode()))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_knows_no_volumes_and_harms_nothing(data: DataDirectory, content: bytes) -> None:
    (data.root / KNOWN).write_bytes(content)

    for known in read_volumes(data):
        assert os.fspath(known.path)
        assert known.id
