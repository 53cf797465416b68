"""From the media thread to whoever keeps events: the notifications that come inside metadata documents."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from tawny.wire.onvif.metadata import Metadata, read

GATHER_S = 0.1  # so often at most the other thread reads
MOST_WAITING = 16  # of one camera
MOST_BYTES = 256 << 10
_NOTIFIES = b"NotificationMessage"

_log = logging.getLogger(__name__)


class Told(NamedTuple):
    """A document with notifications: of which camera, at which moment of the recorder's time."""

    camera: str
    utc_us: int
    metadata: Metadata


class _Waiting(NamedTuple):
    utc_us: int
    document: bytes


class ToldEvents:
    """Takes documents on one thread and gives those that notify, read, on another.

    Boxes of objects come ten times a second and camera; they are stored, but nobody reads them here.
    Invariants: of one camera at most `MOST_WAITING` documents of `MOST_BYTES` wait, of which the oldest are given up;
    *later* is called once for whatever waits, to run what it is given on the other thread after so many seconds.
    """

    def __init__(self, *, later: Callable[[float, Callable[[], None]], object], take: Callable[[Told], None]) -> None:
        self._later = later
        self._take = take
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[_Waiting]] = {}
        self.given_up = 0

    def put(self, camera: str, utc_us: int, document: bytes) -> None:
        """Take a document; any thread. Returns at once."""
        if _NOTIFIES not in document:
            return
        with self._lock:
            first = not self._waiting
            mine = self._waiting.setdefault(camera, deque())
            mine.append(_Waiting(utc_us, document))
            while len(mine) > MOST_WAITING or sum(len(each.document) for each in mine) > MOST_BYTES:
                mine.popleft()
                self.given_up += 1
        if first:
            self._later(GATHER_S, self._give)

    def _give(self) -> None:
        """Read what waits, on the other thread."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for camera, documents in waiting.items():
            for utc_us, document in documents:
                if (metadata := _read(camera, document)) is not None:
                    self._take(Told(camera, utc_us, metadata))


def _read(camera: str, document: bytes) -> Metadata | None:
    try:
        found = read(document)
    except ValueError as error:
        _log.debug("%s: its metadata can't be read: %s", camera, error)
        return None
    return found if found.messages else None
