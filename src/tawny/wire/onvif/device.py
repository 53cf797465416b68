"""The device service (ver10): what a camera is, its services, clock, users and restart.

Addresses and names in the network are in ``network``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tawny.wire.onvif import names
from tawny.wire.onvif.deviceio import RelayOutput, read_relay_output, write_relay_settings
from tawny.wire.onvif.elements import (
    Element,
    calendar_s,
    child,
    children,
    flag,
    integer,
    local,
    make,
    optional,
    spelt,
    spelt_moment,
    text,
    words,
)
from tawny.wire.onvif.soap import Call, nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceInformation:
    """What a device says that it is."""

    manufacturer: str = ""
    model: str = ""
    firmware: str = ""
    serial: str = ""
    hardware: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service: its namespace, and the address where it answers (as told: the host may be one that we cannot reach)."""

    namespace: str
    address: str
    version: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What GetCapabilities tells, for cameras without GetServices: the services, and counts."""

    services: tuple[Service, ...] = ()
    pull_points: bool = False
    base_notification: bool = False
    relays: int = 0
    inputs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCapabilities:
    """What the device service can do; None where it does not say."""

    http_digest: bool | None = None
    username_token: bool | None = None
    hashing_algorithms: tuple[str, ...] = ()
    most_users: int | None = None
    longest_user_name: int | None = None
    longest_password: int | None = None
    user_config_not_supported: bool = False
    network_config_not_supported: bool = False
    ntp_servers: int | None = None
    auxiliary_commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemDateAndTime:
    """A camera's clock.

    *utc_us* is what it says UTC is, *local_us* what its wall shows (as though that were UTC); either may be lacking or
    unreadable. *zone* is a POSIX zone as written ("CST+8:00:00").
    """

    utc_us: int | None = None
    local_us: int | None = None
    ntp: bool = False
    daylight_savings: bool = False
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may use the device; *level* is Administrator, Operator, User, Anonymous or Extended."""

    name: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A scope; a *fixed* one can't be taken away."""

    item: str
    fixed: bool = False


def read_device_information(answer: Element) -> DeviceInformation:
    return DeviceInformation(
        manufacturer=text(answer, "Manufacturer") or "",
        model=text(answer, "Model") or "",
        firmware=text(answer, "FirmwareVersion") or "",
        serial=text(answer, "SerialNumber") or "",
        hardware=text(answer, "HardwareId") or "",
    )


def read_services(answer: Element) -> tuple[Service, ...]:
    """The services that have an address, each namespace once."""
    found: dict[str, Service] = {}
    for each in children(answer, "Service"):
        namespace, address = text(each, "Namespace"), _address(each)
        if namespace and address:
            version = (integer(each, "Version/Major") or 0, integer(each, "Version/Minor") or 0)
            found.setdefault(namespace, Service(namespace=namespace, address=address, version=version))
    return tuple(found.values())


def _address(element: Element) -> str | None:
    """The first address of a service: some tell one for each protocol, as in WS-Discovery."""
    return next(iter(words(element, "XAddr")), None)


_LEGACY = {
    "Analytics": names.ANALYTICS,
    "Device": names.DEVICE,
    "Events": names.EVENTS,
    "Imaging": names.IMAGING,
    "Media": names.MEDIA,
    "PTZ": names.PTZ,
    "DeviceIO": names.DEVICEIO,
    "Recording": names.RECORDING,
    "Search": names.SEARCH,
    "Replay": names.REPLAY,
}


def read_capabilities(answer: Element) -> Capabilities:
    """Read them wherever they stand: newer services are in an extension, and some cameras forget that."""
    held = child(answer, "Capabilities")
    places = [held, child(held, "Extension"), child(held, "Extension/Extension")]
    found: dict[str, Service] = {}
    for each in (entry for place in places if place is not None for entry in place.iterchildren("{*}*")):
        namespace, address = _LEGACY.get(local(each)), _address(each)
        if namespace and address:
            found.setdefault(namespace, Service(namespace=namespace, address=address))
    connectors = child(held, "Device/IO")
    return Capabilities(
        services=tuple(found.values()),
        pull_points=flag(held, "Events/WSPullPointSupport") or False,
        base_notification=flag(held, "Events/WSSubscriptionPolicySupport") or False,
        relays=integer(connectors, "RelayOutputs") or 0,
        inputs=integer(connectors, "InputConnectors") or 0,
    )


def read_service_capabilities(answer: Element) -> ServiceCapabilities:
    held = child(answer, "Capabilities")
    security, system = child(held, "Security"), child(held, "System")
    return ServiceCapabilities(
        http_digest=flag(security, "@HttpDigest"),
        username_token=flag(security, "@UsernameToken"),
        hashing_algorithms=tuple(words(security, "@HashingAlgorithms")),
        most_users=integer(security, "@MaxUsers"),
        longest_user_name=integer(security, "@MaxUserNameLength"),
        longest_password=integer(security, "@MaxPasswordLength"),
        user_config_not_supported=flag(system, "@UserConfigNotSupported") or False,
        network_config_not_supported=flag(system, "@NetworkConfigNotSupported") or False,
        ntp_servers=integer(held, "Network/@NTP"),
        auxiliary_commands=words(held, "Misc/@AuxiliaryCommands"),
    )


def read_system_date_and_time(answer: Element) -> SystemDateAndTime:
    held = child(answer, "SystemDateAndTime")
    return SystemDateAndTime(
        utc_us=read_date_time(child(held, "UTCDateTime")),
        local_us=read_date_time(child(held, "LocalDateTime")),
        ntp=(text(held, "DateTimeType") or "").upper() == "NTP",
        daylight_savings=flag(held, "DaylightSavings") or False,
        zone=text(held, "TimeZone/TZ"),
    )


def read_date_time(element: Element | None) -> int | None:
    """A date and time of separate numbers; None where one is lacking or impossible (minute 61)."""
    paths = ("Date/Year", "Date/Month", "Date/Day", "Time/Hour", "Time/Minute", "Time/Second")
    year, month, day, hour, minute, second = (integer(element, path) for path in paths)
    if year is None or month is None or day is None or hour is None or minute is None:
        return None
    seconds = calendar_s(year, month, day, hour, minute, second or 0)
    return None if seconds is None else seconds * 1_000_000


def write_date_time(name: str, utc_us: int) -> Element:
    year, month, day, hour, minute, second = _calendar(utc_us)
    return make(
        name,
        make("tt:Time", make("tt:Hour", hour), make("tt:Minute", minute), make("tt:Second", second)),
        make("tt:Date", make("tt:Year", year), make("tt:Month", month), make("tt:Day", day)),
    )


def _calendar(utc_us: int) -> tuple[str, ...]:
    written = spelt_moment(utc_us).partition(".")[0].rstrip("Z")
    return tuple(str(int(part)) for half in written.split("T") for part in half.replace(":", "-").split("-"))


def read_users(answer: Element) -> tuple[User, ...]:
    return tuple(
        User(name=name, level=text(each, "UserLevel") or "User")
        for each in children(answer, "User")
        if (name := text(each, "Username"))
    )


def read_scopes(answer: Element) -> tuple[Scope, ...]:
    return tuple(
        Scope(item=item, fixed=(text(each, "ScopeDef") or "") == "Fixed")
        for each in children(answer, "Scopes")
        if (item := text(each, "ScopeItem"))
    )


def get_device_information() -> Call[DeviceInformation]:
    return Call(body=make("tds:GetDeviceInformation"), read=read_device_information)


def get_services() -> Call[tuple[Service, ...]]:
    return Call(body=make("tds:GetServices", make("tds:IncludeCapability", "false")), read=read_services)


def get_capabilities() -> Call[Capabilities]:
    return Call(body=make("tds:GetCapabilities", make("tds:Category", "All")), read=read_capabilities)


def get_service_capabilities() -> Call[ServiceCapabilities]:
    return Call(body=make("tds:GetServiceCapabilities"), read=read_service_capabilities)


def get_system_date_and_time() -> Call[SystemDateAndTime]:
    """Ask for the clock; any camera answers this without a login."""
    return Call(body=make("tds:GetSystemDateAndTime"), read=read_system_date_and_time)


def set_system_date_and_time(
    *, utc_us: int | None, zone: str | None = None, daylight_savings: bool = False
) -> Call[None]:
    """Set the clock to *utc_us*, or let it follow NTP where that is None."""
    body = make(
        "tds:SetSystemDateAndTime",
        make("tds:DateTimeType", "NTP" if utc_us is None else "Manual"),
        make("tds:DaylightSavings", spelt(daylight_savings)),
        None if zone is None else make("tds:TimeZone", make("tt:TZ", zone)),
        None if utc_us is None else write_date_time("tds:UTCDateTime", utc_us),
    )
    return Call(body=body, read=nothing)


def get_scopes() -> Call[tuple[Scope, ...]]:
    return Call(body=make("tds:GetScopes"), read=read_scopes)


def set_scopes(scopes: Iterable[str]) -> Call[None]:
    """Put *scopes* in the place of those that are not fixed."""
    return Call(body=make("tds:SetScopes", *(make("tds:Scopes", scope) for scope in scopes)), read=nothing)


def get_users() -> Call[tuple[User, ...]]:
    return Call(body=make("tds:GetUsers"), read=read_users)


def create_user(user: User, password: str) -> Call[None]:
    return Call(body=make("tds:CreateUsers", _user(user, password)), read=nothing)


def set_user(user: User, password: str | None = None) -> Call[None]:
    """Change level and, where it is given, password."""
    return Call(body=make("tds:SetUser", _user(user, password)), read=nothing)


def delete_user(name: str) -> Call[None]:
    return Call(body=make("tds:DeleteUsers", make("tds:Username", name)), read=nothing)


def _user(user: User, password: str | None) -> Element:
    level = make("tt:UserLevel", user.level)
    return make("tds:User", make("tt:Username", user.name), optional("tt:Password", password), level)


def system_reboot() -> Call[str | None]:
    """Restart; the answer is what the camera says to it."""
    return Call(body=make("tds:SystemReboot"), read=lambda answer: text(answer, "Message"))


def get_endpoint_reference() -> Call[str | None]:
    """The device's lasting name, as in WS-Discovery."""
    return Call(body=make("tds:GetEndpointReference"), read=lambda answer: text(answer, "GUID"))


def get_relay_outputs() -> Call[tuple[RelayOutput, ...]]:
    return Call(
        body=make("tds:GetRelayOutputs"),
        read=lambda answer: tuple(read_relay_output(each) for each in children(answer, "RelayOutputs")),
    )


def set_relay_output_settings(relay: RelayOutput) -> Call[None]:
    body = make(
        "tds:SetRelayOutputSettings",
        make("tds:RelayOutputToken", relay.token),
        write_relay_settings("tds:Properties", relay),
    )
    return Call(body=body, read=nothing)


def set_relay_output_state(relay: str, *, active: bool) -> Call[None]:
    state = make("tds:LogicalState", "active" if active else "inactive")
    return Call(body=make("tds:SetRelayOutputState", make("tds:RelayOutputToken", relay), state), read=nothing)


def send_auxiliary_command(command: str) -> Call[str | None]:
    """Ask for a light, a wiper, a siren: what the service capabilities list."""
    body = make("tds:SendAuxiliaryCommand", make("tds:AuxiliaryCommand", command))
    return Call(body=body, read=lambda answer: text(answer, "AuxiliaryCommandResponse"))
