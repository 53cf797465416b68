"""Previews: a few key frames of a range, for a pointer that runs over the timeline."""

from collections.abc import AsyncGenerator
from typing import Final

from tawny.gateway.manner import MAX_TICKS, KeyPicture, groups
from tawny.gateway.narration import Narration
from tawny.gateway.shelf import Loaded, Shelf
from tawny.recorder.archive.model import StreamKey
from tawny.wire.media import VIDEO_TIMESCALE
from tawny.wire.media_socket import MediaMessage
from tawny.wire.mp4.reading import FragmentInfo

MAX_PREVIEWS: Final = 200
_FURTHEST_US: Final = 30_000_000  # a key frame that much older shows another moment


class Previews:
    """A look at one stream of the archive in even steps.

    Invariants: each picture is the key frame at or before its step, of the same segment; none comes twice, none in a gap or
    of a segment that can't be read. At most one segment's table is in memory.
    """

    def __init__(self, shelf: Shelf, key: StreamKey) -> None:
        self._shelf = shelf
        self._key = key
        self._loaded: Loaded | None = None

    async def messages(self, from_us: int, to_us: int, count: int) -> AsyncGenerator[MediaMessage, None]:
        """Yield the tracks where there are any, then at most *count* pictures in the order of time."""
        told = Narration(self._shelf, self._key, origin_us=max(0, from_us - _FURTHEST_US))
        ticks = max(1, min(MAX_TICKS, (to_us - from_us) * VIDEO_TIMESCALE // count // 1_000_000))
        shown: tuple[int, int] | None = None
        for number in range(count):
            moment_us = from_us + number * (to_us - from_us) // count
            found = await self._key_frame(moment_us)
            if found is None or (place := (found[0].segment.start_us, found[1].offset)) == shown:
                continue
            shown = place
            loaded, info = found
            try:
                picture = await told.key_picture(loaded, KeyPicture(info, ticks))
            except (OSError, ValueError):
                continue
            for message in told.opened(loaded):
                yield message
            yield picture

    async def _key_frame(self, moment_us: int) -> tuple[Loaded, FragmentInfo] | None:
        loaded = await self._segment(moment_us)
        found = groups(loaded, moment_us + 1) if loaded is not None else []
        if loaded is None or not found or moment_us - loaded.start_us(found[-1][0]) > _FURTHEST_US:
            return None
        return loaded, found[-1][0]

    async def _segment(self, moment_us: int) -> Loaded | None:
        """The segment that holds *moment_us*; the one before is kept where it still does."""
        if self._loaded is not None and _holds(self._loaded, moment_us):
            return self._loaded
        try:
            found = await self._shelf.segments(self._key, moment_us, moment_us + 1)
            self._loaded = await self._shelf.load(found[-1]) if found else None
        except (OSError, ValueError):
            self._loaded = None
        return self._loaded


def _holds(loaded: Loaded, moment_us: int) -> bool:
    end_us = loaded.segment.end_us
    return end_us is not None and loaded.segment.start_us <= moment_us < end_us
