"""Addresses that a device tells: where they lead once they are on the host that was reached."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from tawny.recorder.onvif.model import DEVICE_SERVICE, DeviceAddress

_LONGEST = 4096
_SCHEMES = frozenset({"rtsp", "rtsps", "http", "https"})
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.%]*\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?")
_UNSAFE = re.compile(r"[^\x21-\x7e]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a request goes: a path of the host that was reached, and the port where that is another than usual."""

    path: str
    port: int | None = None


def target(uri: str, *, reached: DeviceAddress, numeric: str) -> Target:
    """Where *uri* (a service's or a subscription's) is on the host that was *reached*, whose address is *numeric*.

    The path counts. Its port counts only where it names the very host that was reached: behind a router devices tell
    the port of their own network.
    """
    try:
        parts = urlsplit(uri.strip()[:_LONGEST])
        host, port = parts.hostname, parts.port
    except ValueError:
        return Target(path=DEVICE_SERVICE)
    query = f"?{parts.query}" if parts.query else ""
    path = _UNSAFE.sub(_percent, (parts.path or "/") + query)
    same = host in {reached.host, numeric.partition("%")[0]} and (parts.scheme == "https") == reached.secure
    other = same and port is not None and 0 < port != reached.port
    return Target(path=path if path.startswith("/") else "/" + path, port=port if other else None)


def redirected(location: str, *, reached: DeviceAddress, numeric: str) -> DeviceAddress | None:
    """Where a redirect leads: another path, port or TLS of the host that was reached; None where it leads away.

    TLS is never left again.
    """
    if location.startswith("/") and not location.startswith("//"):
        return reached.with_path(_UNSAFE.sub(_percent, location))
    try:
        found = DeviceAddress.parse(location)
    except ValueError:
        return None
    same = found.host in {reached.host, numeric} and "://" in location
    return replace(found, host=reached.host) if same and (found.secure or not reached.secure) else None


def reachable(uri: str, *, reached: DeviceAddress) -> str:
    """*uri* on the host that was reached, without login and blanks; the empty text where it is no address."""
    written = "".join(uri.split())[:_LONGEST]
    found = re.match(r"([A-Za-z]+)://(.*)", written, re.DOTALL)
    if found is None or found[1].lower() not in _SCHEMES:
        return ""
    authority, rest = _parted(found[2])
    port = re.search(r":([0-9]{1,5})$", authority)
    host, percent, zone = reached.host.partition("%")
    shown = f"[{host}{'%25' if percent else ''}{zone}]" if ":" in host else host
    return f"{found[1].lower()}://{shown}{':' + port[1] if port else ''}{_UNSAFE.sub(_percent, rest)}"


def _parted(written: str) -> tuple[str, str]:
    """Host and port, and what follows them; a login goes, even one whose password has slashes (seen unescaped)."""
    authority, rest = re.split(r"(?=[/?#])", written, maxsplit=1) if re.search(r"[/?#]", written) else (written, "")
    if _HOST.fullmatch(authority):
        return authority, rest
    behind = re.fullmatch(rf".*@({_HOST.pattern})([/?#].*|)", written, re.DOTALL)
    return (behind[1], behind[2]) if behind else (authority.rpartition("@")[2], rest)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))
