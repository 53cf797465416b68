"""What the recorder does with cameras beyond their streams, joined: found, tried, kept, held by ONVIF, set, steered, heard."""

import random
import secrets
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from tawny.recorder.adapters.device_probe import NetworkProbe
from tawny.recorder.adapters.event_inlets import HttpInlets
from tawny.recorder.adapters.interfaces import KernelInterfaces
from tawny.recorder.adapters.neighbours import KernelNeighbours
from tawny.recorder.adapters.onvif_http import HttpDialler
from tawny.recorder.adapters.rtsp_camera import RtspCamera
from tawny.recorder.adapters.sqlite_events import SqliteEvents
from tawny.recorder.adapters.ws_discovery import MulticastSockets
from tawny.recorder.adding import methods as adding_methods
from tawny.recorder.adding.adder import Adder
from tawny.recorder.adding.batches import Batches
from tawny.recorder.adding.looking import Looker
from tawny.recorder.adding.restreaming import Restreaming
from tawny.recorder.adding.streams import StreamCheck
from tawny.recorder.adding.trials import Trials
from tawny.recorder.archive.ledger import Entry
from tawny.recorder.camera_settings.service import CameraSettings
from tawny.recorder.cameras.hardware import HardwareAddresses
from tawny.recorder.cameras.model import Settings
from tawny.recorder.cameras.removed import Archive as Footage
from tawny.recorder.cameras.service import Cameras
from tawny.recorder.control import methods as control_methods
from tawny.recorder.control.service import Controls
from tawny.recorder.control.talks import Talks
from tawny.recorder.events import methods as event_methods
from tawny.recorder.events.log import EventLog
from tawny.recorder.events.model import Event
from tawny.recorder.events.outages import Outages
from tawny.recorder.events.subscriptions import Subscriptions
from tawny.recorder.finding import methods as finding_methods
from tawny.recorder.finding.known import known
from tawny.recorder.finding.lost import Lost
from tawny.recorder.finding.model import KnownCamera
from tawny.recorder.finding.service import Finding
from tawny.recorder.ingest.model import Phase
from tawny.recorder.ingest.service import Ingest
from tawny.recorder.ingest.told_events import Told
from tawny.recorder.onvif.keeping import DeviceKeeper
from tawny.recorder.onvif.model import DevicePhase, Identity
from tawny.recorder.onvif.opening import DeviceOpener
from tawny.recorder.servers.methods import Method
from tawny.recorder.status import Document
from tawny.runtime.clock import Clock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.ids import new_id
from tawny.runtime.tasks import Tasks


class CameraSide:
    """All parts that deal with cameras as devices; *cameras* says which there are.

    *changed* hears of each camera of which there is something new to say, *told* of each event as it begins and ends.
    """

    def __init__(
        self,
        data: DataDirectory,
        *,
        find_on: Sequence[str],
        settings: Settings,
        ingest: Ingest,
        rtsp: RtspCamera,
        note: Callable[[Entry], None],
        footage: Footage,
        oldest_us: Callable[[], int | None],
        trusted: Callable[[], bool],
        changed: Callable[[str], None],
        told: Callable[[Event], None],
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._footage = footage
        self._tasks = Tasks("cameras")
        self.changed = changed
        self._told = told
        opener = DeviceOpener(dialler=HttpDialler(clock=clock), clock=clock, random_bytes=secrets.token_bytes)
        self._keeper = self._made_keeper(opener, settings, note)
        self.cameras = Cameras(settings=settings, ingest=ingest, clock=clock, devices=self._keeper, changed=changed)
        looker = Looker(opener=opener, streams=StreamCheck(rtsp), new_password=_secret)
        self._adder = Adder(looker=looker, cameras=self.cameras)
        self._trials = Trials(cameras=self.cameras, ingest=ingest, looker=looker, opener=opener, clock=clock)
        self._finding = self._made_finding(find_on)
        self._lost = Lost(
            finding=self._finding, relocating=self.cameras, recognising=self._keeper, cameras=self._known, clock=clock
        )
        self._settings = CameraSettings(device=self._keeper.of, camera=self.cameras.get, clock=clock)
        self._hardware = HardwareAddresses(cameras=self.cameras, neighbours=KernelNeighbours().macs)
        self._restreaming = Restreaming(cameras=self.cameras, device=self._keeper.of, clock=clock)
        self._batches = Batches(adder=self._adder, cameras=self.cameras, write=self._settings.write, changed=changed)
        self._talks = Talks(open_way=rtsp.talk, source=self.cameras.source, clock=clock, new_id=new_id)
        self._controls = Controls(device=self._keeper.of, camera=self.cameras.get, speaks=self._talks.able, clock=clock)
        self.log = self._made_log(data, oldest_us, trusted)
        self._inlets = HttpInlets(secret=_secret)
        self._subscriptions = Subscriptions(
            cameras=self.cameras.all, device=self._keeper.of, diary=self.log, inlets=self._inlets, clock=clock
        )
        self._outages = Outages(self.log)

    def _made_keeper(self, opener: DeviceOpener, settings: Settings, note: Callable[[Entry], None]) -> DeviceKeeper:
        return DeviceKeeper(
            opener=opener,
            kept=settings,
            note=note,
            listener=_Heard(self),
            clock=self._clock,
            random=random.SystemRandom(),
            new_id=new_id,
        )

    def _made_finding(self, find_on: Sequence[str]) -> Finding:
        return Finding(
            sockets=MulticastSockets(),
            interfaces=KernelInterfaces(find_on),
            neighbours=KernelNeighbours(),
            probe=NetworkProbe(),
            cameras=self._known,
            clock=self._clock,
            new_id=new_id,
            message_id=lambda: f"urn:uuid:{UUID(bytes=secrets.token_bytes(16), version=4)}",
        )

    def _made_log(
        self, data: DataDirectory, oldest_us: Callable[[], int | None], trusted: Callable[[], bool]
    ) -> EventLog:
        return EventLog(
            SqliteEvents(data.events),
            clock=self._clock,
            new_id=new_id,
            on_event=self._happened,
            oldest_us=oldest_us,
            trusted=trusted,
        )

    def methods(self, shown: Callable[[str], Document]) -> Sequence[Mapping[str, Method]]:
        """What may be asked of these parts; *shown* gives a camera's document and has watchers told of it."""
        return [
            adding_methods.methods(self.cameras, self._trials, self._adder, shown=shown),
            adding_methods.batch_methods(self._batches),
            adding_methods.removed_methods(self.cameras, self._footage),
            finding_methods.methods(self._finding, self._lost),
            control_methods.methods(self._settings, self._controls, self._talks),
            event_methods.methods(self.log),
        ]

    async def start(self) -> None:
        """Connect to every camera that is kept; look for the others."""
        self.cameras.start()
        await self._finding.start()
        self._lost.start()
        self._tasks.start(self.log.run(), name="event log")
        self._tasks.start(self.log.keep_short(), name="old events")
        self._tasks.start(self._subscriptions.run(), name="subscriptions")

    async def stop(self) -> None:
        """Let go of every device, and leave the events on the disk."""
        await self._tasks.cancel()
        await self._batches.close()
        await self._restreaming.stop()
        for part in (self._lost, self._finding, self._trials, self._controls, self._talks, self._inlets, self._keeper):
            await part.stop()
        await self.log.close()

    async def sweep(self) -> None:
        """End the trials that nobody looks at any more."""
        await self._trials.sweep()

    def streams_changed(self, camera_id: str) -> None:
        """Hear that there is something new to say about a camera's streams."""
        if self.cameras.get(camera_id) is None:  # a trial's state is read, not told; a camera that was removed has none
            self._outages.forget(camera_id)
            self._controls.forget(camera_id)
            return
        state = self.cameras.state(camera_id)
        self._outages.see(camera_id, state)
        self._restreaming.see(camera_id, state)
        self._hardware.see(camera_id, state)
        if state.phase is Phase.WAITING:
            self._subscriptions.offline(camera_id)
            self._keeper.doubt(camera_id)
        self.changed(camera_id)

    def device_changed(self, camera_id: str) -> None:
        """Hear that a camera's ONVIF side came or went: one that is back may say where its streams are now."""
        if self._keeper.state(camera_id).phase is DevicePhase.ONLINE:
            self._restreaming.see(camera_id, self.cameras.state(camera_id))
        self.changed(camera_id)

    def notified(self, told: Told) -> None:
        """Hear of notifications inside a camera's metadata."""
        self._subscriptions.metadata(told.camera, told.metadata, told.utc_us)

    def _happened(self, event: Event) -> None:
        self._controls.noticed(event)
        self._told(event)

    def _known(self) -> list[KnownCamera]:
        return [
            known(camera, self.cameras.state(camera.id), self.cameras.device_state(camera.id))
            for camera in self.cameras.all()
        ]


def _secret() -> str:
    return secrets.token_urlsafe(18)


class _Heard:
    """The port `DeviceListener`: what becomes of devices concerns the cameras, the event log and those who watch."""

    def __init__(self, side: CameraSide) -> None:
        self._side = side

    def changed(self, camera_id: str) -> None:
        """See `DeviceListener.changed`."""
        self._side.device_changed(camera_id)

    def on_identity(self, camera_id: str, ok: bool) -> None:
        """See `DeviceListener.on_identity`."""
        self._side.cameras.on_identity(camera_id, ok)

    def identified(self, camera_id: str, identity: Identity) -> None:
        """See `DeviceListener.identified`."""
        self._side.cameras.identified(camera_id, identity)

    def told(self, camera_id: str, title: str) -> None:
        """See `DeviceListener.told`."""
        self._side.log.note(camera_id, title)

    def lost(self, camera_id: str) -> None:
        """See `DeviceListener.lost`: who follows lost cameras looks at their streams, and asks by itself."""
