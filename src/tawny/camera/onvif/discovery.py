"""WS-Discovery: how recorders find our devices on their network."""

import asyncio
import contextlib
import ipaddress
import logging
import socket
import struct
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

from tawny.runtime.clock import Clock
from tawny.wire.onvif import discovery
from tawny.wire.onvif.discovery import Bye, Edition, Endpoint, Hello, Matches, Probe, Resolve

_MOST_A_SECOND = 100  # answers, so that a forged sender is not flooded by way of us

_log = logging.getLogger(__name__)


class Discovery:
    """Says Hello and Bye for *endpoints*, and answers who looks for them, on the interface with one address.

    Invariants: only what can be read is answered, a multicast question only where one of ours is meant (Core, 7.3.5),
    and no more than `_MOST_A_SECOND` answers leave in a second.

    *message_id* makes unique ids.
    """

    def __init__(self, endpoints: Sequence[Endpoint], *, clock: Clock, message_id: Callable[[], str]) -> None:
        self._endpoints = {endpoint.reference: endpoint for endpoint in endpoints}
        self._clock = clock
        self._message_id = message_id
        self._transports: list[asyncio.DatagramTransport] = []
        self._group = (discovery.GROUP_V4, discovery.PORT)
        self._second, self._answers = 0.0, 0

    async def listen(self, host: str, port: int = discovery.PORT) -> None:
        """Answer on the interface that has the address *host* (0.0.0.0: the system's choice), and say Hello there.

        Raises OSError where that can't be; only IPv4 is spoken.
        """
        self._group = (discovery.GROUP_V4, port)
        loop = asyncio.get_running_loop()
        for made in (_multicast(host, port), _unicast(host, port)):
            transport, _ = await loop.create_datagram_endpoint(lambda: _Receiver(self.received), sock=made)
            self._transports.append(transport)
        for endpoint in self._endpoints.values():
            self._announce(Hello(endpoint=endpoint, message_id=self._message_id()))

    def come(self, endpoint: Endpoint) -> None:
        """Say Hello for *endpoint*, which is new, back or changed, and answer for it."""
        before = self._endpoints.get(endpoint.reference)
        version = endpoint.metadata_version if before is None else before.metadata_version + 1
        self._endpoints[endpoint.reference] = told = replace(endpoint, metadata_version=version)
        if self._transports:
            self._announce(Hello(endpoint=told, message_id=self._message_id()))

    def go(self, endpoint: Endpoint) -> None:
        """Say Bye for *endpoint*, and answer for it no more until it comes back."""
        if self._endpoints.pop(endpoint.reference, None) is not None and self._transports:
            self._announce(Bye(endpoint=endpoint, message_id=self._message_id()))

    def close(self) -> None:
        """Say Bye and answer no more."""
        if len(self._transports) == 2:
            for endpoint in self._endpoints.values():
                self._announce(Bye(endpoint=endpoint, message_id=self._message_id()))
        for transport in self._transports:
            transport.close()

    def received(self, data: bytes, sender: tuple[str, int]) -> None:
        """Answer one datagram, if it is a question about one of ours."""
        try:
            message = discovery.read(data, lenient=False)
        except ValueError:
            return
        match message:
            case Probe():
                found = [each for each in self._endpoints.values() if discovery.matching(each, message)]
                self._answer(found, message.message_id, message.edition, sender, resolved=False)
            case Resolve():
                found = [each for each in self._endpoints.values() if each.reference == message.reference]
                self._answer(found, message.message_id, message.edition, sender, resolved=True)
            case _:
                pass  # others come and go

    def _answer(
        self, found: Sequence[Endpoint], message_id: str, edition: Edition, sender: tuple[str, int], *, resolved: bool
    ) -> None:
        """One message for each endpoint: many clients read only the first match."""
        for endpoint in found:
            matches = Matches(
                endpoints=(_seen_from(endpoint, sender),),
                relates_to=message_id,
                message_id=self._message_id(),
                resolved=resolved,
                edition=edition,
            )
            if self._may_answer():
                self._send(discovery.write(matches), sender)

    def _may_answer(self) -> bool:
        now = self._clock.monotonic()
        if now - self._second >= 1.0:
            self._second, self._answers = now, 0
        self._answers += 1
        return self._answers <= _MOST_A_SECOND

    def _announce(self, message: Hello | Bye) -> None:
        here = self._transports[-1].get_extra_info("sockname")[0]
        if ipaddress.ip_address(here).is_unspecified:
            message = replace(message, endpoint=_seen_from(message.endpoint, self._group))
        self._send(discovery.write(message), self._group)

    def _send(self, data: bytes, to: tuple[str, int]) -> None:
        self._transports[-1].sendto(data, to)


class _Receiver(asyncio.DatagramProtocol):
    """Passes datagrams on; errors of single ones (nobody at the other end) are no matter."""

    def __init__(self, received: Callable[[bytes, tuple[str, int]], None]) -> None:
        self._received = received

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        self._received(data, cast(tuple[str, int], addr))

    def error_received(self, exc: Exception) -> None:
        _log.debug("a message of WS-Discovery did not arrive: %s", exc)


def _unicast(host: str, port: int) -> socket.socket:
    made = _socket()
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(host))
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    made.bind((host, port))
    return made


def _multicast(host: str, port: int) -> socket.socket:
    """A socket that hears the group on one interface; several programs on a machine may have one each."""
    made = _socket()
    made.bind((discovery.GROUP_V4, port))
    membership = struct.pack("4s4s", socket.inet_aton(discovery.GROUP_V4), socket.inet_aton(host))
    made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    return made


def _socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setblocking(False)
    return made


def _seen_from(endpoint: Endpoint, other: tuple[str, int]) -> Endpoint:
    """*endpoint* with the address that reaches us from *other* in the place of one that names none."""
    if not any("//0.0.0.0:" in address for address in endpoint.addresses):
        return endpoint
    ours = _towards(other)
    return replace(
        endpoint, addresses=tuple(address.replace("//0.0.0.0:", f"//{ours}:") for address in endpoint.addresses)
    )


def reachable(address: str) -> str:
    """*address* with the host that others reach where it names none."""
    everywhere = "//0.0.0.0:"
    return address.replace(everywhere, f"//{_towards((discovery.GROUP_V4, discovery.PORT))}:")


def _towards(other: tuple[str, int]) -> str:
    """Our address on the way to *other*; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        with contextlib.suppress(OSError):
            asking.connect(other)
        address: str = asking.getsockname()[0]
        return address
