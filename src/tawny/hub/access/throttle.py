"""Slowing down guesses without ever locking anybody out.

Each attempt takes a token from the buckets that concern it, and gets it back when it succeeds. A stranger's attempt
concerns the bucket of its address and the bucket of the user's name, so that many addresses together can't guess
quickly either. An attempt from where that person is signed in already (the browser still holds a session of theirs, or
a session of theirs was made at this address) concerns one bucket of its own only: whatever strangers do to the
name, the owner's own browser and network still get in with the right password. No wait is longer than
a bucket's refill of one token, nothing has to be unlocked, and restarting the hub forgets it all.
"""

from collections import OrderedDict
from dataclasses import dataclass

from tawny.runtime.clock import Clock

_MAX_BUCKETS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """*burst* attempts at once, then one every *every_s* seconds."""

    burst: int
    every_s: float


PER_ADDRESS = Rate(burst=10, every_s=6)
PER_NAME = Rate(burst=20, every_s=3)
PER_KNOWN = Rate(burst=10, every_s=6)
SETUP = Rate(burst=20, every_s=2)


class Throttle:
    """Token buckets by key.

    Invariant: holds at most `_MAX_BUCKETS`; those unused for longest are forgotten first, which favours the guesser
    only after that many other addresses have been used.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key: tokens, when counted

    def take(self, *wanted: tuple[str, Rate]) -> float:
        """Take one token from each bucket and return 0, or take none and return the seconds to wait."""
        now = self._clock.monotonic()
        levels = [(key, rate, self._level(key, rate, now)) for key, rate in wanted]
        wait = max((1 - level) * rate.every_s for _, rate, level in levels)
        if wait > 0:
            return wait
        for key, _, level in levels:
            self._keep(key, level - 1, now)
        return 0

    def give_back(self, *wanted: tuple[str, Rate]) -> None:
        """Return the tokens of an attempt that succeeded."""
        now = self._clock.monotonic()
        for key, rate in wanted:
            self._keep(key, min(rate.burst, self._level(key, rate, now) + 1), now)

    def _level(self, key: str, rate: Rate, now: float) -> float:
        tokens, counted = self._buckets.get(key, (float(rate.burst), now))
        return min(float(rate.burst), tokens + (now - counted) / rate.every_s)

    def _keep(self, key: str, tokens: float, now: float) -> None:
        self._buckets[key] = (tokens, now)
        self._buckets.move_to_end(key)
        while len(self._buckets) > _MAX_BUCKETS:
            self._buckets.popitem(last=False)
