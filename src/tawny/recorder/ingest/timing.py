"""RTP time to the recorder's time (design D5).

A camera's RTP clock counts exactly but from nowhere; what arrives is late by the network and by our tick, never early.
So the least difference between arrival and media time seen over the first second is the best estimate of the offset,
and afterwards only the least differences steer it, slowly. Everything here is integer arithmetic on given times.
"""

from tawny.wire.depacketize.interleaved import SenderReport

SETTLING_US = 1_000_000
SLEW_PPM = 500
_AHEAD_US = 3_000_000  # media can't come before it was made; this is for clocks that ran fast a while
_AHEAD_AT_START_US = 10_000_000  # recorders (Dahua) greet with the group of pictures that they have
_BEHIND_US = 10_000_000  # longer than any buffer on the way
_BACKWARDS_US = 1_500_000  # beyond what reordering does
_STANDING_STILL = 8  # units in a row with one timestamp
_REPORT_SPAN_US = 30_000_000  # a sender report older than this says nothing
_REPORT_TRUST_US = 3_000_000  # a report that differs from arrival by more is wrong


def slew_limit_us(elapsed_us: int) -> int:
    """By how much time may be bent in *elapsed_us*."""
    return max(elapsed_us, 0) * SLEW_PPM // 1_000_000


class MediaClock:
    """One track's clock: 32-bit RTP time to 64-bit ticks, and ticks to the recorder's utc_us.

    A timestamp that jumps (a camera's clock was set, a wrap gone wrong, a stream that began anew) is replaced by the
    time that passed until it arrived, and counted: footage goes on where it was. A camera whose timestamps stand still
    is timed by arrival altogether.

    Invariant: once settled, `utc_us` changes only by `slew` and `align`.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.jumps = 0
        self._rtp: int | None = None
        self._ticks = 0
        self._arrival_us = 0
        self._first_arrival_us = 0
        self._offset_us = 0
        self._least_us: int | None = None  # of arrival minus media time, in this window
        self._repeats = 0
        self._batch = self._last_batch = 1  # units that arrived together
        self._batch_ticks = rate // 10

    @property
    def standing_still(self) -> bool:
        """Whether timestamps stand still, so that arrival times everything."""
        return self._repeats >= _STANDING_STILL

    def settled(self, now_us: int) -> bool:
        """Whether the offset is as good as it gets at the start."""
        return self._rtp is not None and now_us - self._first_arrival_us >= SETTLING_US

    def ticks(self, rtp: int, arrival_us: int) -> int:
        """The 64-bit time of a unit with time *rtp* that arrived at *arrival_us*."""
        if self._rtp is None:
            self._begin(rtp, arrival_us)
            return 0
        delta = rtp - self._rtp & 0xFFFFFFFF
        if 0 < delta < self.rate and self._least_us is not None and not self._repeats:
            # nothing to wonder about: the usual case, and dozens a second with sound
            ticks = self._ticks + delta
            difference = arrival_us - ticks * 1_000_000 // self.rate
            if -_BEHIND_US <= self._offset_us - difference < _AHEAD_US:
                self._rtp, self._ticks = rtp, ticks
                if difference < self._least_us:
                    self._least_us = difference
                if arrival_us != self._arrival_us:
                    self._new_batch(arrival_us)
                self._batch += 1
                return ticks
        delta -= (delta & 0x80000000) << 1
        if delta == 0:
            self._repeats = min(self._repeats + 1, 2 * _STANDING_STILL)
        else:
            self._repeats = self._repeats - 1 if self.standing_still else 0
        if self.standing_still:
            delta = self._arrival_step(arrival_us)
        elif self._jumped(delta, arrival_us):
            self.jumps += 1
            delta = min(max(arrival_us - self._arrival_us, 1_000), _BEHIND_US) * self.rate // 1_000_000
        self._rtp = rtp
        self._ticks += delta
        self._observe(arrival_us)
        return self._ticks

    def utc_us(self, ticks: int) -> int:
        """The recorder's time of *ticks*."""
        return self._offset_us + ticks * 1_000_000 // self.rate

    def slew(self, elapsed_us: int) -> None:
        """Follow the drift seen in a window of *elapsed_us*, by at most 500 ppm of it."""
        if self._least_us is not None:
            limit = slew_limit_us(elapsed_us)
            self._offset_us += min(max(self._least_us - self._offset_us, -limit), limit)
            self._least_us = None

    def align(self, own: SenderReport, other: "MediaClock", others: SenderReport) -> bool:
        """Set this clock beside *other*, so that what the camera made at one moment has one time; whether that was possible."""
        here, there = self._near(own.rtp), other._near(others.rtp)
        if here is None or there is None:
            return False
        apart_us = (own.ntp - others.ntp) * 1_000_000 >> 32
        offset = other.utc_us(there) + apart_us - here * 1_000_000 // self.rate
        if abs(offset - self._offset_us) > _REPORT_TRUST_US:
            return False
        self._offset_us = offset
        return True

    def _begin(self, rtp: int, arrival_us: int) -> None:
        self._rtp = rtp
        self._first_arrival_us = self._arrival_us = self._offset_us = arrival_us

    def _jumped(self, delta: int, arrival_us: int) -> bool:
        ahead_us = self.utc_us(self._ticks + delta) - arrival_us
        limit = _AHEAD_US if self.settled(arrival_us) else _AHEAD_AT_START_US
        return ahead_us > limit or ahead_us < -_BEHIND_US or delta * 1_000_000 < -_BACKWARDS_US * self.rate

    def _observe(self, arrival_us: int) -> None:
        difference = arrival_us - self._ticks * 1_000_000 // self.rate
        if not self.settled(arrival_us):
            self._offset_us = min(self._offset_us, difference)
        elif self._least_us is None or difference < self._least_us:
            self._least_us = difference
        if arrival_us != self._arrival_us:
            self._new_batch(arrival_us)
        self._batch += 1

    def _new_batch(self, arrival_us: int) -> None:
        self._batch_ticks = (arrival_us - self._arrival_us) * self.rate // 1_000_000
        self._last_batch, self._batch = self._batch, 0
        self._arrival_us = arrival_us

    def _arrival_step(self, arrival_us: int) -> int:
        """Where timestamps stand still: spread the units of one sweep over the time between sweeps."""
        target = (arrival_us - self._offset_us) * self.rate // 1_000_000
        step = max(self._batch_ticks // max(self._last_batch, 1), 1)
        behind = target - self._ticks
        return max(behind, 1) if behind > self.rate // 2 else max(min(step, behind), 1)

    def _near(self, rtp: int) -> int | None:
        """The ticks of *rtp*, where it is near what came last."""
        if self._rtp is None or self.standing_still:
            return None
        delta = rtp - self._rtp & 0xFFFFFFFF
        delta -= (delta & 0x80000000) << 1
        return self._ticks + delta if abs(delta) * 1_000_000 <= _REPORT_SPAN_US * self.rate else None
