"""Sequence parameter sets: what they say about size, profile and frame rate.

H.264: 7.3.2.1 and E.1.1. H.265: 7.3.2.2, 7.3.3 and E.2.1. Everything behind the size is optional here: cameras send
broken VUIs, and a picture must not be refused because its frame rate can't be read.
"""

from contextlib import suppress
from dataclasses import dataclass

from tawny.wire.bits import BitReader, without_emulation_prevention

MAX_SIDE = 16_384  # beyond every level of both codecs
_CROP_UNITS = {0: (1, 1), 1: (2, 2), 2: (2, 1), 3: (1, 1)}  # chroma_format_idc -> horizontal, vertical (table 6-1)
_HIGH_PROFILES = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sps:
    """What a sequence parameter set says; *profile* are the bytes that open avcC or hvcC after the version."""

    width: int
    height: int
    profile: bytes
    chroma_format: int
    bit_depth_luma: int
    bit_depth_chroma: int
    frame_rate: float | None
    temporal_layers: int = 1
    temporal_id_nested: bool = False


def parse_h264(nal: bytes) -> Sps:
    """Read an H.264 SPS, header byte included; raises ValueError."""
    if len(nal) < 5 or nal[0] & 0x9F != 7:
        raise ValueError("not an H.264 sequence parameter set")
    bits = BitReader(without_emulation_prevention(nal))
    bits.skip(8)
    profile = bytes(bits.bits(8) for _ in range(3))
    bits.ue()  # seq_parameter_set_id
    chroma, luma_depth, chroma_depth = _h264_chroma(bits) if profile[0] in _HIGH_PROFILES else (1, 8, 8)
    bits.ue()  # log2_max_frame_num_minus4
    _skip_picture_order_count(bits)
    bits.ue()  # max_num_ref_frames
    bits.skip(1)
    width, map_units = (bits.ue() + 1) * 16, bits.ue() + 1
    fields = 1 if bits.flag() else 2
    if fields == 2:
        bits.skip(1)  # mb_adaptive_frame_field_flag
    bits.skip(1)  # direct_8x8_inference_flag
    height = map_units * 16 * fields
    crop_x, crop_y = _CROP_UNITS[chroma]
    width, height = _cropped(bits, width, height, crop_x, crop_y * fields)
    return Sps(
        width=width,
        height=height,
        profile=profile,
        chroma_format=chroma,
        bit_depth_luma=luma_depth,
        bit_depth_chroma=chroma_depth,
        frame_rate=_h264_frame_rate(bits),
    )


def _h264_chroma(bits: BitReader) -> tuple[int, int, int]:
    chroma = bits.ue()
    if chroma > 3:
        raise ValueError("unknown chroma format")
    if chroma == 3:
        bits.skip(1)  # separate_colour_plane_flag
    luma, chroma_depth = bits.ue() + 8, bits.ue() + 8
    if luma > 14 or chroma_depth > 14:
        raise ValueError("impossible bit depth")
    bits.skip(1)
    if bits.flag():
        for index in range(8 if chroma != 3 else 12):
            if bits.flag():
                _skip_h264_scaling_list(bits, 16 if index < 6 else 64)
    return chroma, luma, chroma_depth


def _skip_h264_scaling_list(bits: BitReader, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.se()) % 256
        last = following or last


def _skip_picture_order_count(bits: BitReader) -> None:
    kind = bits.ue()
    if kind == 0:
        bits.ue()
    elif kind == 1:
        bits.skip(1)
        bits.se()
        bits.se()
        for _ in range(_bounded(bits.ue(), 255)):
            bits.se()


def _cropped(bits: BitReader, width: int, height: int, unit_x: int, unit_y: int) -> tuple[int, int]:
    if bits.flag():
        left, right, top, bottom = (bits.ue() for _ in range(4))
        width -= (left + right) * unit_x
        height -= (top + bottom) * unit_y
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise ValueError(f"a picture of {width} x {height}")
    return width, height


def _bounded(value: int, limit: int) -> int:
    if value > limit:
        raise ValueError("a count in the codec parameters is too large")
    return value


def _h264_frame_rate(bits: BitReader) -> float | None:
    with suppress(ValueError):
        if bits.flag():
            _skip_vui_colours(bits)
            if bits.flag():
                tick, scale = bits.bits(32), bits.bits(32)
                return _plausible(scale / (2 * tick)) if tick else None  # a tick is a field
    return None


def _skip_vui_colours(bits: BitReader) -> None:
    """The part of the VUI that H.264 and H.265 share, up to the chroma sample location."""
    if bits.flag() and bits.bits(8) == 255:  # Extended_SAR
        bits.skip(32)
    if bits.flag():
        bits.skip(1)  # overscan_appropriate_flag
    if bits.flag():
        bits.skip(4)
        if bits.flag():
            bits.skip(24)
    if bits.flag():
        bits.ue()
        bits.ue()


def _plausible(rate: float) -> float | None:
    return rate if 0.1 <= rate <= 480 else None


def parse_h265(nal: bytes) -> Sps:
    """Read an H.265 SPS, both header bytes included; raises ValueError."""
    if len(nal) < 15 or nal[0] & 0xFE != 33 << 1:
        raise ValueError("not an H.265 sequence parameter set")
    bits = BitReader(without_emulation_prevention(nal))
    bits.skip(16 + 4)
    sub_layers = bits.bits(3)
    nested = bits.flag()
    profile = bytes(bits.bits(8) for _ in range(12))
    _skip_sub_layers(bits, sub_layers)
    bits.ue()  # sps_seq_parameter_set_id
    chroma = bits.ue()
    if chroma > 3:
        raise ValueError("unknown chroma format")
    if chroma == 3:
        bits.skip(1)
    width, height = bits.ue(), bits.ue()
    width, height = _cropped(bits, width, height, *_CROP_UNITS[chroma])
    luma_depth, chroma_depth = _bounded(bits.ue(), 8) + 8, _bounded(bits.ue(), 8) + 8
    return Sps(
        width=width,
        height=height,
        profile=profile,
        chroma_format=chroma,
        bit_depth_luma=luma_depth,
        bit_depth_chroma=chroma_depth,
        frame_rate=_h265_frame_rate(bits, sub_layers),
        temporal_layers=sub_layers + 1,
        temporal_id_nested=nested,
    )


def _skip_sub_layers(bits: BitReader, sub_layers: int) -> None:
    present = [(bits.flag(), bits.flag()) for _ in range(sub_layers)]
    if sub_layers:
        bits.skip(2 * (8 - sub_layers))
    for profile, level in present:
        bits.skip((88 if profile else 0) + (8 if level else 0))


def _h265_frame_rate(bits: BitReader, sub_layers: int) -> float | None:
    with suppress(ValueError):
        _skip_to_h265_vui(bits, sub_layers)
        if bits.flag():
            _skip_vui_colours(bits)
            bits.skip(3)
            if bits.flag():  # default_display_window_flag
                for _ in range(4):
                    bits.ue()
            if bits.flag():
                tick, scale = bits.bits(32), bits.bits(32)
                return _plausible(scale / tick) if tick else None
    return None


def _skip_to_h265_vui(bits: BitReader, sub_layers: int) -> None:
    order_count_bits = bits.ue() + 4
    for _ in range(sub_layers + 1 if bits.flag() else 1):
        for _ in range(3):
            bits.ue()
    for _ in range(6):
        bits.ue()
    if bits.flag() and bits.flag():
        _skip_h265_scaling_lists(bits)
    bits.skip(2)
    if bits.flag():  # pcm_enabled_flag
        bits.skip(8)
        bits.ue()
        bits.ue()
        bits.skip(1)
    _skip_short_term_sets(bits, _bounded(bits.ue(), 64))
    if bits.flag():
        for _ in range(_bounded(bits.ue(), 32)):
            bits.skip(order_count_bits + 1)
    bits.skip(2)


def _skip_h265_scaling_lists(bits: BitReader) -> None:
    for size in range(4):
        for _ in range(0, 6, 3 if size == 3 else 1):
            if not bits.flag():
                bits.ue()
                continue
            if size > 1:
                bits.se()
            for _ in range(min(64, 1 << (4 + (size << 1)))):
                bits.se()


def _skip_short_term_sets(bits: BitReader, count: int) -> None:
    """H.265, 7.3.7: each set may be told as a change to the one before, so their sizes have to be followed."""
    size = 0
    for index in range(count):
        if index and bits.flag():  # inter_ref_pic_set_prediction_flag
            bits.skip(1)
            bits.ue()
            kept = 0
            for _ in range(size + 1):
                used = bits.flag()
                kept += used or bits.flag()
            size = kept
        else:
            negative, positive = _bounded(bits.ue(), 16), _bounded(bits.ue(), 16)
            for _ in range(negative + positive):
                bits.ue()
                bits.skip(1)
            size = negative + positive
