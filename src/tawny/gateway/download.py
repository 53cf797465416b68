"""A range of footage as one plain MP4, planned whole and then copied from the segment files."""

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Final

from tawny.gateway.shelf import Loaded, Shelf, read_range
from tawny.recorder.archive.model import SegmentInfo
from tawny.runtime.problem import Kind, Problem
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK
from tawny.wire.moments import rfc3339
from tawny.wire.mp4.movie import Movie, MoviePart, Piece, joinable, plan_movie
from tawny.wire.mp4.reading import PREFIX_SIZE, FragmentInfo, head_size

MAX_RANGE_US: Final = 24 * 3600 * 1_000_000
MAX_FRAGMENTS: Final = 45_000  # five hours with sound: seconds of planning, 100 MB while it lasts
_CHUNK = 256 << 10
_HEAD_GUESS = 4096  # the head of a second of video fits, of sound nearly always


def plan(
    shelf: Shelf,
    segments: Sequence[SegmentInfo],
    from_us: int,
    to_us: int,
    *,
    audio: bool,
    limit: int = MAX_FRAGMENTS,
) -> Movie:
    """Plan the movie of what *segments* hold of the range. On one of the shelf's threads: it reads every head.

    Problem where there is nothing, more than *limit* fragments, or a change of format that no player could follow.
    """
    parts: list[MoviePart] = []
    count = 0
    first: Loaded | None = None
    for segment in segments:
        try:
            loaded = shelf.load_now(segment)
            taken = _taken(loaded, from_us, to_us, audio=audio)
            heads = [(info.offset, _read_head(segment.path, info)) for info in taken]
        except (OSError, ValueError):
            continue  # deleted meanwhile, or damaged: the movie has a hole there, as the timeline has
        if not heads:
            continue
        if first is not None and not joinable(first.formats, loaded.formats):
            raise Problem(
                Kind.CONFLICT,
                f"The camera's format changes at {rfc3339(segment.start_us)}: one video can't hold both.",
                remedy="Ask for the part before and the part after it.",
            )
        first = first or loaded
        count += len(heads)
        if count > limit:
            raise Problem(
                Kind.INVALID, "That is too much for one video.", remedy="Ask for six hours or less.", field="to"
            )
        parts.append(MoviePart(source=str(segment.path), start_us=segment.start_us, init=loaded.init, heads=heads))
    if not parts:
        raise Problem(Kind.NOT_FOUND, f"No footage between {rfc3339(from_us)} and {rfc3339(to_us)}.")
    return plan_movie(parts, from_us=from_us)


async def copy(shelf: Shelf, movie: Movie) -> AsyncGenerator[bytes, None]:
    """Yield the bytes of *movie*, as they are asked for; OSError where a file is gone meanwhile."""
    for piece in movie.pieces:
        if piece.data:
            yield piece.data
        else:
            async for chunk in _file_part(shelf, piece):
                yield chunk


async def _file_part(shelf: Shelf, piece: Piece) -> AsyncGenerator[bytes, None]:
    end = piece.offset + piece.size
    for offset in range(piece.offset, end, _CHUNK):
        size = min(_CHUNK, end - offset)
        chunk = await shelf.read(Path(piece.source), offset, size)
        if len(chunk) < size:
            raise OSError(f"{piece.source} became shorter while it was read")
        yield chunk


def _taken(loaded: Loaded, from_us: int, to_us: int, *, audio: bool) -> list[FragmentInfo]:
    """The fragments that hold something of the range, from the key frame at or before it on, in the file's order."""
    tracks = {VIDEO_TRACK, AUDIO_TRACK} if audio else {VIDEO_TRACK}  # metadata are for exports: no player shows them
    keys = [loaded.start_us(f) for f in loaded.fragments if f.track == VIDEO_TRACK and f.key]
    start_us = max((key for key in keys if key <= from_us), default=from_us)
    found = [
        info
        for info in loaded.fragments
        if info.track in tracks
        and loaded.start_us(info) < to_us
        and loaded.end_us(info) > start_us
        and not (info.track == VIDEO_TRACK and loaded.start_us(info) < start_us)
    ]
    shown = [info for info in found if loaded.end_us(info) > from_us]
    return sorted(found, key=lambda info: info.offset) if shown else []


def _read_head(path: Path, info: FragmentInfo) -> bytes:
    head = read_range(path, info.offset, min(info.size, _HEAD_GUESS))
    size = head_size(head[:PREFIX_SIZE])
    return head[:size] if len(head) >= size else read_range(path, info.offset, size)
