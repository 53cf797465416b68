"""Values of the event log, and the port to where it is kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from tawny.wire.moments import rfc3339

Document = dict[str, Any]


class Kind(StrEnum):
    """What an event is about. The words are part of the API's contract (`docs/design/programs.md`, Event)."""

    MOTION = "motion"
    PERSON = "person"
    PET = "pet"
    VEHICLE = "vehicle"
    FACE = "face"
    PLATE = "plate"
    OBJECT = "object"
    LINE = "line"
    AREA = "area"
    LOITERING = "loitering"
    TAMPER = "tamper"
    BLUR = "blur"
    DARK = "dark"
    BRIGHT = "bright"
    AUDIO = "audio"
    INPUT = "input"
    RELAY = "relay"
    STORAGE = "storage"
    NETWORK = "network"
    DEVICE = "device"
    STATE = "state"
    OTHER = "other"


class By(StrEnum):
    """Who noticed."""

    CAMERA = "camera"
    RECORDER = "recorder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at a camera; times are microseconds since 1970 by the recorder's clock.

    *until_us* is None while it lasts, and *at_us* where it has no end. *camera_us* is what the camera wrote, by its own
    clock. *source* says where in the camera, *data* what else it told.
    """

    id: str
    camera: str
    kind: Kind
    title: str
    at_us: int
    until_us: int | None
    camera_us: int | None = None
    received_us: int
    topic: str = ""
    source: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    by: By = By.CAMERA

    def document(self) -> Document:
        """The event as JSON."""
        return {
            "id": self.id,
            "camera": self.camera,
            "kind": str(self.kind),
            "title": self.title,
            "at": rfc3339(self.at_us),
            "until": _moment(self.until_us),
            "camera_at": _moment(self.camera_us),
            "received_at": rfc3339(self.received_us),
            "topic": self.topic,
            "source": dict(self.source),
            "data": dict(self.data),
            "classes": list(self.classes),
            "by": str(self.by),
        }


def _moment(utc_us: int | None) -> str | None:
    return None if utc_us is None else rfc3339(utc_us)


class Direction(StrEnum):
    """Which way to look from a moment."""

    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The place of an event in the log: events that began at one moment are told apart by their number."""

    at_us: int
    number: int

    def __str__(self) -> str:
        return f"{self.at_us}-{self.number}"

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """What ``str`` wrote; ValueError where it is something else."""
        at, dash, number = text.partition("-")
        if not dash or len(text) > 40 or not (text.isascii() and at.isdigit() and number.isdigit()):
            raise ValueError("that is no place in the log of events")
        found = cls(at_us=int(at), number=int(number))
        if max(found.at_us, found.number) >= 2**63:
            raise ValueError("that is no place in the log of events")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events: empty *cameras* or *kinds* stand for all; *from_us* counts, *to_us* does not; those before *before*."""

    cameras: Collection[str] = ()
    kinds: Collection[Kind] = ()
    from_us: int = 0
    to_us: int | None = None
    before: Cursor | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Events, the newest first, and where to go on; *then* is None where there are no more."""

    events: tuple[Event, ...]
    then: Cursor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The event *id* lasts no longer."""

    id: str
    until_us: int


Change = Event | Ended  # what the log is told, in order


class EventStore(Protocol):
    """Where events are kept. Called from one thread at a time, which may be another each time; OSError where it fails."""

    def apply(self, changes: Sequence[Change]) -> None:
        """Keep new events and the ends of those that are kept: all of *changes*, or none where it raises."""
        ...

    def page(self, wanted: Wanted) -> Page:
        """The newest of the events that are wanted."""
        ...

    def near(self, camera: str, at_us: int, direction: Direction) -> int | None:
        """When the next event after *at_us* (or the last before it) at that camera began."""
        ...

    def settle(self) -> int:
        """End the events that still lasted when the last run ended, at the last moment the log knows of; how many."""
        ...

    def prune(self, *, before_us: int, most: int) -> int:
        """Forget events that ended before *before_us*, then what is above *most* and a little: the oldest of those who have the most."""
        ...

    def close(self) -> None:
        """Give the file back."""
        ...
