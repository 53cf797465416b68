import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.runtime.problem import Kind
from tawny.wire.link import STATUS_OF_KIND, MessageSplitter, framed, live_path, playback_path


def test_every_kind_of_problem_has_a_status_of_its_own() -> None:
    assert set(STATUS_OF_KIND) == {str(kind) for kind in Kind}
    assert len(set(STATUS_OF_KIND.values())) == len(Kind)
    assert all(400 <= status < 600 for status in STATUS_OF_KIND.values())


def test_a_kind_finds_its_status_as_it_is() -> None:
    assert STATUS_OF_KIND[Kind.UNAVAILABLE] == 503


@settings(max_examples=60)
@given(messages=st.lists(st.binary(max_size=300), max_size=8), piece_bytes=st.integers(min_value=1, max_value=400))
def test_messages_come_back_whole_however_the_body_is_cut(messages: list[bytes], piece_bytes: int) -> None:
    body = b"".join(framed(message) for message in messages)
    splitter = MessageSplitter()

    found = [m for at in range(0, len(body), piece_bytes) for m in splitter.feed(body[at : at + piece_bytes])]

    splitter.finish()
    assert found == messages


@settings(max_examples=60)
@given(pieces=st.lists(st.binary(max_size=64), max_size=10))
def test_garbage_ends_in_a_clear_error_or_in_bounded_messages(pieces: list[bytes]) -> None:
    splitter = MessageSplitter(limit=100)
    found: list[bytes] = []
    refusal = ""

    try:
        for piece in pieces:
            found += splitter.feed(piece)
    except ValueError as error:
        refusal = str(error)

    assert refusal == "" or "100 is the limit" in refusal
    assert all(len(message) <= 100 for message in found)


def test_a_message_longer_than_the_limit_is_refused_before_it_arrives() -> None:
    splitter = MessageSplitter(limit=1000)

    with pytest.raises(ValueError, match="announces 1001 bytes"):
        list(splitter.feed(b"\x00\x00\x03\xe9"))


def test_a_body_that_ends_inside_a_message_is_an_error() -> None:
    splitter = MessageSplitter()
    list(splitter.feed(framed(b"whole") + b"\x00\x00"))

    with pytest.raises(ValueError, match="ended inside a message"):
        splitter.finish()


def test_a_message_too_long_to_be_read_is_not_written() -> None:
    with pytest.raises(ValueError, match="longer than"):
        framed(bytes((16 << 20) + 1))


def test_paths_name_camera_stream_and_moment() -> None:
    assert live_path("cam_a", "sub") == "/cameras/cam_a/live?stream=sub"
    assert playback_path("cam_a", "main", "2026-11-22T12:00:00Z") == (
        "/cameras/cam_a/playback?from=2026-11-22T12:00:00Z&stream=main"
    )
