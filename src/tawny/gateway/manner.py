"""In which manner a viewer goes through the archive: how fast, which way, which pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from tawny.gateway.shelf import Loaded
from tawny.wire.media import VIDEO_TRACK
from tawny.wire.mp4.reading import FragmentInfo

SLOWEST: Final = 0.125
FASTEST: Final = 32.0
FASTEST_BACK: Final = -4.0
EVERY_PICTURE: Final = 4.0  # up to this speed each picture is sent unless asked otherwise
_PICTURES_A_SECOND: Final = 25  # more key frames than that are more than anyone sees
MAX_TICKS: Final = (1 << 32) - 1  # of a sample's duration in `trun`


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """*speed* is negative where time runs backwards; *key_only* leaves out what is no key frame, and the sound."""

    speed: float = 1.0
    key_only: bool = False

    @property
    def backwards(self) -> bool:
        return self.speed < 0

    @property
    def step_us(self) -> int:
        """How far key frames have to be apart, where only those are sent."""
        return round(abs(self.speed) * 1_000_000 / _PICTURES_A_SECOND)


def manner(speed: float, frames: str | None) -> Manner:
    """The manner of a speed and of ``all``, ``key`` or None; ValueError for what there is not."""
    if not (SLOWEST <= speed <= FASTEST or FASTEST_BACK <= speed <= -1):
        raise ValueError("a speed is from 0.125 to 32, or from -1 to -4")
    if frames not in {None, "all", "key"}:
        raise ValueError("frames are all or key")
    return Manner(speed=speed, key_only=frames == "key" or (frames is None and speed > EVERY_PICTURE))


class KeyPicture(NamedTuple):
    """The key frame that *info* begins with, shown for *ticks*."""

    info: FragmentInfo
    ticks: int


def key_pictures(loaded: Loaded, fragments: Sequence[FragmentInfo], *, step_us: int) -> list[KeyPicture]:
    """The key frames among *fragments*, each at least *step_us* after the one before and shown until the next."""
    video = [info for info in fragments if info.track == VIDEO_TRACK]
    chosen: list[FragmentInfo] = []
    for info in video:
        if info.key and (not chosen or loaded.start_us(info) - loaded.start_us(chosen[-1]) >= step_us):
            chosen.append(info)
    ends = [info.decode_time for info in chosen[1:]] + [max((i.decode_time + i.duration for i in video), default=0)]
    return [
        KeyPicture(info, min(MAX_TICKS, max(1, end - info.decode_time)))
        for info, end in zip(chosen, ends, strict=False)
    ]


def groups(loaded: Loaded, before_us: int) -> list[list[FragmentInfo]]:
    """The groups of pictures that begin before *before_us*, in the order of time, without their sound."""
    found: list[list[FragmentInfo]] = []
    for info in loaded.fragments:
        if info.track != VIDEO_TRACK:
            continue
        if info.key:
            if loaded.start_us(info) >= before_us:
                break
            found.append([info])
        elif found:
            found[-1].append(info)
    return found
