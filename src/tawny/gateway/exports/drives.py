"""Copies an export to a drive that is plugged in, and reads every byte back from it.

What may lie on such a drive is anybody's: no link is followed, nothing that stands there is overwritten but a copy of
this very export that was broken off.
"""

import asyncio
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Final

from tawny.gateway.control import RecorderControl
from tawny.gateway.exports.model import Document, Job
from tawny.gateway.exports.names import plain
from tawny.runtime.problem import Kind, Problem

BESIDES: Final = ("report.html", "manifest.json", "manifest.sig", "chain.pem")
_CHUNK: Final = 1 << 20
_NO_LINK: Final = os.O_NOFOLLOW | os.O_CLOEXEC
Told = Callable[[int, int], None]
"""Hears how many bytes of how many were copied or read back."""


class Drives:
    """The drives that the recorder lists; only they are written to."""

    def __init__(self, control: RecorderControl) -> None:
        self._control = control

    async def find(self, drive: str) -> Document:
        """The drive of that id; NOT_FOUND where it is not plugged in."""
        for found in (await self._control.call("drives.list"))["items"]:
            if found["id"] == drive:
                return dict(found)
        raise Problem(
            Kind.NOT_FOUND, "The drive is not there any more.", remedy="Plug it in again and retry.", field="drive"
        )

    async def deliver(self, job: Job, source: Path, told: Told) -> None:
        """Copy the files of *job* from its directory *source*, and check them on the drive."""
        assert job.drive is not None
        drive = await self.find(job.drive)
        stop = Event()
        try:
            await asyncio.to_thread(copy_checked, source, Path(drive["path"]), folder_name(job), _sums(job), told, stop)
        except OSError as error:
            raise Problem(
                Kind.UNREACHABLE,
                f"The drive “{drive['name']}” refused the copy: {error.strerror or error}.",
                remedy="The export itself is whole: download it, or try another drive.",
            ) from error
        finally:
            stop.set()  # a thread can't be cancelled: it looks here after each piece


def folder_name(job: Job) -> str:
    """The folder on the drive: the name, and the end of the id, so that no two exports share one."""
    return f"{plain(job.name)[:60]} {job.id[-6:]}"


def copy_checked(source: Path, drive: Path, folder: str, sums: dict[str, str], told: Told, stop: Event) -> None:
    """Copy what belongs to an export into *folder* on *drive*, sync it, and compare what is read back.

    *sums* are the hashes that are known already, by file name. Problem where a file reads back otherwise.
    """
    paths = list(_paths(source))
    sizes = {path.name: path.stat().st_size for path in paths}
    total = 2 * sum(sizes.values())
    if shutil.disk_usage(drive).free < sum(sizes.values()):
        raise Problem(Kind.EXHAUSTED, "The drive has not enough room for this export.", remedy="Use a larger one.")
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        told(done, total)
        if stop.is_set():
            raise InterruptedError("the copy was broken off")

    directory = _open_folder(drive, folder)
    try:
        written = {path.name: _copy(path, directory, count) for path in paths}
        os.fsync(directory)
        for name, found in written.items():
            if found != sums.get(name, found) or _read_back(name, directory, count) != found:
                raise Problem(
                    Kind.REFUSED,
                    f"“{name}” reads back from the drive other than it was written.",
                    remedy="The drive is faulty: use another one. The export itself is whole.",
                )
    finally:
        os.close(directory)


def _paths(source: Path) -> Iterator[Path]:
    yield from sorted((source / "files").glob("*.mp4"))
    yield from (source / name for name in BESIDES if (source / name).is_file())


def _sums(job: Job) -> dict[str, str]:
    return {file.name: file.sha256 for file in job.files}


def _open_folder(drive: Path, folder: str) -> int:
    root = os.open(drive, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(FileExistsError):  # of a copy that was broken off
            os.mkdir(folder, dir_fd=root)
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK, dir_fd=root)
    finally:
        os.close(root)


def _copy(path: Path, directory: int, count: Callable[[int], None]) -> str:
    """Copy one file; the SHA-256 of what was read."""
    with suppress(FileNotFoundError):
        os.unlink(path.name, dir_fd=directory)
    target = os.open(path.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o644, dir_fd=directory)
    digest = hashlib.sha256()
    with path.open("rb") as reading, os.fdopen(target, "wb", buffering=0) as writing:
        while piece := reading.read(_CHUNK):
            view = memoryview(piece)
            while view:
                view = view[writing.write(view) :]
            digest.update(piece)
            count(len(piece))
        os.fsync(writing.fileno())
    return digest.hexdigest()


def _read_back(name: str, directory: int, count: Callable[[int], None]) -> str:
    """The SHA-256 of what the drive itself has of the file, not of what memory remembers."""
    digest = hashlib.sha256()
    with os.fdopen(os.open(name, os.O_RDONLY | _NO_LINK, dir_fd=directory), "rb", buffering=0) as reading:
        os.posix_fadvise(reading.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := reading.read(_CHUNK):
            digest.update(piece)
            count(len(piece))
    return digest.hexdigest()
