"""Ingest as the rest of the recorder sees it: cameras set and removed, their states, and watching."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random

from tawny.recorder.archive.model import GapReason, Recording, StreamKey
from tawny.recorder.ingest.camera_session import Now
from tawny.recorder.ingest.camera_stream import CameraStream
from tawny.recorder.ingest.connecting import Connector
from tawny.recorder.ingest.connection import Camera, Connection
from tawny.recorder.ingest.loop import MediaLoop
from tawny.recorder.ingest.model import (
    CameraSource,
    CameraState,
    FeedSubscriber,
    Phase,
    StreamStatus,
    Unwatch,
)
from tawny.recorder.ingest.troubles import Failure
from tawny.runtime.clock import Clock
from tawny.wire.feed import encode_state
from tawny.wire.media import StreamName

_STOP_S = 2.0
_TITLES = {
    GapReason.DISABLED: "The camera is switched off.",
    GapReason.NOT_ADDED: "The camera was removed.",
}

_Streams = dict[StreamName, StreamStatus | None]


def unheard(camera: str, utc_us: int, document: bytes) -> None:
    """Nobody listens to metadata."""


class Ingest:
    """All cameras' streams. Every method may be called from any thread and returns at once, but `stop`.

    Invariants: states are kept by camera and replaced whole, so that any thread may read them; *on_change* is called
    from the media thread, for one camera at most once a second unless its state changed; *on_metadata* (camera, the
    recorder's time, document) for each whole document of a main stream, from the same thread: it must return at once.
    """

    def __init__(
        self,
        *,
        recording: Recording,
        camera: Camera,
        clock: Clock,
        random: Random,
        on_change: Callable[[str], None],
        on_metadata: Callable[[str, int, bytes], None] = unheard,
    ) -> None:
        self._recording = recording
        self._clock = clock
        self._random = random
        self._on_change = on_change
        self._on_metadata = on_metadata
        self._connector = Connector(camera)
        self._loop = MediaLoop(clock, housekeeping=self._keep_house, changed=self._stream_moved, swept=recording.flush)
        self._states: dict[str, CameraState] = {}
        self._statuses: dict[str, _Streams] = {}
        self._subscribers: dict[StreamKey, list[FeedSubscriber]] = {}  # the media thread's

    def start(self) -> None:
        """Begin to read cameras."""
        self._loop.start()

    def stop(self) -> None:
        """Close every segment and connection, within two seconds."""
        self._loop.post(self._stop_all)
        self._loop.stop(_STOP_S)

    def set_camera(self, source: CameraSource) -> None:
        """Add or change a camera; a stream of which nothing changed goes on as it is."""
        new = CameraState(phase=Phase.CONNECTING, since_us=self._clock.utc_us())
        self._states.setdefault(source.camera, new)
        self._loop.post(lambda: self._set(source))

    def remove_camera(self, camera: str, reason: GapReason = GapReason.DISABLED) -> None:
        """Leave a camera; from now on the timeline says *reason*."""
        self._states.pop(camera, None)
        self._statuses.pop(camera, None)
        self._loop.post(lambda: self._remove(camera, reason))

    def refuse(self, camera: str, problem: Failure) -> None:
        """Leave a camera because of *problem*, which is its state until it is set again."""
        self._loop.post(lambda: self._refuse(camera, problem))

    def state(self, camera: str) -> CameraState:
        """How it stands with *camera*; disabled where we were told of none."""
        return self._states.get(camera) or CameraState(phase=Phase.DISABLED, since_us=self._clock.utc_us())

    def streams(self, camera: str) -> _Streams:
        """What each stream delivers."""
        return dict(self._statuses.get(camera, {}))

    def watch(self, camera: str, stream: StreamName, subscriber: FeedSubscriber) -> Unwatch:
        """Send *subscriber* the stream from its last key frame on, until the function returned is called."""
        key = StreamKey(camera=camera, stream=stream)
        self._loop.post(lambda: self._watch(key, subscriber))
        return lambda: self._loop.post(lambda: self._unwatch(key, subscriber))

    def seal(self, camera: str) -> None:
        """Let each of the camera's streams begin a new segment at its next key frame."""
        self._loop.post(lambda: self._seal(camera))

    # from here on: the media thread

    def _seal(self, camera: str) -> None:
        for key, stream in self._loop.streams.items():
            if key.camera == camera and stream.session is not None:
                stream.session.seal()

    def _set(self, source: CameraSource) -> None:
        now = self._loop.now()
        for name, url in ((StreamName.MAIN, source.main_url), (StreamName.SUB, source.sub_url)):
            key = StreamKey(camera=source.camera, stream=name)
            before = self._loop.streams.get(key)
            if before is not None and url and not before.supervisor.resting and _same(before.source, source, name):
                before.source = source
                continue
            self._replace(key, before, self._stream(key, source, now) if url else None, now)
        self._tell(source.camera)
        self._connect_due(now)

    def _stream(self, key: StreamKey, source: CameraSource, now: Now) -> CameraStream:
        heard = key.stream is StreamName.MAIN and source.record  # a sub stream tells the same again
        return CameraStream(
            key,
            source,
            self._recording,
            random=self._random,
            now=now,
            later=self._loop.post,
            tell=partial(self._on_metadata if heard else unheard, source.camera),
        )

    def _refuse(self, camera: str, problem: Failure) -> None:
        now = self._loop.now()
        for key, stream in self._loop.streams.items():
            if key.camera == camera:
                stream.refused(problem, now)
                self._stream_changed(key)

    def _replace(self, key: StreamKey, before: CameraStream | None, after: CameraStream | None, now: Now) -> None:
        """Put *after* in the place of *before*."""
        if before is not None:
            before.stop(now, GapReason.DISABLED, "The camera was set up anew.")
            del self._loop.streams[key]
        if after is not None:
            self._loop.streams[key] = after
            if before is not None:
                after.succeed(before)
            for subscriber in self._subscribers.get(key, ()):
                after.broadcast.watch(subscriber)

    def _remove(self, camera: str, reason: GapReason) -> None:
        now = self._loop.now()
        for key in [key for key in self._loop.streams if key.camera == camera]:
            self._loop.streams.pop(key).stop(now, reason, _TITLES.get(reason, ""))
        if camera not in self._states:  # else it was set again meanwhile
            self._publish(camera, self.state(camera))
        self._on_change(camera)

    def _stop_all(self) -> None:
        now = self._loop.now()
        for stream in self._loop.streams.values():
            stream.stop(now)
        self._loop.streams.clear()

    def _watch(self, key: StreamKey, subscriber: FeedSubscriber) -> None:
        self._subscribers.setdefault(key, []).append(subscriber)
        state = self.state(key.camera)
        if state.phase is not Phase.ONLINE:
            subscriber.put([self._encoded(state)])
        if (stream := self._loop.streams.get(key)) is not None:
            stream.broadcast.watch(subscriber)
            stream.broadcast.flush()

    def _unwatch(self, key: StreamKey, subscriber: FeedSubscriber) -> None:
        left = [other for other in self._subscribers.pop(key, []) if other is not subscriber]
        if left:
            self._subscribers[key] = left
        if (stream := self._loop.streams.get(key)) is not None:
            stream.broadcast.unwatch(subscriber)

    def _encoded(self, state: CameraState) -> bytes:
        return encode_state(state.document(), utc_us=self._clock.utc_us())

    def _keep_house(self, now: Now) -> None:
        """Once a second: attempts that are due, and figures."""
        self._connect_due(now)
        for key, stream in self._loop.streams.items():
            before = stream.status
            if stream.session is not None:
                stream.session.measure(now)
            if _notable(before, stream.status):
                self._stream_changed(key)
            else:
                self._statuses.setdefault(key.camera, {})[key.stream] = stream.status

    def _connect_due(self, now: Now) -> None:
        for key, stream in self._loop.streams.items():
            if stream.session is None and stream.supervisor.due(now.monotonic) and self._may_connect(key):
                attempt = stream.attempting()
                self._connector.connect(stream.source, key, self._answer_to(key, stream, attempt))
                self._stream_changed(key)

    def _may_connect(self, key: StreamKey) -> bool:
        """The sub stream waits for the main one: a wrong password must not count twice, and one look is enough."""
        main = self._loop.streams.get(replace(key, stream=StreamName.MAIN))
        return key.stream is StreamName.MAIN or main is None or not main.supervisor.hopeless

    def _answer_to(self, key: StreamKey, stream: CameraStream, attempt: int) -> Callable[[Connection | Failure], None]:
        def answer(result: Connection | Failure) -> None:
            self._loop.post(lambda: self._attempted(key, stream, attempt, result))

        return answer

    def _attempted(self, key: StreamKey, stream: CameraStream, attempt: int, result: Connection | Failure) -> None:
        if stream.attempt != attempt or self._loop.streams.get(key) is not stream:
            if isinstance(result, Connection):
                result.link.close()
        elif isinstance(result, Connection):
            stream.connected(result, self._loop.now())
        else:
            stream.failed(result, self._loop.now())
            self._stream_changed(key)

    def _stream_moved(self, key: StreamKey) -> None:
        """A stream came or went: tell, and see whether that lets another one connect."""
        self._stream_changed(key)
        self._connect_due(self._loop.now())

    def _stream_changed(self, key: StreamKey) -> None:
        stream = self._loop.streams[key]
        self._statuses.setdefault(key.camera, {})[key.stream] = stream.status
        self._tell(key.camera)

    def _tell(self, camera: str) -> None:
        """Let everybody know the state of *camera*, which is that of its main stream."""
        main = self._loop.streams.get(StreamKey(camera=camera, stream=StreamName.MAIN))
        if main is None or camera not in self._states:  # removed meanwhile
            return
        before, self._states[camera] = self._states[camera], main.supervisor.state
        if before != main.supervisor.state:
            self._publish(camera, main.supervisor.state)
        self._on_change(camera)

    def _publish(self, camera: str, state: CameraState) -> None:
        message = self._encoded(state)
        for key, subscribers in self._subscribers.items():
            if key.camera == camera:
                for subscriber in subscribers:
                    subscriber.put([message])


def _same(before: CameraSource, after: CameraSource, name: StreamName) -> bool:
    """Whether nothing changed that the stream *name* depends on."""
    if name is StreamName.MAIN:
        return replace(before, sub_url=None) == replace(after, sub_url=None)
    return replace(before, main_url="") == replace(after, main_url="")


def _notable(before: StreamStatus | None, after: StreamStatus | None) -> bool:
    """Whether what a stream delivers changed so that people should see it now."""
    if before is None or after is None:
        return before is not after
    rates = (before.fps, after.fps), (before.bits_per_second, after.bits_per_second)
    same = (
        replace(after, fps=before.fps, bits_per_second=before.bits_per_second, key_frame_s=before.key_frame_s) == before
    )
    return not same or any(abs(new - old) > 0.2 * max(new, old) for old, new in rates)
