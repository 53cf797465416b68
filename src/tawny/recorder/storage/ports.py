"""What storage asks of the machine: its disks, their health, file systems, and what lies in a directory."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from tawny.recorder.archive.model import Role, VolumeStatus
from tawny.recorder.storage.model import BlockDevice, Health, Inside, Machine

Progress = Callable[[float], None]  # from 0 to 1, on the caller's thread


class BlockDevices(Protocol):
    """The machine's disks and what is mounted."""

    def read(self) -> Machine:
        """What there is just now."""
        ...

    def forget(self) -> None:
        """Ask anew at the next `read`: a file system was made, which changes none of the kernel's own lists."""
        ...


class DriveHealth(Protocol):
    """What drives say about themselves."""

    def read(self, device: BlockDevice) -> Health:
        """The health of a whole disk. Never wakes a sleeping drive, never raises: what is not told is unknown."""
        ...


class Temperatures(Protocol):
    """Sensors in drives that the kernel reads, without waking a drive."""

    def read(self) -> dict[str, int]:
        """Degrees Celsius by the name of the disk; only those that have a sensor."""
        ...


class FileSystems(Protocol):
    """Making file systems and mounting them; OSError with words for a person where that can't be."""

    def make(self, device: str, kind: str, *, label: str) -> None:
        """Make a new file system of *kind* on *device*; all that was on it is gone."""
        ...

    def mount(self, device: str, path: Path, kind: str, *, read_only: bool = False) -> None:
        """Make what is on *device* reachable at *path*; nothing on it can be run or act as a device."""
        ...

    def unmount(self, path: Path, *, gone: bool = False) -> None:
        """Undo `mount`. Where the device is *gone*, also while files are open."""
        ...


class Places(Protocol):
    """Directories that are a volume, or could become one."""

    def look(self, path: Path) -> Inside | None:
        """What is in *path*; None where it can't be read."""
        ...

    def erase(self, path: Path, volume: str, progress: Progress) -> int:
        """Remove the archive of *volume* in *path* and its identity at last; how many things of others stayed in *path*.

        Only what has the archive's form goes, and no link is followed. ValueError where *path* does not bear the identity.
        """
        ...


class Volumes(Protocol):
    """The archive's volumes. What changes them waits until it took effect, a few seconds at most, or raises `Problem`."""

    def volumes(self) -> Sequence[VolumeStatus]:
        """How each volume is, from what was seen last; at once, from any thread."""
        ...

    def add_volume(self, path: Path, name: str) -> str:
        """Record to the empty or absent directory *path* too; the volume's id."""
        ...

    def adopt_volume(self, path: Path, role: Role) -> str:
        """Use a volume that somebody else filled, and write into our ledger that we do; its id."""
        ...

    def change_volume(self, volume: str, *, name: str | None = None, role: Role | None = None) -> None:
        """Give *volume* another name or role."""
        ...

    def forget_volume(self, volume: str) -> None:
        """Use *volume* no longer; nothing on it is changed."""
        ...

    def release_volume(self, volume: str) -> None:
        """Let go of *volume*: no file on it is open, and nothing is written to it, until `take_volume`."""
        ...

    def take_volume(self, volume: str, *, emptied: bool = False) -> str:
        """Use *volume* again; its id, another one where it was *emptied*."""
        ...


class Kept(Protocol):
    """Settings by name, of values that JSON has; what was set is still so after a power cut."""

    def value(self, name: str) -> Any:
        """The value of *name*; None where there is none."""
        ...

    def set_value(self, name: str, value: Any) -> None:
        """Keep *value* as *name*."""
        ...
