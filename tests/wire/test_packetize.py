import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.h26x import sample_of_nals
from tawny.wire.media import AudioCodec, AudioFormat, VideoCodec, VideoFormat
from tawny.wire.packetize import MOST_PAYLOAD, payloads

H264 = VideoFormat(codec=VideoCodec.H264, parameter_sets=(), width=0, height=0, codec_string="")
H265 = VideoFormat(codec=VideoCodec.H265, parameter_sets=(), width=0, height=0, codec_string="")
AAC = AudioFormat(codec=AudioCodec.AAC, sample_rate=16_000, channels=1, config=b"\x14\x08")
G711 = AudioFormat(codec=AudioCodec.PCMA, sample_rate=8000, channels=1)

SPS, PPS, IDR = b"\x67sps", b"\x68pps", b"\x65" + bytes(range(256)) * 20
VPS_265, SPS_265, PPS_265, IDR_265 = b"\x40\x01v", b"\x42\x01s", b"\x44\x01p", b"\x26\x01" + bytes(5000)


def aggregated(body: bytes) -> list[bytes]:
    units = []
    while body:
        size = int.from_bytes(body[:2], "big")
        units.append(body[2 : 2 + size])
        body = body[2 + size :]
    return units


def nal_units(found: list[bytes], *, kind_of: VideoCodec) -> list[bytes]:
    """What a receiver makes of the payloads, by the books (RFC 6184 section 5, RFC 7798 section 4.4)."""
    units: list[bytes] = []
    opened = b""
    for payload in found:
        h264 = kind_of is VideoCodec.H264
        kind = payload[0] & 0x1F if h264 else payload[0] >> 1 & 0x3F
        size = 1 if h264 else 2
        if kind == (24 if h264 else 48):
            units += aggregated(payload[size:])
        elif kind == (28 if h264 else 49):
            flags, body = payload[size], payload[size + 1 :]
            assert bool(flags & 0x80) == (not opened)
            if flags & 0x80:
                first = payload[0] & 0xE0 | flags & 0x1F if h264 else payload[0] & 0x81 | (flags & 0x3F) << 1
                opened = bytes([first, *payload[1:size]])
            opened += body
            if flags & 0x40:
                units.append(opened)
                opened = b""
        else:
            units.append(payload)
    assert not opened
    return units


def test_a_small_nal_unit_is_a_packet_of_its_own() -> None:
    assert payloads(H264, sample_of_nals([b"\x41slice"])) == [b"\x41slice"]


def test_parameter_sets_share_a_packet_and_a_large_picture_is_cut() -> None:
    found = payloads(H264, sample_of_nals([SPS, PPS, IDR]))

    assert found[0][0] & 0x1F == 24
    assert [payload[1] >> 6 for payload in found[1:]] == [0b10, 0, 0, 0b01]
    assert all(payload[0] == 0x60 | 28 and payload[1] & 0x1F == 5 for payload in found[1:])
    assert nal_units(found, kind_of=VideoCodec.H264) == [SPS, PPS, IDR]


def test_h265_keeps_layer_and_temporal_id_in_fragments() -> None:
    found = payloads(H265, sample_of_nals([VPS_265, SPS_265, PPS_265, IDR_265]))

    assert found[0][:2] == b"\x60\x01"
    assert found[1][:3] == bytes([49 << 1, 1, 0x80 | 19])
    assert nal_units(found, kind_of=VideoCodec.H265) == [VPS_265, SPS_265, PPS_265, IDR_265]


def test_parameter_sets_too_large_for_one_packet_go_alone() -> None:
    large = b"\x67" + bytes(MOST_PAYLOAD - 1)

    assert payloads(H264, sample_of_nals([large, PPS])) == [large, PPS]


@pytest.mark.parametrize("size", [1399, 1400, 1401, 2796, 2797, 2798, 4195])
def test_sizes_around_a_full_packet_come_through(size: int) -> None:
    unit = b"\x41" + bytes(i % 251 for i in range(size - 1))

    found = payloads(H264, sample_of_nals([unit]))

    assert nal_units(found, kind_of=VideoCodec.H264) == [unit]
    assert all(2 < len(payload) <= MOST_PAYLOAD for payload in found)


@given(
    units=st.lists(st.binary(min_size=2, max_size=300), max_size=6),
    most=st.integers(20, 400),
    codec=st.sampled_from([H264, H265]),
)
@settings(max_examples=150)
def test_every_access_unit_comes_out_as_it_went_in(units: list[bytes], most: int, codec: VideoFormat) -> None:
    kinds = (24, 28) if codec is H264 else (48, 49)
    plain = [u for u in units if (u[0] & 0x1F if codec is H264 else u[0] >> 1 & 0x3F) not in kinds]

    found = payloads(codec, sample_of_nals(plain), most=most)

    assert nal_units(found, kind_of=codec.codec) == plain
    assert all(len(payload) <= most for payload in found)


def test_empty_nal_units_are_left_out() -> None:
    assert payloads(H264, sample_of_nals([b"", b"\x41x", b""])) == [b"\x41x"]


def test_an_access_unit_that_ends_early_is_refused() -> None:
    with pytest.raises(ValueError, match="beyond"):
        payloads(H264, b"\0\0\0\x09\x41")


def test_an_aac_frame_has_its_size_in_front() -> None:
    assert payloads(AAC, bytes(100)) == [struct.pack(">HH", 16, 100 << 3) + bytes(100)]


def test_a_long_aac_frame_is_cut_and_each_piece_tells_the_whole_size() -> None:
    frame = bytes(i % 251 for i in range(3000))

    found = payloads(AAC, frame)

    assert b"".join(payload[4:] for payload in found) == frame
    assert {payload[:4] for payload in found} == {struct.pack(">HH", 16, 3000 << 3)}
    assert max(map(len, found)) <= MOST_PAYLOAD


def test_an_aac_frame_beyond_13_bits_is_refused() -> None:
    with pytest.raises(ValueError, match="AAC"):
        payloads(AAC, bytes(8192))


def test_g711_goes_as_it_is() -> None:
    assert payloads(G711, b"\xd5" * 160) == [b"\xd5" * 160]
