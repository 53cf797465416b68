"""What flows through the system: formats of tracks, and access units.

Names follow ISO/IEC 14496-12 (track, sample, timescale) and RFC 6184 (access unit).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

VIDEO_TIMESCALE = 90_000  # ticks a second of every video track: the RTP clock of RFC 6184 and RFC 7798
VIDEO_TRACK = 1  # track ids in every segment file, export and live stream
AUDIO_TRACK = 2
METADATA_TRACK = 3
METADATA_TIMESCALE = 90_000  # ONVIF Streaming, 5.2.1.1


class StreamName(StrEnum):
    """A camera's streams: main is recorded and shown large, sub is for walls, detection and thumbnails."""

    MAIN = "main"
    SUB = "sub"


class VideoCodec(StrEnum):
    """Video codecs that we record."""

    H264 = "h264"
    H265 = "h265"
    MJPEG = "mjpeg"


class AudioCodec(StrEnum):
    """Audio codecs that we record, kept as sent."""

    AAC = "aac"
    PCMA = "pcma"
    PCMU = "pcmu"
    OPUS = "opus"


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFormat:
    """What a decoder must know before the first picture.

    *parameter_sets* are NAL units without start code or length, in the order of the stream: SPS then PPS for H.264,
    VPS, SPS, PPS for H.265, none for MJPEG. *codec_string* is RFC 6381's (``avc1.640028``, ``hvc1.1.6.L120.90``,
    ``mp4v.6C``).
    """

    codec: VideoCodec
    parameter_sets: tuple[bytes, ...]
    width: int
    height: int
    codec_string: str

    @property
    def timescale(self) -> int:
        return VIDEO_TIMESCALE


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFormat:
    """An audio track: *sample_rate* in Hz is also its timescale; *config* is AAC's AudioSpecificConfig, else empty."""

    codec: AudioCodec
    sample_rate: int
    channels: int
    config: bytes = b""

    @property
    def timescale(self) -> int:
        return self.sample_rate

    @property
    def codec_string(self) -> str:
        """RFC 6381's name; G.711 has none that browsers play, so its MP4 sample entry's name stands in."""
        if self.codec is AudioCodec.AAC:
            return f"mp4a.40.{self.config[0] >> 3 if self.config else 2}"
        if self.codec is AudioCodec.OPUS:
            return "opus"
        return "alaw" if self.codec is AudioCodec.PCMA else "ulaw"


class MetadataCodec(StrEnum):
    """What documents of metadata we keep."""

    ONVIF = "onvif"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataFormat:
    """A track of what a camera tells beside its picture: a sample is one whole document (ONVIF's MetadataStream, XML)."""

    codec: MetadataCodec = MetadataCodec.ONVIF

    @property
    def timescale(self) -> int:
        return METADATA_TIMESCALE

    @property
    def codec_string(self) -> str:
        """The MP4 sample entry's name, for RFC 6381 has none."""
        return "metx"


TrackFormat = VideoFormat | AudioFormat | MetadataFormat


class AccessUnit(NamedTuple):
    """One coded picture, or one run of audio, as an MP4 sample.

    *timestamp* is RTP's 32-bit presentation time in the track's timescale; *data* for video holds NAL units each after
    its 4-byte length or is a JPEG file, for audio a raw AAC frame, an Opus packet or G.711 bytes, for metadata a document; *key* says that decoding can start here.
    """

    timestamp: int
    data: bytes
    key: bool
