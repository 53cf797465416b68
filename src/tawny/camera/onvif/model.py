"""What a device consists of: who it is, its channels, and the profiles that clients see."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote
from uuid import UUID

from tawny.camera.live import LiveStream
from tawny.camera.pacing import LoopedStream
from tawny.camera.sources import Clip
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK, AudioCodec, AudioFormat, VideoCodec
from tawny.wire.onvif.answers.device import Make
from tawny.wire.onvif.configurations import (
    AudioSourceConfiguration,
    MetadataConfiguration,
    VideoSourceConfiguration,
)
from tawny.wire.onvif.encoders import AudioEncoder, VideoEncoder
from tawny.wire.onvif.geometry import Rectangle, Size
from tawny.wire.onvif.profiles import Profile, VideoSource

_H264_PROFILES = {66: "Baseline", 77: "Main", 88: "Extended", 100: "High"}  # H.264, A.2
_AUDIO = {AudioCodec.PCMU: "PCMU", AudioCodec.PCMA: "PCMA", AudioCodec.AAC: "MP4A-LATM"}  # Media2's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the device is, for as long as its data is kept."""

    uuid: UUID
    name: str
    make: Make

    @property
    def reference(self) -> str:
        """Its lasting name in WS-Discovery."""
        return f"urn:uuid:{self.uuid}"

    @property
    def mac(self) -> str:
        """An address of the locally administered kind, its own."""
        digest = hashlib.sha256(self.uuid.bytes).digest()
        return ":".join(f"{byte:02x}" for byte in (0x02, *digest[:5]))


class Streams(Protocol):
    """The RTSP server, as far as a device that starts anew, or a stream whose codec changes, is concerned."""

    def withhold(self, paths: Collection[str]) -> None:
        """Let go who watches the streams *paths*, and serve them to nobody until `offer`."""
        ...

    def offer(self, paths: Collection[str]) -> None:
        """Serve *paths* again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A stream of a channel: *live* is what the RTSP server has at *path*."""

    name: str
    path: str
    live: LiveStream

    @property
    def clip(self) -> Clip:
        """What is shown now."""
        return self.live.clip

    @property
    def original(self) -> Clip:
        """What is shown where nothing was drawn anew."""
        return self.live.original if isinstance(self.live, LoopedStream) else self.clip

    @property
    def looped(self) -> LoopedStream:
        """The stream of a channel that is not captured."""
        assert isinstance(self.live, LoopedStream), "what is captured can't be drawn anew"
        return self.live


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One place that the device looks at; *token* is that of its video source."""

    token: str
    streams: tuple[Stream, ...]

    @property
    def size(self) -> Size:
        """The size of the largest picture."""
        videos = [stream.original.video for stream in self.streams]
        largest = max(videos, key=lambda video: video.width * video.height)
        return Size(width=largest.width, height=largest.height)

    @property
    def captured(self) -> bool:
        """Whether this is what a webcam sees: nobody of ours acts there, and it can't be drawn anew."""
        return not all(isinstance(stream.live, LoopedStream) for stream in self.streams)

    @property
    def sound(self) -> bool:
        """Whether there is a microphone."""
        return any(stream.clip.audio is not None for stream in self.streams)

    def video_source(self) -> VideoSource:
        """The sensor."""
        return VideoSource(
            token=self.token, frame_rate=max(frame_rate(s.original) for s in self.streams), size=self.size
        )

    def profiles(self) -> list[Profile]:
        """A fixed profile for each stream, the first one first."""
        return [self._profile(stream) for stream in self.streams]

    def _profile(self, stream: Stream) -> Profile:
        audio = stream.clip.audio
        token = f"{self.token}-{stream.name}"
        return Profile(
            token=token,
            name=f"{self.token} {stream.name}",
            fixed=True,
            video_source=self._video_source_configuration(),
            audio_source=None if audio is None else self._audio_source_configuration(),
            video_encoder=video_encoder(f"{token}-video", stream.clip),
            audio_encoder=None if audio is None else _audio_encoder(f"{token}-sound", audio, stream.clip),
            metadata=None
            if self.captured
            else MetadataConfiguration(
                token=f"{self.token}-metadata",
                name=f"{self.token} metadata",
                use_count=len(self.streams),
                analytics=True,
                events=True,
                session_timeout_s=60,
            ),
        )

    def _video_source_configuration(self) -> VideoSourceConfiguration:
        return VideoSourceConfiguration(
            token=f"{self.token}-picture",
            name=f"{self.token} picture",
            use_count=len(self.streams),
            source=self.token,
            bounds=Rectangle(x=0, y=0, width=self.size.width, height=self.size.height),
        )

    def _audio_source_configuration(self) -> AudioSourceConfiguration:
        return AudioSourceConfiguration(
            token=f"{self.token}-microphone",
            name=f"{self.token} microphone",
            use_count=sum(stream.clip.audio is not None for stream in self.streams),
            source=f"{self.token}-sound",
        )


def loudspeaker(channel: Channel) -> str:
    """The token of the channel's loudspeaker."""
    return f"{channel.token}-loudspeaker"


def channels_of(streams: Mapping[str, LiveStream]) -> list[Channel]:
    """The channels of *streams*, which are named by their paths: ``/gate/main``."""
    by_source: dict[str, list[Stream]] = {}
    for path, live in streams.items():
        _, source, name = path.split("/")
        by_source.setdefault(source, []).append(Stream(name=name, path=quote(path), live=live))
    return [Channel(token=_token(source), streams=tuple(listed)) for source, listed in by_source.items()]


def _token(name: str) -> str:
    """A reference token: of plain letters, at most 64 of them with what is added to it."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name)[:32]


def frame_rate(clip: Clip) -> float:
    """Pictures a second."""
    count = sum(sample.track == VIDEO_TRACK for sample in clip.samples)
    return round(count / clip.duration_s, 2)


def video_encoder(token: str, clip: Clip) -> VideoEncoder:
    pictures = [sample for sample in clip.samples if sample.track == VIDEO_TRACK]
    h264 = clip.video.codec is VideoCodec.H264
    return VideoEncoder(
        token=token,
        name=token.replace("-", " "),
        use_count=1,
        encoding="H264" if h264 else "H265",
        size=Size(width=clip.video.width, height=clip.video.height),
        quality=5.0,
        frame_rate=frame_rate(clip),
        bitrate_kbps=max(1, round(sum(len(sample.data) for sample in pictures) * 8 / clip.duration_s / 1000)),
        encoding_interval=1,
        gov_length=len(pictures) // max(1, sum(sample.key for sample in pictures)),
        codec_profile=_H264_PROFILES.get(clip.video.parameter_sets[0][1], "High") if h264 else "Main",
        session_timeout_s=60,
    )


def _audio_encoder(token: str, form: AudioFormat, clip: Clip) -> AudioEncoder:
    sent = sum(len(sample.data) for sample in clip.samples if sample.track == AUDIO_TRACK)
    return AudioEncoder(
        token=token,
        name=token.replace("-", " "),
        use_count=1,
        encoding=_AUDIO[form.codec],
        bitrate_kbps=max(1, round(sent * 8 / clip.duration_s / 1000)),
        sample_rate=form.sample_rate,
        session_timeout_s=60,
    )
