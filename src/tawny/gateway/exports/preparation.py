"""Sees that the archive is ready for an export: its last segments closed, and none of it deleted while it is read."""

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from tawny.gateway.control import RecorderControl
from tawny.gateway.exports.estimate import Estimator
from tawny.gateway.exports.model import Item
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Problem
from tawny.runtime.tasks import Tasks
from tawny.wire.moments import rfc3339

ON_FILE_US: Final = 2_000_000  # by then the last moment of a range is on file, unless the disk is slow
SETTLE_S: Final = (
    60.0  # a camera whose key frames lie further apart, or that is away, is exported as far as it is closed
)
LEASE_S: Final = 3600
RENEW_S: Final = 1200.0
RETRY_S: Final = 30.0
_POLL_S: Final = 0.5
_log = logging.getLogger(__name__)


class Preparation:
    """Asks the recorder for what an export needs; while the recorder is away nothing is closed, and nothing deleted."""

    def __init__(self, *, control: RecorderControl, estimator: Estimator, clock: Clock) -> None:
        self._control = control
        self._estimator = estimator
        self._clock = clock

    def wait_s(self, items: Sequence[Item]) -> float:
        """How long until the ranges are over and on file; 0 where they are."""
        ready_us = max(item.to_us for item in items) + ON_FILE_US
        return max(0.0, (ready_us - self._clock.utc_us()) / 1_000_000)

    async def settle(self, items: Sequence[Item], told: Callable[[str], None]) -> None:
        """Return when the segments of *items* are closed, or will not be soon; *told* hears what is waited for."""
        waiting = await self._unfinished(items)
        if not waiting:
            return
        told("Waiting until the newest footage is closed")
        for camera in sorted({item.camera for item in waiting}):
            await self._ask("archive.seal", {"camera": camera})
        deadline = self._clock.monotonic() + SETTLE_S
        while waiting and self._clock.monotonic() < deadline:
            await self._clock.sleep(_POLL_S)
            waiting = await self._unfinished(waiting)

    @asynccontextmanager
    async def leased(self, items: Sequence[Item]) -> AsyncIterator[None]:
        """Keep the footage of *items* from being deleted until the block ends."""
        lease = _Lease(self._ask, items)
        await lease.renew()
        try:
            async with Tasks("lease") as tasks:
                tasks.start(self._keep(lease), name="renew")
                yield
        finally:
            await lease.drop()

    async def _keep(self, lease: "_Lease") -> None:
        while True:
            await self._clock.sleep(RENEW_S if lease.id else RETRY_S)
            await lease.renew()

    async def _unfinished(self, items: Sequence[Item]) -> list[Item]:
        return [item for item in items if await self._estimator.unfinished(item)]

    async def _ask(self, method: str, params: dict[str, Any]) -> Any:
        """The recorder's answer; None where it has none: the export is tried all the same."""
        try:
            return await self._control.call(method, params)
        except Problem as problem:
            _log.warning("%s: %s", method, problem.title)
            return None


class _Lease:
    """A lease and its successors: a new one is taken before the old one is dropped."""

    def __init__(self, ask: Callable[[str, dict[str, Any]], Any], items: Sequence[Item]) -> None:
        self._ask = ask
        self._range = {
            "cameras": sorted({item.camera for item in items}),
            "from": rfc3339(min(item.from_us for item in items)),
            "to": rfc3339(max(item.to_us for item in items)),
            "for_s": LEASE_S,
        }
        self.id: str | None = None

    async def renew(self) -> None:
        answer = await self._ask("leases.take", self._range)
        before, self.id = self.id, answer["lease"] if isinstance(answer, dict) else None
        if before is not None and self.id is not None:
            await self._ask("leases.drop", {"lease": before})

    async def drop(self) -> None:
        if self.id is not None:
            await self._ask("leases.drop", {"lease": self.id})
