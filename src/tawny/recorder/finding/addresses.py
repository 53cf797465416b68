"""Addresses: which of a device's own to believe, and which hosts of a network to try."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Interface, ip_address
from urllib.parse import urlsplit

from tawny.recorder.finding.model import MOST_HOSTS, Interface

SERVICE = "/onvif/device_service"


def device_address(said: Sequence[str], host: str) -> str:
    """Where the device at *host* answers, of the addresses that it *said*; empty where it said none.

    The host is always the one that it was heard from: an address elsewhere (127.0.0.1 is common, a stranger's possible)
    only tells port and path. One that names *host* goes first, then one without TLS, which needs no certificate.
    """
    read = [parts for parts in map(_split, said) if parts is not None]
    if not read:
        return ""
    scheme, _, port, path = min(read, key=lambda parts: (not _same(parts[1], host), parts[0] != "http"))
    return url(scheme, host, port, path)


def url(scheme: str, host: str, port: int | None, path: str = SERVICE) -> str:
    """An address as it is written; the zone of a link-local host is kept (RFC 6874)."""
    shown = f"[{host.replace('%', '%25')}]" if ":" in host else host
    default = {"http": 80, "https": 443, "rtsp": 554}.get(scheme)
    return f"{scheme}://{shown}{'' if port in {None, default} else f':{port}'}{path}"


def port_of(address: str) -> int | None:
    """The port of a device service's *address*; None where it can't be read."""
    parts = _split(address)
    return None if parts is None else parts[2] or (443 if parts[0] == "https" else 80)


def _split(address: str) -> tuple[str, str, int | None, str] | None:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(parts.path) > 512 or not _plain(parts.path):
        return None
    return parts.scheme, parts.hostname, port, parts.path or SERVICE


def _plain(path: str) -> bool:
    return path.isascii() and path.isprintable() and " " not in path


def _same(one: str, other: str) -> bool:
    try:
        return ip_address(one.partition("%")[0]) == ip_address(other.partition("%")[0])
    except ValueError:
        return one.lower() == other.lower()


def searchable(interface: Interface) -> list[IPv4Interface]:
    """Our addresses on *interface* whose networks can be searched host by host."""
    if interface.loopback or not interface.neighbourly:
        return []
    found: dict[object, IPv4Interface] = {}
    for address in interface.addresses:
        if isinstance(address, IPv4Interface) and 2 < address.network.num_addresses <= MOST_HOSTS:
            found.setdefault(address.network, address)
    return list(found.values())


def hosts(address: IPv4Interface) -> Iterator[str]:
    """The other hosts of the network that *address* is in."""
    return (str(host) for host in address.network.hosts() if host != address.ip)
