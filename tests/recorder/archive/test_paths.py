"""Where things lie."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.archive.paths import cameras, days, is_camera, read_name, segment_path, segments_of_day
from tawny.wire.media import StreamName
from tests.recorder.archive.building import MAIN, NOON_US, SECOND, SUB


def test_a_segment_lies_under_camera_day_and_hour() -> None:
    path = segment_path(Path("archive"), SUB, NOON_US + 1)

    assert str(path) == "archive/cam_gate/2026-11-22/12/20261122T120000.000001Z-sub.mp4"


@given(st.integers(0, 7_000_000_000_000_000), st.sampled_from(StreamName))
def test_a_name_tells_start_and_stream(start_us: int, stream: StreamName) -> None:
    key = MAIN if stream is StreamName.MAIN else SUB

    found = read_name(segment_path(Path("archive"), key, start_us))

    assert found is not None
    assert (found.start_us, found.stream) == (start_us, stream)


@pytest.mark.parametrize(
    "name", ["ledger.jsonl", "20261322T120000.000000Z-main.mp4", "20261122T120000.000000Z-other.mp4", "x.mp4"]
)
def test_other_files_are_no_segments(name: str) -> None:
    assert read_name(Path(name)) is None


@pytest.mark.parametrize("name", ["..", ".", "a/b", "", "-x", "x" * 65, "a b"])
def test_names_that_could_lead_elsewhere_are_no_cameras(name: str) -> None:
    assert not is_camera(name)


def test_only_what_belongs_to_the_archive_is_listed(tmp_path: Path) -> None:
    for at in (0, 2 * 3600):
        path = segment_path(tmp_path, MAIN, NOON_US + at * SECOND)
        path.parent.mkdir(parents=True)
        path.touch()
    (tmp_path / "cam_gate" / "notes").mkdir()
    (tmp_path / "lost+found").mkdir()
    (tmp_path / "volume.json").touch()

    assert cameras(tmp_path) == ["cam_gate"]
    assert days(tmp_path, "cam_gate") == ["2026-11-22"]
    assert len(segments_of_day(tmp_path, "cam_gate", "2026-11-22")) == 2
    assert len(segments_of_day(tmp_path, "cam_gate", "2026-11-22", since_us=NOON_US + 1)) == 1
    assert segments_of_day(tmp_path, "cam_gate", "2020-01-01") == []
