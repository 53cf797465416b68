"""How segments go: ledger entry, mark, sync, file, sync, row (`docs/design/archive.md`)."""

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tawny.recorder.archive import ledger
from tawny.recorder.archive.journal import Journal
from tawny.recorder.archive.model import Segment
from tawny.recorder.archive.paths import segment_path
from tawny.recorder.archive.ports import Change, DeletionMarked, Files, Index, SegmentForgotten
from tawny.recorder.archive.retention import Limits, expired
from tawny.recorder.archive.unsynced import Unsynced
from tawny.recorder.archive.volume import RESERVE_SIZE, Volume
from tawny.runtime.clock import Clock

_log = logging.getLogger(__name__)
_AT_ONCE = 200  # in one cycle: deleting never holds recording up


class Deletion:
    """Makes room.

    Invariants: a file goes only after a sync covered its ledger entry and its mark, its row only after a sync covered its going; nothing goes
    from a volume that is not ours.
    """

    def __init__(
        self,
        archive: Path,
        *,
        clock: Clock,
        files: Files,
        index: Index,
        volume: Volume,
        journal: Journal,
        unsynced: Unsynced,
        limits: Limits,
        new_id: Callable[[str], str],
    ) -> None:
        self._archive = archive
        self._clock = clock
        self._files = files
        self._index = index
        self._volume = volume
        self._journal = journal
        self._unsynced = unsynced
        self._new_id = new_id
        self._marking: list[Segment] = []  # in the ledger, with a mark that the index has not yet
        self._going_bytes = 0  # doomed, still on the disk
        self.limits = limits
        self.kept_bytes = 0  # of closed segments that stay

    def load(self) -> None:
        """Go on with what was marked before the recorder ended."""
        marked = self._index.marked_segments()
        with self._unsynced.adding() as batch:
            batch.marked = marked
        self._going_bytes = sum(segment.size_bytes for segment in marked)
        self.kept_bytes = sum(stream.size_bytes for stream in self._index.streams()) - self._going_bytes

    def choose(self, *, used_bytes: int, well: bool) -> list[Change]:
        """Doom what has to go; the marks to put into the index, after which `marked` is called. *well*: the disk takes what we write."""
        changes: list[Change] = []
        if self._marking or self._volume.trouble() is not None:
            return changes
        try:
            free = self._volume.space().free_bytes
            candidates = self._index.oldest(_AT_ONCE)
            doomed = expired(candidates, self.limits, used_bytes=used_bytes, free_bytes=free + self._going_bytes)
            for segment, cause in list(doomed):
                self._doom(segment, cause)
                changes.append(DeletionMarked(segment=segment))
            if well and free >= self.limits.floor_bytes + RESERVE_SIZE:
                self._volume.keep_reserve()
        except (OSError, ValueError) as error:
            _log.warning("could not make room: %s", error)
        return changes

    def _doom(self, segment: Segment, cause: str) -> None:
        camera, now_us = segment.key.camera, self._clock.utc_us()
        entry = ledger.deletion_entry(self._archive, segment, entry_id=self._new_id("led"), now_us=now_us, cause=cause)
        try:
            self._journal.write(camera, segment.start_us, entry)
        except OSError:
            self._volume.spend_reserve()
            self._journal.write(camera, segment.start_us, entry)
        self._marking.append(segment)
        self.kept_bytes -= segment.size_bytes
        self._going_bytes += segment.size_bytes

    def marked(self) -> None:
        """The index has the marks."""
        if self._marking:
            with self._unsynced.adding() as batch:
                batch.marked += self._marking
            self._marking.clear()

    def unlink(self, segment: Segment) -> None:
        """Take away the file of a segment whose mark is safe; OSError where the disk refuses."""
        if self._volume.trouble() is not None:
            raise FileNotFoundError("the archive's volume is not there")
        path = segment_path(self._archive, segment.key, segment.start_us)
        self._files.unlink(path)
        self._going_bytes -= segment.size_bytes
        with self._unsynced.adding() as batch:
            batch.unlinked.append(segment)
            batch.directories.add(path.parent)

    def forget(self, segment: Segment) -> Change:
        """The file's going is safe: its row may go too."""
        hour = segment_path(self._archive, segment.key, segment.start_us).parent
        with suppress(OSError):  # an empty directory more harms nobody
            self._files.remove_directory(hour)
        return SegmentForgotten(segment=segment, deleted=True)
