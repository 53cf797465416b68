"""What was written and is not safe yet, shared by the writer, who adds to it, and the syncer, who takes it away."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tawny.recorder.archive.ledger import Entry
from tawny.recorder.archive.model import Segment
from tawny.recorder.archive.ports import SegmentClosed
from tawny.runtime.clock import Clock

Note = tuple[str, int, Entry]  # whose ledger, the moment that chooses the day, and what is written


@dataclass(slots=True, kw_only=True)
class Batch:
    """What the next sync makes safe. *since* is the monotonic time of its first write."""

    since: float | None = None
    directories: set[Path] = field(default_factory=set)
    ledgers: dict[Path, int] = field(default_factory=dict)  # with new lines, and their size in bytes
    opened: list[Segment] = field(default_factory=list)
    written: list[SegmentClosed] = field(default_factory=list)  # complete files
    logged: list[SegmentClosed] = field(default_factory=list)  # complete files that stand in the ledger
    marked: list[Segment] = field(default_factory=list)  # in ledger and index as going
    unlinked: list[Segment] = field(default_factory=list)
    noted: list[Note] = field(
        default_factory=list
    )  # in a ledger, to be written into another one should this volume be lost

    def empty(self) -> bool:
        return self.since is None and not (self.directories or self.marked or self.unlinked)

    def before(self, later: "Batch") -> None:
        """Take what *later* has behind what is here."""
        self.directories |= later.directories
        self.ledgers |= later.ledgers
        self.opened += later.opened
        self.written += later.written
        self.logged += later.logged
        self.marked += later.marked
        self.unlinked += later.unlinked
        self.noted += later.noted
        self.since = later.since if self.since is None else self.since


class Unsynced:
    """The batch that the next sync will take.

    Invariant: what the writer adds is in the batch that a sync takes after the write, never in one taken before it.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._batch = Batch()

    @property
    def since(self) -> float | None:
        """The monotonic time of the first write that no sync was begun for."""
        return self._batch.since

    @property
    def waiting(self) -> Batch:
        """What the next sync will take, to be looked at only."""
        return self._batch

    @contextmanager
    def adding(self) -> Iterator[Batch]:
        """The batch to add to, after a write."""
        with self._lock:
            yield self._batch
            if self._batch.since is None:
                self._batch.since = self._clock.monotonic()

    def take(self) -> Batch:
        """All of it; what is written from now on goes into another."""
        with self._lock:
            batch, self._batch = self._batch, Batch()
        return batch

    def give_back(self, batch: Batch) -> None:
        """*batch* could not be made safe: it is the first part of the next one."""
        with self._lock:
            batch.before(self._batch)
            self._batch = batch
