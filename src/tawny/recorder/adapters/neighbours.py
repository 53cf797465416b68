"""Hardware addresses of the hosts around, from the kernel's neighbour tables (ARP and IPv6's)."""

import logging
import socket
import struct
from collections.abc import Mapping
from ipaddress import ip_address

from tawny.recorder.adapters.netlink import NEIGHBOURS, dump
from tawny.recorder.finding.model import bare_mac

_NEIGHBOUR = struct.Struct("=BBHiHBB")  # struct ndmsg: family, -, -, index, state, flags, type
_DESTINATION, _LINK_ADDRESS = 1, 2  # NDA_DST, NDA_LLADDR
_INCOMPLETE, _FAILED, _NO_ARP = 0x01, 0x20, 0x40

_log = logging.getLogger(__name__)


class KernelNeighbours:
    """The port `Neighbours`."""

    def macs(self) -> Mapping[str, str]:
        try:
            entries = dump(NEIGHBOURS, _NEIGHBOUR.size)
        except OSError as error:
            _log.debug("the neighbours are not known: %s", error)
            return {}
        found: dict[str, str] = {}
        for fixed, attributes in entries:
            family, _, _, index, state, _, _ = _NEIGHBOUR.unpack(fixed)
            raw, mac = attributes.get(_DESTINATION, b""), bare_mac(attributes.get(_LINK_ADDRESS, b"").hex())
            if family in {socket.AF_INET, socket.AF_INET6} and not state & (_INCOMPLETE | _FAILED | _NO_ARP) and mac:
                found[_host(raw, index)] = mac
        return found


def _host(raw: bytes, index: int) -> str:
    address = ip_address(raw)
    if not (address.version == 6 and address.is_link_local):
        return str(address)
    try:
        return f"{address}%{socket.if_indextoname(index)}"
    except OSError:
        return str(address)
