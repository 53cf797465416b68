"""Values of the ONVIF client, and its ports: a device that was reached, and who reaches one."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from tawny.recorder.onvif.addresses import DEVICE_SERVICE as DEVICE_SERVICE
from tawny.recorder.onvif.addresses import DeviceAddress as DeviceAddress
from tawny.recorder.onvif.troubles import DeviceError as DeviceError
from tawny.recorder.onvif.troubles import DeviceTrouble as DeviceTrouble
from tawny.recorder.onvif.troubles import device_error as device_error
from tawny.wire.moments import rfc3339
from tawny.wire.onvif.device import SystemDateAndTime
from tawny.wire.onvif.soap import Call
from tawny.wire.tries import Tries

CALL_S = 10.0

T = TypeVar("T")


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

    def confirmed_by(self, other: "Identity") -> bool:
        """Whether *other* tells all that this one is known by: silence, which `same_device` bears, proves nothing."""
        pairs = ((self.serial, other.serial), (self.mac, other.mac))
        known = [(mine.lower(), theirs.lower()) for mine, theirs in pairs if mine]
        if known:
            return all(mine == theirs for mine, theirs in known)
        return bool(self.uuid) and self.uuid.lower() == other.uuid.lower()


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
    def shown(self) -> bytes:
        """The certificate that it showed (DER); empty without TLS."""
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
        tries: Tries | None = None,
    ) -> Device:
        """Reach a device: clock, services, information, network interfaces; raises DeviceError.

        *fingerprint* is the certificate that it must show where the address is secure; none: DeviceError(CERTIFICATE)
        tells the one that it shows. *on_learned* hears of everything learned from now on, *on_reached* once the device
        has answered at all, before a login is tried. *tries* counts the logins that it refuses; two of them without.
        """
        ...
