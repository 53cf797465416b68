"""Everything that changes the archive while it records, in the order that `docs/design/archive.md` states.

Nothing here waits or starts a thread: `service` calls one method after another from its writer thread. `upkeep` has what concerns one volume;
here is what concerns a stream, which may go from volume to volume.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from tawny.recorder.archive.gaps import Gaps
from tawny.recorder.archive.heads import Heads
from tawny.recorder.archive.ledger import Entry
from tawny.recorder.archive.model import Fragment, GapReason, GroupAnswer, Phase, Role, StreamKey, VolumeState
from tawny.recorder.archive.notes import Notes
from tawny.recorder.archive.paths import segment_path
from tawny.recorder.archive.placing import Placing, weight
from tawny.recorder.archive.ports import Alive, Change, Files, Index, SegmentOpened, VolumeSeen
from tawny.recorder.archive.retention import Retention
from tawny.recorder.archive.segment import Opening, OpenSegment
from tawny.recorder.archive.unsynced import Batch
from tawny.recorder.archive.upkeep import Upkeep
from tawny.recorder.archive.volume import HUNG, NO_VOLUME, Trouble, trouble_of
from tawny.recorder.archive.volumes import KnownVolume
from tawny.runtime.clock import Clock
from tawny.wire.media import VIDEO_TRACK, TrackFormat

_log = logging.getLogger(__name__)

_UNSAFE = "The drive failed before this was safely stored; what of it was saved is kept."
NOT_RUNNING = "The recorder was not running."
ALIVE_S = 5.0
_NAMES = 1000  # starts tried one microsecond apart where a file of that name exists (the clock was set back)


@dataclass(slots=True, kw_only=True)
class _Stream:
    """One stream: what ingest opened, the file that is being written, and the end of what is known of it."""

    key: StreamKey
    sequence: int = 0
    until_us: int = 0
    usual_bytes: int = 1  # of its last segment
    opening: Opening | None = None
    segment: OpenSegment | None = None


class Writer:
    """The archive while it records.

    Invariants: a stream has at most one file that is being written, on a volume that is well; where there is none, or it is lost, a gap says so
    from the last fragment on, until the stream's next key frame finds a volume.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        files: Files,
        index: Index,
        retention: Retention,
        new_id: Callable[[str], str],
        heads: Heads | None = None,
    ) -> None:
        self._clock = clock
        self._files = files
        self._index = index
        self._retention = retention
        self._new_id = new_id
        self._heads = heads
        self._upkeeps: dict[str, Upkeep] = {}
        self._notes = Notes(self.upkeeps)
        self._gaps = Gaps(self._notes, clock=clock, new_id=new_id)
        self._placing = Placing()
        self._streams: dict[StreamKey, _Stream] = {}
        self._changes: list[Change] = []  # that the index has not yet
        self._alive_at = 0.0
        self._seen: dict[str, bool] = {}  # which volumes are there, as the index was told
        self.complaint: Trouble | None = None
        self.oldest_us: int | None = None

    # Volumes

    def upkeeps(self) -> list[Upkeep]:
        """Every volume; from any thread."""
        return list(self._upkeeps.values())

    def upkeep(self, volume: str) -> Upkeep | None:
        return self._upkeeps.get(volume)

    def add(self, known: KnownVolume, files: Files | None = None) -> Upkeep:
        """Take the volume in; a look (`looked`) tells whether it can be written to."""
        upkeep = self._upkeeps[known.id] = Upkeep(
            known,
            clock=self._clock,
            files=files or self._files,
            index=self._index,
            retention=self._retention,
            new_id=self._new_id,
            heads=self._heads,
        )
        return upkeep

    def remove(self, volume: str) -> None:
        """Leave the volume alone from now on; streams go on elsewhere."""
        upkeep = self._upkeeps[volume]
        if not upkeep.settled:
            self._lose(upkeep, NO_VOLUME)
        self._upkeeps.pop(volume).deletion.close()
        self._seen.pop(volume, None)

    def leave(self, volume: str) -> None:
        """Begin nothing new on the volume; what is open there is closed, and streams go on elsewhere at their next key frame."""
        self._upkeeps[volume].released = True
        for stream in self._streams.values():
            if stream.segment is not None and stream.segment.volume == volume:
                self._end_segment(stream)

    @property
    def trouble(self) -> Trouble | None:
        """Why nothing at all is being kept."""
        upkeeps = [upkeep for upkeep in self.upkeeps() if upkeep.known.role is Role.RECORD]
        if any(upkeep.writable for upkeep in upkeeps):
            return None
        troubles = [upkeep.trouble for upkeep in upkeeps if upkeep.trouble is not None]
        return min(troubles, key=lambda trouble: trouble.phase is not Phase.FAILED, default=NO_VOLUME)

    @property
    def size_bytes(self) -> int:
        """Of all files that stay."""
        return self.recorded_bytes + sum(u.kept_bytes for u in self.upkeeps() if u.known.role is not Role.RECORD)

    @property
    def recorded_bytes(self) -> int:
        """Of all files that stay on volumes that are recorded to: what the size limit is about."""
        streams = list(self._streams.values())  # status() looks from another thread
        kept = sum(upkeep.kept_bytes for upkeep in self.upkeeps() if upkeep.known.role is Role.RECORD)
        return kept + sum(s.segment.size_bytes for s in streams if s.segment)

    # Beginning and end

    def begin(self) -> None:
        """Go on from what the index knows. The recorder was not running until now, where nothing else explains it (a disabled camera stays so)."""
        self._learn()
        alive_us = self._index.alive_us() or 0
        unread = {segment.key for segment in self._index.open_segments()}  # where the disk is missing
        for stream in self._streams.values():
            gap = self._gaps.of(stream.key)
            known_us = alive_us if gap is not None or stream.key in unread else 0
            if gap is None or gap.reason not in {GapReason.DISABLED, GapReason.RESTART}:
                self._begin_gap(stream, known_us, GapReason.RESTART, NOT_RUNNING)

    def _learn(self) -> None:
        for state in self._index.streams():
            stream = self._stream(state.key)
            stream.sequence = max(stream.sequence, state.sequence)
            stream.until_us = max(stream.until_us, state.known_until_us)
        self._gaps.load(self._index.open_gaps())
        self._look_for_oldest()

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
        self._leave_slow(stream, fragment)
        segment = stream.segment or self._begin_segment(stream, fragment)
        if segment is None:
            return
        first, upkeep = not segment.size_bytes, self._upkeeps[segment.volume]
        try:
            written = segment.write(upkeep.files, fragment)
        except OSError as error:
            self._write_failed(stream, segment, error)
            return
        if written:
            with upkeep.unsynced.adding() as batch:
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

    def note(self, owner: str, at_us: int, entry: Entry) -> None:
        """Write *entry* into the ledger of *owner*."""
        self._notes.note(owner, at_us, entry)
        self._leave_troubled()

    def request_group(self, key: StreamKey, answer: GroupAnswer) -> None:
        segment = self._stream(key).segment
        try:
            data = segment.group(self._upkeeps[segment.volume].files) if segment else b""
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
        opening, ticks = opening.moved(fragment)
        while (upkeep := self._choose(stream)) is not None:
            try:
                if (trouble := upkeep.volume.trouble()) is None:
                    stream.segment = self._create(upkeep, stream, opening, ticks)
                    return stream.segment
                self._lose(upkeep, trouble)
            except OSError as error:
                self._fail(upkeep, trouble_of(error))
        self._not_kept(stream, opening.start_us)
        return None

    def _not_kept(self, stream: _Stream, start_us: int) -> None:
        trouble = self.trouble
        if self._gaps.of(stream.key) is None and trouble is not None:
            self._begin_gap(stream, start_us, GapReason.DISK, trouble.title)

    def _choose(self, stream: _Stream) -> Upkeep | None:
        well = [upkeep for upkeep in self._upkeeps.values() if upkeep.writable]
        fast = [upkeep for upkeep in well if not upkeep.slowness.slow] or well
        weights = {u.id: weight(u.space, u.deletion.floor_bytes(u.space)) for u in fast}
        chosen = self._placing.choose(weights, stream.usual_bytes)
        return None if chosen is None else self._upkeeps[chosen]

    def _leave_slow(self, stream: _Stream, fragment: Fragment) -> None:
        """Where the stream's volume is slow and another is not, go on there from this key frame on."""
        segment = stream.segment
        if segment is None or not fragment.key or fragment.track != VIDEO_TRACK or not segment.size_bytes:
            return
        others = [u for u in self._upkeeps.values() if u.writable and not u.slowness.slow]
        if self._upkeeps[segment.volume].slowness.slow and others:
            self._end_segment(stream)

    def _create(self, upkeep: Upkeep, stream: _Stream, opening: Opening, ticks: dict[int, int]) -> OpenSegment:
        root = upkeep.known.path
        for later in range(_NAMES):
            start = replace(opening, start_us=opening.start_us + later)
            path = segment_path(root, stream.key, start.start_us)
            if upkeep.files.make_directory(path.parent):
                with upkeep.unsynced.adding() as batch:
                    batch.directories |= {path.parents[1], path.parents[2], root}
            segment = OpenSegment(stream.key, start, ticks, sequence=stream.sequence + 1, volume=upkeep.id, path=path)
            with suppress(FileExistsError):
                segment.create(upkeep.files)
                stream.sequence += 1
                return segment
        raise FileExistsError(f"no free name for a segment of {stream.key}")

    def _end_segment(self, stream: _Stream, end_us: int | None = None) -> None:
        segment, stream.segment = stream.segment, None
        if segment is None:
            return
        upkeep = self._upkeeps[segment.volume]
        segment.close(upkeep.files)
        if not segment.size_bytes:  # its very first write failed; what may be left of it recovery takes away
            with suppress(OSError):
                upkeep.files.unlink(segment.path)
            return
        upkeep.deletion.kept_bytes += segment.size_bytes
        stream.usual_bytes = segment.size_bytes
        stream.until_us = max(stream.until_us, segment.end_us if end_us is None else end_us)
        with upkeep.unsynced.adding() as batch:
            batch.written.append(segment.closed(stream.until_us))

    # Syncing

    def synced(self, upkeep: Upkeep, batch: Batch) -> None:
        """*batch* is safe: take the next step of each thing in it, then see to room."""
        if not self._takes(upkeep, batch):
            return
        self._changes += upkeep.step(batch, used_bytes=self.recorded_bytes)
        self._notes.catch_up()
        self._leave_troubled()
        self._say_alive()
        self.flush()

    def not_synced(self, upkeep: Upkeep, batch: Batch, error: OSError) -> None:
        """The disk would not make *batch* safe. The system may have thrown it away, so the volume is put in order again as after a crash."""
        if not self._takes(upkeep, batch):
            return
        upkeep.taken.append(batch)
        self._lose(upkeep, trouble_of(error))
        self.flush()

    def _takes(self, upkeep: Upkeep, batch: Batch) -> bool:
        """Whether *batch* still counts: a volume that was lost meanwhile is put in order by recovery."""
        if batch in upkeep.taken:
            upkeep.taken.remove(batch)
        return self._upkeeps.get(upkeep.id) is upkeep

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
        for upkeep in self._upkeeps.values():
            upkeep.deletion.marked()
        self.complaint = None

    def _complain(self, error: Exception) -> None:
        if self.complaint is None:
            _log.error("the index can't be written: %s", error)
        self.complaint = Trouble(
            phase=Phase.RECORDING,
            title="Recording goes on, but the index of the archive can't be written.",
            remedy="Make room on the disk of the data directory. If this stays, start the recorder again.",
        )

    def _say_alive(self) -> None:
        now = self._clock.monotonic()
        if now >= self._alive_at:
            self._alive_at = now + ALIVE_S
            self._changes.append(Alive(utc_us=self._clock.utc_us(), unsynced_s=self.unsynced_s()))
            self._say_who_is_there()
            self._look_for_oldest()

    def _say_who_is_there(self) -> None:
        for upkeep in self._upkeeps.values():
            there = upkeep.there
            if there is not None and self._seen.get(upkeep.id) is not there:
                self._seen[upkeep.id] = there
                self._changes.append(VolumeSeen(volume=upkeep.id, there=there))

    def unsynced_s(self) -> float:
        """The age of the oldest write that no finished sync covers."""
        moments = [since for upkeep in self.upkeeps() if (since := upkeep.unsynced_since) is not None]
        return max(0.0, self._clock.monotonic() - min(moments)) if moments else 0.0

    def _look_for_oldest(self) -> None:
        with suppress(OSError, ValueError):
            sizes = self._index.volume_sizes()
            for upkeep in self._upkeeps.values():
                starts = [segment.start_us for segment in self._index.oldest(1, volume=upkeep.id)]
                open_here = [s.segment for s in self._streams.values() if s.segment and s.segment.volume == upkeep.id]
                upkeep.oldest_us = min([*starts, *(segment.start_us for segment in open_here)], default=None)
                upkeep.indexed_bytes = sizes.get(upkeep.id, 0)
            found = [upkeep.oldest_us for upkeep in self._upkeeps.values() if upkeep.oldest_us is not None]
            self.oldest_us = min(found, default=None)

    # Trouble

    def looked(self, upkeep: Upkeep, trouble: Trouble | None, *, recovered: bool) -> None:
        """A look at the volume found *trouble*, or none; *recovered*: what an earlier run, or a loss, left on it is in order now."""
        if self._upkeeps.get(upkeep.id) is not upkeep:
            return
        if recovered:
            self.flush()
            upkeep.ready = True
            if upkeep.known.role is Role.RECORD:
                upkeep.deletion.load()
            self._learn()
        was, upkeep.trouble = upkeep.trouble, None
        if trouble is not None:
            upkeep.trouble = was
            self._fail(upkeep, trouble)
        elif was is not None:
            _log.info("%s is well again", upkeep.known.name)
        self._notes.catch_up()
        self._leave_troubled()

    def hang(self, volume: str) -> None:
        """A call into the volume does not come back: go on without it."""
        upkeep = self._upkeeps[volume]
        upkeep.hung = True
        self._lose(upkeep, HUNG)

    def answered(self, volume: str) -> None:
        """The call came back."""
        if (upkeep := self._upkeeps.get(volume)) is not None:
            upkeep.hung = False
            while upkeep.abandoned:
                upkeep.abandoned.pop().close(upkeep.files)

    def _write_failed(self, stream: _Stream, segment: OpenSegment, error: OSError) -> None:
        upkeep, trouble = self._upkeeps[segment.volume], trouble_of(error)
        try:
            if segment.size_bytes:
                segment.cut_back(upkeep.files)
        except OSError:
            self._lose(upkeep, trouble)  # recovery cuts the torn rest off
        else:
            self._fail(upkeep, trouble)
        opening = stream.opening
        if opening is not None and self._gaps.of(stream.key) is None:
            self._begin_gap(stream, opening.start_us, GapReason.DISK, trouble.title)

    def _fail(self, upkeep: Upkeep, trouble: Trouble) -> None:
        """Stop recording to the volume until a look finds it well."""
        upkeep.fail(trouble)
        self._leave_troubled()

    def _leave_troubled(self) -> None:
        """Close what is open on volumes that have trouble; streams go on elsewhere at their next key frame.

        A full volume keeps what it has. One that refuses for another reason may have lost what it took: it is put in order as after a crash.
        """
        for upkeep in self.upkeeps():
            trouble = upkeep.trouble
            if trouble is not None and trouble.state is not VolumeState.FULL and upkeep.ready and not upkeep.released:
                self._lose(upkeep, trouble)
        for stream in self._streams.values():
            segment = stream.segment
            if segment is not None and (full := self._upkeeps[segment.volume].trouble) is not None:
                self._end_segment(stream)
                self._begin_gap(stream, 0, GapReason.DISK, full.title)

    def _lose(self, upkeep: Upkeep, trouble: Trouble) -> None:
        """What was written to the volume may not be there any more: it is put in order as after a crash, once it is well."""
        later = self._upkeeps[upkeep.id] = upkeep.fresh()
        later.hung, later.abandoned = upkeep.hung, upkeep.abandoned
        later.fail(trouble)
        unsafe = upkeep.unfinished()
        for stream in self._streams.values():
            segment = stream.segment
            if segment is not None and segment.volume == upkeep.id:
                unsafe.append(replace(segment.opened(), end_us=segment.end_us))
                stream.segment = None
                stream.until_us = max(stream.until_us, segment.end_us)
                self._begin_gap(stream, 0, GapReason.DISK, trouble.title)
                if upkeep.hung:
                    later.abandoned.append(segment)
                else:
                    segment.close(upkeep.files)
        for lost in unsafe:
            row = replace(lost, end_us=None, size_bytes=0, fragments=0, root=b"", recovered=False)
            self._changes.append(SegmentOpened(segment=row))
            if lost.end_us is not None:
                self._changes += self._gaps.lost(lost.key, lost.start_us, lost.end_us, _UNSAFE)
        self._notes.again(upkeep.unsafe_notes())
