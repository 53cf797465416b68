import re
from ipaddress import ip_address

from tawny.recorder.adapters.neighbours import KernelNeighbours


def test_neighbours_have_an_ip_and_a_hardware_address_and_none_is_ourselves() -> None:
    found = KernelNeighbours().macs()

    for host, mac in found.items():
        assert not ip_address(host.partition("%")[0]).is_loopback
        assert re.fullmatch(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", mac)
