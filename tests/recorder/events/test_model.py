import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.events.model import Cursor
from tests.recorder.events.building import NOON_US, event


def test_an_event_as_json_has_its_times_in_words_for_programs() -> None:
    document = event(1, at_s=0, until_s=None, camera_us=NOON_US + 500_000).document()

    assert document["at"] == "2026-11-22T12:00:00Z"
    assert document["until"] is None
    assert document["camera_at"] == "2026-11-22T12:00:00.500000Z"
    assert (document["kind"], document["by"], document["classes"]) == ("motion", "camera", [])


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_a_cursor_reads_what_it_wrote(at_us: int, number: int) -> None:
    cursor = Cursor(at_us=at_us, number=number)

    assert Cursor.read(str(cursor)) == cursor


@given(st.text(max_size=60))
def test_any_other_text_is_no_cursor(text: str) -> None:
    try:
        read = Cursor.read(text)
    except ValueError:
        return
    assert Cursor.read(str(read)) == read


@pytest.mark.parametrize("text", ["", "1", "-1", "1-", "-", "1-2-3", "٣-٤", "9" * 30 + "-1"])
def test_a_broken_cursor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        Cursor.read(text)
