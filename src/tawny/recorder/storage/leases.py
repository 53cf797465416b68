"""Leases: footage that an export is reading stays until it has been read, or for the time of the lease."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from tawny.recorder.archive.retention import Kept, Ranges, Retention, merged
from tawny.recorder.cameras.requests import Request
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem

MAX_LEASES: Final = 256
MAX_LEASE_S: Final = 3600
MAX_CAMERAS: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lease:
    cameras: tuple[str, ...]
    kept: Kept
    until_s: float


class Leases:
    """The leases in force.

    Invariant: the retention has exactly those that were taken, not dropped, and not swept after their time.
    """

    def __init__(self, *, retention: Retention, clock: Clock, new_id: Callable[[str], str]) -> None:
        self._retention = retention
        self._clock = clock
        self._new_id = new_id
        self._leases: dict[str, _Lease] = {}

    def take(self, request: Request) -> str:
        """Keep what *request* names for a while; the lease's id."""
        cameras = request.texts("cameras", most=MAX_CAMERAS)
        kept = requested_range(request)
        for_s = request.whole("for_s", least=1, most=MAX_LEASE_S)
        request.finish()
        self.sweep()
        if len(self._leases) >= MAX_LEASES:
            raise Problem(
                Kind.TOO_MANY, "Too much of the archive is being read at the same time.", remedy="Try again later."
            )
        lease = self._new_id("lease")
        until_s = self._clock.monotonic() + (for_s or 0)
        self._leases[lease] = _Lease(cameras=tuple(cameras), kept=kept, until_s=until_s)
        self._apply()
        return lease

    def drop(self, lease: str) -> None:
        """The reader is done; nothing happens where the lease has ended."""
        if self._leases.pop(lease, None) is not None:
            self._apply()

    def sweep(self) -> None:
        """End the leases whose time is over."""
        now_s = self._clock.monotonic()
        over = [name for name, lease in self._leases.items() if lease.until_s <= now_s]
        for name in over:
            del self._leases[name]
        if over:
            self._apply()

    def _apply(self) -> None:
        self._retention.change(leased=by_camera((lease.cameras, lease.kept) for lease in self._leases.values()))


def requested_range(request: Request) -> Kept:
    """The range that *request* names with ``from`` and ``to``."""
    from_us, to_us = request.moment("from"), request.moment("to")
    assert from_us is not None
    assert to_us is not None
    if to_us <= from_us:
        raise Problem(Kind.INVALID, "“to” has to be after “from”.", field="to")
    return Kept(from_us, to_us)


def by_camera(items: Iterable[tuple[Iterable[str], Kept]]) -> Ranges:
    """The ranges of each camera, in order and apart."""
    found: dict[str, list[Kept]] = {}
    for cameras, kept in items:
        for camera in cameras:
            found.setdefault(camera, []).append(kept)
    return {camera: merged(ranges) for camera, ranges in found.items()}
