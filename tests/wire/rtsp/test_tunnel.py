import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.auth import Verdict, judge
from tawny.wire.rtsp.client import RtspError
from tawny.wire.rtsp.messages import parse_head
from tawny.wire.rtsp.tunnel import Decoding, TunnelClient, TunnelRequest, encoded, tunnel_answer, tunnel_request
from tawny.wire.tries import Tries

ASKS = b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="cam", nonce="n"\r\nContent-Length: 0\r\n\r\n'


def client(user: str = "", password: str = "") -> TunnelClient:
    return TunnelClient("rtsp://cam:8080/a?b=1", cookie="c0", user=user, password=password, cnonce=lambda: "cnonce")


def test_both_requests_name_the_same_cookie_and_the_streams_path() -> None:
    tunnel = client()

    requests = [tunnel_request(tunnel.get()), tunnel_request(tunnel.post() + b"T1BU")]

    assert requests == [
        TunnelRequest(method="GET", cookie="c0", rest=b""),
        TunnelRequest(method="POST", cookie="c0", rest=b"T1BU"),
    ]
    assert tunnel.get().startswith(b"GET /a?b=1 HTTP/1.1\r\nHost: cam:8080\r\n")


def test_the_way_is_open_once_the_server_answers_and_what_follows_is_rtsp() -> None:
    tunnel = client()
    answer = tunnel_answer() + b"RTSP/1.0 200"

    came = [tunnel.receive(answer[at : at + 7]) for at in range(0, len(answer), 7) if not tunnel.open]
    rest = came[-1]

    assert tunnel.open
    assert rest is not None
    assert b"RTSP/1.0 200".startswith(rest)


def test_a_login_is_tried_once() -> None:
    tunnel = client("me", "secret")
    tunnel.get()

    assert tunnel.receive(ASKS) is None
    again = tunnel.get().decode()
    line = next(line for line in again.split("\r\n") if line.startswith("Authorization: "))
    passwords = {"me": "secret"}
    told = line.removeprefix("Authorization: ")
    assert judge(told, method="GET", uri="/a?b=1", realm="cam", passwords=passwords, fresh=bool) is Verdict.ACCEPTED
    with pytest.raises(RtspError, match="401"):
        tunnel.receive(ASKS)


@pytest.mark.parametrize("answer", [b"RTSP/1.0 400 Bad Request\r\n\r\n", b"SSH-2.0\r\n", b"HTTP/1.1 " + b"x" * 20_000])
def test_what_is_no_web_server_is_said_to_be_none(answer: bytes) -> None:
    with pytest.raises(ValueError, match="not HTTP"):
        client().receive(answer)


def test_a_server_that_knows_no_tunnel_says_so() -> None:
    with pytest.raises(RtspError, match="404") as raised:
        client().receive(b"HTTP/1.1 404 Not Found\r\n\r\n")

    assert raised.value.kind == "not_found"


@settings(max_examples=60)
@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6), st.integers(1, 30))
def test_messages_come_out_as_they_went_in_whatever_the_pieces(messages: list[bytes], size: int) -> None:
    data = b"\r\n".join(encoded(message) for message in messages)
    decoding = Decoding()

    found = b"".join(decoding.feed(data[at : at + size]) for at in range(0, len(data), size))

    assert found == b"".join(messages)


@settings(max_examples=60)
@given(st.binary(max_size=60))
def test_nothing_that_comes_trips_a_server(data: bytes) -> None:
    decoding = Decoding()

    try:
        decoded = decoding.feed(data)
    except ValueError:
        decoded = b""
    try:
        request = tunnel_request(data)
    except ValueError:
        request = None

    assert len(decoded) <= len(data)
    assert request is None or request.cookie


def test_what_is_no_base64_is_refused() -> None:
    with pytest.raises(ValueError, match="base64"):
        Decoding().feed(b"OPTIONS * RTSP/1.0\r\n\r\n")


@pytest.mark.parametrize("data", [b"GET_PARAMETER * RTSP/1.0\r\n\r\n", b"OPTIONS", b"GET / HTTP/1.1\r\n\r\n"])
def test_what_begins_no_tunnel_is_left_to_others(data: bytes) -> None:
    with pytest.raises(ValueError, match="no tunnel"):
        tunnel_request(data)


def test_a_message_in_several_lines_of_base64_is_one() -> None:
    request = b"OPTIONS rtsp://cam/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: " + b"x" * 80 + b"\r\n\r\n"

    found = Decoding().feed(base64.encodebytes(request))

    assert parse_head(found).headers.get("CSeq") == "1"


def test_a_refused_login_is_counted() -> None:
    asks = b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="x", nonce="n"\r\n\r\n'
    tries = Tries(1)
    tunnel = TunnelClient("rtsp://cam/a", cookie="c", user="me", password="no", cnonce=lambda: "c", tries=tries)
    tunnel.get()
    assert tunnel.receive(asks) is None

    with pytest.raises(RtspError):
        tunnel.receive(tunnel.get() and asks)

    assert tries.left == 0


def test_a_password_is_not_sent_as_it_is_unless_that_is_allowed() -> None:
    tunnel = TunnelClient(
        "rtsp://cam/a", cookie="c0", user="me", password="secret", cnonce=lambda: "cnonce", allow_basic=False
    )
    tunnel.get()

    with pytest.raises(RtspError) as refused:
        tunnel.receive(b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n')

    assert refused.value.kind == "basic_only"
