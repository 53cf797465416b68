"""What is said on the sockets ``/api/v1/media`` and ``/api/v1/events``, apart from the pictures themselves.

Pictures are binary messages (`tawny.wire.media_socket`); everything here is JSON text.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field, TypeAdapter

from tawny.hub.servers.event_schema import CameraEvent
from tawny.hub.servers.export_schema import Export
from tawny.hub.servers.schema import (
    PATH_ID,
    Answer,
    Body,
    Camera,
    CameraState,
    GapReason,
    Problem,
    Recorder,
    StreamName,
)
from tawny.hub.servers.storage_schema import Storage
from tawny.wire.media_socket import MAX_SUBSCRIPTION

SubscriptionNumber = Annotated[int, Field(ge=1, le=MAX_SUBSCRIPTION)]
CameraId = Annotated[str, Field(pattern=PATH_ID)]


class OpenLive(Body):
    """Show what happens now."""

    type: Literal["open"]
    subscription: SubscriptionNumber
    camera: CameraId
    stream: StreamName
    mode: Literal["live"]
    audio: bool = False


def _playable(speed: float) -> float:
    if not (0.125 <= speed <= 32 or -4 <= speed <= -1):
        raise ValueError("a speed is from 0.125 to 32, or from -1 to -4")
    return speed


class OpenPlayback(Body):
    """Show what was, from the key frame at or before *from* up to *until*; back to *until* where *speed* is negative."""

    type: Literal["open"]
    subscription: SubscriptionNumber
    camera: CameraId
    stream: StreamName
    mode: Literal["playback"]
    start: Annotated[AwareDatetime, Field(alias="from")]
    until: AwareDatetime
    audio: bool = True
    speed: Annotated[float, Field(ge=-4, le=32), AfterValidator(_playable)] = 1
    frames: Literal["all", "key"] | None = None


class Until(Body):
    """Go on sending a playback up to *until*."""

    type: Literal["until"]
    subscription: SubscriptionNumber
    until: AwareDatetime


class Close(Body):
    """End a subscription; its number is free again."""

    type: Literal["close"]
    subscription: SubscriptionNumber


Open = Annotated[OpenLive | OpenPlayback, Field(discriminator="mode")]
MediaRequest = Annotated[Open | Until | Close, Field(discriminator="type")]
MEDIA_REQUEST: TypeAdapter[OpenLive | OpenPlayback | Until | Close] = TypeAdapter(MediaRequest)


class TrackNote(Answer):
    """One track of a subscription: video has a size, audio a rate."""

    codec: str
    codec_string: str
    width: int | None = None
    height: int | None = None
    sample_rate: int | None = None
    channels: int | None = None


class OpenedNote(Answer):
    """Media follows: media time 0 is *origin_us*; comes again when the format or the origin changes."""

    type: Literal["opened"]
    subscription: int
    origin_us: int
    camera: str
    stream: StreamName
    tracks: dict[str, TrackNote]


class GapNote(Answer):
    """Between the two moments there is no footage."""

    type: Literal["gap"]
    subscription: int
    start: Annotated[AwareDatetime, Field(alias="from")]
    end: Annotated[AwareDatetime, Field(alias="to")]
    reason: GapReason
    title: str


class SkippedNote(Answer):
    """The reader was slow: it goes on at a key frame."""

    type: Literal["skipped"]
    subscription: int


class StateNote(Answer):
    """The camera's state changed."""

    type: Literal["state"]
    subscription: int
    state: CameraState


class EndNote(Answer):
    """Playback has reached the end: the camera is not being recorded."""

    type: Literal["end"]
    subscription: int


class ProblemNote(Answer):
    """Something is wrong with a subscription, or with the request (subscription 0)."""

    type: Literal["problem"]
    subscription: int
    problem: Problem


MediaNote = Annotated[
    OpenedNote | GapNote | SkippedNote | StateNote | EndNote | ProblemNote, Field(discriminator="type")
]


class RemovedCamera(Answer):
    """A camera that is there no more."""

    id: str
    removed: Literal[True]


class CameraChange(Answer):
    """A camera as it is now."""

    change: Literal["camera"]
    value: Camera | RemovedCamera


class RecorderChange(Answer):
    """The recorder as it is now."""

    change: Literal["recorder"]
    value: Recorder


class StorageChange(Answer):
    """Storage as it is now."""

    change: Literal["storage"]
    value: Storage


class Connection(Answer):
    """Whether the recorder can be reached."""

    connected: bool


class RemovedExport(Answer):
    """An export that is there no more."""

    id: str
    removed: Literal[True]


class ExportChange(Answer):
    """An export as it is now; told at most once a second while it runs."""

    change: Literal["export"]
    value: Export | RemovedExport


class EventChange(Answer):
    """An event as it begins, and again as it ends. Unlike the rest it is told only to who listens then."""

    change: Literal["event"]
    value: CameraEvent


class ConnectionChange(Answer):
    """The way between hub and recorder opened or closed."""

    change: Literal["connection"]
    value: Connection


ChangeMessage = Annotated[
    CameraChange | RecorderChange | StorageChange | ExportChange | EventChange | ConnectionChange,
    Field(discriminator="change"),
]

SOCKET_MESSAGES: Mapping[str, TypeAdapter[Any]] = {
    "MediaRequest": TypeAdapter(MediaRequest),
    "MediaNote": TypeAdapter(MediaNote),
    "ChangeMessage": TypeAdapter(ChangeMessage),
}
"""The unions a reader of the sockets meets, by the name they have in the OpenAPI document."""
