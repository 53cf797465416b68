from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.events.timing import FURTHEST_US, happened_us
from tests.recorder.events.building import NOON_US, SECOND_US

HOUR_US = 3600 * SECOND_US
AT_1970_US = 1_000 * SECOND_US


def test_a_message_that_waited_in_the_camera_happened_when_it_says() -> None:
    at_us = happened_us(
        NOON_US - 9 * SECOND_US, received_us=NOON_US, camera_now_us=NOON_US - 2 * SECOND_US, offset_s=None
    )

    assert at_us == NOON_US - 7 * SECOND_US


def test_a_camera_that_lives_in_1970_is_as_good_as_any() -> None:
    at_us = happened_us(AT_1970_US, received_us=NOON_US, camera_now_us=AT_1970_US + 3 * SECOND_US, offset_s=0.0)

    assert at_us == NOON_US - 3 * SECOND_US


def test_without_the_cameras_time_in_the_answer_what_it_was_ahead_counts() -> None:
    assert (
        happened_us(NOON_US + HOUR_US - 4 * SECOND_US, received_us=NOON_US, offset_s=3600.0) == NOON_US - 4 * SECOND_US
    )


def test_a_clock_that_nobody_knows_counts_for_nothing() -> None:
    assert happened_us(NOON_US - 5 * SECOND_US, received_us=NOON_US) == NOON_US
    assert happened_us(None, received_us=NOON_US, camera_now_us=NOON_US, offset_s=1.0) == NOON_US


def test_local_time_told_as_utc_is_not_believed() -> None:
    assert happened_us(NOON_US - 2 * HOUR_US, received_us=NOON_US, camera_now_us=NOON_US) == NOON_US
    assert happened_us(NOON_US + 2 * HOUR_US, received_us=NOON_US, camera_now_us=NOON_US) == NOON_US


def test_a_second_ahead_is_rounding() -> None:
    assert happened_us(NOON_US + SECOND_US, received_us=NOON_US, camera_now_us=NOON_US) == NOON_US


@given(st.none() | st.integers(0, 2**62), st.none() | st.integers(0, 2**62), st.none() | st.floats(-1e12, 1e12))
def test_nothing_happened_in_the_future_or_long_ago(
    camera_us: int | None, camera_now_us: int | None, offset_s: float | None
) -> None:
    at_us = happened_us(camera_us, received_us=NOON_US, camera_now_us=camera_now_us, offset_s=offset_s)

    assert NOON_US - FURTHEST_US <= at_us <= NOON_US
