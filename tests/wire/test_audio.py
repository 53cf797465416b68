import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.audio import AacPacking, aac_packing, audio_format_of_sdp, opus_ticks, parse_audio_specific_config
from tawny.wire.media import AudioCodec


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("1408", (2, 16_000, 1, 1024)),
        ("1190", (2, 48_000, 2, 1024)),
        ("1588", (2, 8_000, 1, 1024)),
        ("140856e500", (2, 16_000, 1, 1024)),  # with the backward compatible SBR extension: told as AAC-LC
        ("1194", (2, 48_000, 2, 960)),
        ("2b098800", (5, 48_000, 1, 2048)),  # HE-AAC: a core of 24 kHz, 48 kHz out
        ("eb098800", (29, 48_000, 2, 2048)),  # HE-AAC v2: stereo out of one channel
        ("178056220840", (2, 44_100, 1, 1024)),  # the rate written out
    ],
)
def test_aac_configurations_are_read(config: str, expected: tuple[int, int, int, int]) -> None:
    parsed = parse_audio_specific_config(bytes.fromhex(config))

    assert (parsed.object_type, parsed.sample_rate, parsed.channels, parsed.frame_length) == expected


@pytest.mark.parametrize("config", ["", "14", "1400", "1708", "ffff", "f8e64000"])
def test_other_configurations_are_refused(config: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_audio_specific_config(bytes.fromhex(config))


def test_sdp_tells_the_format() -> None:
    aac = audio_format_of_sdp("mpeg4-generic", clock_rate=16_000, channels=1, fmtp={"config": "1408"})
    law = audio_format_of_sdp("PCMA", clock_rate=8_000, channels=1, fmtp={})

    assert (aac.codec, aac.sample_rate, aac.config) == (AudioCodec.AAC, 16_000, b"\x14\x08")
    assert (law.codec, law.sample_rate, law.channels) == (AudioCodec.PCMA, 8_000, 1)


@pytest.mark.parametrize("encoding", ["OPUS", "G726-32", "MPEG4-GENERIC", "PCMU"])
def test_sound_that_we_do_not_take_is_refused(encoding: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        audio_format_of_sdp(encoding, clock_rate=1, channels=1, fmtp={"config": "xyz"})


def test_the_packing_is_that_of_the_mode_unless_told() -> None:
    assert aac_packing({"mode": "AAC-hbr"}) == AacPacking()
    assert aac_packing({"mode": "AAC-lbr"}) == AacPacking(size_bits=6, index_bits=2, index_delta_bits=2)
    assert aac_packing({"sizelength": "12", "indexlength": "4"}).size_bits == 12


@pytest.mark.parametrize(
    "fmtp",
    [{"mode": "celp-cbr"}, {"sizelength": "x"}, {"sizelength": "99"}, {"sizelength": "0"}, {"ctsdeltalength": "8"}],
)
def test_other_packings_are_refused(fmtp: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="packing"):
        aac_packing(fmtp)


@given(st.binary(max_size=20))
@settings(max_examples=100)
def test_no_bytes_break_the_parser(data: bytes) -> None:
    try:
        assert parse_audio_specific_config(data).frame_length > 0
    except ValueError as error:
        assert str(error)  # noqa: PT017 - either way is right


@pytest.mark.parametrize(
    ("packet", "ticks"),
    [
        (b"\x08", 960),  # SILK, 20 ms: alone, as in silence
        (b"\x18ab", 2880),
        (b"\x68ab", 960),  # hybrid
        (b"\x80ab", 120),  # CELT, 2.5 ms
        (b"\xfcab", 960),  # CELT, 20 ms, stereo
        (b"\xf9ab", 1920),
        (b"\xfb\x06ab", 5760),
        (b"\xfb\x07ab", 0),  # longer than a packet may be
        (b"\xfb", 0),
        (b"", 0),
    ],
)
def test_an_opus_packet_tells_how_long_it_lasts(packet: bytes, ticks: int) -> None:
    assert opus_ticks(packet) == ticks


@pytest.mark.parametrize(("fmtp", "channels"), [({}, 1), ({"sprop-stereo": "1"}, 2), ({"sprop-stereo": "0"}, 1)])
def test_opus_says_itself_whether_it_is_stereo(fmtp: dict[str, str], channels: int) -> None:
    form = audio_format_of_sdp("opus", clock_rate=48_000, channels=2, fmtp=fmtp)

    assert (form.codec, form.channels, form.codec_string) == (AudioCodec.OPUS, channels, "opus")


def test_opus_with_another_clock_is_none() -> None:
    with pytest.raises(ValueError, match="Opus"):
        audio_format_of_sdp("OPUS", clock_rate=16_000, channels=2, fmtp={})
