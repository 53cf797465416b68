"""What the recorder keeps and for how long: `StoragePolicy` joins depths, holds, leases and the trust in the clock, and tells about them."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from tawny.recorder.archive.ledger import Entry
from tawny.recorder.archive.model import VolumeState, VolumeStatus
from tawny.recorder.archive.retention import Retention
from tawny.recorder.archive.volumes import read_identity
from tawny.recorder.cameras.model import Camera
from tawny.recorder.cameras.requests import Request
from tawny.recorder.storage import cautions
from tawny.recorder.storage.clock_trust import ClockTrust, Values
from tawny.recorder.storage.depth import Depths, Sizes
from tawny.recorder.storage.holds import MAX_WHO, MAX_WHY, Hold, Holds
from tawny.recorder.storage.leases import Leases
from tawny.recorder.storage.measuring import held_bytes, hold_bytes, measure, quota_bytes, recording
from tawny.recorder.storage.model import Condition
from tawny.recorder.storage.reckoning import Reckoning
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem

MAX_DEPTH_DAYS: Final = 360
LOOK_EVERY_S: Final = 5.0
MEASURE_EVERY_S: Final = 60.0
MEASURE_SHARE: Final = 20  # and at most one part in so many of the time
_READABLE: Final = frozenset(
    {VolumeState.OK, VolumeState.SLOW, VolumeState.FULL, VolumeState.READ_ONLY, VolumeState.ERROR}
)
_MOST_BYTES: Final = 1 << 60

Document = dict[str, Any]
Method = Callable[[Request], Any]
_log = logging.getLogger(__name__)


class StoragePolicy:
    """Depth, size limit, holds, leases, clock. Belongs to the event loop; `run` is its task.

    Invariants: the retention allows deleting from a volume only once that volume's own ledger was read for holds; by age nothing goes while the clock is not
    trusted.
    """

    def __init__(
        self,
        *,
        retention: Retention,
        settings: Values,
        limit_bytes: int | None,
        cameras: Callable[[], Sequence[Camera]],
        volumes: Callable[[], Sequence[VolumeStatus]],
        sizes: Sizes,
        note: Callable[[Entry], None],
        synchronised: Callable[[], bool],
        clock: Clock,
        new_id: Callable[[str], str],
        changed: Callable[[], None],
        entries: Callable[[Path], Iterable[Entry]],
    ) -> None:
        self._retention = retention
        self._volumes = volumes
        self._sizes = sizes
        self._clock = clock
        self._changed = changed
        self._entries = entries
        self._measure_at = 0.0
        self._unread: dict[str, str] = {}  # volumes whose ledger can't be read, and why
        self._holding = asyncio.Lock()
        self.trust = ClockTrust(clock=clock, synchronised=synchronised, settings=settings, note=note, new_id=new_id)
        self.holds = Holds(retention=retention, settings=settings, note=note, clock=clock, new_id=new_id)
        self.leases = Leases(retention=retention, clock=clock, new_id=new_id)
        self.depths = Depths(
            retention=retention,
            settings=settings,
            limit_bytes=limit_bytes,
            cameras=cameras,
            volumes=volumes,
            sizes=sizes,
            clock=clock,
        )
        self.reckoning = Reckoning(depths=self.depths, holds=self.holds, volumes=volumes, clock=clock)

    async def run(self) -> None:
        """Look after all of it until cancelled."""
        while True:
            await self.run_once()
            await self._clock.sleep(LOOK_EVERY_S)

    async def run_once(self) -> None:
        """See what time has changed; what can't be done now is done next time."""
        before = self.conditions()
        try:
            self._look_at_clock()
            self.leases.sweep()
            await self._read_ledgers()
            if self._clock.monotonic() >= self._measure_at:
                await self._measure()
            if self.trust.trusted:
                self.holds.expire()
                await self.depths.look()
        except (OSError, Problem) as error:
            _log.warning("the storage policy waits: %s", error)
        if self.conditions() != before:
            self._changed()

    def _look_at_clock(self) -> None:
        doubted = not self.trust.trusted and self.trust.doubt is not None
        self.trust.look()
        if doubted and self.trust.trusted:
            self.depths.begin_again()
        if self._retention.policy.by_age != self.trust.trusted:
            self._retention.change(by_age=self.trust.trusted)

    async def _read_ledgers(self) -> None:
        """Read the holds on volumes that came; forget that those that went were read."""
        there = {volume.id: volume.path for volume in self._volumes() if volume.state in _READABLE}
        known = (self._retention.policy.known or frozenset()) & there.keys()
        for volume, path in there.items():
            if volume not in known and await self._read_ledger(volume, path):
                known |= {volume}
        self._unread = {volume: why for volume, why in self._unread.items() if volume in there}
        if known != self._retention.policy.known:
            self._retention.change(known=known)
            self._measure_at = 0.0

    async def _read_ledger(self, volume: str, path: Path) -> bool:
        try:
            self.holds.read(await asyncio.to_thread(_holds_of, volume, path, self._entries))
        except (OSError, ValueError) as error:
            if self._unread.get(volume) != str(error):
                _log.warning("the holds on volume %s can't be read: %s", volume, error)
            self._unread[volume] = str(error)
            return False
        self._unread.pop(volume, None)
        return True

    async def _measure(self) -> None:
        began = self._clock.monotonic()
        self._measure_at = began + MEASURE_EVERY_S
        holds, volumes = self.holds.active(), [volume.id for volume in self._volumes()]
        now_us = self._clock.utc_us()
        try:
            self.reckoning.measures = await asyncio.to_thread(measure, self._sizes, holds, volumes, now_us=now_us)
        except OSError:
            self._measure_at = 0.0
            raise
        took = self._clock.monotonic() - began
        if self._measure_at:  # else something changed meanwhile
            self._measure_at = began + max(MEASURE_EVERY_S, took * MEASURE_SHARE)
        self._changed()

    def document(self) -> Document:
        """The members of the document `Storage` that are told here: depth, size limit, forecast, clock and holds."""
        clock = {"trusted": self.trust.trusted, "title": self.trust.title}
        return {**self.reckoning.document(), "clock": clock}

    def conditions(self) -> list[Condition]:
        """What is wrong, or will be."""
        doubted = [] if self.trust.doubt is None else [cautions.clock(self.trust.title)]
        return [*doubted, *self.reckoning.conditions(), *map(cautions.unread, self._unread)]

    def held_bytes(self, volume: str) -> int:
        """What is held on *volume*, as measured last."""
        return self.reckoning.held_bytes(volume)

    async def set(self, changes: Mapping[str, int | None]) -> None:
        """Change depth (``days``) or size limit (``size_limit_bytes``)."""
        try:
            await self.depths.set(changes)
        except OSError as error:
            _log.warning("the cost of a change can't be known: %s", error)
            title = "It can't be said just now what that would delete, so nothing was changed."
            raise Problem(Kind.UNAVAILABLE, title, remedy="Try again in a minute.") from None
        self._changed()

    # Holds

    async def hold(self, request: Request) -> Document:
        """Make the hold that *request* describes; Problem(EXHAUSTED) where it would take more than half of a drive."""
        hold, force = self.holds.requested(request), request.flag("force", default=False)
        request.finish()
        async with self._holding:
            self.holds.protect(hold)
            try:
                size_bytes, over = await asyncio.to_thread(self._weigh, hold)
            except OSError as error:  # footage is at stake: a hold is made also where its size is not known
                _log.warning("a hold could not be measured: %s", error)
                size_bytes, over = 0, None
            if over is not None and not force:
                self.holds.withdraw(hold)
                raise _over_quota(over)
            self.holds.make(hold)
        with suppress(OSError):  # at once: what is held must not be formatted
            await self._measure()
        self._changed()
        return hold.document(size_bytes)

    def _weigh(self, hold: Hold) -> tuple[int, VolumeStatus | None]:
        """The size of *hold*, and a volume of which more than half would be held with it."""
        active, over = self.holds.active(), None
        for volume in recording(self._volumes()):  # from others nothing goes: there a hold takes no room from anybody
            touched = hold_bytes(self._sizes, hold, volume.id) > 0
            if touched and held_bytes(self._sizes, active, volume.id) > quota_bytes(volume):
                over = volume
        return hold_bytes(self._sizes, hold), over

    def release(self, request: Request) -> Document:
        """Release the hold that *request* names."""
        hold_id, who = request.text("hold"), request.text("who", limit=MAX_WHO)
        why = request.text("why", "", limit=MAX_WHY)
        request.finish()
        hold = self.holds.release(hold_id, who=who, why=why)
        self._measure_at = 0.0
        self._changed()
        return hold.document(self.reckoning.hold_bytes(hold.id))

    def hold_documents(self) -> list[Document]:
        """Every hold, the newest first."""
        return [hold.document(self.reckoning.hold_bytes(hold.id)) for hold in reversed(self.holds.all())]


def methods(policy: StoragePolicy, *, storage: Callable[[], Document]) -> Mapping[str, Method]:
    """What may be asked of *policy*; *storage* makes the whole document `Storage`."""

    async def set_storage(request: Request) -> Document:
        changes: dict[str, int | None] = {}
        if "depth_days" in request:
            changes["days"] = request.whole("depth_days", least=1, most=MAX_DEPTH_DAYS, optional=True)
        if "size_limit_bytes" in request:
            changes["size_limit_bytes"] = request.whole("size_limit_bytes", least=1, most=_MOST_BYTES, optional=True)
        request.finish()
        await policy.set(changes)
        return storage()

    def keep_depth(request: Request) -> Document:
        request.finish()
        policy.depths.keep()
        return storage()

    def list_holds(request: Request) -> Document:
        request.finish()
        return {"items": policy.hold_documents()}

    def take_lease(request: Request) -> Document:
        return {"lease": policy.leases.take(request)}

    def drop_lease(request: Request) -> None:
        lease = request.text("lease")
        request.finish()
        policy.leases.drop(lease)

    return {
        "storage.set": set_storage,
        "storage.keep_depth": keep_depth,
        "holds.list": list_holds,
        "holds.add": policy.hold,
        "holds.release": policy.release,
        "leases.take": take_lease,
        "leases.drop": drop_lease,
    }


def _holds_of(volume: str, path: Path, entries: Callable[[Path], Iterable[Entry]]) -> list[Entry]:
    """The entries about holds in the recorder's ledger of *volume*; in a thread."""
    if read_identity(path) != volume:
        raise FileNotFoundError("the volume is not there")
    return [entry for entry in entries(path) if entry.get("kind") in {"hold", "hold_released"}]


def _over_quota(volume: VolumeStatus) -> Problem:
    return Problem(
        Kind.EXHAUSTED,
        f"With this hold more than half of “{volume.name}” would be held.",
        remedy="Export the footage instead, release a hold that is done, or add a drive. It can be held all the same, but then less is"
        " left for recording.",
        volume=volume.id,
    )
