import pytest

from tawny.wire.onvif import network
from tawny.wire.onvif.elements import make
from tawny.wire.onvif.network import Hosts
from tests.wire.onvif.answers_in_words import answer, sent


@pytest.mark.parametrize(
    ("written", "mac"),
    [
        ("AC:CC:8E:BE:CC:EA", "ac:cc:8e:be:cc:ea"),
        ("ac-cc-8e-be-cc-ea", "ac:cc:8e:be:cc:ea"),
        ("ACCC8EBECCEA", "ac:cc:8e:be:cc:ea"),
        ("accc.8ebe.ccea", "ac:cc:8e:be:cc:ea"),
        ("00:00:00:00:00:00", None),
        ("eth0", None),
        ("", None),
    ],
)
def test_a_mac_is_read_in_any_spelling(written: str, mac: str | None) -> None:
    assert network.mac_address(written) == mac


def test_an_interface_that_is_fixed_has_its_fixed_address() -> None:
    (read,) = network.get_network_interfaces().read(
        answer(
            '<A><NetworkInterfaces token="eth0"><IPv4><Enabled>true</Enabled><Config><Manual><Address>192.0.2.7</Address>'
            "<PrefixLength>24</PrefixLength></Manual><DHCP>false</DHCP></Config></IPv4>"
            "<IPv6><Enabled>false</Enabled><Config><LinkLocal><Address>fe80::7</Address></LinkLocal></Config></IPv6>"
            "</NetworkInterfaces></A>"
        )
    )

    assert read == network.NetworkInterface(token="eth0", dhcp=False, addresses=("192.0.2.7/24",))


def test_servers_are_written_by_address_or_by_name() -> None:
    hosts = ("192.0.2.1", "2001:db8::1", "time.example")

    held = sent(make("tds:Held", *(network.write_host("tds:NTPManual", host) for host in hosts)))

    assert network.read_hosts(held, "NTP") == Hosts(manual=hosts)


def test_the_servers_that_count_are_those_of_dhcp_where_it_says_so() -> None:
    read = network.get_ntp().read(
        answer(
            "<A><NTPInformation><FromDHCP>true</FromDHCP><NTPFromDHCP><IPv4Address>192.0.2.9</IPv4Address></NTPFromDHCP>"
            "<NTPManual><DNSname>time.example</DNSname></NTPManual></NTPInformation></A>"
        )
    )

    assert read.used == ("192.0.2.9",)


def test_gateways_of_both_families_are_told() -> None:
    read = network.get_default_gateways().read(
        answer(
            "<A><NetworkGateway><IPv4Address>192.0.2.1</IPv4Address><IPv4Address/>"
            "<IPv6Address>fe80::1</IPv6Address></NetworkGateway></A>"
        )
    )

    assert read == ("192.0.2.1", "fe80::1")
