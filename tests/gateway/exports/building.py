"""What tests of exports have in common: orders, a worker that is played, and all parts joined on a small archive."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tawny.gateway.control import RecorderControl
from tawny.gateway.exports.model import EXPORT, ExportFile, Item, Job
from tawny.gateway.exports.requests import Order, read_order
from tawny.gateway.exports.service import Exports
from tawny.gateway.exports.worker import Progress, Written
from tawny.gateway.main import open_exports
from tawny.gateway.shelf import Shelf
from tawny.runtime.clock import Clock, SimulatedClock, SystemClock
from tawny.runtime.problem import Kind, Problem
from tawny.wire.media import StreamName
from tawny.wire.moments import rfc3339
from tests.fakes.recorder import FakeRecorder
from tests.gateway.archive import SECOND, ArchiveBuilder
from tests.gateway.link_client import running
from tests.gateway.media import T0

MOVIE = b"the bytes of a signed movie"


def moment(second: float) -> str:
    return rfc3339(T0 + round(second * SECOND))


def item(start: float = -60, end: float = -50, **members: Any) -> dict[str, Any]:
    return {"camera": "cam_a", "stream": "main", "from": moment(start), "to": moment(end), "audio": True, **members}


def order(*items: dict[str, Any], now_us: int = T0, **members: Any) -> Order:
    return read_order({"items": list(items) or [item()], **members}, person="per_a", now_us=now_us)


def export_file(number: int = 1, data: bytes = MOVIE) -> ExportFile:
    return ExportFile(
        number=number,
        name=f"{number:02d}-gate-main-20261122T115900Z.mp4",
        camera="cam_a",
        stream=StreamName.MAIN,
        from_us=T0 - 60 * SECOND,
        to_us=T0 - 50 * SECOND,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        derived=False,
    )


def job(export: str = "exp_a", **members: Any) -> Job:
    given: dict[str, Any] = {
        "id": export,
        "name": "Gate",
        "by": "Mara",
        "made_us": T0,
        "items": (Item(camera="cam_a", stream=StreamName.MAIN, from_us=T0 - 60 * SECOND, to_us=T0, audio=True),),
        "compatible": False,
        "case": None,
        "drive": None,
        "hold": None,
        "recorder": {"id": "rec_a", "name": "Recorder", "time_zone": "UTC", "software": "Tawny 0.1"},
        "cameras": {"cam_a": "Gate"},
        "clock": "",
        "size": 1000,
        "expires_us": T0 + 7 * 86_400 * SECOND,
        **members,
    }
    return Job(**given)


class PlayedWorker:
    """Writes one small movie, in the steps that a test lets it take.

    *began* lists the directories it worked in; it waits before each step for a permit from `let`.
    """

    def __init__(self) -> None:
        self.began: list[Path] = []
        self.ended = 0
        self.problem: Problem | None = None
        self.fault: Exception | None = None
        self._permits = asyncio.Semaphore(0)

    def let(self, steps: int = 3) -> None:
        for _ in range(steps):
            self._permits.release()

    async def run(self, directory: Path) -> AsyncGenerator[Progress | Written, None]:
        self.began.append(directory)
        try:
            await self._permits.acquire()
            (directory / "files").mkdir(exist_ok=True)
            (directory / "files" / export_file().name).write_bytes(MOVIE)
            yield Progress(ratio=0.5, size_done=10, step="Gate: part 1 of 1")
            await self._permits.acquire()
            if self.fault is not None:
                raise self.fault
            if self.problem is not None:
                raise self.problem
            (directory / "export.zip").write_bytes(b"zip of " + MOVIE)
            (directory / "report.html").write_bytes(b"<!doctype html><title>Report</title>")
            await self._permits.acquire()
            yield Written(
                files=(export_file(),), zip_size=34, zip_sha256=hashlib.sha256(b"zip of " + MOVIE).hexdigest()
            )
        finally:
            self.ended += 1


class Telling(RecorderControl):
    """Keeps in mind what was told of exports."""

    def __init__(self, path: Path, *, clock: Clock) -> None:
        super().__init__(path, clock=clock)
        self.told: list[str] = []

    def mark(self, marked: str) -> None:
        if marked.startswith(EXPORT):
            self.told.append(marked)
        super().mark(marked)


class Rig:
    """Exports on a small archive, a recorder that is played, and a clock that a test advances."""

    def __init__(self, archive: ArchiveBuilder, recorder: FakeRecorder, clock: SimulatedClock) -> None:
        self.archive, self.recorder, self.clock = archive, recorder, clock
        self.worker = PlayedWorker()
        self.shelf = Shelf(archive.data)
        self.control = Telling(archive.data.sockets / "control.sock", clock=clock)
        self.exports = self.open()

    def open(self) -> Exports:
        """The exports as a gateway that starts sees them."""
        return open_exports(
            self.archive.data, control=self.control, shelf=self.shelf, clock=self.clock, worker=self.worker
        )

    @property
    def told(self) -> list[str]:
        """The exports of which a change was told, in order."""
        return self.control.told

    async def until(self, met: Any, *, step_s: float = 0.1) -> None:
        """Let things go their way, the clock too by *step_s* at a time, until *met*."""
        async with asyncio.timeout(20):
            while not met():
                await self.clock.advance(step_s)
                await SystemClock().sleep(0.01)  # what threads and sockets do takes real time

    def state(self, export: str) -> str:
        return str(self.exports.get(export).state)


@asynccontextmanager
async def exporting(root: Path) -> AsyncIterator[Rig]:
    """A rig whose recorder answers; its archive holds the minute before T0."""
    archive = ArchiveBuilder(root)
    archive.segment(-60, 60)
    recorder = FakeRecorder(archive.data.sockets)
    recorder.answers |= {"leases.take": {"lease": "lea_1"}, "holds.add": {"id": "hol_1"}}
    rig = Rig(archive, recorder, SimulatedClock())
    try:
        async with recorder, running(rig.control.run()):
            await rig.until(lambda: "cam_a" in rig.control.cameras)
            yield rig
    finally:
        rig.shelf.close()
        archive.close()


def refused(problem: Problem) -> tuple[Kind, str]:
    return problem.kind, problem.title
