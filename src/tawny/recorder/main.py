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
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from tawny.recorder.adapters.index_sizes import IndexSizes
from tawny.recorder.adapters.kernel_clock import synchronised
from tawny.recorder.adapters.machinery import machinery
from tawny.recorder.adapters.rtsp_camera import RtspCamera
from tawny.recorder.adapters.sealing import Seal
from tawny.recorder.adapters.signing_key import open_keys
from tawny.recorder.adapters.sqlite_settings import SqliteSettings
from tawny.recorder.adapters.time_stamp import HttpTimeStamps
from tawny.recorder.archive.ledger import moment
from tawny.recorder.archive.model import ArchiveStatus
from tawny.recorder.archive.recalled import Recalled
from tawny.recorder.archive.retention import Policy, Retention
from tawny.recorder.archive.service import Archive
from tawny.recorder.camera_side import CameraSide
from tawny.recorder.evidence import methods as evidence_methods
from tawny.recorder.evidence.service import Evidence
from tawny.recorder.ingest import methods as ingest_methods
from tawny.recorder.ingest.service import Ingest
from tawny.recorder.ingest.told_events import ToldEvents
from tawny.recorder.servers.control import ControlServer
from tawny.recorder.servers.feed import FeedServer
from tawny.recorder.servers.methods import Methods
from tawny.recorder.status import Document, recorder_document
from tawny.recorder.storage import methods as storage_methods
from tawny.recorder.storage import policy
from tawny.recorder.storage.held import Held
from tawny.recorder.storage.policy import StoragePolicy
from tawny.recorder.storage.service import Delays, Storage
from tawny.runtime.clock import Clock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.ids import new_id
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
    find_on: Sequence[str] = ()  # network interfaces on which cameras are looked for; all where none is named


class Recorder:
    """All parts of the recorder, joined.

    Invariant: parts are started from the disk towards the cameras and stopped the other way round, so that whatever a
    camera sends has a place to go.
    """

    def __init__(self, start_up: StartUp, clock: Clock) -> None:
        data = start_up.data
        self._clock = clock
        self._tasks = Tasks("recorder")
        self._loop = asyncio.get_running_loop()
        self._started_us = clock.utc_us()
        self._started_s = clock.monotonic()
        self._version = version("tawny")
        seal = Seal.at(data.keys / "recorder.key")
        zone = time_zone(os.environ, Path("/etc/localtime"))
        self._settings = SqliteSettings(data.recorder, seal=seal, time_zone=zone)
        self._evidence = self._made_evidence(data)
        self._retention = Retention(Policy(size_limit_bytes=start_up.limit_bytes))
        self._sizes = IndexSizes(data.index)
        self._archive = Archive(
            data,
            clock=clock,
            retention=self._retention,
            evidence=self._evidence.heads,
            on_change=self._archive_changed,
        )
        rtsp = RtspCamera(clock=clock, cnonce=lambda: secrets.token_hex(8), random_32=lambda: secrets.randbits(32))
        told = ToldEvents(
            later=lambda seconds, give: self._from_thread(lambda: self._loop.call_later(seconds, give)),
            take=lambda told: self._side.notified(told),
        )
        self._ingest = Ingest(
            recording=self._archive,
            camera=rtsp,
            clock=clock,
            random=random.SystemRandom(),
            on_change=self._camera_changed,
            on_metadata=told.put,
        )
        self._side = self._made_side(start_up, rtsp)
        self._policy = self._made_policy(data, start_up.limit_bytes)
        self._storage = self._made_storage(data)
        self._control = ControlServer(data.sockets / "control.sock", methods=self._methods(), clock=clock)
        self._feed = FeedServer(data.sockets / "feed.sock", ingest=self._ingest, clock=clock)

    def _made_evidence(self, data: DataDirectory) -> Evidence:
        identity = self._settings.recorder().id  # asked for on other threads, where the settings must not be
        return Evidence(
            keys=open_keys(data.keys, clock=self._clock, recorder=lambda: identity),
            recorder=lambda: identity,
            settings=self._settings,
            stamps=HttpTimeStamps(self._clock),
            clock=self._clock,
            new_id=new_id,
        )

    def _made_side(self, start_up: StartUp, rtsp: RtspCamera) -> CameraSide:
        return CameraSide(
            start_up.data,
            find_on=start_up.find_on,
            settings=self._settings,
            ingest=self._ingest,
            rtsp=rtsp,
            note=self._archive.note,
            footage=self._sizes,
            oldest_us=lambda: self._archive.status().oldest_us,
            trusted=lambda: self._policy.trust.trusted,
            changed=self._tell_camera,
            told=lambda event: self._control.event(event.document()),
            clock=self._clock,
        )

    def _made_policy(self, data: DataDirectory, limit_bytes: int | None) -> StoragePolicy:
        return StoragePolicy(
            retention=self._retention,
            settings=self._settings,
            limit_bytes=limit_bytes,
            cameras=self._side.cameras.all,
            volumes=self._archive.volumes,
            sizes=self._sizes,
            note=self._archive.note,
            synchronised=synchronised,
            clock=self._clock,
            new_id=new_id,
            changed=self._storage_changed,
            entries=Recalled(data.ledgers_read, mention=b'"hold').entries,
        )

    def _made_storage(self, data: DataDirectory) -> Storage:
        return Storage(
            data=data,
            clock=self._clock,
            archive=self._archive,
            machinery=machinery(),
            kept=self._settings,
            keeping=self._policy,
            delays=self._delays,
            conditions=[self._policy.conditions, self._evidence.conditions],
            held=Held(holds=self._policy.holds.active, sizes=self._sizes, clock=self._clock),
            holds_known=lambda volume: self._retention.policy.may_delete_from(volume),
            locks=lambda: None,  # the hub will know what is armed
            formatted=self._volume_formatted,
            on_look=lambda: self._from_thread(self._storage_changed),
            changed=lambda: self._control.storage_changed(),
        )

    def _methods(self) -> Methods:
        methods = Methods(
            cameras=self._side.cameras,
            ingest=self._ingest,
            status=self.status,
            changed=lambda camera: self._control.changed(camera),
            storage=self._storage.document,
            tables=[
                *self._side.methods(shown=lambda camera: methods.shown(camera)),
                ingest_methods.methods(self._ingest),
                storage_methods.methods(self._storage),
                policy.methods(self._policy, storage=self._storage.document),
                evidence_methods.methods(self._evidence),
            ],
        )
        return methods

    async def start(self) -> None:
        """Put in order what a crash left, then record."""
        await self._storage.mount()
        self._archive.recover()
        self._archive.start()
        self._ingest.start()
        self._storage.start()
        await self._feed.start()
        await self._side.start()
        await self._control.start()
        self._tasks.start(self._policy.run(), name="policy")
        self._tasks.start(self._evidence.run(self._archive.note), name="evidence")
        self._tasks.start(self._tick(), name="tick")
        gc.freeze()  # what is loaded now stays: the collector need not walk it again and again

    async def stop(self) -> None:
        """Close the segments, and leave everything on the disk."""
        await self._tasks.cancel()
        await self._control.stop()
        await self._feed.stop()
        await self._storage.stop()
        await self._side.stop()
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
            cameras=[self._ingest.state(camera.id) for camera in self._side.cameras.all()],
            archive=self._archive.status(),
            volumes=self._archive.volumes(),
            alarms=self._storage.alarms(),
        )

    def _delays(self) -> Delays:
        status = self._archive.status()
        return Delays(status.queue_s, status.unsynced_s)

    def _from_thread(self, work: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the loop is closed: a thread that outlived it has nobody to tell
            self._loop.call_soon_threadsafe(work)

    def _camera_changed(self, camera_id: str) -> None:
        self._from_thread(partial(self._side.streams_changed, camera_id))

    def _archive_changed(self, _: ArchiveStatus) -> None:
        self._from_thread(self._control.recorder_changed)
        self._from_thread(self._storage_changed)

    def _storage_changed(self) -> None:
        if self._storage.refresh():
            self._control.recorder_changed()

    def _volume_formatted(self, volume: str) -> None:
        entry = {"id": new_id("led"), "utc": moment(self._clock.utc_us()), "kind": "volume_formatted"}
        self._archive.note(entry | {"volume": volume})

    def _tell_camera(self, camera_id: str) -> None:
        self._control.changed(camera_id)
        self._control.recorder_changed()

    async def _tick(self) -> None:
        while True:
            await self._clock.sleep(_TICK_S)
            await self._side.sweep()
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
