"""Which disk is under a directory, and which devices may be emptied: decisions over what the machine tells."""

from collections.abc import Iterator
from pathlib import Path, PurePath

from tawny.recorder.storage.model import BlockDevice, DiskKind, Machine, Mount

MIN_BYTES = 64 * 1024**2
_FORMATTABLE = ("disk", "part", "loop", "crypt", "lvm", "raid", "mpath", "md")
_REMOVABLE = frozenset({"usb", "mmc", "ieee1394"})


def mount_of(machine: Machine, path: Path) -> Mount | None:
    """The mount that *path* (resolved) lies on: the longest that leads to it, the last of those on one path."""
    best: Mount | None = None
    for mount in machine.mounts:
        if PurePath(path).is_relative_to(mount.path) and (best is None or len(mount.path) >= len(best.path)):
            best = mount
    return best


def device_of(machine: Machine, mount: Mount) -> BlockDevice | None:
    """The device a mount shows; None for network and memory file systems."""
    for device in machine.devices:
        if device.number == mount.number or device.path == mount.source:
            return device
    return None


def device_under(machine: Machine, path: Path) -> BlockDevice | None:
    """The device that *path* (resolved) lies on."""
    mount = mount_of(machine, path)
    return None if mount is None else device_of(machine, mount)


def disks_of(machine: Machine, device: BlockDevice) -> list[BlockDevice]:
    """The whole disks that *device* is on: itself, or what it is made of."""
    by_name = {each.name: each for each in machine.devices}
    found: dict[str, BlockDevice] = {}
    ahead, seen = [device], {device.name}
    while ahead:
        each = ahead.pop()
        parents = [by_name[name] for name in each.parents if name in by_name]
        if not parents:
            found[each.name] = each
        ahead += [parent for parent in parents if parent.name not in seen]
        seen.update(parent.name for parent in parents)
    return list(found.values())


def disk_kind(disk: BlockDevice) -> DiskKind:
    """What kind of drive a whole disk is; those of virtual machines, without a maker, are unknown."""
    if disk.transport == "nvme" or disk.name.startswith("nvme"):
        return DiskKind.NVME
    if not (disk.model or disk.transport):
        return DiskKind.UNKNOWN
    return DiskKind.HDD if disk.rotational else DiskKind.SSD


def is_removable(machine: Machine, device: BlockDevice) -> bool:
    """Whether *device* is on a drive that people pull out."""
    return any(disk.removable or disk.transport in _REMOVABLE for disk in disks_of(machine, device))


def system_disks(machine: Machine, data: Path) -> set[str]:
    """The names of the disks that this machine runs from or that hold the data directory *data* (resolved)."""
    devices = (device_under(machine, path) for path in (Path("/"), Path("/usr"), Path("/boot"), data))
    return {disk.name for device in devices if device is not None for disk in disks_of(machine, device)}


def refusal(machine: Machine, device: BlockDevice, data: Path, *, ours: str | None = None) -> str | None:
    """Why *device* may not be emptied, in a sentence; None where it may. *ours* is where we have mounted it ourselves."""
    if device.read_only:
        return "It can only be read."
    if not device.kind.startswith(_FORMATTABLE):
        return "It is not a drive that can hold an archive."
    if device.size_bytes < MIN_BYTES:
        return "It is too small."
    if {disk.name for disk in disks_of(machine, device)} & system_disks(machine, data):
        return "It is a part of the drive that this machine runs from."
    if any(device.name in other.parents for other in machine.devices):
        return "It is divided into parts, or part of something larger."
    if device.path in machine.swaps:
        return "The machine uses it as memory."
    if places := [mount.path for mount in mounts_of(machine, device) if mount.path != ours]:
        return f"It is in use at {places[0]}."
    return None


def mounts_of(machine: Machine, device: BlockDevice) -> Iterator[Mount]:
    """Everywhere that *device* is mounted."""
    return (mount for mount in machine.mounts if mount.number == device.number or mount.source == device.path)


def spoken(device: BlockDevice, machine: Machine) -> str:
    """The device in words that a person finds on its label: model, size, and its name here."""
    disk = disks_of(machine, device)[0]
    return " ".join(word for word in (disk.model, size(device.size_bytes), f"({device.name})") if word)


def size(count: int) -> str:
    """A size as it stands on drives: powers of ten."""
    value, unit = float(count), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if value >= 10 or value == int(value) else f"{value:.1f} {unit}"
