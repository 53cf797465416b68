import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.feed import (
    MAX_MESSAGE,
    FeedKind,
    FeedMessage,
    FeedReader,
    FeedRequest,
    encode,
    encode_request,
    encode_state,
    encode_unit,
    read_request,
    read_unit,
    starts_with_key,
)
from tawny.wire.media import StreamName


@given(
    st.lists(
        st.tuples(
            st.sampled_from(FeedKind),
            st.integers(0, 2),
            st.booleans(),
            st.integers(-(2**63), 2**63 - 1),
            st.binary(max_size=50),
        )
    ),
    st.integers(1, 60),
)
@settings(max_examples=50)
def test_messages_come_back_however_the_bytes_are_cut(
    parts: list[tuple[FeedKind, int, bool, int, bytes]], step: int
) -> None:
    messages = [FeedMessage(*part) for part in parts]
    data = b"".join(encode(m.kind, m.payload, utc_us=m.utc_us, track=m.track, key=m.key) for m in messages)
    reader = FeedReader()

    read = [message for at in range(0, len(data), step) for message in reader.feed(data[at : at + step])]

    assert read == messages


def test_a_unit_comes_back() -> None:
    encoded = encode_unit(1, b"sample", utc_us=7, duration=3600, shift=-1800, key=True)

    (message,) = FeedReader().feed(encoded)

    assert message[:4] == (FeedKind.UNIT, 1, True, 7)
    assert read_unit(message.payload) == (3600, -1800, b"sample")
    assert starts_with_key(encoded)
    assert not starts_with_key(encode_unit(2, b"", utc_us=7, duration=1, shift=0, key=True))


def test_a_state_is_json() -> None:
    (message,) = FeedReader().feed(encode_state({"phase": "online"}, utc_us=5))

    assert message == (FeedKind.STATE, 0, False, 5, b'{"phase":"online"}')


def test_a_request_comes_back() -> None:
    request = FeedRequest(camera="cam_a", stream=StreamName.SUB)

    assert read_request(encode_request(request)) == request


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"{}", b'{"camera": 5}', b'{"camera": "a", "stream": "third"}'])
def test_a_request_that_is_none_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_request(line)


@pytest.mark.parametrize("head", [(11, 0), (MAX_MESSAGE + 1, 0), (12, 5)])
def test_what_is_no_feed_is_refused(head: tuple[int, int]) -> None:
    data = struct.pack(">IBBBBq", *head, 0, 0, 0, 0)

    with pytest.raises(ValueError, match="not a feed"):
        list(FeedReader().feed(data))


def test_a_short_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="early"):
        read_unit(b"\0\0\0")
