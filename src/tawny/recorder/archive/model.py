"""Values of the archive, and the port through which ingest hands it fragments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
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
    UNKNOWN = "unknown"


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

    def request_group(self, key: StreamKey, answer: "GroupAnswer") -> None:
        """Call *answer* on the writer's thread once all earlier fragments are on file, with the stored fragments since
        the last key frame and the start of their segment; with empty bytes where nothing is being recorded.
        """
        ...


class GroupAnswer(Protocol):
    """What receives the stored part of the current group of pictures."""

    def __call__(self, fragments: bytes, segment_start_us: int) -> None: ...
