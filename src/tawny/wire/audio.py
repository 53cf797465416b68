"""Audio parameters: AAC's AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1) and what SDP says about audio.

RFC 3640 section 4.1 (mpeg4-generic, modes AAC-hbr and AAC-lbr), RFC 3551 section 6 (G.711) and RFC 7587 section 6.1 (Opus).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tawny.wire.bits import BitReader
from tawny.wire.media import AudioCodec, AudioFormat

_RATES = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_CHANNELS = (0, 1, 2, 3, 4, 5, 6, 8)  # by channelConfiguration (table 1.19)
OPUS_RATE = 48_000  # of its timestamps, whatever was encoded (RFC 7587, 4.1)
MOST_OPUS_TICKS = 5760  # 120 ms in a packet (RFC 6716, 3.2.5)
_OPUS_FRAMES = (  # ticks of a frame by configuration: SILK, hybrid, CELT (RFC 6716, table 2)
    *(480, 960, 1920, 2880) * 3,
    *(480, 960) * 2,
    *(120, 240, 480, 960) * 4,
)
_SBR, _PS = 5, 29  # audio object types that announce an AAC core of half the rate
_GENERAL_AUDIO = frozenset({1, 2, 3, 4, 6, 7, 17, 19, 20, 21, 22, 23})  # whose config goes on with GASpecificConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioSpecificConfig:
    """What an AAC decoder is told: *sample_rate* is that of the sound that comes out, *frame_length* in its samples."""

    object_type: int
    sample_rate: int
    channels: int
    frame_length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AacPacking:
    """How RFC 3640 packets hold access units: bits of the size and of the index in an AU header."""

    size_bits: int = 13
    index_bits: int = 3
    index_delta_bits: int = 3


def parse_audio_specific_config(data: bytes) -> AudioSpecificConfig:
    """Read *data*; raises ValueError where it is broken or no AAC that we take."""
    bits = BitReader(data[:64])
    kind = _object_type(bits)
    rate = core_rate = _rate(bits)
    channel_configuration = bits.bits(4)
    if kind in (_SBR, _PS):  # explicit, hierarchical signalling: the output rate comes second
        rate = _rate(bits)
        core = _object_type(bits)
    else:
        core = kind
    if core not in _GENERAL_AUDIO or not 0 < channel_configuration < len(_CHANNELS):
        raise ValueError("an AAC configuration that we don't take")
    core_frame = 960 if bits.flag() else 1024
    channels = 2 if kind == _PS else _CHANNELS[channel_configuration]
    return AudioSpecificConfig(
        object_type=kind, sample_rate=rate, channels=channels, frame_length=core_frame * rate // core_rate
    )


def _object_type(bits: BitReader) -> int:
    kind = bits.bits(5)
    return 32 + bits.bits(6) if kind == 31 else kind


def _rate(bits: BitReader) -> int:
    index = bits.bits(4)
    rate = bits.bits(24) if index == 15 else _RATES[index] if index < len(_RATES) else 0
    if not 7_000 <= rate <= 192_000:
        raise ValueError("an impossible sample rate")
    return rate


def audio_format_of_sdp(encoding: str, *, clock_rate: int, channels: int, fmtp: Mapping[str, str]) -> AudioFormat:
    """The format of an SDP's audio medium; raises ValueError for what we don't record."""
    name = encoding.upper()
    if name in ("PCMA", "PCMU"):
        if not 8_000 <= clock_rate <= 48_000 or not 1 <= channels <= 2:
            raise ValueError("an impossible G.711 format")
        return AudioFormat(codec=AudioCodec(name.lower()), sample_rate=clock_rate, channels=channels)
    if name == "OPUS":
        if clock_rate != OPUS_RATE:
            raise ValueError("an impossible Opus format")
        stereo = fmtp.get("sprop-stereo", "0") == "1"  # rtpmap says two channels whatever is sent (RFC 7587, 7)
        return AudioFormat(codec=AudioCodec.OPUS, sample_rate=OPUS_RATE, channels=2 if stereo else 1)
    if name == "MPEG4-GENERIC":
        config = _config(fmtp)
        parsed = parse_audio_specific_config(config)
        return AudioFormat(
            codec=AudioCodec.AAC, sample_rate=parsed.sample_rate, channels=parsed.channels, config=config
        )
    raise ValueError(f"audio codec {name}")


def _config(fmtp: Mapping[str, str]) -> bytes:
    try:
        return bytes.fromhex(fmtp.get("config", ""))
    except ValueError:
        raise ValueError("the AAC configuration is not hexadecimal") from None


def opus_ticks(packet: bytes) -> int:
    """How long an Opus packet lasts; 0 where it is none (RFC 6716, 3.1 and 3.2)."""
    if not packet:
        return 0
    code = packet[0] & 3
    frames = (1, 2, 2)[code] if code < 3 else packet[1] & 0x3F if len(packet) > 1 else 0
    ticks = frames * _OPUS_FRAMES[packet[0] >> 3]
    return ticks if ticks <= MOST_OPUS_TICKS else 0


def ticks_of(form: AudioFormat, data: bytes) -> int:
    """How long an access unit lasts whose bytes tell: of Opus and G.711."""
    return opus_ticks(data) if form.codec is AudioCodec.OPUS else len(data) // form.channels


def aac_packing(fmtp: Mapping[str, str]) -> AacPacking:
    """How the AAC stream of this SDP is packed; raises ValueError where the AU headers have fields that nobody uses."""
    mode = fmtp.get("mode", "AAC-hbr").lower()
    size, index = (6, 2) if mode == "aac-lbr" else (13, 3)
    if mode not in ("aac-hbr", "aac-lbr") or any(fmtp.get(name, "0") != "0" for name in _UNUSED_FIELDS):
        raise ValueError("an AAC packing that we don't take")
    packing = AacPacking(
        size_bits=_bit_count(fmtp, "sizelength", size),
        index_bits=_bit_count(fmtp, "indexlength", index),
        index_delta_bits=_bit_count(fmtp, "indexdeltalength", index),
    )
    if not packing.size_bits:
        raise ValueError("an AAC packing that we don't take")
    return packing


_UNUSED_FIELDS = ("ctsdeltalength", "dtsdeltalength", "streamstateindication", "auxiliarydatasizelength")


def _bit_count(fmtp: Mapping[str, str], name: str, default: int) -> int:
    text = fmtp.get(name, str(default))
    if not (text.isascii() and text.isdigit() and int(text) <= 16):
        raise ValueError("an AAC packing that we don't take")
    return int(text)
