"""The device service: what the device is, what it offers, its clock, and its users."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tawny.camera.onvif.dispatch import Asked, Operation, refusal
from tawny.camera.onvif.model import Channel, Identity
from tawny.camera.onvif.relays import TOKENS
from tawny.camera.onvif.system_service import SystemService
from tawny.camera.onvif.users import LONGEST_NAME, LONGEST_PASSWORD, MOST_USERS, User, Users
from tawny.wire.onvif.answers import device as answers
from tawny.wire.onvif.answers.access import Level
from tawny.wire.onvif.answers.device import Offer, ServiceEntry
from tawny.wire.onvif.elements import Element, children, flag, make, text, texts

_HOSTNAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")  # RFC 1123, 2.1
PATHS = {
    "tds": "/onvif/device_service",
    "trt": "/onvif/media",
    "tr2": "/onvif/media2",
    "timg": "/onvif/imaging",
    "tptz": "/onvif/ptz",
    "tev": "/onvif/events",
    "tmd": "/onvif/deviceio",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of the device: its operations, and what it says of itself."""

    prefix: str
    operations: Sequence[Operation]
    capabilities: Callable[[], Element] = field(repr=False)


class DeviceService:
    """The operations of ``tds``.

    Invariant: there is always an administrator once there is any user.

    *others* are the other services, *system* changes the device itself, *ports* are those of HTTP, HTTPS and RTSP.
    """

    def __init__(
        self,
        identity: Identity,
        channels: Sequence[Channel],
        users: Users,
        others: Sequence[Service],
        *,
        system: SystemService,
        ports: Mapping[str, int],
    ) -> None:
        self._identity = identity
        self._channels = channels
        self._users = users
        self._system = system
        self._services = (self.service(), *others)
        self._ports = ports
        self._hostname = f"tawny-{identity.uuid.hex[:8]}"

    def service(self) -> Service:
        """The device service itself."""
        handlers = {
            "GetWsdlUrl": lambda _: answers.told("tds:GetWsdlUrl", "tds:WsdlUrl", "https://www.onvif.org/profiles/"),
            "GetServices": self._get_services,
            "GetServiceCapabilities": lambda _: make("tds:GetServiceCapabilitiesResponse", _capabilities()),
            "GetCapabilities": self._get_capabilities,
            "GetHostname": lambda _: answers.hostname(self._hostname),
            "SetHostname": self._set_hostname,
            "GetEndpointReference": lambda _: answers.told(
                "tds:GetEndpointReference", "tds:GUID", self._identity.reference
            ),
            "GetDeviceInformation": lambda _: answers.information(self._identity.make),
            "GetDiscoveryMode": lambda _: answers.told("tds:GetDiscoveryMode", "tds:DiscoveryMode", "Discoverable"),
            "GetNetworkProtocols": lambda _: answers.network_protocols(self._ports),
            "GetNetworkInterfaces": self._get_network_interfaces,
            "GetUsers": lambda _: answers.users((user.name, user.level) for user in self._users.listed()),
            "CreateUsers": self._create_users,
            "SetUser": self._set_user,
            "DeleteUsers": self._delete_users,
            **self._system.handlers(),
        }
        operations = [Operation(name=f"tds:{name}", handler=handler) for name, handler in handlers.items()]
        return Service(prefix="tds", operations=operations, capabilities=_capabilities)

    def operations(self) -> list[Operation]:
        """The operations of all services."""
        return [operation for service in self._services for operation in service.operations]

    def _get_services(self, asked: Asked) -> Element:
        entries = [
            ServiceEntry(prefix=s.prefix, address=asked.base + PATHS[s.prefix], capabilities=s.capabilities())
            for s in self._services
        ]
        return answers.services(entries, with_capabilities=flag(asked.body, "IncludeCapability") or False)

    def _get_capabilities(self, asked: Asked) -> Element:
        categories = texts(asked.body, "Category")
        offer = Offer(
            addresses={s.prefix: asked.base + PATHS[s.prefix] for s in self._services},
            video_sources=len(self._channels),
            audio_sources=sum(channel.sound for channel in self._channels),
            audio_outputs=len(self._channels),
            inputs=1,
            relays=len(TOKENS),
            tls="HTTPS" in self._ports,
        )
        if unknown := set(categories) - {"All", "Device", "Events", "Imaging", "Media", "PTZ", "Analytics"}:
            raise refusal("InvalidArgVal", "NoSuchService", reason=f"There is no service {min(unknown)[:40]}.")
        return answers.capabilities(offer, categories)

    def _get_network_interfaces(self, asked: Asked) -> Element:
        return answers.network_interfaces(address=asked.local, mac=self._identity.mac)

    def _set_hostname(self, asked: Asked) -> Element:
        name = text(asked.body, "Name") or ""
        if not _HOSTNAME.fullmatch(name):
            raise refusal("InvalidArgVal", "InvalidHostname", reason="A host's name has letters, digits and hyphens.")
        self._hostname = name
        return answers.done("tds:SetHostname")

    def _create_users(self, asked: Asked) -> Element:
        new = [_user(element) for element in children(asked.body, "User")]
        names = [user.name for user in (*self._users.listed(), *new)]
        if len(set(names)) < len(names):
            raise refusal("OperationProhibited", "UsernameClash", reason="There is a user of that name already.")
        if len(names) > MOST_USERS:
            raise refusal("MaxUsers", reason=f"There is room for {MOST_USERS} users.", code="Receiver")
        return self._changed("tds:CreateUsers", [*self._users.listed(), *new])

    def _set_user(self, asked: Asked) -> Element:
        changed = {user.name: user for user in (self._with_password(e) for e in children(asked.body, "User"))}
        self._know(list(changed))
        return self._changed("tds:SetUser", [changed.get(user.name, user) for user in self._users.listed()])

    def _with_password(self, element: Element) -> User:
        """The user as asked for; without a password in the request the old one stays."""
        name = text(element, "Username") or ""
        if text(element, "Password") is None and name in self._users:
            old = next(user for user in self._users.listed() if user.name == name)
            return replace(old, level=_level(element))
        return _user(element)

    def _delete_users(self, asked: Asked) -> Element:
        gone = texts(asked.body, "Username")
        self._know(gone)
        return self._changed("tds:DeleteUsers", [user for user in self._users.listed() if user.name not in gone])

    def _know(self, names: Sequence[str]) -> None:
        if any(name not in self._users for name in names):
            raise refusal("InvalidArgVal", "UsernameMissing", reason="There is no user of that name.")

    def _changed(self, operation: str, users: list[User]) -> Element:
        if not any(user.level is Level.ADMINISTRATOR for user in users):
            raise refusal("InvalidArgVal", "FixedUser", reason="The last administrator stays.")
        self._users.change(users)
        return answers.done(operation)


def _capabilities() -> Element:
    return answers.service_capabilities(
        most_users=MOST_USERS, longest_name=LONGEST_NAME, longest_password=LONGEST_PASSWORD
    )


def _user(element: Element) -> User:
    name, password = text(element, "Username") or "", text(element, "Password") or ""
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise refusal("OperationProhibited", "UsernameTooLong", reason="The user's name can't be used.")
    if len(password) > LONGEST_PASSWORD:
        raise refusal("OperationProhibited", "PasswordTooLong", reason="The password is too long.")
    if not password:
        raise refusal("OperationProhibited", "PasswordTooWeak", reason="A user needs a password.")
    return User(name=name, level=_level(element), password=password)


def _level(element: Element) -> Level:
    try:
        return Level(text(element, "UserLevel") or "")
    except ValueError:
        raise refusal("OperationProhibited", "InvalidUserLevel", reason="There is no such user level.") from None
