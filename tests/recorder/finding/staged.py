"""A network that a test stages: interfaces, devices that answer questions, neighbours, knocks."""

import itertools
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Interface

from tawny.recorder.finding.model import Interface, KnownCamera, Met, Sender
from tawny.recorder.finding.ports import Received
from tawny.recorder.finding.service import Finding
from tawny.runtime.clock import SimulatedClock
from tawny.wire.onvif import discovery
from tawny.wire.onvif.discovery import Endpoint, Matches, Message, Probe

HOUSE = Interface(name="eth0", index=2, addresses=(IPv4Interface("192.0.2.1/29"),))
LOOPBACK = Interface(name="lo", index=1, addresses=(IPv4Interface("127.0.0.1/8"),), loopback=True, neighbourly=False)
GATE = Endpoint(
    reference="urn:uuid:11111111-2222-4333-8444-555555555555",
    types=("dn:NetworkVideoTransmitter", "tds:Device"),
    scopes=("onvif://www.onvif.org/name/Front%20gate", "onvif://www.onvif.org/hardware/P3245"),
    addresses=("http://192.0.2.2/onvif/device_service",),
)


@dataclass
class StagedSocket:
    """One interface's socket; answers come at once."""

    network: "StagedNetwork"
    interface: Interface
    received: Received
    closed: bool = False

    def send_to_group(self, data: bytes) -> None:
        if not self.network.multicast:
            raise OSError("the network is unreachable")
        self.network.questions.append(discovery.read(data))
        for host, endpoint in self.network.devices.items():
            if host not in self.network.deaf:
                self._answer(host, endpoint, data)

    def send_to(self, host: str, data: bytes) -> None:
        self.network.asked.append(host)
        if host in self.network.devices:
            self._answer(host, self.network.devices[host], data)

    def wake(self, hosts: Sequence[str]) -> None:
        self.network.woken += hosts

    def _answer(self, host: str, endpoint: Endpoint, data: bytes) -> None:
        question = discovery.read(data)
        if isinstance(question, Probe) and discovery.matching(endpoint, question):
            answer = Matches(endpoints=(endpoint,), relates_to=question.message_id, edition=question.edition)
            self.hear(host, answer)

    def hear(self, host: str, message: Message) -> None:
        self.received(discovery.write(message), Sender(host=host, port=3702, interface=self.interface.name))

    def close(self) -> None:
        self.closed = True


@dataclass
class StagedNetwork:
    """All the ports of finding at once: *devices* speak WS-Discovery, *deaf* ones hear no multicast, *doors* are met."""

    up: list[Interface] = field(default_factory=lambda: [HOUSE])
    devices: dict[str, Endpoint] = field(default_factory=dict)
    deaf: set[str] = field(default_factory=set)
    multicast: bool = True
    neighbours: dict[str, str] = field(default_factory=dict)
    doors: dict[tuple[str, int], Met] = field(default_factory=dict)
    told: dict[str, Met] = field(default_factory=dict)
    refusing: set[str] = field(default_factory=set)  # names of interfaces that take no socket
    sockets: list[StagedSocket] = field(default_factory=list)
    questions: list[Message] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)
    knocked: list[str] = field(default_factory=list)

    def interfaces(self) -> Sequence[Interface]:
        return list(self.up)

    async def open(self, interface: Interface, received: Received) -> StagedSocket:
        if interface.name in self.refusing:
            raise OSError("no such device")
        self.sockets.append(StagedSocket(self, interface, received))
        return self.sockets[-1]

    def macs(self) -> Mapping[str, str]:
        return self.neighbours

    async def onvif(self, host: str, port: int, *, secure: bool) -> Met | None:
        return self.doors.get((host, port))

    async def rtsp(self, host: str, port: int) -> Met | None:
        return self.doors.get((host, port))

    async def describe(self, address: str) -> Met | None:
        return self.told.get(address)

    async def open_ports(self, host: str, ports: Sequence[int]) -> Sequence[int]:
        self.knocked.append(host)
        return [port for port in ports if (host, port) in self.doors]


@asynccontextmanager
async def finding(
    network: StagedNetwork, clock: SimulatedClock, cameras: Callable[[], Sequence[KnownCamera]] = list
) -> AsyncIterator[Finding]:
    """A service on *network* that listens already."""
    numbers = itertools.count()
    made = Finding(
        sockets=network,
        interfaces=network,
        neighbours=network,
        probe=network,
        cameras=cameras,
        clock=clock,
        new_id=lambda kind: f"{kind}_{next(numbers)}",
        message_id=lambda: f"urn:uuid:{next(numbers)}",
    )
    await made.start()
    try:
        yield made
    finally:
        await made.stop()
