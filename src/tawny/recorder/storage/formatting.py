"""Formatting: a device through mkfs, or a volume's directory file by file. Refused unless everything speaks for it.

The order of its steps, and what a crash between any two leaves behind: ``docs/design/storage.md``, "Formatting".
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from tawny.recorder.archive.model import Role, VolumeState, VolumeStatus
from tawny.recorder.storage.disks import device_under, mount_of, refusal
from tawny.recorder.storage.held import Held
from tawny.recorder.storage.model import BlockDevice, FormatState, Machine
from tawny.recorder.storage.mounts import LABEL, Mounts
from tawny.recorder.storage.ports import FileSystems, Kept, Places, Volumes
from tawny.recorder.storage.survey import Survey, confirmation
from tawny.recorder.storage.threads import in_thread
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks

DIRECTORY: Final = "directory"
FILE_SYSTEMS: Final = ("ext4", "xfs", DIRECTORY)
_READABLE: Final = frozenset({VolumeState.OK, VolumeState.SLOW, VolumeState.FULL})
STOP_S: Final = 3.0
_MADE: Final = 0.8  # of the work, once there is a file system
_REPLACE: Final = "Check its connection and try again. If formatting does not start, replace the drive."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What is to be formatted: a volume, a device, or a volume on a device."""

    target: str
    volume: VolumeStatus | None
    device: BlockDevice | None
    file_system: str
    name: str


class Formatting:
    """Formats one thing at a time. Belongs to the event loop; the work is done on threads of its own.

    Invariants: nothing is touched that did not bear the identity, or the serial number, that a person has typed; a volume that was let go is
    taken back however formatting ended.
    """

    def __init__(
        self,
        *,
        data: Path,
        archive: Volumes,
        survey: Survey,
        mounts: Mounts,
        file_systems: FileSystems,
        places: Places,
        kept: Kept,
        locks: Callable[[], str | None],
        held: Held,
        holds_known: Callable[[str], bool],
        formatted: Callable[[str], None],
        changed: Callable[[], None],
    ) -> None:
        self._data = data
        self._archive = archive
        self._survey = survey
        self._mounts = mounts
        self._file_systems = file_systems
        self._places = places
        self._kept = kept
        self._locks = locks
        self._held = held
        self._holds_known = holds_known
        self._formatted = formatted
        self._changed = changed
        self._states: dict[str, FormatState] = {}
        self._tasks = Tasks("formatting")
        self._running: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def states(self) -> Mapping[str, FormatState]:
        """How it goes, by volume or device; what ended well is not there."""
        return dict(self._states)

    async def stop(self) -> None:
        """Break off what can be broken off; a file system that is being made is left to end by itself."""
        self._stopping = True
        if self._running is not None:
            await asyncio.wait([self._running], timeout=STOP_S)
        await self._tasks.cancel()

    async def begin_volume(self, volume: VolumeStatus, *, file_system: str, name: str | None, confirm: str) -> None:
        """Begin to format *volume*, with another *name* where there is one. Problem where it may not be."""
        self._check(confirm, volume.name)
        await self._check_held(volume)
        self._check(confirm, volume.name)  # once more: that took a moment
        machine = self._survey.seen.machine
        device = None if file_system == DIRECTORY else self._device_of(volume, machine)
        if volume.state is VolumeState.SWAPPED:
            raise Problem(
                Kind.CONFLICT,
                "Another drive is in this one's place.",
                remedy="Format that drive under “Found”, or connect the right one again.",
            )
        if volume.state is VolumeState.NEEDS_FORMAT and device is None:
            raise Problem(
                Kind.CONFLICT,
                "Nothing in this place is marked as Tawny's, so no file in it is removed.",
                remedy="Make a new file system, or forget this volume and add an empty directory.",
                field="file_system",
            )
        job = _Job(target=volume.id, volume=volume, device=device, file_system=file_system, name=name or volume.name)
        self._begin(job)

    async def _check_held(self, volume: VolumeStatus) -> None:
        if volume.state in _READABLE and not self._holds_known(volume.id):
            raise Problem(
                Kind.UNAVAILABLE,
                "It is not known yet what is held on this drive.",
                remedy="Try again in a minute.",
            )
        await self._refuse_held(volume)

    async def _refuse_held(self, volume: VolumeStatus) -> None:
        try:
            records = volume.role is Role.RECORD and volume.state in _READABLE
            held = await self._held.weigh(volume.id, records=records)
        except OSError:
            raise Problem(
                Kind.UNAVAILABLE, "It can't be said just now what is held.", remedy="Try again in a minute."
            ) from None
        if held:
            raise Problem(
                Kind.CONFLICT,
                "There is held footage on this drive.",
                remedy="Export it and release the holds first.",
            )

    def begin_device(self, path: str, *, file_system: str, name: str, confirm: str) -> None:
        """Begin to format the device at *path* and make a volume of it. Problem where it may not be."""
        if file_system == DIRECTORY:
            raise Problem(Kind.INVALID, "A device needs a file system: ext4 or xfs.", field="file_system")
        machine = self._survey.seen.machine
        device = next((device for device in machine.devices if device.path == path), None)
        if device is None:
            raise Problem(Kind.NOT_FOUND, "There is no such drive.", field="device")
        self._check(confirm, confirmation(machine, device))
        if reason := refusal(machine, device, self._data, ours=self._our_mount(machine, device)):
            raise Problem(Kind.CONFLICT, f"This drive can't be formatted. {reason}")
        self._begin(_Job(target=path, volume=None, device=device, file_system=file_system, name=name))

    def _check(self, confirm: str, wanted: str) -> None:
        if reason := self._locks():
            raise Problem(Kind.FORBIDDEN, reason, remedy="Disarm first.")
        if confirm.strip() != wanted.strip():
            raise Problem(
                Kind.INVALID,
                "The text for confirmation does not match.",
                remedy=f"Type “{wanted}” exactly as it stands here.",
                field="confirm",
            )
        if any(state.progress is not None for state in self._states.values()):
            raise Problem(Kind.CONFLICT, "Another drive is being formatted just now.", remedy="Wait until it is done.")

    def _device_of(self, volume: VolumeStatus, machine: Machine) -> BlockDevice:
        path = volume.path.resolve()
        mount, device = mount_of(machine, path), device_under(machine, path)
        if mount is None or device is None or Path(mount.path) != path or not self._mounts.is_ours(path):
            raise Problem(
                Kind.CONFLICT,
                "This volume is a directory on a drive that Tawny did not format.",
                remedy="Format it as a directory: only Tawny's own files are removed then.",
                field="file_system",
            )
        if reason := refusal(machine, device, self._data, ours=mount.path):
            raise Problem(Kind.CONFLICT, f"This drive can't be formatted. {reason}")
        return device

    def _our_mount(self, machine: Machine, device: BlockDevice) -> str | None:
        places = (
            mount.path for mount in machine.mounts if mount.number == device.number or mount.source == device.path
        )
        return next((place for place in places if self._mounts.is_ours(Path(place))), None)

    def _begin(self, job: _Job) -> None:
        self._states = {target: state for target, state in self._states.items() if state.progress is not None}
        self._states[job.target] = FormatState(progress=0.0)
        self._changed()
        self._running = self._tasks.start(self._run(job), name=job.target)

    async def _run(self, job: _Job) -> None:
        _log.warning("formatting %s (%s)", job.target, job.file_system)
        try:
            volume = await (self._format(job) if job.volume is None else self._format_again(job, job.volume))
        except (OSError, ValueError, Problem) as error:
            self._failed(job, error)
        except BaseException:
            self._failed(job, OSError("it was broken off"))
            raise
        else:
            self._states.pop(job.target, None)
            self._formatted(volume)
            _log.warning("formatted %s", job.target)
        finally:
            await in_thread(lambda: self._survey.look(anew=True), name="storage look")
            self._changed()

    async def _format(self, job: _Job) -> str:
        """Make a new volume on a device that was none; its id."""
        device = _wanted(job.device)
        path = await in_thread(lambda: self._make(job, device, None), name="format")
        self._mounts.save(self._kept)
        return await in_thread(lambda: self._archive.add_volume(path, job.name), name="add volume")

    async def _format_again(self, job: _Job, volume: VolumeStatus) -> str:
        """Make a volume anew; its id, which is another one."""
        await in_thread(lambda: self._archive.release_volume(volume.id), name="release volume")
        emptied = False
        try:
            await self._refuse_held(volume)  # once more: what was being recorded has a size only now
            if job.device is None:
                progress = self._progress(job.target)
                await in_thread(lambda: self._places.erase(volume.path, volume.id, progress), name="erase")
            else:
                device = job.device
                await in_thread(lambda: self._make(job, device, volume.path), name="format")
                self._mounts.save(self._kept)
            emptied = True
        finally:
            taken = await in_thread(lambda: self._archive.take_volume(volume.id, emptied=emptied), name="take volume")
        if job.name != volume.name:
            await in_thread(lambda: self._archive.change_volume(taken, name=job.name), name="rename volume")
        return taken

    def _make(self, job: _Job, device: BlockDevice, path: Path | None) -> Path:
        """Make the file system and mount it, at *path* where it was before; on a thread."""
        progress = self._progress(job.target)
        if not self._mounts.reserve(device.path):
            raise OSError("it is already being formatted")
        try:
            mounted = self._our_mount(self._survey.look(anew=True).machine, device)
            if mounted is not None:
                self._mounts.unsettle(Path(mounted))
            _still_the_same(self._survey.look(anew=True).machine, device, self._data)
            progress(0.1)
            self._file_systems.make(device.path, job.file_system, label=LABEL)
            progress(_MADE)
            made = _made_on(self._survey.look(anew=True).machine, device)
            return self._mounts.settle(made, path=path)
        finally:
            self._mounts.give_back(device.path)

    def _progress(self, target: str) -> Callable[[float], None]:
        def tell(value: float) -> None:
            if self._stopping:
                raise OSError("the recorder was stopped")
            self._states[target] = FormatState(progress=min(1.0, round(value, 3)))
            self._changed()

        return tell

    def _failed(self, job: _Job, error: Exception) -> None:
        said = getattr(error, "strerror", None) or str(error)
        remedy = error.remedy if isinstance(error, Problem) and error.remedy else _REPLACE
        _log.error("formatting %s failed: %s", job.target, said)
        title = f"Formatting failed: {said.rstrip('.')}."
        self._states[job.target] = FormatState(progress=None, title=title, remedy=remedy)


def _still_the_same(machine: Machine, device: BlockDevice, data: Path) -> None:
    """Look once more, at the last moment: names of devices are given anew when drives come and go."""
    now = next((each for each in machine.devices if each.path == device.path), None)
    if now is None or (now.serial, now.size_bytes, now.number) != (device.serial, device.size_bytes, device.number):
        _refuse("the drive was taken out meanwhile")
    if reason := refusal(machine, now, data):
        _refuse(reason)


def _made_on(machine: Machine, device: BlockDevice) -> BlockDevice:
    for each in machine.devices:
        if each.path == device.path and each.uuid:
            return each
    raise OSError("the drive went away")


def _refuse(reason: str) -> NoReturn:
    raise OSError(reason)


def _wanted(device: BlockDevice | None) -> BlockDevice:
    if device is None:
        raise ValueError("no device to format")
    return device
