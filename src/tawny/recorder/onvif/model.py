"""Values of the ONVIF client, and its ports: a device that was reached, and who reaches one."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from ipaddress import ip_address
from typing import Any, Protocol, Self, TypeVar

from tawny.recorder.onvif.troubles import DeviceError as DeviceError
from tawny.recorder.onvif.troubles import DeviceTrouble as DeviceTrouble
from tawny.recorder.onvif.troubles import device_error as device_error
from tawny.wire.moments import rfc3339
from tawny.wire.onvif.device import SystemDateAndTime
from tawny.wire.onvif.soap import Call

DEVICE_SERVICE = "/onvif/device_service"  # Core 26.06, 5.1.1: where every device answers
CALL_S = 10.0
_LONGEST = 2048
_HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))*\.?")
_ZONE = re.compile(r"[A-Za-z0-9_.-]{1,32}")
_PATH = re.compile(r"/[\x21-\x7e]*")

T = TypeVar("T")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """With what to log in; *allow_basic* lets the password travel readable to a device that wants it so."""

    user: str = ""
    password: str = field(default="", repr=False)
    allow_basic: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to log in with."""
        return not self.user and not self.password


class Authentication(StrEnum):
    """Ways to log in, the weakest first."""

    NONE = "none"
    BASIC = "basic"
    WSSE = "wsse"
    DIGEST_MD5 = "digest-md5"
    DIGEST_SHA256 = "digest-sha256"

    @property
    def strength(self) -> int:
        """A number that grows with what an attacker would have to do."""
        return list(Authentication).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learned of one camera, to begin with it next time.

    *authentication* is what it last took and is never lowered; *clock_offset_s* is its clock minus ours, None: unknown;
    *media2* whether that service works (it may be announced and be of no use), None: unknown; *legacy* that it knows no
    GetServices; *notify_only* that no pull point works and events must be sent to us.
    """

    authentication: Authentication = Authentication.NONE
    clock_offset_s: float | None = None
    media2: bool | None = None
    legacy: bool = False
    notify_only: bool = False

    def document(self) -> dict[str, Any]:
        """The values as JSON."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def read(cls, document: Any) -> "Learned":
        """What `document` wrote; whatever else it is counts as nothing learned."""
        if not isinstance(document, Mapping):
            return cls()
        offset, media2 = document.get("clock_offset_s"), document.get("media2")
        known = {str(each): each for each in Authentication}
        return cls(
            authentication=known.get(str(document.get("authentication")), Authentication.NONE),
            clock_offset_s=float(offset) if isinstance(offset, int | float) and math.isfinite(offset) else None,
            media2=media2 if isinstance(media2, bool) else None,
            legacy=document.get("legacy") is True,
            notify_only=document.get("notify_only") is True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a device is, as far as it tells: what is unknown is empty.

    *uuid* without ``urn:uuid:``, *mac* as ``aa:bb:cc:dd:ee:ff``, *certificate* is its SHA-256 (hexadecimal), where it
    was reached by TLS.
    """

    uuid: str = ""
    serial: str = ""
    mac: str = ""
    make: str = ""
    model: str = ""
    firmware: str = ""
    hardware: str = ""
    certificate: str = ""

    def document(self) -> dict[str, str]:
        """The values as JSON."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def read(cls, document: Any) -> "Identity":
        """What `document` wrote; what is lacking or no text is empty."""
        found = document if isinstance(document, Mapping) else {}
        return cls(**{each.name: str(found.get(each.name) or "")[:256] for each in fields(cls)})

    def same_device(self, other: "Identity") -> bool:
        """Whether both may be one device: neither serial nor MAC differs, where both tell them.

        A UUID that differs counts where neither of these two is known: some makes roll a new one at each restart.
        """
        pairs = ((self.serial, other.serial), (self.mac, other.mac))
        told = [(mine.lower(), theirs.lower()) for mine, theirs in pairs if mine and theirs]
        if told:
            return all(mine == theirs for mine, theirs in told)
        return not self.uuid or not other.uuid or self.uuid.lower() == other.uuid.lower()


class DevicePhase(StrEnum):
    """Where the ONVIF side of a camera stands; *none*: it has none (`docs/design/programs.md`, Camera.device)."""

    NONE = "none"
    CONNECTING = "connecting"
    SETTING_UP = "setting_up"
    ONLINE = "online"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceState:
    """The ONVIF side of a camera as a person reads it; times in utc_us.

    *certificate* is the fingerprint of one that is not known, to be confirmed.
    """

    phase: DevicePhase
    since_us: int
    title: str = ""
    remedy: str = ""
    kind: DeviceTrouble | None = None
    retry_at_us: int | None = None
    certificate: str = ""

    def document(self) -> dict[str, str | None]:
        """The state as JSON."""
        return {
            "phase": str(self.phase),
            "since": rfc3339(self.since_us),
            "title": self.title,
            "remedy": self.remedy,
            "kind": str(self.kind or ""),
            "retry_at": None if self.retry_at_us is None else rfc3339(self.retry_at_us),
        }


class Device(Protocol):
    """A device that was reached: its clock, services and identity are known."""

    @property
    def address(self) -> DeviceAddress:
        """Where it was reached."""
        ...

    @property
    def login(self) -> Login:
        """With what we log in."""
        ...

    @property
    def learned(self) -> Learned:
        """What is known of its ways by now."""
        ...

    @property
    def identity(self) -> Identity:
        """Who it said it is, when it was reached."""
        ...

    @property
    def services(self) -> frozenset[str]:
        """The namespaces of its services."""
        ...

    @property
    def scopes(self) -> tuple[str, ...]:
        """Its scopes, where it told them."""
        ...

    @property
    def ended(self) -> DeviceError | None:
        """Why it takes our login no more, where that is so: every further call gets this error."""
        ...

    def has(self, namespace: str) -> bool:
        """Whether it has that service."""
        ...

    async def call(
        self, call: Call[T], *, at: str | None = None, references: tuple[bytes, ...] = (), timeout_s: float = CALL_S
    ) -> T:
        """Ask, log in where it wants that, and read the answer; raises DeviceError, and nothing else.

        The request goes to the service of its namespace, or to the path of *at* (a subscription's address), always on
        the host that was reached. *references* are echoed as headers. A call may be used again.
        """
        ...

    def reachable(self, uri: str) -> str:
        """An address that the device told (stream, snapshot): on the host that was reached, without login and blanks.

        Its port stays. What is no address is the empty text.
        """
        ...

    def learn(self, learned: Learned) -> None:
        """Keep *learned* instead (``replace(device.learned, notify_only=True)``)."""
        ...

    async def measure_clock(self) -> SystemDateAndTime | None:
        """What its clock says, asked without a login, and learned; None where it does not tell. Raises DeviceError."""
        ...

    async def close(self) -> None:
        """Give the connections up. A device that was closed may not be called."""
        ...


class Opener(Protocol):
    """Who reaches devices."""

    async def open(
        self,
        address: DeviceAddress,
        login: Login,
        *,
        learned: Learned | None = None,
        fingerprint: str = "",
        on_learned: Callable[[Learned], None] | None = None,
        on_reached: Callable[[], None] | None = None,
    ) -> Device:
        """Reach a device: clock, services, information, network interfaces; raises DeviceError.

        *fingerprint* is the certificate that it must show where the address is secure; none: DeviceError(CERTIFICATE)
        tells the one that it shows. *on_learned* hears of everything learned from now on, *on_reached* once the device
        has answered at all, before a login is tried.
        """
        ...
