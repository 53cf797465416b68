"""Keeps the ONVIF side of every camera that was added: connected, known again, its ways remembered."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any, Protocol

from tawny.recorder.archive.ledger import Entry, moment
from tawny.recorder.cameras.model import Camera
from tawny.recorder.onvif.holding import Access, Held
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


class DeviceKeeper:
    """The devices of the cameras, by camera id.

    Invariants: one `Held` for each camera that has an ONVIF side, each running as a task of ours; what was learned is
    forgotten when another login is set or another device is there, and never otherwise. Used from the event loop alone.
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
        self._held: dict[str, Held] = {}
        self._last: dict[str, Access] = {}  # of those let go of
        self._running: dict[str, asyncio.Task[None]] = {}
        self._tasks = Tasks("devices")
        self._gate = asyncio.Semaphore(_MOST_AT_ONCE)

    async def stop(self) -> None:
        """Let go of every device."""
        await self._tasks.cancel()
        self._held.clear()
        self._running.clear()

    def set_camera(self, camera: Camera) -> None:
        """Hold the ONVIF side of *camera*, as it is kept now; one without such a side is let go of."""
        before = self._held.get(camera.id)
        wanted = _access(camera)
        if wanted is None:
            self.remove_camera(camera.id)
        elif before is None or before.access != wanted:
            last = self._last.get(camera.id)
            self._let_go(camera.id)
            if last and (last.login != wanted.login or not last.identity.same_device(wanted.identity)):
                self._forget(camera.id)
            self._hold(camera.id, wanted)

    def remove_camera(self, camera_id: str) -> None:
        """Let go of the camera; what was learned of it stays, for it may just be switched off for a while."""
        self._let_go(camera_id)

    async def of(self, camera_id: str) -> Device:
        """The camera's device, after an attempt to reach it where it is not there; Problem in words."""
        held = self._held.get(camera_id)
        if held is None:
            raise Problem(
                Kind.NOT_FOUND,
                "This camera is known by its stream's address alone, not by ONVIF.",
                remedy="Add it again by its own address if it speaks ONVIF.",
            )
        try:
            return await held.reached()
        except DeviceError as error:
            raise error.problem() from error

    def state(self, camera_id: str) -> DeviceState:
        """Where the ONVIF side stands."""
        held = self._held.get(camera_id)
        return DeviceState(phase=DevicePhase.NONE, since_us=self._clock.utc_us()) if held is None else held.state

    def clock_offset_s(self, camera_id: str) -> float | None:
        """The camera's clock minus ours; None where it is not known."""
        held = self._held.get(camera_id)
        return None if held is None else held.learned.clock_offset_s

    def doubt(self, camera_id: str) -> None:
        """Somebody heard nothing of the camera's device: look after it at once."""
        if (held := self._held.get(camera_id)) is not None:
            held.doubt()

    def accept(self, camera_id: str, what: str) -> None:
        """Take what is there now for right: *what* is "certificate" (its new one comes by `set_camera`) or "identity"."""
        held = self._held.get(camera_id)
        if held is None or what != "identity" or held.stranger is None:
            return
        access = replace(held.access, identity=held.stranger)
        self._let_go(camera_id)
        self._forget(camera_id)
        self._tell_identity(camera_id, access.identity)
        self._listener.told(camera_id, "Another device was accepted in the camera's place.")
        self._listener.identified(camera_id, access.identity)
        self._listener.on_identity(camera_id, True)
        if camera_id not in self._held:  # nobody has set it again on hearing of this
            self._hold(camera_id, access)

    def _hold(self, camera_id: str, access: Access) -> None:
        held = Held(
            access,
            learned=Learned.read(self._kept.value(_name(camera_id))),
            opener=self._opener,
            gate=self._gate,
            clock=self._clock,
            random=self._random,
            hearer=_Hearer(self, camera_id),
        )
        self._held[camera_id] = held
        self._running[camera_id] = self._tasks.start(held.run(), name=camera_id)

    def _let_go(self, camera_id: str) -> None:
        if (held := self._held.pop(camera_id, None)) is not None:
            self._last[camera_id] = held.access
        if (task := self._running.pop(camera_id, None)) is not None:
            task.cancel()

    def _forget(self, camera_id: str) -> None:
        """Another login, or another device: begin anew."""
        self._keep(camera_id, Learned())

    def _keep(self, camera_id: str, learned: Learned) -> None:
        try:
            self._kept.set_value(_name(camera_id), learned.document())
        except Problem as problem:  # it will be learned again
            _log.warning("what was learned of %s could not be kept: %s", camera_id, problem)

    def changed(self, camera_id: str) -> None:
        """Hear from a held device."""
        self._listener.changed(camera_id)

    def learned(self, camera_id: str, learned: Learned) -> None:
        """Keep what was *learned*, where it is worth it."""
        kept = Learned.read(self._kept.value(_name(camera_id)))
        if learned.authentication.strength < kept.authentication.strength:
            learned = replace(learned, authentication=kept.authentication)
        before_s, now_s = kept.clock_offset_s, learned.clock_offset_s
        moved = before_s is None or now_s is None or abs(now_s - before_s) >= _CLOCK_KEPT_S
        if replace(learned, clock_offset_s=before_s) != kept or (moved and before_s != now_s):
            self._keep(camera_id, learned)

    def met(self, camera_id: str, before: Identity, identity: Identity) -> None:
        """The right device answers."""
        if identity != before:
            self._tell_identity(camera_id, identity)
            if before.firmware and identity.firmware != before.firmware:
                self._listener.told(camera_id, f"The camera has other firmware now: {identity.firmware or 'unknown'}.")
            self._listener.identified(camera_id, identity)
        self._listener.on_identity(camera_id, True)

    def stranger(self, camera_id: str, identity: Identity) -> None:
        """Another device answers."""
        self._tell_identity(camera_id, identity)
        self._listener.told(camera_id, "Another device answers at the camera's address.")
        self._listener.on_identity(camera_id, False)

    def lost(self, camera_id: str) -> None:
        """The device is not there."""
        self._listener.lost(camera_id)

    def _tell_identity(self, camera_id: str, identity: Identity) -> None:
        told: Mapping[str, str] = {name: value for name, value in identity.document().items() if name != "hardware"}
        utc = moment(self._clock.utc_us())
        self._note({"id": self._new_id("led"), "utc": utc, "kind": "camera_identity", "camera": camera_id, **told})


class _Hearer:
    """The port `Hearer`, for one camera of a keeper."""

    def __init__(self, keeper: DeviceKeeper, camera_id: str) -> None:
        self._keeper = keeper
        self._camera_id = camera_id
        self._strange: Identity | None = None

    def changed(self) -> None:
        """See `Hearer.changed`."""
        self._keeper.changed(self._camera_id)

    def learned(self, learned: Learned) -> None:
        """See `Hearer.learned`."""
        self._keeper.learned(self._camera_id, learned)

    def met(self, before: Identity, identity: Identity) -> None:
        """See `Hearer.met`."""
        self._strange = None
        self._keeper.met(self._camera_id, before, identity)

    def stranger(self, identity: Identity) -> None:
        """See `Hearer.stranger`; the same one is told of once."""
        if identity != self._strange:
            self._strange = identity
            self._keeper.stranger(self._camera_id, identity)

    def lost(self) -> None:
        """See `Hearer.lost`."""
        self._keeper.lost(self._camera_id)


def _name(camera_id: str) -> str:
    return f"device {camera_id}"


def _access(camera: Camera) -> Access | None:
    if camera.device is None:
        return None
    login = Login(user=camera.user, password=camera.password, allow_basic=camera.device.allow_basic)
    return Access(address=camera.device.address, login=login, fingerprint=camera.fingerprint, identity=camera.identity)
