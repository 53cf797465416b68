"""Heads, signed for the archive's writers: at once with a key from a file, on a thread of its own with a key in a token, which may take its time."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue

from tawny.recorder.archive.heads import Answer, Unsigned
from tawny.recorder.archive.ledger import RECORDER, moment
from tawny.recorder.evidence.keys import KeyInUse
from tawny.runtime.clock import Clock
from tawny.wire.evidence.ledgers import HeadEntry
from tawny.wire.evidence.statements import head_statement

_log = logging.getLogger(__name__)
_REMEMBERED = 512  # heads of the recorder's ledger, for witnesses that answer late


@dataclass(slots=True, kw_only=True)
class _Told:
    """What was written since somebody last looked, and what is newest."""

    changed: dict[tuple[str, str], HeadEntry] = field(default_factory=dict)
    recorders: deque[HeadEntry] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    newest_us: str | None = None
    footage: str | None = None


class HeadSigner:
    """`Heads`, with the key in use.

    Invariants: a key in a token is used by the signer's thread only; a key that fails answers None and stops nobody.
    """

    def __init__(self, *, recorder: Callable[[], str], clock: Clock, new_id: Callable[[str], str]) -> None:
        self._recorder = recorder
        self._clock = clock
        self._new_id = new_id
        self._lock = threading.Lock()
        self._key: KeyInUse | None = None
        self._chains: dict[str, str] = {}
        self._answers: dict[str, list[Answer]] = {}
        self._told = _Told()
        self._queue: SimpleQueue[Unsigned] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._signing_since: float | None = None
        self.failing = False

    @property
    def silent_s(self) -> float:
        """For how long a key in a token has not answered."""
        since = self._signing_since
        return 0.0 if since is None else self._clock.monotonic() - since

    def use(self, key: KeyInUse) -> None:
        """Sign with *key* from now on."""
        with self._lock:
            self._key = key
            self._chains[key.id] = key.chain
        self.failing = False

    # For the writers

    def begin(self, asked: Unsigned) -> None:
        key = self._key
        if key is None or key.signing.kept_in == "file":
            self._answer(asked)
            return
        self._queue.put(asked)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="head signer", daemon=True)
            self._thread.start()

    def answers(self, volume: str) -> list[Answer]:
        with self._lock:
            return self._answers.pop(volume, [])

    def written(self, head: HeadEntry) -> None:
        with self._lock:
            told = self._told
            told.newest_us = head.utc
            if head.ledger.partition("/")[0] == RECORDER:
                told.recorders.append(head)
            else:
                told.changed[head.volume, head.ledger] = head
                told.footage = head.utc

    def chain(self, key: str) -> str:
        return self._chains.get(key, "")

    # For the service

    def changed(self) -> list[HeadEntry]:
        """The newest head of each ledger, but the recorder's own, that has one since the last call."""
        with self._lock:
            changed, self._told.changed = self._told.changed, {}
        return list(changed.values())

    def newest(self) -> HeadEntry | None:
        """The newest head of the recorder's ledger."""
        with self._lock:
            return self._told.recorders[-1] if self._told.recorders else None

    def remembered(self, head_id: str) -> HeadEntry | None:
        """A head of the recorder's ledger of the last hours."""
        with self._lock:
            return next((head for head in self._told.recorders if head.id == head_id), None)

    def moments(self) -> tuple[str | None, str | None]:
        """When the newest head was signed, and the newest of those over footage."""
        with self._lock:
            return self._told.newest_us, self._told.footage

    def _work(self) -> None:
        while True:
            asked = self._queue.get()
            self._signing_since = self._clock.monotonic()
            self._answer(asked)
            self._signing_since = None

    def _answer(self, asked: Unsigned) -> None:
        answer = Answer(asked=asked, head=self._signed(asked))
        with self._lock:
            self._answers.setdefault(asked.volume, []).append(answer)

    def _signed(self, asked: Unsigned) -> HeadEntry | None:
        key, utc = self._key, moment(self._clock.utc_us())
        if key is None:
            return None
        statement = head_statement(
            recorder=self._recorder(),
            volume=asked.volume,
            ledger=asked.ledger,
            size=asked.size,
            root=asked.root,
            utc=utc,
        )
        try:
            signature = key.sign(statement)
        except OSError as error:
            if not self.failing:
                _log.error("the evidence key does not sign: %s", error)
            self.failing = True
            return None
        self.failing = False
        return HeadEntry(
            id=self._new_id("led"),
            utc=utc,
            volume=asked.volume,
            ledger=asked.ledger,
            size=asked.size,
            root=asked.root,
            key=key.id,
            signature=signature,
        )
