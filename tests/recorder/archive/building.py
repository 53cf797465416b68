"""Fragments and an archive to put them in."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

from tawny.recorder.archive.model import Fragment, StreamKey
from tawny.runtime.data_directory import DataDirectory
from tawny.wire.media import AUDIO_TRACK, METADATA_TRACK, VIDEO_TRACK, StreamName, TrackFormat
from tests.wire.mp4.clips import Clip, g711_clip, groups, joined, video_clip

SECOND = 1_000_000
VOLUME = "vol_7kq2m9xw4tbd3hfz"
NOON_US = 1_795_348_800_000_000  # 2026-11-22T12:00:00Z
MAIN = StreamKey(camera="cam_gate", stream=StreamName.MAIN)
SUB = StreamKey(camera="cam_gate", stream=StreamName.SUB)
OTHER = StreamKey(camera="cam_yard", stream=StreamName.MAIN)


def clip() -> Clip:
    return joined(video_clip(seconds=2), g711_clip(seconds=2))


def formats() -> dict[int, TrackFormat]:
    return clip().formats


def video(second: int = 0, *, start_us: int = NOON_US, key: bool = True) -> Fragment:
    """The video of one second, *second* seconds into its segment."""
    samples = next(samples for track, samples in groups(clip()) if track == VIDEO_TRACK)
    return Fragment(
        track=VIDEO_TRACK,
        decode_time=second * 90_000,
        utc_us=start_us + second * SECOND,
        durations=[s.duration for s in samples],
        shifts=None,
        key=key,
        frames=[s.data for s in samples],
    )


def audio(second: int = 0, *, start_us: int = NOON_US) -> Fragment:
    """The sound of one second."""
    samples = next(samples for track, samples in groups(clip()) if track == AUDIO_TRACK)
    return Fragment(
        track=AUDIO_TRACK,
        decode_time=second * 8000,
        utc_us=start_us + second * SECOND,
        durations=[s.duration for s in samples],
        shifts=None,
        key=True,
        frames=[s.data for s in samples],
    )


def told(second: int = 0, *, start_us: int = NOON_US) -> Fragment:
    """A document of metadata."""
    return Fragment(
        track=METADATA_TRACK,
        decode_time=second * 90_000,
        utc_us=start_us + second * SECOND,
        durations=[90],
        shifts=None,
        key=True,
        frames=[b"<MetadataStream>" + bytes(str(second), "ascii") * 200 + b"</MetadataStream>"],
    )


def small(second: int = 0, *, start_us: int = NOON_US, size: int = 50) -> Fragment:
    """A second of video of two frames, for where the picture does not matter."""
    whole = video(second, start_us=start_us)
    frame = (size - 4).to_bytes(4, "big") + bytes(size - 4)
    return replace(whole, durations=[45_000, 45_000], frames=[frame, frame])


def ids() -> Callable[[str], str]:
    """Ids that tell their order."""
    numbers: Iterator[int] = itertools.count(1)
    return lambda kind: f"{kind}_{next(numbers):016d}"


def all_files(data: DataDirectory) -> list[str]:
    """The segment files, as paths inside the archive."""
    return sorted(str(path.relative_to(data.archive)) for path in data.archive.rglob("*.mp4"))
