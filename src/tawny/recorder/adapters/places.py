"""Looks into directories for archives, and empties one that is ours, file by file.

Erasing walks by directory descriptors and never follows a link, so whoever can put links into an archive cannot lead it
elsewhere. Only what has the archive's form goes; everything else stays.
"""

import errno
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tawny.recorder.archive.paths import cameras, days, segments_of_day
from tawny.recorder.storage.model import FoundArchive, Inside
from tawny.recorder.storage.ports import Progress

IDENTITY: Final = "volume.json"
_MAX_IDENTITY: Final = 1 << 18
_MAX_CAMERAS: Final = 256  # looked at, for how far an archive reaches
_OWNER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_HOUR: Final = re.compile(r"[012]\d")
_SEGMENT: Final = re.compile(r"\d{8}T\d{6}\.\d{6}Z-(main|sub)\.mp4")
_OF_DAY: Final = re.compile(r"ledger\.jsonl")
_OF_VOLUME: Final = re.compile(r"reserve|probe|certificates\.pem|\.[a-z.]+\.new")
_NOBODYS: Final = frozenset({"lost+found"})  # every ext4 has it
_BELOW: Final = (".", "archive")  # a volume's root, or a whole data directory
_NOT_OURS: Final = frozenset(
    {errno.ELOOP, errno.ENOTDIR}
)  # a link, a file or another file system where we make directories
_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC


class DirectoryPlaces:
    """`Places` on the machine's own file systems."""

    def look(self, path: Path) -> Inside | None:
        try:
            names = set(os.listdir(path))  # noqa: PTH208 - names are all that is wanted
            room = os.statvfs(path)
        except OSError:
            return None
        root, archive = _archive_at(path)
        return Inside(
            path=str(root),
            empty=not names - _NOBODYS,
            writable=os.access(root, os.W_OK),
            archive=archive,
            total_bytes=room.f_blocks * room.f_frsize,
            free_bytes=room.f_bavail * room.f_frsize,
        )

    def erase(self, path: Path, volume: str, progress: Progress) -> int:
        root = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            if _identity(root) != volume:
                raise ValueError(f"{path} does not bear the identity {volume}")
            left = _erase_archive(root, progress)
            os.unlink(IDENTITY, dir_fd=root)  # last: until then an erasing that was cut short can be repeated
            os.fsync(root)
        finally:
            os.close(root)
        return left


def _archive_at(path: Path) -> tuple[Path, FoundArchive | None]:
    for below in _BELOW:
        root = path / below
        try:
            with _directory(str(root)) as directory:
                volume = _identity(directory)
        except OSError:
            continue
        if volume is not None:
            return root, _found(root, volume)
    return path, None


def _found(root: Path, volume: str) -> FoundArchive:
    starts: list[int] = []
    for camera in cameras(root)[:_MAX_CAMERAS]:
        there = days(root, camera)
        for day in {*there[:1], *there[-1:]}:
            segments = segments_of_day(root, camera, day)
            starts += [segment.start_us for segment in (*segments[:1], *segments[-1:])]
    return FoundArchive(
        volume=volume,
        oldest_us=min(starts, default=None),
        newest_us=max(starts, default=None),
    )


def _identity(directory: int) -> str | None:
    try:
        descriptor = os.open(IDENTITY, _OPEN, dir_fd=directory)
        try:
            found = json.loads(os.read(descriptor, _MAX_IDENTITY))
        finally:
            os.close(descriptor)
    except (OSError, ValueError, RecursionError):
        return None
    name = found.get("id") if isinstance(found, dict) else None
    return name if isinstance(name, str) else None


def _erase_archive(root: int, progress: Progress) -> int:
    owned = [(owner, day) for owner in _names(root, _OWNER) for day in _names_below(root, owner, _DAY)]
    for number, (owner, day) in enumerate(owned):
        progress(number / len(owned))
        with _directory(owner, root) as in_owner:
            _erase_day(in_owner, day)
    for owner in {owner for owner, _ in owned}:
        _remove_directory(owner, root)
    _erase_files(root, _OF_VOLUME)
    return len(set(_names(root)) - _NOBODYS - {IDENTITY})


def _erase_day(owner: int, day: str) -> None:
    for hour in _names_below(owner, day, _HOUR):
        with _directory(day, owner) as in_day:
            _erase_all(in_day, hour, _SEGMENT)
    _erase_all(owner, day, _OF_DAY)


def _erase_all(parent: int, name: str, form: re.Pattern[str]) -> None:
    """Remove the files of *form* in the directory *name*, and the directory where nothing else is in it."""
    try:
        with _directory(name, parent) as directory:
            _erase_files(directory, form)
    except OSError as error:
        if error.errno not in _NOT_OURS:
            raise
    else:
        _remove_directory(name, parent)


def _names_below(parent: int, name: str, form: re.Pattern[str]) -> list[str]:
    try:
        with _directory(name, parent) as directory:
            return _names(directory, form)
    except OSError as error:
        if error.errno not in _NOT_OURS:
            raise
        return []


def _erase_files(directory: int, form: re.Pattern[str]) -> None:
    for name in _names(directory, form):
        try:
            os.unlink(name, dir_fd=directory)  # of a link, the link itself
        except IsADirectoryError:
            continue  # not of our making: it stays


def _remove_directory(name: str, parent: int) -> None:
    try:
        os.rmdir(name, dir_fd=parent)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.ENOENT}:
            raise


def _names(directory: int, form: re.Pattern[str] | None = None) -> list[str]:
    return sorted(name for name in os.listdir(directory) if form is None or form.fullmatch(name))


@contextmanager
def _directory(name: str, parent: int | None = None) -> Iterator[int]:
    """The directory *name*, on the same file system as *parent*; OSError (ELOOP, ENOTDIR) where it is a link or a file."""
    descriptor = os.open(name, _OPEN | os.O_DIRECTORY, dir_fd=parent)
    try:
        if parent is not None and os.fstat(descriptor).st_dev != os.fstat(parent).st_dev:
            raise OSError(errno.ENOTDIR, "another file system", name)
        yield descriptor
    finally:
        os.close(descriptor)
