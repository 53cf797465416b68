import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tawny.gateway.shelf import Shelf, read_first_sample, read_range
from tests.gateway.archive import KEY, SECOND, ArchiveBuilder
from tests.gateway.media import T0

NOW_US = T0 + 1000 * SECOND


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[ArchiveBuilder]:
    builder = ArchiveBuilder(tmp_path)
    yield builder
    builder.close()


@pytest.fixture
def shelf(archive: ArchiveBuilder) -> Iterator[Shelf]:
    shelf = Shelf(archive.data)
    yield shelf
    shelf.close()


async def start_found(shelf: Shelf, moment: float) -> float | None:
    found = await shelf.segment_from(KEY, T0 + round(moment * SECOND), now_us=NOW_US)
    return None if found is None else (found.start_us - T0) / SECOND


async def test_the_segment_that_holds_a_moment_is_found_else_the_next_one(
    archive: ArchiveBuilder, shelf: Shelf
) -> None:
    archive.segment(0, 2)
    archive.segment(500, 2)

    assert await start_found(shelf, -900) == 0
    assert await start_found(shelf, 1.9) == 0
    assert await start_found(shelf, 2) == 500
    assert await start_found(shelf, 501) == 500
    assert await start_found(shelf, 502) is None


async def test_segments_follow_each_other_also_over_a_long_hole(archive: ArchiveBuilder, shelf: Shelf) -> None:
    for start in (0, 2, 700):
        archive.segment(start, 2)

    starts = []
    segment = await shelf.segment_from(KEY, T0, now_us=NOW_US)
    while segment is not None:
        starts.append((segment.start_us - T0) // SECOND)
        segment = await shelf.segment_after(segment, now_us=NOW_US)

    assert starts == [0, 2, 700]


async def test_the_last_segment_before_a_moment_is_found_also_over_a_long_hole(
    archive: ArchiveBuilder, shelf: Shelf
) -> None:
    for start in (0, 2, 700):
        archive.segment(start, 2)

    found = [await shelf.segment_before(KEY, T0 + second * SECOND) for second in (900, 700, 3, 2, 0)]

    assert [None if each is None else (each.start_us - T0) // SECOND for each in found] == [700, 2, 2, 0, None]


async def test_the_first_sample_of_a_fragment_is_read_alone(archive: ArchiveBuilder, shelf: Shelf) -> None:
    path = archive.segment(0, 2)
    segment = await shelf.segment_from(KEY, T0, now_us=NOW_US)
    assert segment is not None
    info = (await shelf.load(segment)).fragments[0]

    sample, data = await shelf.first_sample(path, info)

    assert data == b"v0.0"
    assert sample.key
    with pytest.raises(ValueError, match="beyond its fragment"):
        read_first_sample(path, replace(info, size=60))
    path.write_bytes(path.read_bytes()[: info.offset + sample.offset + 1])
    with pytest.raises(ValueError, match="shorter"):
        read_first_sample(path, info)


async def test_a_segment_is_loaded_with_its_fragments_in_the_order_of_time(
    archive: ArchiveBuilder, shelf: Shelf
) -> None:
    archive.segment(0, 3)
    segment = await shelf.segment_from(KEY, T0, now_us=NOW_US)
    assert segment is not None

    loaded = await shelf.load(segment)

    assert [(loaded.start_us(f) - T0) // SECOND for f in loaded.fragments] == [0, 0, 1, 1, 2, 2]
    assert {loaded.end_us(f) - loaded.start_us(f) for f in loaded.fragments} == {SECOND}


async def test_a_camera_is_known_by_what_it_left_on_any_volume(
    archive: ArchiveBuilder, shelf: Shelf, tmp_path: Path
) -> None:
    archive.segment(0, 1)
    (tmp_path / "second" / "cam_b").mkdir(parents=True)
    second = {"id": "vol_bbbbbbbbbbbb", "name": "Second", "path": str(tmp_path / "second"), "role": "record"}
    (archive.data.root / "volumes.json").write_text(json.dumps({"volumes": [second]}))

    assert [await shelf.has(camera) for camera in ("cam_a", "cam_b", "cam_c")] == [True, True, False]


async def test_a_file_that_is_gone_is_said_to_be_gone(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 3).unlink()
    segment = await shelf.segment_from(KEY, T0, now_us=NOW_US)
    assert segment is not None

    with pytest.raises(FileNotFoundError):
        await shelf.load(segment)


def test_a_range_that_ends_behind_the_file_is_shorter(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")

    assert read_range(tmp_path / "file", 8, 5) == b"89"
