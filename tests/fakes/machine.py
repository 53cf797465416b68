"""A machine whose disks are what a test says, and an archive whose volumes only remember what was done to them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tawny.recorder.archive.model import Role, VolumeFault, VolumeState, VolumeStatus
from tawny.recorder.storage.model import BlockDevice, Health, Inside, Machine, Mount, Smart
from tawny.recorder.storage.ports import Progress
from tawny.runtime.problem import Kind, Problem

TB = 10**12


def disk(name: str, **members: Any) -> BlockDevice:
    """A whole disk of 4 TB, from a maker."""
    return BlockDevice(
        **{
            "name": name,
            "path": f"/dev/{name}",
            "kind": "disk",
            "size_bytes": 4 * TB,
            "removable": False,
            "read_only": False,
            "number": f"8:{sum(name.encode()) % 256}",
            "model": "Surveillance 4000",
            "serial": f"SN-{name}",
            "transport": "sata",
            "rotational": True,
            **members,
        }
    )


def part(name: str, parent: str, **members: Any) -> BlockDevice:
    return disk(name, kind="part", parents=(parent,), **members)


def mount(device: BlockDevice, path: str, **members: Any) -> Mount:
    given = {"path": path, "number": device.number, "source": device.path, "file_system": "ext4", "writable": True}
    return Mount(**{**given, **members})


def system(*others: BlockDevice, mounts: Sequence[Mount] = ()) -> Machine:
    """A machine that runs from sda, with *others* beside it."""
    sda, sda1 = disk("sda"), part("sda1", "sda")
    return Machine(devices=(sda, sda1, *others), mounts=(mount(sda1, "/"), *mounts))


class FakeDevices:
    """`BlockDevices` of a machine that a test changes."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.forgotten = 0

    def read(self) -> Machine:
        return self.machine

    def forget(self) -> None:
        self.forgotten += 1

    def plug(self, device: BlockDevice) -> None:
        others = (each for each in self.machine.devices if each.name != device.name)
        self.machine = replace(self.machine, devices=(*others, device))

    def pull(self, name: str) -> None:
        left = tuple(each for each in self.machine.devices if each.name != name)
        self.machine = replace(self.machine, devices=left)


class FakeFileSystems:
    """`FileSystems` that come about in a `FakeDevices`."""

    def __init__(self, devices: FakeDevices) -> None:
        self._devices = devices
        self.done: list[str] = []
        self.refuses: OSError | None = None

    def make(self, device: str, kind: str, *, label: str) -> None:
        self._do(f"make {kind} {device}")
        was = next(each for each in self._devices.machine.devices if each.path == device)
        self._devices.plug(replace(was, file_system=kind, label=label, uuid=f"new-{len(self.done)}"))

    def mount(self, device: str, path: Path, kind: str, *, read_only: bool = False) -> None:
        self._do(f"mount {device} {path.name}{' read-only' if read_only else ''}")
        machine = self._devices.machine
        which = next(each for each in machine.devices if each.path == device)
        path.mkdir(parents=True, exist_ok=True)
        mounted = mount(which, str(path), file_system=kind, writable=not read_only)
        self._devices.machine = replace(machine, mounts=(*machine.mounts, mounted))

    def unmount(self, path: Path, *, gone: bool = False) -> None:
        self._do(f"unmount {path.name}{' gone' if gone else ''}")
        machine = self._devices.machine
        left = tuple(each for each in machine.mounts if each.path != str(path))
        self._devices.machine = replace(machine, mounts=left)

    def _do(self, what: str) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.done.append(what)


class FakeHealth:
    """`DriveHealth` that says what a test wants."""

    def __init__(self) -> None:
        self.healths: dict[str, Health] = {}
        self.asked: list[str] = []

    def read(self, device: BlockDevice) -> Health:
        self.asked.append(device.name)
        return self.healths.get(device.name, Health(smart=Smart.OK, title="It is well.", temperature_c=31))


class FakeSensors:
    """`Temperatures` by the name of the disk."""

    def __init__(self) -> None:
        self.degrees: dict[str, int] = {}

    def read(self) -> dict[str, int]:
        return dict(self.degrees)


class FakePlaces:
    """`Places` by their path; where nothing was said, an empty one."""

    def __init__(self) -> None:
        self.inside: dict[str, Inside | None] = {}
        self.erased: list[tuple[Path, str]] = []
        self.refuses: OSError | None = None

    def look(self, path: Path) -> Inside | None:
        nothing = Inside(path=str(path), empty=True, writable=True, archive=None, total_bytes=4 * TB, free_bytes=3 * TB)
        return self.inside.get(str(path), nothing)

    def erase(self, path: Path, volume: str, progress: Progress) -> int:
        if self.refuses is not None:
            raise self.refuses
        progress(0.5)
        self.erased.append((path, volume))
        return 0


class FakeVolumes:
    """`Volumes` that only remember what was done to them."""

    def __init__(self, *volumes: VolumeStatus) -> None:
        self._volumes = list(volumes)
        self.done: list[str] = []
        self.refuses: Problem | None = None

    def volumes(self) -> list[VolumeStatus]:
        return list(self._volumes)

    def set(self, volume: str, **members: Any) -> None:
        self._volumes = [replace(each, **members) if each.id == volume else each for each in self._volumes]

    def add_volume(self, path: Path, name: str) -> str:
        self._do(f"add {path.name} {name}")
        return self._append(name=name, path=path)

    def adopt_volume(self, path: Path, role: Role) -> str:
        self._do(f"adopt {path.name} {role}")
        return self._append(path=path, role=role)

    def change_volume(self, volume: str, *, name: str | None = None, role: Role | None = None) -> None:
        self._do(f"change {volume}")
        self.set(volume, **({"name": name} if name else {}), **({"role": role} if role else {}))

    def forget_volume(self, volume: str) -> None:
        self._do(f"forget {volume}")
        self._volumes = [each for each in self._volumes if each.id != volume]

    def release_volume(self, volume: str) -> None:
        self._do(f"release {volume}")

    def take_volume(self, volume: str, *, emptied: bool = False) -> str:
        self._do(f"take {volume}")
        if not emptied:
            return volume
        self.set(volume, id=f"{volume}_again")
        return f"{volume}_again"

    def _append(self, **members: Any) -> str:
        added = volume(f"vol_{len(self._volumes) + 1}", **members)
        self._volumes.append(added)
        return added.id

    def _do(self, what: str) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.done.append(what)


def volume(volume_id: str = "vol_1", **members: Any) -> VolumeStatus:
    """A volume that works."""
    return VolumeStatus(
        **{
            "id": volume_id,
            "name": "Drive 1",
            "path": Path("/mnt/one"),
            "role": Role.RECORD,
            "state": VolumeState.OK,
            "title": "",
            "remedy": "",
            "total_bytes": 4 * TB,
            "free_bytes": TB,
            "archive_bytes": 3 * TB,
            "oldest_us": None,
            "faults": (),
            "unsynced_s": 0.0,
            **members,
        }
    )


def fault(utc_us: int, what: str = "The drive reports errors.") -> VolumeFault:
    return VolumeFault(utc_us=utc_us, what=what)


def refusal(title: str) -> Problem:
    return Problem(Kind.CONFLICT, title)
