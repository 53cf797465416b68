import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.media_socket import (
    HEADER_SIZE,
    STARTS_WITH_KEY,
    MediaKind,
    MediaMessage,
    MessageReader,
    addressed,
    decode,
    note,
)

messages = st.builds(
    MediaMessage,
    kind=st.sampled_from(MediaKind),
    track=st.integers(0, 255),
    flags=st.integers(0, 2**32 - 1),
    utc_us=st.integers(-(2**63), 2**63 - 1),
    payload=st.binary(max_size=200),
    subscription=st.integers(0, 65535),
)


@given(message=messages)
@settings(max_examples=50)
def test_what_is_encoded_is_decoded(message: MediaMessage) -> None:
    assert decode(message.encode()) == message


@given(data=st.binary(max_size=64))
@settings(max_examples=100)
def test_other_bytes_are_a_value_error_or_a_message(data: bytes) -> None:
    try:
        message = decode(data)
    except ValueError:
        return
    assert message.encode() == data


@given(sent=st.lists(messages, max_size=5), size=st.integers(1, 50))
@settings(max_examples=50)
def test_messages_come_out_of_a_body_however_it_is_cut(sent: list[MediaMessage], size: int) -> None:
    body = b"".join(message.framed() for message in sent)
    reader = MessageReader()

    read = [decode(found) for at in range(0, len(body), size) for found in reader.feed(body[at : at + size])]

    assert read == sent


@pytest.mark.parametrize("length", [0, HEADER_SIZE - 1, (16 << 20) + 1, 2**32 - 1])
def test_an_impossible_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="bytes"):
        list(MessageReader().feed(length.to_bytes(4, "big")))


def test_the_layout_is_the_documented_one() -> None:
    message = MediaMessage(
        kind=MediaKind.FRAGMENT, track=2, flags=STARTS_WITH_KEY, utc_us=5, payload=b"moof", subscription=0x0102
    )

    assert message.encode() == bytes.fromhex("0102 02 02 00000001 0000000000000005") + b"moof"
    assert message.starts_with_key


def test_a_message_is_readdressed_without_touching_the_rest() -> None:
    message = MediaMessage(kind=MediaKind.BURST, track=1, utc_us=-1, payload=b"x")

    assert decode(addressed(message.encode(), 7)) == MediaMessage(
        kind=MediaKind.BURST, track=1, utc_us=-1, payload=b"x", subscription=7
    )


def test_a_note_carries_its_type_and_members() -> None:
    assert note("gap", title="Die Kamera ist weg: ü").note() == {"type": "gap", "title": "Die Kamera ist weg: ü"}


def test_a_note_that_is_no_object_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="object"):
        MediaMessage(kind=MediaKind.NOTE, payload=b"[]").note()
