"""From an order to a job: checked against the archive, the disk, the drive; with its hold."""

import asyncio
from dataclasses import replace
from typing import Final

from tawny.gateway.control import RecorderControl
from tawny.gateway.exports.drives import Drives
from tawny.gateway.exports.estimate import Estimate, Estimator
from tawny.gateway.exports.model import Document, Job
from tawny.gateway.exports.requests import Order
from tawny.gateway.exports.store import JobStore
from tawny.runtime.clock import Clock
from tawny.runtime.ids import new_id
from tawny.runtime.problem import Kind, Problem
from tawny.wire.moments import rfc3339

SPARE_BYTES: Final = 512 << 20
FRESH_US: Final = 10_000_000  # a range that ends this close to now may have footage that is not on file yet


class Making:
    """Makes jobs; nothing of them is kept here."""

    def __init__(
        self, *, store: JobStore, control: RecorderControl, estimator: Estimator, drives: Drives, clock: Clock
    ) -> None:
        self._store = store
        self._control = control
        self._estimator = estimator
        self._drives = drives
        self._clock = clock

    async def estimate(self, order: Order) -> Estimate:
        """How large an export would be."""
        await self._check_cameras(order)
        return await self._estimator.estimate(order.items, compatible=order.compatible)

    async def job(self, order: Order) -> Job:
        """A new job; Problem where it has no footage or no room, or its hold is refused. The hold is taken last."""
        estimate = await self.estimate(order)
        self._check_footage(order, estimate)
        await self.check_room(estimate.size)
        if order.drive is not None:
            await self._drives.find(order.drive)
        recorder = await self._recorder()
        return self._new(order, estimate.size, recorder, hold=await self._hold(order))

    async def _check_cameras(self, order: Order) -> None:
        for camera in {item.camera for item in order.items}:
            if camera not in self._control.cameras and not await self._estimator.known(camera):
                raise Problem(Kind.NOT_FOUND, "There is no such camera.", field="items")

    def _check_footage(self, order: Order, estimate: Estimate) -> None:
        last_us = max(item.to_us for item in order.items)
        if estimate.empty and last_us < self._clock.utc_us() - FRESH_US:
            raise Problem(Kind.NOT_FOUND, "There is no footage in this range.", field="items")

    async def check_room(self, size: int, *, written: int = 0) -> None:
        """Problem(EXHAUSTED) where an export of *size* bytes does not fit on the disk, of which *written* are there."""
        needed = 2 * size - written + SPARE_BYTES  # the files, and the zip that holds them all
        free = await asyncio.to_thread(self._store.free)
        if needed > free:
            raise Problem(
                Kind.EXHAUSTED,
                f"The export needs about {_gigabytes(needed)}, and {_gigabytes(free)} are free.",
                remedy="Remove exports that are not needed any more, or export less at a time.",
            )

    async def _recorder(self) -> Document:
        return self._control.recorder or dict(await self._control.call("status"))

    async def _hold(self, order: Order) -> str | None:
        if order.hold is None:
            return None
        wanted = {
            "cameras": sorted({item.camera for item in order.items}),
            "from": rfc3339(min(item.from_us for item in order.items)),
            "to": rfc3339(max(item.to_us for item in order.items)),
            "why": order.hold.why,
            "who": order.by,
        }
        until = {} if order.hold.until is None else {"until": order.hold.until}
        return str((await self._control.call("holds.add", wanted | until))["id"])

    def _new(self, order: Order, size: int, recorder: Document, *, hold: str | None) -> Job:
        now_us = self._clock.utc_us()
        names = {item.camera: self._camera_name(item.camera) for item in order.items}
        first = order.items[0]
        job = Job(
            id=new_id("exp"),
            name=order.name or f"{names[first.camera]} {rfc3339(first.from_us)[:19].replace('T', ' ')} UTC",
            by=order.by,
            made_us=now_us,
            items=order.items,
            compatible=order.compatible,
            case=order.case,
            drive=order.drive,
            hold=hold,
            recorder={
                "id": str(recorder.get("id", "")),
                "name": str(recorder.get("name", "")),
                "time_zone": str(recorder.get("time_zone", "UTC")),
                "software": f"Tawny {recorder.get('version', '')}".strip(),
            },
            cameras=names,
            clock=str(self._control.storage.get("clock", {}).get("title", "")),
            size=size,
            expires_us=now_us,
        )
        return replace(job, expires_us=now_us + job.kept_us())

    def _camera_name(self, camera: str) -> str:
        return str(self._control.cameras.get(camera, {}).get("name", camera))


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
