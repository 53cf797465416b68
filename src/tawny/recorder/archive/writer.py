"""Everything that changes the archive while it records, in the order that `docs/design/archive.md` states.

Nothing here waits or starts a thread: `service` calls one method after another from its writer thread, and `unsynced.take` from its syncer.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from tawny.recorder.archive import ledger
from tawny.recorder.archive.deletion import Deletion
from tawny.recorder.archive.gaps import Gaps
from tawny.recorder.archive.journal import Journal
from tawny.recorder.archive.model import Fragment, GapReason, GroupAnswer, Phase, Segment, StreamKey
from tawny.recorder.archive.paths import segment_path
from tawny.recorder.archive.ports import Alive, Change, Files, Index, SegmentClosed, SegmentOpened
from tawny.recorder.archive.retention import Retention
from tawny.recorder.archive.segment import Opening, OpenSegment
from tawny.recorder.archive.unsynced import Batch, Unsynced
from tawny.recorder.archive.volume import MISSING, Trouble, Volume, trouble_of
from tawny.runtime.clock import Clock
from tawny.wire.media import VIDEO_TRACK, TrackFormat

_log = logging.getLogger(__name__)

NOT_RUNNING = "The recorder was not running."
PROBE_S = 5.0
ALIVE_S = 5.0
_ENOUGH = 64 * 1024 * 1024  # free bytes at which a full disk is worth another try
_NAMES = 1000  # starts tried one microsecond apart where a file of that name exists (the clock was set back)


@dataclass(slots=True, kw_only=True)
class _Stream:
    """One stream: what ingest opened, the file that is being written, and the end of what is known of it."""

    key: StreamKey
    sequence: int = 0
    until_us: int = 0
    opening: Opening | None = None
    segment: OpenSegment | None = None


class Writer:
    """The archive while it records.

    Invariants: a file has its row only after a sync covered its name, stands in the ledger only after a sync covered all of it, and is
    closed in the index only after a sync covered its ledger entry. While there is trouble no file is made.
    """

    def __init__(
        self,
        archive: Path,
        *,
        clock: Clock,
        files: Files,
        index: Index,
        volume: Volume,
        retention: Retention,
        new_id: Callable[[str], str],
    ) -> None:
        self._archive = archive
        self._clock = clock
        self._files = files
        self._index = index
        self._volume = volume
        self._new_id = new_id
        self.unsynced = Unsynced(clock)
        self._journal = Journal(archive, files, volume=volume, unsynced=self.unsynced)
        self._gaps = Gaps(self._journal, clock=clock, new_id=new_id)
        self._deletion = Deletion(
            archive,
            volume_id=volume.id,
            clock=clock,
            files=files,
            index=index,
            volume=volume,
            journal=self._journal,
            unsynced=self.unsynced,
            retention=retention,
            new_id=new_id,
        )
        self._streams: dict[StreamKey, _Stream] = {}
        self._changes: list[Change] = []  # that the index has not yet
        self._torn: list[OpenSegment] = []  # files whose torn rest the disk would not let us cut off
        self._unrecovered: Callable[[], None] | None = None
        self._probe_at = 0.0
        self._alive_at = 0.0
        self.trouble: Trouble | None = None
        self.complaint: Trouble | None = None
        self.oldest_us: int | None = None

    @property
    def size_bytes(self) -> int:
        """Of all files that stay."""
        streams = list(self._streams.values())  # status() looks from another thread
        return self._deletion.kept_bytes + sum(s.segment.size_bytes for s in streams if s.segment)

    # Beginning and end

    def start(self, recover: Callable[[], None]) -> None:
        """Begin: *recover* puts in order what a crash left, now or when the archive's disk is back."""
        self._unrecovered = recover
        try:
            self.trouble = self._volume.trouble()
        except OSError as error:
            self.trouble = trouble_of(error)
        self._recover()
        self._explain_absence()

    def _recover(self) -> None:
        """Recover, where that is still to be done and can be, and go on from what the index knows."""
        try:
            if self._unrecovered is not None and self.trouble is None:
                self._unrecovered()
                self._unrecovered = None
        except OSError as error:
            self._fail(trouble_of(error))
        for state in self._index.streams():
            stream = self._stream(state.key)
            stream.sequence = max(stream.sequence, state.sequence)
            stream.until_us = max(stream.until_us, state.known_until_us)
        self._gaps.load(self._index.open_gaps())
        self._deletion.load()
        self._look_for_oldest()

    def _explain_absence(self) -> None:
        """The recorder was not running: until now, where nothing else explains it (a disabled camera stays disabled)."""
        alive_us = self._index.alive_us() or 0
        unread = {segment.key for segment in self._index.open_segments()}  # where the disk is missing
        for stream in self._streams.values():
            gap = self._gaps.of(stream.key)
            known_us = alive_us if gap is not None or stream.key in unread else 0
            if gap is None or gap.reason not in {GapReason.DISABLED, GapReason.RESTART}:
                self._begin_gap(stream, known_us, GapReason.RESTART, NOT_RUNNING)

    def finish(self) -> None:
        """Close what is open: the recorder ends. What was disabled stays so, all else is missing because of the end."""
        now_us = self._clock.utc_us()
        for stream in self._streams.values():
            self._end_segment(stream)
            stream.opening = None
            gap = self._gaps.of(stream.key)
            if gap is None or gap.reason is not GapReason.DISABLED:
                self._begin_gap(stream, 0 if gap is None else now_us, GapReason.RESTART, NOT_RUNNING)

    # Recording

    def open_segment(self, key: StreamKey, start_us: int, formats: Mapping[int, TrackFormat]) -> None:
        stream = self._stream(key)
        self._end_segment(stream)
        stream.opening = Opening(start_us=start_us, formats=dict(formats))

    def append(self, key: StreamKey, fragment: Fragment) -> None:
        stream = self._stream(key)
        segment = stream.segment or self._begin_segment(stream, fragment)
        if segment is None:
            return
        first = not segment.size_bytes
        try:
            written = segment.write(self._files, fragment)
        except OSError as error:
            self._write_failed(stream, error)
            return
        if written:
            with self.unsynced.adding() as batch:
                if first:
                    batch.opened.append(segment.opened())
                    batch.directories.add(segment.path.parent)
            if first:
                self._changes += self._gaps.end(key, segment.start_us)

    def close_segment(self, key: StreamKey, end_us: int) -> None:
        stream = self._stream(key)
        self._end_segment(stream, end_us)
        stream.opening = None

    def gap(self, key: StreamKey, start_us: int, reason: GapReason, title: str) -> None:
        self.interrupt(key, start_us, reason, title)
        self._stream(key).opening = None

    def interrupt(self, key: StreamKey, at_us: int, reason: GapReason, title: str) -> None:
        """As `gap`, but the stream goes on by itself in a new file at the next key frame."""
        stream = self._stream(key)
        self._end_segment(stream)
        self._begin_gap(stream, at_us, reason, title)

    def request_group(self, key: StreamKey, answer: GroupAnswer) -> None:
        segment = self._stream(key).segment
        try:
            data = segment.group(self._files) if segment else b""
        except OSError:
            data = b""  # the next write will say what is wrong with the disk
        answer(data, segment.start_us if segment and data else 0)

    def _stream(self, key: StreamKey) -> _Stream:
        if (stream := self._streams.get(key)) is None:
            stream = self._streams[key] = _Stream(key=key)
        return stream

    def _begin_gap(self, stream: _Stream, start_us: int, reason: GapReason, title: str) -> None:
        self._changes += self._gaps.begin(stream.key, max(start_us, stream.until_us), reason, title)

    def _begin_segment(self, stream: _Stream, fragment: Fragment) -> OpenSegment | None:
        """Make the file that begins with *fragment*, where it can and may."""
        opening = stream.opening
        if opening is None or fragment.track != VIDEO_TRACK or not fragment.key:
            return None
        if self.trouble is None and self._volume.trouble() is not None:
            self._fail(MISSING)
        if self.trouble is not None:
            if self._gaps.of(stream.key) is None:
                self._begin_gap(stream, opening.start_us, GapReason.DISK, self.trouble.title)
            return None
        try:
            stream.segment = self._create(stream, *opening.moved(fragment))
        except OSError as error:
            self._write_failed(stream, error)
        return stream.segment

    def _create(self, stream: _Stream, opening: Opening, ticks: dict[int, int]) -> OpenSegment:
        for later in range(_NAMES):
            start = replace(opening, start_us=opening.start_us + later)
            path = segment_path(self._archive, stream.key, start.start_us)
            if self._files.make_directory(path.parent):
                with self.unsynced.adding() as batch:
                    batch.directories |= {path.parents[1], path.parents[2], self._archive}
            segment = OpenSegment(
                stream.key, start, ticks, sequence=stream.sequence + 1, volume=self._volume.id, path=path
            )
            with suppress(FileExistsError):
                segment.create(self._files)
                stream.sequence += 1
                return segment
        raise FileExistsError(f"no free name for a segment of {stream.key}")

    def _end_segment(self, stream: _Stream, end_us: int | None = None) -> None:
        segment, stream.segment = stream.segment, None
        if segment is None:
            return
        segment.close(self._files)
        if not segment.size_bytes:  # its very first write failed; what may be left of it recovery takes away
            with suppress(OSError):
                self._files.unlink(segment.path)
            return
        self._deletion.kept_bytes += segment.size_bytes
        stream.until_us = max(stream.until_us, segment.end_us if end_us is None else end_us)
        if segment not in self._torn:
            self._retire(segment, stream.until_us)

    def _retire(self, segment: OpenSegment, end_us: int) -> None:
        with self.unsynced.adding() as batch:
            batch.written.append(segment.closed(end_us))

    # Syncing

    def synced(self, batch: Batch) -> None:
        """*batch* is safe: take the next step of each thing in it, then see to trouble and room."""
        self._changes += [SegmentOpened(segment=segment) for segment in batch.opened]
        self._changes += batch.logged
        for closed in batch.written:
            self._log_closed(closed)
        for segment in batch.marked:
            self._unlink(segment)
        self._changes += [self._deletion.forget(segment) for segment in batch.unlinked]
        self._probe()
        self._changes += self._deletion.choose(used_bytes=self.size_bytes, well=self.trouble is None)
        self._say_alive()
        self.flush()

    def not_synced(self, batch: Batch, error: OSError) -> None:
        """The disk would not make *batch* safe: it goes into the next one."""
        self.unsynced.give_back(batch)
        self._fail(trouble_of(error))
        self._probe()
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
        self._deletion.marked()
        self.complaint = None

    def _complain(self, error: Exception) -> None:
        if self.complaint is None:
            _log.error("the index can't be written: %s", error)
        self.complaint = Trouble(
            phase=Phase.RECORDING,
            title="Recording goes on, but the index of the archive can't be written.",
            remedy="Make room on the disk of the data directory. If this stays, start the recorder again.",
        )

    def _log_closed(self, closed: SegmentClosed) -> None:
        segment, now_us = closed.segment, self._clock.utc_us()
        entry = ledger.segment_entry(self._archive, segment, entry_id=self._new_id("led"), now_us=now_us)
        try:
            if self._volume.trouble() is None:
                self._journal.write(segment.key.camera, segment.start_us, entry)
                with self.unsynced.adding() as batch:
                    batch.logged.append(closed)
                return
        except OSError as error:
            self._fail(trouble_of(error))
        with self.unsynced.adding() as batch:
            batch.written.append(closed)

    def _unlink(self, segment: Segment) -> None:
        try:
            self._deletion.unlink(segment)
        except OSError as error:
            if self._volume.trouble() is None:
                self._fail(trouble_of(error))
            with self.unsynced.adding() as batch:
                batch.marked.append(segment)

    def _say_alive(self) -> None:
        now = self._clock.monotonic()
        if now >= self._alive_at:
            self._alive_at = now + ALIVE_S
            since = self.unsynced.since
            unsynced_s = 0.0 if since is None else max(0.0, now - since)
            self._changes.append(Alive(utc_us=self._clock.utc_us(), unsynced_s=unsynced_s))
            self._look_for_oldest()

    def _look_for_oldest(self) -> None:
        with suppress(OSError, ValueError):
            starts = [segment.start_us for segment in self._index.oldest(1)]
            starts += [stream.segment.start_us for stream in self._streams.values() if stream.segment is not None]
            self.oldest_us = min(starts, default=None)

    # Trouble

    def _write_failed(self, stream: _Stream, error: OSError) -> None:
        segment, trouble = stream.segment, trouble_of(error)
        if segment is not None and segment.size_bytes:
            try:
                segment.cut_back(self._files)
            except OSError:
                self._torn.append(segment)
        self._fail(trouble)
        if segment is None and stream.opening is not None and self._gaps.of(stream.key) is None:
            self._begin_gap(stream, stream.opening.start_us, GapReason.DISK, trouble.title)

    def _fail(self, trouble: Trouble) -> None:
        """Stop recording until a probe finds the disk well."""
        if self.trouble != trouble:
            _log.error("%s %s", trouble.title, trouble.remedy)
        self.trouble = trouble
        self._probe_at = max(self._probe_at, self._clock.monotonic() + PROBE_S)
        for stream in self._streams.values():
            if stream.segment is not None:
                self._end_segment(stream)
                self._begin_gap(stream, 0, GapReason.DISK, trouble.title)

    def _probe(self) -> None:
        """While there is trouble, see every few seconds whether it is over; streams go on at their next key frame."""
        now = self._clock.monotonic()
        if self.trouble is None or now < self._probe_at:
            return
        self._probe_at = now + PROBE_S
        self.trouble = self._remaining_trouble(self.trouble)
        if self._unrecovered is not None:
            self._recover()
        if self.trouble is None:
            _log.info("the archive's disk is well again")
            self._journal.catch_up()

    def _remaining_trouble(self, trouble: Trouble) -> Trouble | None:
        try:
            if (found := self._volume.trouble()) is not None:
                return found
            self._volume.probe()
            space = self._volume.space()
            if space.free_bytes < min(_ENOUGH, self._deletion.floor_bytes(space)):
                return trouble
            while self._torn:
                self._torn[0].cut_back(self._files)
                segment = self._torn.pop(0)
                self._retire(segment, segment.end_us)
        except OSError as error:
            return trouble_of(error)
        return None
