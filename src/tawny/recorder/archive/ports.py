"""What the archive asks of the machine: files that can be made safe, and an index that changes all at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from tawny.recorder.archive.model import Gone, NamedGap, Segment, StreamKey


class Space(NamedTuple):
    """Room on a volume: all of it, and what an ordinary user may still fill."""

    total_bytes: int
    free_bytes: int


class Files(Protocol):
    """Changes to files. Each raises OSError where the machine refuses, having done all, nothing or, for `write`, a part.

    Nothing survives a power cut until `sync_volume` (contents) and `sync_directory` (names) returned.
    """

    def create(self, path: Path) -> int:
        """Make the file *path* and return a descriptor to append to and read from; FileExistsError where there is one."""
        ...

    def write(self, descriptor: int, buffers: Sequence[bytes]) -> None:
        """Append all *buffers*. After an OSError any part of them may be in the file."""
        ...

    def read(self, descriptor: int, offset: int, size: int) -> bytes:
        """Up to *size* bytes from *offset* on."""
        ...

    def truncate(self, path: Path, size: int) -> None:
        """Cut the file to *size* bytes."""
        ...

    def close(self, descriptor: int) -> None:
        """Give the descriptor back."""
        ...

    def append(self, path: Path, data: bytes) -> None:
        """Append *data* to *path*, which is made where missing; on OSError nothing of it stays, as far as the disk lets us."""
        ...

    def replace(self, path: Path, data: bytes) -> None:
        """Put *data* in the place of what *path* holds; after a crash it holds either, whole. It is safe on return."""
        ...

    def make_directory(self, path: Path) -> bool:
        """Make the directory *path* and its missing parents; whether it was missing."""
        ...

    def remove_directory(self, path: Path) -> bool:
        """Remove *path* where it is empty; whether it is gone."""
        ...

    def unlink(self, path: Path) -> None:
        """Remove the file *path*; nothing happens where there is none."""
        ...

    def sync_directory(self, path: Path) -> None:
        """Make the names in *path* safe; nothing happens where it is gone."""
        ...

    def sync_volume(self, path: Path) -> None:
        """Make everything written to the volume of *path* safe; OSError where some of it could not be, also before this call."""
        ...

    def leave(self, path: Path) -> None:
        """Hold nothing open of the volume of *path* on the calling thread, so that it can be unmounted."""
        ...

    def allocate(self, path: Path, size: int) -> None:
        """Make a file of *size* bytes that really take up room."""
        ...

    def identity(self, path: Path) -> str | None:
        """The id of the volume whose root *path* is; None where there is none."""
        ...

    def space(self, path: Path) -> Space:
        """How much room there is on the volume of *path*."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentOpened:
    """There is a segment file, being written."""

    segment: Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentClosed:
    """A segment is complete: its footage joins the spans. *table* is `fragment_table`'s, *leaves* are the tree's, end to end."""

    segment: Segment
    table: bytes | None
    leaves: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionMarked:
    """The segment's file may be gone from now on."""

    segment: Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentForgotten:
    """The segment's file is gone. Where *deleted*, its time counts as deleted footage; else there never was any in it."""

    segment: Segment
    deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FootageGone:
    """Footage of the stream from *start_us* to *end_us* was there once; no segment up to then has a higher
    *sequence*.
    """

    key: StreamKey
    start_us: int
    end_us: int
    why: Gone
    sequence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRecorded:
    """A gap began, or (with *end_us*) ended."""

    gap: NamedGap


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """The recorder ran at this moment, with so much unsynced."""

    utc_us: int
    unsynced_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeRead:
    """All that the ledgers and files of a volume tell is in the index."""

    volume: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeSeen:
    """Whether a volume is *there*: what is on one that is not can't be shown."""

    volume: str
    there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeForgotten:
    """A volume is no longer read: up to *number* of its segments go from the index; it is gone too when there are fewer."""

    volume: str
    number: int


Change = (
    SegmentOpened
    | SegmentClosed
    | DeletionMarked
    | SegmentForgotten
    | FootageGone
    | GapRecorded
    | Alive
    | VolumeRead
    | VolumeSeen
    | VolumeForgotten
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamState:
    """What the index knows of a stream: the highest sequence given to a segment, and the end of what it has of it."""

    key: StreamKey
    sequence: int
    last_start_us: int  # of its newest segment; 0 where there is none
    known_until_us: int  # the last end of a segment or gap, or the start of one that is open; 0 where there is none
    size_bytes: int
    segments: int


class Index(Protocol):
    """What the archive holds, for quick answers; it can be made again from files and ledgers.

    Invariant: every change applied is wholly in the index or not at all, also after a crash.
    """

    def apply(self, changes: Iterable[Change]) -> None:
        """Apply *changes* in order, all or none; applying one again changes nothing. OSError where it can't be written."""
        ...

    def streams(self) -> list[StreamState]:
        """Every stream that was ever recorded, or has a gap."""
        ...

    def open_segments(self) -> list[Segment]:
        """Segments that were opened and not closed."""
        ...

    def marked_segments(self) -> list[Segment]:
        """Segments marked for deletion, oldest first."""
        ...

    def starts_since(self, key: StreamKey, since_us: int) -> set[int]:
        """The starts of the stream's segments from *since_us* on."""
        ...

    def oldest(
        self, number: int, *, volume: str | None = None, camera: str | None = None, since_us: int = 0
    ) -> list[Segment]:
        """The *number* oldest closed segments that are not marked and start at *since_us* or later, over all volumes and cameras
        or those of one.
        """
        ...

    def size(self, *, from_us: int, to_us: int, camera: str | None = None, volume: str | None = None) -> int:
        """The bytes of the closed segments, not marked, that have footage of the range."""
        ...

    def knows(self, volume: str) -> bool:
        """Whether all that is on *volume* was put into this index."""
        ...

    def leaving(self, volume: str, why: Gone) -> list[FootageGone]:
        """What has to be told when *volume* goes: that its footage is gone and *why*, and what was gone before, for its ledgers go with it."""
        ...

    def volume_sizes(self) -> dict[str, int]:
        """The bytes of the closed and marked segments on each volume; quick, however many there are."""
        ...

    def newest_starts(self, volume: str) -> dict[str, int]:
        """The start of the newest closed segment of each camera on *volume*."""
        ...

    def open_gaps(self) -> list[NamedGap]:
        """Gaps that last."""
        ...

    def alive_us(self) -> int | None:
        """The last moment at which the recorder said that it runs."""
        ...

    def close(self) -> None:
        """Give everything back; the index is whole on disk."""
        ...
