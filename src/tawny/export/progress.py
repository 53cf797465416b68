"""What the gateway hears while the worker works, and how it stops it."""

import json
import os
import threading
from collections.abc import Callable
from typing import Any, Final, TextIO

from tawny.runtime.clock import Clock

_EVERY_S: Final = 0.5


class Stopped(Exception):  # noqa: N818 - what happened
    """The gateway closed our standard input: the export was cancelled, or the gateway is gone."""


class Progress:
    """Lines of progress, at most two a second.

    Invariant: what is said only grows, and is 1 at the end only.
    """

    def __init__(self, out: TextIO, clock: Clock, stopped: threading.Event) -> None:
        self._out = out
        self._clock = clock
        self._stopped = stopped
        self._total = 1
        self._done = 0
        self._written = 0
        self._step = ""
        self._said_at = -_EVERY_S

    def expect(self, work_bytes: int, *, done: int, written: int) -> None:
        """So many bytes of work in all, of which *done* are behind us; *written* bytes are on disk."""
        self._total, self._done, self._written = max(1, work_bytes), done, written
        self._said_at = -_EVERY_S

    def step(self, words: str) -> None:
        """What begins now, for a person."""
        self._step = words
        self._said_at = -_EVERY_S
        self.worked(0)

    def worked(self, size: int) -> None:
        """*size* bytes of work are done. Raises Stopped where that was all."""
        self._done += size
        if self._stopped.is_set():
            raise Stopped
        now = self._clock.monotonic()
        if now - self._said_at >= _EVERY_S:
            self._said_at = now
            ratio = min(0.999, self._done / self._total)
            self.say({"progress": round(ratio, 4), "bytes_done": self._written, "step": self._step})

    def wrote(self, size: int) -> None:
        """As `worked`, and the bytes are in a file."""
        self._written += size
        self.worked(size)

    def say(self, document: dict[str, Any]) -> None:
        self._out.write(json.dumps(document, ensure_ascii=False) + "\n")
        self._out.flush()


def watch(descriptor: int, stopped: threading.Event) -> None:
    """Set *stopped* once what *descriptor* reads ends; for a thread of its own.

    Not through ``sys.stdin``: Python's end would find the thread holding its lock, and abort.
    """
    while os.read(descriptor, 4096):
        pass
    stopped.set()


Told = Callable[[int], None]
