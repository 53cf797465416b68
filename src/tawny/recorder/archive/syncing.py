"""What a volume's own thread does, so that a volume that takes its time, or never answers, holds up no other."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from tawny.recorder.archive.model import Role
from tawny.recorder.archive.ports import Files, Index
from tawny.recorder.archive.rebuild import remake
from tawny.recorder.archive.recovery import Recovery
from tawny.recorder.archive.unsynced import Batch
from tawny.recorder.archive.upkeep import Upkeep
from tawny.recorder.archive.volume import RELEASED, Trouble, trouble_of
from tawny.recorder.archive.writer import Writer
from tawny.runtime.clock import Clock

_log = logging.getLogger(__name__)
Job = Callable[[], None]
Indexing = Callable[[], AbstractContextManager[Index]]


class Syncing:
    """Looks after one volume in turns: what was written is made safe; where something was wrong, it looks again.

    Invariants: what changes the archive's state is a job for the writer thread; what an earlier run left on the volume is put in order before the
    first segment, and after every loss.
    """

    def __init__(
        self,
        volume: str,
        writer: Writer,
        *,
        clock: Clock,
        files: Files,
        data_root: Path,
        index: Indexing,
        new_id: Callable[[str], str],
    ) -> None:
        self._volume = volume
        self._writer = writer
        self._clock = clock
        self._files = files
        self._data_root = data_root
        self._index = index
        self._new_id = new_id
        self.since: float | None = None  # when the sync began that is under way

    @property
    def attached(self) -> bool:
        """Whether the archive still has the volume."""
        return self._writer.upkeep(self._volume) is not None

    def first_look(self, then: Callable[[Job], None]) -> None:
        """The look before recording begins."""
        if (upkeep := self._writer.upkeep(self._volume)) is not None:
            self.look(upkeep, then)

    def run_once(self, then: Callable[[Job], None]) -> None:
        """One turn; *then* takes the writer's part of it."""
        upkeep = self._writer.upkeep(self._volume)
        if upkeep is None or upkeep.hung or upkeep.trouble is RELEASED:
            self.leave(upkeep)
            return
        if self._wants_look(upkeep):
            self.look(upkeep, then)
        if not upkeep.ready or upkeep.known.role is Role.READ_ONLY:
            self.leave(upkeep)
            return
        batch = upkeep.unsynced.take()
        upkeep.taken.append(batch)
        now = self.since = self._clock.monotonic()
        try:
            self._make_safe(upkeep, batch)
        except OSError as error:
            then(partial(self._writer.not_synced, upkeep, batch, error))
        else:
            then(partial(self._writer.synced, upkeep, batch))
        upkeep.slowness.syncing(self._clock.monotonic() - now, now=self._clock.monotonic())
        self.since = None

    def leave(self, upkeep: Upkeep | None) -> None:
        """Hold nothing of the volume; on its own thread."""
        if upkeep is not None and not upkeep.hung:
            upkeep.files.leave(upkeep.known.path)
            self._files.leave(upkeep.known.path)
            upkeep.idle = True

    def _wants_look(self, upkeep: Upkeep) -> bool:
        """While something is wrong every few seconds; whether it is there, and the room on it, always."""
        now = self._clock.monotonic()
        if upkeep.trouble is None and upkeep.ready:
            try:
                upkeep.space = upkeep.volume.space()
            except OSError:
                return True
            return upkeep.slowness.rested(now=now) or upkeep.volume.trouble() is not None
        return now >= upkeep.look_at

    def look(self, upkeep: Upkeep, then: Callable[[Job], None]) -> None:
        """See what is wrong with the volume; where nothing is, put in order what an earlier run left."""
        trouble, recovered = upkeep.look(), False
        try:
            if trouble is None and not upkeep.ready:
                self._recover(upkeep)
                recovered = True
        except (OSError, ValueError) as error:
            trouble = _trouble(error)
        then(partial(self._writer.looked, upkeep, trouble, recovered=recovered))

    def _recover(self, upkeep: Upkeep) -> None:
        with self._index() as index:
            if not index.knows(upkeep.id):
                remake(index, {upkeep.id: upkeep.known.path})
            if upkeep.known.role is Role.RECORD:
                recovery = Recovery(
                    upkeep.known.path,
                    volume_id=upkeep.id,
                    clock=self._clock,
                    files=upkeep.files,
                    index=index,
                    new_id=self._new_id,
                )
                recovery.run()

    def _make_safe(self, upkeep: Upkeep, batch: Batch) -> None:
        if batch.empty():
            return
        for directory in sorted(batch.directories, key=lambda path: len(path.parts), reverse=True):
            self._files.sync_directory(directory)
        self._files.sync_volume(upkeep.known.path)
        if self._data_root.stat().st_dev != upkeep.known.path.stat().st_dev:
            self._files.sync_volume(self._data_root)


def _trouble(error: Exception) -> Trouble:
    return trouble_of(error if isinstance(error, OSError) else OSError(str(error)))
