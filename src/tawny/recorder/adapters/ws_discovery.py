"""Sockets for WS-Discovery on one interface, over IPv4 and IPv6.

Two each: one on the discovery port that is in the group, for Hello, Bye; one on a port of its own for our questions
and their answers. The group's socket shares its port with every other program on the machine that does the same.
"""

import asyncio
import contextlib
import errno
import logging
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Any

from tawny.recorder.finding.model import Interface, Sender
from tawny.recorder.finding.ports import Received
from tawny.wire.onvif import discovery

_MULTICAST_ALL_V4, _MULTICAST_ALL_V6 = 49, 29  # linux/in.h, linux/in6.h: 0 is "only groups joined on this socket"
_DISCARD_PORT = 9  # whoever is there drops it
_RECEIVE_BUFFER = 1 << 20  # everybody answers at once

_Prepare = Callable[[socket.socket, Interface, int], None]

_log = logging.getLogger(__name__)


class MulticastSockets:
    """The port `DiscoverySockets`; *port* is another than WS-Discovery's in tests only."""

    def __init__(self, port: int = discovery.PORT) -> None:
        self._port = port

    async def open(self, interface: Interface, received: Received) -> "MulticastSocket":
        """Listen on *interface*; OSError where it takes neither IPv4 nor IPv6."""
        opened = MulticastSocket(interface, self._port, received)
        await opened.open()
        return opened


class MulticastSocket:
    """The port `DiscoverySocket`.

    Invariant: *_asking* holds the sockets that questions leave by, by version of IP; one of the two may be lacking.
    """

    def __init__(self, interface: Interface, port: int, received: Received) -> None:
        self._interface = interface
        self._port = port
        self._received = received
        self._asking: dict[int, socket.socket] = {}
        self._transports: list[asyncio.DatagramTransport] = []

    async def open(self) -> None:
        """Open what the interface takes; OSError where that is nothing."""
        versions = {address.version for address in self._interface.addresses}
        problem: OSError | None = None
        for version in sorted(versions):
            asking, group = (_asking_v4, _group_v4) if version == 4 else (_asking_v6, _group_v6)
            try:
                self._asking[version] = await self._endpoint(asking, version)
                await self._endpoint(group, version)
            except OSError as error:
                problem = error
                _log.debug("no WS-Discovery over IPv%d on %s: %s", version, self._interface.name, error)
        if not self._asking:
            raise problem or OSError(errno.EADDRNOTAVAIL, "the interface has no address")

    async def _endpoint(self, prepare: _Prepare, version: int) -> socket.socket:
        made = _socket(socket.AF_INET if version == 4 else socket.AF_INET6)
        try:
            prepare(made, self._interface, self._port)
        except OSError:
            made.close()
            raise
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Receiver(self._heard), sock=made)
        self._transports.append(transport)
        return made

    def _heard(self, data: bytes, address: tuple[Any, ...]) -> None:
        host = str(address[0]).partition("%")[0]
        if host.lower().startswith("fe80:"):
            host = f"{host}%{self._interface.name}"
        self._received(data, Sender(host=host, port=int(address[1]), interface=self._interface.name))

    def send_to_group(self, data: bytes) -> None:
        problem: OSError | None = None
        sent = False
        groups: dict[int, tuple[Any, ...]] = {
            4: (discovery.GROUP_V4, self._port),
            6: (discovery.GROUP_V6, self._port, 0, self._interface.index),
        }
        for version, asking in self._asking.items():
            try:  # by the socket itself: a transport swallows what the network refuses
                asking.sendto(data, groups[version])
                sent = True
            except OSError as error:
                problem = error
        if problem is not None and not sent:
            raise problem

    def send_to(self, host: str, data: bytes) -> None:
        to: tuple[Any, ...] = (host.partition("%")[0], self._port)
        if ":" in host:
            to = (*to, 0, self._interface.index if host.lower().startswith("fe80:") else 0)
        asking = self._asking.get(6 if ":" in host else 4)
        if asking is not None:
            with contextlib.suppress(OSError):  # nobody there, or more than the network takes just now
                asking.sendto(data, to)

    def wake(self, hosts: Sequence[str]) -> None:
        # What waits for a hardware address counts as unsent for seconds, and a socket takes some ninety such datagrams:
        # so these are empty, and each call has a socket of its own.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as waking:
            waking.setblocking(False)
            for host in hosts:
                with contextlib.suppress(OSError):
                    waking.sendto(b"", (host, _DISCARD_PORT))

    def close(self) -> None:
        for transport in self._transports:
            transport.close()


class _Receiver(asyncio.DatagramProtocol):
    """Passes datagrams on; errors of single ones (nobody at the other end) are no matter."""

    def __init__(self, heard: Callable[[bytes, tuple[Any, ...]], None]) -> None:
        self._heard = heard

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self._heard(data, addr)

    def error_received(self, exc: Exception) -> None:
        _log.debug("a message of WS-Discovery did not arrive: %s", exc)


def _asking_v4(made: socket.socket, interface: Interface, port: int) -> None:
    chosen = struct.pack("=4s4si", bytes(4), bytes(4), interface.index)  # struct ip_mreqn
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, chosen)
    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
    made.bind(("", 0))


def _group_v4(made: socket.socket, interface: Interface, port: int) -> None:
    made.setsockopt(socket.IPPROTO_IP, _MULTICAST_ALL_V4, 0)  # a Hello counts for the interface that it came in by
    made.bind((discovery.GROUP_V4, port))
    group = struct.pack("=4s4si", socket.inet_aton(discovery.GROUP_V4), bytes(4), interface.index)
    made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)


def _asking_v6(made: socket.socket, interface: Interface, port: int) -> None:
    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, interface.index)
    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
    made.bind(("::", 0))


def _group_v6(made: socket.socket, interface: Interface, port: int) -> None:
    made.setsockopt(socket.IPPROTO_IPV6, _MULTICAST_ALL_V6, 0)
    made.bind((discovery.GROUP_V6, port, 0, interface.index))
    group = struct.pack("=16sI", socket.inet_pton(socket.AF_INET6, discovery.GROUP_V6), interface.index)
    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group)


def _socket(family: socket.AddressFamily) -> socket.socket:
    made = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    made.setblocking(False)
    return made
