"""One device: what belongs together is held together."""

from dataclasses import replace

import pytest

from tawny.recorder.onvif.holding import Access
from tawny.recorder.onvif.model import DeviceAddress, Identity, Login

DOOR = Access(address=DeviceAddress(host="192.0.2.7"), login=Login(user="u", password="p"))
KNOWN = Identity(serial="SN-1", firmware="1")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (DOOR, True),
        (replace(DOOR, login=Login(user="u", password="q")), False),
        (replace(DOOR, fingerprint="ab"), False),
        (replace(DOOR, address=DeviceAddress(host="192.0.2.8")), False),
        (replace(DOOR, identity=KNOWN), False),
    ],
)
def test_a_way_is_the_same_with_the_same_address_login_and_certificate(other: Access, *, same: bool) -> None:
    assert DOOR.same(other) is same


def test_a_device_with_other_firmware_is_the_same_and_one_with_another_serial_is_not() -> None:
    known = replace(DOOR, identity=KNOWN)

    assert known.same(replace(DOOR, identity=replace(KNOWN, firmware="2")))
    assert not known.same(replace(DOOR, identity=replace(KNOWN, serial="SN-2")))
