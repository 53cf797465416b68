"""Short clips, encoded when first asked for: formats and samples as a camera's depacketizer would give them."""

import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass

import av
import numpy as np

from tawny.wire.h26x import read_decoder_configuration
from tawny.wire.media import (
    AUDIO_TRACK,
    METADATA_TRACK,
    VIDEO_TRACK,
    AudioCodec,
    AudioFormat,
    MetadataFormat,
    TrackFormat,
    VideoCodec,
    VideoFormat,
)
from tawny.wire.mp4.fragments import fragment_head, init_segment
from tests.wire.jpegs import picture

START_US = 1_795_000_000_123_456


@dataclass(frozen=True, kw_only=True)
class ClipSample:
    """One sample with its times in the track's ticks."""

    data: bytes
    decode_time: int
    duration: int
    shift: int
    key: bool


@dataclass(frozen=True, kw_only=True)
class Clip:
    """Formats and samples by track id."""

    formats: dict[int, TrackFormat]
    samples: dict[int, list[ClipSample]]


@functools.cache
def video_clip(codec: str = "h264", *, seconds: int = 4, bframes: int = 0, width: int = 320, height: int = 180) -> Clip:
    """A clip of *seconds* at 25 frames a second, a key frame each second."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        options = {"preset": "ultrafast", "x265-params": "log-level=none:keyint=25:min-keyint=25"}
        stream = container.add_stream("libx264" if codec == "h264" else "libx265", rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = width, height, "yuv420p", 25
        stream.max_b_frames = bframes
        for number in range(25 * seconds):
            picture = np.full((height, width, 3), (number * 9 % 256, 90, 200), np.uint8)
            picture[:, number * 3 % width :] = 30
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return _read(buffer, codec)


def _read(buffer: io.BytesIO, codec: str) -> Clip:
    buffer.seek(0)
    with av.open(buffer, "r") as container:
        stream = container.streams.video[0]
        form = read_decoder_configuration(VideoCodec(codec), bytes(stream.codec_context.extradata or b""))
        packets = [p for p in container.demux(stream) if p.size]
        ticks = float(90_000 * stream.time_base)  # type: ignore[operator]  # a stream that was read has a time base
        sets = b"".join(len(nal).to_bytes(4, "big") + nal for nal in form.parameter_sets)
        first, shown = packets[0].dts or 0, packets[0].pts or 0
        samples = [
            ClipSample(
                data=(sets if p.is_keyframe else b"") + bytes(p),
                decode_time=round(((p.dts or 0) - first) * ticks),
                duration=3600,
                shift=round(((p.pts or 0) - (p.dts or 0) - shown + first) * ticks),  # the first is 0, some are negative
                key=p.is_keyframe,
            )
            for p in packets
        ]
    return Clip(formats={VIDEO_TRACK: form}, samples={VIDEO_TRACK: samples})


@functools.cache
def g711_clip(*, law: AudioCodec = AudioCodec.PCMA, seconds: int = 4) -> Clip:
    """A clip of noise in runs of 20 ms at 8 kHz."""
    noise = np.random.default_rng(1).integers(0, 256, 8000 * seconds, dtype=np.uint8).tobytes()
    samples = [
        ClipSample(data=noise[at : at + 160], decode_time=at, duration=160, shift=0, key=True)
        for at in range(0, len(noise), 160)
    ]
    return Clip(
        formats={AUDIO_TRACK: AudioFormat(codec=law, sample_rate=8000, channels=1)}, samples={AUDIO_TRACK: samples}
    )


@functools.cache
def aac_clip(*, seconds: int = 4, sample_rate: int = 48_000) -> Clip:
    """A clip of a tone as AAC-LC in mono."""
    encoder = av.CodecContext.create("aac", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.format, encoder.layout = sample_rate, av.AudioFormat("fltp"), av.AudioLayout("mono")
    packets, total = [], sample_rate * seconds // 1024 * 1024
    encoder.open()
    for at in range(0, total, 1024):
        tone = np.sin(np.arange(at, at + 1024, dtype=np.float32) / 20).reshape(1, -1).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
        frame.sample_rate, frame.pts = sample_rate, at
        packets += encoder.encode(frame)
    form = AudioFormat(
        codec=AudioCodec.AAC, sample_rate=sample_rate, channels=1, config=bytes(encoder.extradata or b"")[:2]
    )
    samples = [
        ClipSample(data=bytes(p), decode_time=at * 1024, duration=1024, shift=0, key=True)
        for at, p in enumerate(packets)
    ]
    return Clip(formats={AUDIO_TRACK: form}, samples={AUDIO_TRACK: samples})


def metadata_clip(*, seconds: int = 4) -> Clip:
    """A clip of five documents a second, each of one moment."""
    samples = [
        ClipSample(data=b'<MetadataStream n="%d"/>' % n, decode_time=n * 18_000, duration=18_000, shift=0, key=True)
        for n in range(5 * seconds)
    ]
    return Clip(formats={METADATA_TRACK: MetadataFormat()}, samples={METADATA_TRACK: samples})


def joined(*clips: Clip) -> Clip:
    """The tracks of all *clips* in one."""
    return Clip(
        formats={t: f for clip in clips for t, f in clip.formats.items()},
        samples={t: s for clip in clips for t, s in clip.samples.items()},
    )


def groups(clip: Clip) -> list[tuple[int, list[ClipSample]]]:
    """Track and samples of each fragment, one second of one track each, as stored: in the order of their start."""
    found: list[tuple[float, int, list[ClipSample]]] = []
    for track, samples in clip.samples.items():
        scale = clip.formats[track].timescale
        for sample in samples:
            second = sample.decode_time // scale
            if not found or found[-1][1] != track or found[-1][0] != second:
                found.append((second, track, []))
            found[-1][2].append(sample)
    return [(track, samples) for _, track, samples in sorted(found, key=lambda f: (f[0], f[1]))]


def fragment(
    track: int, samples: Sequence[ClipSample], *, scale: int, sequence: int, start_us: int, late: int = 0
) -> bytes:
    """One stored fragment, *late* ticks later than the clip has it."""
    time = samples[0].decode_time + late
    head = fragment_head(
        track=track,
        sequence=sequence,
        decode_time=time,
        utc_us=start_us + time * 1_000_000 // scale,
        durations=[s.duration for s in samples],
        sizes=[len(s.data) for s in samples],
        shifts=[s.shift for s in samples] if any(s.shift for s in samples) else None,
        key=samples[0].key,
    )
    return head + b"".join(s.data for s in samples)


def segment(clip: Clip, *, start_us: int = START_US) -> list[bytes]:
    """A segment file of the clip: the init segment, then each fragment."""
    fragments = [
        fragment(track, samples, scale=clip.formats[track].timescale, sequence=at + 1, start_us=start_us)
        for at, (track, samples) in enumerate(groups(clip))
    ]
    return [init_segment(clip.formats), *fragments]


@functools.cache
def opus_clip(*, seconds: int = 4) -> Clip:
    """A clip of a tone as Opus in mono, 20 ms a packet."""
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.format, encoder.layout = 48_000, av.AudioFormat("s16"), av.AudioLayout("mono")
    encoder.open()
    packets = []
    for at in range(0, 48_000 * seconds, 960):
        tone = (np.sin(np.arange(at, at + 960) / 20) * 10_000).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(tone, format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48_000, at
        packets += encoder.encode(frame)
    samples = [
        ClipSample(data=bytes(p), decode_time=at * 960, duration=960, shift=0, key=True) for at, p in enumerate(packets)
    ]
    return Clip(
        formats={AUDIO_TRACK: AudioFormat(codec=AudioCodec.OPUS, sample_rate=48_000, channels=1)},
        samples={AUDIO_TRACK: samples},
    )


@functools.cache
def mjpeg_clip(*, seconds: int = 4) -> Clip:
    """A clip of JPEG pictures of noise."""
    form = VideoFormat(codec=VideoCodec.MJPEG, parameter_sets=(), width=64, height=48, codec_string="mp4v.6C")
    samples = [
        ClipSample(data=picture(at), decode_time=at * 3600, duration=3600, shift=0, key=True)
        for at in range(25 * seconds)
    ]
    return Clip(formats={VIDEO_TRACK: form}, samples={VIDEO_TRACK: samples})
