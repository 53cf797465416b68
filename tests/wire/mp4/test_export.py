"""The layout of exports: what it holds, and that nothing else passes."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.wire.mp4.boxes import box, boxes
from tawny.wire.mp4.export import (
    SIGNATURE_HEAD,
    ExportFacts,
    LayoutError,
    hashed,
    looks_like_export,
    meta_box,
    read_layout,
)
from tawny.wire.mp4.movie import FTYP

SIGNATURE = box(b"uuid", SIGNATURE_HEAD, b"store")
REST = (box(b"moov", b"index"), box(b"meta", b"about"))
MEDIA = box(b"mdat", b"pictures")
FACTS = ExportFacts(
    unit="Shop\0p", operator="Ada", exported_us=0, source="Gate Süd", line="main", start_us=1_000_000, tracks=(1, 2)
)


def extents(data: bytes) -> list[tuple[int, int]]:
    layout = read_layout(lambda offset, size: data[offset : offset + size], len(data))
    return [(one.offset, one.end) for one in (layout.signature, *hashed(layout))]


def test_every_byte_behind_ftyp_belongs_to_a_box() -> None:
    data = b"".join((FTYP, SIGNATURE, *REST, MEDIA, MEDIA))

    found = extents(data)

    assert [start for start, _ in found] == [len(FTYP), *(end for _, end in found[:-1])]
    assert found[-1][1] == len(data)


@pytest.mark.parametrize(
    ("parts", "wrong"),
    [
        ((b"x" + FTYP[1:], SIGNATURE, *REST, MEDIA), 0),
        ((FTYP, *REST, MEDIA), 28),
        ((FTYP, SIGNATURE, REST[1], REST[0], MEDIA), 28 + len(SIGNATURE)),
        ((FTYP, box(b"uuid", bytes(60)), *REST, MEDIA), 36),
        ((FTYP, SIGNATURE, *REST), 28 + len(SIGNATURE) + 26),
        ((FTYP, SIGNATURE, *REST, MEDIA, box(b"free")), 28 + len(SIGNATURE) + 26 + len(MEDIA)),
        ((FTYP, SIGNATURE, *REST, MEDIA, b"123"), 28 + len(SIGNATURE) + 26 + len(MEDIA)),
        ((FTYP, SIGNATURE, *REST, MEDIA[:-1]), 28 + len(SIGNATURE) + 26),
        ((FTYP, SIGNATURE, *REST, struct.pack(">I4sQ", 1, b"mdat", 24) + bytes(8)), 28 + len(SIGNATURE) + 26),
    ],
)
def test_the_first_byte_out_of_place_is_named(parts: tuple[bytes, ...], wrong: int) -> None:
    with pytest.raises(LayoutError) as caught:
        extents(b"".join(parts))

    assert caught.value.offset == wrong


@given(st.binary(max_size=200), st.booleans())
def test_noise_is_a_layout_error(noise: bytes, begins: bool) -> None:
    with suppress(LayoutError):
        extents(FTYP + noise if begins else noise)


def test_an_export_is_known_by_either_of_its_marks() -> None:
    assert looks_like_export(FTYP + SIGNATURE)
    assert looks_like_export(b"... org.tawny.recording ...")
    assert not looks_like_export(FTYP + REST[0])


def test_meta_tells_who_exported_what_and_its_start() -> None:
    data = meta_box(FACTS)

    kinds = [(b.kind, data[b.body : b.end]) for b in boxes(data, 12, len(data))]

    assert [kind for kind, _ in kinds] == [b"hdlr", b"suep", b"cstb"]
    suep, cstb = kinds[1][1], kinds[2][1]
    source = "Gate Süd".encode() + b"\0\0\0main\0"
    seconds = struct.pack(">Q", 2_082_844_800)
    tracks = b"\0\0\0\2\0\1" + source + b"\0\2" + source
    assert suep == b"\1\0\0\0Shopp\0\0\0" + seconds + b"Ada\0" + tracks
    start = (11_644_473_600 + 1) * 10_000_000
    assert cstb == struct.pack(">IIQIQ", 2, 1, start, 2, start)
