"""Whether the clock can be trusted."""

from datetime import UTC, datetime, timedelta

import pytest

from tawny.recorder.archive.ledger import Entry
from tawny.recorder.storage.clock_trust import ClockTrust, Doubt
from tawny.runtime.clock import SimulatedClock
from tests.fakes.settings import FakeSettings
from tests.recorder.archive.building import ids

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY_S = 86_400


class Machine:
    """A machine whose recorder is started again and again, with a clock of its own."""

    def __init__(self) -> None:
        self.settings = FakeSettings()
        self.synchronised = False
        self.entries: list[Entry] = []

    def start(self, now: datetime = NOON) -> ClockTrust:
        self.clock = SimulatedClock(now)
        trust = ClockTrust(
            clock=self.clock,
            synchronised=lambda: self.synchronised,
            settings=self.settings,
            note=self.entries.append,
            new_id=ids(),
        )
        trust.look()
        return trust

    def told(self) -> list[str]:
        return [entry["what"] for entry in self.entries]


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_a_clock_that_goes_on_is_trusted_without_a_time_server(machine: Machine) -> None:
    trust = machine.start()

    for _ in range(5):
        machine.clock.wait(DAY_S)
        trust.look()

    assert trust.trusted
    assert machine.entries == []


def test_before_the_first_look_nothing_is_trusted(machine: Machine) -> None:
    trust = ClockTrust(
        clock=SimulatedClock(),
        synchronised=lambda: True,
        settings=machine.settings,
        note=machine.entries.append,
        new_id=ids(),
    )

    assert not trust.trusted


def test_a_machine_that_wakes_in_1970_is_not_trusted_until_its_clock_is_set(machine: Machine) -> None:
    trust = machine.start(datetime(1970, 1, 1, tzinfo=UTC))
    doubt = trust.doubt
    machine.clock.step((NOON - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    trust.look()

    assert doubt is Doubt.BEHIND
    assert trust.trusted
    assert machine.told() == ["behind", "step", "trusted"]


def test_a_clock_behind_the_last_start_is_not_trusted(machine: Machine) -> None:
    machine.start()

    trust = machine.start(NOON - timedelta(days=2))

    assert trust.doubt is Doubt.BEHIND
    assert trust.title


@pytest.mark.parametrize(("off", "trusted"), [(timedelta(days=29), True), (timedelta(days=31), False)])
def test_a_recorder_that_was_off_for_long_waits_for_a_time_server(
    off: timedelta, trusted: bool, machine: Machine
) -> None:
    machine.start()

    trust = machine.start(NOON + off)
    alone = trust.trusted
    machine.synchronised = True
    trust.look()

    assert alone is trusted
    assert trust.trusted


@pytest.mark.parametrize("step_s", [2 * 3600, -2 * 3600, 365 * DAY_S])
def test_a_clock_set_far_off_is_trusted_again_only_when_it_is_back(step_s: int, machine: Machine) -> None:
    trust = machine.start()
    machine.clock.step(step_s)
    trust.look()
    set_off = trust.trusted
    machine.clock.wait(DAY_S)
    trust.look()
    a_day_later = trust.trusted
    machine.clock.step(-step_s)
    trust.look()

    assert (set_off, a_day_later, trust.trusted) == (False, False, True)


def test_starting_again_ends_no_doubt_about_a_clock_that_leapt_ahead(machine: Machine) -> None:
    trust = machine.start()
    machine.clock.step(10 * DAY_S)
    trust.look()

    later = machine.start(NOON + timedelta(days=10, minutes=5))
    still = later.doubt
    machine.clock.step(-10 * DAY_S)
    later.look()

    assert still is Doubt.AHEAD
    assert later.trusted


def test_a_time_server_ends_a_doubt(machine: Machine) -> None:
    trust = machine.start()
    machine.clock.step(10 * DAY_S)
    trust.look()

    machine.synchronised = True
    trust.look()
    after = machine.start(NOON + timedelta(days=10))

    assert trust.trusted
    assert after.trusted


def test_a_small_step_stands_in_the_ledger_and_harms_no_trust(machine: Machine) -> None:
    trust = machine.start()
    machine.clock.wait(5)
    machine.clock.step(30)
    trust.look()

    assert trust.trusted
    assert [(e["kind"], e["what"], e["from"], e["to"]) for e in machine.entries] == [
        ("clock", "step", "2026-11-22T12:00:05.000000Z", "2026-11-22T12:00:35.000000Z")
    ]
