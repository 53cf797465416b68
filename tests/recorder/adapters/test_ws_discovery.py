import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import IPv4Interface, IPv6Interface

import pytest

from tawny.camera.onvif.discovery import Discovery
from tawny.recorder.adapters.ws_discovery import MulticastSocket, MulticastSockets
from tawny.recorder.finding.model import Interface, Sender
from tawny.runtime.clock import SimulatedClock
from tawny.wire.onvif import discovery
from tawny.wire.onvif.discovery import Bye, Endpoint, Hello, Matches, Message, Probe

LOOPBACK = Interface(
    name="lo",
    index=socket.if_nametoindex("lo"),
    addresses=(IPv4Interface("127.0.0.1/8"),),
    loopback=True,
    neighbourly=False,
)
GATE = Endpoint(
    reference="urn:uuid:1",
    types=("dn:NetworkVideoTransmitter",),
    addresses=("http://127.0.0.1:8000/onvif/device_service",),
)


class Heard:
    """What came, in order."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[tuple[Message, Sender]] = asyncio.Queue()

    def __call__(self, data: bytes, sender: Sender) -> None:
        self.messages.put_nowait((discovery.read(data), sender))

    async def next(self, kind: type[Message]) -> tuple[Message, Sender]:
        while True:
            message, sender = await asyncio.wait_for(self.messages.get(), 5)
            if isinstance(message, kind):
                return message, sender


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@asynccontextmanager
async def listening(port: int, interface: Interface = LOOPBACK) -> AsyncIterator[tuple[MulticastSocket, Heard]]:
    heard = Heard()
    opened = await MulticastSockets(port).open(interface, heard)
    try:
        yield opened, heard
    finally:
        opened.close()


@asynccontextmanager
async def camera(port: int) -> AsyncIterator[None]:
    service = Discovery([GATE], clock=SimulatedClock(), message_id=lambda: "urn:uuid:camera")
    await service.listen("127.0.0.1", port)
    try:
        yield
    finally:
        service.close()


async def test_a_camera_on_this_machine_is_heard_coming_answering_and_going() -> None:
    port = free_port()
    async with listening(port) as (opened, heard):
        async with camera(port):
            hello, sender = await heard.next(Hello)
            opened.send_to_group(discovery.write(Probe(message_id="urn:uuid:asked")))
            answer, _ = await heard.next(Matches)
        bye, _ = await heard.next(Bye)

    assert isinstance(hello, Hello)
    assert hello.endpoint == GATE
    assert (sender.host, sender.interface) == ("127.0.0.1", "lo")
    assert isinstance(answer, Matches)
    assert answer.relates_to == "urn:uuid:asked"
    assert isinstance(bye, Bye)


async def test_a_camera_is_asked_by_its_address_too() -> None:
    port = free_port()
    async with camera(port), listening(port) as (opened, heard):
        opened.send_to("127.0.0.1", discovery.write(Probe(message_id="urn:uuid:alone")))

        answer, _ = await heard.next(Matches)

    assert isinstance(answer, Matches)
    assert answer.relates_to == "urn:uuid:alone"


async def test_two_recorders_on_a_machine_hear_the_same_camera() -> None:
    port = free_port()
    async with listening(port) as (_, first), listening(port) as (_, second), camera(port):
        one, _ = await first.next(Hello)
        other, _ = await second.next(Hello)

    assert one == other


async def test_nobody_there_is_no_error() -> None:
    async with listening(free_port()) as (opened, _):
        opened.send_to("127.0.0.1", b"nobody")
        opened.send_to("::1", b"no IPv6 here")
        opened.send_to_group(b"nobody")


async def test_an_interface_with_ipv6_too_is_still_heard_over_ipv4() -> None:
    port = free_port()
    both = replace(LOOPBACK, addresses=(*LOOPBACK.addresses, IPv6Interface("::1/128")))
    async with listening(port, both) as (_, heard), camera(port):
        hello, _ = await heard.next(Hello)

    assert isinstance(hello, Hello)


async def test_an_interface_that_is_gone_is_refused() -> None:
    gone = Interface(name="gone0", index=99_999, addresses=(IPv4Interface("192.0.2.1/24"),))

    with pytest.raises(OSError, match=r"device|address"):
        await MulticastSockets(free_port()).open(gone, Heard())


async def test_any_number_of_hosts_is_woken_without_an_error() -> None:
    async with listening(free_port()) as (opened, _):
        opened.wake([f"127.0.0.{host}" for host in range(1, 65)])
        opened.wake(["no address", "::1"])
