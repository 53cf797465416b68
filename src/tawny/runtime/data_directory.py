"""The data directory: where everything of one installation lives, and its lock.

Its form is a contract with outsiders (`docs/reference/data-directory.md`).
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from tawny.runtime.problem import Kind, Problem


@dataclass(frozen=True, kw_only=True)
class DataDirectory:
    """The paths of one installation; nothing is created by naming them."""

    root: Path

    @property
    def archive(self) -> Path:
        """Segment files and ledgers."""
        return self.root / "archive"

    @property
    def drives(self) -> Path:
        """Where drives are mounted that the recorder formatted, each in a directory of its own."""
        return self.root / "volumes"

    @property
    def index(self) -> Path:
        """The index of the archive (SQLite), a cache that can be made again."""
        return self.root / "index.db"

    @property
    def ledgers_read(self) -> Path:
        """What the recorder's ledgers said of holds, a cache that can be made again."""
        return self.root / "ledgers-read.json"

    @property
    def events(self) -> Path:
        """What happened at the cameras (SQLite)."""
        return self.root / "events.db"

    @property
    def recorder(self) -> Path:
        """Settings and secrets of the recorder (SQLite)."""
        return self.root / "recorder.db"

    @property
    def hub(self) -> Path:
        """People, sessions and what else the hub knows (SQLite)."""
        return self.root / "hub.db"

    @property
    def keys(self) -> Path:
        """Keys and certificates, readable by the owner only."""
        return self.root / "keys"

    @property
    def exports(self) -> Path:
        """Exports, one directory each."""
        return self.root / "exports"

    @property
    def sockets(self) -> Path:
        """Unix sockets between our own programs."""
        return self.root / "run"

    def create(self) -> None:
        """Make the directories that are missing; only this user may enter them."""
        for path in (self.root, self.archive, self.keys, self.sockets):
            path.mkdir(parents=True, exist_ok=True)
        for path in (self.root, self.keys, self.sockets):
            path.chmod(0o700)

    def lock(self, program: str) -> int:
        """Take the lock of *program* on this directory and return the descriptor that holds it.

        Raises Problem(CONFLICT) where another process holds it. The lock ends with the process, however it ends.
        """
        path = self.root / f"{program}.lock"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = path.read_text(errors="replace").strip() or "unknown"
            os.close(descriptor)
            raise Problem(
                Kind.CONFLICT,
                f"Another Tawny {program} (process {holder}) is using {self.root}.",
                remedy="Stop it first, or give this one a directory of its own with --data.",
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return descriptor
