"""Exports as the routes use them: made, listed, removed; and the queue that does one at a time."""

import asyncio
import errno
import logging
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from tawny.gateway.exports.drives import Drives
from tawny.gateway.exports.estimate import Estimate
from tawny.gateway.exports.making import Making
from tawny.gateway.exports.model import Job, State
from tawny.gateway.exports.preparation import Preparation
from tawny.gateway.exports.requests import Order
from tawny.gateway.exports.store import JobStore
from tawny.gateway.exports.worker import Progress, Worker, Written
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks

MAX_JOBS: Final = 200
SWEEP_S: Final = 60.0
TELL_S: Final = 1.0
DRIVE_SHARE: Final = 0.3  # of the progress, where the export goes to a drive too
_log = logging.getLogger(__name__)


class Exports:
    """The exports there are, by id.

    Invariants: what `make` returned is on the disk; at most one job is ``running``; a job's files are read by others only once
    it is done, and removed only with the job. *changed* hears the id of each export that changed or went.
    """

    def __init__(
        self,
        *,
        store: JobStore,
        worker: Worker,
        making: Making,
        preparation: Preparation,
        drives: Drives,
        clock: Clock,
        changed: Callable[[str], None],
    ) -> None:
        self._store = store
        self._worker = worker
        self._making = making
        self._preparation = preparation
        self._drives = drives
        self._clock = clock
        self._changed = changed
        self._jobs: dict[str, Job] = {}
        self._tasks = Tasks("exports")
        self._news = asyncio.Event()
        self._working: tuple[str, asyncio.Task[Any]] | None = None
        self._told_s = 0.0

    async def load(self) -> None:
        """Take up what was kept; what was under way when we ended begins again, behind its last whole file."""
        try:
            kept = await asyncio.to_thread(self._store.load)
        except OSError:  # exports alone are missing then: footage can still be watched
            _log.exception("the exports can't be read")
            return
        for job in kept:
            self._jobs[job.id] = job if job.over else replace(job, state=State.WAITING, step="Waiting for its turn")

    async def run(self) -> None:
        """Do what waits, one after the other, and remove what has expired, until cancelled."""
        async with self._tasks:
            self._tasks.start(self._sweep(), name="expiry")
            while True:
                job = self._next()
                if job is None:
                    await self._pause()
                    continue
                self._working = job.id, self._tasks.start(self._perform(job.id), name=job.id)
                await asyncio.wait([self._working[1]])
                self._working = None

    def all(self) -> list[Job]:
        """Every export, the newest first."""
        return sorted(self._jobs.values(), key=lambda job: (job.made_us, job.id), reverse=True)

    def find(self, export: str) -> Job | None:
        return self._jobs.get(export)

    def get(self, export: str) -> Job:
        """The export of that id."""
        job = self._jobs.get(export)
        if job is None:
            raise Problem(Kind.NOT_FOUND, "There is no such export.", remedy="It may have expired.")
        return job

    def finished(self, export: str) -> tuple[Job, Path]:
        """An export that is done, and where its files lie."""
        job = self.get(export)
        if job.state is not State.DONE:
            raise Problem(Kind.CONFLICT, "The export is not finished.", remedy="Wait until it is, then try again.")
        return job, self._store.directory(export)

    async def estimate(self, order: Order) -> Estimate:
        """How large it would be."""
        return await self._making.estimate(order)

    async def make(self, order: Order) -> Job:
        """Keep a new job; Problem where it has no footage or no room, or its hold is refused."""
        if len(self._jobs) >= MAX_JOBS:
            raise Problem(Kind.TOO_MANY, f"There are {MAX_JOBS} exports already.", remedy="Remove some of them.")
        job = await self._making.job(order)
        ahead = self._preparation.wait_s(job.items) > 0
        job = replace(job, step="Waiting for the end of the range" if ahead else "Waiting for its turn")
        await asyncio.to_thread(self._store.save, job)
        self._jobs[job.id] = job
        self._changed(job.id)
        self._news.set()
        return job

    async def remove(self, export: str) -> None:
        """Cancel an export where it is under way, and remove what there is of it."""
        self.get(export)
        del self._jobs[export]
        # Shielded: who asked may go away meanwhile, and half a removal would come back at the next start.
        await asyncio.shield(self._tasks.start(self._remove(export), name=f"remove {export}"))

    async def _remove(self, export: str) -> None:
        if self._working is not None and self._working[0] == export:
            self._working[1].cancel()
            await asyncio.wait([self._working[1]])
        await asyncio.to_thread(self._store.remove, export)
        self._changed(export)

    # the queue

    def _next(self) -> Job | None:
        waiting = [job for job in reversed(self.all()) if job.state is State.WAITING]
        return next((job for job in waiting if not self._preparation.wait_s(job.items)), None)

    async def _pause(self) -> None:
        """Wait until there may be something to do: a new job, or the end of a range that lies ahead."""
        self._news.clear()
        waits = [self._preparation.wait_s(job.items) for job in self._jobs.values() if job.state is State.WAITING]
        async with Tasks("export queue") as tasks:
            waiting = [tasks.start(self._news.wait(), name="news")]
            if waits:
                waiting.append(tasks.start(self._clock.sleep(min(waits)), name="end of a range"))
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)

    async def _perform(self, export: str) -> None:
        """One job from waiting to its end. Cancelled, it stays as it is: removed, or begun again at the next start."""
        try:
            await self._work(export)
        except Problem as problem:
            await self._fail(export, problem)
        except Exception as error:  # noqa: BLE001 - the queue's boundary: no job may stop those behind it
            _log.exception("%s failed", export)
            await self._fail(export, _refused(error))

    async def _work(self, export: str) -> None:
        job = await self._update(export, state=State.RUNNING, step="Getting ready", progress=0.0)
        directory = self._store.directory(export)
        async with self._preparation.leased(job.items):
            await self._preparation.settle(job.items, partial(self._step, export))
            there = await asyncio.to_thread(self._store.used, export)
            await self._making.check_room(job.size, written=there)
            written = await self._write(export, directory)
        size = sum(file.size for file in written.files)
        told = {"files": written.files, "zip_size": written.zip_size, "zip_sha256": written.zip_sha256}
        job = await self._update(export, size=size, size_done=size, **told)
        trouble = await self._deliver(job, directory) if job.drive is not None else None
        words = {"title": trouble.title, "remedy": trouble.remedy} if trouble else {}
        expires_us = self._clock.utc_us() + job.kept_us()
        await self._update(export, state=State.DONE, step="", progress=1.0, expires_us=expires_us, **words)

    async def _write(self, export: str, directory: Path) -> Written:
        """Let the worker write the files; what it says of them at last."""
        async with aclosing(self._worker.run(directory)) as said:
            async for word in said:
                if isinstance(word, Written):
                    return word
                self._progressed(export, word)
        raise Problem(Kind.UNAVAILABLE, "The export stopped before its end.", remedy="Make it again.")

    async def _deliver(self, job: Job, directory: Path) -> Problem | None:
        """Copy to the drive; why that failed, where it did: the export itself is done all the same."""
        self._step(job.id, "Copying to the drive")
        loop = asyncio.get_running_loop()

        def told(done: int, total: int) -> None:
            loop.call_soon_threadsafe(self._copied, job.id, done, total)

        try:
            await self._drives.deliver(job, directory, told)
        except Problem as problem:
            return problem
        return None

    async def _fail(self, export: str, problem: Problem) -> None:
        if export not in self._jobs:
            return
        job = self._jobs[export]
        expires_us = self._clock.utc_us() + job.kept_us()
        failed = replace(
            job, state=State.FAILED, step="", expires_us=expires_us, title=problem.title, remedy=problem.remedy
        )
        try:
            await asyncio.to_thread(self._store.clear, export)
            await asyncio.to_thread(self._store.save, failed)
        except OSError:
            _log.exception("%s can't be kept as failed", export)  # then it begins again at the next start
        self._show(failed)

    # telling

    def _step(self, export: str, step: str) -> None:
        self._tell(replace(self._jobs[export], step=step), at_once=True)

    def _progressed(self, export: str, word: Progress) -> None:
        job = self._jobs[export]
        share = 1.0 if job.drive is None else 1.0 - DRIVE_SHARE
        now = replace(job, progress=word.ratio * share, step=word.step, size_done=word.size_done)
        self._tell(now, at_once=word.step != job.step)

    def _copied(self, export: str, done: int, total: int) -> None:
        job = self._jobs.get(export)
        if job is not None and job.state is State.RUNNING:
            progress = 1.0 - DRIVE_SHARE + DRIVE_SHARE * done / max(1, total)
            step = "Copying to the drive" if done * 2 <= total else "Checking the copy"
            self._tell(replace(job, progress=progress, step=step), at_once=step != job.step)

    def _tell(self, job: Job, *, at_once: bool) -> None:
        """Show how far *job* is; nobody wants to know more often than once a second."""
        self._jobs[job.id] = job
        now_s = self._clock.monotonic()
        if at_once or now_s - self._told_s >= TELL_S:
            self._told_s = now_s
            self._changed(job.id)

    async def _update(self, export: str, **members: Any) -> Job:
        """Keep the job with these *members*, and then show it."""
        job = replace(self._jobs[export], **members)
        await asyncio.to_thread(self._store.save, job)
        self._show(job)
        return job

    def _show(self, job: Job) -> None:
        if job.id in self._jobs:  # else it was removed meanwhile
            self._jobs[job.id] = job
            self._changed(job.id)

    # expiry

    async def _sweep(self) -> None:
        while True:
            now_us = self._clock.utc_us()
            for job in [job for job in self._jobs.values() if job.over and job.expires_us <= now_us]:
                try:
                    await self.remove(job.id)
                except (OSError, Problem):  # Problem: somebody else has just removed it
                    _log.exception("%s has expired and can't be removed", job.id)
            await self._clock.sleep(SWEEP_S)


def _refused(error: Exception) -> Problem:
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        title, remedy = (
            "The disk became full while the export was written.",
            "Remove other exports, then make it again.",
        )
        return Problem(Kind.EXHAUSTED, title, remedy=remedy)
    return Problem(Kind.UNAVAILABLE, "The export could not be written.", remedy="The gateway's log says why.")
