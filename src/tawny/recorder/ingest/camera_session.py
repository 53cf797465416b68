"""One connection's media, from the bytes of a sweep to the archive and the watchers."""

from collections.abc import Callable
from typing import NamedTuple

from tawny.recorder.archive.model import Recording, StreamKey
from tawny.recorder.ingest.broadcast import Broadcast, Unit
from tawny.recorder.ingest.connection import Connection
from tawny.recorder.ingest.decode_order import DecodeOrder, Sample
from tawny.recorder.ingest.fragments import DOCUMENT_TICKS, Cutter
from tawny.recorder.ingest.model import StreamStatus, Trouble
from tawny.recorder.ingest.side_tracks import Documents, Sound
from tawny.recorder.ingest.timing import MediaClock
from tawny.recorder.ingest.troubles import failure
from tawny.wire.depacketize.interleaved import SLACK
from tawny.wire.media import (
    AUDIO_TRACK,
    METADATA_TRACK,
    VIDEO_TIMESCALE,
    VIDEO_TRACK,
    AccessUnit,
    TrackFormat,
    VideoFormat,
)

SILENCE_S = 5.0
KEY_FRAME_S = 20.0
HELD_BYTES = 16 << 20  # while the clock settles
_MEASURE_S = 2.0
_USUAL_TICKS = VIDEO_TIMESCALE // 25

Tell = Callable[[int, bytes], None]  # the recorder's time of a metadata document, and the document


class Now(NamedTuple):
    """The time of one sweep."""

    utc_us: int
    monotonic: float


class CameraSession:
    """Reads one connection once a sweep and passes on what comes.

    During the first second units are held: then the clock's offset and the depth of reordering are known, and
    everything is stored and shown with its final time.

    Invariants: nothing is given to the cutter or the watchers before the clock settled; a session that raised Failure
    is finished by `finish` exactly once.
    """

    def __init__(
        self,
        key: StreamKey,
        connection: Connection,
        recording: Recording,
        broadcast: Broadcast,
        *,
        records: bool,
        now: Now,
        not_before_us: int,
        tell: Tell,
    ) -> None:
        self._key = key
        self._tell = tell
        self._connection = connection
        self._recording = recording
        self._broadcast = broadcast
        self._records = records
        self._left = b""
        self._backlog = connection.unread
        self._last_data = self._last_keepalive = self._since_picture = now.monotonic
        self._begin(not_before_us)
        self._meter = _Meter()
        self.status: StreamStatus | None = None

    def _begin(self, not_before_us: int) -> None:
        """Start a timeline: clocks, order and cutter."""
        connection = self._connection
        self._clock = MediaClock(VIDEO_TIMESCALE)
        self._order = DecodeOrder()
        self._audio = Sound(AUDIO_TRACK, connection.audio) if connection.audio else None
        self._documents = Documents(METADATA_TRACK, connection.metadata) if connection.metadata else None
        self._cutter = Cutter(
            self._key,
            self._recording,
            video_clock=self._clock,
            audio_clock=self._audio.clock if self._audio else None,
            not_before_us=not_before_us,
            around=self,
        )
        self._formats: dict[int, TrackFormat] = {}
        self._held: list[tuple[int, AccessUnit] | VideoFormat] | None = []
        self._held_bytes = 0
        self._last_time = -_USUAL_TICKS
        self._usual = _USUAL_TICKS
        self._announce = False
        self.online = False

    @property
    def hurried(self) -> bool:
        """Whether it should be looked at often: arrival still tells the clock's offset, or little may wait."""
        return self._held is not None or self._connection.hasty

    def poll(self, buffer: bytearray, view: memoryview, now: Now) -> bool:
        """Read once into the shared *buffer* and pass on what came; whether the first picture came with it.

        Raises Failure where the stream is over.
        """
        left = self._left
        start = len(left)
        if start:
            buffer[:start] = left
        count = self._receive(view[start : len(buffer) - SLACK])
        if count is None:
            self._watch_silence(now)
            return False
        if count == 0:
            raise failure(Trouble.CLOSED)
        self._last_data = now.monotonic
        self._scan(buffer, view, start + count, now)
        return self._deliver(now)

    def _receive(self, view: memoryview) -> int | None:
        """As `Link.receive`, but first what came with the handshake's last reply."""
        if not self._backlog:
            return self._connection.link.receive(view)
        piece, self._backlog = self._backlog[: len(view)], self._backlog[len(view) :]
        view[: len(piece)] = piece
        return len(piece)

    def _scan(self, buffer: bytearray, view: memoryview, end: int, now: Now) -> None:
        receiver = self._connection.receiver
        try:
            done = receiver.scan(buffer, view, end)
        except ValueError as error:
            raise failure(Trouble.BAD_STREAM) from error
        self._left = bytes(view[done:end])
        self._meter.octets += end - len(self._left)
        if receiver.messages:
            messages, receiver.messages = receiver.messages, []
            for message in messages:
                self._connection.link.reply(message)
        if now.monotonic - self._last_keepalive > self._connection.keepalive_s:
            self._last_keepalive = now.monotonic
            self._connection.link.keepalive()

    def _watch_silence(self, now: Now) -> None:
        if now.monotonic - self._last_data > SILENCE_S:
            raise failure(Trouble.SILENT)

    def _deliver(self, now: Now) -> bool:
        was_online = self.online
        video = self._connection.video
        if video.units:
            units, video.units = video.units, []
            self._take_video(units, now)
        elif now.monotonic - self._since_picture > KEY_FRAME_S:
            raise failure(Trouble.SILENT if self.online else Trouble.NO_KEY_FRAME)
        if self._audio:
            self._take_audio(self._audio, now)
        if self._documents:
            self._take_documents(self._documents, now)
        return self.online and not was_online

    # video

    def _take_video(self, units: list[AccessUnit | VideoFormat], now: Now) -> None:
        clock, arrival_us = self._clock, now.utc_us
        if self._held is None:
            for unit in units:
                if isinstance(unit, VideoFormat):
                    self._reform(unit)
                else:
                    timestamp, data, key = unit
                    self._samples(self._order.put(clock.ticks(timestamp, arrival_us), data, key))
        else:
            for unit in units:
                if isinstance(unit, VideoFormat):
                    self._held.append(unit)
                else:
                    self._held.append((clock.ticks(unit.timestamp, arrival_us), unit))
                    self._held_bytes += len(unit.data)
            if clock.settled(arrival_us) or self._held_bytes > HELD_BYTES:
                self._settle()
        if self.online:
            self._since_picture = now.monotonic
        elif now.monotonic - self._since_picture > KEY_FRAME_S:
            raise failure(Trouble.NO_KEY_FRAME)

    def _settle(self) -> None:
        """The clock is good: let go what was held."""
        held, self._held = self._held or [], None
        self._order.learn(item[0] for item in held if isinstance(item, tuple))
        if self._audio:
            self._audio.align(self._clock, self._connection.receiver.reports)
        for item in held:
            if isinstance(item, VideoFormat):
                self._reform(item)
            else:
                ticks, unit = item
                self._samples(self._order.put(ticks, unit.data, unit.key))

    def _reform(self, video: VideoFormat) -> None:
        self._samples(self._order.flush())
        self._formats = {VIDEO_TRACK: video}
        if self._audio:
            self._formats[AUDIO_TRACK] = self._audio.track.format
        if self._documents:
            self._formats[METADATA_TRACK] = self._documents.track.format
        self._cutter.set_formats(self._formats)
        self._announce = True

    def _samples(self, samples: list[Sample]) -> None:
        for sample in samples:
            utc_us = self._cutter.video(sample)
            if utc_us is None:
                continue
            if sample.key:
                self._begin_group(utc_us)
            self.online = True
            self._meter.pictures += 1
            if self._broadcast.takes_units:
                self._show(sample, utc_us)

    def _begin_group(self, utc_us: int) -> None:
        self._meter.key(utc_us)
        if self._announce:
            self._announce = False
            self._broadcast.begin(self._formats, utc_us, self._cutter.unstored)

    def _show(self, sample: Sample, utc_us: int) -> None:
        if 0 < (step := sample.time - self._last_time) <= VIDEO_TIMESCALE:
            self._usual = step  # the best guess at how long this one lasts
        self._last_time = sample.time
        self._broadcast.unit(Unit(VIDEO_TRACK, utc_us, self._usual, sample.shift, sample.data, sample.key))

    # audio

    def _take_audio(self, audio: Sound, now: Now) -> None:
        runs = audio.take(now.utc_us)
        if not audio.aligned:  # reports come seconds after the first picture; each segment's end looks again
            audio.align(self._clock, self._connection.receiver.reports)
        if self._held is not None:
            audio.hold(runs)
            return
        shown = self._broadcast.takes_units
        for ticks, duration, data in audio.released(runs):
            utc_us = self._cutter.audio(ticks, duration, data)
            if shown and utc_us is not None:
                self._broadcast.unit(Unit(AUDIO_TRACK, utc_us, duration, 0, data, key=True))

    # metadata

    def _take_documents(self, documents: Documents, now: Now) -> None:
        if documents.track.depacketizer.units:
            documents.take(now.utc_us)
        if not documents.aligned:
            documents.align(self._clock, self._connection.receiver.reports)
        if self._held is not None:
            return
        shown = self._broadcast.takes_units
        for moment_us, document in documents.released():
            self._tell(moment_us, document)
            utc_us = self._cutter.document(moment_us, document)
            if shown and utc_us is not None:
                self._broadcast.unit(Unit(METADATA_TRACK, utc_us, DOCUMENT_TICKS, 0, document, key=True))

    def segment_ends(self, elapsed_us: int) -> None:
        """Let the clocks follow."""
        self._clock.slew(elapsed_us)
        for beside in (self._audio, self._documents):
            if beside:
                beside.follow(self._clock, self._connection.receiver.reports, elapsed_us)

    # the session as a whole

    def measure(self, now: Now) -> None:
        """Renew *status*; called about once a second."""
        video = self._connection.video
        self._meter.measure(now.monotonic, online=self.online)
        format_ = self._formats.get(VIDEO_TRACK)
        if self.online and isinstance(format_, VideoFormat):
            lost = video.lost_packets + (self._audio.track.depacketizer.lost_packets if self._audio else 0)
            self.status = StreamStatus(
                video=format_,
                audio=self._audio.track.format if self._audio else None,
                fps=self._meter.fps,
                bits_per_second=self._meter.bits_per_second,
                lost_packets=lost,
                recording=self._records,
                key_frame_s=self._meter.key_frame_s,
            )

    def seal(self) -> None:
        """At the next key frame begin a new segment."""
        self._cutter.seal()

    def restart(self, now: Now) -> int:
        """End the timeline here and begin another, on the same connection; returns when the footage ends."""
        end_us = self._finish_timeline()
        self._since_picture = now.monotonic
        self._begin(end_us)
        if self._connection.video.format is not None:
            self._reform(self._connection.video.format)
        return end_us

    def finish(self) -> int:
        """Store what is left and close the connection; returns when the footage ends."""
        self._connection.link.close()
        return self._finish_timeline()

    def _finish_timeline(self) -> int:
        if self._held:
            self._settle()
        self._samples(self._order.flush())
        end_us = self._cutter.finish()
        self._broadcast.end()
        return end_us


class _Meter:
    """Rates over the last two seconds, 0 until the stream has been online for so long; and how far key frames are apart."""

    def __init__(self) -> None:
        self.key_frame_s: float | None = None
        self._key_us: int | None = None
        self.fps = 0.0
        self.bits_per_second = 0
        self._begin(None)

    def key(self, utc_us: int) -> None:
        """A key frame came."""
        if self._key_us is not None:
            self.key_frame_s = round((utc_us - self._key_us) / 1e6, 2)
        self._key_us = utc_us

    def measure(self, monotonic: float, *, online: bool) -> None:
        """Renew the rates; what came before the first picture counts for nothing."""
        if self._since is None or not online:
            self._begin(monotonic if online else None)
            return
        elapsed = monotonic - self._since
        if elapsed >= _MEASURE_S:
            self.fps = round(self.pictures / elapsed, 2)
            self.bits_per_second = int(self.octets * 8 / elapsed)
            self._begin(monotonic)

    def _begin(self, since: float | None) -> None:
        self.octets = self.pictures = 0
        self._since = since
