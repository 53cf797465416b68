"""Short clips that loop, with a frame counter in each picture: what the fake media server serves.

The counter is 20 squares of width/80 in the bottom-left corner: white, black, 16 bits least significant first, main mark,
black (the form of our scenes, `tawny.camera.scenes.overlay`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import av
import numpy as np
from numpy.typing import NDArray

from tawny.wire.h26x import nals_of_sample, parameter_set_types, sample_of_nals, video_format
from tawny.wire.media import AudioCodec, AudioFormat, VideoCodec, VideoFormat

CLIP_S = 4
GROUP_S = 1
WHITE, BLACK = 235, 16
ALAW_BLOCK = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a clip looks like."""

    width: int
    height: int
    fps: int
    main: bool
    codec: VideoCodec = VideoCodec.H264
    b_frames: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One sample in decode order; *shift* in ticks."""

    data: bytes
    key: bool
    shift: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """CLIP_S seconds of pictures; a group of pictures is GROUP_S long."""

    shape: Shape
    format: VideoFormat
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Audio samples that loop, each *duration* ticks long."""

    format: AudioFormat
    samples: tuple[bytes, ...]
    duration: int


def luma(shape: Shape, number: int) -> NDArray[np.uint8]:
    """A grey picture with something that moves, and the counter."""
    q = shape.width // 80
    plane = np.full((shape.height, shape.width), 110, np.uint8)
    left = (number * 7) % (shape.width - 4 * q)
    plane[4 * q : 8 * q, left : left + 4 * q] = 200
    squares = [1, 0, *((number >> bit) & 1 for bit in range(16)), int(shape.main), 0]
    for index, on in enumerate(squares):
        plane[-2 * q : -q, (index + 1) * q : (index + 2) * q] = WHITE if on else BLACK
    return plane


def _frames(shape: Shape) -> Iterator[av.VideoFrame]:
    for number in range(CLIP_S * shape.fps):
        chroma = np.full((shape.height // 2, shape.width), 128, np.uint8)
        frame = av.VideoFrame.from_ndarray(np.vstack((luma(shape, number), chroma)), format="yuv420p")
        frame.pts = number
        yield frame


_H264 = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": "keyint={gop}:scenecut=0:repeat-headers=1"}
_H264_B = {"preset": "veryfast", "x264-params": "keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:repeat-headers=1"}
_H265 = {"preset": "ultrafast", "x265-params": "log-level=none:keyint={gop}:bframes=0:repeat-headers=1"}


def _jpegs(shape: Shape) -> Clip:
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = shape.width, shape.height, "yuvj420p"
    encoder.time_base = Fraction(1, shape.fps)
    frames = [frame.reformat(format="yuvj420p") for frame in _frames(shape)]
    pictures = [bytes(packet) for frame in [*frames, None] for packet in encoder.encode(frame)]
    form = VideoFormat(
        codec=shape.codec, parameter_sets=(), width=shape.width, height=shape.height, codec_string="mp4v.6C"
    )
    return Clip(shape=shape, format=form, pictures=tuple(Picture(data=data, key=True, shift=0) for data in pictures))


def _encoder(shape: Shape) -> "av.VideoCodecContext":
    h264 = shape.codec is VideoCodec.H264
    encoder = av.CodecContext.create("libx264" if h264 else "libx265", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = shape.width, shape.height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, shape.fps), Fraction(shape.fps)
    encoder.bit_rate = 1_000_000
    encoder.max_b_frames = shape.b_frames
    options = _H265 if not h264 else _H264_B if shape.b_frames else _H264
    encoder.options = {name: value.format(gop=shape.fps * GROUP_S) for name, value in options.items()}
    return encoder


@cache
def clip(shape: Shape) -> Clip:
    """Encode *shape*'s clip; once a process."""
    if shape.codec is VideoCodec.MJPEG:
        return _jpegs(shape)
    encoder = _encoder(shape)
    packets = [packet for frame in [*_frames(shape), None] for packet in encoder.encode(frame)]
    samples = [sample_of_nals(_annex_b(bytes(packet))) for packet in packets]
    kinds = parameter_set_types(shape.codec)
    head = 0x1F if shape.codec is VideoCodec.H264 else 0x7E
    shift_by = 0 if shape.codec is VideoCodec.H264 else 1
    sets = [nal for nal in nals_of_sample(samples[0]) if (nal[0] & head) >> shift_by in kinds]
    ticks = 90_000 // shape.fps
    pictures = [
        Picture(data=data, key=packet.is_keyframe, shift=((packet.pts or 0) - index) * ticks)
        for index, (packet, data) in enumerate(zip(packets, samples, strict=True))
    ]
    return Clip(shape=shape, format=video_format(shape.codec, sets), pictures=tuple(pictures))


def _annex_b(data: bytes) -> list[bytes]:
    """NAL units between start codes."""
    found = [part.rstrip(b"\0") for part in data.split(b"\0\0\1")]
    return [nal for nal in found if nal]


def _tone(rate: int, seconds: int) -> NDArray[np.int16]:
    time = np.arange(rate * seconds) / rate
    return (8000 * np.sin(2 * np.pi * 440 * time)).astype(np.int16)


def _encoded(codec: str, rate: int) -> tuple[list[bytes], bytes]:
    encoder = av.CodecContext.create(codec, "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.time_base = rate, "mono", Fraction(1, rate)
    encoder.format = "fltp" if codec == "aac" else "s16"
    encoder.open()
    size = encoder.frame_size or ALAW_BLOCK
    resampler = av.AudioResampler(format=encoder.format, layout="mono", rate=rate, frame_size=size)
    whole = av.AudioFrame.from_ndarray(_tone(rate, CLIP_S)[None, :], format="s16", layout="mono")
    whole.sample_rate = rate
    packets = [packet for frame in resampler.resample(whole) for packet in encoder.encode(frame)]
    return [bytes(packet) for packet in packets], bytes(encoder.extradata or b"")


@cache
def alaw() -> Sound:
    """A tone at 8 kHz in A-law."""
    samples, _ = _encoded("pcm_alaw", 8000)
    form = AudioFormat(codec=AudioCodec.PCMA, sample_rate=8000, channels=1)
    return Sound(format=form, samples=tuple(samples), duration=ALAW_BLOCK)


@cache
def aac() -> Sound:
    """The same tone at 16 kHz in AAC-LC."""
    samples, config = _encoded("aac", 16_000)
    form = AudioFormat(codec=AudioCodec.AAC, sample_rate=16_000, channels=1, config=config)
    return Sound(format=form, samples=tuple(samples), duration=1024)


@cache
def opus() -> Sound:
    """The same tone as Opus."""
    samples, _ = _encoded("libopus", 48_000)
    form = AudioFormat(codec=AudioCodec.OPUS, sample_rate=48_000, channels=1)
    return Sound(format=form, samples=tuple(samples), duration=960)
