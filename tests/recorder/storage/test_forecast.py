"""How long the drives will do."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.storage.forecast import DAY_US, Figures, Forecast, State, forecast, held_full_at

NOW_US = 100 * DAY_US
FIGURES = Figures(
    now_us=NOW_US, oldest_us=NOW_US - 10 * DAY_US, used_bytes=1000, left_bytes=500, day_bytes=100, depth_us=None
)


def test_drives_are_full_when_the_room_that_is_left_is_used_up() -> None:
    assert forecast(FIGURES) == Forecast(state=State.FILLING, full_at_us=NOW_US + 5 * DAY_US, bytes_per_day=100)


def test_the_first_hours_count_for_a_day() -> None:
    found = forecast(replace(FIGURES, oldest_us=NOW_US - DAY_US // 4, day_bytes=25))

    assert (found.state, found.bytes_per_day) == (State.FILLING, 100)


@pytest.mark.parametrize(
    "unknown", [{"oldest_us": None}, {"oldest_us": NOW_US - DAY_US // 48}, {"day_bytes": 0}], ids=str
)
def test_nothing_is_foretold_before_there_is_something_to_tell_it_from(unknown: dict[str, int | None]) -> None:
    assert forecast(replace(FIGURES, **unknown)) == Forecast(state=State.LEARNING)  # type: ignore[arg-type]  # members by name


def test_drives_that_reach_their_depth_first_are_never_full() -> None:
    found = forecast(replace(FIGURES, depth_us=14 * DAY_US))

    assert (found.state, found.full_at_us) == (State.FILLING, None)
    assert forecast(replace(FIGURES, depth_us=16 * DAY_US)).full_at_us == NOW_US + 5 * DAY_US


@pytest.mark.parametrize("done", [{"left_bytes": 10}, {"depth_us": 10 * DAY_US}], ids=str)
def test_an_archive_at_its_full_size_or_depth_turns_over(done: dict[str, int]) -> None:
    found = forecast(replace(FIGURES, **done))

    assert (found.state, found.full_at_us, found.bytes_per_day) == (State.RECYCLING, None, 100)


def test_held_footage_that_does_not_grow_never_fills_the_drives() -> None:
    assert held_full_at(now_us=NOW_US, room_bytes=10, growing=[(100, NOW_US), (0, NOW_US + DAY_US)]) is None


def test_held_footage_grows_as_long_as_each_hold_reaches() -> None:
    growing = [(100, NOW_US + 2 * DAY_US), (50, NOW_US + 10 * DAY_US)]

    assert held_full_at(now_us=NOW_US, room_bytes=150, growing=growing) == NOW_US + DAY_US
    assert held_full_at(now_us=NOW_US, room_bytes=400, growing=growing) == NOW_US + 4 * DAY_US
    assert held_full_at(now_us=NOW_US, room_bytes=701, growing=growing) is None


@given(
    st.integers(0, 10_000),
    st.lists(st.tuples(st.integers(0, 500), st.integers(-5, 50)), max_size=5),
)
def test_by_the_time_held_footage_fills_the_drives_it_has_that_size(room: int, growing: list[tuple[int, int]]) -> None:
    holds = [(day_bytes, NOW_US + days * DAY_US) for day_bytes, days in growing]

    full_us = held_full_at(now_us=NOW_US, room_bytes=room, growing=holds)

    until_us = NOW_US + 100 * DAY_US if full_us is None else full_us
    grown = sum(day_bytes * max(0, min(until, until_us) - NOW_US) / DAY_US for day_bytes, until in holds)
    assert grown < room + 1e-3 if full_us is None else abs(grown - room) < 1e-3 or room == 0
