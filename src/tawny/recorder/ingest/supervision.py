"""When to connect, and what to say about it: one stream's ups and downs as a machine without I/O."""

from dataclasses import replace
from random import Random

from tawny.recorder.ingest.model import CameraState, Phase, Trouble
from tawny.recorder.ingest.troubles import Failure

FIRST_RETRY_S = 1.0
LONGEST_RETRY_S = 30.0
FIRST_LOGIN_RETRY_S = 60.0  # cameras lock out after five to seven wrong logins (Hikvision: for 30 minutes)
LONGEST_LOGIN_RETRY_S = 1800.0  # the ONVIF side asks too, every hour
_JITTER = 0.2
_FINAL = frozenset({Trouble.IDENTITY})  # trying again changes nothing: somebody has to decide
# after these a second stream of the same camera would fail as well, or count against the login
_ALL_STREAMS = frozenset({Trouble.CREDENTIALS, Trouble.UNREACHABLE, Trouble.ADDRESS, Trouble.CERTIFICATE})


class Backoff:
    """How long to wait before the next attempt: doubling, a little at random so that cameras don't come all at once."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._attempts = self._refusals = 0

    def reset(self) -> None:
        """It works: begin anew with the shortest wait."""
        self._attempts = self._refusals = 0

    def next(self, kind: Trouble) -> float:
        """Seconds to wait after a failure of that kind."""
        if kind is Trouble.CREDENTIALS:
            # once soon: cameras that start up refuse everybody for a moment
            wait = LONGEST_LOGIN_RETRY_S if self._refusals else FIRST_LOGIN_RETRY_S
            self._refusals += 1
        else:
            wait = min(FIRST_RETRY_S * 2.0 ** min(self._attempts, 20), LONGEST_RETRY_S)
        self._attempts += 1
        return wait * self._random.uniform(1 - _JITTER, 1 + _JITTER)


class StreamSupervisor:
    """Decides for one stream; the loop acts.

    Invariant: between `attempting` and `connected` or `failed` no other attempt is due, nor while it runs.
    """

    def __init__(self, random: Random, *, now_us: int) -> None:
        self.state = CameraState(phase=Phase.CONNECTING, since_us=now_us)
        self._backoff = Backoff(random)
        self._retry_at: float | None = float("-inf")

    @property
    def hopeless(self) -> bool:
        """Whether another stream of the camera had better not be tried now."""
        return self.state.phase is not Phase.ONLINE and (
            self.state.kind in _ALL_STREAMS or self.state.kind is Trouble.NONE
        )

    @property
    def resting(self) -> bool:
        """Whether nothing will be tried again."""
        return self.state.phase is Phase.WAITING and self._retry_at is None

    def due(self, monotonic: float) -> bool:
        """Whether to connect now."""
        return self._retry_at is not None and monotonic >= self._retry_at

    def attempting(self) -> None:
        """An attempt begins; what went wrong before stays said until it works."""
        self._retry_at = None
        self.state = replace(self.state, phase=Phase.CONNECTING, retry_at_us=None)

    def online(self, now_us: int) -> None:
        """The first picture came."""
        self._backoff.reset()
        self.state = CameraState(phase=Phase.ONLINE, since_us=now_us)

    def failed(self, failure: Failure, *, now_us: int, monotonic: float) -> None:
        """The attempt or the stream ended."""
        wait = None if failure.kind in _FINAL else self._backoff.next(failure.kind)
        self._retry_at = None if wait is None else monotonic + wait
        since_us = now_us if self.state.phase is Phase.ONLINE else self.state.since_us
        self.state = CameraState(
            phase=Phase.WAITING,
            since_us=since_us,
            title=failure.title,
            remedy=failure.remedy,
            kind=failure.kind,
            retry_at_us=None if wait is None else now_us + int(wait * 1_000_000),
            certificate=failure.certificate,
            shown=failure.shown,
        )
