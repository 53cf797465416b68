"""Keeps the jobs: ``exports/<id>/job.json`` in the data directory, and what the worker writes beside it.

``job.json`` is replaced whole. A directory without one, or one whose removal began (it is renamed first), is swept away at
the next start: a crash between any two steps leaves a whole job or none.
"""

import json
import logging
import os
import shutil
from pathlib import Path
from threading import Lock
from typing import Final

from tawny.gateway.exports.model import Job, read_job

JOB: Final = "job.json"
LOCK: Final = "lock"  # held by the worker process
_MAX_JOB: Final = 16 << 20
_GONE: Final = ".gone-"
_log = logging.getLogger(__name__)


class JobStore:
    """The jobs below *root*. Every method waits for the disk; OSError where it refuses."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = Lock()
        self._removed: set[str] = set()  # a change that was on its way to a thread must not bring a job back

    def directory(self, job_id: str) -> Path:
        """Where everything of a job lies."""
        return self._root / job_id

    def free(self) -> int:
        """How many bytes may still be written there."""
        self._make(self._root)
        return shutil.disk_usage(self._root).free

    def used(self, job_id: str) -> int:
        """How many bytes the files of a job have by now."""
        return sum(path.stat().st_size for path in self.directory(job_id).rglob("*") if path.is_file())

    def load(self) -> list[Job]:
        """Every job that was kept; what can't be read as one is left alone and logged."""
        found: list[Job] = []
        for path in sorted(self._root.iterdir()) if self._root.is_dir() else []:
            if path.name.startswith(_GONE) or (path.is_dir() and not (path / JOB).exists()):
                shutil.rmtree(path, ignore_errors=True)
                continue
            try:
                found.append(self._read(path))
            except (OSError, ValueError, RecursionError) as error:
                _log.error("%s is no export that can be read: %s", path, error)
        return found

    def save(self, job: Job) -> None:
        """Keep *job* as it is now; it is on the disk when this returns."""
        with self._lock:
            if job.id not in self._removed:
                self._save(job)

    def remove(self, job_id: str) -> None:
        """Remove a job and its files."""
        gone = self._root / f"{_GONE}{job_id}"
        with self._lock:
            self._removed.add(job_id)
            try:
                self.directory(job_id).rename(gone)
            except FileNotFoundError:
                return
        _sync(self._root)
        shutil.rmtree(gone)

    def clear(self, job_id: str) -> None:
        """Remove what the worker wrote, and keep the job."""
        for path in self.directory(job_id).iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name not in {JOB, LOCK}:
                path.unlink()

    def _save(self, job: Job) -> None:
        directory = self.directory(job.id)
        self._make(self._root)
        self._make(directory)
        part = directory / f".{JOB}"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(job.kept(), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(directory / JOB)
        _sync(directory)

    def _read(self, path: Path) -> Job:
        with (path / JOB).open(encoding="utf-8") as file:
            job = read_job(json.loads(file.read(_MAX_JOB)))
        if job.id != path.name:
            raise ValueError(f"it says it is {job.id}")
        return job

    @staticmethod
    def _make(directory: Path) -> None:
        directory.mkdir(mode=0o700, exist_ok=True)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
