"""What the API says of storage, holds and evidence; see `tawny.hub.servers.schema`.

*title* and *remedy* are sentences for a person, made by the recorder; ``confirm`` is a text that a person types
before what it stands for is formatted.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from tawny.hub.servers.schema import PATH_ID, Alarm, Answer, Body, DepthDays, GapReason

Id = Annotated[str, Field(pattern=PATH_ID)]
Path = Annotated[str, Field(min_length=1, max_length=1024)]
VolumeName = Annotated[str, Field(min_length=1, max_length=64)]
Why = Annotated[str, Field(min_length=1, max_length=500)]
Password = Annotated[str, Field(min_length=1, max_length=256)]


class StorageIcon(StrEnum):
    """How storage is at a glance (the device's icon)."""

    CONNECTED = "connected"
    NOT_CONNECTED = "not_connected"
    FORMATTING = "formatting"
    NEEDS_FORMAT = "needs_format"
    FAULTS = "faults"


class VolumeRole(StrEnum):
    """Whether new footage goes there."""

    RECORD = "record"
    READ_ONLY = "read_only"


class VolumeState(StrEnum):
    """How a volume is."""

    OK = "ok"
    ERROR = "error"
    NEEDS_FORMAT = "needs_format"
    FORMATTING = "formatting"
    NOT_INSTALLED = "not_installed"
    SWAPPED = "swapped"
    READ_ONLY = "read_only"
    FULL = "full"
    SLOW = "slow"


class Disk(Answer):
    """The device under a volume; without SMART its health is unknown, which is not the same as well."""

    device: str
    model: str
    serial: str
    kind: Literal["hdd", "ssd", "nvme", "unknown"]
    temperature_c: float | None
    temperature_limit_c: float | None
    smart: Literal["ok", "failing", "unknown"]
    smart_title: str


class Fault(Answer):
    """One fault of a volume."""

    at: AwareDatetime
    what: str


class Faults(Answer):
    """Faults of a volume within the last *window_s* seconds; at *threshold* it counts as failing."""

    count: int
    threshold: int
    window_s: float
    recent: list[Fault]


class ArchiveVolume(Answer):
    """A place where footage is kept."""

    id: str
    name: str
    path: str
    role: VolumeRole
    state: VolumeState
    title: str
    remedy: str
    progress: float | None
    confirm: str
    total_bytes: int
    free_bytes: int
    archive_bytes: int
    held_bytes: int
    oldest: AwareDatetime | None
    file_system: str
    disk: Disk | None
    faults: Faults


class FoundArchive(Answer):
    """Footage of another recorder, or of an earlier life of this one."""

    recorder: str
    oldest: AwareDatetime | None
    newest: AwareDatetime | None
    bytes: int


class Found(Answer):
    """A place that could become a volume."""

    path: str
    device: str
    what: Literal["empty", "archive", "other"]
    title: str
    total_bytes: int
    free_bytes: int
    archive: FoundArchive | None
    confirm: str


class PendingDepth(Answer):
    """A lower depth or size limit that waits: what it will delete, and when. What stays as it is is null."""

    days: int | None
    size_limit_bytes: int | None = None
    at: AwareDatetime
    bytes: int
    start: Annotated[AwareDatetime | None, Field(alias="from")]
    end: Annotated[AwareDatetime | None, Field(alias="to")]


class Depth(Answer):
    """How far back footage is kept: what is set (null: unlimited), and what there is."""

    days: int | None
    current_days: float
    pending: PendingDepth | None


class Forecast(Answer):
    """When the oldest footage will have to go."""

    state: Literal["learning", "filling", "recycling"]
    full_at: AwareDatetime | None
    bytes_per_day: int | None


class ClockTrust(Answer):
    """Whether the recorder's clock can be relied on: while it can't, nothing is deleted by age."""

    trusted: bool
    title: str


class HoldsUse(Answer):
    """What holds take of the room they may take; *alarm_at*: when held footage alone would fill the drive."""

    bytes: int
    quota_bytes: int
    alarm_at: AwareDatetime | None


class Storage(Answer):
    """Where footage is kept, for how long, and how well."""

    icon: StorageIcon
    title: str
    remedy: str
    depth: Depth
    size_limit_bytes: int | None
    forecast: Forecast
    clock: ClockTrust
    holds: HoldsUse
    queue_s: float
    unsynced_s: float
    volumes: list[ArchiveVolume]
    found: list[Found]
    alarms: list[Alarm]


class ChangeStorage(Body):
    """Another depth (null: unlimited) or size limit (null: none). Lowering one needs the password of who asks."""

    depth_days: DepthDays | None = None
    size_limit_bytes: Annotated[int, Field(ge=1_000_000_000, le=1 << 60)] | None = None
    password: Password | None = None


class AddVolume(Body):
    """Use a place: an empty one, or one with another recorder's footage, which is then gone on with or only read."""

    path: Path
    how: Literal["add", "adopt", "read_only"]
    name: VolumeName | None = None


class ChangeVolume(Body):
    """Another name, or whether new footage goes there."""

    name: VolumeName | None = None
    role: VolumeRole | None = None


class ForgetVolume(Body):
    """Use a volume no longer; nothing on it is changed."""

    password: Password


class FormatVolume(Body):
    """Delete all that is on a volume or device and make it ready for footage; *confirm* is the text shown for it."""

    volume: Id | None = None
    device: Path | None = None
    file_system: Literal["ext4", "xfs", "directory"]
    name: VolumeName | None = None
    confirm: Annotated[str, Field(min_length=1, max_length=256)]
    password: Password


class Drive(Answer):
    """A removable drive that exports can be written to."""

    id: str
    name: str
    path: str
    free_bytes: int
    file_system: str


class Drives(Answer):
    """Removable drives that are plugged in."""

    items: list[Drive]


class HoldRelease(Answer):
    """Who released a hold, and why."""

    at: AwareDatetime
    who: str
    why: str | None


class Hold(Answer):
    """Footage that is not deleted; *until* null: until somebody releases it."""

    id: str
    cameras: list[str]
    start: Annotated[AwareDatetime, Field(alias="from")]
    end: Annotated[AwareDatetime, Field(alias="to")]
    why: str
    who: str
    made_at: AwareDatetime
    until: AwareDatetime | None
    bytes: int
    released: HoldRelease | None


class Holds(Answer):
    """All holds, those released too."""

    items: list[Hold]


class AddHold(Body):
    """Keep footage from being deleted; with *force* also beyond the room that holds may take."""

    cameras: Annotated[list[Id], Field(min_length=1, max_length=256)]
    start: Annotated[AwareDatetime, Field(alias="from")]
    end: Annotated[AwareDatetime, Field(alias="to")]
    why: Why
    until: AwareDatetime | None = None
    force: bool = False


class ReleaseHold(Body):
    """Let footage be deleted again when its time comes."""

    password: Password
    why: Why | None = None


class MissingFor(Answer):
    """How long there was no footage for one reason."""

    reason: GapReason
    seconds: float


class CameraCompleteness(Answer):
    """How much of the time there is footage of a camera (0-1), and why not of the rest."""

    camera: str
    ratio: float
    missing_s: float
    reasons: list[MissingFor]


class Completeness(Answer):
    """How whole the newest footage is."""

    start: Annotated[AwareDatetime, Field(alias="from")]
    end: Annotated[AwareDatetime, Field(alias="to")]
    items: list[CameraCompleteness]


class EvidenceRoot(Answer):
    """The certificate that all trust in this recorder's footage rests on."""

    fingerprint: str
    not_after: AwareDatetime


class EvidenceKey(Answer):
    """The key that signs now, and where it is kept."""

    id: str
    since: AwareDatetime
    kept_in: Literal["file", "pkcs11"]
    title: str


class EarlierKey(Answer):
    """A key that signs or has signed."""

    id: str
    since: AwareDatetime
    until: AwareDatetime | None


class NewestHead(Answer):
    """The newest signature over the archive, and up to when it covers footage."""

    at: AwareDatetime
    segments_to: AwareDatetime | None


class Witnessed(Answer):
    """When something outside the recorder last took note of a head."""

    at: AwareDatetime
    by: str


class TimeStamping(Answer):
    """The time-stamping service (RFC 3161); *url* is empty where there is none."""

    url: str
    state: Literal["off", "ok", "failing"]
    title: str


class Evidence(Answer):
    """What makes this recorder's footage provable; *chain* is PEM: the evidence certificate, then the root."""

    recorder: str
    root: EvidenceRoot
    key: EvidenceKey
    keys: list[EarlierKey]
    newest_head: NewestHead | None
    witnessed: Witnessed | None
    tsa: TimeStamping
    chain: str


class ChangeEvidence(Body):
    """Another time-stamping service; empty: none."""

    tsa_url: Annotated[str, Field(max_length=2048)]


class RotateKey(Body):
    """Sign with a new key from now on."""

    password: Password


class Heads(Answer):
    """The newest head of the recorder's ledger, and the text that it signs, for a witness to keep."""

    head: dict[str, object] | None
    statement: str | None


class Witness(Body):
    """The page has kept the head with this id."""

    head: Annotated[str, Field(min_length=1, max_length=128)]
