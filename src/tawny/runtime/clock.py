"""Time, given and never fetched: programs take a `Clock`, tests give a `SimulatedClock`."""

import asyncio
import heapq
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc_us(moment: datetime) -> int:
    """Microseconds since 1970 UTC of an aware *moment*."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_utc_us(value: int) -> datetime:
    """The aware UTC datetime of *value* microseconds since 1970."""
    return EPOCH + timedelta(microseconds=value)


class Clock(Protocol):
    """The time of day, a steady time, and waiting."""

    def utc_us(self) -> int:
        """Microseconds since 1970 UTC; may jump when somebody sets the machine's clock."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never jumps, never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after *seconds* of monotonic time, letting other tasks run."""
        ...

    def wait(self, seconds: float) -> None:
        """Block the calling thread for *seconds* of monotonic time."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def utc_us(self) -> int:
        return time.time_ns() // 1000

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


class SimulatedClock:
    """A clock that stands still until a test advances it.

    Invariant: sleepers wake in the order of their deadlines, each at exactly its own deadline.
    """

    def __init__(self, start: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)) -> None:
        self._utc_us = utc_us(start)
        self._monotonic_us = 0
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = 0

    def utc_us(self) -> int:
        return self._utc_us

    def monotonic(self) -> float:
        return self._monotonic_us / 1e6

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order += 1
        heapq.heappush(self._sleepers, (self._monotonic_us + int(seconds * 1e6), self._order, future))
        await future

    def wait(self, seconds: float) -> None:
        self._move(int(seconds * 1e6))

    def step(self, seconds: float) -> None:
        """Set the time of day *seconds* on (or back), as an administrator or NTP does; monotonic time stays."""
        self._utc_us += int(seconds * 1e6)

    async def advance(self, seconds: float) -> None:
        """Let *seconds* pass, waking each sleeper at its deadline."""
        end = self._monotonic_us + int(seconds * 1e6)
        await self._settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            deadline, _, future = heapq.heappop(self._sleepers)
            self._move(max(0, deadline - self._monotonic_us))
            if not future.done():
                future.set_result(None)
            await self._settle()
        self._move(end - self._monotonic_us)

    def _move(self, us: int) -> None:
        self._utc_us += us
        self._monotonic_us += us

    @staticmethod
    async def _settle() -> None:
        for _ in range(20):  # let woken tasks run until they wait again
            await asyncio.sleep(0)
