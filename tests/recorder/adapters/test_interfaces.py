from ipaddress import IPv4Interface

from tawny.recorder.adapters.interfaces import KernelInterfaces


def test_loopback_is_listed_with_its_address_and_has_no_neighbours() -> None:
    (loopback,) = [each for each in KernelInterfaces().interfaces() if each.name == "lo"]

    assert loopback.loopback
    assert not loopback.neighbourly
    assert IPv4Interface("127.0.0.1/8") in loopback.addresses


def test_only_the_interfaces_that_were_named_are_used() -> None:
    assert [each.name for each in KernelInterfaces(["lo"]).interfaces()] == ["lo"]
    assert KernelInterfaces(["nothing0"]).interfaces() == []
