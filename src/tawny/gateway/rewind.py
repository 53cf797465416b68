"""Playback backwards: the groups of pictures newest first, each one forward in itself, for that is how it is decoded."""

from collections.abc import AsyncGenerator
from typing import Final

from tawny.gateway.manner import Manner, groups, key_pictures
from tawny.gateway.narration import SEAM_US, Narration
from tawny.gateway.shelf import Loaded, Shelf
from tawny.recorder.archive.model import SegmentInfo, StreamKey
from tawny.runtime.clock import Clock
from tawny.wire.media_socket import MediaMessage, note

_ORIGIN_US: Final = 0  # time runs towards it, and a fragment's decode time can't be below it


class Rewind:
    """One viewer's way back through one stream of the archive.

    Invariants: no group of pictures is sent before a newer one; a gap is told when the way comes to its end; there is
    no sound. What is recorded after the beginning is not waited for. At most one fragment is in memory.
    """

    def __init__(self, shelf: Shelf, key: StreamKey, *, clock: Clock, manner: Manner) -> None:
        self._shelf = shelf
        self._key = key
        self._clock = clock
        self._manner = manner
        self._told = Narration(shelf, key, origin_us=_ORIGIN_US)

    async def messages(self, from_us: int) -> AsyncGenerator[MediaMessage, None]:
        """Yield what there is from the group of pictures at or before *from_us* back to the oldest, then the end."""
        position_us = min(from_us, self._clock.utc_us())
        segment = await self._shelf.segment_before(self._key, position_us + 1)
        for message in await self._told.introduced(segment):
            yield message
        before_us = position_us + 1
        while segment is not None:
            try:
                loaded = await self._shelf.load(segment)
                async for message in self._segment(loaded, position_us, before_us):
                    yield message
            except (OSError, ValueError) as error:
                yield self._told.lost(segment.start_us, min(position_us, segment.end_us or position_us), error)
            position_us = before_us = min(position_us, segment.start_us)
            segment = await self._shelf.segment_before(self._key, segment.start_us)
        yield note("end", utc_us=position_us)

    async def _segment(self, loaded: Loaded, position_us: int, before_us: int) -> AsyncGenerator[MediaMessage, None]:
        end_us = _end_us(loaded)
        if position_us - end_us > SEAM_US:
            async for gap in self._told.gaps(end_us, position_us, backwards=True):
                yield gap
        for message in self._told.opened(loaded):
            yield message
        found = groups(loaded, before_us)
        if self._manner.key_only:
            keys = key_pictures(loaded, [info for group in found for info in group], step_us=self._manner.step_us)
            for picture in reversed(keys):
                yield await self._told.key_picture(loaded, picture)
            return
        for group in reversed(found):
            for info in group:
                yield await self._told.fragment(loaded, info)


def _end_us(loaded: Loaded) -> int:
    segment: SegmentInfo = loaded.segment
    if segment.end_us is not None:
        return segment.end_us
    return max((loaded.end_us(info) for info in loaded.fragments), default=segment.start_us)
