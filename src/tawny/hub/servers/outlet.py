"""What waits to be sent to one viewer's subscription, and what happens when the viewer is slow."""

import asyncio
from collections import deque
from collections.abc import Callable

from tawny.wire.media import VIDEO_TRACK
from tawny.wire.media_socket import STARTS_WITH_KEY, MediaKind, note

MAX_QUEUE_BYTES = 4 << 20
MAX_WAIT_S = 3.0  # a thin line would else fill the queue of a small stream for a minute, and show the past
_MAX_KEPT_BYTES = 1 << 20
_SKIPPED = note("skipped").encode()
_KIND, _TRACK, _FLAGS_END = 2, 3, 7  # offsets in an encoded media message


def kind_of(message: bytes) -> int:
    return message[_KIND]


def track_of(message: bytes) -> int:
    return message[_TRACK]


def starts_with_key(message: bytes) -> bool:
    return bool(message[_FLAGS_END] & STARTS_WITH_KEY)


def is_media(message: bytes) -> bool:
    return message[_KIND] in {MediaKind.BURST, MediaKind.FRAGMENT}


class Outlet:
    """The queue of one subscription. *wake* is called when something was queued, *monotonic* is the time in seconds.

    Invariants: queued media never exceed *limit* by more than one message, and live media are never queued behind what
    has waited for `MAX_WAIT_S`; after media were dropped nothing but notes and inits follows until a video key frame,
    before which stands one note ``skipped``.
    """

    def __init__(
        self,
        subscription: int,
        wake: Callable[[], None],
        monotonic: Callable[[], float],
        *,
        limit: int = MAX_QUEUE_BYTES,
    ) -> None:
        self.subscription = subscription
        self._wake = wake
        self._monotonic = monotonic
        self._limit = limit
        self._queue: deque[tuple[float, bytes]] = deque()  # with the time of arrival
        self._bytes = 0
        self._skipping = False
        self._room = asyncio.Event()

    @property
    def overflowed(self) -> bool:
        """Whether even what can't be dropped has become too much: this viewer reads nothing any more."""
        return self._skipping and self._bytes > _MAX_KEPT_BYTES + self._limit

    def offer(self, message: bytes) -> None:
        """Queue *message*, or skip it where the viewer is behind (live)."""
        if is_media(message):
            if self._queue and (self._bytes + len(message) > self._limit or self._waited_s() > MAX_WAIT_S):
                self._drop_media()
            if self._skipping and not self._resumes(message):
                return
        self._put(message)

    async def put(self, message: bytes) -> None:
        """Queue *message* once there is room (playback)."""
        while self._bytes and self._bytes + len(message) > self._limit:
            self._room.clear()
            await self._room.wait()
        self._put(message)

    def take(self) -> bytes | None:
        """The next message, None where there is none."""
        if not self._queue:
            return None
        _, message = self._queue.popleft()
        self._bytes -= len(message)
        self._room.set()
        return message

    def _put(self, message: bytes) -> None:
        self._queue.append((self._monotonic(), message))
        self._bytes += len(message)
        self._wake()

    def _waited_s(self) -> float:
        return self._monotonic() - self._queue[0][0]

    def _drop_media(self) -> None:
        now = self._monotonic()
        kept = [(now, message) for _, message in self._queue if not is_media(message) and message is not _SKIPPED]
        self._skipping = self._skipping or len(kept) < len(self._queue)
        self._queue = deque(kept)
        self._bytes = sum(len(message) for _, message in kept)

    def _resumes(self, message: bytes) -> bool:
        if track_of(message) != VIDEO_TRACK or not starts_with_key(message):
            return False
        self._skipping = False
        self._put(_SKIPPED)
        return True
