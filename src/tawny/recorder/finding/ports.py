"""What finding takes of the machine, and of the recorder's other parts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from tawny.recorder.finding.model import Interface, Met, Sender

Received = Callable[[bytes, Sender], None]


class Interfaces(Protocol):
    """The machine's network interfaces."""

    def interfaces(self) -> Sequence[Interface]:
        """Those that are up, with their addresses, just now."""
        ...


class Neighbours(Protocol):
    """Who lives on the networks around."""

    def macs(self) -> Mapping[str, str]:
        """Hardware addresses (``aa:bb:...``) of the hosts that answered lately, by IP address with its zone.

        Empty where the kernel tells none.
        """
        ...


class DiscoverySocket(Protocol):
    """One interface's sockets: what is sent to the group or to its port arrives, answers to our own questions too."""

    def send_to_group(self, data: bytes) -> None:
        """Send to the groups of IPv4 and IPv6; OSError where neither takes it."""
        ...

    def send_to(self, host: str, data: bytes) -> None:
        """Send to the discovery port of *host*; a host that can't be reached is no error."""
        ...

    def wake(self, hosts: Sequence[str]) -> None:
        """Have the machine look for the hardware addresses of *hosts* (IPv4, at most 64 at a time)."""
        ...

    def close(self) -> None:
        """Hear and send nothing more."""
        ...


class DiscoverySockets(Protocol):
    """Where sockets for WS-Discovery come from."""

    async def open(self, interface: Interface, received: Received) -> DiscoverySocket:
        """Listen on *interface*; *received* hears each datagram. OSError where that can't be."""
        ...


class DeviceProbe(Protocol):
    """Knocks at addresses. Nothing is logged in, nothing raised: what does not answer as a camera does is None."""

    async def onvif(self, host: str, port: int, *, secure: bool) -> Met | None:
        """Who answers as an ONVIF device there."""
        ...

    async def describe(self, address: str) -> Met | None:
        """What the device service at *address* tells of itself."""
        ...

    async def rtsp(self, host: str, port: int) -> Met | None:
        """Who speaks RTSP there."""
        ...

    async def open_ports(self, host: str, ports: Sequence[int]) -> Sequence[int]:
        """Those of *ports* that accept a connection."""
        ...


class Recognising(Protocol):
    """What knows an ONVIF camera that was added from one that only says that it is."""

    async def is_at(self, camera_id: str, host: str, port: int | None) -> bool | None:
        """Whether the camera answers there, by its login and by who it is; None where nobody answers.

        Nothing of the camera is changed, and nothing weaker is sent than the login that it took before.
        """
        ...


class Relocating(Protocol):
    """What moves cameras that were added."""

    def relocate(self, camera_id: str, host: str, port: int | None) -> object:
        """Connect to the camera at *host* from now on; *port* is its device service's, None: as before."""
        ...
