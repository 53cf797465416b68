"""Reaches a device: clock first (tokens need it), then services, then who it is."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from tawny.recorder.onvif.asking import MovedError
from tawny.recorder.onvif.client import Facts, OnvifDevice
from tawny.recorder.onvif.exchange import Dialler
from tawny.recorder.onvif.model import (
    DEVICE_SERVICE,
    DeviceAddress,
    DeviceError,
    DeviceTrouble,
    Identity,
    Learned,
    Login,
    device_error,
)
from tawny.runtime.clock import Clock
from tawny.wire.onvif import device, network
from tawny.wire.onvif.device import DeviceInformation, Service
from tawny.wire.onvif.names import MEDIA2
from tawny.wire.onvif.network import NetworkInterface
from tawny.wire.onvif.soap import Call
from tawny.wire.tries import Tries

T = TypeVar("T")

_OTHER_PATHS = ("/onvif/services", "/onvif/device")  # where older firmware has its device service
_MOST_MOVES = 3
_SHORT_S = 5.0  # for what is good to know, and no more
_BEARABLE = frozenset(
    {DeviceTrouble.UNSUPPORTED, DeviceTrouble.REFUSED, DeviceTrouble.BAD_ANSWER, DeviceTrouble.SILENT}
)


class DeviceOpener:
    """The port `Opener`. *random_bytes* gives nonces."""

    def __init__(self, *, dialler: Dialler, clock: Clock, random_bytes: Callable[[int], bytes]) -> None:
        self._dialler = dialler
        self._clock = clock
        self._random_bytes = random_bytes

    async def open(
        self,
        address: DeviceAddress,
        login: Login,
        *,
        learned: Learned | None = None,
        fingerprint: str = "",
        on_learned: Callable[[Learned], None] | None = None,
        on_reached: Callable[[], None] | None = None,
        tries: Tries | None = None,
    ) -> OnvifDevice:
        """See `Opener.open`."""
        reached, tries = on_reached or (lambda: None), tries or Tries()
        for _ in range(_MOST_MOVES):
            try:
                return await self._tried(address, login, learned or Learned(), fingerprint, on_learned, reached, tries)
            except MovedError as error:
                address = error.address
        raise device_error(DeviceTrouble.REFUSED, title="The camera refers from one address to the next without end.")

    async def _tried(
        self,
        address: DeviceAddress,
        login: Login,
        learned: Learned,
        fingerprint: str,
        on_learned: Callable[[Learned], None] | None,
        on_reached: Callable[[], None],
        tries: Tries,
    ) -> OnvifDevice:
        transport = await self._dialler.dial(address, fingerprint=fingerprint)

        def at(path: str) -> OnvifDevice:
            return OnvifDevice(
                transport,
                address.with_path(path),
                login,
                learned=learned,
                clock=self._clock,
                random_bytes=self._random_bytes,
                on_learned=on_learned or _nobody,
                tries=tries,
            )

        try:
            opened = await _answering(at, address.path)
            on_reached()
            await self._find_out_unless_fresh(opened)
        except BaseException:
            await transport.close()
            raise
        return opened

    async def _find_out_unless_fresh(self, opened: OnvifDevice) -> None:
        """A device that waits for its first password tells nothing; whoever comes without a login may set one."""
        try:
            await self._find_out(opened)
        except DeviceError as error:
            if error.trouble is not DeviceTrouble.NOT_ACTIVATED or not opened.login.empty:
                raise

    async def _find_out(self, opened: OnvifDevice) -> None:
        services = await self._services(opened)
        opened.facts = Facts(services={each.namespace: each.address for each in services})
        information = await _bearing(opened, device.get_device_information(), DeviceInformation())
        interfaces = await _bearing(opened, network.get_network_interfaces(), ())
        scopes = await _bearing(opened, device.get_scopes(), ())
        uuid = await _bearing(opened, device.get_endpoint_reference(), None)
        opened.facts.scopes = tuple(scope.item for scope in scopes)
        opened.facts.identity = Identity(
            uuid=_bare(uuid or ""),
            serial=information.serial,
            mac=_mac(interfaces, opened.transport.host),
            make=information.manufacturer,
            model=information.model,
            firmware=information.firmware,
            hardware=information.hardware,
            certificate=opened.transport.certificate,
        )
        opened.opened = True

    async def _services(self, opened: OnvifDevice) -> Sequence[Service]:
        """What the device offers; which of two requests tells that is learned."""
        if not opened.learned.legacy:
            services = await _bearing(opened, device.get_services(), (), but=DeviceTrouble.SILENT)
            if services:
                _learn_media2(opened, services)
                return services
        capabilities = await opened.call(device.get_capabilities())
        if not capabilities.services and not opened.learned.legacy:
            raise device_error(DeviceTrouble.BAD_ANSWER, title="The camera tells of none of its services.")
        opened.learn(replace(opened.learned, legacy=True))
        return capabilities.services


async def _answering(at: Callable[[str], OnvifDevice], path: str) -> OnvifDevice:
    """The device service, at *path* or where older firmware has it; its clock is measured on the way."""
    for other in _OTHER_PATHS if path == DEVICE_SERVICE else ():
        try:
            return await _with_clock(at(path))
        except DeviceError as error:
            if error.trouble is not DeviceTrouble.NOT_ONVIF or not error.reason.startswith("HTTP "):
                raise
            path = other
    return await _with_clock(at(path))


async def _with_clock(opened: OnvifDevice) -> OnvifDevice:
    await opened.measure_clock()
    return opened


def _learn_media2(opened: OnvifDevice, services: Sequence[Service]) -> None:
    if all(each.namespace != MEDIA2 for each in services):
        opened.learn(replace(opened.learned, media2=False))


async def _bearing(opened: OnvifDevice, call: Call[T], otherwise: T, *, but: DeviceTrouble | None = None) -> T:
    """The answer, or *otherwise* where the device is not able or willing to give that one."""
    try:
        return await opened.call(call, timeout_s=_SHORT_S)
    except DeviceError as error:
        if error.trouble not in _BEARABLE or error.trouble is but:
            raise
        return otherwise


def _bare(uuid: str) -> str:
    """*uuid* without what stands before it."""
    return uuid.strip().lower().removeprefix("urn:").removeprefix("uuid:")[:128]


def _mac(interfaces: Sequence[NetworkInterface], host: str) -> str:
    """The address of the interface that was reached, else of the first one."""
    known = [each for each in interfaces if each.mac]
    here = [each for each in known if any(address.partition("/")[0] == host for address in each.addresses)]
    enabled = [each for each in known if each.enabled]
    return next((each.mac for each in (*here, *enabled, *known) if each.mac), "")


def _nobody(_: Learned) -> None:
    """Learn for this time alone."""
