"""Boxes written and read."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.wire.mp4.boxes import Box, box, boxes, find, full_box


@given(st.lists(st.tuples(st.binary(min_size=4, max_size=4), st.binary(max_size=20)), max_size=6))
def test_boxes_read_back_in_order_with_every_byte_owned(given_boxes: list[tuple[bytes, bytes]]) -> None:
    data = b"".join(box(kind, body) for kind, body in given_boxes)

    found = list(boxes(data, 0, len(data)))

    assert [(b.kind, data[b.body : b.end]) for b in found] == given_boxes
    assert sum(b.end - b.offset for b in found) == len(data)


@given(st.binary(max_size=60))
def test_any_bytes_are_boxes_or_a_value_error(data: bytes) -> None:
    try:
        found = list(boxes(data, 0, len(data)))
    except ValueError:
        return

    assert sum(b.end - b.offset for b in found) == len(data)


@pytest.mark.parametrize("size", [0, 1, 7, 17, 0xFFFFFFFF])
def test_a_size_that_does_not_fit_is_refused(size: int) -> None:
    data = struct.pack(">I4s", size, b"free") + bytes(8)

    with pytest.raises(ValueError, match="free"):
        list(boxes(data, 0, len(data)))


def test_find_follows_a_path_and_names_what_is_missing() -> None:
    data = box(b"moov", box(b"free"), box(b"trak", full_box(b"tkhd", 1, 3, b"x")))
    top = Box(b"file", 0, 0, len(data))

    found = find(data, top, b"moov", b"trak", b"tkhd")

    assert data[found.body : found.end] == b"\x01\x00\x00\x03x"
    with pytest.raises(ValueError, match="mdia"):
        find(data, top, b"moov", b"trak", b"mdia")
