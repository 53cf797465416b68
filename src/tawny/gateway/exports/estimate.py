"""How large an export would be, and what to know before: from the index and the first fragments, without reading the footage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tawny.gateway.exports.model import Document, Item
from tawny.gateway.shelf import Loaded, Shelf
from tawny.recorder.archive.model import Gap, SegmentInfo, StreamKey
from tawny.runtime.clock import Clock
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK, AudioCodec, AudioFormat, VideoCodec, VideoFormat
from tawny.wire.moments import rfc3339

PART_US: Final = 3600 * 1_000_000
PART_BYTES: Final = 4_000_000_000
HOLE_US: Final = 600 * 1_000_000
_FORWARD_US: Final = 5_000_000  # what was recorded in the last seconds is not on file yet: that is no gap
_NAMES: Final = {VideoCodec.H264: "H.264", VideoCodec.H265: "H.265", VideoCodec.MJPEG: "MJPEG"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatedItem:
    """What a range would give."""

    camera: str
    size: int
    files: int
    seconds: float
    gaps: Sequence[Gap]
    codec: str | None
    notices: Sequence[str]

    def document(self) -> Document:
        gaps = [
            {"from": rfc3339(g.from_us), "to": rfc3339(g.to_us), "reason": str(g.reason), "title": g.title}
            for g in self.gaps
        ]
        told = {"camera": self.camera, "seconds": self.seconds, "gaps": gaps}
        return {**told, "codec": self.codec, "notices": list(self.notices)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What all of it would give."""

    items: Sequence[EstimatedItem]

    @property
    def size(self) -> int:
        return sum(item.size for item in self.items)

    @property
    def empty(self) -> bool:
        return all(item.size == 0 for item in self.items)

    def document(self) -> Document:
        notices = ["There is no footage in any of these ranges."] if self.empty else []
        items = [item.document() for item in self.items]
        return {"bytes": self.size, "files": sum(i.files for i in self.items), "items": items, "notices": notices}


class Estimator:
    """Looks into the archive for what a range would give."""

    def __init__(self, shelf: Shelf, *, clock: Clock) -> None:
        self._shelf = shelf
        self._clock = clock

    async def known(self, camera: str) -> bool:
        """Whether there ever was something recorded of *camera*."""
        return await self._shelf.has(camera)

    async def estimate(self, items: Sequence[Item], *, compatible: bool) -> Estimate:
        """What *items* would give, one after the other."""
        return Estimate(items=[await self._item(item, compatible=compatible) for item in items])

    async def unfinished(self, item: Item) -> bool:
        """Whether something of the range lies in a segment that is still open."""
        key = StreamKey(camera=item.camera, stream=item.stream)
        return any(s.end_us is None for s in await self._shelf.segments(key, item.from_us, item.to_us))

    async def _item(self, item: Item, *, compatible: bool) -> EstimatedItem:
        key = StreamKey(camera=item.camera, stream=item.stream)
        segments = await self._shelf.segments(key, item.from_us, item.to_us)
        sizes = [await self._size(segment, item) for segment in segments]
        loaded = await self._first(segments)
        share = 1.0 if item.audio or loaded is None else _soundless_share(loaded)
        size = int(sum(sizes) * share)
        video = loaded.formats[VIDEO_TRACK] if loaded is not None else None
        copies = compatible and isinstance(video, VideoFormat) and video.codec is not VideoCodec.H264
        files = _parts(segments, sizes)
        seconds, gaps = await self._cut(item)
        return EstimatedItem(
            camera=item.camera,
            size=size * 2 if copies else size,  # H.264 needs more bytes for the same picture; the copy is made smaller
            files=files * 2 if copies else files,
            seconds=seconds,
            gaps=gaps,
            codec=_NAMES[video.codec] if isinstance(video, VideoFormat) else None,
            notices=_notices(item, loaded, compatible=compatible),
        )

    async def _cut(self, item: Item) -> tuple[float, list[Gap]]:
        now_us = self._clock.utc_us()
        until_us = min(item.to_us, now_us)
        if until_us <= item.from_us:
            return 0.0, []
        line = await self._shelf.timeline(item.camera, item.from_us, until_us, stream=item.stream)
        seconds = sum(span.to_us - span.from_us for span in line.spans) / 1_000_000
        return round(seconds, 3), [gap for gap in line.gaps if gap.to_us - gap.from_us > 0 and not _fresh(gap, now_us)]

    async def _size(self, segment: SegmentInfo, item: Item) -> int:
        """How many of the segment's bytes lie in the range, as if they were spread evenly."""
        if segment.end_us is None:
            return await self._open_size(segment)
        inside = min(segment.end_us, item.to_us) - max(segment.start_us, item.from_us)
        return segment.size_bytes * max(0, inside) // max(1, segment.end_us - segment.start_us)

    async def _open_size(self, segment: SegmentInfo) -> int:
        try:
            return await self._shelf.size(segment.path)
        except OSError:
            return 0  # went away meanwhile

    async def _first(self, segments: Sequence[SegmentInfo]) -> Loaded | None:
        """The first segment that can be read."""
        for segment in segments[:3]:
            try:
                return await self._shelf.load(segment)
            except (OSError, ValueError):
                continue
        return None


def _soundless_share(loaded: Loaded) -> float:
    total = sum(info.size for info in loaded.fragments)
    soundless = sum(info.size for info in loaded.fragments if info.track != AUDIO_TRACK)
    return soundless / total if total else 1.0


def _parts(segments: Sequence[SegmentInfo], sizes: Sequence[int]) -> int:
    """How many files: an hour, 4 GB or a long hole begin the next one. A change of format is not foreseen."""
    parts = 0
    began_us = ended_us = held = 0
    for segment, size in zip(segments, sizes, strict=True):
        too_long = segment.start_us - began_us >= PART_US or segment.start_us - ended_us > HOLE_US
        if parts == 0 or too_long or held + size > PART_BYTES:
            parts += 1
            began_us, held = segment.start_us, 0
        held += size
        ended_us = segment.start_us if segment.end_us is None else segment.end_us
    return parts


def _fresh(gap: Gap, now_us: int) -> bool:
    return now_us - gap.from_us <= _FORWARD_US


def _notices(item: Item, loaded: Loaded | None, *, compatible: bool) -> list[str]:
    if loaded is None:
        return ["There is no footage in this range."]
    notices = []
    video, sound = loaded.formats[VIDEO_TRACK], loaded.formats.get(AUDIO_TRACK)
    if isinstance(video, VideoFormat) and video.codec is VideoCodec.H265 and not compatible:
        notices.append("The camera records H.265, which not every PC plays: add a compatible copy.")
    if item.audio and isinstance(sound, AudioFormat) and sound.codec in {AudioCodec.PCMA, AudioCodec.PCMU}:
        notices.append("The camera's sound is G.711, which some players leave silent.")
    if item.audio and sound is None:
        notices.append("There is no sound in this footage.")
    return notices
