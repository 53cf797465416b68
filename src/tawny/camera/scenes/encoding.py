"""From pictures and sound to a file, as a camera's encoder would: closed groups of pictures, constant rate, no delay."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Self

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tawny.camera.scenes.picture import Floats, Picture
from tawny.camera.scenes.sound import RATE

_AAC_RUN = 1024  # samples an AAC frame
_BT709, _LIMITED = 1, 1  # ITU-T H.273: colour primaries and matrix; range


@dataclass(frozen=True, kw_only=True)
class VideoCoding:
    """How pictures are encoded: *rate* pictures a second, a key frame each *group* of them."""

    codec: str = "libx264"
    profile: str
    rate: Fraction
    group: int
    bits_per_second: int
    preset: str = "superfast"
    b_frames: int = 0
    extra: Mapping[str, str] = field(default_factory=dict)


MAIN = VideoCoding(profile="high", rate=Fraction(25), group=50, bits_per_second=4_000_000)
SUB = VideoCoding(profile="main", rate=Fraction(25, 2), group=25, bits_per_second=500_000, preset="veryfast")


class ClipWriter:
    """Writes one clip; ``with`` finishes the file. Pictures come first to last, sound all at once at the end."""

    def __init__(self, path: Path, coding: VideoCoding, *, form: str = "mp4") -> None:
        self._container: OutputContainer = av.open(str(path), "w", format=form)
        self._coding = coding
        self._video: VideoStream | None = None
        self._sound: AudioStream | None = None
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._container.close()

    def expect_sound(self, codec: str = "aac", *, rate: int = RATE) -> None:
        """The clip will have sound: tell before the first picture."""
        stream = self._container.add_stream(codec, rate=rate)
        assert isinstance(stream, AudioStream), f"{codec} is a sound codec"
        stream.codec_context.layout = "mono"
        if codec == "aac":
            stream.codec_context.bit_rate = 32_000
        self._sound = stream

    def add(self, picture: Picture) -> None:
        """Encode the next picture; all have the size of the first."""
        if self._video is None:
            self._video = self._open(picture.width, picture.height)
        frame = VideoFrame.from_ndarray(picture.planes(), format="yuv420p")
        frame.pts = self._count
        frame.time_base = 1 / self._coding.rate
        self._count += 1
        self._container.mux(self._video.encode(frame))

    def finish(self, sound: Floats | None = None) -> None:
        """Write what the encoder still holds, then *sound* (whole runs of 1024 samples for AAC)."""
        assert self._video is not None, "a clip has a picture"
        self._container.mux(self._video.encode(None))
        if sound is not None:
            assert self._sound is not None, "sound was announced"
            for packet in self._encoded(self._sound, sound):
                self._container.mux(packet)

    def _open(self, width: int, height: int) -> VideoStream:
        coding = self._coding
        stream = self._container.add_stream(coding.codec, rate=coding.rate)
        assert isinstance(stream, VideoStream), f"{coding.codec} is a picture codec"
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = width, height, "yuv420p"
        context.time_base = 1 / coding.rate
        context.colorspace, context.color_range = _BT709, _LIMITED
        context.color_primaries, context.color_trc = _BT709, _BT709
        context.thread_count = 1
        context.options = {**_rate_control(coding), **coding.extra}
        return stream

    def _encoded(self, stream: AudioStream, sound: Floats) -> "Iterator[av.Packet]":  # type: ignore[type-arg]  # generic in PyAV's stubs only
        if stream.codec_context.name != "aac":
            yield from _all_packets(stream, [sound])
            return
        # AAC frames overlap and start with one of silence: the second of two rounds fits itself without a seam.
        packets = list(_all_packets(stream, [sound, sound]))
        runs = len(sound) // _AAC_RUN
        for number, packet in enumerate(packets[runs : 2 * runs]):
            packet.pts = packet.dts = number * _AAC_RUN
            packet.time_base = Fraction(1, stream.rate)
            yield packet


def _rate_control(coding: VideoCoding) -> dict[str, str]:
    common = {"preset": coding.preset, "profile": coding.profile, "bf": str(coding.b_frames), "g": str(coding.group)}
    rate = str(coding.bits_per_second)
    common |= {"b": rate, "maxrate": rate, "bufsize": str(coding.bits_per_second), "sc_threshold": "0"}
    return common | {"keyint_min": str(coding.group), "forced-idr": "1"}


def _all_packets(stream: AudioStream, sounds: Iterable[Floats]) -> "Iterator[av.Packet]":  # type: ignore[type-arg]  # generic in PyAV's stubs only
    at = 0
    for sound in sounds:
        coded = np.rint(sound * 32767).astype(np.int16)
        for start in range(0, len(coded), _AAC_RUN):
            frame = av.AudioFrame.from_ndarray(coded[None, start : start + _AAC_RUN], format="s16", layout="mono")
            frame.sample_rate = stream.rate
            frame.pts = at
            at += frame.samples
            yield from stream.encode(frame)
    yield from stream.encode(None)
