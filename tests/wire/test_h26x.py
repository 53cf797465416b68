import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.h26x import (
    codec_that_begins,
    decoder_configuration,
    frame_rate,
    nals_of_annex_b,
    nals_of_sample,
    parameter_sets_of_fmtp,
    read_decoder_configuration,
    read_sps,
    sample_of_nals,
    video_format,
)
from tawny.wire.media import VideoCodec
from tests.fakes.rtp import LARGE_SPS, PPS, PPS_265, SPS, SPS_265, VPS_265, aggregation_265, idr_265, slice_, stap_a

H264, H265 = VideoCodec.H264, VideoCodec.H265

# what x264 and x265 wrote for these streams, by libavformat (x265's information SEI left out)
AVCC = bytes.fromhex("0164001effe100196764001eacd940a02fea6840000003004000000c83c58b658001000668ebe3cb22c0fdf8f800")
HVCC_HEAD = bytes.fromhex("0101600000009000000000003ff000fcfdf8f800000f")


@pytest.mark.parametrize(
    ("codec", "sets", "size", "text", "rate"),
    [
        (H264, (SPS, PPS), (638, 358), "avc1.64001E", 25),
        (H264, (LARGE_SPS, PPS), (1920, 1080), "avc1.640028", 25),
        (H265, (VPS_265, SPS_265, PPS_265), (642, 362), "hvc1.1.6.L63.90", 25),
    ],
)
def test_parameter_sets_tell_size_codec_and_rate(
    codec: VideoCodec, sets: tuple[bytes, ...], size: tuple[int, int], text: str, rate: float | None
) -> None:
    form = video_format(codec, sets)

    assert (form.width, form.height) == size
    assert form.codec_string == text
    assert frame_rate(form) == rate


@pytest.mark.parametrize(
    ("description", "codec", "size", "text", "rate"),
    [
        ("hikvision/rtsp/hikvision_describe.txt", H264, (1920, 1080), "avc1.4D0029", 30),
        ("dahua/rtsp/dahua_describe_h264_aac_onvif.txt", H264, (704, 480), "avc1.64001E", 15),
        ("dahua/rtsp/dahua_describe_h265_pcma.txt", H265, (704, 480), "hvc1.1.6.L90.B0", 12),
        ("reolink/rtsp/reolink_describe_control_first.txt", H264, (2560, 1440), "avc1.640033", None),
        ("tp-link/rtsp/tplink_sdp.txt", H265, (2560, 1440), "hvc1.1.6.L150", 15),
    ],
)
def test_real_cameras_parameter_sets_are_read(
    description: str, codec: VideoCodec, size: tuple[int, int], text: str, rate: float | None
) -> None:
    answer = Path(__file__).parents[2] / "../shared/devices" / description
    if not answer.exists():
        pytest.skip("needs ../shared/devices, what real cameras answered")

    described = re.findall(r"(sprop-[a-z-]+)=([^;\s]+)", answer.read_text(errors="replace"))
    form = video_format(codec, parameter_sets_of_fmtp(codec, dict(described)))

    assert (form.width, form.height, form.codec_string) == (*size, text)
    assert frame_rate(form) == rate


def test_parameter_sets_are_put_in_order_once_each_and_other_units_left_out() -> None:
    form = video_format(H265, (PPS_265, b"\x4e\x01sei", SPS_265, VPS_265, PPS_265))

    assert form.parameter_sets == (VPS_265, SPS_265, PPS_265)


@pytest.mark.parametrize(
    "sets", [(), (SPS,), (PPS,), (SPS[:5], PPS), (b"\x67" + bytes(40), PPS), (SPS + bytes(5000), PPS)]
)
def test_missing_or_broken_parameter_sets_are_refused(sets: tuple[bytes, ...]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        video_format(H264, sets)


def test_the_decoder_configuration_is_that_of_libavformat() -> None:
    form = video_format(H264, (SPS, PPS))

    assert decoder_configuration(form) == AVCC
    assert decoder_configuration(video_format(H265, (VPS_265, SPS_265, PPS_265))).startswith(HVCC_HEAD)


@pytest.mark.parametrize(("codec", "sets"), [(H264, (SPS, LARGE_SPS, PPS)), (H265, (VPS_265, SPS_265, PPS_265))])
def test_decoder_configurations_are_read_back(codec: VideoCodec, sets: tuple[bytes, ...]) -> None:
    form = video_format(codec, sets)

    assert read_decoder_configuration(codec, decoder_configuration(form)) == form


@pytest.mark.parametrize("codec", [H264, H265])
def test_a_configuration_that_ends_early_is_refused(codec: VideoCodec) -> None:
    whole = decoder_configuration(video_format(codec, (SPS, PPS, VPS_265, SPS_265, PPS_265)))

    for length in range(30):
        with pytest.raises(ValueError, match=r".+"):
            read_decoder_configuration(codec, whole[:length])


def test_parameter_sets_come_from_sdp_with_the_oddities_of_cameras() -> None:
    text = "Z2QAHqzZQKAv6mhAAAADAEAAAAyDxYtlgA,AAAAAWjr48siwA==,,%%%"  # no padding, a start code, nothing, garbage

    assert parameter_sets_of_fmtp(H264, {"sprop-parameter-sets": text}) == (SPS, PPS)


def test_h265_parameter_sets_come_from_sdp() -> None:
    fmtp = {
        "sprop-vps": "QAEMAf//AWAAAAMAkAAAAwAAAwA/lZgJ",
        "sprop-sps": "QgEBAWAAAAMAkAAAAwAAAwA/oAUSAXHJJllZpJMrmgIAAAMAAgAAAwAyEA==",
        "sprop-pps": "RAHBcrRiQA==",
    }

    assert parameter_sets_of_fmtp(H265, fmtp) == (VPS_265, SPS_265, PPS_265)
    assert parameter_sets_of_fmtp(H265, {}) == ()


@given(st.lists(st.binary(min_size=1, max_size=30), max_size=5))
def test_samples_hold_nal_units_after_their_length(nals: list[bytes]) -> None:
    assert list(nals_of_sample(sample_of_nals(nals))) == nals


@pytest.mark.parametrize("start", [b"\0\0\1", b"\0\0\0\1"])
def test_units_between_start_codes_are_found_whatever_zeros_stand_between(start: bytes) -> None:
    units = [b"\x67\x64", b"\x68\xee", b"\x65\0\0\2\x80"]

    assert list(nals_of_annex_b(b"".join(start + unit for unit in units) + b"\0\0")) == units
    assert list(nals_of_annex_b(b"")) == []


def test_a_nal_unit_beyond_its_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="beyond"):
        list(nals_of_sample(b"\0\0\0\x05abc"))


@given(st.binary(max_size=80), st.sampled_from([H264, H265]))
@settings(max_examples=150)
def test_no_bytes_break_the_parsers(data: bytes, codec: VideoCodec) -> None:
    head = SPS[:4] if codec is H264 else SPS_265[:15]
    for read in (
        lambda: read_sps(codec, head + data),
        lambda: read_decoder_configuration(codec, data),
        lambda: video_format(codec, (data, SPS, PPS)),
    ):
        try:
            read()
        except ValueError as error:
            assert str(error)  # noqa: PT017 - either way is right


@pytest.mark.parametrize(
    ("payload", "codec"),
    [
        (SPS, VideoCodec.H264),
        (b"\x27" + SPS[1:], VideoCodec.H264),
        (stap_a(SPS, PPS), VideoCodec.H264),
        (VPS_265, VideoCodec.H265),
        (aggregation_265(VPS_265, SPS_265, PPS_265), VideoCodec.H265),
        (slice_(), None),
        (idr_265(), None),
        (VPS_265[:4], None),
        (b"", None),
    ],
)
def test_a_payload_of_parameter_sets_tells_its_codec(payload: bytes, codec: VideoCodec | None) -> None:
    assert codec_that_begins(payload) is codec
