"""Logins that devices refused over RTSP, remembered for all of their streams: a wrong one is sent rarely."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import Failure, failure
from tawny.runtime.clock import Clock

HOLD_S = 1400.0  # for other streams than the one that was refused, which comes again after half an hour
_WAIT_S = 12.0  # longer than connecting takes


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLogin:
    """A login as a device knows it, whichever of its streams is asked for."""

    host: str
    user: str
    password: str = field(repr=False)


@dataclass(slots=True)
class _Known:
    """What is known of a login: the *streams* that it opened, and which one was refused last, and when."""

    streams: set[Hashable] = field(default_factory=set)
    refused: Hashable | None = None
    refused_s: float = 0.0
    under_way: Event | None = None


class RefusedLogins:
    """One recorder's memory of logins; used from any thread.

    Invariants: while one stream finds out whether a login is right, the others of its device wait for that; once it was
    refused, only the stream that was told so sends it again, unless it opens other streams: users may be kept from one.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._known: dict[DeviceLogin, _Known] = {}

    @contextmanager
    def attempt(self, login: DeviceLogin, stream: Hashable) -> Iterator[None]:
        """The time of one attempt by *stream*; raises Failure where the login is known to be wrong."""
        known, mine = self._entered(login)
        try:
            with self._lock:
                self._check(known, stream)
            yield
        except Failure as problem:
            if problem.kind is Trouble.CREDENTIALS:
                self._refused(known, stream, sent=problem.__cause__ is not None)
            raise
        else:
            with self._lock:
                known.streams.add(stream)
                known.refused = None
        finally:
            mine.set()
            with self._lock:
                if known.under_way is mine:
                    known.under_way = None

    def _entered(self, login: DeviceLogin) -> tuple[_Known, Event]:
        """What is known of *login*, once somebody who tries it already is done; and what ends our own turn."""
        mine = Event()
        with self._lock:
            known = self._known.setdefault(login, _Known())
            ahead = known.under_way
            if ahead is None:
                known.under_way = mine
        if ahead is not None:
            ahead.wait(_WAIT_S)
        return known, mine

    def _check(self, known: _Known, stream: Hashable) -> None:
        held = known.refused is not None and known.refused != stream
        if held and self._clock.monotonic() - known.refused_s < HOLD_S:
            raise failure(Trouble.CREDENTIALS)

    def _refused(self, known: _Known, stream: Hashable, *, sent: bool) -> None:
        with self._lock:
            if not sent or (known.streams and stream not in known.streams):
                return
            known.streams.clear()
            known.refused, known.refused_s = stream, self._clock.monotonic()
