"""Playback: from any moment on, across segments, holes and formats, up to the present and on with it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Final

from tawny.gateway.manner import Manner, key_pictures
from tawny.gateway.narration import SEAM_US, Narration
from tawny.gateway.shelf import Loaded, Shelf
from tawny.recorder.archive.model import GapReason, SegmentInfo, StreamKey
from tawny.runtime.clock import Clock
from tawny.wire.media import VIDEO_TRACK
from tawny.wire.media_socket import MediaMessage, note
from tawny.wire.mp4.reading import FragmentInfo

PRESENT_US: Final = 13_000_000  # so young a hole, of which nobody knows a reason, is only what we waited for
LATE_US: Final = (
    10_000_000  # what is older will not come any more: a fragment is a second long, and a busy disk makes it wait
)
POLL_S: Final = 0.5


class Playback:
    """One viewer's way through one stream of the archive.

    Invariants: messages come in the order of time; media time counts from one origin, the start of the first segment;
    a hole is told before what follows it. At most one fragment is in memory. Between two looks at a recording that grows,
    and while the reader pauses, nothing is done.
    """

    def __init__(self, shelf: Shelf, key: StreamKey, *, clock: Clock, manner: Manner | None = None) -> None:
        self._shelf = shelf
        self._key = key
        self._clock = clock
        self._manner = manner or Manner()
        self._told = Narration(shelf, key, origin_us=0)

    async def messages(self, from_us: int) -> AsyncGenerator[MediaMessage, None]:
        """Yield what there is from the key frame at or before *from_us* on, and what is being recorded, then the end."""
        position_us, reached = min(from_us, self._clock.utc_us()), False
        segment = await self._awaited(
            lambda now_us: self._shelf.segment_from(self._key, from_us, now_us=now_us), from_us
        )
        self._told = Narration(self._shelf, self._key, origin_us=segment.start_us if segment else from_us)
        for message in await self._told.introduced(segment):
            yield message
        while segment is not None:
            if segment.start_us - position_us > SEAM_US:
                async for gap in self._told.gaps(position_us, segment.start_us):
                    yield gap
            try:
                async for message, end_us in self._segment(segment, from_us if not reached else None):
                    position_us = max(position_us, end_us)
                    yield message
            except (OSError, ValueError) as error:
                yield self._told.lost(max(segment.start_us, position_us), segment.end_us or 0, error)
                position_us = max(position_us, segment.end_us or 0)
            reached = True
            segment = await self._next(segment, position_us)
        now_us = self._clock.utc_us()
        async for gap in self._told.gaps(position_us, now_us, known=now_us - position_us <= PRESENT_US):
            yield gap
        yield note("end", utc_us=now_us)

    async def _next(self, segment: SegmentInfo, position_us: int) -> SegmentInfo | None:
        return await self._awaited(lambda now_us: self._shelf.segment_after(segment, now_us=now_us), position_us)

    async def _awaited(
        self, look: Callable[[int], Awaitable[SegmentInfo | None]], position_us: int
    ) -> SegmentInfo | None:
        """The segment that *look* finds, or will soon; None where the stream is not recorded now."""
        position_us = min(position_us, self._clock.utc_us())
        while (found := await look(self._clock.utc_us())) is None and not self._late(position_us):
            if await self._interrupted(position_us):
                return None
            await self._clock.sleep(POLL_S)
        return found

    async def _segment(
        self, segment: SegmentInfo, from_us: int | None
    ) -> AsyncGenerator[tuple[MediaMessage, int], None]:
        """Yield a segment's messages, each with the moment up to which it reaches; while it grows, what it grows by."""
        loaded = await self._shelf.load(segment)
        for message in self._told.opened(loaded):
            yield message, segment.start_us
        fragments = _from_key(loaded, from_us) if from_us is not None else loaded.fragments
        while fragments:
            async for message, end_us in self._told_of(loaded, fragments):
                yield message, end_us
            loaded, fragments = await self._grown(loaded)

    async def _told_of(
        self, loaded: Loaded, fragments: Sequence[FragmentInfo]
    ) -> AsyncGenerator[tuple[MediaMessage, int], None]:
        if self._manner.key_only:
            for picture in key_pictures(loaded, fragments, step_us=self._manner.step_us):
                yield await self._told.key_picture(loaded, picture), loaded.moment_us(picture.info, picture.ticks)
            return
        for info in fragments:
            yield await self._told.fragment(loaded, info), loaded.end_us(info)

    async def _grown(self, loaded: Loaded) -> tuple[Loaded, Sequence[FragmentInfo]]:
        """What came after *loaded* in the same segment, waited for while it is recorded; nothing where it is over."""
        done = max(info.offset + info.size for info in loaded.fragments)
        reached_us = max(loaded.end_us(info) for info in loaded.fragments)
        segment = loaded.segment
        while segment.end_us is None:
            segment = await self._shelf.renewed(segment)
            over = segment.end_us is not None or await self._followed(segment)
            if await self._shelf.size(segment.path) > done:
                loaded = await self._shelf.load(segment)
                if new := [info for info in loaded.fragments if info.offset >= done]:
                    return loaded, new
            if over or self._late(reached_us):
                break
            await self._clock.sleep(POLL_S)
        return loaded, []

    async def _followed(self, segment: SegmentInfo) -> bool:
        return await self._shelf.segment_after(segment, now_us=self._clock.utc_us()) is not None

    def _late(self, position_us: int) -> bool:
        return self._clock.utc_us() - position_us > LATE_US

    async def _interrupted(self, position_us: int) -> bool:
        """Whether it is known why nothing is recorded after *position_us*."""
        found = await self._shelf.timeline(self._key.camera, position_us, self._clock.utc_us(), stream=self._key.stream)
        return bool(found.gaps) and found.gaps[-1].reason is not GapReason.UNKNOWN


def _from_key(loaded: Loaded, from_us: int) -> Sequence[FragmentInfo]:
    """The fragments from the key frame at or before *from_us* on (else from the first one), with the sound beside it."""
    keys = [loaded.start_us(info) for info in loaded.fragments if info.track == VIDEO_TRACK and info.key]
    start_us = max((key for key in keys if key <= from_us), default=min(keys, default=loaded.segment.start_us))
    return [
        info
        for info in loaded.fragments
        if (loaded.start_us(info) >= start_us if info.track == VIDEO_TRACK else loaded.end_us(info) > start_us)
    ]
