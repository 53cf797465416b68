"""A device's own clock: that of the machine, until somebody sets it another way."""

import re

from tawny.runtime.clock import Clock

UTC_ZONE = "UTC0"
# POSIX, Base Definitions, 8.3: a name, its distance from UTC, and perhaps what summer is
_NAME = r"(?:[A-Za-z]{3,10}|<[A-Za-z0-9+-]{3,10}>)"
_OFFSET = r"[+-]?\d{1,2}(?::\d{1,2}(?::\d{1,2})?)?"
_ZONE = re.compile(rf"{_NAME}{_OFFSET}(?:{_NAME}(?:{_OFFSET})?(?:,[JM0-9./:,+-]{{1,40}})?)?")


class DeviceClock:
    """The port `Clock` with a time of day of its own.

    Invariant: the machine's clock is never touched; only the distance from it is kept, until the device starts anew.
    """

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._offset_us = 0
        self.by_ntp = True
        self.zone = UTC_ZONE
        self.daylight_savings = False

    def utc_us(self) -> int:
        return self._machine.utc_us() + self._offset_us

    def monotonic(self) -> float:
        return self._machine.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._machine.sleep(seconds)

    def wait(self, seconds: float) -> None:
        self._machine.wait(seconds)

    def set(self, utc_us: int | None, *, zone: str | None, daylight_savings: bool) -> None:
        """Show *utc_us* from now on, or what the machine does where that is None; a *zone* of None stays as it is."""
        self._offset_us = 0 if utc_us is None else utc_us - self._machine.utc_us()
        self.by_ntp = utc_us is None
        self.zone = self.zone if zone is None else zone
        self.daylight_savings = daylight_savings


def is_zone(text: str) -> bool:
    """Whether *text* is a time zone as POSIX spells it, such as ``CET-1CEST,M3.5.0,M10.5.0/3``."""
    return _ZONE.fullmatch(text) is not None
