"""Cameras that are not where they were: followed by who they are, when asked for or when they announce themselves.

A router that was replaced, a lease that ran out: the camera is there, its address is another. Its uuid, serial number or
hardware address tell that it is the same; the ONVIF side compares all of them again when it connects.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tawny.recorder.finding.addresses import port_of
from tawny.recorder.finding.model import FoundDevice, Kind, KnownCamera, same_uuid
from tawny.recorder.finding.ports import Relocating
from tawny.recorder.finding.service import Finding
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Problem
from tawny.runtime.tasks import Tasks
from tawny.wire.moments import rfc3339

_SETTLE_S = 2.0  # after a Hello: the same device may say it on its better address a moment later
_POLL_S = 0.5
_ASK_S = 20.0  # cameras that moved before we listened, or whose Hello was lost
_log = logging.getLogger(__name__)


class Stand(StrEnum):
    """Where looking for one camera stands."""

    LOOKING = "looking"
    FOUND = "found"
    NOT_FOUND = "not_found"


@dataclass(slots=True, kw_only=True)
class Sought:
    """A camera that is looked for; *by* says what it was recognised by."""

    camera: KnownCamera
    stand: Stand = Stand.LOOKING
    address: str = ""
    by: str = ""
    title: str = "Looking for it."

    def document(self) -> dict[str, Any]:
        return {
            "camera": self.camera.id,
            "name": self.camera.name,
            "state": str(self.stand),
            "address": self.address,
            "by": self.by or None,
            "title": self.title,
        }


def recognised(camera: KnownCamera, device: FoundDevice) -> str:
    """By what *device* is known to be *camera*: uuid, serial or mac; empty where it is not, or nobody can tell.

    What lasts and differs excludes it, so that a copied uuid does not lead a camera astray.
    """
    if camera.mac and device.mac and camera.mac != device.mac:
        return ""
    if camera.uuid and device.uuid:
        return "uuid" if same_uuid(camera.uuid, device.uuid) else ""
    if camera.serial and device.serial:
        return "serial" if camera.serial == device.serial else ""
    return "mac" if camera.mac and device.mac else ""


class Lost:
    """Follows cameras that are unreachable.

    Invariants: a camera is moved only while it is unreachable, and only to a device that is it by `recognised`; one
    whose stream comes stays on its host.
    """

    def __init__(
        self,
        *,
        finding: Finding,
        relocating: Relocating,
        cameras: Callable[[], Sequence[KnownCamera]],
        clock: Clock,
    ) -> None:
        self._finding = finding
        self._relocating = relocating
        self._cameras = cameras
        self._clock = clock
        self._tasks = Tasks("lost cameras")
        self._sought: dict[str, Sought] = {}
        self._settling: set[str] = set()
        self._started_us: int | None = None
        self._searching = False
        finding.listen(self._appeared)

    def start(self) -> None:
        """Ask for the cameras that are missed, from time to time."""
        self._tasks.start(self._ask(), name="ask")

    async def stop(self) -> None:
        """Follow nobody any more."""
        await self._tasks.cancel()

    def find(self) -> None:
        """Look for every camera that is unreachable, or go on where that is being done."""
        if self._searching:
            return
        self._sought = {camera.id: Sought(camera=camera) for camera in self._cameras() if camera.unreachable}
        self._started_us = self._clock.utc_us()
        self._searching = bool(self._sought)
        if self._searching:
            self._finding.search()
            self._tasks.start(self._look(), name="search")

    def document(self) -> dict[str, Any]:
        """The search as JSON (`docs/design/programs.md`, "Lost")."""
        return {
            "state": "searching" if self._searching else "done",
            "started_at": None if self._started_us is None else rfc3339(self._started_us),
            "items": [sought.document() for sought in self._sought.values()],
        }

    async def _ask(self) -> None:
        while True:
            await self._clock.sleep(_ASK_S)
            if any(camera.unreachable and camera.uuid for camera in self._cameras()):
                self._finding.ask()

    async def _look(self) -> None:
        while self._finding.searching:
            self._follow_all()
            await self._clock.sleep(_POLL_S)
        self._follow_all()
        for sought in self._sought.values():
            if sought.stand is Stand.LOOKING:
                sought.stand, sought.title = Stand.NOT_FOUND, _not_found(sought.camera)
        self._searching = False

    def _follow_all(self) -> None:
        for camera in self._cameras():
            if camera.unreachable:
                self._follow(camera)

    def _follow(self, camera: KnownCamera) -> None:
        for device in self._finding.devices:
            by = "" if device.gone else recognised(camera, device)
            if by:
                self._found(camera, device, by)
                return

    def _found(self, camera: KnownCamera, device: FoundDevice, by: str) -> None:
        sought = self._sought.get(camera.id)
        moved = self._move(camera, device)
        if sought is not None and sought.stand is not Stand.FOUND:
            sought.stand, sought.address, sought.by = Stand.FOUND, device.host, by
            sought.title = f"It is at {device.host} now." if moved else "It is where it was, and does not deliver."

    def _move(self, camera: KnownCamera, device: FoundDevice) -> bool:
        port = port_of(device.address) if device.kind is Kind.ONVIF and camera.kind is Kind.ONVIF else None
        if (device.host, port or camera.port) == (camera.host, camera.port):
            return False
        if camera.streaming and device.host != camera.host:
            return False  # it has two addresses, and that of the stream works
        try:
            self._relocating.relocate(camera.id, device.host, port)
        except Problem as problem:
            _log.warning("camera %s can't be followed to %s: %s", camera.id, device.host, problem)
            return False
        _log.info("camera %s is at %s now", camera.id, device.host)
        return True

    def _appeared(self, device: FoundDevice) -> None:
        """A device was heard: where it is one that we miss, follow it."""
        for camera in self._cameras():
            if camera.unreachable and camera.id not in self._settling and recognised(camera, device):
                self._settling.add(camera.id)
                self._tasks.start(self._settle(camera.id), name="follow")

    async def _settle(self, camera_id: str) -> None:
        try:
            await self._clock.sleep(_SETTLE_S)
            for camera in self._cameras():
                if camera.id == camera_id and camera.unreachable:
                    self._follow(camera)
        finally:
            self._settling.discard(camera_id)


def _not_found(camera: KnownCamera) -> str:
    if not (camera.uuid or camera.serial or camera.mac):
        return "Nothing is known of it by which it could be recognised: type its new address."
    return "It did not answer anywhere. Check its power and network."
