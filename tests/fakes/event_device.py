"""A device with events and nothing else, on a simulated clock: each camera's own way to keep subscriptions can be had."""

from collections.abc import Collection
from typing import TypeVar

from lxml import etree

from tawny.recorder.onvif.model import DeviceAddress, DeviceError, DeviceTrouble, Identity, Learned, Login, device_error
from tawny.runtime.clock import Clock
from tawny.wire.onvif import soap
from tawny.wire.onvif.answers import events as answers
from tawny.wire.onvif.device import SystemDateAndTime
from tawny.wire.onvif.elements import Element, duration_s, make, spelt_moment
from tawny.wire.onvif.events import INITIALIZED, Message
from tawny.wire.onvif.names import EVENTS

T = TypeVar("T")

ADDRESS = "http://192.0.2.7/onvif/Events/PullSubManager_1"
REFERENCE = '<a:SubscriptionId xmlns:a="http://www.axis.com/2009/event">4</a:SubscriptionId>'


class EventDevice:
    """The port `Device`, as far as events go.

    *grants_s*: how long a subscription lasts; *extends*: whether a pull lengthens it; *without* are operations that it
    does not know; *refuses* such that it refuses; *hasty* answers a pull at once; *year_1970* shows its clock;
    *referred* names the subscription in references alone.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        grants_s: float = 60,
        extends: bool = True,
        without: Collection[str] = (),
        refuses: Collection[str] = (),
        hasty: bool = False,
        year_1970: bool = False,
        tells_times: bool = True,
        referred: bool = False,
    ) -> None:
        self.clock = clock
        self.grants_s = grants_s
        self.extends = extends
        self.without = set(without)
        self.refuses = set(refuses)
        self.hasty = hasty
        self.tells_times = tells_times
        self.referred = referred
        self.ahead_us = -clock.utc_us() + 1_000_000_000 if year_1970 else 0
        self.trouble: DeviceTrouble | None = None
        self.garbles = 0
        self.properties: list[Message] = []
        self.waiting: list[Message] = []
        self.asked: list[tuple[str, float]] = []
        self.echoed: set[tuple[str | None, tuple[bytes, ...]]] = set()
        self.consumer = ""
        self.closed = False
        self._until: float | None = None
        self.address = DeviceAddress(host="192.0.2.7")
        self.login = Login()
        self.learned = Learned()
        self.identity = Identity()
        self.services = frozenset({EVENTS})
        self.scopes: tuple[str, ...] = ()
        self.shown = b""

    @property
    def operations(self) -> list[str]:
        return [operation for operation, _ in self.asked]

    @property
    def alive(self) -> bool:
        return self._until is not None and self._until > self.clock.monotonic()

    def now_us(self) -> int:
        return self.clock.utc_us() + self.ahead_us

    def forget(self) -> None:
        """It starts anew: subscriptions are gone."""
        self._until = None
        self.waiting.clear()

    def has(self, namespace: str) -> bool:
        return namespace in self.services

    async def call(
        self, call: soap.Call[T], *, at: str | None = None, references: tuple[bytes, ...] = (), timeout_s: float = 10
    ) -> T:
        self.asked.append((call.operation, self.clock.monotonic()))
        self._check(call.operation)
        if at is not None:
            self.echoed.add((at, references))
            if not self.alive:
                raise device_error(DeviceTrouble.REFUSED, reason="ResourceUnknownFault")
        if call.operation == "PullMessages":
            return call.read(await self._pulled(call.body))
        return call.read(self._answer(call.operation, call.body))

    def _check(self, operation: str) -> None:
        if self.trouble is not None:
            raise device_error(self.trouble)
        if operation in self.without:
            raise device_error(DeviceTrouble.UNSUPPORTED)
        if operation in self.refuses:
            raise device_error(DeviceTrouble.REFUSED)

    def _answer(self, operation: str, body: Element) -> Element:
        match operation:
            case "CreatePullPointSubscription" | "Subscribe":
                consumer = next(iter(body.iterfind(".//{*}ConsumerReference/{*}Address")), None)
                self.consumer = "" if consumer is None else consumer.text or ""
                self._until = self.clock.monotonic() + self.grants_s
                self.synchronize()
                return self._subscription(operation)
            case "SetSynchronizationPoint":
                self.synchronize()
            case "Renew":
                self._until = self.clock.monotonic() + self.grants_s
            case "Unsubscribe":
                self._until = None
            case "GetServiceCapabilities":
                return make("tev:Response", make("tev:Capabilities", WSPullPointSupport="false"))
            case _:
                pass
        return make("tev:Response")

    def synchronize(self) -> None:
        self.waiting += [_initialized(message) for message in self.properties]

    def _subscription(self, operation: str) -> Element:
        parameters = make("wsa:ReferenceParameters") if self.referred else None
        if parameters is not None:
            parameters.append(etree.fromstring(REFERENCE))
        made = make(
            f"tev:{operation}Response",
            make("tev:SubscriptionReference", make("wsa:Address", ADDRESS), parameters),
        )
        if self.tells_times:
            made.append(make("wsnt:CurrentTime", spelt_moment(self.now_us())))
            made.append(make("wsnt:TerminationTime", spelt_moment(self.now_us() + int(self.grants_s * 1e6))))
        return made

    async def _pulled(self, body: Element) -> Element:
        deadline = self.clock.monotonic() + (0 if self.hasty else duration_s(body, "Timeout") or 0)
        while not self.waiting and self.clock.monotonic() < deadline and self.trouble is None and self.alive:
            await self.clock.sleep(0.5)
        self._check("PullMessages")
        if not self.alive:
            raise device_error(DeviceTrouble.REFUSED, reason="ResourceUnknownFault")
        if self.garbles:
            self.garbles -= 1
            raise device_error(DeviceTrouble.BAD_ANSWER)
        if self.extends:
            self._until = self.clock.monotonic() + self.grants_s
        told, self.waiting = self.waiting, []
        left_us = int(((self._until or 0) - self.clock.monotonic()) * 1e6)
        if self.tells_times:
            return answers.pulled(told, now_us=self.now_us(), until_us=self.now_us() + left_us)
        pulled = answers.pulled(told, now_us=0, until_us=0)
        for each in list(pulled)[:2]:
            pulled.remove(each)
        return pulled

    def reachable(self, uri: str) -> str:
        return uri

    def learn(self, learned: Learned) -> None:
        self.learned = learned

    @property
    def ended(self) -> DeviceError | None:
        return None

    async def measure_clock(self) -> SystemDateAndTime | None:
        return None

    async def close(self) -> None:
        self.closed = True


def _initialized(message: Message) -> Message:
    return Message(
        topic=message.topic, operation=INITIALIZED, source=message.source, data=message.data, utc_us=message.utc_us
    )
