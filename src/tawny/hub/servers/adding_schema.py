"""What the API says of finding cameras, trying and keeping them, one by one or many; see `tawny.hub.servers.schema`.

*title* and *remedy* are sentences for a person, made by the recorder. A password is taken, and never given.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Discriminator, Field, Tag

from tawny.hub.servers.camera_schema import SettingResult, Settings
from tawny.hub.servers.schema import (
    PATH_ID,
    Answer,
    Body,
    Camera,
    CameraKind,
    CameraState,
    Credential,
    Fingerprint,
    Name,
    Streams,
    SubUrl,
    Transport,
    Url,
)

CameraId = Annotated[str, Field(pattern=PATH_ID)]
Address = Annotated[str, Field(min_length=1, max_length=2048)]
Channel = Annotated[str, Field(max_length=256)]  # a token of the camera's (a video source); of an RTSP camera "0"


class AddCameraByUrl(Body):
    """Add a camera by its RTSP address."""

    name: Name
    url: Url
    user: Credential = ""
    password: Credential = ""
    sub_url: SubUrl = ""
    sound: bool = False
    transport: Transport | None = None
    fingerprint: Fingerprint | None = None
    allow_basic: bool = False


class AddCameraByAddress(Body):
    """Add an ONVIF camera by its host, host and port, or device service; its first channel is taken."""

    name: Name
    address: Address
    user: Credential = ""
    password: Credential = ""
    sound: bool = False
    allow_basic: bool = False


class AddCameraFromTrial(Body):
    """Keep the channel of a trial that is being watched."""

    trial: Annotated[str, Field(pattern=PATH_ID)]
    name: Name
    sound: bool = False


def _way_of_adding(value: Any) -> str:
    members = value if isinstance(value, dict) else dir(value)
    return next((way for way in ("trial", "address") if way in members), "url")


AddCamera = Annotated[
    Annotated[AddCameraFromTrial, Tag("trial")]
    | Annotated[AddCameraByAddress, Tag("address")]
    | Annotated[AddCameraByUrl, Tag("url")],
    Discriminator(_way_of_adding),
]


class FoundDevice(Answer):
    """A camera in the network; *address* is for people and for a trial, *added* are the cameras that it already is.

    *gone* says that it has taken its leave since.
    """

    id: str
    kind: CameraKind
    name: str
    make: str
    model: str
    hardware: str
    address: str
    host: str
    mac: str
    uuid: str
    secure: bool
    added: list[str]
    gone: bool
    seen_at: AwareDatetime


class SearchedNetwork(Answer):
    """A network that was searched, and how: by asking all at once (*multicast*), or address by address (*scanned*)."""

    interface: str
    network: str
    multicast: bool
    scanned: bool
    title: str


class Discovery(Answer):
    """A search for cameras: the same for everybody who looks. *progress* goes from 0 to 1."""

    state: Literal["searching", "done", "stopped"]
    started_at: AwareDatetime | None
    progress: float
    title: str
    remedy: str
    networks: list[SearchedNetwork]
    items: list[FoundDevice]


class OpenTrial(Body):
    """Look at a camera before it is kept: *address* is as typed, found, or read from its QR code."""

    address: Address
    user: Credential = ""
    password: Credential = ""
    sub_url: SubUrl = ""
    transport: Transport | None = None
    fingerprint: Fingerprint | None = None
    allow_basic: bool = False


class TrialStep(StrEnum):
    """What a trial is doing."""

    LOOKING = "looking"
    CONNECTING = "connecting"
    READING = "reading"
    READY = "ready"
    FAILED = "failed"


class FixName(StrEnum):
    """What can be done about a trouble at once."""

    LOGIN = "login"
    SET_PASSWORD = "set_password"  # noqa: S105 - a fix, no password
    CREATE_USER = "create_user"
    ACCEPT_CERTIFICATE = "accept_certificate"
    ALLOW_BASIC = "allow_basic"
    SET_CLOCK = "set_clock"
    H264 = "h264"
    KEY_FRAMES = "key_frames"


class Trouble(Answer):
    """Something about a camera that its owner should know; *minutes* is how long a lock-out still lasts."""

    id: str
    severity: Literal["error", "warning", "info"]
    title: str
    remedy: str
    fix: FixName | None
    minutes: int | None
    channel: str | None


class Certificate(Answer):
    """The certificate that a camera showed."""

    fingerprint: str
    subject: str
    not_after: AwareDatetime | None


class DeviceClock(Answer):
    """A camera's clock; *offset_s* is the camera's time minus the recorder's."""

    offset_s: float
    zone: str
    source: Literal["ntp", "manual"] | None


class ReportedStream(Answer):
    """A stream as the camera states it; there is no login in *uri*."""

    profile: str
    uri: str
    codec: str
    width: int | None
    height: int | None
    fps: float | None
    bits_per_second: int | None
    key_frame_s: float | None
    audio: str | None


class ReportedChannel(Answer):
    """One picture of a device that may have several; *added* is the camera that it already is."""

    channel: str
    name: str
    main: ReportedStream | None
    sub: ReportedStream | None
    ptz: bool
    added: str | None


class CardStorage(Answer):
    """What the camera has recorded by itself."""

    recordings: int
    oldest: AwareDatetime | None
    newest: AwareDatetime | None


class Report(Answer):
    """What a camera is and can do, as it says itself."""

    how: CameraKind
    make: str
    model: str
    firmware: str
    hardware: str
    serial: str
    mac: str
    uuid: str
    name: str
    address: str
    authentication: str
    certificate: Certificate | None
    clock: DeviceClock | None
    channels: list[ReportedChannel]
    events: list[str]
    inputs: int
    relays: int
    talk: bool
    metadata: bool
    analytics: bool
    storage: CardStorage | None


class Trial(Answer):
    """A camera that is being tried: live under its id once *step* is ready, forgotten 120 s after it was last read."""

    id: str
    kind: CameraKind | None
    step: TrialStep
    title: str
    remedy: str
    since: AwareDatetime
    problems: list[Trouble]
    tries_left: int
    report: Report | None
    channel: str | None
    state: CameraState
    streams: Streams


class TrialLogin(Body):
    """Another login; the third and later ones only with *again*, since cameras lock out who guesses."""

    user: Credential
    password: Credential
    again: bool = False


class WatchChannel(Body):
    """Show another channel of the device."""

    channel: Channel


class FixTrial(Body):
    """Do something about a trouble; *user* and *password* go with those that set them, *fingerprint* is accepted."""

    fix: FixName
    user: Credential | None = None
    password: Credential | None = None
    fingerprint: Fingerprint | None = None


class KeptChannel(Body):
    """One channel that becomes a camera."""

    channel: Channel
    name: Name
    sound: bool = False


class KeepTrial(Body):
    """Keep channels of the device that was tried."""

    channels: Annotated[list[KeptChannel], Field(min_length=1, max_length=256)]


class KeptCameras(Answer):
    """The cameras that were made."""

    items: list[Camera]


class SwapCamera(Body):
    """Put the device that is being tried in the place of a camera, whose archive and settings stay."""

    trial: Annotated[str, Field(pattern=PATH_ID)]
    channel: Channel


class BatchLogin(Body):
    """A login that is tried on the cameras without one of their own."""

    user: Credential
    password: Credential


class BatchItem(Body):
    """One of many cameras to add."""

    address: Address
    name: Name
    user: Credential | None = None
    password: Credential | None = None
    channel: Channel | None = None
    sub_url: SubUrl | None = None
    sound: bool | None = None


class AddMany(Body):
    """Add many cameras; each is tried with at most two logins."""

    items: Annotated[list[BatchItem], Field(min_length=1, max_length=512)]
    logins: Annotated[tuple[BatchLogin, ...], Field(max_length=4)] = ()


class SetMany(Body):
    """Write the same settings to many cameras."""

    cameras: Annotated[list[CameraId], Field(min_length=1, max_length=512)]
    settings: Settings


class BatchState(StrEnum):
    """How far one of many is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    ALREADY = "already"
    FAILED = "failed"
    STOPPED = "stopped"


class BatchResult(Answer):
    """How one camera of many went."""

    address: str
    name: str
    state: BatchState
    camera: str | None
    title: str
    remedy: str
    results: list[SettingResult]


class Batch(Answer):
    """Many cameras at once: *done* of *total* have their result."""

    id: str
    kind: Literal["add", "settings"]
    state: Literal["running", "done", "stopped"]
    done: int
    total: int
    items: list[BatchResult]


class RemovedFootage(Answer):
    """A camera that was removed, of which footage is left."""

    id: str
    name: str
    added_at: AwareDatetime
    removed_at: AwareDatetime
    oldest: AwareDatetime | None
    newest: AwareDatetime | None
    bytes: int


class RemovedCameras(Answer):
    """Removed cameras of which footage is left."""

    items: list[RemovedFootage]


class LostCamera(Answer):
    """A camera that can't be reached, looked for by who it is."""

    camera: str
    name: str
    state: Literal["looking", "found", "not_found"]
    address: str
    by: Literal["uuid", "serial", "mac"] | None
    title: str


class Lost(Answer):
    """The search for all cameras that can't be reached."""

    state: Literal["searching", "done"]
    started_at: AwareDatetime | None
    items: list[LostCamera]
