"""Noticing that the writing thread is stuck in a call to a volume, and giving that thread up.

A disk that hangs keeps a thread inside the system for minutes, and nothing can take it out. So another thread goes on with the jobs, the volume counts
as lost, and when the call comes back at last the old thread ends before it touches anything.
"""

import threading
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from tawny.recorder.archive.ports import Files, Space
from tawny.runtime.clock import Clock


class GivenUp(BaseException):
    """A thread was given up while it was in a call; another has gone on in its place."""


class Watch:
    """What the writing thread is doing.

    Invariant: of all threads that ever wrote, one is the writing thread; any other gets `GivenUp` from its next call, or the one it is in.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._writing = 0
        self._busy: tuple[float, str] | None = None
        self._given_up: dict[int, str] = {}
        self.spent_s: dict[str, float] = defaultdict(float)  # in calls to each volume

    def begin(self) -> None:
        """The calling thread is the writing thread from now on."""
        with self._lock:
            self._writing = threading.get_ident()
            self._given_up.pop(self._writing, None)  # the number of a thread that has ended is used again

    def give_up(self, patience_s: float) -> str | None:
        """The volume in which the writing thread is stuck for so long; that thread is given up. None where it is not."""
        with self._lock:
            if self._busy is None or self._clock.monotonic() - self._busy[0] < patience_s:
                return None
            volume = self._busy[1]
            self._given_up[self._writing] = volume
            self._writing, self._busy = 0, None
            return volume

    def ended(self) -> str:
        """The volume that kept the calling thread, which was given up, and has answered now."""
        with self._lock:
            return self._given_up.pop(threading.get_ident())

    def enter(self, volume: str) -> None:
        thread = threading.get_ident()
        if thread in self._given_up:
            raise GivenUp
        if thread == self._writing:
            self._busy = (self._clock.monotonic(), volume)

    def leave(self) -> None:
        thread = threading.get_ident()
        with self._lock:
            if thread in self._given_up:
                raise GivenUp
            if thread == self._writing and self._busy is not None:
                since, volume = self._busy
                self.spent_s[volume] += self._clock.monotonic() - since
                self._busy = None


class _Call:
    """One call to a volume, as a context."""

    def __init__(self, watch: Watch, volume: str) -> None:
        self._watch = watch
        self._volume = volume

    def __enter__(self) -> None:
        self._watch.enter(self._volume)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watch.leave()


class WatchedFiles:
    """`Files` of one volume whose calls a `Watch` sees."""

    def __init__(self, files: Files, watch: Watch, volume: str) -> None:
        self._files = files
        self._call = _Call(watch, volume)

    def create(self, path: Path) -> int:
        with self._call:
            return self._files.create(path)

    def write(self, descriptor: int, buffers: Sequence[bytes]) -> None:
        with self._call:
            self._files.write(descriptor, buffers)

    def read(self, descriptor: int, offset: int, size: int) -> bytes:
        with self._call:
            return self._files.read(descriptor, offset, size)

    def truncate(self, path: Path, size: int) -> None:
        with self._call:
            self._files.truncate(path, size)

    def close(self, descriptor: int) -> None:
        with self._call:
            self._files.close(descriptor)

    def append(self, path: Path, data: bytes) -> None:
        with self._call:
            self._files.append(path, data)

    def replace(self, path: Path, data: bytes) -> None:
        with self._call:
            self._files.replace(path, data)

    def make_directory(self, path: Path) -> bool:
        with self._call:
            return self._files.make_directory(path)

    def remove_directory(self, path: Path) -> bool:
        with self._call:
            return self._files.remove_directory(path)

    def unlink(self, path: Path) -> None:
        with self._call:
            self._files.unlink(path)

    def sync_directory(self, path: Path) -> None:
        with self._call:
            self._files.sync_directory(path)

    def sync_volume(self, path: Path) -> None:
        with self._call:
            self._files.sync_volume(path)

    def leave(self, path: Path) -> None:
        self._files.leave(path)

    def allocate(self, path: Path, size: int) -> None:
        with self._call:
            self._files.allocate(path, size)

    def space(self, path: Path) -> Space:
        with self._call:
            return self._files.space(path)

    def identity(self, path: Path) -> str | None:
        with self._call:
            return self._files.identity(path)
