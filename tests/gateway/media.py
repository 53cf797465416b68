"""Builders of small media for the gateway's tests: the bytes of samples say what they are."""

from tawny.wire.feed import FeedKind, encode, encode_unit
from tawny.wire.media import AudioCodec, AudioFormat, TrackFormat, VideoCodec, VideoFormat
from tawny.wire.mp4.fragments import fragment_head, init_segment

SPS = bytes.fromhex("67640028acd940780227e5c05a808080a0000003002000000651e3062240")
PPS = bytes.fromhex("68ebe3cb22c0")


def _small_sps() -> bytes:
    """The SPS of a 640x360 Baseline stream (H.264, section 7.3.2.1.1)."""
    exp_golomb = [0, 0, 2, 1]  # id, log2_max_frame_num - 4, pic_order_cnt_type, reference frames
    bits = "".join(map(_ue, exp_golomb)) + "0" + _ue(39) + _ue(22) + "101"  # 40 x 23 macroblocks, frames, cropped
    bits += _ue(0) + _ue(0) + _ue(0) + _ue(4) + "0" + "1"  # 8 of 368 lines are cut; no VUI; stop bit
    bits += "0" * (-len(bits) % 8)
    return bytes.fromhex("6742c01e") + int(bits, 2).to_bytes(len(bits) // 8, "big")


def _ue(value: int) -> str:
    return "0" * ((value + 1).bit_length() - 1) + f"{value + 1:b}"


VIDEO = VideoFormat(
    codec=VideoCodec.H264, parameter_sets=(SPS, PPS), width=1920, height=1080, codec_string="avc1.640028"
)
SMALL_VIDEO = VideoFormat(
    codec=VideoCodec.H264, parameter_sets=(_small_sps(), PPS), width=640, height=360, codec_string="avc1.42C01E"
)
AUDIO = AudioFormat(codec=AudioCodec.PCMA, sample_rate=8000, channels=1)
FORMATS: dict[int, TrackFormat] = {1: VIDEO, 2: AUDIO}
INIT = init_segment(FORMATS)
T0 = 1_795_348_800_000_000  # a whole second
FRAME = 3600  # ticks: 25 pictures a second


def stored(*, track: int = 1, decode_time: int, utc_us: int, samples: list[bytes], key: bool) -> bytes:
    """A fragment as the archive holds it."""
    duration = FRAME if track == 1 else 320
    head = fragment_head(
        track=track,
        sequence=1,
        decode_time=decode_time,
        utc_us=utc_us,
        durations=[duration] * len(samples),
        sizes=[len(sample) for sample in samples],
        shifts=None,
        key=key,
    )
    return head + b"".join(samples)


def format_message(*, formats: dict[int, TrackFormat] | None = None, utc_us: int = T0) -> bytes:
    return encode(FeedKind.FORMAT, init_segment(formats or FORMATS), utc_us=utc_us)


def unit(number: int, *, key: bool = False, track: int = 1, shift: int = 0) -> bytes:
    """The feed's message of the *number*-th picture since T0, or of 40 ms of sound."""
    duration = FRAME if track == 1 else 320
    return encode_unit(
        track, f"{track}:{number}".encode(), utc_us=T0 + number * 40_000, duration=duration, shift=shift, key=key
    )
