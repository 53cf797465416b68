"""How long the drives will do: what comes in a day against the room that is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

DAY_US: Final = 86_400_000_000
LEARNING_US: Final = 3_600_000_000  # less than an hour says nothing about a day
_NEARLY: Final = 0.98  # an archive that is within this of what it can become turns over


class State(StrEnum):
    """Where the archive is on its way to its full depth."""

    LEARNING = "learning"
    FILLING = "filling"
    RECYCLING = "recycling"  # each day the oldest day goes


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a forecast is made from. *day_bytes* is what the last 24 hours brought, or all the time there was."""

    now_us: int
    oldest_us: int | None
    used_bytes: int
    left_bytes: int  # until the oldest has to go
    day_bytes: int
    depth_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """*full_at_us* is when the drives are full; None where they never will be, or are, or nobody knows yet."""

    state: State
    full_at_us: int | None = None
    bytes_per_day: int | None = None


def forecast(figures: Figures) -> Forecast:
    """When the drives are full, if every day is as the last one."""
    covered_us = 0 if figures.oldest_us is None else figures.now_us - figures.oldest_us
    if covered_us < LEARNING_US or figures.day_bytes <= 0:
        return Forecast(state=State.LEARNING)
    bytes_per_day = figures.day_bytes * DAY_US // min(covered_us, DAY_US)
    if _turns_over(figures, covered_us):
        return Forecast(state=State.RECYCLING, bytes_per_day=bytes_per_day)
    full_in_us = figures.left_bytes * DAY_US // bytes_per_day
    if figures.depth_us is not None and full_in_us > figures.depth_us - covered_us:
        return Forecast(state=State.FILLING, bytes_per_day=bytes_per_day)  # its depth comes first
    return Forecast(state=State.FILLING, full_at_us=figures.now_us + full_in_us, bytes_per_day=bytes_per_day)


def _turns_over(figures: Figures, covered_us: int) -> bool:
    if figures.depth_us is not None and covered_us >= figures.depth_us * _NEARLY:
        return True
    return figures.used_bytes >= (figures.used_bytes + figures.left_bytes) * _NEARLY


def held_full_at(*, now_us: int, room_bytes: int, growing: Sequence[tuple[int, int]]) -> int | None:
    """When held footage alone will have taken *room_bytes* more; None where it will not.

    *growing* are held cameras: what each brings in a day, and until when that is held.
    """
    at_us, left = now_us, float(room_bytes)
    for until_us in sorted({until for _, until in growing if until > now_us}):
        per_us = sum(day_bytes for day_bytes, until in growing if until >= until_us) / DAY_US
        if per_us * (until_us - at_us) >= left:
            return at_us + int(left / per_us) if per_us else at_us
        left -= per_us * (until_us - at_us)
        at_us = until_us
    return None
