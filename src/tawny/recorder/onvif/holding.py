"""The ONVIF side of one camera: connected, looked after, connected again; and only with the device that it is."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Protocol

from tawny.recorder.onvif.model import (
    Device,
    DeviceAddress,
    DeviceError,
    DevicePhase,
    DeviceState,
    DeviceTrouble,
    Identity,
    Learned,
    Login,
    Opener,
    device_error,
)
from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks

LOOK_S = 60.0  # between two looks at a camera that is there
FIRST_RETRY_S = 5.0
LONGEST_RETRY_S = 60.0
REFUSED_RETRY_S = 3600.0  # cameras lock out after five to seven wrong logins, and streams log in too
LOGIN_RETRY_S = 600.0  # where another login is wanted than may be given
NOBODY = frozenset({DeviceTrouble.ADDRESS, DeviceTrouble.UNREACHABLE, DeviceTrouble.SILENT})  # there is none, just now
_LOSSES = NOBODY | {DeviceTrouble.IDENTITY}
_ATTEMPTS_LOST = 2  # in a row, then somebody may look for it elsewhere
_RETRIES_S: Mapping[DeviceTrouble, float] = {
    DeviceTrouble.CREDENTIALS: REFUSED_RETRY_S,
    DeviceTrouble.LOCKED_OUT: REFUSED_RETRY_S,
    DeviceTrouble.BASIC_ONLY: LOGIN_RETRY_S,
    DeviceTrouble.WEAKER_LOGIN: LOGIN_RETRY_S,
    DeviceTrouble.IDENTITY: LOGIN_RETRY_S,  # each look gives the other device an answer to its challenge
    DeviceTrouble.NOT_ACTIVATED: LONGEST_RETRY_S,
    DeviceTrouble.CERTIFICATE: LONGEST_RETRY_S,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How to get at a device, and who it must be (empty: whoever is met)."""

    address: DeviceAddress
    login: Login
    fingerprint: str = ""
    identity: Identity = field(default_factory=Identity)

    def same(self, other: "Access") -> bool:
        """Whether both are one way to one device."""
        if replace(self, identity=other.identity) != other:
            return False
        mine, theirs = self.identity, other.identity
        told = all(each.serial or each.mac or each.uuid for each in (mine, theirs))
        return mine == theirs or (told and mine.same_device(theirs))


class Hearer(Protocol):
    """Who hears what becomes of one device. Every method returns at once."""

    def changed(self) -> None:
        """The state is another."""
        ...

    def learned(self, learned: Learned) -> None:
        """Something was learned."""
        ...

    def met(self, identity: Identity) -> None:
        """The right device answers, and *identity* is what it says of itself by now."""
        ...

    def stranger(self, identity: Identity) -> None:
        """Another device answers at the address."""
        ...

    def lost(self) -> None:
        """It has not been found there for a while."""
        ...


class Held:
    """One device, held as long as `run` runs.

    Invariants: *device* is there exactly while the phase is online; a stranger is closed before anybody hears of it; a
    login that was refused is not tried again before its time, whoever asks.
    """

    def __init__(
        self,
        access: Access,
        *,
        learned: Learned,
        opener: Opener,
        gate: asyncio.Semaphore,
        clock: Clock,
        random: Random,
        hearer: Hearer,
    ) -> None:
        self.access = access
        self.learned = learned
        self.device: Device | None = None
        self.stranger: Identity | None = None
        self.state = DeviceState(phase=DevicePhase.CONNECTING, since_us=clock.utc_us())
        self._opener = opener
        self._gate = gate
        self._clock = clock
        self._random = random
        self._hearer = hearer
        self._problem: DeviceError | None = None
        self._wake = asyncio.Event()
        self._settled = asyncio.Event()
        self._failures = 0

    async def run(self) -> None:
        """Connect and look after the device, again and again."""
        try:
            while True:
                await self.run_once()
        finally:
            self._problem = device_error(DeviceTrouble.UNREACHABLE, title="The camera was removed or changed.")
            self._settled.set()
            await self._close()

    async def run_once(self) -> None:
        """Connect and stay until the device is lost; then wait until it is worth trying again."""
        try:
            await self._connect()
            await self._look_after()
        except DeviceError as error:
            wait_s = self._failed(error)
            await self._close()
            await self._pause(wait_s)

    async def reached(self) -> Device:
        """The device, after one attempt where it is not there; raises DeviceError."""
        if self._problem is not None and self._problem.trouble in _RETRIES_S:
            raise self._problem.again()
        if self.device is None:
            if self.state.phase is DevicePhase.WAITING:
                self._settled.clear()
                self._wake.set()
            await self._settled.wait()
        if self.device is not None and self.device.ended is not None:
            self._wake.set()  # everybody shall know
            raise self.device.ended.again()
        if self.device is None:
            raise (self._problem or device_error(DeviceTrouble.UNREACHABLE)).again()
        return self.device

    def doubt(self) -> None:
        """Somebody heard nothing of the device: look at once, if it still seems to be there."""
        if self.device is not None:
            self._wake.set()

    async def _connect(self) -> None:
        self._tell(DevicePhase.CONNECTING)
        async with self._gate:
            found = await self._opener.open(
                self.access.address,
                self.access.login,
                learned=self.learned,
                fingerprint=self.access.fingerprint,
                on_learned=self._learn,
                on_reached=lambda: self._tell(DevicePhase.SETTING_UP),
            )
        if not self.access.identity.same_device(found.identity):
            await found.close()
            self.stranger = found.identity
            self._hearer.stranger(self.stranger)
            raise device_error(DeviceTrouble.IDENTITY)
        self.device = found
        self.stranger = None
        self.access = replace(self.access, identity=_filled(found.identity, self.access.identity))
        self._problem = None
        self._failures = 0
        self._hearer.met(self.access.identity)
        self._tell(DevicePhase.ONLINE)
        self._settled.set()

    async def _look_after(self) -> None:
        """Return never; raises DeviceError when the device is lost or takes our login no more."""
        while self.device is not None:
            await self._pause(LOOK_S)
            if (ended := self.device.ended) is not None:
                raise ended.again()
            await self.device.measure_clock()

    def _failed(self, error: DeviceError) -> float:
        """Tell of *error*; how long to wait now."""
        self._problem = error
        self._failures += 1
        wait_s = self._wait_s(error)
        self.state = DeviceState(
            phase=DevicePhase.WAITING,
            since_us=self.state.since_us if self.state.kind is error.trouble else self._clock.utc_us(),
            title=error.title,
            remedy=error.remedy,
            kind=error.trouble,
            retry_at_us=self._clock.utc_us() + int(wait_s * 1e6),
            certificate=error.certificate,
        )
        self._settled.set()
        self._hearer.changed()
        if error.trouble in _LOSSES and self._failures == _ATTEMPTS_LOST:
            self._hearer.lost()
        return wait_s

    def _wait_s(self, error: DeviceError) -> float:
        if error.trouble is DeviceTrouble.LOCKED_OUT and error.minutes is not None:
            return error.minutes * 60.0 + 30.0
        usual = min(FIRST_RETRY_S * 2.0 ** min(self._failures - 1, 10), LONGEST_RETRY_S)
        return _RETRIES_S.get(error.trouble, usual * self._random.uniform(0.8, 1.2))

    def _tell(self, phase: DevicePhase) -> None:
        waited = self.state if phase is DevicePhase.CONNECTING else None
        if waited is not None and waited.phase is DevicePhase.WAITING:
            return  # what went wrong stands until something else is known
        self.state = DeviceState(phase=phase, since_us=self._clock.utc_us())
        self._hearer.changed()

    def _learn(self, learned: Learned) -> None:
        self.learned = learned
        self._hearer.learned(learned)

    async def _pause(self, seconds: float) -> None:
        """Wait, unless somebody wants it sooner."""
        async with Tasks("device") as tasks:
            tasks.start(self._alarm(seconds), name="pause")
            await self._wake.wait()
        self._wake.clear()

    async def _alarm(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._wake.set()

    async def _close(self) -> None:
        if self.device is not None:
            device, self.device = self.device, None
            await device.close()


def _filled(now: Identity, before: Identity) -> Identity:
    """*now*, with what the device did not tell this time as it was before; who has no TLS now has no certificate."""
    told = now.document()
    kept = {name: told[name] or value for name, value in before.document().items() if name != "certificate"}
    return Identity(**kept, certificate=now.certificate)
