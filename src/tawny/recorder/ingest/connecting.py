"""Connecting on helper threads: it blocks for seconds, so never on the media thread."""

import logging
import threading
from collections import deque
from collections.abc import Callable

from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.connection import Camera, Connection
from tawny.recorder.ingest.model import CameraSource, Trouble
from tawny.recorder.ingest.troubles import Failure, failure

MOST_AT_ONCE = 16

_log = logging.getLogger(__name__)

Answer = Callable[[Connection | Failure], None]


class Connector:
    """Runs attempts, at most `MOST_AT_ONCE` of them; the others wait their turn.

    Threads are daemons: a camera that hangs must not keep the recorder from ending.
    Invariant: each attempt is answered exactly once, on a helper thread.
    """

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._lock = threading.Lock()
        self._waiting: deque[tuple[CameraSource, StreamKey, Answer]] = deque()
        self._threads = 0

    def connect(self, source: CameraSource, key: StreamKey, answer: Answer) -> None:
        """Connect to that stream of *source* and call *answer*."""
        with self._lock:
            self._waiting.append((source, key, answer))
            if self._threads >= MOST_AT_ONCE:
                return
            self._threads += 1
        threading.Thread(target=self._run, name="connect", daemon=True).start()

    def _run(self) -> None:
        while (attempt := self._next()) is not None:
            source, key, answer = attempt
            answer(self._attempt(source, key))

    def _next(self) -> tuple[CameraSource, StreamKey, Answer] | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._threads -= 1
            return None

    def _attempt(self, source: CameraSource, key: StreamKey) -> Connection | Failure:
        try:
            return self._camera.connect(source, key)
        except Failure as problem:
            return problem
        except Exception:  # noqa: BLE001 - the boundary: an unforeseen answer must not stop attempts for good
            _log.exception("%s %s: a fault of ours in connecting", key.camera, key.stream)
            return failure(Trouble.OTHER, title="The camera's answer could not be understood.")
