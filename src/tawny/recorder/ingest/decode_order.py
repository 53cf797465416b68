"""Decode times for pictures that come without: RTP carries presentation times only (RFC 6184, 5.1)."""

from bisect import insort
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple


class Sample(NamedTuple):
    """A picture with its decode time and composition offset (*shift*) in ticks."""

    time: int
    shift: int
    data: bytes
    key: bool


class DecodeOrder:
    """Gives pictures their decode times (RTP carries presentation times only).

    Where presentation times rise they are the decode times. Once they were seen to go back (B-frames), the decode
    times of all pictures are their presentation times in order, and a picture waits for as many others as reordering
    was ever deep: then the next smallest time is known.

    Invariant: decode times rise; pictures come out in the order in which they went in.
    """

    MAX_DEPTH = 16  # frames in the decoded picture buffer, H.264 A.3.1 and H.265 A.4.2

    def __init__(self) -> None:
        self.depth = 0
        # the latest presentation time so far, as it stood at each recent picture
        self._highest: deque[int] = deque(maxlen=self.MAX_DEPTH)
        self._waiting: list[tuple[int, bytes, bool]] = []
        self._times: list[int] = []
        self._last = -(1 << 62)

    def learn(self, times: Iterable[int]) -> None:
        """See how deep reordering goes in what is about to be put, before the first decode time is given."""
        for time in times:
            self._measure(time)
        self._highest.clear()

    def put(self, time: int, data: bytes, key: bool) -> list[Sample]:
        """Take the next picture in decode order; returns those whose decode time is known now."""
        if time > self._last and not self.depth:  # the usual case: times rise, and always have
            self._last = time
            self._highest.append(time)
            return [Sample(time, 0, data, key)]
        self._measure(time)
        if not self.depth:
            self._last = time = time if time > self._last else self._last + 1
            return [Sample(time, 0, data, key)]
        self._waiting.append((time, data, key))
        insort(self._times, time)
        return [self._next()] if len(self._waiting) > self.depth else []

    def flush(self) -> list[Sample]:
        """The pictures that still wait; nothing follows them."""
        return [self._next() for _ in range(len(self._waiting))]

    def _next(self) -> Sample:
        time, data, key = self._waiting.pop(0)
        self._last = decode = max(self._times.pop(0), self._last + 1)
        return Sample(decode, time - decode, data, key)

    def _measure(self, time: int) -> None:
        """Note how many pictures ago one came that is shown after this one."""
        recent = self._highest
        if recent and time < recent[-1]:
            later = next(index for index, other in enumerate(recent) if other > time)
            self.depth = max(self.depth, min(len(recent) - later, self.MAX_DEPTH))
        recent.append(max(time, recent[-1]) if recent else time)
