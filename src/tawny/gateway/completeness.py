"""How whole the footage is, and where its holes are: completeness of the last hours, and the way from gap to gap."""

import asyncio
from collections import Counter
from enum import StrEnum
from typing import Any, Final

from tawny.gateway.control import RecorderControl
from tawny.gateway.footage import Footage
from tawny.recorder.archive.model import Gap, GapReason, Span, Timeline
from tawny.runtime.clock import Clock
from tawny.wire.media import StreamName
from tawny.wire.moments import parse_rfc3339, rfc3339

MAX_HOURS: Final = 24 * 31
_HOUR_US: Final = 3_600_000_000
_AT_ONCE: Final = 4  # cameras looked at together, of the threads that everybody shares
_FIRST_LOOK_US: Final = 24 * _HOUR_US
_FARTHEST_US: Final = 400 * 24 * _HOUR_US  # as far as a timeline goes

Document = dict[str, Any]


class Direction(StrEnum):
    """Later, or earlier."""

    NEXT = "next"
    PREVIOUS = "previous"


class Place(StrEnum):
    """What begins at the moment looked for."""

    GAP = "gap"
    FOOTAGE = "footage"


class Completeness:
    """Answers from the timelines of the cameras' main streams."""

    def __init__(self, footage: Footage, *, control: RecorderControl, clock: Clock) -> None:
        self._footage = footage
        self._control = control
        self._clock = clock
        self._looks = asyncio.Semaphore(_AT_ONCE)

    async def document(self, hours: int) -> Document:
        """Of the last *hours*, how much there is of each camera, and why not the rest."""
        to_us = self._clock.utc_us()
        from_us = to_us - hours * _HOUR_US
        cameras = list(self._control.cameras)
        found = await asyncio.gather(*(self._of_camera(camera, from_us, to_us) for camera in cameras))
        items = [_item(camera, timeline) for camera, timeline in zip(cameras, found, strict=True)]
        return {"from": rfc3339(from_us), "to": rfc3339(to_us), "items": items}

    async def _of_camera(self, camera: str, from_us: int, to_us: int) -> Timeline:
        async with self._looks:
            return await self._footage.found(camera, from_us, to_us, StreamName.MAIN)

    async def moment(self, camera: str, at_us: int, direction: Direction, place: Place) -> Document:
        """The next or previous beginning of a gap, or of footage after one; looked for farther and farther away."""
        await self._footage.check(camera)
        edge_us = self._edge_us(camera, at_us, direction)
        reach_us = _FIRST_LOOK_US
        while True:
            from_us, to_us = at_us - reach_us, at_us + reach_us
            from_us, to_us = (
                (at_us - 1, min(to_us, edge_us)) if direction is Direction.NEXT else (max(from_us, edge_us), at_us)
            )
            if from_us < to_us:
                found = beginnings(await self._footage.found(camera, from_us, to_us, StreamName.MAIN), place)
                if (moment := _nearest(found, at_us, from_us, direction)) is not None:
                    return moment
            if reach_us >= _FARTHEST_US or (edge_us in {from_us, to_us}):
                return {"at": None}
            reach_us = min(reach_us * 8, _FARTHEST_US)

    def _edge_us(self, camera: str, at_us: int, direction: Direction) -> int:
        """Beyond this there is nothing to be found: now, or the day on which the camera was added."""
        if direction is Direction.NEXT:
            return self._clock.utc_us()
        document = self._control.cameras.get(camera)
        added_us = 0 if document is None else parse_rfc3339(document["added_at"])
        return max(added_us, at_us - _FARTHEST_US)


def _item(camera: str, timeline: Timeline) -> Document:
    """Time before the camera was added counts for nothing, all else that is not there is missing."""
    there_us = sum(span.to_us - span.from_us for span in timeline.spans)
    missing: Counter[GapReason] = Counter()
    for gap in timeline.gaps:
        if gap.reason is not GapReason.NOT_ADDED:
            missing[gap.reason] += gap.to_us - gap.from_us
    missing_us = missing.total()
    return {
        "camera": camera,
        "ratio": round(there_us / (there_us + missing_us), 6) if there_us + missing_us else 1.0,
        "missing_s": round(missing_us / 1e6, 3),
        "reasons": [{"reason": str(why), "seconds": round(us / 1e6, 3)} for why, us in missing.most_common()],
    }


def beginnings(timeline: Timeline, place: Place) -> list[tuple[int, GapReason | None]]:
    """Where gaps begin (with why), or footage does, in the order of time; the first of several gaps in a row counts."""
    pieces: list[Span | Gap] = sorted([*timeline.spans, *timeline.gaps], key=lambda piece: piece.from_us)
    found: list[tuple[int, GapReason | None]] = []
    was_gap: bool | None = None
    for piece in pieces:
        is_gap = isinstance(piece, Gap)
        if is_gap is not was_gap and is_gap is (place is Place.GAP):
            found.append((piece.from_us, piece.reason if isinstance(piece, Gap) else None))
        was_gap = is_gap
    return found


def _nearest(
    found: list[tuple[int, GapReason | None]], at_us: int, from_us: int, direction: Direction
) -> Document | None:
    """The one to go to; what merely is where the look began is no beginning."""
    later = direction is Direction.NEXT
    able = [(us, why) for us, why in found if us > from_us and (us > at_us if later else us < at_us)]
    if not able:
        return None
    moment_us, why = able[0] if later else able[-1]
    return {"at": rfc3339(moment_us), **({} if why is None else {"reason": str(why)})}
