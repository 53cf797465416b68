import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import unquote

import pytest
from wsdiscovery import QName, Scope
from wsdiscovery.actions.probe import constructProbe
from wsdiscovery.message import createSOAPMessage, parseSOAPMessage

from tawny.camera.onvif.discovery import Discovery
from tawny.runtime.clock import SimulatedClock
from tawny.wire.onvif import discovery
from tawny.wire.onvif.discovery import EDITION_11, EDITION_2005, Bye, Endpoint, Hello, Matches, Message, Probe, Resolve

GATE = Endpoint(
    reference="urn:uuid:11111111-2222-4333-8444-555555555555",
    types=("dn:NetworkVideoTransmitter", "tds:Device"),
    scopes=("onvif://www.onvif.org/name/Tawny%20gate", "onvif://www.onvif.org/Profile/Streaming"),
    addresses=("http://127.0.0.1:8000/onvif/device_service",),
)
YARD = replace(GATE, reference="urn:uuid:2", scopes=("onvif://www.onvif.org/name/Tawny%20yard",))


class Asker(asyncio.DatagramProtocol):
    """Somebody with a socket who notes what comes."""

    transport: asyncio.DatagramTransport
    last = b""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[Message] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.last = data
        self.heard.put_nowait(discovery.read(data))


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@asynccontextmanager
async def found(*endpoints: Endpoint, clock: SimulatedClock | None = None) -> AsyncIterator[tuple[Asker, int]]:
    """Somebody who asks, and the port on which *endpoints* can be asked."""
    ids = iter(range(10_000))
    service = Discovery(endpoints, clock=clock or SimulatedClock(), message_id=lambda: f"urn:uuid:id-{next(ids)}")
    port = free_port()
    await service.listen("127.0.0.1", port)
    transport, asker = await asyncio.get_running_loop().create_datagram_endpoint(Asker, local_addr=("127.0.0.1", 0))
    asker.transport = transport
    try:
        yield asker, port
    finally:
        transport.close()
        service.close()


async def answer(asker: Asker) -> Matches:
    heard = await asyncio.wait_for(asker.heard.get(), 5)
    assert isinstance(heard, Matches)
    return heard


@pytest.mark.parametrize("edition", [EDITION_2005, EDITION_11])
async def test_who_asks_for_cameras_finds_each_of_them(edition: discovery.Edition) -> None:
    async with found(GATE, YARD) as (asker, port):
        probe = Probe(message_id="urn:uuid:asked", types=("tds:Device",), edition=edition)
        asker.transport.sendto(discovery.write(probe), ("127.0.0.1", port))

        first, second = await answer(asker), await answer(asker)

    assert (first.endpoints, second.endpoints) == ((GATE,), (YARD,))
    assert first.relates_to == "urn:uuid:asked"
    assert first.edition == edition


async def test_who_asks_for_something_else_hears_nothing() -> None:
    async with found(GATE) as (asker, port):
        asked = [
            discovery.write(Probe(message_id="a", types=("dn:Toaster",))),
            discovery.write(Probe(message_id="b", scopes=("onvif://www.onvif.org/name/Other",))),
            discovery.write(Resolve(message_id="c", reference="urn:uuid:other")),
            b"<not a message",
            discovery.write(Matches(endpoints=(YARD,), relates_to="x", message_id="y")),
        ]
        for data in asked:
            asker.transport.sendto(data, ("127.0.0.1", port))
        asker.transport.sendto(discovery.write(Probe(message_id="last")), ("127.0.0.1", port))

        heard = await answer(asker)

    assert heard.relates_to == "last"


async def test_a_reference_is_resolved() -> None:
    async with found(GATE, YARD) as (asker, port):
        resolve = Resolve(message_id="r", reference=YARD.reference)
        asker.transport.sendto(discovery.write(resolve), ("127.0.0.1", port))

        heard = await answer(asker)

    assert heard.resolved
    assert heard.endpoints == (YARD,)


async def test_a_flood_of_questions_is_answered_a_hundred_times_a_second() -> None:
    sent: list[bytes] = []

    class Counting(Discovery):
        def _send(self, data: bytes, to: tuple[str, int]) -> None:
            sent.append(data)

    clock = SimulatedClock()
    service = Counting([GATE], clock=clock, message_id=lambda: "id")
    probe = discovery.write(Probe(message_id="p"))
    await clock.advance(5)

    for _ in range(150):
        service.received(probe, ("192.0.2.1", 1))
    in_one_second = len(sent)
    await clock.advance(1)
    service.received(probe, ("192.0.2.1", 1))

    assert (in_one_second, len(sent)) == (100, 101)


async def test_the_words_of_a_client_that_is_not_ours_find_the_camera_by_multicast() -> None:
    async with found(GATE) as (asker, port):
        kind = QName("http://www.onvif.org/ver10/network/wsdl", "NetworkVideoTransmitter", "dn")
        asked = createSOAPMessage(constructProbe([kind], [Scope(GATE.scopes[0])])).encode()
        asker.transport.get_extra_info("socket").setsockopt(
            socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1")
        )
        asker.transport.sendto(asked, (discovery.GROUP_V4, port))

        await answer(asker)
        read = parseSOAPMessage(asker.last, "127.0.0.1")

    (match,) = read.getProbeResolveMatches()
    assert match.getEPR() == GATE.reference
    assert match.getXAddrs() == list(GATE.addresses)
    assert [scope.getValue() for scope in match.getScopes()] == [unquote(scope) for scope in GATE.scopes]


async def test_hello_and_bye_are_said_to_everybody_on_the_interface() -> None:
    heard: list[Message] = []

    class Noting(Discovery):
        def _send(self, data: bytes, to: tuple[str, int]) -> None:
            assert to[0] == discovery.GROUP_V4
            heard.append(discovery.read(data))

    service = Noting([GATE], clock=SimulatedClock(), message_id=lambda: "id")
    await service.listen("127.0.0.1", free_port())
    service.close()

    hello, bye = heard
    assert isinstance(hello, discovery.Hello)
    assert isinstance(bye, discovery.Bye)
    assert hello.endpoint == bye.endpoint == GATE


async def test_a_device_that_goes_is_not_answered_for_until_it_is_back_with_a_higher_version() -> None:
    sent: list[Message] = []

    class Noting(Discovery):
        def _send(self, data: bytes, to: tuple[str, int]) -> None:
            sent.append(discovery.read(data))

    service = Noting([GATE], clock=SimulatedClock(), message_id=lambda: "id")
    await service.listen("127.0.0.1", free_port())
    probe = discovery.write(Probe(message_id="p"))
    service.go(GATE)
    service.received(probe, ("192.0.2.1", 1))
    gone = list(sent)
    service.come(GATE)
    service.come(GATE)
    service.received(probe, ("192.0.2.1", 1))
    service.close()

    assert [type(message) for message in gone] == [Hello, Bye]
    assert [type(message) for message in sent[2:]] == [Hello, Hello, Matches, Bye]
    back = sent[3]
    assert isinstance(back, Hello)
    assert back.endpoint.metadata_version == GATE.metadata_version + 1
