"""`SegmentFiles` that can be killed before any step, lose what was never synced, or refuse like a full disk."""

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from tawny.recorder.adapters.segment_files import SegmentFiles
from tawny.recorder.archive.ports import Space

_SAFE_BY_THEMSELVES = {"index.db"}  # SQLite syncs it before it relies on it; the log beside it is ours to sync


class Killed(BaseException):
    """The process ended here; nothing of it may run on."""


class Stuck(BaseException):
    """The call does not come back; its thread is given up."""


class FaultyFiles(SegmentFiles):
    """Real files under *root*.

    *steps* counts down with every change; at zero the process is `Killed` before it. `power_cut` puts the directory back to what was
    synced, where *torn* chooses how much of an unsynced file's rest survives. *refusal* is raised by every change that takes room.
    """

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root
        self.steps: int | None = None
        self.refusal: OSError | None = None
        self.sick: Path | None = None  # only what lies below it refuses
        self.stuck: Path | None = None  # the next calls but `patience` below it do not come back
        self.patience = 0
        self.full_while: Path | None = None  # no line can be appended while this file takes up the last room
        self.free_bytes = 10**12  # without segments
        self._sizes: dict[Path, int] = {}  # what a sync covered of each file
        self._gone: dict[
            Path, bytes
        ] = {}  # removed since the last sync of their directory, with what was synced of them
        self._paths: dict[int, Path] = {}

    def moved(self, root: Path) -> "FaultyFiles":
        """The same disk under another root, for the next process."""
        later = FaultyFiles(root)
        later._sizes = {root / path.relative_to(self._root): size for path, size in self._sizes.items()}
        later._gone = {root / path.relative_to(self._root): data for path, data in self._gone.items()}
        later.free_bytes = self.free_bytes
        return later

    def step(self) -> None:
        if self.steps is not None:
            self.steps -= 1
            if self.steps < 0:
                raise Killed

    def _hangs(self, path: Path) -> bool:
        if self.stuck is None or not path.is_relative_to(self.stuck):
            return False
        self.patience -= 1
        return self.patience < 0

    def _refuses(self, path: Path) -> bool:
        return self.refusal is not None and (self.sick is None or path.is_relative_to(self.sick))

    def _takes_room(self, path: Path) -> None:
        self.step()
        if self._hangs(path):
            raise Stuck
        if self.refusal is not None and self._refuses(path):
            raise self.refusal

    def create(self, path: Path) -> int:
        self._takes_room(path)
        descriptor = super().create(path)
        self._paths[descriptor] = path
        return descriptor

    def write(self, descriptor: int, buffers: Sequence[bytes]) -> None:
        self.step()
        path = self._paths.get(descriptor, Path())
        stuck = self._hangs(path)
        if self._refuses(path) or self.steps == 0 or stuck:  # half of it is written: the disk is full, the process dies
            data = b"".join(buffers)
            os.write(descriptor, data[: len(data) // 2])
            if stuck:
                raise Stuck
            raise self.refusal if self.refusal is not None and self._refuses(path) else Killed
        super().write(descriptor, buffers)

    def truncate(self, path: Path, size: int) -> None:
        self.step()
        if self.refusal is not None and self._refuses(path) and self.refusal.errno in {errno.EIO, errno.EROFS}:
            raise self.refusal  # a full disk still lets files become smaller
        super().truncate(path, size)

    def append(self, path: Path, data: bytes) -> None:
        self._takes_room(path)
        if self.full_while is not None and self.full_while.exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self.steps == 0:
            with path.open("ab") as file:
                file.write(data[: len(data) // 2])
            raise Killed
        with path.open("ab") as file:
            file.write(data)

    def replace(self, path: Path, data: bytes) -> None:
        self._takes_room(path)
        super().replace(path, data)
        self._sizes[path] = len(data)

    def make_directory(self, path: Path) -> bool:
        self._takes_room(path)
        return super().make_directory(path)

    def remove_directory(self, path: Path) -> bool:
        self.step()
        return super().remove_directory(path)

    def unlink(self, path: Path) -> None:
        self.step()
        if path.exists() and path in self._sizes:
            self._gone[path] = path.read_bytes()[: self._sizes[path]]
        super().unlink(path)

    def sync_directory(self, path: Path) -> None:
        self.step()
        self._gone = {gone: data for gone, data in self._gone.items() if gone.parent != path}

    def sync_volume(self, path: Path) -> None:
        self.step()
        if self.refusal is not None and self.refusal.errno == errno.EIO and self._refuses(path):
            raise self.refusal
        self.settle()

    def allocate(self, path: Path, size: int) -> None:
        self._takes_room(path)
        path.touch()

    def space(self, path: Path) -> Space:
        used = sum(file.stat().st_size for file in self._root.rglob("*.mp4"))
        return Space(10**12, self.free_bytes - used)

    def settle(self) -> None:
        """All that is there is safe."""
        self._sizes = {file: file.stat().st_size for file in self._root.rglob("*") if file.is_file()}
        self._gone.clear()

    def power_cut(self, torn: Callable[[int], int]) -> None:
        """What a machine finds that lost its power: unsynced names are gone or back, unsynced bytes are there up to ``torn(their number)``."""
        for path, data in self._gone.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        for path in [p for p in self._root.rglob("*") if p.is_file() and p.name not in _SAFE_BY_THEMSELVES]:
            size, synced = path.stat().st_size, self._sizes.get(path, 0)
            kept = min(size, synced + torn(size - synced)) if size > synced else size
            if not kept and path not in self._sizes:
                path.unlink()
            else:
                os.truncate(path, kept)
