"""Values of finding: the machine's networks, devices that answered, cameras that were added."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Interface, IPv4Network, IPv6Interface, ip_address
from typing import Any

from tawny.wire.moments import rfc3339

MOST_HOSTS = 1024  # of a network that is searched one by one: a /22


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """A network interface that is up. *neighbourly*: its hosts have hardware addresses, which a tunnel's have not."""

    name: str
    index: int
    addresses: tuple[IPv4Interface | IPv6Interface, ...]
    loopback: bool = False
    neighbourly: bool = True

    @property
    def networks(self) -> tuple[IPv4Network, ...]:
        """The IPv4 networks that it is in, each once."""
        found = (address.network for address in self.addresses if isinstance(address, IPv4Interface))
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sent a datagram, on which interface; a link-local *host* has its zone behind ``%``."""

    host: str
    port: int
    interface: str


class Kind(StrEnum):
    """How a device is spoken to."""

    ONVIF = "onvif"
    RTSP = "rtsp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What a device says to somebody who knocks without a login."""

    kind: Kind
    address: str
    uuid: str = ""
    make: str = ""
    model: str = ""
    serial: str = ""
    hardware: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDevice:
    """A device that answered. *address* is where to open it, always at the *host* that it was heard from.

    *heard*: it spoke WS-Discovery itself. *witnessed*: its *mac* is what the network knows, not its own word. *seen_us* is
    when it last did or was met.
    """

    id: str
    kind: Kind
    host: str
    address: str
    seen_us: int
    name: str = ""
    make: str = ""
    model: str = ""
    hardware: str = ""
    serial: str = ""
    mac: str = ""
    uuid: str = ""
    witnessed: bool = False
    heard: bool = False
    gone: bool = False

    @property
    def secure(self) -> bool:
        return self.address.startswith(("https:", "rtsps:"))

    def document(self, added: list[str]) -> dict[str, Any]:
        """The device as JSON (`docs/design/programs.md`, "Found device"); *added* are cameras that it is already."""
        return {
            "id": self.id,
            "kind": str(self.kind),
            "name": self.name,
            "make": self.make,
            "model": self.model,
            "hardware": self.hardware,
            "address": self.address,
            "host": self.host,
            "mac": self.mac,
            "uuid": self.uuid,
            "secure": self.secure,
            "added": added,
            "gone": self.gone,
            "seen_at": rfc3339(self.seen_us),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCamera:
    """What finding needs to know of a camera that was added; what is not known of it is empty.

    *port* is that of its device service, or of RTSP where it is no ONVIF camera. One that is *streaming* may still be
    *unreachable* by ONVIF.
    """

    id: str
    name: str
    kind: Kind
    host: str
    port: int
    uuid: str = ""
    serial: str = ""
    mac: str = ""
    unreachable: bool = False
    streaming: bool = False

    def is_device(self, device: FoundDevice) -> bool:
        """Whether *device* is this camera: by who it is, else by where, unless who it is says otherwise."""
        if self.uuid and device.uuid:
            return same_uuid(self.uuid, device.uuid)
        if self.mac and device.mac:
            return self.mac == device.mac
        if self.host != device.host:
            return False
        return not is_loopback(device.host) or f":{self.port}/" in device.address


def same_uuid(one: str, other: str) -> bool:
    """Whether two names of devices are the same, however they are spelt."""
    return bare_uuid(one) == bare_uuid(other)


def bare_uuid(reference: str) -> str:
    """``urn:uuid:1419D68A-...`` without what goes before, in lower case."""
    return reference.strip().lower().removeprefix("urn:").removeprefix("uuid:")


def bare_mac(text: str) -> str:
    """A hardware address as ``aa:bb:cc:dd:ee:ff``; empty where *text* is none, or nobody's (zeros)."""
    digits = "".join(c for c in text.lower() if c not in ":-. ")
    if len(digits) != 12 or any(c not in "0123456789abcdef" for c in digits) or not digits.strip("0"):
        return ""
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"
