from datetime import UTC, datetime

import pytest

from tawny.camera.onvif.device_clock import DeviceClock, is_zone
from tawny.runtime.clock import SimulatedClock, utc_us

LATER = utc_us(datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC))


async def test_only_the_time_of_day_is_its_own() -> None:
    machine = SimulatedClock()
    clock = DeviceClock(machine)
    clock.set(LATER, zone="CST6", daylight_savings=False)

    await machine.advance(10)

    assert clock.utc_us() == LATER + 10_000_000
    assert clock.monotonic() == machine.monotonic()
    assert (clock.zone, clock.by_ntp) == ("CST6", False)


def test_back_on_ntp_it_shows_what_the_machine_does_and_keeps_its_zone() -> None:
    machine = SimulatedClock()
    clock = DeviceClock(machine)
    clock.set(LATER, zone="CST6", daylight_savings=True)

    clock.set(None, zone=None, daylight_savings=False)

    assert clock.utc_us() == machine.utc_us()
    assert (clock.zone, clock.by_ntp) == ("CST6", True)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("UTC0", True),
        ("CET-1CEST,M3.5.0,M10.5.0/3", True),
        ("<+0330>-3:30", True),
        ("CST+8:00:00", True),
        ("Europe/Berlin", False),
        ("", False),
        ("UTC0; reboot", False),
    ],
)
def test_zones_are_those_that_posix_spells(text: str, zone: bool) -> None:
    assert is_zone(text) is zone
