"""The survey: a thread that looks at the machine's disks every few seconds, so that nobody else has to wait for one."""

import hashlib
import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tawny.recorder.storage.disks import (
    device_of,
    device_under,
    disk_kind,
    disks_of,
    is_removable,
    mount_of,
    mounts_of,
    refusal,
    spoken,
    system_disks,
)
from tawny.recorder.storage.model import (
    BlockDevice,
    DiskState,
    Drive,
    Found,
    Health,
    Inside,
    Machine,
    Mount,
    Seen,
    Smart,
    What,
)
from tawny.recorder.storage.mounts import Mounts
from tawny.recorder.storage.ports import BlockDevices, DriveHealth, Places, Temperatures
from tawny.runtime.clock import Clock

LOOK_S: Final = 5.0
HEALTH_S: Final = 120.0  # drives are asked about their health this often; smartctl takes a while
STOP_S: Final = 1.0
_NOT_ASKED: Final = Health(smart=Smart.UNKNOWN, title="Its health is not known yet.")

_log = logging.getLogger(__name__)


class Survey:
    """Looks at disks, mounts, sensors and the places that could become volumes.

    Invariant: `seen` is one whole look, replaced and never changed, so that any thread may read it.
    """

    def __init__(
        self,
        *,
        data: Path,
        clock: Clock,
        devices: BlockDevices,
        health: DriveHealth,
        temperatures: Temperatures,
        places: Places,
        mounts: Mounts,
        volumes: Callable[[], Mapping[str, Path]],
        on_look: Callable[[], None],
    ) -> None:
        self._data = data
        self._clock = clock
        self._devices = devices
        self._health = health
        self._temperatures = temperatures
        self._places = places
        self._mounts = mounts
        self._volumes = volumes
        self._on_look = on_look
        self._lock = threading.Lock()  # one look at a time
        self._known_health: dict[str, tuple[float, Health]] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="storage survey", daemon=True)
        self.seen = Seen()

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End; a thread that hangs behind a dead disk is left behind."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except Exception:  # noqa: BLE001 - the thread is a supervisor: one strange disk must not end all looking
                _log.exception("looking at the disks failed")
            self._on_look()
            self._stopping.wait(LOOK_S)

    def mount(self) -> Machine:
        """Mount what belongs mounted; the machine as it then is."""
        with self._lock:
            return self._mounted()

    def look(self, *, anew: bool = False) -> Seen:
        """Look once; *anew* where something was changed that the kernel's own lists do not show."""
        with self._lock:
            if anew:
                self._devices.forget()
            machine = self._mounted()
            volumes = {volume: path.resolve() for volume, path in self._volumes().items()}
            disks = self._disks(machine, volumes)
            taken = {state.device.name for state in disks.values()}
            self.seen = Seen(
                machine=machine,
                disks=disks,
                found=tuple(self._found(machine, taken, volumes)),
                drives=tuple(self._drives(machine, volumes)),
            )
            return self.seen

    def _mounted(self) -> Machine:
        machine = self._devices.read()
        return self._devices.read() if self._mounts.keep(machine) else machine

    def _disks(self, machine: Machine, volumes: Mapping[str, Path]) -> dict[str, DiskState]:
        sensors = self._temperatures.read()
        found = {volume: self._disk(machine, path, sensors) for volume, path in volumes.items()}
        return {volume: state for volume, state in found.items() if state is not None}

    def _disk(self, machine: Machine, path: Path, sensors: Mapping[str, int]) -> DiskState | None:
        mount = mount_of(machine, path)
        device = None if mount is None else device_of(machine, mount)
        if device is None or mount is None or self._is_unmounted_place(path, mount):
            return None
        disk = disks_of(machine, device)[0]
        health = self._health_of(disk)
        return DiskState(
            device=device,
            disk=disk,
            kind=disk_kind(disk),
            file_system=mount.file_system,
            health=health,
            temperature_c=sensors.get(disk.name, health.temperature_c),
        )

    def _is_unmounted_place(self, path: Path, mount: Mount) -> bool:
        """Whether *path* is a place of ours where nothing is mounted: what is under it then is not its own drive."""
        return self._mounts.is_ours(path) and not self._mounts.is_ours(Path(mount.path))

    def _health_of(self, disk: BlockDevice) -> Health:
        key, now = disk.serial or disk.name, self._clock.monotonic()
        at, known = self._known_health.get(key, (-HEALTH_S, _NOT_ASKED))
        if now - at >= HEALTH_S:
            health = self._health.read(disk)
            if not health.asleep or known is _NOT_ASKED:
                known = health
            self._known_health[key] = (now, known)
        return known

    def _found(self, machine: Machine, taken: set[str], volumes: Mapping[str, Path]) -> list[Found]:
        system = system_disks(machine, self._data)
        found = []
        for device in machine.devices:
            if device.name in taken or {disk.name for disk in disks_of(machine, device)} & system:
                continue
            mount = next((mount for mount in mounts_of(machine, device) if mount.root == "/"), None)
            confirm = self._confirm(machine, device, mount)
            inside = None if mount is None else self._places.look(Path(mount.path))
            if inside is not None and inside.archive is not None and inside.archive.volume in volumes:
                continue
            if confirm or inside is not None:
                found.append(_found(machine, device, inside, confirm))
        return found

    def _confirm(self, machine: Machine, device: BlockDevice, mount: Mount | None) -> str:
        ours = mount.path if mount is not None and self._mounts.is_ours(Path(mount.path)) else None
        return "" if refusal(machine, device, self._data, ours=ours) else confirmation(machine, device)

    def _drives(self, machine: Machine, volumes: Mapping[str, Path]) -> list[Drive]:
        under = {device.name for path in volumes.values() if (device := device_under(machine, path)) is not None}
        found = []
        for mount in machine.mounts:
            device = device_of(machine, mount)
            if device is None or device.name in under or not is_removable(machine, device):
                continue
            inside = self._places.look(Path(mount.path)) if mount.writable and mount.root == "/" else None
            if inside is not None and inside.writable:
                found.append(_drive(machine, device, mount, inside))
        return found


def confirmation(machine: Machine, device: BlockDevice) -> str:
    """What a person types before *device* is formatted: the drive's serial number, so that it is this drive and no other."""
    return disks_of(machine, device)[0].serial or device.name


def _found(machine: Machine, device: BlockDevice, inside: Inside | None, confirm: str) -> Found:
    archive = None if inside is None else inside.archive
    if archive is not None:
        what, title = What.ARCHIVE, "It holds an archive of another Tawny, or of an earlier one."
    elif (inside is not None and inside.empty) or (inside is None and not device.file_system):
        what, title = What.EMPTY, "It is empty."
    else:
        what, title = What.OTHER, "Something else is on it."
    return Found(
        path="" if inside is None else inside.path,
        device=device.path,
        what=what,
        title=f"{spoken(device, machine)}: {title}",
        total_bytes=device.size_bytes if inside is None else inside.total_bytes,
        free_bytes=0 if inside is None else inside.free_bytes,
        archive=archive,
        confirm=confirm,
    )


def _drive(machine: Machine, device: BlockDevice, mount: Mount, inside: Inside) -> Drive:
    disk = disks_of(machine, device)[0]
    known = f"{disk.serial}/{device.uuid}" if disk.serial or device.uuid else device.path
    return Drive(
        id=f"drv_{hashlib.sha256(known.encode()).hexdigest()[:16]}",
        name=device.label or spoken(device, machine),
        path=mount.path,
        free_bytes=inside.free_bytes,
        file_system=mount.file_system,
    )
