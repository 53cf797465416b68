from ipaddress import IPv4Interface, IPv6Interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.finding.addresses import device_address, hosts, port_of, searchable, url
from tawny.recorder.finding.model import Interface


def test_the_hosts_of_a_network_are_tried_but_not_ourselves() -> None:
    assert list(hosts(IPv4Interface("192.0.2.1/29"))) == [f"192.0.2.{n}" for n in range(2, 7)]


def test_only_networks_of_at_most_a_thousand_hosts_are_searched() -> None:
    addresses = [IPv4Interface("10.0.0.1/22"), IPv4Interface("10.1.0.1/21"), IPv4Interface("10.0.0.9/22")]
    interface = Interface(name="eth0", index=2, addresses=(*addresses, IPv6Interface("fe80::1/64")))

    assert searchable(interface) == [addresses[0]]


@pytest.mark.parametrize(
    ("said", "host", "address"),
    [
        (["http://192.0.2.2"], "192.0.2.2", "http://192.0.2.2/onvif/device_service"),
        (["https://cam.example:8443/x"], "192.0.2.2", "https://192.0.2.2:8443/x"),
        (["http://[fe80::1]:80/x"], "fe80::1%eth0", "http://[fe80::1%25eth0]/x"),
        (["http://user:secret@192.0.2.2/x"], "192.0.2.2", "http://192.0.2.2/x"),
        (["http://192.0.2.2:99999/"], "192.0.2.2", ""),
        ([], "192.0.2.2", ""),
    ],
)
def test_port_and_path_are_believed_the_host_is_not(said: list[str], host: str, address: str) -> None:
    assert device_address(said, host) == address


@given(st.lists(st.text().map("http://{}".format), max_size=4))
def test_whatever_is_said_nothing_is_raised_and_the_host_stays(said: list[str]) -> None:
    address = device_address(said, "192.0.2.2")

    assert not address or address.startswith("http://192.0.2.2")
    assert port_of(address) is None or address


def test_addresses_are_written_without_their_usual_port() -> None:
    assert url("rtsp", "192.0.2.2", 554, "/") == "rtsp://192.0.2.2/"
    assert url("http", "192.0.2.2", 8000) == "http://192.0.2.2:8000/onvif/device_service"
