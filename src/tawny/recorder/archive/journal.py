"""The ledgers of a volume as the writer uses them: on the right volume only, made safe with the next sync, and then signed."""

import logging
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tawny.recorder.archive.heads import Heads, VolumeHeads
from tawny.recorder.archive.ledger import Entry, Ledger
from tawny.recorder.archive.ports import Files
from tawny.recorder.archive.unsynced import Unsynced
from tawny.recorder.archive.volume import Volume

_log = logging.getLogger(__name__)
_BACKLOG = 10_000  # entries that wait for a disk to come back


class Journal:
    """Entries, in the order of their writing.

    Invariant: an entry that the disk refuses waits, and those behind it with it.
    """

    def __init__(
        self, archive: Path, files: Files, *, volume: Volume, unsynced: Unsynced, heads: Heads | None = None
    ) -> None:
        self._archive = archive
        self._ledger = Ledger(archive, files)
        self._volume = volume
        self._unsynced = unsynced
        self._waiting: deque[tuple[str, int, Entry]] = deque(maxlen=_BACKLOG)
        self._heads: VolumeHeads | None = None
        if heads is not None:
            self._heads = VolumeHeads(archive, self._ledger, files=files, volume=volume, unsynced=unsynced, heads=heads)

    def note(self, camera: str, at_us: int, entry: Entry) -> None:
        """Write *entry* to the ledger of the day of *at_us*, now or when the disk takes it."""
        self._waiting.append((camera, at_us, entry))
        self.catch_up()

    def catch_up(self) -> None:
        """Write what waits."""
        if not self._waiting or self._volume.trouble() is not None:
            return
        with suppress(OSError):  # whoever writes media next will say what is wrong with the disk
            while self._waiting:
                try:
                    self.write(*self._waiting[0])
                except ValueError as error:
                    _log.error("an entry can't stand in a ledger: %s", error)
                self._waiting.popleft()

    def write(self, camera: str, at_us: int, entry: Entry) -> None:
        """Write *entry* now; OSError where the disk refuses."""
        path = self._ledger.append(camera, at_us, entry)
        with self._unsynced.adding() as batch:
            batch.directories |= {path.parent, path.parents[1], self._archive}
            with suppress(OSError):  # it is written: should its size be unknown, the next line's sync covers it too
                batch.ledgers[path] = path.stat().st_size

    def sign(self, ledgers: Mapping[Path, int]) -> None:
        """A sync ended that covered *ledgers* up to these sizes (`Batch.ledgers`): have their lines signed. Call it after every sync, also with none."""
        if self._heads is not None:
            self._heads.sign(ledgers)
