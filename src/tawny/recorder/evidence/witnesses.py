"""Who saw the newest head of the recorder's ledger: a time-stamping service where one is set, and people's browsers.

A time stamp (RFC 3161) is over SHA-256 of the head's line, its signature included.
"""

import base64
import logging
import threading
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from rfc3161_client import decode_timestamp_response

from tawny.recorder.archive.ledger import Entry
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.wire.evidence.ledgers import HeadEntry

_log = logging.getLogger(__name__)
MAX_URL = 2048
_FIRST_WAIT_S = 15.0
_LONGEST_WAIT_S = 900.0
FAILING_S = 600.0  # without an answer for so long, somebody has to look


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeStamp:
    """A service's answer: the *token* (DER), and the moment in it."""

    token: bytes
    utc_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """What became of an offer; *stamp* is None where it failed."""

    head: HeadEntry
    url: str
    stamp: TimeStamp | None


class TimeStamps(Protocol):
    """Time-stamping services."""

    def stamp(self, url: str, data: bytes) -> TimeStamp:
        """A time stamp over SHA-256 of *data* from the service at *url*, within a bounded time. Problem where there is none."""
        ...


class TimeStamping:
    """The time stamps of heads, one at a time, each on a thread of its own.

    Invariant: after a failure nobody asks again before the wait is over, which doubles each time.
    """

    def __init__(self, service: TimeStamps, clock: Clock) -> None:
        self._service = service
        self._clock = clock
        self._finished: SimpleQueue[Stamped] = SimpleQueue()
        self._busy = False
        self._wait_s = _FIRST_WAIT_S
        self._again_at = 0.0
        self._failing_since: float | None = None
        self._stamped: str | None = None
        self.problem: Problem | None = None

    @property
    def failing_s(self) -> float:
        """For how long no time stamp came that was asked for."""
        return 0.0 if self._failing_since is None else self._clock.monotonic() - self._failing_since

    def reset(self) -> None:
        """Another service is set."""
        self._again_at, self._wait_s, self._failing_since, self.problem = 0.0, _FIRST_WAIT_S, None, None

    def offer(self, url: str, head: HeadEntry) -> threading.Thread | None:
        """Have *head* stamped, unless it is, or another one is just now, or a failure was too short a time ago."""
        if self._busy or head.id == self._stamped or self._clock.monotonic() < self._again_at:
            return None
        self._busy = True
        thread = threading.Thread(target=self._stamp, args=(url, head), name="time stamp", daemon=True)
        thread.start()
        return thread

    def finished(self) -> "Stamped | None":
        """What became of an offer, once."""
        return None if self._finished.empty() else self._finished.get()

    def _stamp(self, url: str, head: HeadEntry) -> None:
        try:
            found = self._service.stamp(url, head.line())
        except Problem as problem:
            self._failed(problem)
            self._finished.put(Stamped(head=head, url=url, stamp=None))
        except Exception:  # noqa: BLE001 - the thread is a supervisor: whatever a service answers, the next head is offered again
            _log.exception("a time stamp failed")
            self._failed(
                Problem(Kind.UNAVAILABLE, "The time-stamping service gave an answer that can't be understood.")
            )
        else:
            self.reset()
            self._stamped = head.id
            self._finished.put(Stamped(head=head, url=url, stamp=found))
        finally:
            self._busy = False

    def _failed(self, problem: Problem) -> None:
        now = self._clock.monotonic()
        if self.problem is None or self.problem.title != problem.title:
            _log.warning("no time stamp: %s", problem.title)
        self.problem = problem
        self._failing_since = now if self._failing_since is None else self._failing_since
        self._again_at = now + self._wait_s
        self._wait_s = min(2 * self._wait_s, _LONGEST_WAIT_S)


def token_imprint(token: str) -> bytes:
    """What a time stamp (base64) is over: the hash in it; empty where it is no time stamp."""
    try:
        found = base64.b64decode(token, validate=True)
        return decode_timestamp_response(_response(found)).tst_info.message_imprint.message
    except ValueError:
        return b""


def _response(token: bytes) -> bytes:
    """*token* as the answer in which it came (RFC 3161, section 2.4.2): status granted, then the token."""
    body = b"\x30\x03\x02\x01\x00" + token
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    length = size if len(body) < 0x80 else bytes((0x80 | len(size),)) + size  # DER: as short as can be
    return b"\x30" + length + body


def check_url(url: str) -> str:
    """*url* as the address of a service, or empty. Problem where it is neither."""
    if not url:
        return ""
    parts = _parts(url)
    if parts is None or len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise Problem(
            Kind.INVALID,
            "The address of a time-stamping service begins with http:// or https://.",
            remedy="For example http://timestamp.digicert.com.",
            field="tsa_url",
        )
    if parts.username is not None or parts.password is not None:
        raise Problem(Kind.INVALID, "The address must not hold a user or a password.", field="tsa_url")
    return url


def host_of(url: str) -> str:
    """Whose service it is, for the ledger, which goes to others: the rest of an address may be a secret."""
    return urlsplit(url).hostname or ""


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        well = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if well else None


def witnessed_entry(head: HeadEntry, **receipt: str) -> Entry:
    """The members of a `witnessed` line but id and moment: which head, and the receipt."""
    return {"kind": "witnessed", "head": head.id, "ledger": head.ledger, "volume": head.volume, **receipt}
