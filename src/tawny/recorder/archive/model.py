"""Values of the archive, and the port through which ingest hands it fragments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from tawny.wire.media import StreamName, TrackFormat


class GapReason(StrEnum):
    """Why there is no footage. The words are part of the ledger's and the API's contract."""

    NOT_ADDED = "not_added"
    DISABLED = "disabled"
    CAMERA_LOST = "camera_lost"  # unreachable, or it closed the connection
    CAMERA_REFUSED = "camera_refused"  # password, path or codec
    CAMERA_SILENT = "camera_silent"  # connected, yet nothing (or no key frame) came
    RESTART = "restart"  # the recorder was not running
    DISK = "disk"  # full, read-only, missing or failing
    OVERLOAD = "overload"  # we dropped it to protect the rest
    CLOCK = "clock"  # the recorder's clock was set
    DELETED = "deleted"  # there was footage; it went to make room
    UNKNOWN = "unknown"


class Gone(StrEnum):
    """Where footage is that there was once. The words are part of the ledger's contract; where two are true, the first counts."""

    DELETED = "deleted"  # to make room
    ERASED = "erased"  # with the volume it was on
    AWAY = "away"  # on a volume that is not read any more


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamKey:
    """One stream of one camera."""

    camera: str
    stream: StreamName


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """At most one second of one track, complete with exact durations, ready to be written.

    *decode_time* counts the track's ticks from the segment's start; *utc_us* is the recorder's time of the first sample.
    *shifts* are composition offsets in ticks (may be negative), None where there are no B-frames.
    *frames* are the samples in decode order, immutable bytes.
    """

    track: int
    decode_time: int
    utc_us: int
    durations: Sequence[int]
    shifts: Sequence[int] | None
    key: bool
    frames: Sequence[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A segment file as index and ledger know it. *end_us* is None while it is open; *root* is empty until it is closed."""

    key: StreamKey
    volume: str  # the id of the volume it lies on
    start_us: int
    end_us: int | None
    size_bytes: int
    fragments: int
    sequence: int
    root: bytes = b""
    recovered: bool = False  # closed after a crash, by what was found on file


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedGap:
    """A gap with its id in the ledger; *end_us* is None while it lasts."""

    id: str
    key: StreamKey
    start_us: int
    end_us: int | None
    reason: GapReason
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Footage without a hole worth a word."""

    from_us: int
    to_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """No footage, and why; *title* is a plain sentence."""

    from_us: int
    to_us: int
    reason: GapReason
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A range of time, each moment of it in one span or one gap; both in order."""

    spans: tuple[Span, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentInfo:
    """A segment for who reads it: *end_us* is None and *size_bytes* 0 while it is open (or not closed yet after a crash)."""

    key: StreamKey
    volume: str
    path: Path
    start_us: int
    end_us: int | None
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSummary:
    """How far back the archive reaches and how large it is (closed segments)."""

    oldest_us: int | None
    size_bytes: int
    segments: int


class Phase(StrEnum):
    """Whether video is being kept."""

    RECORDING = "recording"
    LIVE_ONLY = "live_only"  # the archive's disk is not there: nothing is written or deleted
    FAILED = "failed"  # the disk refuses what we write


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveStatus:
    """The archive's state in words, and its figures.

    *queue_s* is the age of what waits to be written, *unsynced_s* of what a power cut would lose.
    """

    phase: Phase
    title: str
    remedy: str
    queue_s: float
    unsynced_s: float
    size_bytes: int
    limit_bytes: int | None
    oldest_us: int | None


class Role(StrEnum):
    """What a volume is there for."""

    RECORD = "record"
    READ_ONLY = "read_only"  # only looked at: nothing is written to it or deleted from it


class VolumeState(StrEnum):
    """How a volume is. The words are part of the API's contract."""

    OK = "ok"
    SLOW = "slow"  # it answers, too slowly to be relied on
    FULL = "full"
    READ_ONLY = "read_only"  # the system refuses writes to it
    ERROR = "error"
    NOT_INSTALLED = "not_installed"  # nothing is in its place
    NEEDS_FORMAT = "needs_format"  # something without an identity is in its place
    SWAPPED = "swapped"  # another volume is in its place
    FORMATTING = "formatting"  # released, and not taken again yet


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeFault:
    """Something that a volume did wrong once, in words."""

    utc_us: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeStatus:
    """One volume's state in words, and its figures. *faults* are the latest ones, oldest first."""

    id: str
    name: str
    path: Path
    role: Role
    state: VolumeState
    title: str
    remedy: str
    total_bytes: int
    free_bytes: int
    archive_bytes: int
    oldest_us: int | None
    faults: tuple[VolumeFault, ...]
    unsynced_s: float


class Recording(Protocol):
    """Where ingest's fragments go. Every method returns at once and never raises; work happens on the writer's thread.

    For each stream the calls come as open, append..., close, in the order of time.
    """

    def open_segment(self, key: StreamKey, *, start_us: int, formats: Mapping[int, TrackFormat]) -> None:
        """Begin a new segment file at *start_us*; the first fragment appended begins with a key frame."""
        ...

    def append(self, key: StreamKey, fragment: Fragment) -> None:
        """Write *fragment* behind what the open segment holds."""
        ...

    def close_segment(self, key: StreamKey, *, end_us: int) -> None:
        """End the open segment at *end_us*; the next one may begin there without a hole."""
        ...

    def gap(self, key: StreamKey, *, start_us: int, reason: GapReason, title: str) -> None:
        """From *start_us* on there is no footage, because of *reason*, until the next segment opens.

        A further call before that ends the first gap where the second begins.
        """
        ...

    def flush(self) -> None:
        """Let the writer begin with what was called since the last flush; until then it may sleep.

        Called once a sweep: a writer woken for each fragment would take turns with the media thread, which costs both.
        """
        ...

    def request_group(self, key: StreamKey, answer: "GroupAnswer") -> None:
        """Call *answer* on the writer's thread once all earlier fragments are on file, with the stored fragments since
        the last key frame and the start of their segment; with empty bytes where nothing is being recorded.
        """
        ...


class GroupAnswer(Protocol):
    """What receives the stored part of the current group of pictures."""

    def __call__(self, fragments: bytes, segment_start_us: int) -> None: ...
