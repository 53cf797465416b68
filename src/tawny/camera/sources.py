"""What a camera of ours shows: clips held in memory, which the server plays in a loop."""

from collections.abc import Mapping
from dataclasses import dataclass

from tawny.wire.media import AudioFormat, VideoFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One access unit of a clip.

    *track* is `VIDEO_TRACK` or `AUDIO_TRACK`; *time* is when it is sent and decoded, in ticks of its track since the
    clip's start, *composition_offset* what is to be added for its presentation (B frames), *duration* ticks until the
    track's next one. *data* is as in `AccessUnit`: NAL units after 4-byte lengths (a key frame starts with its
    parameter sets), a raw AAC frame, or G.711 bytes.
    """

    track: int
    time: int
    duration: int
    data: bytes
    key: bool
    composition_offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One stream: what to send in *duration_s* seconds, then again from the start.

    Invariants: *samples* are in the order in which they are sent (by their time in seconds, whatever the track);
    every *time* lies inside the clip; the first video sample is a key frame.
    """

    video: VideoFormat
    audio: AudioFormat | None
    duration_s: float
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that a camera looks at, served as ``/<name>/<stream>``; *streams* by name: "main", "sub"."""

    name: str
    streams: Mapping[str, Clip]
