"""One volume while the archive records: what is written to it, in which order it becomes true, and what is wrong with it."""

import logging
from collections import deque
from collections.abc import Callable

from tawny.recorder.archive import ledger
from tawny.recorder.archive.deletion import Deletion
from tawny.recorder.archive.heads import Heads
from tawny.recorder.archive.journal import Journal
from tawny.recorder.archive.ledger import Entry
from tawny.recorder.archive.model import Role, Segment, VolumeFault, VolumeState, VolumeStatus
from tawny.recorder.archive.ports import Change, Files, Index, SegmentClosed, SegmentOpened, Space
from tawny.recorder.archive.retention import Retention
from tawny.recorder.archive.segment import OpenSegment
from tawny.recorder.archive.slowness import Slowness
from tawny.recorder.archive.unsynced import Batch, Note, Unsynced
from tawny.recorder.archive.volume import SLOW, Trouble, Volume, trouble_of
from tawny.recorder.archive.volumes import KnownVolume
from tawny.runtime.clock import Clock

_log = logging.getLogger(__name__)

PROBE_S = 5.0
_ENOUGH = 64 * 1024 * 1024  # free bytes at which a full disk is worth another try
_FAULTS = 100
_ABSENT = {VolumeState.NOT_INSTALLED, VolumeState.NEEDS_FORMAT, VolumeState.SWAPPED, VolumeState.FORMATTING}


class Upkeep:
    """Takes the next step of everything on one volume that a sync has made safe.

    Invariants: a file has its row only after a sync covered its name, stands in the ledger only after a sync covered all of it, and is
    closed in the index only after a sync covered its ledger entry. While there is trouble, and before what an earlier run left is in
    order (`ready`), no file is made.
    """

    def __init__(
        self,
        known: KnownVolume,
        *,
        clock: Clock,
        files: Files,
        index: Index,
        retention: Retention,
        new_id: Callable[[str], str],
        heads: Heads | None = None,
    ) -> None:
        self.known = known
        self.files = files
        self._clock = clock
        self._index = index
        self._retention = retention
        self._new_id = new_id
        self._heads = heads
        self.volume = Volume(known.path, volume_id=known.id, files=files)
        self.unsynced = Unsynced(clock)
        self.taken: list[Batch] = []  # being synced, or synced and waiting for the next step
        signer = heads if known.role is Role.RECORD else None  # what is only looked at gets no heads either
        self.journal = Journal(known.path, files, volume=self.volume, unsynced=self.unsynced, heads=signer)
        self.deletion = Deletion(
            known.path,
            volume_id=known.id,
            clock=clock,
            files=files,
            index=index,
            volume=self.volume,
            journal=self.journal,
            unsynced=self.unsynced,
            retention=retention,
            new_id=new_id,
        )
        self.trouble: Trouble | None = None
        self.ready = False
        self.hung = False  # a call into it has not come back
        self.released = False  # given away for formatting
        self.idle = False  # its own thread holds nothing of it
        self.abandoned: list[OpenSegment] = []  # whose descriptors a call that hangs still uses
        self.slowness = Slowness()
        self.space = Space(0, 0)
        self.indexed_bytes = 0
        self.oldest_us: int | None = None
        self.look_at = 0.0
        self.faults: deque[VolumeFault] = deque(maxlen=_FAULTS)

    @property
    def id(self) -> str:
        return self.known.id

    @property
    def writable(self) -> bool:
        """Whether a segment can begin here."""
        return self.ready and self.trouble is None and self.known.role is Role.RECORD and not self.released

    @property
    def there(self) -> bool | None:
        """Whether what is on it can be read; None before the first look."""
        if self.trouble is None:
            return True if self.ready else None
        return self.trouble.state not in _ABSENT

    @property
    def kept_bytes(self) -> int:
        """Of the closed segments that stay."""
        return self.deletion.kept_bytes if self.ready and self.known.role is Role.RECORD else self.indexed_bytes

    def status(self) -> VolumeStatus:
        """How the volume is; from any thread."""
        slow = self.trouble is None and self.slowness.slow
        trouble = SLOW if slow else self.trouble
        since = self.unsynced_since
        return VolumeStatus(
            id=self.id,
            name=self.known.name,
            path=self.known.path,
            role=self.known.role,
            state=trouble.state if trouble else VolumeState.OK,
            title=trouble.title if trouble else "",
            remedy=trouble.remedy if trouble else "",
            total_bytes=self.space.total_bytes,
            free_bytes=self.space.free_bytes,
            archive_bytes=self.kept_bytes,
            oldest_us=self.oldest_us,
            faults=tuple(self.faults),
            unsynced_s=0.0 if since is None else max(0.0, self._clock.monotonic() - since),
        )

    @property
    def unsynced_since(self) -> float | None:
        """The monotonic time of the first write that no finished sync covers."""
        moments = [batch.since for batch in (*self.taken, self.unsynced.waiting)]
        return min((since for since in moments if since is not None), default=None)

    def rename(self, known: KnownVolume) -> None:
        """It has another name; all else is as it was."""
        self.known = known

    @property
    def settled(self) -> bool:
        """Whether all that was written is safe, and told to ledger and index."""
        return not self.taken and self.unsynced.waiting.empty()

    def fresh(self) -> "Upkeep":
        """The volume as after a start, to be put in order again; what waits for a sync is forgotten."""
        later = Upkeep(
            self.known,
            clock=self._clock,
            files=self.files,
            index=self._index,
            retention=self._retention,
            new_id=self._new_id,
            heads=self._heads,
        )
        later.faults = self.faults
        later.slowness = self.slowness
        later.space, later.oldest_us, later.indexed_bytes = self.space, self.oldest_us, self.kept_bytes
        self.deletion.close()
        return later

    # Trouble

    def fail(self, trouble: Trouble) -> None:
        """Nothing more is written until a look finds the volume well."""
        if self.trouble != trouble:
            _log.error("%s: %s %s", self.known.name, trouble.title, trouble.remedy)
            self.faults.append(VolumeFault(utc_us=self._clock.utc_us(), what=trouble.title))
            self.look_at = self._clock.monotonic() + PROBE_S
        self.trouble = trouble

    def look(self) -> Trouble | None:
        """What is wrong with the volume now; on its own thread, for it may take long."""
        self.look_at = self._clock.monotonic() + PROBE_S
        try:
            if (found := self.volume.trouble()) is not None:
                return found
            self.space = self.volume.space()
            if self.known.role is Role.READ_ONLY:
                return None
            full = self.trouble is not None and self.trouble.state is VolumeState.FULL
            if full and self.space.free_bytes < min(_ENOUGH, self.deletion.floor_bytes(self.space)):
                return self.trouble
            self.volume.probe()
        except OSError as error:
            return trouble_of(error)
        return None

    # After a sync

    def step(self, batch: Batch, *, used_bytes: int) -> list[Change]:
        """*batch* is safe: take the next step of each thing in it, then see to room; what the index has to be told."""
        changes: list[Change] = [SegmentOpened(segment=segment) for segment in batch.opened]
        changes += batch.logged
        for closed in batch.written:
            self._log_closed(closed)
        for segment in batch.marked:
            self._unlink(segment)
        changes += [self.deletion.forget(segment) for segment in batch.unlinked]
        self.journal.sign(batch.ledgers)
        if self.ready and self.known.role is Role.RECORD and not self.released:
            changes += self.deletion.choose(used_bytes=used_bytes, well=self.trouble is None)
        return changes

    def unfinished(self) -> list[Segment]:
        """The segments, complete or not, whose rows are not closed yet."""
        found: list[Segment] = []
        for batch in (*self.taken, self.unsynced.waiting):
            found += batch.opened
            found += [closed.segment for closed in (*batch.written, *batch.logged)]
        return found

    def unsafe_notes(self) -> list[Note]:
        """The notes that no sync has covered yet."""
        return [note for batch in (*self.taken, self.unsynced.waiting) for note in batch.noted]

    def note(self, owner: str, at_us: int, entry: Entry) -> None:
        """Write *entry* into the ledger of *owner*; OSError where the volume refuses."""
        self.journal.write(owner, at_us, entry)
        with self.unsynced.adding() as batch:
            batch.noted.append((owner, at_us, entry))

    def _log_closed(self, closed: SegmentClosed) -> None:
        segment, now_us = closed.segment, self._clock.utc_us()
        entry = ledger.segment_entry(self.known.path, segment, entry_id=self._new_id("led"), now_us=now_us)
        try:
            if self.volume.trouble() is None:
                self.journal.write(segment.key.camera, segment.start_us, entry)
                with self.unsynced.adding() as batch:
                    batch.logged.append(closed)
                return
        except OSError as error:
            self.fail(trouble_of(error))
        with self.unsynced.adding() as batch:
            batch.written.append(closed)

    def _unlink(self, segment: Segment) -> None:
        try:
            self.deletion.unlink(segment)
        except OSError as error:
            if self.volume.trouble() is None:
                self.fail(trouble_of(error))
            with self.unsynced.adding() as batch:
                batch.marked.append(segment)
