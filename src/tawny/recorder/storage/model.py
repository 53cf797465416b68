"""Values that every part of storage shares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How soon somebody has to act."""

    ALARM = "alarm"  # footage is being lost, or will be today
    WARNING = "warning"  # it will be, if nobody does anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that is wrong now. *kind* with *volume* and *camera* tells which; *title* and *remedy* are plain sentences."""

    kind: str
    severity: Severity
    title: str
    remedy: str
    volume: str | None = None
    camera: str | None = None


class DiskKind(StrEnum):
    """What turns, and what does not."""

    HDD = "hdd"
    SSD = "ssd"
    NVME = "nvme"
    UNKNOWN = "unknown"


class Smart(StrEnum):
    """What a drive says about its own health. A drive that says nothing is unknown, never well."""

    OK = "ok"
    FAILING = "failing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A drive's health as it tells it; *title* is a plain sentence."""

    smart: Smart
    title: str
    temperature_c: int | None = None
    limit_c: int | None = None  # above it the maker does not want it to run
    asleep: bool = False  # its motor stands, and it was not woken for the question


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockDevice:
    """A disk, a part of one, or what is made of them; *parents* are the names of what it is made of."""

    name: str
    path: str
    kind: str  # lsblk's: disk, part, loop, crypt, lvm, raid1, rom ...
    size_bytes: int
    removable: bool
    read_only: bool
    number: str  # major:minor
    file_system: str = ""
    label: str = ""
    uuid: str = ""
    model: str = ""
    serial: str = ""
    transport: str = ""
    rotational: bool = False
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A file system that can be reached at *path*."""

    path: str
    number: str
    source: str
    file_system: str
    writable: bool
    root: str = "/"  # the part of the file system that is seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The machine's disks and mounts at one moment. *swaps* are the devices that hold swapped memory."""

    devices: tuple[BlockDevice, ...] = ()
    mounts: tuple[Mount, ...] = ()
    swaps: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArchive:
    """What a directory with a volume's identity tells of itself."""

    volume: str
    oldest_us: int | None
    newest_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What was found in a place. *path* is where a volume's root is, or would be; *empty* where nothing is anybody's."""

    path: str
    empty: bool
    writable: bool
    archive: FoundArchive | None
    total_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskState:
    """The drive under a volume: *device* is what bears the file system, *disk* the whole drive."""

    device: BlockDevice
    disk: BlockDevice
    kind: DiskKind
    file_system: str
    health: Health
    temperature_c: int | None


class What(StrEnum):
    """What a place holds that is no volume yet."""

    EMPTY = "empty"
    ARCHIVE = "archive"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A place that could become a volume. *path* is empty where it is not mounted, *confirm* where it can't be formatted."""

    path: str
    device: str
    what: What
    title: str
    total_bytes: int
    free_bytes: int
    archive: FoundArchive | None
    confirm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A removable drive that exports can be copied to."""

    id: str
    name: str
    path: str
    free_bytes: int
    file_system: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the last look at the machine found; *disks* by the volume on them."""

    machine: Machine = Machine()
    disks: Mapping[str, DiskState] = field(default_factory=dict)
    found: tuple[Found, ...] = ()
    drives: tuple[Drive, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatState:
    """How the formatting of a volume or device goes: *progress* from 0 to 1, None once it ended badly, with *title* saying why."""

    progress: float | None
    title: str = ""
    remedy: str = ""
