"""One stream of one camera over time: attempts, sessions, gaps between them, and who watches."""

import logging
from collections.abc import Callable, Mapping
from random import Random

from tawny.recorder.archive.model import Fragment, GapReason, GroupAnswer, Recording, StreamKey
from tawny.recorder.ingest.broadcast import Broadcast
from tawny.recorder.ingest.camera_session import CameraSession, Now, Tell
from tawny.recorder.ingest.connection import Connection
from tawny.recorder.ingest.model import CameraSource, StreamStatus, Trouble
from tawny.recorder.ingest.supervision import StreamSupervisor
from tawny.recorder.ingest.troubles import Failure, failure
from tawny.wire.media import TrackFormat

_log = logging.getLogger(__name__)


class NotRecording:
    """The `Recording` of a stream that is only watched."""

    def open_segment(self, key: StreamKey, *, start_us: int, formats: Mapping[int, TrackFormat]) -> None: ...

    def append(self, key: StreamKey, fragment: Fragment) -> None: ...

    def close_segment(self, key: StreamKey, *, end_us: int) -> None: ...

    def gap(self, key: StreamKey, *, start_us: int, reason: GapReason, title: str) -> None: ...

    def flush(self) -> None: ...

    def request_group(self, key: StreamKey, answer: GroupAnswer) -> None:
        answer(b"", 0)


class CameraStream:
    """A stream from `set_camera` to `remove_camera`. All of it runs on the media thread.

    Invariants: *session* is there exactly while a connection plays; every moment without a segment is told to the
    recording as a gap, once a reason; footage never begins before the end of earlier footage.
    """

    def __init__(
        self,
        key: StreamKey,
        source: CameraSource,
        recording: Recording,
        *,
        random: Random,
        now: Now,
        later: Callable[[Callable[[], None]], None],
        tell: Tell,
    ) -> None:
        self.key = key
        self.source = source
        self.session: CameraSession | None = None
        self.supervisor = StreamSupervisor(random, now_us=now.utc_us)
        self.attempt = 0  # answers to earlier attempts are turned away
        self._recording: Recording = recording if source.record else NotRecording()
        self.broadcast = Broadcast(key, recording if source.record else None, later=later)
        self._tell = tell
        self._end_us = 0
        self._gap: tuple[GapReason, str] | None = None

    @property
    def status(self) -> StreamStatus | None:
        """What it delivers, None while it doesn't."""
        return self.session.status if self.session else None

    @property
    def hurried(self) -> bool:
        """Whether to read it more often than the tick: somebody watches, or its session asks for it."""
        return self.session is not None and (self.broadcast.watched or self.session.hurried)

    def attempting(self) -> int:
        """An attempt begins; returns its number."""
        self.attempt += 1
        self.supervisor.attempting()
        return self.attempt

    def connected(self, connection: Connection, now: Now) -> None:
        """Play what *connection* brings."""
        self.session = CameraSession(
            self.key,
            connection,
            self._recording,
            self.broadcast,
            records=self.source.record,
            now=now,
            not_before_us=self._end_us,
            tell=self._tell,
        )

    def poll(self, buffer: bytearray, view: memoryview, now: Now) -> bool:
        """Read once; whether the state changed."""
        session = self.session
        if session is None:
            return False
        try:
            if not session.poll(buffer, view, now):
                return False
            self._gap = None
            self.supervisor.online(now.utc_us)
        except Failure as problem:
            self.failed(problem, now)
        except Exception:  # noqa: BLE001 - the boundary: a stream that we trip over must not stop the other cameras
            _log.exception("%s %s: a fault of ours in reading the stream", self.key.camera, self.key.stream)
            self.failed(failure(Trouble.BAD_STREAM), now)
        return True

    def failed(self, problem: Failure, now: Now) -> None:
        """The attempt or the session is over, for this reason."""
        _log.info("%s %s: %s (%r)", self.key.camera, self.key.stream, problem.title, problem.__cause__)
        self._end_session()
        self.supervisor.failed(problem, now_us=now.utc_us, monotonic=now.monotonic)
        self._tell_gap(problem.reason, problem.title, now)

    def refused(self, problem: Failure, now: Now) -> None:
        """The stream is not wanted, for this reason; an attempt that runs is turned away."""
        self.attempt += 1
        self.failed(problem, now)

    def clock_stepped(self, now: Now) -> None:
        """The recorder's clock was set: what follows is timed anew."""
        if self.session is not None:
            self._end_us = self.session.restart(now)
            self._tell_gap(GapReason.CLOCK, "The recorder's clock was set.", now)

    def stop(self, now: Now, reason: GapReason | None = None, title: str = "") -> None:
        """Connect no more. Without *reason* the time that follows is nobody's business here: the recorder ends."""
        self.attempt += 1
        self._end_session()
        if reason is not None:
            self._tell_gap(reason, title, now)

    def succeed(self, before: "CameraStream") -> None:
        """Go on where *before* ended: footage never begins before the end of earlier footage."""
        self._end_us, self._gap = before._end_us, before._gap

    def _end_session(self) -> None:
        session, self.session = self.session, None
        if session is not None:
            had_footage = session.online
            self._end_us = max(self._end_us, session.finish())
            self._gap = None if had_footage else self._gap

    def _tell_gap(self, reason: GapReason, title: str, now: Now) -> None:
        if self._gap != (reason, title):
            footage_ended_now = self._gap is None and self._end_us > 0
            start_us = self._end_us if footage_ended_now else max(now.utc_us, self._end_us)
            self._recording.gap(self.key, start_us=start_us, reason=reason, title=title)
            self._gap = reason, title
