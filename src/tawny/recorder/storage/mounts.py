"""The file systems that the recorder mounts itself: those it made, and, to look at them, those of another Tawny."""

import logging
import os
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tawny.recorder.storage.disks import mounts_of
from tawny.recorder.storage.model import BlockDevice, Machine
from tawny.recorder.storage.ports import FileSystems, Kept

LABEL: Final = "tawny"  # of every file system we make
NAME: Final = "storage.mounts"
_KINDS: Final = frozenset({"ext4", "xfs"})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounted:
    """A file system that belongs at *place*, a directory below ours, whenever its drive is there."""

    uuid: str
    file_system: str
    place: str
    read_only: bool = False


class Mounts:
    """Keeps what belongs to us mounted.

    Invariants: only directories below *root* are ever mounted on, and never one on which something is mounted; a file system
    that is not known to be ours is mounted read-only, without even replaying its journal.
    """

    def __init__(self, root: Path, *, file_systems: FileSystems) -> None:
        self._root = root
        self._file_systems = file_systems
        self._lock = threading.RLock()
        self._known: list[Mounted] = []
        self._failed: dict[str, str] = {}
        self._busy: set[str] = set()

    def load(self, kept: Kept) -> None:
        """Take what belongs mounted from the settings. This and `save` belong to the settings' thread."""
        found = kept.value(NAME)
        self._known = [Mounted(**each) for each in found] if isinstance(found, list) else []

    def save(self, kept: Kept) -> None:
        """Keep what belongs mounted."""
        kept.set_value(NAME, [asdict(mounted) for mounted in self._known])

    def any(self) -> bool:
        """Whether anything belongs mounted."""
        return bool(self._known)

    def troubles(self) -> dict[str, str]:
        """Why a file system is not mounted though its drive is there, by its path."""
        return dict(self._failed)

    def keep(self, machine: Machine) -> bool:
        """Mount what has come, let go of what was pulled out; whether anything was done."""
        with self._lock:
            done = [self._release(mount.path) for mount in machine.mounts if self._is_gone(machine, mount.path)]
            known, taken = self._known, {mount.path for mount in machine.mounts}
            idle = [
                d for d in machine.devices if d.uuid and d.path not in self._busy and not any(mounts_of(machine, d))
            ]
            done += [self._meet(device, known, taken) for device in idle]
            self._failed = {path: why for path, why in self._failed.items() if self._still_there(machine, path, known)}
            return any(done)

    def settle(self, device: BlockDevice, *, path: Path | None = None, read_only: bool = False) -> Path:
        """Mount *device* now and, once that was saved, whenever it is there. OSError where that can't be."""
        with self._lock:
            path = path or self._root / f"drive-{_short(device.uuid)}"
            self._file_systems.mount(device.path, path, device.file_system, read_only=read_only)
            mounted = Mounted(uuid=device.uuid, file_system=device.file_system, place=path.name, read_only=read_only)
            self._known = [*self._others(path), mounted]
            self._failed.pop(str(path), None)
            return path

    def unsettle(self, path: Path) -> None:
        """Unmount what is at *path*, for good. OSError where it is in use."""
        with self._lock:
            self._file_systems.unmount(path)
            self._known = self._others(path)
            self._clear(path)

    def is_ours(self, path: Path) -> bool:
        """Whether *path* is a place where we mount."""
        return path.is_relative_to(self._root)

    def reserve(self, device: str) -> bool:
        """Leave *device* alone from now on, while it is being formatted; False where it already is."""
        with self._lock:
            if device in self._busy:
                return False
            self._busy.add(device)
            return True

    def give_back(self, device: str) -> None:
        """Undo `reserve`."""
        with self._lock:
            self._busy.discard(device)

    def _meet(self, device: BlockDevice, known: Iterable[Mounted], taken: set[str]) -> bool:
        path, read_only = None, True
        for mounted in known:
            if mounted.uuid == device.uuid:
                path, read_only = self._root / mounted.place, mounted.read_only
        if path is None and device.label == LABEL and device.file_system in _KINDS:
            path = self._root / f"found-{_short(device.uuid)}"
        if path is None or str(path) in taken:  # a copy of a drive has the same uuid
            return False
        taken.add(str(path))
        return self._mount(device, path, read_only=read_only)

    def _mount(self, device: BlockDevice, path: Path, *, read_only: bool) -> bool:
        if str(path) in self._failed:
            return False  # once is enough, until the drive has gone
        try:
            self._file_systems.mount(device.path, path, device.file_system, read_only=read_only)
        except OSError as error:
            _log.warning("%s can't be mounted: %s", device.path, error)
            self._failed[str(path)] = error.strerror or str(error)
            return False
        _log.info("mounted %s at %s", device.path, path)
        return True

    def _is_gone(self, machine: Machine, path: str) -> bool:
        """Whether the drive under one of our mounts was pulled out: the kernel keeps the mount, and answers with errors."""
        if not self.is_ours(Path(path)):
            return False
        mount = next(mount for mount in machine.mounts if mount.path == path)
        return bool(machine.devices) and all(
            mount.number != device.number and mount.source != device.path for device in machine.devices
        )

    def _release(self, path: str) -> bool:
        try:
            self._file_systems.unmount(Path(path), gone=True)
        except OSError as error:
            _log.warning("%s is gone and can't be unmounted: %s", path, error)
            return False
        self._clear(Path(path))
        return True

    def _still_there(self, machine: Machine, path: str, known: Iterable[Mounted]) -> bool:
        uuids = {mounted.uuid for mounted in known if str(self._root / mounted.place) == path}
        return any(
            device.uuid in uuids or path.endswith(f"-{_short(device.uuid)}")
            for device in machine.devices
            if device.uuid
        )

    def _others(self, path: Path) -> list[Mounted]:
        return [mounted for mounted in self._known if mounted.place != path.name]

    @staticmethod
    def _clear(path: Path) -> None:
        try:
            os.rmdir(path)  # noqa: PTH106 - only where it is empty
        except OSError as error:
            _log.info("%s stays: %s", path, error)


def _short(uuid: str) -> str:
    return "".join(letter for letter in uuid.lower() if letter.isascii() and letter.isalnum())[:12]
