"""The machine's network interfaces, as the kernel tells them (rtnetlink(7))."""

import struct
from collections.abc import Collection, Sequence
from ipaddress import IPv4Interface, IPv6Interface, ip_address

from tawny.recorder.adapters.netlink import ADDRESSES, LINKS, Entry, dump
from tawny.recorder.finding.model import Interface

_LINK = struct.Struct("=BBHiII")  # struct ifinfomsg: family, -, type, index, flags, change
_ADDRESS = struct.Struct("=BBBBI")  # struct ifaddrmsg: family, prefix, flags, scope, index
_IFLA_IFNAME = 3
_IFA_ADDRESS, _IFA_LOCAL = 1, 2
_UP, _LOOPBACK, _POINT_TO_POINT, _NO_ARP = 0x1, 0x8, 0x10, 0x80  # net/if.h
_TENTATIVE_OR_FAILED = 0x40 | 0x08  # linux/if_addr.h: an IPv6 address that is not ours yet


class KernelInterfaces:
    """The port `Interfaces`: those called as *only* says, all where that is empty."""

    def __init__(self, only: Collection[str] = ()) -> None:
        self._only = frozenset(only)

    def interfaces(self) -> Sequence[Interface]:
        addresses: dict[int, list[IPv4Interface | IPv6Interface]] = {}
        for fixed, attributes in dump(ADDRESSES, _ADDRESS.size):
            _, prefix, flags, _, index = _ADDRESS.unpack(fixed)
            raw = attributes.get(_IFA_LOCAL) or attributes.get(_IFA_ADDRESS)
            if raw is not None and len(raw) in {4, 16} and not flags & _TENTATIVE_OR_FAILED:
                addresses.setdefault(index, []).append(_interface_address(raw, prefix))
        found = (_interface(entry, addresses) for entry in dump(LINKS, _LINK.size))
        return [each for each in found if each is not None and (not self._only or each.name in self._only)]


def _interface_address(raw: bytes, prefix: int) -> IPv4Interface | IPv6Interface:
    address = ip_address(raw)
    made = IPv4Interface if address.version == 4 else IPv6Interface
    return made(f"{address}/{prefix}")


def _interface(entry: Entry, addresses: dict[int, list[IPv4Interface | IPv6Interface]]) -> Interface | None:
    fixed, attributes = entry
    _, _, _, index, flags, _ = _LINK.unpack(fixed)
    if not flags & _UP or index not in addresses:
        return None
    return Interface(
        name=attributes.get(_IFLA_IFNAME, b"").rstrip(b"\0").decode("utf-8", "replace"),
        index=index,
        addresses=tuple(addresses[index]),
        loopback=bool(flags & _LOOPBACK),
        neighbourly=not flags & (_LOOPBACK | _POINT_TO_POINT | _NO_ARP),
    )
