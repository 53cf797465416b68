"""When a volume is too slow to be relied on."""

SYNC_S = 5.0  # a sync of a second's video takes well under one
SHARE = 0.5  # of the writing thread's time, over
WINDOW_S = 4.0
REST_S = 30.0  # before it is tried again; twice as long each time, up to
LONGEST_REST_S = 3600.0


class Slowness:
    """Whether a volume keeps the others waiting, by how long its syncs and writes take.

    Invariant: what was once slow rests for a while, the longer the more often it was slow.
    """

    def __init__(self) -> None:
        self.slow = False
        self._rest_s = REST_S
        self._until = 0.0
        self._window_since = 0.0
        self._writing_s = 0.0

    def syncing(self, seconds: float, *, now: float) -> None:
        """A sync takes, or took, so long."""
        if seconds >= SYNC_S:
            self._found(now)

    def writing(self, total_s: float, *, now: float) -> None:
        """The writing thread has spent *total_s* on this volume in all."""
        if now - self._window_since < WINDOW_S:
            return
        spent, passed = total_s - self._writing_s, now - self._window_since
        self._writing_s, self._window_since = total_s, now
        if passed < 2 * WINDOW_S and spent > SHARE * passed:
            self._found(now)

    def rested(self, *, now: float) -> bool:
        """Whether it is to be tried again; it is slow no more then."""
        if self.slow and now >= self._until:
            self.slow = False
            return True
        return False

    def _found(self, now: float) -> None:
        if not self.slow:
            self.slow = True
            self._until = now + self._rest_s
            self._rest_s = min(2 * self._rest_s, LONGEST_REST_S)
