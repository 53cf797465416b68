"""The process that writes an export's files, seen from the gateway: started, listened to, ended."""

import asyncio
import contextlib
import fcntl
import json
import os
import signal
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from tawny.gateway.exports.model import Document, ExportFile, read_file, read_sha256
from tawny.gateway.exports.store import LOCK
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks

MAX_LINE: Final = 8 << 20  # the last line names every file: 64 ranges of 24 hours, with copies
NICE: Final = 10  # whoever records or watches goes first
GRACE_S: Final = 5.0
_POLL_S: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the worker is, from 0 to 1, and what it does, in words."""

    ratio: float
    size_done: int
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """All that the worker wrote."""

    files: tuple[ExportFile, ...]
    zip_size: int
    zip_sha256: str


class Worker(Protocol):
    """Writes the files of a job."""

    def run(self, directory: Path) -> AsyncGenerator[Progress | Written, None]:
        """Yield `Progress` again and again, at last `Written`; Problem where there will be no such last word.

        Closing the generator ends the work; when that has returned nothing is written any more.
        """
        ...


class WorkerProcess:
    """The port `Worker` by a process that ends when its standard input closes.

    Invariant: of one job at most one process runs, even across a restart of the gateway: each holds the lock of its job's
    directory as an inherited descriptor for as long as it lives.
    """

    def __init__(self, command: Sequence[str], *, clock: Clock) -> None:
        self._command = command
        self._clock = clock

    async def run(self, directory: Path) -> AsyncGenerator[Progress | Written, None]:
        lock = await self._locked(directory)
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                str(directory),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                pass_fds=(lock,),
                start_new_session=True,  # a Ctrl-C at the terminal is for the supervisor; we end it ourselves
                limit=MAX_LINE,
            )
        finally:
            os.close(lock)
        with contextlib.suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, process.pid, min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICE))
        try:
            async for said in _said(process):
                yield said
        finally:
            await self._end(process)

    async def _locked(self, directory: Path) -> int:
        """The job's lock, once no earlier process holds it."""
        descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    await self._clock.sleep(_POLL_S)
                else:
                    return descriptor
        except BaseException:
            os.close(descriptor)
            raise

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        process.stdin.close()
        for number in (signal.SIGTERM, signal.SIGKILL):
            if await self._ended(process):
                return
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)
        await process.wait()

    async def _ended(self, process: asyncio.subprocess.Process) -> bool:
        """Whether it ends within the time of grace. What it still prints is read away: a full pipe would stop it."""
        assert process.stdout is not None
        async with Tasks("export worker") as tasks:
            waiting = [
                tasks.start(process.wait(), name="end"),
                tasks.start(self._clock.sleep(GRACE_S), name="grace"),
            ]
            tasks.start(_drain(process.stdout), name="drain")
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        return process.returncode is not None


async def _said(process: asyncio.subprocess.Process) -> AsyncGenerator[Progress | Written, None]:
    """What the process says, up to its last word; a problem where it ends without one."""
    assert process.stdout is not None
    try:
        while line := await process.stdout.readline():
            said = read_line(line)
            yield said
            if isinstance(said, Written):
                return
    except (ValueError, RecursionError):
        raise _broken("what it said can't be read") from None
    code = await process.wait()
    raise _broken(f"it was ended by signal {-code}" if code < 0 else f"it ended with code {code}")


def read_line(line: bytes) -> Progress | Written:
    """What one line says: Problem where it tells of one, ValueError where it is no such line."""
    document = json.loads(line)
    try:
        if "problem" in document:
            raise Problem.read(document["problem"])
        if "done" in document:
            return _written(document["done"])
        return Progress(
            ratio=min(1.0, max(0.0, float(document["progress"]))),
            size_done=int(document.get("bytes_done", 0)),
            step=str(document.get("step", "Writing the files"))[:200],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a line of the worker: {error}") from error


def _written(done: Document) -> Written:
    return Written(
        files=tuple(read_file(file) for file in done["files"]),
        zip_size=int(done["zip_bytes"]),
        zip_sha256=read_sha256(done["zip_sha256"]),
    )


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.read(1 << 16):
        pass


def _broken(how: str) -> Problem:
    title = f"The program that writes exports stopped: {how}."
    return Problem(Kind.UNAVAILABLE, title, remedy="Make the export again; the gateway's log says more.")
