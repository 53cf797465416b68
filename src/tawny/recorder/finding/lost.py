"""Cameras that are not where they were: followed by who they are, when asked for or when they announce themselves.

A router that was replaced, a lease that ran out: the camera is there, its address is another. Its uuid, serial number or
hardware address tell which device may be it. Anybody can say these, so it is followed only once it has proved it: an
ONVIF camera by taking our login and telling who it is, another by the hardware address that the network itself knows.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tawny.recorder.finding.addresses import port_of
from tawny.recorder.finding.model import FoundDevice, Kind, KnownCamera, same_uuid
from tawny.recorder.finding.ports import Recognising, Relocating
from tawny.recorder.finding.service import Finding
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Problem
from tawny.runtime.tasks import Tasks
from tawny.wire.moments import rfc3339

_SETTLE_S = 2.0  # after a Hello: the same device may say it on its better address a moment later
_POLL_S = 0.5
_ASK_S = 20.0  # cameras that moved before we listened, or whose Hello was lost
_STRANGER_S = 600.0  # each look at a stranger gives it an answer to its challenge
_NOBODY_S = 10.0  # a camera says Hello before it serves
_MOST_CANDIDATES = 8  # of one camera at a time
_MOST_STRANGERS = 16  # of one camera, then nobody is believed for a while
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

    What lasts and differs excludes it, so that a copied uuid does not lead a camera astray. A camera without ONVIF can't
    prove who it is: only what the network itself knows counts.
    """
    if camera.kind is Kind.RTSP:
        return "mac" if device.witnessed and camera.mac and camera.mac == device.mac else ""
    if camera.mac and device.mac and camera.mac != device.mac:
        return ""
    if camera.uuid and device.uuid:
        return "uuid" if same_uuid(camera.uuid, device.uuid) else ""
    if camera.serial and device.serial:
        return "serial" if camera.serial == device.serial else ""
    return "mac" if camera.mac and device.mac else ""


class Lost:
    """Follows cameras that are unreachable.

    Invariants: a camera is moved only while it is unreachable, and only to a device that is it by `recognised` and, where
    it speaks ONVIF, by `Recognising`; one whose stream comes stays on its host. Of the devices that say that they are one
    camera, one at a time is looked at.
    """

    def __init__(
        self,
        *,
        finding: Finding,
        relocating: Relocating,
        recognising: Recognising,
        cameras: Callable[[], Sequence[KnownCamera]],
        clock: Clock,
    ) -> None:
        self._finding = finding
        self._relocating = relocating
        self._recognising = recognising
        self._cameras = cameras
        self._clock = clock
        self._tasks = Tasks("lost cameras")
        self._sought: dict[str, Sought] = {}
        self._candidates: dict[str, dict[str, FoundDevice]] = {}  # by camera that is being settled, by address
        self._refused: dict[str, dict[str, float]] = {}  # by camera and address, until when
        self._missed: Sequence[KnownCamera] = ()
        self._missed_s = float("-inf")
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
        self._refused.clear()  # somebody wants to know
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
            self._offer(self._finding.devices)
            await self._clock.sleep(_POLL_S)
        self._offer(self._finding.devices)
        while self._candidates.keys() & self._sought.keys():
            await self._clock.sleep(_POLL_S)
        for sought in self._sought.values():
            if sought.stand is Stand.LOOKING:
                sought.stand, sought.title = Stand.NOT_FOUND, self._not_found(sought.camera)
        self._searching = False

    def _appeared(self, device: FoundDevice) -> None:
        """A device was heard: where it may be one that we miss, see whether it is."""
        self._offer([device])

    def _missing(self) -> Sequence[KnownCamera]:
        """The cameras that are missed, as of half a second ago at most: anybody may say Hello, and often."""
        now_s = self._clock.monotonic()
        if now_s - self._missed_s >= _POLL_S:
            self._missed, self._missed_s = [camera for camera in self._cameras() if camera.unreachable], now_s
        return self._missed

    def _offer(self, devices: Sequence[FoundDevice]) -> None:
        for camera in self._missing():
            for device in devices:
                if not device.gone and recognised(camera, device) and not self._refuses(camera.id, device.address):
                    self._take(camera.id, device)

    def _refuses(self, camera_id: str, address: str) -> bool:
        now = self._clock.monotonic()
        refused = {each: until for each, until in self._refused.get(camera_id, {}).items() if until > now}
        self._refused[camera_id] = refused
        return address in refused or len(refused) >= _MOST_STRANGERS

    def _take(self, camera_id: str, device: FoundDevice) -> None:
        begun = camera_id in self._candidates
        candidates = self._candidates.setdefault(camera_id, {})
        if device.address in candidates or len(candidates) < _MOST_CANDIDATES:
            candidates[device.address] = device
        if not begun:
            self._tasks.start(self._settle(camera_id, candidates), name="follow")

    async def _settle(self, camera_id: str, candidates: dict[str, FoundDevice]) -> None:
        """Follow the camera to the first of *candidates* that it is; more may come meanwhile."""
        try:
            await self._clock.sleep(_SETTLE_S)
            while candidates:
                device = candidates.pop(min(candidates, key=lambda address: "[" in address))  # IPv4 first
                camera = next((each for each in self._cameras() if each.id == camera_id and each.unreachable), None)
                if camera is None or await self._follow(camera, device):
                    break
        finally:
            del self._candidates[camera_id]

    async def _follow(self, camera: KnownCamera, device: FoundDevice) -> bool:
        """Whether *device* is where the camera is from now on."""
        port = port_of(device.address) if device.kind is Kind.ONVIF and camera.kind is Kind.ONVIF else None
        if (device.host, port or camera.port) == (camera.host, camera.port):
            self._found(camera, device, "It is where it was, and does not deliver.")
            return False
        if camera.streaming and device.host != camera.host:
            self._found(camera, device, "It is where it was, and does not deliver.")
            return False  # it has two addresses, and that of the stream works
        if camera.kind is Kind.ONVIF and not await self._proves(camera, device, port):
            return False
        return self._move(camera, device, port)

    async def _proves(self, camera: KnownCamera, device: FoundDevice, port: int | None) -> bool:
        proved = await self._recognising.is_at(camera.id, device.host, port)
        if not proved:
            wait_s = _NOBODY_S if proved is None else _STRANGER_S
            self._refused.setdefault(camera.id, {})[device.address] = self._clock.monotonic() + wait_s
        if proved is False:
            _log.warning("%s says that it is camera %s, and is not", device.address, camera.id)
        return bool(proved)

    def _move(self, camera: KnownCamera, device: FoundDevice, port: int | None) -> bool:
        try:
            self._relocating.relocate(camera.id, device.host, port)
        except Problem as problem:
            _log.warning("camera %s can't be followed to %s: %s", camera.id, device.host, problem)
            return False
        _log.info("camera %s is at %s now", camera.id, device.host)
        self._found(camera, device, f"It is at {device.host} now.")
        return True

    def _found(self, camera: KnownCamera, device: FoundDevice, title: str) -> None:
        if (sought := self._sought.get(camera.id)) is not None:
            sought.stand, sought.address, sought.by = Stand.FOUND, device.host, recognised(camera, device)
            sought.title = title

    def _not_found(self, camera: KnownCamera) -> str:
        strangers = self._refused.get(camera.id)
        if strangers:
            return f"What answers at {next(iter(strangers))} says that it is this camera, but does not prove it."
        return _not_found(camera)


def _not_found(camera: KnownCamera) -> str:
    if not (camera.uuid or camera.serial or camera.mac):
        return "Nothing is known of it by which it could be recognised: type its new address."
    return "It did not answer anywhere. Check its power and network."
