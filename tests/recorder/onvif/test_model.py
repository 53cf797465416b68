"""Addresses as people type them, and values that are kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.onvif.model import (
    DEVICE_SERVICE,
    Authentication,
    DeviceAddress,
    DevicePhase,
    DeviceState,
    DeviceTrouble,
    Identity,
    Learned,
    Login,
)


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


def test_a_password_is_not_shown_by_its_login() -> None:
    assert "secret" not in repr(Login(user="u", password="secret"))


def test_what_was_learned_is_read_as_it_was_kept() -> None:
    learned = Learned(
        authentication=Authentication.WSSE, clock_offset_s=-3.5, media2=True, legacy=True, notify_only=True
    )

    assert Learned.read(json.loads(json.dumps(learned.document()))) == learned


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda s: st.dictionaries(st.text(), s), max_leaves=6
    )
)
def test_anything_else_is_nothing_learned_and_nobody(kept: object) -> None:
    assert Learned.read(kept) == Learned()
    assert Identity.read(kept) == Identity()


def test_clocks_that_are_no_number_are_not_known() -> None:
    assert Learned.read({"clock_offset_s": float("nan")}).clock_offset_s is None


def test_an_identity_is_read_as_it_was_kept() -> None:
    identity = Identity(uuid="u", serial="s", mac="m", make="a", model="b", firmware="c", hardware="d", certificate="e")

    assert Identity.read(json.loads(json.dumps(identity.document()))) == identity


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        (Identity(), Identity(serial="1"), True),
        (Identity(serial="A1", mac="02:00:00:00:00:01"), Identity(serial="a1", mac="02:00:00:00:00:01"), True),
        (Identity(serial="1"), Identity(serial="2"), False),
        (Identity(serial="1", mac="02:00:00:00:00:01"), Identity(serial="1", mac="02:00:00:00:00:02"), False),
        (Identity(uuid="1"), Identity(uuid="2"), False),
        (Identity(uuid="1", serial="1"), Identity(uuid="2", serial="1"), True),
        (Identity(serial="1", firmware="1"), Identity(serial="1", firmware="2"), True),
    ],
)
def test_a_device_is_another_one_when_what_lasts_differs(before: Identity, now: Identity, *, same: bool) -> None:
    assert before.same_device(now) is same


def test_a_state_is_told_as_documented() -> None:
    state = DeviceState(
        phase=DevicePhase.WAITING, since_us=0, title="T", remedy="R", kind=DeviceTrouble.LOCKED_OUT, retry_at_us=10**6
    )

    assert state.document() == {
        "phase": "waiting",
        "since": "1970-01-01T00:00:00Z",
        "title": "T",
        "remedy": "R",
        "kind": "locked_out",
        "retry_at": "1970-01-01T00:00:01Z",
    }
