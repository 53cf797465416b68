"""What the device service tells of the network: interfaces, protocols, names, time servers."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from tawny.wire.onvif.elements import Element, child, children, flag, integer, make, spelt, text, texts
from tawny.wire.onvif.soap import Call, nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInterface:
    """An interface; *mac* as ``aa:bb:cc:dd:ee:ff``, *addresses* with their prefix lengths (192.0.2.7/24)."""

    token: str
    name: str = ""
    enabled: bool = True
    mac: str | None = None
    mtu: int | None = None
    dhcp: bool | None = None
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkProtocol:
    """HTTP, HTTPS or RTSP and its ports."""

    name: str
    enabled: bool
    ports: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """Servers of a kind (NTP, DNS): *from_dhcp* says which of the two lists counts."""

    from_dhcp: bool = False
    manual: tuple[str, ...] = ()
    dhcp: tuple[str, ...] = ()

    @property
    def used(self) -> tuple[str, ...]:
        """The servers that count."""
        return self.dhcp if self.from_dhcp else self.manual


def read_network_interface(element: Element) -> NetworkInterface:
    ipv4, ipv6 = child(element, "IPv4"), child(element, "IPv6")
    enabled = flag(element, "Enabled")
    return NetworkInterface(
        token=text(element, "@token") or "",
        name=text(element, "Info/Name") or "",
        enabled=True if enabled is None else enabled,
        mac=mac_address(text(element, "Info/HwAddress") or ""),
        mtu=integer(element, "Info/MTU"),
        dhcp=flag(ipv4, "Config/DHCP"),
        addresses=(*_addresses(ipv4), *_addresses(ipv6)),
    )


def _addresses(family: Element | None) -> tuple[str, ...]:
    """The addresses in use: what DHCP gave comes first."""
    if flag(family, "Enabled") is False:
        return ()
    config = child(family, "Config")
    found = []
    for origin in ("FromDHCP", "Manual", "FromRA", "LinkLocal"):
        for each in children(config, origin):
            address, prefix = text(each, "Address"), integer(each, "PrefixLength")
            if address and origin == "Manual" and flag(config, "DHCP") and child(config, "FromDHCP") is not None:
                continue  # kept for when DHCP is switched off (Axis)
            if address:
                found.append(address if prefix is None else f"{address}/{prefix}")
    return tuple(found)


def mac_address(written: str) -> str | None:
    """``aa:bb:cc:dd:ee:ff`` from any spelling; None where it is none, or all zeroes."""
    digits = "".join(character for character in written.lower() if character not in ":-. ")
    if len(digits) != 12 or not all(character in "0123456789abcdef" for character in digits) or not digits.strip("0"):
        return None
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


def read_network_protocols(answer: Element) -> tuple[NetworkProtocol, ...]:
    return tuple(
        NetworkProtocol(
            name=name.upper(), enabled=flag(each, "Enabled") or False, ports=tuple(_ports(children(each, "Port")))
        )
        for each in children(answer, "NetworkProtocols")
        if (name := text(each, "Name"))
    )


def _ports(elements: Iterable[Element]) -> Iterable[int]:
    """The ports that can be one: Axis lists a port 0 beside the right one."""
    return (port for each in elements if (port := integer(each)) is not None and 0 < port < 65_536)


def read_hosts(element: Element | None, kind: str) -> Hosts:
    """Time servers (*kind* "NTP") or name servers ("DNS")."""
    return Hosts(
        from_dhcp=flag(element, "FromDHCP") or False,
        manual=tuple(host for each in children(element, f"{kind}Manual") if (host := _host(each))),
        dhcp=tuple(host for each in children(element, f"{kind}FromDHCP") if (host := _host(each))),
    )


def _host(element: Element) -> str | None:
    return text(element, "DNSname") or text(element, "IPv4Address") or text(element, "IPv6Address")


def write_host(name: str, host: str) -> Element:
    """A host by address or by name."""
    try:
        kind = f"IPv{ip_address(host).version}"
    except ValueError:
        return make(name, make("tt:Type", "DNS"), make("tt:DNSname", host))
    return make(name, make("tt:Type", kind), make(f"tt:{kind}Address", host))


def get_network_interfaces() -> Call[tuple[NetworkInterface, ...]]:
    return Call(
        body=make("tds:GetNetworkInterfaces"),
        read=lambda answer: tuple(read_network_interface(each) for each in children(answer, "NetworkInterfaces")),
    )


def get_network_protocols() -> Call[tuple[NetworkProtocol, ...]]:
    return Call(body=make("tds:GetNetworkProtocols"), read=read_network_protocols)


def get_default_gateways() -> Call[tuple[str, ...]]:
    return Call(body=make("tds:GetNetworkDefaultGateway"), read=read_default_gateways)


def read_default_gateways(answer: Element) -> tuple[str, ...]:
    held = child(answer, "NetworkGateway")
    return (*texts(held, "IPv4Address"), *texts(held, "IPv6Address"))


def get_hostname() -> Call[str | None]:
    return Call(body=make("tds:GetHostname"), read=lambda answer: text(answer, "HostnameInformation/Name"))


def set_hostname(name: str) -> Call[None]:
    return Call(body=make("tds:SetHostname", make("tds:Name", name)), read=nothing)


def get_dns() -> Call[Hosts]:
    return Call(body=make("tds:GetDNS"), read=lambda answer: read_hosts(child(answer, "DNSInformation"), "DNS"))


def get_ntp() -> Call[Hosts]:
    return Call(body=make("tds:GetNTP"), read=lambda answer: read_hosts(child(answer, "NTPInformation"), "NTP"))


def set_ntp(hosts: Hosts) -> Call[None]:
    """Set where the camera's clock gets its time."""
    manual = () if hosts.from_dhcp else hosts.manual
    body = make(
        "tds:SetNTP",
        make("tds:FromDHCP", spelt(hosts.from_dhcp)),
        *(write_host("tds:NTPManual", host) for host in manual),
    )
    return Call(body=body, read=nothing)
