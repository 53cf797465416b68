"""A stream of what a webcam captures: sent when it comes, at the time at which it was captured."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from tawny.camera.live import SPREAD_S, First, LiveStream
from tawny.camera.sources import Clip, Sample
from tawny.runtime.clock import Clock
from tawny.wire.media import VIDEO_TIMESCALE, VIDEO_TRACK, VideoFormat

_MOST_PICTURES = 1200  # of a group: a webcam that gives one key frame only is not kept in memory for ever
_MOST_BYTES = 32 << 20
_STALE_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedPicture:
    """A picture as it is sent: *data* as in `Sample`, *moment_s* is when it was captured on the monotonic clock."""

    form: VideoFormat
    data: bytes
    key: bool
    moment_s: float


class Adjustable(Protocol):
    """What adjusts a webcam's picture; values go from 0 to 100. Raises OSError where the device doesn't do it."""

    @property
    def names(self) -> Collection[str]:
        """What can be adjusted, of ``brightness``, ``contrast``, ``saturation`` and ``sharpness``."""
        ...

    async def adjusted(self) -> Mapping[str, float]:
        """How it is adjusted now."""
        ...

    async def adjust(self, values: Mapping[str, float]) -> None:
        """Adjust it; *values* has some of `names`."""
        ...


def first_clip(picture: CodedPicture, *, rate: float) -> Clip:
    """The clip that stands for a stream of which only one picture, a key frame, is known."""
    ticks = max(1, round(VIDEO_TIMESCALE / rate))
    only = Sample(track=VIDEO_TRACK, time=0, duration=ticks, data=picture.data, key=True)
    return Clip(video=picture.form, audio=None, duration_s=ticks / VIDEO_TIMESCALE, samples=(only,))


class CapturedStream(LiveStream):
    """A stream that is given its pictures.

    Invariants: timestamps rise; `clip` is the last whole group of pictures, or what came first; a format that changes
    is described anew from its first key frame on.
    """

    def __init__(
        self,
        first: Clip,
        *,
        clock: Clock,
        start: float,
        random_32: Callable[[], int],
        adjustable: Adjustable,
        spread_s: float = SPREAD_S,
    ) -> None:
        super().__init__(clock=clock, start=start, random_32=random_32, spread_s=min(spread_s, first.duration_s / 3))
        self.adjustable = adjustable
        self._clip = first
        self._group: list[tuple[int, CodedPicture]] = []
        self._group_bytes = 0
        self._last = -1  # the last picture's ticks since the stream's start
        self._describe(first)

    @property
    def clip(self) -> Clip:
        return self._clip

    def firsts(self) -> dict[int, First]:
        track = self._tracks[VIDEO_TRACK]
        now = round(self._now_s() * VIDEO_TIMESCALE)
        fresh = self._last >= now - _STALE_S * VIDEO_TIMESCALE
        first = First(track.rtp.sequence, track.timestamp(0.0, self._last + 1 if fresh else now))
        return {VIDEO_TRACK: first} | self._first_document()

    async def send(self, picture: CodedPicture) -> None:
        """Send *picture* to those who watch."""
        time = max(round((picture.moment_s - self._start) * VIDEO_TIMESCALE), self._last + 1)
        self._last = time
        self._keep(time, picture)
        if self._viewers:
            self._report()
            timestamp = self._tracks[VIDEO_TRACK].timestamp(0.0, time)
            packets = self._packets(VIDEO_TRACK, picture.data, timestamp)
            await self._spread(VIDEO_TRACK, packets, self._clock.monotonic())

    def _keep(self, time: int, picture: CodedPicture) -> None:
        """Remember the picture as one of its group; one that begins a group makes the last one the clip."""
        if picture.key:
            if self._group:
                self._clip = _clip_of(self._group, time)
            if picture.form != self._tracks[VIDEO_TRACK].form:
                self._clip = first_clip(picture, rate=VIDEO_TIMESCALE / self._clip.samples[-1].duration)
                self._describe(self._clip)
            self._group, self._group_bytes = [], 0
        elif not self._group or len(self._group) >= _MOST_PICTURES or self._group_bytes >= _MOST_BYTES:
            return
        self._group.append((time, picture))
        self._group_bytes += len(picture.data)


def _clip_of(group: list[tuple[int, CodedPicture]], end: int) -> Clip:
    begin, first = group[0]
    times = [time - begin for time, _ in group]
    ends = [*times[1:], end - begin]
    samples = tuple(
        Sample(track=VIDEO_TRACK, time=time, duration=later - time, data=picture.data, key=picture.key)
        for time, later, (_, picture) in zip(times, ends, group, strict=True)
    )
    return replace(first_clip(first, rate=1.0), duration_s=(end - begin) / VIDEO_TIMESCALE, samples=samples)
