"""Hears WS-Discovery on every interface of the machine, as they come and go."""

import logging
from collections.abc import Callable, Sequence
from ipaddress import ip_address

from tawny.recorder.finding.model import Interface, Sender
from tawny.recorder.finding.ports import DiscoverySocket, DiscoverySockets, Interfaces
from tawny.runtime.clock import Clock
from tawny.wire.onvif import discovery
from tawny.wire.onvif.discovery import Message

_MOST_A_SECOND = 500  # messages that are read: each is XML, and anybody may send them

_log = logging.getLogger(__name__)

Heard = Callable[[Message, Sender], None]


class Hearing:
    """The sockets of each interface.

    Invariant: after `refresh` there is one socket for each interface that is up and takes one; one whose addresses
    changed has a new one.
    """

    def __init__(self, *, sockets: DiscoverySockets, interfaces: Interfaces, clock: Clock, heard: Heard) -> None:
        self._sockets = sockets
        self._interfaces = interfaces
        self._clock = clock
        self._heard = heard
        self._open: dict[Interface, DiscoverySocket | None] = {}
        self._second, self._read = 0.0, 0

    @property
    def interfaces(self) -> list[Interface]:
        """The interfaces that were there at the last `refresh`, also those that take no socket."""
        return list(self._open)

    async def refresh(self) -> None:
        """See which interfaces there are now."""
        try:
            now = self._interfaces.interfaces()
        except OSError as error:
            _log.warning("the network interfaces can't be listed: %s", error)
            return
        for gone in self._open.keys() - set(now):
            self._end(gone)
        for interface in now:
            if interface not in self._open:
                self._open[interface] = await self._opened(interface)

    async def _opened(self, interface: Interface) -> DiscoverySocket | None:
        try:
            return await self._sockets.open(interface, self._received)
        except OSError as error:
            _log.info("cameras can't be found by WS-Discovery on %s: %s", interface.name, error)
            return None

    def _end(self, interface: Interface) -> None:
        opened = self._open.pop(interface)
        if opened is not None:
            opened.close()

    def close(self) -> None:
        """Hear no more."""
        for interface in list(self._open):
            self._end(interface)

    def ask_everybody(self, interface: Interface, data: bytes) -> bool:
        """Send to the group on *interface*; whether it took it."""
        opened = self._open.get(interface)
        if opened is None:
            return False
        try:
            opened.send_to_group(data)
        except OSError as error:
            _log.debug("no multicast on %s: %s", interface.name, error)
            return False
        return True

    def ask(self, interface: Interface, host: str, data: bytes) -> None:
        """Send to *host* alone."""
        opened = self._open.get(interface)
        if opened is not None:
            opened.send_to(host, data)

    def wake(self, interface: Interface, hosts: Sequence[str]) -> None:
        """Have *hosts* show themselves to the machine."""
        opened = self._open.get(interface)
        if opened is not None:
            opened.wake(hosts)

    def _received(self, data: bytes, sender: Sender) -> None:
        if not self._may_read() or not _possible(sender):
            return
        try:
            message = discovery.read(data)
        except ValueError as error:
            _log.debug("a datagram of %s is no message of WS-Discovery: %s", sender.host, error)
            return
        self._heard(message, sender)

    def _may_read(self) -> bool:
        now = self._clock.monotonic()
        if now - self._second >= 1.0:
            self._second, self._read = now, 0
        self._read += 1
        return self._read <= _MOST_A_SECOND


def _possible(sender: Sender) -> bool:
    """Whether a device can be where the datagram says that it came from."""
    try:
        address = ip_address(sender.host.partition("%")[0])
    except ValueError:
        return False
    return not (address.is_multicast or address.is_unspecified)
