import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.moments import parse_rfc3339, rfc3339


@given(utc_us=st.integers(0, 253_402_300_799_999_999))
@settings(max_examples=100)
def test_what_is_written_is_read(utc_us: int) -> None:
    assert parse_rfc3339(rfc3339(utc_us)) == utc_us


@given(text=st.text(max_size=60))
@settings(max_examples=100)
def test_other_text_is_a_value_error(text: str) -> None:
    try:
        value = parse_rfc3339(text)
    except ValueError:
        return
    assert value >= 0


def test_a_whole_second_has_no_fraction() -> None:
    assert rfc3339(1_795_280_645_000_000) == "2026-11-21T17:04:05Z"


def test_a_zone_is_understood() -> None:
    assert parse_rfc3339("2026-11-22T18:04:05.5+01:00") == parse_rfc3339("2026-11-22T17:04:05.500Z")


@pytest.mark.parametrize(
    "text", ["", "2026-11-22", "2026-11-22T17:04:05", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z" + "0" * 40]
)
def test_a_moment_without_zone_or_before_1970_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_rfc3339(text)
