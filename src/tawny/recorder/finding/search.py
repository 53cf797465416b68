"""One search: everybody is asked first, then the hosts of small networks are tried one by one.

Hosts are not dialled blindly: an empty datagram to each makes the kernel look for its hardware address, and only hosts
that have one are asked, then knocked at. That costs a datagram a host, and finds RTSP-only devices too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface
from itertools import islice
from typing import Any

from tawny.recorder.finding import addresses
from tawny.recorder.finding.catalogue import Catalogue
from tawny.recorder.finding.hearing import Hearing
from tawny.recorder.finding.model import FoundDevice, Interface, Kind, Met
from tawny.recorder.finding.ports import DeviceProbe, Neighbours
from tawny.runtime.clock import Clock
from tawny.wire.onvif import discovery
from tawny.wire.onvif.discovery import DEVICE, EDITION_11, EDITION_2005, TRANSMITTER, Probe

_ROUNDS_S = (0.7, 0.8, 1.5)  # what is waited after each time that everybody is asked: datagrams get lost
_HTTP_PORTS = {80: False, 8000: False, 8080: False, 2020: False, 8899: False, 443: True}  # whether by TLS
_RTSP_PORTS = (554, 8554)
_HOSTS_AT_ONCE = 32  # woken within _STEP_S
_STEP_S = 0.1
_TABLE = 256  # hosts woken before the neighbour table is read: it holds a thousand, most of them soon forgotten
_SETTLE_S = 1.5  # until hosts have told their hardware addresses
_ANSWER_S = 0.7  # until those that speak WS-Discovery have answered
_KNOCKS_AT_ONCE = 16
_DESCRIBING_S = 10.0  # then whoever was not asked what it is stays as it was heard
_ASKING = 0.3  # of the progress


@dataclass(slots=True, kw_only=True)
class Network:
    """What became of one network: *asked* everybody by multicast, and whether any camera *answered* that."""

    interface: Interface
    address: IPv4Interface | None  # None: IPv6 only
    asked: bool = False
    answered: bool = False
    scanned: bool = False
    knocked: bool = False  # an ONVIF device was found that had not answered

    def has(self, host: str) -> bool:
        return self.address is not None and ":" not in host and IPv4Address(host) in self.address.network

    @property
    def multicast(self) -> bool:
        """Whether questions to everybody reach cameras there, as far as can be told."""
        return self.asked and (self.answered or not self.knocked)

    def document(self) -> dict[str, Any]:
        """The network as JSON (`docs/design/programs.md`, "Discovery")."""
        return {
            "interface": self.interface.name,
            "network": str(self.address.network) if self.address is not None else "IPv6",
            "multicast": self.multicast,
            "scanned": self.scanned,
            "title": self._title(),
        }

    def _title(self) -> str:
        if self.interface.loopback:
            return "Cameras on this machine."
        if not self.multicast and self.scanned:
            return "Questions to all cameras at once (multicast) do not arrive here: each address was tried."
        if self.address is not None and not self._searchable:
            return "Its addresses can't be tried one by one: only cameras that answer by themselves are found."
        return "" if self.multicast else "Questions to all cameras at once (multicast) do not arrive here."

    @property
    def _searchable(self) -> bool:
        return self.address in addresses.searchable(self.interface)


def networks(interfaces: Iterable[Interface]) -> list[Network]:
    """The networks that *interfaces* are in."""
    found = []
    for interface in interfaces:
        own = {a.network: a for a in reversed(interface.addresses) if isinstance(a, IPv4Interface)}
        listed = reversed(own.values()) if own else (None,)
        found += [Network(interface=interface, address=address) for address in listed]
    return found


def everybody(message_id: Callable[[], str]) -> list[Probe]:
    """Questions for every camera: some answer to one edition, or to one type, alone."""
    asked = ((EDITION_2005, TRANSMITTER), (EDITION_2005, DEVICE), (EDITION_11, TRANSMITTER))
    return [Probe(message_id=message_id(), types=(kind,), edition=edition) for edition, kind in asked]


def ask_everybody(hearing: Hearing, interface: Interface, questions: Iterable[Probe]) -> bool:
    """Send *questions* to the group on *interface*; whether it took one."""
    taken = [hearing.ask_everybody(interface, discovery.write(question)) for question in questions]
    return any(taken)


class Search:
    """From the first question to the last knock.

    *progress* goes from 0 to 1; *title* says what is being done; *joined* hears of each device that was met.
    """

    def __init__(
        self,
        *,
        hearing: Hearing,
        catalogue: Catalogue,
        neighbours: Neighbours,
        probe: DeviceProbe,
        clock: Clock,
        message_id: Callable[[], str],
        joined: Callable[[FoundDevice], None],
    ) -> None:
        self._hearing = hearing
        self._catalogue = catalogue
        self._neighbours = neighbours
        self._probe = probe
        self._clock = clock
        self._message_id = message_id
        self._joined = joined
        self._asked_all: set[str] = set()
        self._described: set[str] = set()
        self._knocks = asyncio.Semaphore(_KNOCKS_AT_ONCE)
        self.networks = networks(hearing.interfaces)
        self.progress = 0.0
        self.title = "Cameras are asked to answer."

    def answered(self, relates_to: str, host: str, interface: str) -> None:
        """Note an answer to one of our questions."""
        if relates_to in self._asked_all:
            for network in self.networks:
                network.answered |= network.interface.name == interface and (network.has(host) or ":" in host)

    async def run(self) -> None:
        """Search; ends by itself in seconds for a small network, in half a minute for a large one."""
        for number, wait_s in enumerate(_ROUNDS_S):
            self._ask_everybody()
            await self._clock.sleep(wait_s)
            self.progress = _ASKING * (number + 1) / len(_ROUNDS_S)
        await self._describe()
        scans = [network for network in self.networks if network.address in addresses.searchable(network.interface)]
        for number, network in enumerate(scans):
            await self._scan(network, number, len(scans))
        await self._describe()
        self.progress = 1.0

    def _ask_everybody(self) -> None:
        questions = everybody(self._message_id)
        self._asked_all |= {question.message_id for question in questions}
        for interface in {network.interface for network in self.networks}:
            taken = ask_everybody(self._hearing, interface, questions)
            for network in self.networks:
                network.asked |= network.interface == interface and taken
        self._ask_this_machine()

    def _ask_this_machine(self) -> None:
        """Ask devices here by address too: not every kernel passes multicast on over loopback."""
        for network in self.networks:
            if network.interface.loopback and network.address is not None:
                self._hearing.ask(network.interface, str(network.address.ip), self._unicast())

    def _unicast(self) -> bytes:
        return discovery.write(Probe(message_id=self._message_id(), types=(TRANSMITTER,)))

    async def _scan(self, network: Network, number: int, total: int) -> None:
        """Try each host of *network*."""
        if network.address is None:
            return
        self.title = f"The addresses of {network.address.network} are tried."
        hosts = addresses.hosts(network.address)
        size = network.address.network.num_addresses
        done = 0
        while part := list(islice(hosts, _TABLE)):
            await self._wake(network.interface, part)
            living = self._living(part)
            await self._ask(network.interface, living)
            await self._knock_all(network, living)
            done += len(part)
            self.progress = _ASKING + (1 - _ASKING) * (number + done / size) / total
        network.scanned = True

    async def _wake(self, interface: Interface, hosts: list[str]) -> None:
        """Have those of *hosts* that are there show themselves to the kernel."""
        for at in range(0, len(hosts), _HOSTS_AT_ONCE):
            self._hearing.wake(interface, hosts[at : at + _HOSTS_AT_ONCE])
            await self._clock.sleep(_STEP_S)
        await self._clock.sleep(_SETTLE_S)

    async def _ask(self, interface: Interface, living: Mapping[str, str]) -> None:
        """Ask the hosts that are there, but those that answered to everybody's question."""
        silent = [host for host in living if not self._catalogue.at(host)]
        for host in silent:
            self._hearing.ask(interface, host, self._unicast())
        if silent:
            await self._clock.sleep(_ANSWER_S)

    def _living(self, hosts: list[str]) -> Mapping[str, str]:
        known = self._neighbours.macs()
        return {host: known[host] for host in hosts if host in known}

    async def _knock_all(self, network: Network, living: Mapping[str, str]) -> None:
        quiet = [host for host in living if not any(d.kind is Kind.ONVIF for d in self._catalogue.at(host))]
        found = await asyncio.gather(*(self._one_of_few(self._knock(host)) for host in quiet))
        for host, met in zip(quiet, found, strict=True):
            if met is not None:
                network.knocked |= met.kind is Kind.ONVIF
                self._met(met, host, living[host])

    async def _one_of_few(self, work: Awaitable[Met | None]) -> Met | None:
        async with self._knocks:
            return await work

    async def _knock(self, host: str) -> Met | None:
        """Who answers at *host*: an ONVIF device, else one with RTSP."""
        accepted = await self._probe.open_ports(host, [*_HTTP_PORTS, *_RTSP_PORTS])
        for port in accepted:
            if port in _HTTP_PORTS and (met := await self._probe.onvif(host, port, secure=_HTTP_PORTS[port])):
                return met
        for port in accepted:
            if port in _RTSP_PORTS and (met := await self._probe.rtsp(host, port)):
                return met
        return None

    async def _describe(self) -> None:
        """Ask the devices that were heard what they are: some tell that without a login."""
        asked = [d for d in self._catalogue.all() if d.heard and not d.gone and d.id not in self._described]
        self._described |= {device.id for device in asked}
        until_s = self._clock.monotonic() + _DESCRIBING_S
        await asyncio.gather(*(self._describe_one(device, until_s) for device in asked))

    async def _describe_one(self, device: FoundDevice, until_s: float) -> None:
        async with self._knocks:
            if self._clock.monotonic() > until_s:
                return  # hundreds that do not answer hold nobody up
            met = await self._probe.describe(device.address)
        if met is not None and (met.make or met.model):
            self._met(met, device.host, device.mac if device.witnessed else "")

    def _met(self, met: Met, host: str, mac: str) -> None:
        device = self._catalogue.meet(met, host, mac=mac, now_us=self._clock.utc_us())
        if device is not None:
            self._joined(device)
