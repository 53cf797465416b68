"""Addresses as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.onvif.addresses import DEVICE_SERVICE, DeviceAddress


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("192.168.1.20", f"http://192.168.1.20{DEVICE_SERVICE}"),
        (" 192.168.1.20:8000 ", f"http://192.168.1.20:8000{DEVICE_SERVICE}"),
        ("http://cam.example.org/", f"http://cam.example.org{DEVICE_SERVICE}"),
        ("HTTPS://Cam:8443/onvif/x?y=1", "https://cam:8443/onvif/x?y=1"),
        ("cam:443", f"https://cam{DEVICE_SERVICE}"),
        ("fe80::1%eth0", f"http://[fe80::1%25eth0]{DEVICE_SERVICE}"),
        ("[fe80::1%25eth0]:81", f"http://[fe80::1%25eth0]:81{DEVICE_SERVICE}"),
        ("http://[2001:DB8::1]/a", "http://[2001:db8::1]/a"),
    ],
)
def test_an_address_is_read_however_it_is_written(written: str, url: str) -> None:
    assert DeviceAddress.parse(written).url == url


@pytest.mark.parametrize(
    "written",
    ["", "http://", "rtsp://cam/", "user:pass@cam", "http://user@cam/", "1.2.3", "cam:0", "cam:99999", "a b", "cam\r\nX: y",
     "[::1", "fe80::1%a b", "http://cam/a b", "-"],
)  # fmt: skip
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        DeviceAddress.parse(written)


@given(st.text(max_size=80))
def test_any_text_is_an_address_that_reads_as_itself_or_none(written: str) -> None:
    try:
        found = DeviceAddress.parse(written)
    except ValueError:
        return

    assert DeviceAddress.parse(found.url) == found
    assert found.url.isascii()
    assert not set(found.url) & set(" \r\n@\t") - set(found.path)


def test_the_host_header_has_no_zone() -> None:
    assert DeviceAddress.parse("[fe80::1%eth0]:81").authority == "[fe80::1]:81"
