"""The ledgers as the writer uses them: on the right volume only, and made safe with the next sync."""

from collections import deque
from contextlib import suppress
from pathlib import Path

from tawny.recorder.archive.ledger import Entry, Ledger
from tawny.recorder.archive.ports import Files
from tawny.recorder.archive.unsynced import Unsynced
from tawny.recorder.archive.volume import Volume

_BACKLOG = 10_000  # entries that wait for a disk to come back


class Journal:
    """Entries, in the order of their writing.

    Invariant: an entry that the disk refuses waits, and those behind it with it.
    """

    def __init__(self, archive: Path, files: Files, *, volume: Volume, unsynced: Unsynced) -> None:
        self._archive = archive
        self._ledger = Ledger(archive, files)
        self._volume = volume
        self._unsynced = unsynced
        self._waiting: deque[tuple[str, int, Entry]] = deque(maxlen=_BACKLOG)

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
                self.write(*self._waiting[0])
                self._waiting.popleft()

    def write(self, camera: str, at_us: int, entry: Entry) -> None:
        """Write *entry* now; OSError where the disk refuses."""
        path = self._ledger.append(camera, at_us, entry)
        with self._unsynced.adding() as batch:
            batch.directories |= {path.parent, path.parents[1], self._archive}
