"""`Storage`: what there is to know of disks and volumes, and what can be done with them."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from tawny.recorder.archive.model import Role, VolumeStatus
from tawny.recorder.storage.alarms import Alarms
from tawny.recorder.storage.conditions import disk_conditions, format_conditions, volume_conditions
from tawny.recorder.storage.disks import device_under, mount_of
from tawny.recorder.storage.document import Document, Picture, drive_document, storage_document
from tawny.recorder.storage.formatting import Formatting
from tawny.recorder.storage.held import Held
from tawny.recorder.storage.model import Condition
from tawny.recorder.storage.mounts import Mounts
from tawny.recorder.storage.ports import (
    BlockDevices,
    DriveHealth,
    FileSystems,
    Kept,
    Places,
    Temperatures,
    Volumes,
)
from tawny.recorder.storage.survey import Survey
from tawny.recorder.storage.threads import in_thread
from tawny.runtime.clock import Clock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks

MOUNT_S: Final = 10.0
TOLD_S: Final = 1.0  # a change is told at most this often
_VOLATILE: Final = ("queue_s", "unsynced_s")

_log = logging.getLogger(__name__)
Conditions = Callable[[], Iterable[Condition]]


class Delays(NamedTuple):
    """The ages of what waits to be written, and of what a power cut would lose."""

    queue_s: float
    unsynced_s: float


class Keeping(Protocol):
    """What retention says of itself."""

    def document(self) -> Document:
        """The members depth, size_limit_bytes, forecast, clock and holds of the `Storage` document."""
        ...

    def held_bytes(self, volume: str) -> int:
        """How much held footage lies on *volume*, as measured last."""
        ...


@dataclass(frozen=True, kw_only=True)
class Machinery:
    """The machine's disks, through ports."""

    devices: BlockDevices
    health: DriveHealth
    temperatures: Temperatures
    file_systems: FileSystems
    places: Places


class Storage:
    """The disks and volumes of the recorder. Belongs to the event loop, except where said.

    Invariants: nothing here waits for a disk on the event loop; what is told was seen by the last look, a few seconds ago.
    """

    def __init__(
        self,
        *,
        data: DataDirectory,
        clock: Clock,
        archive: Volumes,
        machinery: Machinery,
        kept: Kept,
        keeping: Keeping,
        delays: Callable[[], Delays],
        conditions: Sequence[Conditions],
        held: Held,
        holds_known: Callable[[str], bool],
        locks: Callable[[], str | None],
        formatted: Callable[[str], None],
        on_look: Callable[[], None],
        changed: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._archive = archive
        self._keeping = keeping
        self._kept = kept
        self._delays = delays
        self._conditions = conditions
        self._changed = changed
        self._alarms = Alarms(clock)
        self._hot: frozenset[str] = frozenset()
        self._told: Document = {}
        self._tasks = Tasks("storage")
        self._telling = False
        self._news = False
        root = data.root.resolve()
        self._mounts = Mounts(data.drives.resolve(), file_systems=machinery.file_systems)
        self._mounts.load(kept)
        self._survey = Survey(
            data=root,
            clock=clock,
            devices=machinery.devices,
            health=machinery.health,
            temperatures=machinery.temperatures,
            places=machinery.places,
            mounts=self._mounts,
            volumes=lambda: {volume.id: volume.path for volume in archive.volumes()},
            on_look=on_look,
        )
        self._formatting = Formatting(
            data=root,
            archive=archive,
            survey=self._survey,
            mounts=self._mounts,
            file_systems=machinery.file_systems,
            places=machinery.places,
            kept=kept,
            locks=locks,
            held=held,
            holds_known=holds_known,
            formatted=formatted,
            changed=on_look,
        )

    async def mount(self) -> None:
        """Mount what belongs mounted, before the archive starts; a drive that does not answer is waited for a while only."""
        if self._mounts.any():
            mounting = in_thread(self._survey.mount, name="storage mount")
            try:
                await asyncio.wait_for(mounting, MOUNT_S)
            except TimeoutError:
                _log.error("a drive does not answer: it is mounted when it does")

    def start(self) -> None:
        """Begin to look."""
        self._survey.start()

    async def stop(self) -> None:
        """Stop looking. What we mounted stays mounted, for the next start."""
        await self._formatting.stop()
        await self._tasks.cancel()
        await in_thread(self._survey.stop, name="storage stop")

    def document(self) -> Document:
        """The `Storage` document."""
        delays = self._delays()
        return storage_document(
            Picture(
                volumes=self._archive.volumes(),
                seen=self._survey.seen,
                formats=self._formatting.states,
                held_bytes=self._keeping.held_bytes,
                keeping=self._keeping.document(),
                queue_s=delays.queue_s,
                unsynced_s=delays.unsynced_s,
                alarms=self._alarms.document(),
                now_us=self._clock.utc_us(),
            )
        )

    def alarms(self) -> list[Document]:
        """What is wrong now, for the recorder's own document."""
        return self._alarms.document()

    def drives(self) -> list[Document]:
        """Removable drives that exports can be copied to."""
        return [drive_document(drive) for drive in self._survey.seen.drives]

    def refresh(self) -> bool:
        """Take in what changed; whether an alarm came, went or reads otherwise. Tells about storage where it is different."""
        alarmed = self._alarms.update(self._wrong())
        self._news = True
        if not self._telling:
            self._telling = True
            self._tasks.start(self._tell(), name="tell")
        return alarmed

    async def _tell(self) -> None:
        while self._news:
            self._news = False
            document = self.document()
            told = {name: value for name, value in document.items() if name not in _VOLATILE}
            if told != self._told:
                self._told = told
                self._changed()
            await self._clock.sleep(TOLD_S)
        self._telling = False

    def _wrong(self) -> list[Condition]:
        volumes, now_us = self._archive.volumes(), self._clock.utc_us()
        formats = self._formatting.states
        formatting = [target for target, state in formats.items() if state.progress is not None]
        found = [
            *volume_conditions(volumes, now_us, formatting),
            *format_conditions(formats, {volume.id for volume in volumes}),
            *disk_conditions(volumes, dict(self._survey.seen.disks), self._hot),
            *(condition for conditions in self._conditions for condition in conditions()),
        ]
        self._hot = frozenset(c.volume for c in found if c.kind == "disk_hot" and c.volume is not None)
        return found

    # what is done to volumes

    async def add(self, path: str, name: str | None) -> Document:
        """Make a volume of the empty or absent directory *path*."""
        place, name = _place(path), name or self._new_name()
        return await self._after(lambda: self._archive.add_volume(place, name))

    async def adopt(self, path: str, role: Role) -> Document:
        """Use the volume that somebody else filled at *path*."""
        place = _place(path)
        if self._mounts.is_ours(place):
            place = await in_thread(lambda: self._settle(place, read_only=role is Role.READ_ONLY), name="mount")
            self._mounts.save(self._kept)
        return await self._after(lambda: self._archive.adopt_volume(place, role))

    async def change(self, volume: str, *, name: str | None, role: Role | None) -> Document:
        """Give *volume* another name or role."""
        return await self._after(lambda: self._archive.change_volume(volume, name=name, role=role))

    async def forget(self, volume: str) -> Document:
        """Use *volume* no longer; nothing on it changes."""
        path = self.volume(volume).path.resolve()
        document = await self._after(lambda: self._archive.forget_volume(volume))
        if self._mounts.is_ours(path):
            await in_thread(lambda: self._let_go(path), name="unmount")
            self._mounts.save(self._kept)
        return document

    async def format(
        self, *, volume: str | None, device: str | None, file_system: str, name: str | None, confirm: str
    ) -> Document:
        """Begin to format; how it goes stands in the document."""
        if volume is not None:
            await self._formatting.begin_volume(
                self.volume(volume), file_system=file_system, name=name, confirm=confirm
            )
        elif device is not None:
            name = name or self._new_name()
            self._formatting.begin_device(device, file_system=file_system, name=name, confirm=confirm)
        return self.document()

    def _new_name(self) -> str:
        taken = {volume.name for volume in self._archive.volumes()}
        return next(name for number in count(1) if (name := f"Drive {number}") not in taken)

    def volume(self, volume: str) -> VolumeStatus:
        """The volume of that id; Problem where there is none."""
        for each in self._archive.volumes():
            if each.id == volume:
                return each
        raise Problem(Kind.NOT_FOUND, "There is no such volume.")

    async def _after(self, work: Callable[[], object]) -> Document:
        await in_thread(work, name="volumes")
        await in_thread(self._survey.look, name="storage look")
        self.refresh()
        return self.document()

    def _settle(self, place: Path, *, read_only: bool) -> Path:
        """Mount for good what was mounted to be looked at; where the volume's root then is."""
        machine = self._survey.look().machine
        mount, device = mount_of(machine, place), device_under(machine, place)
        if mount is None or device is None or not self._mounts.is_ours(Path(mount.path)):
            raise Problem(Kind.NOT_FOUND, "There is nothing at this place any more.", remedy="Connect the drive again.")
        try:
            self._mounts.unsettle(Path(mount.path))
            return self._mounts.settle(device, read_only=read_only) / place.relative_to(mount.path)
        except OSError as error:
            raise Problem(Kind.UNAVAILABLE, f"The drive can't be mounted: {error.strerror or error}.") from None

    def _let_go(self, path: Path) -> None:
        mount = mount_of(self._survey.seen.machine, path)
        if mount is None or not self._mounts.is_ours(Path(mount.path)):
            return
        try:
            self._mounts.unsettle(Path(mount.path))
        except OSError as error:
            raise Problem(Kind.CONFLICT, f"The drive can't be released: {error.strerror or error}.") from None


def _place(path: str) -> Path:
    place = Path(path)
    if not place.is_absolute() or ".." in place.parts:
        raise Problem(Kind.INVALID, "The place has to be a whole path that begins with “/”.", field="path")
    return place
