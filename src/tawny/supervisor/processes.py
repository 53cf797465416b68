"""Children that are kept alive: started again when they end, ended with the supervisor."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks

_log = logging.getLogger(__name__)

FIRST_DELAY_S = 1.0
LONGEST_DELAY_S = 30.0
STEADY_S = 60.0  # a child that lived so long is well: the next delay is the first again
GRACE_S = 10.0  # from the request to end until the kill


@dataclass(frozen=True, kw_only=True)
class Program:
    """A child to keep alive: *command* is its whole command line."""

    name: str
    command: tuple[str, ...]


class Backoff:
    """How long to wait before the next start: 1, 2, 4 .. 30 s, from 1 s again after a steady minute."""

    def __init__(self) -> None:
        self._next_s = FIRST_DELAY_S

    def delay_s(self, *, lived_s: float) -> float:
        """The wait after a child that lived *lived_s*."""
        delay = FIRST_DELAY_S if lived_s >= STEADY_S else self._next_s
        self._next_s = min(2 * delay, LONGEST_DELAY_S)
        return delay


class Supervisor:
    """Keeps *programs* alive between ``async with`` and its end.

    Invariants: of each program at most one process runs; when the ``async with`` has ended none does.
    """

    def __init__(self, programs: Sequence[Program], clock: Clock, *, grace_s: float = GRACE_S) -> None:
        self._programs = programs
        self._clock = clock
        self._grace_s = grace_s
        self._tasks = Tasks("supervisor")
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._ending = asyncio.Event()

    async def __aenter__(self) -> Self:
        for program in self._programs:
            self._tasks.start(self._keep(program), name=program.name)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def pid(self, name: str) -> int | None:
        """The process of that program, while it runs."""
        process = self._running.get(name)
        return process.pid if process else None

    async def stop(self) -> None:
        """Ask all to end, wait, then kill what is still there."""
        self._ending.set()
        processes = list(self._running.values())
        for process in processes:
            _send(process, signal.SIGTERM)
        waits = [process.wait() for process in processes]
        try:
            async with asyncio.timeout(self._grace_s):
                await asyncio.gather(*waits)
        except TimeoutError:
            for name, process in self._running.items():
                _log.warning("%s did not end within %d s and is killed", name, self._grace_s)
                _send(process, signal.SIGKILL)
            await asyncio.gather(*(process.wait() for process in processes))
        await self._tasks.cancel()

    async def _keep(self, program: Program) -> None:
        backoff = Backoff()
        while not self._ending.is_set():
            started = self._clock.monotonic()
            code = await self._run_once(program)
            if self._ending.is_set():
                return
            delay = backoff.delay_s(lived_s=self._clock.monotonic() - started)
            _log.warning("%s ended %s; it starts again in %d s", program.name, _told(code), delay)
            await self._clock.sleep(delay)

    async def _run_once(self, program: Program) -> int:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tawny.supervisor.child",
            str(os.getpid()),
            *program.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            process_group=0,  # Ctrl-C reaches us alone, and we end the children in order
        )
        self._running[program.name] = process
        if self._ending.is_set():  # asked while it started
            _send(process, signal.SIGTERM)
        try:
            return await process.wait()
        finally:
            if process.returncode is not None:
                self._running.pop(program.name, None)


def _send(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(number)


def _told(code: int) -> str:
    if code < 0:
        return f"by {signal.Signals(-code).name}"
    return f"with exit code {code}"
