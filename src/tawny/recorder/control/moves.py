"""Movements that end by themselves when nobody says them again: a lost page must not leave a head turning."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable

from tawny.recorder.onvif.model import DeviceError
from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks

MOVE_S = 2.0
_TRIES = 3  # at stopping
_AGAIN_S = 0.5

Step = Callable[[], Awaitable[object]]

_log = logging.getLogger(__name__)


class Moves:
    """The movements of everything that moves, each known by a key.

    Invariants: the steps of one key run one after another; of those that wait only the newest is run, so that a slow
    camera does not follow a stick's whole way afterwards; each movement is ended `MOVE_S` after it was said last.
    """

    def __init__(self, clock: Clock, tasks: Tasks) -> None:
        self._clock = clock
        self._tasks = tasks
        self._latest: defaultdict[Hashable, int] = defaultdict(int)
        self._locks: defaultdict[Hashable, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def begin(self, key: Hashable, start: Step, *, stop: Step) -> None:
        """Start moving, or go on; *stop* ends it. DeviceError where the camera refuses."""
        number = self._wish(key)
        try:
            await self._run(key, number, start)
        finally:  # a camera that did not answer may move all the same
            self._tasks.start(self._end(key, number, stop), name="end of a movement")

    async def run(self, key: Hashable, step: Step) -> None:
        """Do *step* in its turn, which ends what moves; nothing happens where something newer was wished meanwhile."""
        await self._run(key, self._wish(key), step)

    def _wish(self, key: Hashable) -> int:
        self._latest[key] += 1
        return self._latest[key]

    async def _run(self, key: Hashable, number: int, step: Step) -> None:
        async with self._locks[key]:
            if self._latest[key] == number:
                await step()

    async def _end(self, key: Hashable, number: int, stop: Step) -> None:
        await self._clock.sleep(MOVE_S)
        for _ in range(_TRIES):
            try:
                await self._run(key, number, stop)
            except DeviceError as error:
                _log.warning("a movement could not be ended: %s", error)
                await self._clock.sleep(_AGAIN_S)
            else:
                return
