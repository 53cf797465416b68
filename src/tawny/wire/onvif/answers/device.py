"""Answers of the device service (Core Specification, 8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tawny.wire.onvif.answers.access import Level
from tawny.wire.onvif.elements import Element, make, spelt, spelt_moment
from tawny.wire.onvif.names import PREFIXES

VERSION = (24, 6)  # of the specifications that are followed


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntry:
    """A service that is offered: *capabilities* is its ``Capabilities`` element, *prefix* stands for its namespace."""

    prefix: str
    address: str
    capabilities: Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """What the device is."""

    manufacturer: str
    model: str
    firmware: str
    serial: str
    hardware: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What `capabilities` tells: the addresses of services by prefix, and counts."""

    addresses: Mapping[str, str]
    video_sources: int
    audio_sources: int
    audio_outputs: int
    inputs: int
    relays: int
    tls: bool


def services(listed: Sequence[ServiceEntry], *, with_capabilities: bool) -> Element:
    return make("tds:GetServicesResponse", *(_service(entry, told=with_capabilities) for entry in listed))


def _service(entry: ServiceEntry, *, told: bool) -> Element:
    return make(
        "tds:Service",
        make("tds:Namespace", PREFIXES[entry.prefix]),
        make("tds:XAddr", entry.address),
        make("tds:Capabilities", entry.capabilities) if told else None,
        make("tds:Version", make("tt:Major", str(VERSION[0])), make("tt:Minor", str(VERSION[1]))),
    )


def service_capabilities(*, most_users: int, longest_name: int, longest_password: int) -> Element:
    """The device service's own capabilities."""
    no = dict.fromkeys(("IPFilter", "ZeroConfiguration", "IPVersion6", "DynDNS", "HostnameFromDHCP"), "false")
    network = make("tds:Network", **no, NetworkConfigNotSupported="true", NTP="0")
    security = make(
        "tds:Security",
        UsernameToken="true",
        HttpDigest="true",
        MaxUsers=str(most_users),
        MaxUserNameLength=str(longest_name),
        MaxPasswordLength=str(longest_password),
        HashingAlgorithms="MD5,SHA-256",
    )
    system = make(
        "tds:System",
        DiscoveryResolve="true",
        DiscoveryBye="true",
        **dict.fromkeys(("RemoteDiscovery", "SystemBackup", "SystemLogging", "FirmwareUpgrade"), "false"),
    )
    return make("tds:Capabilities", network, security, system)


def capabilities(offer: Offer, categories: Sequence[str]) -> Element:
    """The old form of telling what there is; *categories* are those asked for, none or "All" mean all."""
    wanted = None if not categories or "All" in categories else set(categories)
    told = (("Device", _device), ("Events", _events), ("Imaging", _imaging), ("Media", _media), ("PTZ", _ptz))
    parts = [write(offer) for name, write in told if wanted is None or name in wanted]
    extension = _extension(offer) if wanted is None else None
    return make("tds:GetCapabilitiesResponse", make("tds:Capabilities", *parts, extension))


def _flags(names: Iterable[str], *, true: Iterable[str] = ()) -> list[Element]:
    yes = set(true)
    return [make(f"tt:{name}", spelt(name in yes)) for name in names]


def _device(offer: Offer) -> Element:
    bits = ("DiscoveryResolve", "DiscoveryBye", "RemoteDiscovery", "SystemBackup", "SystemLogging", "FirmwareUpgrade")
    version = make("tt:SupportedVersions", make("tt:Major", str(VERSION[0])), make("tt:Minor", str(VERSION[1])))
    tokens = ("TLS1.1", "TLS1.2", "OnboardKeyGeneration", "AccessPolicyConfig", "X.509Token", "SAMLToken")
    return make(
        "tt:Device",
        make("tt:XAddr", offer.addresses["tds"]),
        make("tt:Network", *_flags(("IPFilter", "ZeroConfiguration", "IPVersion6", "DynDNS"))),
        make("tt:System", *_flags(bits, true=("DiscoveryResolve", "DiscoveryBye")), version),
        make("tt:IO", make("tt:InputConnectors", str(offer.inputs)), make("tt:RelayOutputs", str(offer.relays))),
        make(
            "tt:Security",
            *_flags((*tokens, "KerberosToken", "RELToken"), true=("TLS1.2",) if offer.tls else ()),
        ),
    )


def _events(offer: Offer) -> Element | None:
    bits = ("WSSubscriptionPolicySupport", "WSPullPointSupport", "WSPausableSubscriptionManagerInterfaceSupport")
    return _addressed(offer, "tev", "tt:Events", *_flags(bits, true=bits[:2]))


def _imaging(offer: Offer) -> Element | None:
    return _addressed(offer, "timg", "tt:Imaging")


def _media(offer: Offer) -> Element | None:
    bits = _flags(("RTPMulticast", "RTP_TCP", "RTP_RTSP_TCP"), true=("RTP_RTSP_TCP",))
    return _addressed(offer, "trt", "tt:Media", make("tt:StreamingCapabilities", *bits))


def _ptz(offer: Offer) -> Element | None:
    return _addressed(offer, "tptz", "tt:PTZ")


def _addressed(offer: Offer, prefix: str, name: str, *content: Element) -> Element | None:
    address = offer.addresses.get(prefix)
    return None if address is None else make(name, make("tt:XAddr", address), *content)


def _extension(offer: Offer) -> Element | None:
    counts = {
        "VideoSources": offer.video_sources,
        "VideoOutputs": 0,
        "AudioSources": offer.audio_sources,
        "AudioOutputs": offer.audio_outputs,
        "RelayOutputs": offer.relays,
    }
    told = _addressed(offer, "tmd", "tt:DeviceIO", *(make(f"tt:{name}", str(count)) for name, count in counts.items()))
    return None if told is None else make("tt:Extension", told)


def information(what: Make) -> Element:
    return make(
        "tds:GetDeviceInformationResponse",
        make("tds:Manufacturer", what.manufacturer),
        make("tds:Model", what.model),
        make("tds:FirmwareVersion", what.firmware),
        make("tds:SerialNumber", what.serial),
        make("tds:HardwareId", what.hardware),
    )


def date_and_time(utc_us: int, *, zone: str = "UTC0", by_ntp: bool = True, daylight_savings: bool = False) -> Element:
    """The time: in UTC, and as local time where *zone* (POSIX) is UTC; other local times are left to who asks."""
    return make(
        "tds:GetSystemDateAndTimeResponse",
        make(
            "tds:SystemDateAndTime",
            make("tt:DateTimeType", "NTP" if by_ntp else "Manual"),
            make("tt:DaylightSavings", spelt(daylight_savings)),
            make("tt:TimeZone", make("tt:TZ", zone)),
            _moment("tt:UTCDateTime", utc_us),
            _moment("tt:LocalDateTime", utc_us) if zone == "UTC0" else None,
        ),
    )


def _moment(name: str, utc_us: int) -> Element:
    date, time = spelt_moment(utc_us // 1_000_000 * 1_000_000).rstrip("Z").split("T")
    clock = zip(("Hour", "Minute", "Second"), time.split(":"), strict=True)
    calendar = zip(("Year", "Month", "Day"), date.split("-"), strict=True)
    return make(
        name,
        make("tt:Time", *(make(f"tt:{unit}", str(int(digits))) for unit, digits in clock)),
        make("tt:Date", *(make(f"tt:{unit}", str(int(digits))) for unit, digits in calendar)),
    )


def scopes(fixed: Iterable[str], configurable: Iterable[str]) -> Element:
    kinds = (("Fixed", fixed), ("Configurable", configurable))
    return make(
        "tds:GetScopesResponse",
        *(
            make("tds:Scopes", make("tt:ScopeDef", kind), make("tt:ScopeItem", scope))
            for kind, listed in kinds
            for scope in listed
        ),
    )


def users(listed: Iterable[tuple[str, Level]]) -> Element:
    """Names and levels; a password is never told."""
    return make(
        "tds:GetUsersResponse",
        *(make("tds:User", make("tt:Username", name), make("tt:UserLevel", level)) for name, level in listed),
    )


def hostname(name: str) -> Element:
    told = make("tds:HostnameInformation", make("tt:FromDHCP", "false"), make("tt:Name", name))
    return make("tds:GetHostnameResponse", told)


def network_protocols(ports: Mapping[str, int]) -> Element:
    """The ports by name of the protocol: HTTP, HTTPS, RTSP."""
    return make(
        "tds:GetNetworkProtocolsResponse",
        *(
            make("tds:NetworkProtocols", make("tt:Name", name), make("tt:Enabled", "true"), make("tt:Port", str(port)))
            for name, port in ports.items()
        ),
    )


def network_interfaces(*, address: str, mac: str) -> Element:
    """One interface with an IPv4 address, where *address* is one; of the network around it nothing is said."""
    manual = make("tt:Manual", make("tt:Address", address), make("tt:PrefixLength", "32")) if "." in address else None
    config = make("tt:Config", manual, make("tt:DHCP", "false"))
    return make(
        "tds:GetNetworkInterfacesResponse",
        make(
            "tds:NetworkInterfaces",
            make("tt:Enabled", "true"),
            make("tt:Info", make("tt:Name", "eth0"), make("tt:HwAddress", mac)),
            make("tt:IPv4", make("tt:Enabled", "true"), config),
            token="eth0",  # noqa: S106 - an interface's
        ),
    )


def done(operation: str) -> Element:
    """The answer that says no more than that it was done: *operation* as in ``tds:SetUser``."""
    return make(f"{operation}Response")


def told(operation: str, name: str, value: str) -> Element:
    """An answer of one text: ``told("tds:GetWsdlUrl", "tds:WsdlUrl", ...)``."""
    return make(f"{operation}Response", make(name, value))
