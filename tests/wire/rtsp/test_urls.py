import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.rtsp.urls import join, split_login, without_login


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("rtsp://192.0.2.1/stream", ("rtsp://192.0.2.1/stream", "", "")),
        ("RTSP://me:secret@cam:8554/a?b=c", ("rtsp://cam:8554/a?b=c", "me", "secret")),
        ("rtsp://me:p%40ss%2F@cam/", ("rtsp://cam/", "me", "p@ss/")),
        ("rtsp://me:p@ss:word@cam/", ("rtsp://cam/", "me", "p@ss:word")),
        ("rtsp://cam/user@domain", ("rtsp://cam/user@domain", "", "")),
        (" rtsps://[2001:db8::1]:322/x \n", ("rtsps://[2001:db8::1]:322/x", "", "")),
        ("rtsp://cam/Küche 1", ("rtsp://cam/K%C3%BCche%201", "", "")),
    ],
)
def test_the_login_is_taken_out_of_an_address(url: str, found: tuple[str, str, str]) -> None:
    assert split_login(url) == found


@pytest.mark.parametrize(
    "url", ["", "cam/stream", "http://cam/", "rtsp:///x", "rtsp://:554/x", "rtsp://cam:99999/", "rtsp://me:pa/ss@cam/"]
)
def test_what_is_no_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="RTSP address") as refused:
        split_login(url)

    assert "pa/ss" not in str(refused.value)


@given(text=st.text(max_size=40))
@settings(max_examples=150)
def test_an_address_never_breaks_a_request_line(text: str) -> None:
    try:
        url, _, _ = split_login("rtsp://cam/" + text)
    except ValueError:
        return

    assert url.isascii()
    assert not set(url) & set(" \r\n\t\0")


DAHUA = "rtsp://cam/cam/realmonitor?channel=1&subtype=2/"


@pytest.mark.parametrize(
    ("base", "control", "found"),
    [
        ("rtsp://cam/gate/", "track=1", "rtsp://cam/gate/track=1"),
        ("rtsp://cam/gate", "track=1", "rtsp://cam/gate/track=1"),
        ("rtsp://cam/gate/", "*", "rtsp://cam/gate/"),
        ("rtsp://cam/gate/", None, "rtsp://cam/gate/"),
        (DAHUA, "trackID=0", DAHUA + "trackID=0"),
        ("rtsp://cam/v?x=1", "trackID=0", "rtsp://cam/v?x=1/trackID=0"),
        ("rtsp://cam/v", "?ctype=video", "rtsp://cam/v?ctype=video"),
        ("rtsp://cam:554/a/b", "/media/1", "rtsp://cam:554/media/1"),
        ("rtsp://cam/", "RTSP://10.0.0.1/x?p=1&q", "RTSP://10.0.0.1/x?p=1&q"),
        ("rtsp://cam/", "rtsp://rtsp://turret.lan:554/s/", "rtsp://turret.lan:554/s/"),
    ],
)
def test_controls_are_joined_as_servers_expect(base: str, control: str | None, found: str) -> None:
    assert join(base, control) == found


def test_a_login_that_a_server_repeats_is_dropped() -> None:
    assert without_login("rtsp://me:se@cret@cam/x@y") == "rtsp://cam/x@y"
