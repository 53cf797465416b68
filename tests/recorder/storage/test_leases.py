"""Leases of footage that is being read."""

from typing import Any

import pytest

from tawny.recorder.archive.retention import Kept, Retention
from tawny.recorder.cameras.requests import Request
from tawny.recorder.storage.leases import MAX_LEASES, Leases
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind, Problem
from tests.recorder.archive.building import ids
from tests.recorder.storage.footage import GATE, HOUR_US, NOON_US, YARD


class Rig:
    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.retention = Retention()
        self.leases = Leases(retention=self.retention, clock=self.clock, new_id=ids())

    def take(self, **members: Any) -> str:
        asked = {"cameras": [GATE], "from": "2026-11-22T12:00:00Z", "to": "2026-11-22T13:00:00Z", "for_s": 60}
        return self.leases.take(Request({**asked, **members}))


def test_a_lease_keeps_its_range_of_each_camera_until_it_is_dropped() -> None:
    rig = Rig()

    lease = rig.take(cameras=[GATE, YARD])
    kept = rig.retention.policy.leased
    rig.leases.drop(lease)
    rig.leases.drop(lease)

    assert kept == {camera: (Kept(NOON_US, NOON_US + HOUR_US),) for camera in (GATE, YARD)}
    assert rig.retention.policy.leased == {}


def test_a_lease_ends_by_itself() -> None:
    rig = Rig()
    rig.take(for_s=60)
    rig.take(for_s=120, to="2026-11-22T12:30:00Z")

    rig.clock.wait(60)
    rig.leases.sweep()

    assert rig.retention.policy.leased == {GATE: (Kept(NOON_US, NOON_US + HOUR_US // 2),)}


@pytest.mark.parametrize(
    "wrong", [{"for_s": 3601}, {"for_s": 0}, {"cameras": []}, {"to": "2026-11-22T12:00:00Z"}, {"from": "noon"}]
)
def test_a_lease_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem) as caught:
        Rig().take(**wrong)

    assert caught.value.kind is Kind.INVALID


def test_no_more_is_leased_than_anybody_reads() -> None:
    rig = Rig()
    for _ in range(MAX_LEASES):
        rig.take()

    with pytest.raises(Problem) as caught:
        rig.take()

    assert caught.value.kind is Kind.TOO_MANY
