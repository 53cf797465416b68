"""File names that every system takes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.export.naming import file_name, plain


@pytest.mark.parametrize(
    ("name", "found"),
    [("Front Door", "front-door"), ("Gate Süd", "gate-sud"), ("../../etc", "etc"), ("入口", "camera"), ("", "camera")],
)
def test_a_cameras_name_in_plain_letters(name: str, found: str) -> None:
    assert plain(name) == found


def test_a_name_tells_number_camera_stream_and_time() -> None:
    assert file_name(3, "Yard", "sub", 1_795_348_800_000_000) == "03-yard-sub-20261122T120000Z.mp4"


@given(st.text(max_size=300))
def test_whatever_a_camera_is_called_the_name_is_plain(name: str) -> None:
    assert re.fullmatch(r"[0-9]{2}-[a-z0-9-]{1,40}-main-19700101T000000Z\.mp4", file_name(1, name, "main", 0))
