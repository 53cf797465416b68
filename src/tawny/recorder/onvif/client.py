"""A device that was reached: asks, logs in, and reads what comes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

from tawny.recorder.onvif import refusals
from tawny.recorder.onvif.asking import Asker, MovedError, Request
from tawny.recorder.onvif.exchange import Transport
from tawny.recorder.onvif.model import (
    CALL_S,
    Authentication,
    DeviceAddress,
    DeviceError,
    DeviceTrouble,
    Identity,
    Learned,
    Login,
    device_error,
)
from tawny.recorder.onvif.negotiation import Negotiation
from tawny.recorder.onvif.refusals import Refusal
from tawny.recorder.onvif.uris import Target, reachable, target
from tawny.runtime.clock import Clock
from tawny.wire.onvif import device, soap
from tawny.wire.onvif.elements import Element
from tawny.wire.onvif.names import DEVICE, EVENTS, NOTIFICATION
from tawny.wire.onvif.soap import Call
from tawny.wire.tries import Tries

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Facts:
    """What was found out of a device when it was reached."""

    services: Mapping[str, str] = field(default_factory=dict)  # namespace -> address as told
    scopes: tuple[str, ...] = ()
    identity: Identity = field(default_factory=Identity)


class OnvifDevice:
    """The port `Device`.

    Invariant: what was learned is told on at once.
    """

    def __init__(
        self,
        transport: Transport,
        address: DeviceAddress,
        login: Login,
        *,
        learned: Learned,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
        on_learned: Callable[[Learned], None],
        tries: Tries | None = None,
    ) -> None:
        self.address = address
        self.login = login
        self.learned = learned
        self.facts = Facts()
        self.opened = False
        self._transport = transport
        self._clock = clock
        self._on_learned = on_learned
        self._negotiation = Negotiation(
            login, learned=learned.authentication, secure=address.secure, random_bytes=random_bytes, tries=tries
        )
        self._asker = Asker(
            transport,
            address,
            self._negotiation,
            camera_us=self._camera_us,
            check_clock=self.measure_clock,
            on_login=self._logged_in,
            random_bytes=random_bytes,
        )

    @property
    def identity(self) -> Identity:
        """See `Device.identity`."""
        return self.facts.identity

    @property
    def shown(self) -> bytes:
        """See `Device.shown`."""
        return self._transport.shown

    @property
    def services(self) -> frozenset[str]:
        """See `Device.services`."""
        return frozenset(self.facts.services)

    @property
    def scopes(self) -> tuple[str, ...]:
        """See `Device.scopes`."""
        return self.facts.scopes

    @property
    def ended(self) -> DeviceError | None:
        """See `Device.ended`."""
        return self._negotiation.end

    @property
    def transport(self) -> Transport:
        """What carries the messages."""
        return self._transport

    def has(self, namespace: str) -> bool:
        """See `Device.has`."""
        return namespace in self.facts.services

    def reachable(self, uri: str) -> str:
        """See `Device.reachable`."""
        return reachable(uri, reached=self.address)

    def learn(self, learned: Learned) -> None:
        """See `Device.learn`."""
        if learned != self.learned:
            self.learned = learned
            self._on_learned(learned)

    async def close(self) -> None:
        """See `Device.close`."""
        await self._transport.close()

    async def call(
        self, call: Call[T], *, at: str | None = None, references: tuple[bytes, ...] = (), timeout_s: float = CALL_S
    ) -> T:
        """See `Device.call`."""
        request = Request(
            body=call.body, target=self._target(call.service, at), references=references, timeout_s=timeout_s
        )
        try:
            return _read(call, await self._asker.ask(request))
        except MovedError as error:
            raise device_error(DeviceTrouble.REFUSED, title="The camera's services have moved.") from error
        except DeviceError as error:
            if self.opened and error.trouble is DeviceTrouble.NOT_ONVIF:
                raise _of_one_address(error) from error
            raise

    async def open_call(self, call: Call[T], *, timeout_s: float = CALL_S) -> T:
        """Ask the device service what it tells anybody: without a login; a refusal of that is DeviceError(REFUSED)."""
        request = Request(body=call.body, target=self._target(DEVICE, None), timeout_s=timeout_s)
        answer = await self._asker.ask_openly(request)
        found = refusals.read(answer)
        if isinstance(found, Refusal):
            self._measured(answer.date_us)
            raise device_error(DeviceTrouble.REFUSED, reason=found.reason)
        return _read(call, found)

    async def measure_clock(self) -> device.SystemDateAndTime | None:
        """See `Device.measure_clock`."""
        asked_us = self._clock.utc_us()
        try:
            found = await self.open_call(device.get_system_date_and_time())
        except DeviceError as error:
            if error.trouble not in {DeviceTrouble.REFUSED, DeviceTrouble.UNSUPPORTED, DeviceTrouble.BAD_ANSWER}:
                raise
            return None
        told_us = found.local_us if found.utc_us is None else found.utc_us
        # cameras tell whole seconds, so half a second is what they left out on average
        self._measured(None if told_us is None else told_us + 500_000, since_us=asked_us)
        return found

    def _measured(self, camera_us: int | None, *, since_us: int | None = None) -> None:
        if camera_us is None:
            return
        now_us = self._clock.utc_us()
        middle_us = now_us if since_us is None else (now_us + since_us) // 2
        self.learn(replace(self.learned, clock_offset_s=round((camera_us - middle_us) / 1e6, 1)))

    def _camera_us(self) -> int:
        return self._clock.utc_us() + int((self.learned.clock_offset_s or 0.0) * 1e6)

    def _logged_in(self, how: Authentication) -> None:
        self.learn(replace(self.learned, authentication=how))

    def _target(self, service: str, at: str | None) -> Target:
        told = at
        if told is None and service != DEVICE:
            namespace = EVENTS if service == NOTIFICATION else service
            told = self.facts.services.get(namespace)
            if told is None:
                raise device_error(DeviceTrouble.UNSUPPORTED, reason=f"no service {namespace}")
        if told is None:
            return Target(path=self.address.path)
        return target(told, reached=self.address, numeric=self._transport.host)


def _of_one_address(error: DeviceError) -> DeviceError:
    """A device that was opened does speak ONVIF, whatever stands at one of its addresses."""
    trouble = DeviceTrouble.UNSUPPORTED if error.reason.startswith("HTTP ") else DeviceTrouble.BAD_ANSWER
    return device_error(trouble, reason=error.reason)


def _read(call: Call[T], found: Element | None) -> T:
    if found is None:
        if call.read is soap.nothing:
            return cast("T", None)
        raise device_error(DeviceTrouble.BAD_ANSWER, title="The camera answered with nothing.")
    try:
        return call.read(found)
    except ValueError as error:
        raise device_error(DeviceTrouble.BAD_ANSWER, reason=str(error)) from error
