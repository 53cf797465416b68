"""Gaps while they last: one a stream at most."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from tawny.recorder.archive import ledger
from tawny.recorder.archive.model import GapReason, NamedGap, StreamKey
from tawny.recorder.archive.notes import Notes
from tawny.recorder.archive.ports import Change, GapRecorded
from tawny.runtime.clock import Clock


class Gaps:
    """The gaps that last, written into the ledger as they begin and end; the index's changes are given back.

    Invariant: a stream has at most one; a gap never ends before it began.
    """

    def __init__(self, notes: Notes, *, clock: Clock, new_id: Callable[[str], str]) -> None:
        self._notes = notes
        self._clock = clock
        self._new_id = new_id
        self._lasting: dict[StreamKey, NamedGap] = {}

    def load(self, gaps: Iterable[NamedGap]) -> None:
        """Go on with those of an earlier run, where there is none of this one."""
        for gap in gaps:
            self._lasting.setdefault(gap.key, gap)

    def of(self, key: StreamKey) -> NamedGap | None:
        return self._lasting.get(key)

    def begin(self, key: StreamKey, start_us: int, reason: GapReason, title: str) -> list[Change]:
        """From *start_us* on there is no footage; what lasted until then for another reason ends."""
        lasting = self._lasting.get(key)
        if lasting is not None and (lasting.reason, lasting.title) == (reason, title):
            return []
        changes = self.end(key, start_us)
        gap = NamedGap(id=self._new_id("gap"), key=key, start_us=start_us, end_us=None, reason=reason, title=title)
        self._lasting[key] = gap
        self._notes.note(key.camera, start_us, ledger.gap_entry(gap, now_us=self._clock.utc_us()))
        return [*changes, GapRecorded(gap=gap)]

    def lost(self, key: StreamKey, start_us: int, end_us: int, title: str) -> list[Change]:
        """Footage from *start_us* to *end_us* may be lost; where it is not, it counts, and the gap does not."""
        gap = NamedGap(
            id=self._new_id("gap"), key=key, start_us=start_us, end_us=None, reason=GapReason.DISK, title=title
        )
        ended = replace(gap, end_us=end_us)
        now_us = self._clock.utc_us()
        self._notes.note(key.camera, start_us, ledger.gap_entry(gap, now_us=now_us))
        entry = ledger.gap_ended_entry(ended, entry_id=self._new_id("led"), now_us=now_us)
        self._notes.note(key.camera, start_us, entry)
        return [GapRecorded(gap=ended)]

    def end(self, key: StreamKey, end_us: int) -> list[Change]:
        """There is footage from *end_us* on."""
        lasting = self._lasting.pop(key, None)
        if lasting is None:
            return []
        gap = replace(lasting, end_us=max(end_us, lasting.start_us))
        entry = ledger.gap_ended_entry(gap, entry_id=self._new_id("led"), now_us=self._clock.utc_us())
        self._notes.note(key.camera, gap.start_us, entry)
        return [GapRecorded(gap=gap)]
