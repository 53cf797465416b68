"""One subscription at a device: a pull point, or, where only that works, messages that the device sends to us.

Cameras differ in all that keeps a subscription alive: some let each pull lengthen it, as ONVIF wants, some only Renew,
some know no Renew; some answer a pull at once with nothing, some tell times on a clock of 1970. So what counts is how
long it lasts by the camera's own two times, and a subscription that fails is simply made again.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, Protocol

from tawny.recorder.onvif.model import Device, DeviceError, DeviceTrouble, device_error
from tawny.runtime.clock import Clock
from tawny.wire.onvif import events
from tawny.wire.onvif.events import Message, Pulled
from tawny.wire.onvif.names import EVENTS

PULL_S: Final = 30.0
LASTS_S: Final = 120.0
RENEW_AHEAD_S: Final = 15.0  # beside the time that the next pull takes
EMPTY_PAUSE_S: Final = 1.0  # for cameras that answer a pull at once with nothing
PAUSE_S: Final = 0.1
BURST: Final = 20.0  # pulls that may follow each other at once ...
MOST_MESSAGES: Final = 100  # of one pull; a camera that sends more is waited for as for so many pulls
MIN_WAIT_S: Final = 5.0
NOTIFY_WAIT_S: Final = 60.0
_ANSWER_S = 15.0  # beside the time that the camera may wait
_STRIKES = 3  # answers in a row that can't be read
_GOODBYE_S = 2.0
_SURVIVED = {DeviceTrouble.UNSUPPORTED, DeviceTrouble.REFUSED, DeviceTrouble.BAD_ANSWER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Messages that came together; *camera_now_us* is what the camera's clock showed, where it told."""

    messages: tuple[Message, ...]
    camera_now_us: int | None = None


class Subscription(Protocol):
    """A way to the messages of one device. Every method raises DeviceError where the subscription is no more."""

    async def next(self) -> Batch:
        """Wait for messages, a minute at most."""
        ...

    async def close(self) -> None:
        """Tell the device that we want no more; never raises."""
        ...


class Inlet(Protocol):
    """An address of ours at which one device may leave its messages."""

    @property
    def url(self) -> str:
        """The address, as the device reaches it."""
        ...

    async def next(self, timeout_s: float) -> tuple[Message, ...]:
        """Wait for messages; none where none came in *timeout_s*."""
        ...

    async def close(self) -> None:
        """Take no more."""
        ...


class Inlets(Protocol):
    """Who opens inlets."""

    async def open(self, host: str) -> Inlet:
        """An inlet for the device at *host*; OSError where none can be opened."""
        ...


async def subscribe(device: Device, *, clock: Clock, inlets: Inlets) -> Subscription:
    """Subscribe to all messages of *device*, in the best way that it knows; DeviceError where it knows none."""
    if not device.has(EVENTS):
        raise device_error(DeviceTrouble.UNSUPPORTED, title="The camera tells of no events.")
    if device.learned.notify_only:
        return await NotifySubscription.made(device, clock=clock, inlets=inlets)
    try:
        return await PullSubscription.made(device, clock=clock)
    except DeviceError as error:
        if error.trouble not in _SURVIVED or not await _may_notify(device, error):
            raise
        refused = error
    try:
        notified = await NotifySubscription.made(device, clock=clock, inlets=inlets)
    except DeviceError:
        raise refused from None  # that is what it should have been able to do
    if refused.trouble is DeviceTrouble.UNSUPPORTED:
        device.learn(replace(device.learned, notify_only=True))
    return notified


async def _may_notify(device: Device, error: DeviceError) -> bool:
    """Whether a device that refuses a pull point may know Notify."""
    if error.trouble is DeviceTrouble.UNSUPPORTED:
        return True
    try:
        capabilities = await device.call(events.get_service_capabilities())
    except DeviceError:
        return False
    return bool(capabilities.base_notification) or capabilities.pull_points is False


class _Lease:
    """How long a subscription lasts, by our steady clock.

    Invariant: what the camera says last counts; where it says nothing, what we asked for.
    """

    def __init__(self, device: Device, clock: Clock, subscription: events.Subscription) -> None:
        self.device = device
        self.clock = clock
        self.address = subscription.address
        self.references = subscription.references
        self._renewable = True
        granted_s = subscription.lasts_s
        self._granted_s = LASTS_S if granted_s is None else min(max(granted_s, 0.0), LASTS_S)
        self._until = clock.monotonic() + self._granted_s

    def told(self, pulled: Pulled) -> None:
        """The camera said until when it lasts."""
        if pulled.current_us is not None and pulled.termination_us is not None:
            self._until = self.clock.monotonic() + max(0.0, (pulled.termination_us - pulled.current_us) / 1e6)

    @property
    def due_s(self) -> float:
        """How long until it wants renewing."""
        return max(0.0, self._until - RENEW_AHEAD_S - self.clock.monotonic())

    @property
    def pull_s(self) -> float:
        """How long a pull may take without outliving the subscription."""
        return min(PULL_S, max(MIN_WAIT_S, self.due_s))

    @property
    def renewable(self) -> bool:
        """Whether the camera knows Renew, as far as we know."""
        return self._renewable

    async def renew(self) -> None:
        """Let it last longer; a camera that knows no Renew is left in peace."""
        try:
            await self.device.call(events.renew(lasts_s=LASTS_S), at=self.address, references=self.references)
        except DeviceError as error:
            if error.trouble not in {DeviceTrouble.UNSUPPORTED, DeviceTrouble.BAD_ANSWER}:
                raise
            self._renewable = False
        self._until = self.clock.monotonic() + self._granted_s

    async def synchronize(self) -> None:
        """Have every property told, where the camera does not do so by itself."""
        try:
            await self.device.call(events.set_synchronization_point(), at=self.address, references=self.references)
        except DeviceError as error:
            if error.trouble not in _SURVIVED:
                raise

    async def end(self) -> None:
        """Unsubscribe, where the camera is still there."""
        with suppress(DeviceError):  # it ends by itself
            await self.device.call(
                events.unsubscribe(), at=self.address, references=self.references, timeout_s=_GOODBYE_S
            )


class _Pace:
    """How long to wait after a pull, so that what one camera tells costs no more than a pull a second for long."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._credit = BURST
        self._at = clock.monotonic()

    def pause_s(self, messages: int, took_s: float) -> float:
        """The wait after a pull that brought so many *messages*."""
        now = self._clock.monotonic()
        self._credit = min(BURST, self._credit + now - self._at) - max(1.0, messages / MOST_MESSAGES)
        self._at = now
        at_least_s = PAUSE_S if messages or took_s > EMPTY_PAUSE_S else EMPTY_PAUSE_S
        return max(at_least_s, -self._credit)


class PullSubscription:
    """A pull point. See `Subscription`."""

    def __init__(self, lease: _Lease) -> None:
        self._lease = lease
        self._pace = _Pace(lease.clock)
        self._pause_s = 0.0
        self._strikes = 0

    @classmethod
    async def made(cls, device: Device, *, clock: Clock) -> "PullSubscription":
        """Create one at *device*; one that won't be told how long decides by itself."""
        try:
            made = await device.call(events.create_pull_point(lasts_s=LASTS_S))
        except DeviceError as error:
            if error.trouble is not DeviceTrouble.REFUSED:
                raise
            made = await device.call(events.create_pull_point())
        lease = _Lease(device, clock, made)
        await lease.synchronize()
        return cls(lease)

    async def next(self) -> Batch:
        """See `Subscription.next`."""
        lease = self._lease
        await lease.clock.sleep(
            self._pause_s
        )  # before the next pull, not after this one: what happened is told at once
        if lease.renewable and lease.due_s < PULL_S:
            await lease.renew()
        began = lease.clock.monotonic()
        pulled = await self._pull()
        took_s = lease.clock.monotonic() - began
        lease.told(pulled)
        self._pause_s = self._pace.pause_s(len(pulled.messages), took_s)
        return Batch(messages=pulled.messages, camera_now_us=pulled.current_us)

    async def _pull(self) -> Pulled:
        lease, timeout_s = self._lease, self._lease.pull_s
        try:
            pulled = await lease.device.call(
                events.pull_messages(timeout_s=timeout_s, most=MOST_MESSAGES),
                at=lease.address,
                references=lease.references,
                timeout_s=timeout_s + _ANSWER_S,
            )
        except DeviceError as error:
            self._strikes += 1
            if error.trouble is not DeviceTrouble.BAD_ANSWER or self._strikes >= _STRIKES:
                raise
            return Pulled()
        self._strikes = 0
        return pulled

    async def close(self) -> None:
        """See `Subscription.close`."""
        await self._lease.end()


class NotifySubscription:
    """Messages that the device sends to an inlet of ours. See `Subscription`."""

    def __init__(self, lease: _Lease, inlet: Inlet) -> None:
        self._lease = lease
        self._inlet = inlet

    @classmethod
    async def made(cls, device: Device, *, clock: Clock, inlets: Inlets) -> "NotifySubscription":
        """Open an inlet and have *device* send its messages there."""
        try:
            inlet = await inlets.open(device.address.host)
        except OSError as error:
            raise device_error(
                DeviceTrouble.UNREACHABLE, title="The camera has no way to send its events.", reason=str(error)
            ) from error
        try:
            lease = _Lease(device, clock, await device.call(events.subscribe(inlet.url, lasts_s=LASTS_S)))
            await lease.synchronize()
        except BaseException:
            await inlet.close()
            raise
        return cls(lease, inlet)

    async def next(self) -> Batch:
        """See `Subscription.next`."""
        messages = await self._inlet.next(max(MIN_WAIT_S, min(self._lease.due_s, NOTIFY_WAIT_S)))
        if self._lease.renewable and self._lease.due_s <= 0:
            await self._lease.renew()
        return Batch(messages=messages)

    async def close(self) -> None:
        """See `Subscription.close`."""
        await self._lease.end()
        await self._inlet.close()
