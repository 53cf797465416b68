"""What the HTTP API takes and gives: the source of the OpenAPI document and of the web app's types.

Answers about cameras and footage come from the recorder and pass through as they are; these models state their form.
Requests are read strictly: unknown members are refused, so that a misspelt one is noticed.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from tawny.wire.media import AudioCodec, StreamName, VideoCodec

PATH_ID = r"^[A-Za-z0-9_]{1,64}$"

Name = Annotated[str, Field(min_length=1, max_length=64)]
Url = Annotated[str, Field(min_length=1, max_length=2048)]
SubUrl = Annotated[str, Field(max_length=2048)]  # empty: none
DepthDays = Annotated[int, Field(ge=1, le=360)]
Credential = Annotated[str, Field(max_length=128)]
Fingerprint = Annotated[str, Field(max_length=128)]  # of a certificate (SHA-256); empty: none is expected


class Answer(BaseModel):
    """What the API gives."""

    model_config = ConfigDict(frozen=True)


class Body(BaseModel):
    """What the API takes."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)


class Problem(BaseModel):
    """A problem document (RFC 9457): *title* is a sentence for a person, *detail* what to do about it."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str | None = None
    field: str | None = None


class Health(Answer):
    """The hub answers."""

    status: Literal["ok"]


class User(Answer):
    """Who is signed in."""

    name: str


class SessionState(Answer):
    """Whether the owner must still be made, and who is signed in."""

    setup_required: bool
    user: User | None


class Login(Body):
    """Sign in."""

    user: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=256)]


class Setup(Body):
    """Make the owner with the one-time set-up code."""

    code: Annotated[str, Field(min_length=1, max_length=32)]
    user: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=256)]


class Token(Answer):
    """The session's secret: also set as a cookie; scripts send it as ``Authorization: Bearer``."""

    token: str


class Session(Answer):
    """One place where a person is signed in."""

    id: str
    created_at: AwareDatetime
    last_seen_at: AwareDatetime
    expires_at: AwareDatetime
    user_agent: str
    current: bool


class Sessions(Answer):
    """Where the person asking is signed in."""

    items: list[Session]


class Phase(StrEnum):
    """What a camera's connection is doing."""

    ONLINE = "online"
    CONNECTING = "connecting"
    WAITING = "waiting"
    DISABLED = "disabled"


class CameraKind(StrEnum):
    """How a camera is spoken to."""

    ONVIF = "onvif"
    RTSP = "rtsp"


class Transport(StrEnum):
    """How a camera's media come."""

    AUTOMATIC = "automatic"
    UDP = "udp"
    HTTP = "http"


class CameraState(Answer):
    """How a camera is: *title* is a plain sentence, *remedy* what to do about it (empty: nothing), *kind* for programs."""

    phase: Phase
    since: AwareDatetime
    title: str
    remedy: str
    kind: str
    retry_at: AwareDatetime | None


class DevicePhase(StrEnum):
    """What the ONVIF side of a camera is doing; none where it has no such side."""

    NONE = "none"
    CONNECTING = "connecting"
    SETTING_UP = "setting_up"
    ONLINE = "online"
    WAITING = "waiting"


class DeviceState(Answer):
    """How the ONVIF side of a camera is: settings, events and steering go through it, pictures do not."""

    phase: DevicePhase
    since: AwareDatetime
    title: str
    remedy: str
    kind: str
    retry_at: AwareDatetime | None


class AudioStream(Answer):
    """The sound that comes with a stream."""

    codec: AudioCodec
    sample_rate: int
    channels: int


class Stream(Answer):
    """What a camera sends."""

    codec: VideoCodec
    codec_string: str
    width: int
    height: int
    fps: float | None
    bits_per_second: int | None
    audio: AudioStream | None
    lost_packets: int
    recording: bool


class Streams(Answer):
    """A camera's streams, null where there is none or it has not come yet."""

    main: Stream | None
    sub: Stream | None


class Camera(Answer):
    """A camera; addresses stand without user and password, *sub_url* is empty where there is none.

    *depth_days* is how long its footage is kept, null where it is as long as the recorder's; *clock_offset_s* is its
    clock minus the recorder's, null where it is not known. What a camera does not tell of itself is empty.
    """

    id: str
    kind: CameraKind
    name: str
    enabled: bool
    sound: bool
    url: str
    sub_url: str
    user: str
    added_at: AwareDatetime
    depth_days: int | None
    make: str
    model: str
    firmware: str
    serial: str
    mac: str
    uuid: str
    host: str
    transport: Transport
    allow_basic: bool
    fingerprint: str
    ptz: bool
    clock_offset_s: float | None
    state: CameraState
    device: DeviceState
    streams: Streams


class Cameras(Answer):
    """All cameras."""

    items: list[Camera]


class ChangeCamera(Body):
    """What shall be different; members left out stay as they are.

    A *depth_days* of null is the recorder's. A lower one than now needs *own_password*, the password of who asks
    (*password* is the camera's). *allow_basic* lets that be sent readable to a camera that asks for it so. *accept* takes the certificate, or the device, that is there now for the right one.
    """

    name: Name | None = None
    enabled: bool | None = None
    sound: bool | None = None
    url: Url | None = None
    sub_url: SubUrl | None = None
    user: Credential | None = None
    password: Credential | None = None
    transport: Transport | None = None
    allow_basic: bool | None = None
    depth_days: DepthDays | None = None
    accept: Literal["certificate", "identity"] | None = None
    own_password: Annotated[str, Field(min_length=1, max_length=256)] | None = None


class ArchivePhase(StrEnum):
    """Whether footage is being kept."""

    RECORDING = "recording"
    LIVE_ONLY = "live_only"
    FAILED = "failed"


class ArchiveState(Answer):
    """How the archive is, with words for people (empty: nothing to do)."""

    phase: ArchivePhase
    title: str
    remedy: str


class Archive(Answer):
    """What is kept, and how safely."""

    oldest: AwareDatetime | None
    depth_days: float
    bytes: int
    limit_bytes: int | None
    state: ArchiveState
    queue_s: float
    unsynced_s: float


class CameraCount(Answer):
    """How many cameras are online, of how many."""

    online: int
    total: int


class Volume(Answer):
    """The disk under the archive."""

    total_bytes: int
    free_bytes: int


class Alarm(Answer):
    """Something a person must look after."""

    id: str
    kind: str
    severity: Literal["alarm", "warning"]
    since: AwareDatetime
    title: str
    remedy: str
    volume: str | None
    camera: str | None


class Recorder(Answer):
    """The recorder as a whole."""

    id: str
    name: str
    version: str
    started_at: AwareDatetime
    uptime_s: float
    time_zone: str
    cameras: CameraCount
    archive: Archive
    volume: Volume | None
    alarms: list[Alarm]


class GapReason(StrEnum):
    """Why there is no footage."""

    NOT_ADDED = "not_added"
    DISABLED = "disabled"
    CAMERA_LOST = "camera_lost"
    CAMERA_REFUSED = "camera_refused"
    CAMERA_SILENT = "camera_silent"
    RESTART = "restart"
    DISK = "disk"
    OVERLOAD = "overload"
    CLOCK = "clock"
    DELETED = "deleted"
    UNKNOWN = "unknown"


class SpanKind(StrEnum):
    """What made the recorder keep it."""

    CONTINUOUS = "continuous"


class Span(Answer):
    """Footage without a hole."""

    start: Annotated[AwareDatetime, Field(alias="from")]
    end: Annotated[AwareDatetime, Field(alias="to")]
    kind: SpanKind


class Gap(Answer):
    """No footage, and why: *title* is a plain sentence."""

    start: Annotated[AwareDatetime, Field(alias="from")]
    end: Annotated[AwareDatetime, Field(alias="to")]
    reason: GapReason
    title: str


class Timeline(Answer):
    """What there is between two moments: every moment since the camera was added is in a span or a gap."""

    start: Annotated[AwareDatetime, Field(alias="from")]
    end: Annotated[AwareDatetime, Field(alias="to")]
    spans: list[Span]
    gaps: list[Gap]


class Moment(Answer):
    """A place in the footage worth going to; *reason* says why there is a gap, where it is one."""

    at: AwareDatetime | None
    reason: GapReason | None = None


class Days(Answer):
    """Days with footage, as ``YYYY-MM-DD`` in the time zone asked for."""

    items: list[str]


__all__ = ["PATH_ID", "Answer", "Body", "StreamName"]
