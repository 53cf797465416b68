"""What ledgers tell that is no segment of theirs: gaps, and the recorder's own entries. Any volume will do for them."""

import logging
from collections import deque
from collections.abc import Callable, Iterable

from tawny.recorder.archive.ledger import Entry
from tawny.recorder.archive.unsynced import Note
from tawny.recorder.archive.upkeep import Upkeep
from tawny.recorder.archive.volume import trouble_of

_log = logging.getLogger(__name__)
_BACKLOG = 10_000  # entries that wait for a volume


class Notes:
    """Entries, written to the first volume that takes them.

    Invariant: an entry that no volume takes waits, and those behind it with it; one that a lost volume took before a sync covered it is
    written once more, to another.
    """

    def __init__(self, upkeeps: Callable[[], Iterable[Upkeep]]) -> None:
        self._upkeeps = upkeeps
        self._waiting: deque[Note] = deque(maxlen=_BACKLOG)

    def note(self, owner: str, at_us: int, entry: Entry) -> None:
        """Write *entry* to the ledger of *owner* and the day of *at_us*, now or when a volume takes it."""
        if len(self._waiting) == _BACKLOG:
            _log.error("no drive takes the ledger's entries: the oldest that waits is lost")
        self._waiting.append((owner, at_us, entry))
        self.catch_up()

    def again(self, notes: Iterable[Note]) -> None:
        """*notes* may be lost: they are written again."""
        self._waiting.extendleft(reversed(list(notes)))
        self.catch_up()

    def catch_up(self) -> None:
        """Write what waits."""
        while self._waiting and self._written(self._waiting[0]):
            self._waiting.popleft()

    def _written(self, note: Note) -> bool:
        for upkeep in [upkeep for upkeep in self._upkeeps() if upkeep.writable]:
            try:
                if upkeep.volume.trouble() is None:
                    upkeep.note(*note)
                    return True
            except OSError as error:
                upkeep.fail(trouble_of(error))
        return False
