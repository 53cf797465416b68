"""The archive's files on a POSIX machine."""

import ctypes
import errno
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from tawny.recorder.archive.ports import Space
from tawny.recorder.archive.volumes import read_identity

_MAX_BUFFERS = 1024  # IOV_MAX of Linux


class _Held(threading.local):
    """Descriptors of volumes, of each thread for itself."""

    def __init__(self) -> None:
        self.roots: dict[Path, int] = {}


class SegmentFiles:
    """`Files` through the operating system; one system call a fragment."""

    def __init__(self) -> None:
        self._held = _Held()
        self._libc = ctypes.CDLL(None, use_errno=True)

    def create(self, path: Path) -> int:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def write(self, descriptor: int, buffers: Sequence[bytes]) -> None:
        total = sum(map(len, buffers))
        if len(buffers) <= _MAX_BUFFERS:
            done = os.writev(descriptor, buffers)
            if done == total:
                return
        else:
            done = 0
        rest = memoryview(b"".join(buffers))[done:]
        while rest:  # after a short write the next one says why
            rest = rest[os.write(descriptor, rest) :]

    def read(self, descriptor: int, offset: int, size: int) -> bytes:
        return os.pread(descriptor, size, offset)

    def truncate(self, path: Path, size: int) -> None:
        os.truncate(path, size)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def append(self, path: Path, data: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            before = os.fstat(descriptor).st_size
            try:
                self.write(descriptor, [data])
            except OSError:
                os.ftruncate(descriptor, before)
                raise
        finally:
            os.close(descriptor)

    def replace(self, path: Path, data: bytes) -> None:
        beside = path.with_name(f".{path.name}.new")
        beside.unlink(missing_ok=True)  # the rest of an earlier start
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            self.write(descriptor, [data])
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        beside.rename(path)
        self.sync_directory(path.parent)

    def make_directory(self, path: Path) -> bool:
        if path.is_dir():
            return False
        path.mkdir(parents=True, exist_ok=True)
        return True

    def remove_directory(self, path: Path) -> bool:
        try:
            path.rmdir()
        except OSError as error:
            if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
                return False
            if error.errno != errno.ENOENT:
                raise
        return True

    def unlink(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def sync_directory(self, path: Path) -> None:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def sync_volume(self, path: Path) -> None:
        if self._libc.syncfs(self._descriptor_of(path)) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(path))

    def _descriptor_of(self, path: Path) -> int:
        """The calling thread's descriptor of *path*.

        It stays open, for syncfs(2) tells of what failed to be written since the last call with the same descriptor, or since it was
        opened: with a new one each time, what the system could not write in between would never be told.
        """
        roots = self._held.roots
        place = path.stat()
        if (descriptor := roots.get(path)) is not None:
            held = os.fstat(descriptor)
            if (held.st_dev, held.st_ino) == (place.st_dev, place.st_ino):
                return descriptor
            self.leave(path)  # another file system is mounted there
        descriptor = roots[path] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        return descriptor

    def leave(self, path: Path) -> None:
        if (descriptor := self._held.roots.pop(path, None)) is not None:
            os.close(descriptor)

    def allocate(self, path: Path, size: int) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, size)
        finally:
            os.close(descriptor)

    def identity(self, path: Path) -> str | None:
        return read_identity(path)

    def space(self, path: Path) -> Space:
        found = os.statvfs(path)
        return Space(found.f_blocks * found.f_frsize, found.f_bavail * found.f_frsize)
