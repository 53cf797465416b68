"""The media loop: one thread that reads every camera once a tick and is woken by nothing else (design D1).

What pays is not being woken: 16 cameras send 6,000 packets a second, and this loop wakes five times. Streams that
somebody watches, and new ones, are read every 20 ms.
"""

import logging
import os
import select
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.camera_session import Now
from tawny.recorder.ingest.camera_stream import CameraStream
from tawny.runtime.clock import Clock
from tawny.wire.depacketize.interleaved import SLACK

TICK_S = 0.2
HURRIED_TICK_S = 0.02
HOUSEKEEPING_S = 1.0
CLOCK_STEP_US = 2_000_000
BUFFER_BYTES = 1 << 20

_log = logging.getLogger(__name__)


class MediaLoop:
    """Runs all streams on one thread; everything else reaches them by `post`.

    Invariants: *streams* is touched by the media thread only; a posted call runs once, in order, before the next sweep.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        housekeeping: Callable[[Now], None],
        changed: Callable[[StreamKey], None],
        swept: Callable[[], None],
    ) -> None:
        self.streams: dict[StreamKey, CameraStream] = {}
        self._clock = clock
        self._housekeeping = housekeeping
        self._changed = changed
        self._swept = swept
        self._posted: deque[Callable[[], None]] = deque()
        self._buffer = bytearray(BUFFER_BYTES + SLACK)
        self._view = memoryview(self._buffer)
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._thread: threading.Thread | None = None
        self._running = True
        self._tick_at = self._housekeeping_at = clock.monotonic()
        self._apart_us: int | None = None

    def start(self) -> None:
        """Begin to sweep on a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="media", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End after what was posted so far."""
        self.post(self._end)
        if self._thread is not None:
            self._thread.join(timeout_s)
            if self._thread.is_alive():
                _log.error("the media thread did not end within %s s", timeout_s)

    def post(self, call: Callable[[], None]) -> None:
        """Run *call* on the media thread, now."""
        self._posted.append(call)
        with suppress(BlockingIOError):  # the pipe is full of wake-ups already
            os.write(self._wake_write, b"\0")

    def now(self) -> Now:
        """The time of a sweep."""
        return Now(self._clock.utc_us(), self._clock.monotonic())

    def _end(self) -> None:
        self._running = False

    def _run(self) -> None:
        while self._running:
            if select.select([self._wake_read], [], [], self._wait_s())[0]:
                os.read(self._wake_read, 4096)
            try:
                self.run_once()
            except Exception:  # noqa: BLE001 - the thread is a supervisor: a fault of ours must not end all recording
                _log.exception("a sweep failed")
                self._tick_at = self._clock.monotonic() + TICK_S

    def run_once(self) -> None:
        """Do what is due: posted calls, one sweep, housekeeping once a second."""
        self._run_posted()
        now = self.now()
        self._watch_clock(now)
        due = now.monotonic >= self._tick_at - 0.001
        for stream in list(self.streams.values()):
            if due or stream.hurried:
                self._read(stream, now)
        if due:
            self._tick_at = max(self._tick_at + TICK_S, now.monotonic)
        if now.monotonic >= self._housekeeping_at:
            self._housekeeping_at = now.monotonic + HOUSEKEEPING_S
            self._housekeeping(now)
        self._swept()

    def _read(self, stream: CameraStream, now: Now) -> None:
        if stream.poll(self._buffer, self._view, now):
            self._changed(stream.key)
        if stream.broadcast.watched:
            stream.broadcast.flush()

    def _run_posted(self) -> None:
        for _ in range(len(self._posted)):
            self._posted.popleft()()

    def _wait_s(self) -> float:
        hurried = any(stream.hurried for stream in self.streams.values())
        now = self._clock.monotonic()
        tick = max(self._tick_at - now, 0.0)
        return min(tick, HURRIED_TICK_S) if hurried else tick

    def _watch_clock(self, now: Now) -> None:
        """Notice that somebody set the machine's clock: utc and monotonic time went different ways since the last sweep."""
        apart_us = now.utc_us - int(now.monotonic * 1_000_000)
        before, self._apart_us = self._apart_us, apart_us
        if before is not None and abs(apart_us - before) > CLOCK_STEP_US:
            _log.warning("the recorder's clock was set by %+.1f s", (apart_us - before) / 1e6)
            for stream in list(self.streams.values()):
                stream.clock_stepped(now)
