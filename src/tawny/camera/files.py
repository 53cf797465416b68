"""Clips from video files, as PyAV reads them: H.264 or H.265 with AAC or G.711, nothing encoded anew."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from tawny.camera.sources import Clip, Sample
from tawny.runtime.problem import Kind, Problem
from tawny.wire import h26x
from tawny.wire.media import AUDIO_TRACK, VIDEO_TIMESCALE, VIDEO_TRACK, AudioCodec, AudioFormat, VideoCodec, VideoFormat

_Packet: TypeAlias = "Packet[Stream]"  # a generic in its stubs only

MOST_BYTES = 512 << 20
_MOST_G711 = 1000  # bytes a sample, so that each fits a packet
_VIDEO = {"h264": VideoCodec.H264, "hevc": VideoCodec.H265}
_AUDIO = {"aac": AudioCodec.AAC, "pcm_alaw": AudioCodec.PCMA, "pcm_mulaw": AudioCodec.PCMU}


def read_clip(path: Path) -> Clip:
    """The whole file as a clip; raises Problem(INVALID) where it holds nothing that a camera could send."""
    try:
        with av.open(str(path)) as container:
            return _clip(container)
    except (OSError, av.FFmpegError, ValueError) as error:
        raise Problem(
            Kind.INVALID,
            f"The file {path.name} can't be played as a camera: {error}.",
            remedy="Give an MP4 or MKV file with H.264 or H.265 video; sound in AAC or G.711 is sent too.",
        ) from error


def _clip(container: InputContainer) -> Clip:
    video = next((s for s in container.streams.video if s.codec_context.name in _VIDEO), None)
    if video is None:
        raise ValueError("it has no H.264 or H.265 video")
    audio = next((s for s in container.streams.audio if s.codec_context.name in _AUDIO), None)
    pictures, runs = _packets(container, video, audio)
    form, samples, start_s = _video(video, pictures)
    duration = samples[-1].time + samples[-1].duration
    sound = _audio_format(audio) if audio and runs else None
    if audio and sound:
        kept = _audio(audio, sound, runs, start_s)
        rate = sound.sample_rate
        end = duration * rate // VIDEO_TIMESCALE
        samples += [s for s in kept if s.time >= 0 and s.time + s.duration <= end]
        samples.sort(key=lambda s: s.time / (rate if s.track == AUDIO_TRACK else VIDEO_TIMESCALE))
    return Clip(video=form, audio=sound, duration_s=duration / VIDEO_TIMESCALE, samples=tuple(samples))


def _packets(
    container: InputContainer, video: VideoStream, audio: AudioStream | None
) -> tuple[list[_Packet], list[_Packet]]:
    """The video's packets from its first key frame on, and the audio's."""
    pictures: list[_Packet] = []
    runs: list[_Packet] = []
    size = 0
    for packet in container.demux([video, audio] if audio else [video]):
        size += packet.size
        if size > MOST_BYTES:
            raise ValueError("it is larger than 512 MB")
        if packet.size and packet.stream is video and (pictures or packet.is_keyframe):
            pictures.append(packet)
        elif packet.size and packet.stream is not video and packet.pts is not None:
            runs.append(packet)
    if not pictures:
        raise ValueError("it has no key frame")
    return pictures, runs


def _video(stream: VideoStream, packets: list[_Packet]) -> tuple[VideoFormat, list[Sample], Fraction]:
    """Format, samples, and when the first is decoded, in seconds of the file."""
    codec = _VIDEO[stream.codec_context.name]
    extra = stream.codec_context.extradata or b""
    boxed = extra[:1] == b"\x01"
    units = [list(h26x.nals_of_sample(data) if boxed else h26x.nals_of_annex_b(data)) for data in map(bytes, packets)]
    if boxed:
        form = h26x.read_decoder_configuration(codec, extra)
    else:
        form = h26x.video_format(codec, [*h26x.nals_of_annex_b(extra), *units[0]])
    base = stream.time_base or Fraction(1, VIDEO_TIMESCALE)
    times = _decode_times(stream, packets, base)
    start = times[0]
    ends = [*times[1:], times[-1] + _last_duration(times)]
    shown = [packet.pts * base if packet.pts is not None else time for packet, time in zip(packets, times, strict=True)]
    samples = []
    for packet, nals, time, end, presented in zip(packets, units, times, ends, shown, strict=True):
        at = _ticks(time - start, VIDEO_TIMESCALE)
        samples.append(
            Sample(
                track=VIDEO_TRACK,
                time=at,
                duration=_ticks(end - start, VIDEO_TIMESCALE) - at,
                data=h26x.sample_of_nals(_self_contained(codec, form, nals) if packet.is_keyframe else nals),
                key=packet.is_keyframe,
                composition_offset=_ticks(presented - time, VIDEO_TIMESCALE),
            )
        )
    return form, samples, start


def _decode_times(stream: VideoStream, packets: list[_Packet], base: Fraction) -> list[Fraction]:
    """Decode times in seconds, rising; a raw stream without times gets those of its frame rate."""
    known = [packet.dts for packet in packets]
    if any(dts is None for dts in known):
        rate = stream.average_rate or Fraction(25)
        return [number / Fraction(rate) for number in range(len(packets))]
    times = [dts * base for dts in known if dts is not None]
    if any(later <= earlier for earlier, later in pairwise(times)):
        raise ValueError("its times do not rise")
    return times


def _last_duration(times: list[Fraction]) -> Fraction:
    return times[-1] - times[-2] if len(times) > 1 else Fraction(1, 25)


def _self_contained(codec: VideoCodec, form: VideoFormat, nals: list[bytes]) -> list[bytes]:
    """A key frame with its parameter sets in front, as cameras send it."""
    known = {h26x.nal_type(codec, nal) for nal in nals if nal}
    if known.issuperset(h26x.parameter_set_types(codec)):
        return nals
    return [*form.parameter_sets, *nals]


def _audio_format(stream: AudioStream) -> AudioFormat:
    codec = _AUDIO[stream.codec_context.name]
    config = bytes(stream.codec_context.extradata or b"") if codec is AudioCodec.AAC else b""
    if codec is AudioCodec.AAC and not config:
        raise ValueError("its AAC sound lacks a configuration (ADTS): remux it to MP4")
    return AudioFormat(codec=codec, sample_rate=stream.rate, channels=stream.channels, config=config)


def _audio(stream: AudioStream, form: AudioFormat, packets: Iterable[_Packet], start_s: Fraction) -> Iterator[Sample]:
    base = stream.time_base or Fraction(1, form.sample_rate)
    for packet in packets:
        data = bytes(packet)
        time = _ticks((packet.pts or 0) * base - start_s, form.sample_rate)
        duration = _ticks((packet.duration or 0) * base, form.sample_rate) or 1024
        step = len(data) if form.codec is AudioCodec.AAC else _MOST_G711 // form.channels * form.channels
        for at in range(0, len(data), step):
            piece = data[at : at + step]
            ticks = duration if form.codec is AudioCodec.AAC else len(piece) // form.channels
            yield Sample(track=AUDIO_TRACK, time=time + at // form.channels, duration=ticks, data=piece, key=True)


def _ticks(seconds: Fraction, timescale: int) -> int:
    return round(seconds * timescale)
