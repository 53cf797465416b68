"""Where addresses lead that a device tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.onvif.model import DeviceAddress
from tawny.recorder.onvif.uris import Target, reachable, redirected, target

REACHED = DeviceAddress(host="door.example.org", port=8080)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("rtsp://10.0.0.7:554/live", "rtsp://door.example.org:554/live"),
        ("\n   rtsp://10.0.0.7/a?b=1&c=2\n  ", "rtsp://door.example.org/a?b=1&c=2"),
        ("rtsp://admin:p@ss/w0rd@10.0.0.7/", "rtsp://door.example.org/"),
        ("http://user:pass@10.0.0.7:81/snap.jpg", "http://door.example.org:81/snap.jpg"),
        ("rtsp://10.0.0.7/stream@home/1", "rtsp://door.example.org/stream@home/1"),
        ("RTSPS://[2001:db8::1]:322/x", "rtsps://door.example.org:322/x"),
        ("rtsp://evil.example.com/x", "rtsp://door.example.org/x"),
        ("file:///etc/passwd", ""),
        ("/path/alone", ""),
        ("", ""),
    ],
)
def test_a_told_address_is_on_the_host_that_was_reached_and_without_a_login(told: str, found: str) -> None:
    assert reachable(told, reached=REACHED) == found


def test_an_address_by_zone_stays_within_it() -> None:
    reached = DeviceAddress(host="fe80::1%eth0", port=80)

    assert reachable("rtsp://[fe80::1]:554/x", reached=reached) == "rtsp://[fe80::1%25eth0]:554/x"


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("http://10.0.0.7/onvif/media", Target(path="/onvif/media")),
        ("http://10.0.0.7:8082/onvif/events?id=7", Target(path="/onvif/events?id=7")),
        ("http://door.example.org:8082/events", Target(path="/events", port=8082)),
        ("http://192.0.2.9:8082/events", Target(path="/events", port=8082)),
        ("http://door.example.org:8080/events", Target(path="/events")),
        ("https://door.example.org:443/events", Target(path="/events")),
        ("http://[broken/x", Target(path="/onvif/device_service")),
        ("http://10.0.0.7/a b", Target(path="/a%20b")),
    ],
)
def test_a_service_is_asked_at_its_path_on_the_host_that_was_reached(told: str, found: Target) -> None:
    assert target(told, reached=REACHED, numeric="192.0.2.9") == found


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ("/new/path", "http://door.example.org:8080/new/path"),
        ("https://door.example.org/x", "https://door.example.org/x"),
        ("http://192.0.2.9:81/x", "http://door.example.org:81/x"),
        ("http://evil.example.com/x", None),
        ("//evil.example.com/x", None),
        ("javascript:1", None),
        ("", None),
    ],
)
def test_a_redirect_stays_on_the_host(location: str, found: str | None) -> None:
    leads = redirected(location, reached=REACHED, numeric="192.0.2.9")

    assert (leads.url if leads else None) == found


def test_a_redirect_never_leaves_tls() -> None:
    secure = DeviceAddress(host="door.example.org", port=443, secure=True)

    assert redirected("http://door.example.org/x", reached=secure, numeric="192.0.2.9") is None


@given(st.text(max_size=60))
def test_no_text_leads_to_another_host(told: str) -> None:
    assert target(told, reached=REACHED, numeric="192.0.2.9").path.startswith("/")
    leads = redirected(told, reached=REACHED, numeric="192.0.2.9")
    assert leads is None or leads.host == REACHED.host
    found = reachable("rtsp://" + told, reached=REACHED)
    assert found == "" or found.startswith(f"rtsp://{REACHED.host}")
