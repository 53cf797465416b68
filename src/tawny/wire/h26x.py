"""H.264 and H.265 (ITU-T): NAL units, parameter sets, and how MP4 and SDP carry them.

ISO/IEC 14496-15 defines the decoder configuration records (5.3.3 avcC, 8.3.3 hvcC) and the codec strings (Annex E);
RFC 6184 section 8.1 and RFC 7798 section 7.1 the ``sprop-`` parameters of SDP.
"""

import base64
import binascii
import struct
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from tawny.wire.bits import MAX_BYTES
from tawny.wire.media import VideoCodec, VideoFormat
from tawny.wire.sps import Sps, parse_h264, parse_h265

MAX_PARAMETER_SETS = 64

# nal_unit_type, H.264 table 7-1
H264_IDR, H264_SEI, H264_SPS, H264_PPS, H264_AUD = 5, 6, 7, 8, 9
# H.265 table 7-1; 16 to 23 are random access points, under 32 are pictures
H265_IRAP, H265_VPS, H265_SPS, H265_PPS, H265_AUD = range(16, 24), 32, 33, 34, 35

_STAP_A, _AP = 24, 48  # RTP's aggregation packets (RFC 6184, 5.2; RFC 7798, 4.4.2)

_REQUIRED = {VideoCodec.H264: (H264_SPS, H264_PPS), VideoCodec.H265: (H265_VPS, H265_SPS, H265_PPS)}
_SPS = {VideoCodec.H264: H264_SPS, VideoCodec.H265: H265_SPS}
_SPROP = {
    VideoCodec.H264: ("sprop-parameter-sets",),
    VideoCodec.H265: ("sprop-vps", "sprop-sps", "sprop-pps"),
}
_AVCC_HIGH = (100, 110, 122, 144)  # profiles whose avcC ends with chroma and bit depths (14496-15, 5.3.3.1.2)


def nal_type(codec: VideoCodec, nal: bytes | memoryview) -> int:
    """The nal_unit_type of *nal*, which must not be empty."""
    return nal[0] & 0x1F if codec is VideoCodec.H264 else nal[0] >> 1 & 0x3F


def parameter_set_types(codec: VideoCodec) -> tuple[int, ...]:
    """The types that a decoder needs, in the order of the stream."""
    return _REQUIRED[codec]


def nals_of_sample(sample: bytes) -> Iterator[bytes]:
    """The NAL units of an MP4 sample with 4-byte lengths; raises ValueError where they don't fit."""
    at = 0
    while at < len(sample):
        length = int.from_bytes(sample[at : at + 4], "big")
        at += 4
        if at + length > len(sample):
            raise ValueError("a NAL unit reaches beyond its sample")
        yield sample[at : at + length]
        at += length


def nals_of_annex_b(data: bytes) -> Iterator[bytes]:
    """The NAL units between start codes (H.264 and H.265, annex B)."""
    for piece in data.split(b"\0\0\1"):
        if nal := piece.rstrip(b"\0"):
            yield nal


def sample_of_nals(nals: Iterable[bytes]) -> bytes:
    """An MP4 sample: each of *nals* after its 4-byte length."""
    return b"".join(part for nal in nals for part in (len(nal).to_bytes(4, "big"), nal))


def read_sps(codec: VideoCodec, nal: bytes) -> Sps:
    """Read a sequence parameter set; raises ValueError."""
    return parse_h264(nal) if codec is VideoCodec.H264 else parse_h265(nal)


def video_format(codec: VideoCodec, parameter_sets: Iterable[bytes]) -> VideoFormat:
    """The format that *parameter_sets* describe, whatever their order; raises ValueError where one is missing or broken."""
    order = _REQUIRED[codec]
    known = {nal: None for nal in parameter_sets if nal and nal_type(codec, nal) in order}
    sets = sorted(known, key=lambda nal: order.index(nal_type(codec, nal)))
    if len(sets) > MAX_PARAMETER_SETS or any(len(nal) > MAX_BYTES for nal in sets):
        raise ValueError("too many or too large parameter sets")
    if {nal_type(codec, nal) for nal in sets} != set(order):
        raise ValueError("parameter sets are missing")
    sps = _first_sps(codec, sets)
    text = _avc1(sps) if codec is VideoCodec.H264 else _hvc1(sps)
    return VideoFormat(codec=codec, parameter_sets=tuple(sets), width=sps.width, height=sps.height, codec_string=text)


def frame_rate(format_: VideoFormat) -> float | None:
    """Frames a second as the parameter sets promise, None where they don't; cameras often lie, so measure too."""
    return _first_sps(format_.codec, format_.parameter_sets).frame_rate


def _first_sps(codec: VideoCodec, sets: Iterable[bytes]) -> Sps:
    return read_sps(codec, next(nal for nal in sets if nal_type(codec, nal) == _SPS[codec]))


def _avc1(sps: Sps) -> str:
    return "avc1." + sps.profile.hex().upper()


def _hvc1(sps: Sps) -> str:
    general, compatibility, constraints, level = struct.unpack(">BI6sB", sps.profile)
    space = ("", "A", "B", "C")[general >> 6]
    tier = "H" if general & 0x20 else "L"
    reversed_flags = int(f"{compatibility:032b}"[::-1], 2)
    tail = "".join(f".{byte:X}" for byte in constraints.rstrip(b"\x00"))
    return f"hvc1.{space}{general & 0x1F}.{reversed_flags:X}.{tier}{level}{tail}"


def decoder_configuration(format_: VideoFormat) -> bytes:
    """The AVCDecoderConfigurationRecord or HEVCDecoderConfigurationRecord (content of the avcC or hvcC box)."""
    sps = _first_sps(format_.codec, format_.parameter_sets)
    by_type = {
        kind: list(nals) for kind, nals in groupby(format_.parameter_sets, lambda nal: nal_type(format_.codec, nal))
    }
    return _avcc(sps, by_type) if format_.codec is VideoCodec.H264 else _hvcc(sps, by_type)


def _avcc(sps: Sps, sets: Mapping[int, list[bytes]]) -> bytes:
    parts = [b"\x01", sps.profile, bytes((0xFF, 0xE0 | len(sets[H264_SPS]) & 31)), *map(_sized, sets[H264_SPS][:31])]
    parts += [bytes((len(sets[H264_PPS]),)), *map(_sized, sets[H264_PPS])]
    if sps.profile[0] in _AVCC_HIGH:
        depths = 0xF8 | sps.bit_depth_luma - 8, 0xF8 | sps.bit_depth_chroma - 8
        parts.append(bytes((0xFC | sps.chroma_format, *depths, 0)))
    return b"".join(parts)


def _hvcc(sps: Sps, sets: Mapping[int, list[bytes]]) -> bytes:
    layers = sps.temporal_layers << 3 | sps.temporal_id_nested << 2 | 3
    head = struct.pack(
        ">B12sHBBBBHBB",
        1,
        sps.profile,
        0xF000,  # min_spatial_segmentation_idc unknown
        0xFC,  # parallelismType unknown
        0xFC | sps.chroma_format,
        0xF8 | sps.bit_depth_luma - 8,
        0xF8 | sps.bit_depth_chroma - 8,
        0,  # avgFrameRate unspecified
        layers,
        len(sets),
    )
    # array_completeness 0: the same sets also stand in the key frames
    arrays = (struct.pack(">BH", kind, len(nals)) + b"".join(map(_sized, nals)) for kind, nals in sets.items())
    return head + b"".join(arrays)


def _sized(nal: bytes) -> bytes:
    return len(nal).to_bytes(2, "big") + nal


def read_decoder_configuration(codec: VideoCodec, data: bytes) -> VideoFormat:
    """The format that a decoder configuration record (the content of avcC or hvcC) holds; raises ValueError."""
    try:
        sets = list(_read_avcc(data) if codec is VideoCodec.H264 else _read_hvcc(data))
    except (IndexError, struct.error):
        raise ValueError("the decoder configuration ends early") from None
    return video_format(codec, sets)


def _read_avcc(data: bytes) -> Iterator[bytes]:
    if data[0] != 1 or data[4] & 3 != 3:
        raise ValueError("not an avcC record with 4-byte lengths")
    at = 6
    for count in (data[5] & 31, None):
        if count is None:
            count, at = data[at], at + 1
        for _ in range(count):
            yield (nal := _read_sized(data, at))
            at += 2 + len(nal)


def _read_hvcc(data: bytes) -> Iterator[bytes]:
    if data[0] != 1 or data[21] & 3 != 3:
        raise ValueError("not an hvcC record with 4-byte lengths")
    at = 23
    for _ in range(data[22]):
        (count,) = struct.unpack_from(">H", data, at + 1)
        at += 3
        for _ in range(count):
            yield (nal := _read_sized(data, at))
            at += 2 + len(nal)


def _read_sized(data: bytes, at: int) -> bytes:
    (length,) = struct.unpack_from(">H", data, at)
    nal = data[at + 2 : at + 2 + length]
    if not nal or len(nal) != length:
        raise ValueError("the decoder configuration ends early")
    return nal


def parameter_sets_of_fmtp(codec: VideoCodec, fmtp: Mapping[str, str]) -> tuple[bytes, ...]:
    """The parameter sets of an SDP's ``fmtp`` line; empty where there are none or they are broken: they come in band then."""
    texts = [text for name in _SPROP[codec] for text in fmtp.get(name, "").split(",") if text.strip()]
    nals = [_without_start_code(_decoded(text)) for text in texts[:MAX_PARAMETER_SETS]]
    return tuple(nal for nal in nals if nal and nal_type(codec, nal) in _REQUIRED[codec])


def _decoded(text: str) -> bytes:
    text = text.strip().rstrip("=")  # cameras pad wrongly
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _without_start_code(nal: bytes) -> bytes:
    return nal.removeprefix(b"\x00").removeprefix(b"\x00\x00\x01")  # some Hisilicon cameras leave Annex B's in


def codec_that_begins(payload: bytes) -> VideoCodec | None:
    """The codec whose parameter sets begin this RTP payload, where it can be no other's.

    H.265's VPS and aggregation packets have a type 0 in H.264, which there is none of; the SPS of H.264 would be of a
    layer above 31 in H.265, of which cameras have one.
    """
    if len(payload) < 6:
        return None
    kind = payload[0] & 0x9F  # with the forbidden_zero_bit
    if kind == H264_SPS or (kind == _STAP_A and payload[3] & 0x9F == H264_SPS):
        return VideoCodec.H264
    inside = payload[4:] if payload[0] == _AP << 1 else payload
    is_vps = inside[0] == H265_VPS << 1 and inside[1] == 1  # the base layer's first temporal one
    return VideoCodec.H265 if is_vps else None
