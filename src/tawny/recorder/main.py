"""The recorder's composition root: cameras' streams into the archive, live to the feed, questions answered.

Three threads do the work: ingest's reads the cameras, the archive's writes, this one (asyncio) answers. Ingest calls in
from its thread when a camera's state changes; that is handed over to this one.
"""

import asyncio
import gc
import logging
import os
import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tawny.recorder.adapters.rtsp_camera import RtspCamera
from tawny.recorder.adapters.sealing import Seal
from tawny.recorder.adapters.sqlite_settings import SqliteSettings
from tawny.recorder.archive.model import ArchiveStatus
from tawny.recorder.archive.retention import Policy, Retention
from tawny.recorder.archive.service import Archive
from tawny.recorder.cameras.service import Cameras, Trials
from tawny.recorder.ingest.service import Ingest
from tawny.recorder.servers.control import ControlServer
from tawny.recorder.servers.feed import FeedServer
from tawny.recorder.servers.methods import Methods
from tawny.recorder.status import Document, recorder_document
from tawny.runtime.clock import Clock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks

_TICK_S = 5.0  # trials end and figures are told anew
_MAX_SOCKET_PATH = 107  # bytes, on Linux (unix(7))
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class StartUp:
    """What the recorder is started with."""

    data: DataDirectory
    limit_bytes: int | None


class Recorder:
    """All parts of the recorder, joined.

    Invariant: parts are started from the disk towards the cameras and stopped the other way round, so that whatever a
    camera sends has a place to go.
    """

    def __init__(self, start_up: StartUp, clock: Clock) -> None:
        data = start_up.data
        self._data = data
        self._clock = clock
        self._tasks = Tasks("recorder")
        self._loop = asyncio.get_running_loop()
        self._started_us = clock.utc_us()
        self._started_s = clock.monotonic()
        self._version = version("tawny")
        self._archive = Archive(
            data,
            clock=clock,
            retention=Retention(Policy(size_limit_bytes=start_up.limit_bytes, known=None)),
            on_change=self._archive_changed,
        )
        self._ingest = Ingest(
            recording=self._archive,
            camera=RtspCamera(clock=clock, cnonce=lambda: secrets.token_hex(8)),
            clock=clock,
            random=random.SystemRandom(),
            on_change=self._camera_changed,
        )
        seal = Seal.at(data.keys / "recorder.key")
        zone = time_zone(os.environ, Path("/etc/localtime"))
        self._settings = SqliteSettings(data.recorder, seal=seal, time_zone=zone)
        self._trials = Trials(ingest=self._ingest, clock=clock)
        self._cameras = Cameras(settings=self._settings, ingest=self._ingest, trials=self._trials, clock=clock)
        methods = Methods(
            cameras=self._cameras,
            trials=self._trials,
            ingest=self._ingest,
            status=self.status,
            changed=lambda camera: self._control.changed(camera),
        )
        self._control = ControlServer(data.sockets / "control.sock", methods=methods, clock=clock)
        self._feed = FeedServer(data.sockets / "feed.sock", ingest=self._ingest, clock=clock)

    async def start(self) -> None:
        """Put in order what a crash left, then record."""
        self._archive.recover()
        self._archive.start()
        self._ingest.start()
        self._cameras.start()
        await self._feed.start()
        await self._control.start()
        self._tasks.start(self._tick(), name="tick")
        gc.freeze()  # what is loaded now stays: the collector need not walk it again and again

    async def stop(self) -> None:
        """Close the segments, and leave everything on the disk."""
        await self._tasks.cancel()
        await self._control.stop()
        await self._feed.stop()
        await asyncio.to_thread(self._ingest.stop)
        await asyncio.to_thread(self._archive.stop)
        self._settings.close()

    def status(self) -> Document:
        """What there is to say about the recorder just now."""
        return recorder_document(
            self._settings.recorder(),
            version=self._version,
            started_us=self._started_us,
            uptime_s=self._clock.monotonic() - self._started_s,
            cameras=[self._ingest.state(camera.id) for camera in self._cameras.all()],
            archive=self._archive.status(),
            volume=self._data.archive,
        )

    def _camera_changed(self, camera_id: str) -> None:
        self._loop.call_soon_threadsafe(self._tell_camera, camera_id)

    def _archive_changed(self, _: ArchiveStatus) -> None:
        self._loop.call_soon_threadsafe(self._control.recorder_changed)

    def _tell_camera(self, camera_id: str) -> None:
        if self._cameras.get(camera_id) is not None:  # a trial's state is read, not told
            self._control.changed(camera_id)
            self._control.recorder_changed()

    async def _tick(self) -> None:
        while True:
            await self._clock.sleep(_TICK_S)
            self._trials.sweep()
            self._control.recorder_changed()


async def serve(start_up: StartUp, clock: Clock, stop: asyncio.Event) -> None:
    """Run the recorder until *stop* is set. Problem where it can't start."""
    start_up.data.create()
    _check_sockets(start_up.data)
    lock = start_up.data.lock("recorder")
    try:
        recorder = Recorder(start_up, clock)
        try:
            await recorder.start()
            _log.info("recording into %s", start_up.data.root)
            await stop.wait()
        finally:
            await recorder.stop()
    finally:
        os.close(lock)


def time_zone(environment: Mapping[str, str], localtime: Path) -> str:
    """The machine's time zone by its IANA name; UTC where it tells none."""
    name = environment.get("TZ", "").lstrip(":")
    if name and not name.startswith("/"):
        return name
    _, found, zone = str(localtime.resolve()).partition("/zoneinfo/")
    return zone if found else "UTC"


def _check_sockets(data: DataDirectory) -> None:
    if len(os.fsencode(data.sockets.absolute() / "control.sock")) > _MAX_SOCKET_PATH:
        raise Problem(
            Kind.INVALID,
            f"The path of the data directory {data.root} is too long for the sockets in it.",
            remedy=f"Choose one of at most {_MAX_SOCKET_PATH - len('/run/control.sock')} bytes with --data.",
        )
