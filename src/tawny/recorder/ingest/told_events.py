"""From the media thread to whoever keeps events: the notifications that come inside metadata documents."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from tawny.wire.onvif.metadata import Metadata, read

MOST_WAITING = 256
MOST_BYTES = 4 << 20
_NOTIFIES = b"NotificationMessage"

_log = logging.getLogger(__name__)


class Told(NamedTuple):
    """A document with notifications: of which camera, at which moment of the recorder's time."""

    camera: str
    utc_us: int
    metadata: Metadata


class _Waiting(NamedTuple):
    camera: str
    utc_us: int
    document: bytes


class ToldEvents:
    """Takes documents on one thread and gives those that notify, read, on another.

    Boxes of objects come ten times a second and camera; they are stored, but nobody reads them here.
    Invariant: at most `MOST_WAITING` documents of `MOST_BYTES` wait, of which the oldest are given up; *wake* is called
    once for whatever waits.
    """

    def __init__(self, *, wake: Callable[[Callable[[], None]], object], take: Callable[[Told], None]) -> None:
        self._wake = wake
        self._take = take
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self.given_up = 0

    def put(self, camera: str, utc_us: int, document: bytes) -> None:
        """Take a document; any thread. Returns at once."""
        if _NOTIFIES not in document:
            return
        with self._lock:
            first = not self._waiting
            self._waiting.append(_Waiting(camera, utc_us, document))
            self._bytes += len(document)
            while len(self._waiting) > MOST_WAITING or self._bytes > MOST_BYTES:
                self._bytes -= len(self._waiting.popleft().document)
                self.given_up += 1
        if first:
            self._wake(self._give)

    def _give(self) -> None:
        """Read what waits; runs where *wake* lets it."""
        with self._lock:
            waiting, self._waiting, self._bytes = self._waiting, deque(), 0
        for camera, utc_us, document in waiting:
            try:
                metadata = read(document)
            except ValueError as error:
                _log.info("%s: its metadata can't be read: %s", camera, error)
                continue
            if metadata.messages:
                self._take(Told(camera, utc_us, metadata))
