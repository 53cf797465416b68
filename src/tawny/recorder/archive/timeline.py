"""The timeline: every moment of a range in one span or one gap."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from tawny.recorder.archive.model import Gap, GapReason, Gone, Span, Timeline
from tawny.runtime.clock import from_utc_us

NEAR_US = 2_000_000  # an unexplained rest this short beside an explained gap belongs to it: clocks of cameras and calls differ
_TITLES = {
    GapReason.NOT_ADDED: "The camera was not added yet.",
    GapReason.UNKNOWN: "There is no video, and no reason was recorded.",
}
_GONE = {
    Gone.DELETED: (GapReason.DELETED, "Older video was deleted to make room."),
    Gone.ERASED: (GapReason.DELETED, "The drive with this footage was erased."),
    Gone.AWAY: (GapReason.DISK, "The drive with this footage is not connected."),
}


def joined(spans: Iterable[tuple[int, int]], *, hole_us: int) -> list[tuple[int, int]]:
    """*spans* in order, those that meet (or nearly, by *hole_us*) as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + hole_us:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def overlaid(upper: Sequence[Gap], lower: Sequence[Gap]) -> list[Gap]:
    """*upper*, and of *lower* what it leaves free; each in order, and without overlaps in *upper*."""
    found = list(upper)
    first = 0  # of *upper* that can still matter
    for gap in lower:
        while first < len(upper) and upper[first].to_us <= gap.from_us:
            first += 1
        at, over = gap.from_us, first
        while over < len(upper) and upper[over].from_us < gap.to_us:
            if upper[over].from_us > at:
                found.append(replace(gap, from_us=at, to_us=upper[over].from_us))
            at = max(at, upper[over].to_us)
            over += 1
        if at < gap.to_us:
            found.append(replace(gap, from_us=at))
    return sorted(found, key=lambda gap: gap.from_us)


def gone(spans: Iterable[tuple[int, int]], why: Gone) -> list[Gap]:
    """The gaps that footage left which is gone."""
    reason, title = _GONE[why]
    return [Gap(from_us=a, to_us=b, reason=reason, title=title) for a, b in spans if b > a]


def timeline(
    spans: Sequence[tuple[int, int]], reasons: Sequence[Gap], *, from_us: int, to_us: int, added_us: int
) -> Timeline:
    """The range from *from_us* to *to_us*: *spans* joined and in order, the rest explained by *reasons*, in order of their starts."""
    inside = [(max(a, from_us), min(b, to_us)) for a, b in spans if b > from_us and a < to_us]
    gaps: list[Gap] = []
    at, past = from_us, 0  # reasons before *past* ended before *at*
    for start, end in [*inside, (to_us, to_us)]:
        if start > at:
            while past < len(reasons) and reasons[past].to_us <= at:
                past += 1
            gaps += _explained(at, start, islice(reasons, past, None), added_us=added_us)
        at = max(at, end)
    return Timeline(spans=tuple(Span(from_us=a, to_us=b) for a, b in inside if b > a), gaps=tuple(gaps))


def _explained(start: int, end: int, reasons: Iterable[Gap], *, added_us: int) -> Iterator[Gap]:
    """The hole from *start* to *end*, cut where the reason changes."""
    pieces: list[Gap] = []
    at = start
    for gap in reasons:
        if gap.from_us >= end:
            break
        begin, stop = max(gap.from_us, at), min(gap.to_us, end)
        if stop <= begin:
            continue
        pieces += _unexplained(at, begin, added_us)
        pieces.append(replace(gap, from_us=begin, to_us=stop))
        at = stop
    pieces += _unexplained(at, end, added_us)
    yield from _merged(pieces)


def _unexplained(start: int, end: int, added_us: int) -> Iterator[Gap]:
    for bound, reason in ((added_us, GapReason.NOT_ADDED), (end, GapReason.UNKNOWN)):
        stop = min(bound, end)
        if stop > start:
            yield Gap(from_us=start, to_us=stop, reason=reason, title=_TITLES[reason])
            start = stop


def _merged(pieces: list[Gap]) -> list[Gap]:
    """Neighbours with one reason as one; a short unknown rest goes to the neighbour that has a reason."""
    found: list[Gap] = []
    for at, piece in enumerate(pieces):
        short = piece.reason is GapReason.UNKNOWN and piece.to_us - piece.from_us <= NEAR_US
        if short and found:
            piece = _as(piece, found[-1])
        elif short and at + 1 < len(pieces):
            piece = _as(piece, pieces[at + 1])
        if found and (found[-1].reason, found[-1].title) == (piece.reason, piece.title):
            found[-1] = Gap(from_us=found[-1].from_us, to_us=piece.to_us, reason=piece.reason, title=piece.title)
        else:
            found.append(piece)
    return found


def _as(piece: Gap, other: Gap) -> Gap:
    return Gap(from_us=piece.from_us, to_us=piece.to_us, reason=other.reason, title=other.title)


def days_of(spans: Iterable[tuple[int, int]], zone: ZoneInfo) -> list[date]:
    """The days in *zone* that have footage."""
    found: set[date] = set()
    for start, end in spans:
        day, last = _day(start, zone), _day(end - 1, zone)
        while day <= last:
            found.add(day)
            day += timedelta(days=1)
    return sorted(found)


def _day(moment_us: int, zone: ZoneInfo) -> date:
    moment: datetime = from_utc_us(moment_us)
    return moment.astimezone(zone).date()
