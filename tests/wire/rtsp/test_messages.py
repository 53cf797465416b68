from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.rtsp.messages import (
    Headers,
    Interleaved,
    Message,
    MessageReader,
    Request,
    Response,
    parse_head,
)


def read(*pieces: bytes) -> list[Message]:
    reader = MessageReader()
    found: list[Message] = []
    for piece in pieces:
        reader.feed(piece)
        while (message := reader.next()) is not None:
            found.append(message)
    return found


MESSAGES: list[Message] = [
    Request(method="OPTIONS", url="rtsp://h/1", headers=Headers([("CSeq", "1")])),
    Interleaved(channel=3, payload=b"\r\n\r\n$RTSP"),
    Response(status=200, reason="OK", headers=Headers([("CSeq", "1"), ("Public", "PLAY")])),
    Interleaved(channel=0, payload=b""),
    Response(status=200, reason="OK", headers=Headers([("Content-Length", "4")]), body=b"\r\n$x"),
    Request(method="SET_PARAMETER", url="*", headers=Headers([("Content-Length", "1")]), body=b"\0"),
]


def test_messages_read_back_the_same() -> None:
    wire = b"".join(
        [
            MESSAGES[0].encode(),
            MESSAGES[1].encode(),
            MESSAGES[2].encode(),
            MESSAGES[3].encode(),
            Response(status=200, body=b"\r\n$x").encode(),
            Request(method="SET_PARAMETER", url="*", body=b"\0").encode(),
        ]
    )

    assert read(wire) == MESSAGES


@given(cuts=st.lists(st.integers(0, 300), max_size=8))
@settings(max_examples=100)
def test_messages_come_out_the_same_in_whatever_pieces_they_arrive(cuts: list[int]) -> None:
    wire = b"".join(m.encode() for m in MESSAGES[:4]) + Response(status=200, body=b"\r\n$x").encode()
    at = sorted({0, len(wire), *(cut for cut in cuts if cut < len(wire))})

    found = read(*(wire[a:b] for a, b in pairwise(at)))

    assert found == MESSAGES[:5]


def test_one_byte_at_a_time_is_enough() -> None:
    wire = MESSAGES[2].encode() + MESSAGES[1].encode()

    assert read(*(bytes([byte]) for byte in wire)) == [MESSAGES[2], MESSAGES[1]]


def test_line_feeds_alone_blanks_and_lower_case_are_taken() -> None:
    (message,) = read(b"rtsp/1.0  401   Unauthorized  \ncseq:7\nWWW-authenticate :Basic realm=x\n\n")

    assert isinstance(message, Response)
    assert (message.status, message.reason) == (401, "Unauthorized")
    assert message.headers.get("CSeq") == "7"
    assert message.headers.get("WWW-Authenticate") == "Basic realm=x"


def test_empty_lines_between_messages_are_passed_over() -> None:
    assert len(read(b"\r\n\r\n" + MESSAGES[2].encode() + b"\r\n\r\n" + MESSAGES[1].encode())) == 2


def test_a_header_may_come_twice_and_over_two_lines() -> None:
    message = parse_head(b"RTSP/1.0 200 OK\r\nA: 1\r\nno header\r\na: 2,\r\n\t3\r\n\r\n")

    assert message.headers.all("A") == ("1", "2, 3")
    assert message.headers.get("B", "none") == "none"


def test_an_answer_without_reason_is_one() -> None:
    assert parse_head(b"RTSP/1.0 200\r\nCSeq: 1") == Response(status=200, headers=Headers([("CSeq", "1")]))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n", "a web server"),
        (b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n", "an SSH server"),
        (b"220 mail ESMTP\r\n", "not RTSP"),
        (b"\x16\x03\x01\x02\0", "not RTSP"),
        (b"A" * 10_000, "not RTSP"),
        (b"RTSP/1.0 OK\r\n\r\n", "not RTSP"),
    ],
)
def test_what_speaks_something_else_is_noticed_at_its_first_words(data: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read(data)


def test_a_head_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="64 KB"):
        read(b"RTSP/1.0 200 OK\r\n", *([b"A: " + b"b" * 1000 + b"\r\n"] * 70))


@pytest.mark.parametrize("size", [b"2000000", b"99999999999999999999", b"-1", b"one", b"\xc2\xb2"])
def test_a_body_of_impossible_size_is_refused(size: bytes) -> None:
    with pytest.raises(ValueError, match=r"body|Content-Length"):
        read(b"RTSP/1.0 200 OK\r\nContent-Length: " + size + b"\r\n\r\n")


def test_what_follows_the_last_message_can_be_taken() -> None:
    reader = MessageReader()
    reader.feed(MESSAGES[2].encode() + b"$\0\0\x09half")
    reader.next()

    assert reader.next() is None
    assert reader.rest() == b"$\0\0\x09half"
    assert reader.rest() == b""


def test_a_line_break_in_a_header_is_never_sent() -> None:
    with pytest.raises(ValueError, match="line break"):
        Request(method="PLAY", url="rtsp://h/", headers=Headers([("Session", "1\r\nX: 2")])).encode()


@given(
    data=st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([b"RTSP/1.0 200 OK\r\n", b"\r\n\r\n", b"$\0\0\1"])))
)
@settings(max_examples=200)
def test_any_bytes_are_read_or_refused(data: list[bytes]) -> None:
    try:
        found = read(*data)
    except ValueError:
        return

    assert sum(len(m.payload) for m in found if isinstance(m, Interleaved)) <= sum(map(len, data))
