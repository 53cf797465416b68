"""Sums over the index beside its writer: the same as the writer's own."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.recorder.adapters.index_sizes import IndexSizes
from tawny.recorder.adapters.sqlite_index import SqliteIndex
from tawny.recorder.archive.model import Segment
from tawny.recorder.archive.ports import SegmentClosed, SegmentOpened
from tests.recorder.archive.building import MAIN, NOON_US, OTHER, SECOND, SUB

KEYS, VOLUMES = (MAIN, SUB, OTHER), ("vol_a", "vol_b")


def segment(at: int, *, end: bool = True) -> Segment:
    start_us = NOON_US + at * 60 * SECOND
    return Segment(
        key=KEYS[at % 3],
        volume=VOLUMES[at % 2],
        start_us=start_us,
        end_us=start_us + 60 * SECOND if end else None,
        size_bytes=2**at if end else 0,
        fragments=1,
        sequence=at + 1,
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve closed segments of sizes that tell which of them are in a sum, and an open one."""
    found = tmp_path_factory.mktemp("index") / "index.db"
    with SqliteIndex(found) as index:
        index.apply(SegmentClosed(segment=segment(at), table=None, leaves=None) for at in range(12))
        index.apply([SegmentOpened(segment=segment(12, end=False))])
    return found


@given(
    st.integers(-60, 800),
    st.integers(0, 800),
    st.sampled_from([None, MAIN.camera, OTHER.camera, "cam_none"]),
    st.sampled_from([None, *VOLUMES, "vol_none"]),
)
@settings(max_examples=60, deadline=None)
def test_it_is_what_the_writers_index_says(
    path: Path, start: int, length: int, camera: str | None, volume: str | None
) -> None:
    from_us, to_us = NOON_US + start * SECOND, NOON_US + (start + length) * SECOND

    found = IndexSizes(path).size(from_us=from_us, to_us=to_us, camera=camera, volume=volume)

    with SqliteIndex(path) as index:
        assert found == index.size(from_us=from_us, to_us=to_us, camera=camera, volume=volume)


def test_a_sum_has_each_closed_segment_that_touches_the_range_once(path: Path) -> None:
    sizes = IndexSizes(path)

    found = sizes.size(from_us=NOON_US + 90 * SECOND, to_us=NOON_US + 180 * SECOND + 1)

    assert found == 2**1 + 2**2 + 2**3
    assert sizes.size(from_us=0, to_us=2**60) == 2**12 - 1


def test_the_cameras_are_those_with_footage(path: Path) -> None:
    assert sorted(IndexSizes(path).cameras()) == sorted({MAIN.camera, OTHER.camera})


def test_without_an_index_it_refuses_rather_than_to_say_that_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="index"):
        IndexSizes(tmp_path / "index.db").size(from_us=0, to_us=1)
    (tmp_path / "index.db").write_bytes(b"no index" * 1000)
    with pytest.raises(OSError, match="index"):
        IndexSizes(tmp_path / "index.db").cameras()


def test_what_is_left_of_each_camera_is_told_with_its_ends(path: Path) -> None:
    footage = IndexSizes(path).footage()

    assert set(footage) == {MAIN.camera, OTHER.camera}
    assert footage[MAIN.camera].oldest_us == NOON_US
    assert footage[OTHER.camera].newest_us == NOON_US + 12 * 60 * SECOND
    assert footage[OTHER.camera].size_bytes == 2**2 + 2**5 + 2**8 + 2**11
