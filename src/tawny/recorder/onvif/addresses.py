"""Where device services answer: addresses as people type them and devices tell them."""

import re
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Self

DEVICE_SERVICE = "/onvif/device_service"  # Core 26.06, 5.1.1: where every device answers
_LONGEST = 2048
_HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*\.?")
_ZONE = re.compile(r"[A-Za-z0-9_.-]{1,32}")
_PATH = re.compile(r"/[\x21-\x7e]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAddress:
    """Where a device service answers. *host* is a name or an address; an IPv6 one may have its zone (fe80::1%eth0)."""

    host: str
    port: int = 80
    path: str = DEVICE_SERVICE
    secure: bool = False

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read what a person types or a device tells: ``host``, ``host:port`` or ``http(s)://host:port/path``.

        ValueError, in words for a person, where it is neither. A login in it is refused, for it would be kept.
        """
        scheme, separator, rest = written.strip()[:_LONGEST].rpartition("://")
        if separator and scheme.lower() not in {"http", "https"}:
            raise ValueError("the address of a device starts with http:// or https://")
        authority, path = _divided(rest)
        if "@" in authority:
            raise ValueError("user and password have their own fields: leave them out of the address")
        host, port = _host_and_port(authority)
        secure = scheme.lower() == "https" or (not separator and port == 443)
        found = DEVICE_SERVICE if path in {"", "/"} else path
        if not _PATH.fullmatch(found):
            raise ValueError("the address has characters that no address has")
        return cls(host=host, port=port or (443 if secure else 80), path=found, secure=secure)

    @property
    def authority(self) -> str:
        """``host`` or ``host:port``, as a Host header wants it: without the zone, which is ours alone (RFC 6874)."""
        host = self.host.partition("%")[0]
        written = f"[{host}]" if ":" in host else host
        return written if self.port == (443 if self.secure else 80) else f"{written}:{self.port}"

    @property
    def url(self) -> str:
        """The address in full, as `parse` reads it."""
        _, percent, zone = self.host.partition("%")
        authority = self.authority.replace("]", f"%25{zone}]") if percent else self.authority
        return f"http{'s' if self.secure else ''}://{authority}{self.path}"

    def with_path(self, path: str) -> Self:
        """Another service of the same device."""
        return replace(self, path=path if _PATH.fullmatch(path) else DEVICE_SERVICE)


def _divided(rest: str) -> tuple[str, str]:
    found = re.match(r"([^/?#]*)([^#]*)", rest)
    authority, path = (found[1], found[2]) if found else ("", "")
    return authority, f"/{path}" if path.startswith("?") else path


def _host_and_port(authority: str) -> tuple[str, int | None]:
    """A host and the port behind it; a bare IPv6 address has no port."""
    if authority.count(":") > 1 and not authority.startswith("["):
        return _host(authority), None
    found = re.fullmatch(r"(?:\[([^\]]*)\]|([^:\[\]]*))(?::([0-9]{1,5}))?", authority)
    if found is None:
        raise ValueError("the address is none: it looks like 192.168.1.20 or 192.168.1.20:8000")
    port = int(found[3]) if found[3] else None
    if port is not None and not 0 < port < 65_536:
        raise ValueError("a port is a number from 1 to 65535")
    return _host(found[1] if found[1] is not None else found[2]), port


def _host(written: str) -> str:
    """*written* checked, in the spelling that we keep."""
    address, percent, zone = written.partition("%")
    zone = zone.removeprefix("25")  # as URLs spell it (RFC 6874)
    if percent and not _ZONE.fullmatch(zone):
        raise ValueError("behind the % stands the name of a network interface")
    try:
        return f"{ip_address(address)}{percent}{zone}"
    except ValueError:
        pass
    try:
        name = address.encode("idna").decode().lower()
    except UnicodeError:
        name = ""
    if percent or not _HOST_NAME.fullmatch(name) or re.fullmatch(r"[0-9.]+", name):
        raise ValueError("the address is none: it looks like 192.168.1.20 or camera.example.org")
    return name
