"""Keeps the ONVIF side of every camera that was added: connected, known again, its ways remembered."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Protocol

from tawny.recorder.archive.ledger import Entry, moment
from tawny.recorder.cameras.model import Camera
from tawny.recorder.onvif.holding import NOBODY, Access, Held
from tawny.recorder.onvif.model import (
    Device,
    DeviceError,
    DevicePhase,
    DeviceState,
    Identity,
    Learned,
    Login,
    Opener,
)
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks

_MOST_AT_ONCE = 8  # devices being reached
_CLOCK_KEPT_S = 2.0  # a smaller change of a clock is not worth a write
_log = logging.getLogger(__name__)


class Kept(Protocol):
    """Where JSON values are kept by name."""

    def value(self, name: str) -> Any:
        """The value last kept under *name*, or None."""
        ...

    def set_value(self, name: str, value: Any) -> None:
        """Keep *value*. Problem(UNAVAILABLE) where it can't be kept."""
        ...


class DeviceListener(Protocol):
    """Who acts on what becomes of the devices. Every method returns at once."""

    def changed(self, camera_id: str) -> None:
        """The state of the camera's ONVIF side is another."""
        ...

    def on_identity(self, camera_id: str, ok: bool) -> None:
        """Whether the device at the camera's address is that camera."""
        ...

    def identified(self, camera_id: str, identity: Identity) -> None:
        """Who the camera is by now: met for the first time, accepted, or changed where that is no matter."""
        ...

    def told(self, camera_id: str, title: str) -> None:
        """Something about the device that people may want to know, in words."""
        ...

    def lost(self, camera_id: str) -> None:
        """The camera is not at its address any more."""
        ...


@dataclass(slots=True)
class _Group:
    """A device, and the cameras that are its channels."""

    held: Held
    cameras: list[str]
    task: asyncio.Task[None] | None = None


class DeviceKeeper:
    """The devices of the cameras, by camera id.

    Invariants: each device is held once, however many cameras are its channels, so that a wrong password is tried once;
    each `Held` runs as a task of ours. What was learned is forgotten when another login is set or another device is
    there, and never otherwise. Used from the event loop alone.
    """

    def __init__(
        self,
        *,
        opener: Opener,
        kept: Kept,
        note: Callable[[Entry], None],
        listener: DeviceListener,
        clock: Clock,
        random: Random,
        new_id: Callable[[str], str],
    ) -> None:
        self._opener = opener
        self._kept = kept
        self._note = note
        self._listener = listener
        self._clock = clock
        self._random = random
        self._new_id = new_id
        self._groups: dict[str, _Group] = {}
        self._known: dict[str, Identity] = {}
        self._last: dict[str, Access] = {}  # of those let go of
        self._tasks = Tasks("devices")
        self._gate = asyncio.Semaphore(_MOST_AT_ONCE)

    async def stop(self) -> None:
        """Let go of every device."""
        await self._tasks.cancel()
        self._groups.clear()

    def set_camera(self, camera: Camera) -> None:
        """Hold the ONVIF side of *camera*, as it is kept now; one without such a side is let go of."""
        wanted = _access(camera)
        self._known[camera.id] = camera.identity
        if wanted is None:
            self.remove_camera(camera.id)
            return
        group = self._groups.get(camera.id)
        if group is not None and group.held.access.same(wanted):
            return
        self._let_go(camera.id)
        last = self._last.get(camera.id)
        if last and (last.login != wanted.login or not last.identity.same_device(wanted.identity)):
            self._forget(camera.id)
        self._hold(camera.id, wanted)

    def remove_camera(self, camera_id: str) -> None:
        """Let go of the camera; what was learned of it stays, for it may just be switched off for a while."""
        self._let_go(camera_id)

    async def of(self, camera_id: str) -> Device:
        """The camera's device, after an attempt to reach it where it is not there; Problem in words."""
        group = self._groups.get(camera_id)
        if group is None:
            raise Problem(
                Kind.NOT_FOUND,
                "This camera is known by its stream's address alone, not by ONVIF.",
                remedy="Add it again by its own address if it speaks ONVIF.",
            )
        try:
            return await group.held.reached()
        except DeviceError as error:
            raise error.problem() from error

    async def is_at(self, camera_id: str, host: str, port: int | None) -> bool | None:
        """See `finding.ports.Recognising.is_at`."""
        group = self._groups.get(camera_id)
        if group is None:
            return None
        held = group.held
        before = held.access.address
        address = replace(before, host=host, port=port or before.port)
        try:
            async with self._gate:
                found = await self._opener.open(
                    address, held.access.login, learned=held.learned, fingerprint=held.access.fingerprint
                )
        except DeviceError as error:
            return None if error.trouble in NOBODY else False
        await found.close()
        return held.access.identity.confirmed_by(found.identity)

    def state(self, camera_id: str) -> DeviceState:
        """Where the ONVIF side stands."""
        group = self._groups.get(camera_id)
        if group is None:
            return DeviceState(phase=DevicePhase.NONE, since_us=self._clock.utc_us())
        return group.held.state

    def clock_offset_s(self, camera_id: str) -> float | None:
        """The camera's clock minus ours; None where it is not known."""
        group = self._groups.get(camera_id)
        return None if group is None else group.held.learned.clock_offset_s

    def doubt(self, camera_id: str) -> None:
        """Somebody heard nothing of the camera's device: look after it at once."""
        if (group := self._groups.get(camera_id)) is not None:
            group.held.doubt()

    def accept(self, camera_id: str, what: str) -> None:
        """Take what is there now for right: *what* is "certificate" (its new one comes by `set_camera`) or "identity"."""
        group = self._groups.get(camera_id)
        if group is None or what != "identity" or group.held.stranger is None:
            return
        access = replace(group.held.access, identity=group.held.stranger)
        self._let_go(camera_id)
        self._forget(camera_id)
        self._note_met(camera_id, access.identity)
        self._listener.told(camera_id, "Another device was accepted in the camera's place.")
        self._identified(camera_id, access.identity)
        self._listener.on_identity(camera_id, True)
        if camera_id not in self._groups:  # nobody has set it again on hearing of this
            self._hold(camera_id, access)

    def _hold(self, camera_id: str, access: Access) -> None:
        """Hold the device, or join those whose device it is too."""
        group = next((each for each in self._groups.values() if each.held.access.same(access)), None)
        if group is not None:
            group.cameras.append(camera_id)
            self._groups[camera_id] = group
            self._keep(camera_id, group.held.learned)
            if group.held.device is not None:
                self._met(camera_id, group.held.access.identity)
            elif group.held.stranger is not None:
                self.stranger([camera_id], group.held.stranger)
            return
        hearer = _Hearer(self)
        held = Held(
            access,
            learned=Learned.read(self._kept.value(_name(camera_id))),
            opener=self._opener,
            gate=self._gate,
            clock=self._clock,
            random=self._random,
            hearer=hearer,
        )
        self._groups[camera_id] = hearer.group = _Group(held, [camera_id])
        hearer.group.task = self._tasks.start(held.run(), name=camera_id)

    def _let_go(self, camera_id: str) -> None:
        group = self._groups.pop(camera_id, None)
        if group is None:
            return
        self._last[camera_id] = group.held.access
        group.cameras.remove(camera_id)
        if not group.cameras and group.task is not None:
            group.task.cancel()

    def _forget(self, camera_id: str) -> None:
        """Another login, or another device: begin anew."""
        self._keep(camera_id, Learned())

    def _keep(self, camera_id: str, learned: Learned) -> None:
        self._set(_name(camera_id), learned.document())

    def _set(self, name: str, value: Mapping[str, Any]) -> None:
        try:
            self._kept.set_value(name, value)
        except Problem as problem:  # it will be learned, or noted, again
            _log.warning("%s could not be kept: %s", name, problem)

    def changed(self, cameras: Sequence[str]) -> None:
        """Hear that the state of the device of *cameras* is another."""
        for camera_id in cameras:
            self._listener.changed(camera_id)

    def learned(self, cameras: Sequence[str], learned: Learned) -> None:
        """Keep what was *learned*, where it is worth it."""
        for camera_id in cameras:
            kept = Learned.read(self._kept.value(_name(camera_id)))
            before_s, now_s = kept.clock_offset_s, learned.clock_offset_s
            moved = before_s is None or now_s is None or abs(now_s - before_s) >= _CLOCK_KEPT_S
            if replace(learned, clock_offset_s=before_s) != kept or (moved and before_s != now_s):
                self._keep(camera_id, learned)

    def met(self, cameras: Sequence[str], identity: Identity) -> None:
        """Hear that the right device answers."""
        for camera_id in cameras:
            self._met(camera_id, identity)

    def _met(self, camera_id: str, identity: Identity) -> None:
        before = self._known.get(camera_id, Identity())
        self._note_met(camera_id, identity)
        if identity != before:
            if before.firmware and identity.firmware != before.firmware:
                self._listener.told(camera_id, f"The camera has other firmware now: {identity.firmware or 'unknown'}.")
            self._identified(camera_id, identity)
        self._listener.on_identity(camera_id, True)

    def stranger(self, cameras: Sequence[str], identity: Identity) -> None:
        """Hear that another device answers."""
        for camera_id in cameras:
            self._note_identity(camera_id, identity, known=False)
            self._listener.told(camera_id, "Another device answers at the camera's address.")
            self._listener.on_identity(camera_id, False)

    def lost(self, cameras: Sequence[str]) -> None:
        """Hear that the device is not there."""
        for camera_id in cameras:
            self._listener.lost(camera_id)

    def _identified(self, camera_id: str, identity: Identity) -> None:
        self._known[camera_id] = identity
        self._listener.identified(camera_id, identity)

    def _note_met(self, camera_id: str, identity: Identity) -> None:
        """Have the ledger say who the camera is, where it does not say so already."""
        if Identity.read(self._kept.value(_noted(camera_id))) != identity:
            self._note_identity(camera_id, identity, known=True)
            self._set(_noted(camera_id), identity.document())

    def _note_identity(self, camera_id: str, identity: Identity, *, known: bool) -> None:
        told = {name: value for name, value in identity.document().items() if name != "hardware"}
        entry: dict[str, Any] = {
            "id": self._new_id("led"),
            "utc": moment(self._clock.utc_us()),
            "kind": "camera_identity",
        }
        self._note(entry | {"camera": camera_id, "known": known} | told)


class _Hearer:
    """The port `Hearer`, for the cameras of one device."""

    def __init__(self, keeper: DeviceKeeper) -> None:
        self.group: _Group | None = None
        self._keeper = keeper
        self._strange: Identity | None = None

    @property
    def _cameras(self) -> tuple[str, ...]:
        return () if self.group is None else tuple(self.group.cameras)

    def changed(self) -> None:
        """See `Hearer.changed`."""
        self._keeper.changed(self._cameras)

    def learned(self, learned: Learned) -> None:
        """See `Hearer.learned`."""
        self._keeper.learned(self._cameras, learned)

    def met(self, identity: Identity) -> None:
        """See `Hearer.met`."""
        self._strange = None
        self._keeper.met(self._cameras, identity)

    def stranger(self, identity: Identity) -> None:
        """See `Hearer.stranger`; the same one is told of once."""
        if identity != self._strange:
            self._strange = identity
            self._keeper.stranger(self._cameras, identity)

    def lost(self) -> None:
        """See `Hearer.lost`."""
        self._keeper.lost(self._cameras)


def _name(camera_id: str) -> str:
    return f"device {camera_id}"


def _noted(camera_id: str) -> str:
    return f"identity {camera_id}"


def _access(camera: Camera) -> Access | None:
    if camera.device is None:
        return None
    login = Login(user=camera.user, password=camera.password, allow_basic=camera.allow_basic)
    return Access(address=camera.device.address, login=login, fingerprint=camera.fingerprint, identity=camera.identity)
