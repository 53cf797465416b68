"""RTP over UDP: packets put in order, and what a receiver tells its sender about them (RFC 3550, 6.4 and A.1 to A.3)."""

from tawny.wire.rtp import ReceptionReport

WAIT_S = 0.06  # for a packet that others overtook: on a local network that takes milliseconds
MOST_HELD = 512  # packets that wait for one before them
_MOST_AHEAD = 3000  # RFC 3550, A.1: MAX_DROPOUT; further is another numbering
_MOST_BEHIND = 300  # this far behind is late or twice, further is another numbering
_LEAST_PACKET = 12


class PacketOrder:
    """One sender's packets in the order of their numbers, each once.

    A packet that skips numbers waits for those before it, for `WAIT_S` at most. A number from far away begins a new
    numbering only when the next one follows it: a single stray packet changes nothing.

    Invariants: *following* is the number that may go on at once (-1 before the first packet); whoever passes such a
    packet on without `take` moves *following* and *received* along, and asks `released` while anything is *held*.
    """

    def __init__(self) -> None:
        self.following = -1
        self.received = 0
        self.held: dict[int, bytes] = {}
        self._held_since = 0.0
        self._doubted = -1
        self._ssrc = 0
        self._highest = self._base = self._expected_before = self._received_before = 0
        self._reported: tuple[int, float] | None = None  # of the last sender report: its time's middle, when it came

    def take(self, sequence: int, packet: bytes, now: float) -> list[bytes]:
        """Take a packet that is not simply the following one; returns those that may go on, in order."""
        if len(packet) < _LEAST_PACKET:
            return []
        ahead = (sequence - self.following) & 0xFFFF if self.following >= 0 else 0
        if self.following < 0:
            return self._begin(sequence, packet)
        if ahead == 0:
            self._pass(sequence)
            return [packet, *self.released()]
        if ahead <= _MOST_AHEAD:
            return self._hold(sequence, packet, now)
        if ahead < 0x10000 - _MOST_BEHIND:
            return self._doubt(sequence, packet)
        return []  # late or twice

    def released(self) -> list[bytes]:
        """The packets that waited for what has just gone on."""
        found = []
        while (packet := self.held.pop(self.following, None)) is not None:
            self._pass(self.following)
            found.append(packet)
        return found

    def overdue(self, now: float) -> list[bytes]:
        """The packets that waited long enough: what is missing before them is lost."""
        return self._give_up() if self.held and now - self._held_since >= WAIT_S else []

    def sent(self, ntp: int, now: float) -> None:
        """A sender report came, with the sender's time *ntp*."""
        self._reported = ntp >> 16 & 0xFFFFFFFF, now

    def report(self, now: float) -> ReceptionReport | None:
        """What to tell the sender, None before its first packet. Jitter is not told: we look only once a sweep."""
        if self.following < 0:
            return None
        self._highest += (self.following - 1 - self._highest) & 0xFFFF
        expected = self._highest - self._base + 1
        new, came = expected - self._expected_before, self.received - self._received_before
        self._expected_before, self._received_before = expected, self.received
        at, since = self._reported or (0, now)
        return ReceptionReport(
            ssrc=self._ssrc,
            fraction_lost=min(max(new - came, 0) * 256 // new, 255) if new > 0 else 0,
            lost=max(expected - self.received, 0),
            highest=self._highest,
            last_report=at,
            delay=int((now - since) * 65_536),
        )

    def _begin(self, sequence: int, packet: bytes) -> list[bytes]:
        self._ssrc = int.from_bytes(packet[8:12])
        self._base = self._highest = sequence
        self.received = self._expected_before = self._received_before = 0
        self._doubted = -1
        self._pass(sequence)
        return [packet]

    def _pass(self, sequence: int) -> None:
        self.following = (sequence + 1) & 0xFFFF
        self.received += 1

    def _hold(self, sequence: int, packet: bytes, now: float) -> list[bytes]:
        if not self.held:
            self._held_since = now
        self.held.setdefault(sequence, packet)
        return self._give_up() if len(self.held) > MOST_HELD else []

    def _give_up(self) -> list[bytes]:
        found = []
        for sequence in sorted(self.held, key=lambda number: (number - self.following) & 0xFFFF):
            found.append(self.held[sequence])
            self._pass(sequence)
        self.held.clear()
        return found

    def _doubt(self, sequence: int, packet: bytes) -> list[bytes]:
        if sequence != self._doubted:
            self._doubted = (sequence + 1) & 0xFFFF
            return []
        return [*self._give_up(), *self._begin(sequence, packet)]
