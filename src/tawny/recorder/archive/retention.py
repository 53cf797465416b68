"""What may go, and what has to: depth, size limit, free room, holds, leases.

`Policy` is all that decides, one value that is replaced as a whole; `Retention` hands the newest one to whoever deletes.
"""

import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from tawny.recorder.archive.model import Segment


class Kept(NamedTuple):
    """A range of one camera's time in which the machine deletes nothing."""

    from_us: int
    to_us: int


Ranges = Mapping[str, Sequence[Kept]]  # by camera, those of each in order and apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What deletion goes by.

    *held* and *leased* stay whatever else is said. *known* are the volumes whose holds have been read (None: all of them): from others nothing
    goes. *by_age* is False while the clock can't be trusted: then depths count for nothing.
    """

    size_limit_bytes: int | None = None  # of all volumes together
    floor_bytes: int | None = None  # left free on each volume; None: by the volume's size
    depth_us: int | None = None  # None: unlimited
    depths_us: Mapping[str, int] = field(default_factory=dict)  # of cameras with a depth of their own
    held: Ranges = field(default_factory=dict)
    leased: Ranges = field(default_factory=dict)
    known: frozenset[str] | None = frozenset()
    by_age: bool = False

    def may_delete_from(self, volume: str) -> bool:
        """Whether it is known what is held on *volume*."""
        return self.known is None or volume in self.known

    def kept_until(self, segment: Segment) -> int | None:
        """The end of the last range that keeps *segment*; None where nothing does."""
        start_us = segment.start_us
        end_us = start_us + 1 if segment.end_us is None else segment.end_us
        found = [_kept_until(r.get(segment.key.camera, ()), start_us, end_us) for r in (self.held, self.leased)]
        return max((end for end in found if end is not None), default=None)

    def cutoff_us(self, camera: str, now_us: int) -> int | None:
        """What ended before this moment is too old; None where no age is too great."""
        depth_us = self.depths_us.get(camera, self.depth_us)
        return now_us - depth_us if self.by_age and depth_us is not None else None


def _kept_until(ranges: Sequence[Kept], start_us: int, end_us: int) -> int | None:
    """The end of the range that overlaps; *ranges* are in order and apart (`merged`)."""
    first = bisect_right(ranges, start_us, key=lambda kept: kept.to_us)
    return ranges[first].to_us if first < len(ranges) and ranges[first].from_us < end_us else None


class Retention:
    """The policy in force, shared by those who change it (the event loop) and those who delete (a volume's thread).

    Invariants: a policy is never changed, only replaced, so that it can be read without a lock; a volume that can't delete just now does not make
    another volume delete in its place.
    """

    def __init__(self, policy: Policy | None = None) -> None:
        self._lock = threading.Lock()
        self._policy = policy or Policy()
        self._able: frozenset[str] = frozenset()

    @property
    def policy(self) -> Policy:
        return self._policy

    def change(self, **changes: Any) -> Policy:
        """Replace the members of the policy that *changes* names; the policy now in force."""
        with self._lock:
            self._policy = replace(self._policy, **changes)
            return self._policy

    def able(self, volume: str, now: bool) -> None:
        """*volume* can (or can't) delete just now."""
        if (volume in self._able) != now:
            with self._lock:
                self._able = self._able | {volume} if now else self._able - {volume}

    def share(self, oldest: Iterable[Segment], *, excess_bytes: int, volume: str) -> Iterator[Segment]:
        """Yield what *volume* has of the *oldest* segments that are an excess over all volumes; what lies where nothing can be deleted counts for
        nothing.
        """
        within_reach = (segment for segment in oldest if segment.volume in self._able)
        return (segment for segment in worth(within_reach, excess_bytes) if segment.volume == volume)


def worth(oldest: Iterable[Segment], need_bytes: int) -> Iterator[Segment]:
    """Yield the first of *oldest* that make up *need_bytes*, the last of them whole."""
    for segment in oldest:
        if need_bytes <= 0:
            return
        yield segment
        need_bytes -= segment.size_bytes


def merged(ranges: Iterable[Kept]) -> tuple[Kept, ...]:
    """*ranges* in order, those that overlap or meet as one."""
    found: list[Kept] = []
    for kept in sorted(ranges):
        if found and kept.from_us <= found[-1].to_us:
            found[-1] = Kept(found[-1].from_us, max(found[-1].to_us, kept.to_us))
        elif kept.to_us > kept.from_us:
            found.append(kept)
    return tuple(found)
