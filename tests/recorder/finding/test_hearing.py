from dataclasses import replace
from typing import NoReturn

import pytest

from tawny.recorder.finding.hearing import Hearing
from tawny.recorder.finding.model import Sender
from tawny.runtime.clock import SimulatedClock
from tawny.wire.onvif import discovery
from tawny.wire.onvif.discovery import Hello, Message
from tests.recorder.finding.staged import GATE, HOUSE, LOOPBACK, StagedNetwork

HELLO = discovery.write(Hello(endpoint=GATE))
SENDER = Sender(host="192.0.2.2", port=3702, interface="eth0")


async def hearing(network: StagedNetwork, clock: SimulatedClock, heard: list[Message]) -> Hearing:
    made = Hearing(sockets=network, interfaces=network, clock=clock, heard=lambda message, _: heard.append(message))
    await made.refresh()
    return made


async def test_a_flood_is_read_as_far_as_a_network_of_cameras_could_need() -> None:
    network, clock, heard = StagedNetwork(), SimulatedClock(), list[Message]()
    await clock.advance(5)
    await hearing(network, clock, heard)

    for _ in range(700):
        network.sockets[0].received(HELLO, SENDER)
    in_one_second = len(heard)
    await clock.advance(1)
    network.sockets[0].received(HELLO, SENDER)

    assert (in_one_second, len(heard)) == (500, 501)


@pytest.mark.parametrize("host", ["0.0.0.0", "239.255.255.250", "ff02::c%eth0", "nowhere"])
async def test_who_claims_an_impossible_address_is_not_heard(host: str) -> None:
    network, heard = StagedNetwork(), list[Message]()
    await hearing(network, SimulatedClock(), heard)

    network.sockets[0].received(HELLO, replace(SENDER, host=host))

    assert not heard


@pytest.mark.parametrize("data", [b"", b"<", b"\xff" * 70_000, HELLO.replace(b"Hello", b"Greeting")])
async def test_what_is_no_message_is_left_alone(data: bytes) -> None:
    network, heard = StagedNetwork(), list[Message]()
    await hearing(network, SimulatedClock(), heard)

    network.sockets[0].received(data, SENDER)

    assert not heard


async def test_after_the_end_every_socket_is_closed() -> None:
    network = StagedNetwork(up=[HOUSE, LOOPBACK])
    made = await hearing(network, SimulatedClock(), [])

    made.close()

    assert [opened.closed for opened in network.sockets] == [True, True]
    assert made.interfaces == []


class Unlisted(StagedNetwork):
    """A machine that does not tell its interfaces."""

    def interfaces(self) -> NoReturn:
        raise OSError("no netlink here")


async def test_where_interfaces_cannot_be_listed_nothing_is_heard_and_nothing_fails() -> None:
    made = await hearing(Unlisted(), SimulatedClock(), [])

    assert made.interfaces == []
