"""How much is held, and where there is room."""

import pytest

from tawny.recorder.archive.model import Role, VolumeState
from tawny.recorder.archive.retention import Kept
from tawny.recorder.storage.holds import Hold
from tawny.recorder.storage.measuring import held_bytes, hold_bytes, measure, quota_bytes, recording, room_bytes
from tests.recorder.storage.footage import DAY_US, FIRST, GATE, NOON_US, SECOND, YARD, FakeSizes, days_of, volume

GB = 1_000_000_000


def hold(name: str, *cameras: str, first: int, last: int) -> Hold:
    """A hold of the days from the *first* to the *last*, counted back from now."""
    kept = Kept(NOON_US - first * DAY_US, NOON_US - last * DAY_US)
    return Hold(id=name, cameras=cameras, kept=kept, why="", who="", made_us=NOON_US, until_us=None)


def test_what_two_holds_keep_counts_once_on_a_volume_and_for_each_of_them() -> None:
    sizes = FakeSizes(*days_of(GATE, 10), *days_of(YARD, 10, volume=SECOND))
    holds = [hold("hold_a", GATE, YARD, first=6, last=2), hold("hold_b", GATE, first=4, last=0)]

    found = measure(sizes, holds, [FIRST, SECOND], now_us=NOON_US)

    assert found.holds == {"hold_a": 8 * GB, "hold_b": 4 * GB}
    assert found.held == {FIRST: 6 * GB, SECOND: 4 * GB}
    assert found.day == {GATE: GB, YARD: GB}


def test_a_hold_on_one_volume_is_measured_there() -> None:
    sizes = FakeSizes(*days_of(GATE, 10), *days_of(GATE, 10, volume=SECOND))
    held = hold("hold_a", GATE, first=3, last=0)

    assert (hold_bytes(sizes, held), hold_bytes(sizes, held, SECOND)) == (6 * GB, 3 * GB)
    assert held_bytes(sizes, [], FIRST) == 0


@pytest.mark.parametrize(
    ("role", "state", "counts"),
    [
        (Role.RECORD, VolumeState.OK, True),
        (Role.RECORD, VolumeState.FULL, True),
        (Role.RECORD, VolumeState.NOT_INSTALLED, False),
        (Role.RECORD, VolumeState.FORMATTING, False),
        (Role.READ_ONLY, VolumeState.OK, False),
    ],
)
def test_only_volumes_that_are_recorded_to_have_room(role: Role, state: VolumeState, counts: bool) -> None:
    assert bool(recording([volume(role=role, state=state)])) is counts


def test_the_room_is_what_is_free_above_the_floor() -> None:
    assert room_bytes(volume(total_bytes=10**12, free_bytes=5 * 1024**3)) == 3 * 1024**3
    assert room_bytes(volume(total_bytes=10**12, free_bytes=1024**3)) == 0
    assert quota_bytes(volume(total_bytes=10**12)) == 5 * 10**11
