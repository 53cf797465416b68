"""Everything that changes the archive while it records, in the order that `docs/design/archive.md` states.

Nothing here waits or starts a thread: `service` calls one method after another from its writer thread, and `take` from its syncer.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from tawny.recorder.archive import ledger
from tawny.recorder.archive.ledger import Entry, Ledger
from tawny.recorder.archive.model import Fragment, GapReason, GroupAnswer, NamedGap, Phase, Segment, StreamKey
from tawny.recorder.archive.paths import segment_path
from tawny.recorder.archive.ports import (
    Alive,
    Change,
    DeletionMarked,
    Files,
    GapRecorded,
    Index,
    SegmentClosed,
    SegmentForgotten,
    SegmentOpened,
)
from tawny.recorder.archive.retention import Limits, expired
from tawny.recorder.archive.segment import Opening, OpenSegment
from tawny.recorder.archive.volume import MISSING, Trouble, Volume, trouble_of
from tawny.runtime.clock import Clock
from tawny.wire.media import VIDEO_TRACK, TrackFormat

_log = logging.getLogger(__name__)

NOT_RUNNING = "The recorder was not running."
PROBE_S = 5.0
ALIVE_S = 5.0
_DELETIONS = 200  # at most in one cycle: a second's worth, so that deleting never holds recording up
_BACKLOG = 10_000  # ledger entries that wait for a disk to come back
_ENOUGH = 64 * 1024 * 1024  # free bytes at which a full disk is worth another try
_NAMES = 1000  # starts tried one microsecond apart where a file of that name exists (the clock was set back)


@dataclass(slots=True, kw_only=True)
class Batch:
    """What the next sync makes safe. *since* is the monotonic time of its first write."""

    since: float | None = None
    directories: set[Path] = field(default_factory=set)
    opened: list[Segment] = field(default_factory=list)
    written: list[SegmentClosed] = field(default_factory=list)  # complete files
    logged: list[SegmentClosed] = field(default_factory=list)  # complete files that stand in the ledger
    marked: list[Segment] = field(default_factory=list)  # in ledger and index as going
    unlinked: list[Segment] = field(default_factory=list)

    def empty(self) -> bool:
        return self.since is None and not (self.directories or self.marked or self.unlinked)


@dataclass(slots=True, kw_only=True)
class _Stream:
    key: StreamKey
    sequence: int = 0
    until_us: int = 0  # the end of what is on file
    opening: Opening | None = None
    segment: OpenSegment | None = None
    gap: NamedGap | None = None


class Writer:
    """The archive while it records.

    Invariants: a file has its row only after a sync covered its name, stands in the ledger only after a sync covered all of it, and is
    closed in the index only after a sync covered its ledger entry. A file goes only after a sync covered its ledger entry and its mark,
    its row only after a sync covered its going. While there is trouble no file is opened.
    """

    def __init__(
        self,
        archive: Path,
        *,
        clock: Clock,
        files: Files,
        index: Index,
        volume: Volume,
        limits: Limits,
        new_id: Callable[[str], str],
    ) -> None:
        self._archive = archive
        self._clock = clock
        self._files = files
        self._index = index
        self._volume = volume
        self._limits = limits
        self._new_id = new_id
        self._ledger = Ledger(archive, files)
        self._streams: dict[StreamKey, _Stream] = {}
        self._changes: list[Change] = []
        self._backlog: deque[tuple[str, int, Entry]] = deque(maxlen=_BACKLOG)
        self._lock = threading.Lock()  # over the batch, which the syncer takes away
        self._batch = Batch()
        self._probe_at = 0.0
        self._alive_at = 0.0
        self._closed_bytes = 0
        self._going_bytes = 0  # marked, still on the disk
        self._marking: list[Segment] = []  # in the ledger as going, not yet marked in the index
        self._torn: list[OpenSegment] = []  # files whose torn rest the disk would not let us cut off
        self._unrecovered: Callable[[], None] | None = None
        self.complaint: Trouble | None = None
        self.trouble: Trouble | None = None
        self.oldest_us: int | None = None

    # What is there already

    def load(self) -> None:
        """Go on from what the index knows, after recovery."""
        for state in self._index.streams():
            stream = self._stream(state.key)
            stream.sequence = max(stream.sequence, state.sequence)
            stream.until_us = max(stream.until_us, state.known_until_us)
        for gap in self._index.open_gaps():
            stream = self._stream(gap.key)
            stream.gap = stream.gap or gap
        marked = self._index.marked_segments()
        with self._lock:
            self._batch.marked = marked
        self._going_bytes = sum(s.size_bytes for s in marked)
        self._closed_bytes = sum(s.size_bytes for s in self._index.streams()) - self._going_bytes
        self._look_for_oldest()

    @property
    def size_bytes(self) -> int:
        """Of all files that stay."""
        return self._closed_bytes + sum(s.segment.size_bytes for s in list(self._streams.values()) if s.segment)

    @property
    def unsynced_since(self) -> float | None:
        """The monotonic time of the first write that no sync was begun for."""
        return self._batch.since

    # Recording

    def open_segment(self, key: StreamKey, start_us: int, formats: Mapping[int, TrackFormat]) -> None:
        stream = self._stream(key)
        self._end_segment(stream)
        stream.opening = Opening(start_us=start_us, formats=dict(formats))

    def append(self, key: StreamKey, fragment: Fragment) -> None:
        stream = self._stream(key)
        if stream.segment is None and not self._begin_segment(stream, fragment):
            return
        segment = stream.segment
        assert segment is not None
        first = not segment.size_bytes
        try:
            written = segment.write(self._files, fragment)
        except OSError as error:
            self._write_failed(stream, error)
            return
        if written:
            self._wrote(segment.opened() if first else None, segment.path)
            if stream.gap is not None:
                self._end_gap(stream, segment.start_us)

    def close_segment(self, key: StreamKey, end_us: int) -> None:
        stream = self._stream(key)
        self._end_segment(stream, end_us)
        stream.opening = None

    def gap(self, key: StreamKey, start_us: int, reason: GapReason, title: str) -> None:
        stream = self._stream(key)
        self._end_segment(stream)
        stream.opening = None
        self._begin_gap(stream, start_us, reason, title)

    def interrupt(self, key: StreamKey, at_us: int, reason: GapReason, title: str) -> None:
        """As `gap`, but the stream goes on by itself in a new file at the next key frame."""
        stream = self._stream(key)
        self._end_segment(stream)
        self._begin_gap(stream, max(at_us, stream.until_us), reason, title)

    def request_group(self, key: StreamKey, answer: GroupAnswer) -> None:
        segment = self._stream(key).segment
        try:
            data = segment.group(self._files) if segment else b""
        except OSError:
            data = b""  # the next write will say what is wrong with the disk
        answer(data, segment.start_us if segment and data else 0)

    def finish(self) -> None:
        """Close what is open: the recorder ends. What was disabled stays so, all else is missing because of the end."""
        now_us = self._clock.utc_us()
        for stream in self._streams.values():
            self._end_segment(stream)
            stream.opening = None
            if stream.gap is None or stream.gap.reason is not GapReason.DISABLED:
                start_us = stream.until_us if stream.gap is None else max(now_us, stream.gap.start_us)
                self._begin_gap(stream, start_us, GapReason.RESTART, NOT_RUNNING)

    def _stream(self, key: StreamKey) -> _Stream:
        if (stream := self._streams.get(key)) is None:
            stream = self._streams[key] = _Stream(key=key)
        return stream

    def _begin_segment(self, stream: _Stream, fragment: Fragment) -> bool:
        """Make the file that begins with *fragment*, where it can and may."""
        opening = stream.opening
        if opening is None or fragment.track != VIDEO_TRACK or not fragment.key:
            return False
        if self.trouble is None and self._volume.trouble() is not None:
            self._fail(MISSING)
        if self.trouble is not None:
            if stream.gap is None:
                self._begin_gap(stream, max(opening.start_us, stream.until_us), GapReason.DISK, self.trouble.title)
            return False
        try:
            stream.segment = self._create(stream, *opening.moved(fragment))
        except OSError as error:
            self._write_failed(stream, error)
            return False
        return True

    def _create(self, stream: _Stream, opening: Opening, ticks: dict[int, int]) -> OpenSegment:
        for later in range(_NAMES):
            start = replace(opening, start_us=opening.start_us + later)
            path = segment_path(self._archive, stream.key, start.start_us)
            self._make_directory(path.parent)
            segment = OpenSegment(stream.key, start, ticks, sequence=stream.sequence + 1, path=path)
            try:
                segment.create(self._files)
            except FileExistsError:
                continue
            stream.sequence += 1
            return segment
        raise FileExistsError(f"no free name for a segment of {stream.key}")

    def _make_directory(self, path: Path) -> None:
        if self._files.make_directory(path):
            with self._lock:
                self._batch.directories.update((path.parent, path.parents[1], path.parents[2]))

    def _end_segment(self, stream: _Stream, end_us: int | None = None) -> None:
        segment, stream.segment = stream.segment, None
        if segment is None:
            return
        segment.close(self._files)
        if not segment.size_bytes:  # its very first write failed; what may be left of it recovery takes away
            with suppress(OSError):
                self._files.unlink(segment.path)
            return
        self._closed_bytes += segment.size_bytes
        stream.until_us = max(stream.until_us, segment.end_us if end_us is None else end_us)
        if segment not in self._torn:
            self._retire(segment, stream.until_us)

    def _retire(self, segment: OpenSegment, end_us: int) -> None:
        with self._lock:
            self._batch.written.append(segment.closed(end_us))
        self._dirty()

    def _wrote(self, opened: Segment | None, path: Path) -> None:
        with self._lock:
            if opened is not None:
                self._batch.opened.append(opened)
                self._batch.directories.add(path.parent)
        self._dirty()

    def _dirty(self) -> None:
        with self._lock:
            if self._batch.since is None:
                self._batch.since = self._clock.monotonic()

    # Gaps and the ledger

    def _begin_gap(self, stream: _Stream, start_us: int, reason: GapReason, title: str) -> None:
        start_us = max(start_us, stream.until_us)
        if stream.gap is not None:
            if (stream.gap.reason, stream.gap.title) == (reason, title):
                return
            self._end_gap(stream, start_us)
        gap = NamedGap(
            id=self._new_id("gap"), key=stream.key, start_us=start_us, end_us=None, reason=reason, title=title
        )
        stream.gap = gap
        self._changes.append(GapRecorded(gap=gap))
        self._log(gap, ledger.gap_entry(gap, now_us=self._clock.utc_us()))

    def _end_gap(self, stream: _Stream, end_us: int) -> None:
        assert stream.gap is not None
        gap = replace(stream.gap, end_us=max(end_us, stream.gap.start_us))
        stream.gap, stream.until_us = None, max(stream.until_us, gap.end_us or 0)
        self._changes.append(GapRecorded(gap=gap))
        self._log(gap, ledger.gap_ended_entry(gap, entry_id=self._new_id("led"), now_us=self._clock.utc_us()))

    def _log(self, gap: NamedGap, entry: Entry) -> None:
        self._backlog.append((gap.key.camera, gap.start_us, entry))
        self._write_backlog()

    def _write_backlog(self) -> None:
        """Write what waits for the ledger; a disk that refuses gets it later."""
        if not self._backlog or self._volume.trouble() is not None:
            return
        with suppress(OSError):
            while self._backlog:
                self._write_ledger(*self._backlog[0])
                self._backlog.popleft()

    def _write_ledger(self, camera: str, at_us: int, entry: Entry) -> None:
        path = self._ledger.append(camera, at_us, entry)
        with self._lock:
            self._batch.directories |= {path.parent, path.parents[1], self._archive}
        self._dirty()

    # Syncing: the syncer takes a batch, makes it safe, and gives it to `synced`

    def take(self) -> Batch:
        """What was written so far; called from the syncer's thread."""
        with self._lock:
            batch, self._batch = self._batch, Batch()
        return batch

    def give_back(self, batch: Batch, error: OSError) -> None:
        """The sync of *batch* failed: it goes into the next one."""
        with self._lock:
            for name in ("opened", "written", "logged", "marked", "unlinked"):
                getattr(self._batch, name)[:0] = getattr(batch, name)
            self._batch.directories |= batch.directories
            self._batch.since = batch.since if self._batch.since is None else self._batch.since
        self._fail(trouble_of(error))
        self.flush()

    def synced(self, batch: Batch) -> None:
        """*batch* is safe: take the next step of each thing in it, then see to room and trouble."""
        self._changes += [SegmentOpened(segment=segment) for segment in batch.opened]
        self._changes += batch.logged
        for closed in batch.written:
            self._log_closed(closed)
        for segment in batch.marked:
            self._unlink(segment)
        for segment in batch.unlinked:
            self._forget(segment)
        self._probe()
        self._make_room()
        self._say_alive()
        self.flush()

    def flush(self) -> None:
        """Bring the index up to date."""
        if not self._changes:
            return
        try:
            self._index.apply(self._changes)
        except (OSError, ValueError) as error:
            self._complain(error)
            return
        self._changes.clear()
        self.complaint = None
        with self._lock:
            self._batch.marked += self._marking
        self._marking.clear()

    def _complain(self, error: Exception) -> None:
        if self.complaint is None:
            _log.error("the index can't be written: %s", error)
        self.complaint = Trouble(
            phase=Phase.RECORDING,
            title="Recording goes on, but the index of the archive can't be written.",
            remedy="Make room on the disk of the data directory. If this stays, start the recorder again.",
        )

    def _log_closed(self, closed: SegmentClosed) -> None:
        segment = closed.segment
        entry = ledger.segment_entry(self._archive, segment, entry_id=self._new_id("led"), now_us=self._clock.utc_us())
        try:
            if self._volume.trouble() is None:
                self._write_ledger(segment.key.camera, segment.start_us, entry)
                with self._lock:
                    self._batch.logged.append(closed)
                return
        except OSError as error:
            self._fail(trouble_of(error))
        with self._lock:
            self._batch.written.append(closed)

    def _say_alive(self) -> None:
        now = self._clock.monotonic()
        if now >= self._alive_at:
            self._alive_at = now + ALIVE_S
            since = self._batch.since
            unsynced_s = 0.0 if since is None else max(0.0, now - since)
            self._changes.append(Alive(utc_us=self._clock.utc_us(), unsynced_s=unsynced_s))
            self._look_for_oldest()

    def _look_for_oldest(self) -> None:
        with suppress(OSError, ValueError):
            starts = [segment.start_us for segment in self._index.oldest(1)]
            starts += [stream.segment.start_us for stream in self._streams.values() if stream.segment is not None]
            self.oldest_us = min(starts, default=None)

    # Room

    def _make_room(self) -> None:
        if self._marking or self._volume.trouble() is not None:
            return
        try:
            free = self._volume.space().free_bytes + self._going_bytes
            doomed = expired(self._index.oldest(_DELETIONS), self._limits, used_bytes=self.size_bytes, free_bytes=free)
            for segment, cause in list(doomed):
                self._doom(segment, cause)
            if self.trouble is None and free >= self._limits.floor_bytes:
                self._volume.keep_reserve()
        except (OSError, ValueError) as error:
            _log.warning("could not make room: %s", error)

    def _doom(self, segment: Segment, cause: str) -> None:
        now_us = self._clock.utc_us()
        entry = ledger.deletion_entry(self._archive, segment, entry_id=self._new_id("led"), now_us=now_us, cause=cause)
        try:
            self._write_ledger(segment.key.camera, segment.start_us, entry)
        except OSError:
            self._volume.spend_reserve()
            self._write_ledger(segment.key.camera, segment.start_us, entry)
        self._changes.append(DeletionMarked(segment=segment))
        self._marking.append(segment)
        self._closed_bytes -= segment.size_bytes
        self._going_bytes += segment.size_bytes

    def _unlink(self, segment: Segment) -> None:
        path = segment_path(self._archive, segment.key, segment.start_us)
        try:
            if self._volume.trouble() is None:
                self._files.unlink(path)
                with self._lock:
                    self._batch.unlinked.append(segment)
                    self._batch.directories.add(path.parent)
                self._going_bytes -= segment.size_bytes
                return
        except OSError as error:
            self._fail(trouble_of(error))
        with self._lock:
            self._batch.marked.append(segment)

    def _forget(self, segment: Segment) -> None:
        self._changes.append(SegmentForgotten(segment=segment, deleted=True))
        hour = segment_path(self._archive, segment.key, segment.start_us).parent
        with suppress(OSError):  # an empty directory more harms nobody
            self._files.remove_directory(hour)

    # Trouble

    def _write_failed(self, stream: _Stream, error: OSError) -> None:
        segment = stream.segment
        if segment is not None and segment.size_bytes:
            try:
                segment.cut_back(self._files)
            except OSError:
                self._torn.append(segment)
        self._fail(trouble_of(error))
        if segment is None and stream.gap is None and stream.opening is not None:
            self._begin_gap(stream, stream.opening.start_us, GapReason.DISK, trouble_of(error).title)

    def _fail(self, trouble: Trouble) -> None:
        """Stop recording until a probe finds the disk well."""
        if self.trouble != trouble:
            _log.error("%s %s", trouble.title, trouble.remedy)
        self.trouble = trouble
        self._probe_at = self._clock.monotonic() + PROBE_S
        for stream in self._streams.values():
            if stream.segment is not None:
                self._end_segment(stream)
                self._begin_gap(stream, stream.until_us, GapReason.DISK, trouble.title)

    def start(self, recover: Callable[[], None]) -> None:
        """Begin: *recover* puts in order what a crash left, now or when the archive's disk is back."""
        try:
            self.trouble = self._volume.meet()
        except OSError as error:
            self.trouble = trouble_of(error)
        self._unrecovered = recover
        self._recover()
        self.load()
        self._explain_absence()

    def _explain_absence(self) -> None:
        """The recorder was not running: until now, where nothing else explains it (a disabled camera stays disabled)."""
        alive_us = self._index.alive_us() or 0
        unread = {segment.key for segment in self._index.open_segments()}  # where the disk is missing
        for stream in self._streams.values():
            known_us = max(stream.until_us, alive_us if stream.key in unread or stream.gap else 0)
            if stream.gap is None or stream.gap.reason not in {GapReason.DISABLED, GapReason.RESTART}:
                self._begin_gap(stream, known_us, GapReason.RESTART, NOT_RUNNING)

    def _recover(self) -> None:
        if self.trouble is not None or self._unrecovered is None:
            return
        try:
            self._unrecovered()
            self._unrecovered = None
        except OSError as error:
            self._fail(trouble_of(error))

    def _probe(self) -> None:
        """While there is trouble, see every few seconds whether it is over; streams go on at their next key frame."""
        now = self._clock.monotonic()
        if self.trouble is None or now < self._probe_at:
            return
        self._probe_at = now + PROBE_S
        self.trouble = self._remaining_trouble()
        if self._unrecovered is not None:
            self._recover()
            self.load()
        if self.trouble is None:
            _log.info("the archive's disk is well again")
            self._write_backlog()

    def _remaining_trouble(self) -> Trouble | None:
        try:
            if (found := self._volume.meet()) is not None:
                return found
            self._volume.probe()
            if self._volume.space().free_bytes < min(_ENOUGH, self._limits.floor_bytes):
                return self.trouble
            while self._torn:
                segment = self._torn[0]
                segment.cut_back(self._files)
                self._retire(segment, segment.end_us)
                del self._torn[0]
        except OSError as error:
            return trouble_of(error)
        return None
