"""The event log: one writer, off the event loop; whoever lists sees everything that was told before."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, TypeVar

from tawny.recorder.events.model import (
    By,
    Change,
    Direction,
    Ended,
    Event,
    EventStore,
    Kind,
    Page,
    Wanted,
)
from tawny.recorder.storage.threads import in_thread
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind as ProblemKind
from tawny.runtime.problem import Problem

MOST_EVENTS: Final = 1_000_000
MOST_WAITING: Final = 20_000  # changes that a disk which hangs or refuses may leave waiting in memory
KEPT_US: Final = 30 * 86_400 * 1_000_000  # at least, however short the archive is
RETRY_S: Final = 5.0
PRUNE_EVERY_S: Final = 600.0

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class EventLog:
    """Keeps events in a store and tells *on_event* of each beginning and end; belongs to the event loop's thread.

    Invariants: the store is used by one thread at a time; changes reach it in their order; what waits for a store that
    fails is bounded, and then the newest events are not kept, which is logged; an event that ends was told to begin.

    *oldest_us* tells how far back the footage reaches; *trusted* whether the clock is good enough to forget by age.
    """

    def __init__(
        self,
        store: EventStore,
        *,
        clock: Clock,
        new_id: Callable[[str], str],
        on_event: Callable[[Event], None],
        oldest_us: Callable[[], int | None],
        trusted: Callable[[], bool],
    ) -> None:
        self._store = store
        self._clock = clock
        self._new_id = new_id
        self._on_event = on_event
        self._oldest_us = oldest_us
        self._trusted = trusted
        self._using = asyncio.Lock()
        self._waiting: list[Change] = []
        self._news = asyncio.Event()
        self._lasting: dict[str, Event] = {}
        self._full = False

    def begin(
        self,
        camera: str,
        kind: Kind,
        title: str,
        *,
        at_us: int | None = None,
        lasts: bool = True,
        camera_us: int | None = None,
        topic: str = "",
        source: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        classes: tuple[str, ...] = (),
        by: By = By.CAMERA,
    ) -> Event:
        """Something begins at *camera* (now, or at *at_us*); where it does not last it has its end in it."""
        now_us = self._clock.utc_us()
        at_us = now_us if at_us is None else min(at_us, now_us)
        event = Event(
            id=self._new_id("evt"),
            camera=camera,
            kind=kind,
            title=title,
            at_us=at_us,
            until_us=None if lasts else at_us,
            camera_us=camera_us,
            received_us=now_us,
            topic=topic,
            source=source or {},
            data=data or {},
            classes=classes,
            by=by,
        )
        self.add(event)
        return event

    def add(self, event: Event) -> None:
        """Keep *event* and tell of it."""
        if event.until_us is None:
            self._lasting[event.id] = event
        self._keep(event)
        self._on_event(event)

    def end(self, event_id: str, *, at_us: int | None = None) -> None:
        """What `begin` told of lasts no longer; nothing happens where it has ended already."""
        event = self._lasting.pop(event_id, None)
        if event is None:
            return
        now_us = self._clock.utc_us()
        until_us = max(event.at_us, now_us if at_us is None else min(at_us, now_us))
        self._keep(Ended(id=event_id, until_us=until_us))
        self._on_event(replace(event, until_us=until_us))

    def note(self, camera: str, title: str, *, kind: Kind = Kind.STATE, data: Mapping[str, str] | None = None) -> None:
        """The recorder itself noticed something that has no end."""
        self.begin(camera, kind, title, lasts=False, data=data, by=By.RECORDER)

    async def page(self, wanted: Wanted) -> Page:
        """The newest of the events that are wanted. Problem(UNAVAILABLE) where the log can't be read."""
        return await self._asked(lambda: self._store.page(wanted))

    async def near(self, camera: str, at_us: int, direction: Direction) -> int | None:
        """When the next event after *at_us* (or the last before it) at *camera* began."""
        return await self._asked(lambda: self._store.near(camera, at_us, direction))

    async def run(self) -> None:
        """End what an earlier run left open, then write what is told, until cancelled."""
        await self._settle()
        while True:
            await self._news.wait()
            if not await self.flush():
                await self._clock.sleep(RETRY_S)

    async def keep_short(self) -> None:
        """Forget what is older than the archive, until cancelled."""
        while True:
            await self._clock.sleep(PRUNE_EVERY_S)
            await self.prune()

    async def prune(self) -> None:
        """Forget what is older than both the oldest footage and 30 days, and what is too much."""
        now_us = self._clock.utc_us()
        oldest_us = self._oldest_us()
        limit_us = min(now_us if oldest_us is None else oldest_us, now_us - KEPT_US) if self._trusted() else 0
        try:
            gone = await self._in_turn(lambda: self._store.prune(before_us=limit_us, most=MOST_EVENTS))
        except OSError as error:
            _log.warning("old events could not be forgotten: %s", error)
            return
        if gone:
            _log.info("%s old events were forgotten", gone)

    async def close(self) -> None:
        """Write what waits, and give the file back."""
        await self.flush()
        await self._in_turn(self._store.close)

    async def flush(self) -> bool:
        """Write what waits; whether all of it could be written."""
        async with self._using:
            return await self._write()

    async def _write(self) -> bool:
        self._news.clear()
        changes, self._waiting = self._waiting, []
        if not changes:
            return True
        try:
            await in_thread(lambda: self._store.apply(changes), name="events")
        except OSError as error:
            _log.warning("events could not be written, they wait: %s", error)
            self._waiting[:0] = changes
            self._news.set()
            return False
        self._full = False
        return True

    async def _settle(self) -> None:
        try:
            ended = await self._in_turn(self._store.settle)
        except OSError as error:
            _log.warning("events of the last run stay open: %s", error)
            return
        if ended:
            _log.info("%s events that lasted when the recorder ended have their end now", ended)

    async def _asked(self, question: Callable[[], _T]) -> _T:
        try:
            async with self._using:
                await self._write()
                return await in_thread(question, name="events")
        except OSError as error:
            _log.warning("the log of events can't be read: %s", error)
            raise Problem(
                ProblemKind.UNAVAILABLE,
                "The events can't be read just now.",
                remedy="See that the disk with the data directory is well, then try again.",
            ) from None

    async def _in_turn(self, work: Callable[[], _T]) -> _T:
        async with self._using:
            return await in_thread(work, name="events")

    def _keep(self, change: Change) -> None:
        if len(self._waiting) >= MOST_WAITING and isinstance(change, Event):
            if not self._full:
                _log.error("the disk takes no events; new ones are not kept until it does")
            self._full = True
            return
        self._waiting.append(change)
        self._news.set()
