"""A log of events in memory, as `EventStore` promises it."""

from collections.abc import Sequence
from dataclasses import replace

from tawny.recorder.events.model import Change, Cursor, Direction, Ended, Event, Page, Wanted


class FakeEvents:
    """Keeps events in a list; *broken* makes every call fail as a disk does."""

    def __init__(self) -> None:
        self.broken = False
        self.closed = False
        self._number = 0
        self._kept: list[tuple[int, Event]] = []

    @property
    def events(self) -> list[Event]:
        return [event for _, event in self._kept]

    def apply(self, changes: Sequence[Change]) -> None:
        self._check()
        known = {event.id for event in self.events}
        for change in changes:
            if isinstance(change, Ended):
                self._kept = [(n, _ended(e, change.until_us) if e.id == change.id else e) for n, e in self._kept]
            elif change.id not in known:
                known.add(change.id)
                self._number += 1
                self._kept.append((self._number, change))

    def page(self, wanted: Wanted) -> Page:
        self._check()
        found = sorted((pair for pair in self._kept if _fits(pair, wanted)), key=_place, reverse=True)
        events = tuple(event for _, event in found[: wanted.limit])
        last = found[wanted.limit - 1] if len(found) > wanted.limit else None
        return Page(events=events, then=None if last is None else Cursor(at_us=last[1].at_us, number=last[0]))

    def near(self, camera: str, at_us: int, direction: Direction) -> int | None:
        self._check()
        moments = [event.at_us for event in self.events if event.camera == camera]
        if direction is Direction.NEXT:
            return min((moment for moment in moments if moment > at_us), default=None)
        return max((moment for moment in moments if moment < at_us), default=None)

    def settle(self) -> int:
        self._check()
        last = self._kept[-1][1] if self._kept else None
        last_us = 0 if last is None else max(last.received_us, last.until_us or 0)
        lasting = sum(event.until_us is None for event in self.events)
        self._kept = [(n, _ended(e, last_us) if e.until_us is None else e) for n, e in self._kept]
        return lasting

    def prune(self, *, before_us: int, most: int) -> int:
        self._check()
        before = len(self._kept)
        self._kept = [(n, e) for n, e in self._kept if e.until_us is None or max(e.at_us, e.until_us) >= before_us]
        surplus = len(self._kept) - most
        for _ in range(surplus + most // 100 if surplus > 0 else 0):
            cameras = [event.camera for event in self.events]
            busiest = max(cameras, key=cameras.count)
            self._kept.remove(min((pair for pair in self._kept if pair[1].camera == busiest), key=_place))
        return before - len(self._kept)

    def close(self) -> None:
        self.closed = True

    def _check(self) -> None:
        if self.broken:
            raise OSError("the disk is gone")


def _ended(event: Event, until_us: int) -> Event:
    return replace(event, until_us=max(event.at_us, until_us))


def _place(pair: tuple[int, Event]) -> tuple[int, int]:
    return pair[1].at_us, pair[0]


def _fits(pair: tuple[int, Event], wanted: Wanted) -> bool:
    _, event = pair
    before = (2**62, 0) if wanted.before is None else (wanted.before.at_us, wanted.before.number)
    return (
        (not wanted.cameras or event.camera in wanted.cameras)
        and (not wanted.kinds or event.kind in wanted.kinds)
        and wanted.from_us <= event.at_us < (2**62 if wanted.to_us is None else wanted.to_us)
        and _place(pair) < before
    )
