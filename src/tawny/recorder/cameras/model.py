"""Values of the recorder's settings, and the port to where they are kept."""

from dataclasses import dataclass, field, fields, replace
from typing import Any, Protocol
from urllib.parse import urlsplit

from tawny.recorder.ingest.model import MediaTransport
from tawny.recorder.onvif.model import DeviceAddress, Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class OnvifSource:
    """The ONVIF side of a camera: where it is, and which of its streams are recorded (tokens of its own making).

    *channel* is the video source, empty where it has no more than one; *sub_profile* is empty where there is no sub
    stream.
    """

    address: DeviceAddress
    main_profile: str
    sub_profile: str = ""
    channel: str = ""
    ptz: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A camera as a person has set it up. *url* and *sub_url* hold no user and no password; *sub_url* may be empty.

    *device* is None for a camera that is known by RTSP alone. *identity* is who was met when it was added, or accepted
    since; of an RTSP camera it may hold a MAC only. *fingerprint* is the SHA-256 of the certificate that was confirmed.
    *allow_basic*: a person agreed that the password may be sent as it is.
    """

    id: str
    name: str
    url: str
    sub_url: str
    user: str
    password: str = field(repr=False)
    enabled: bool = True
    sound: bool = False
    added_us: int
    depth_days: int | None = None  # None: as deep as the recorder's
    device: OnvifSource | None = None
    identity: Identity = field(default_factory=Identity)
    transport: MediaTransport = MediaTransport.AUTOMATIC
    fingerprint: str = ""
    allow_basic: bool = False

    @property
    def host(self) -> str:
        """Where it is: the host of its ONVIF side, else of its stream."""
        return self.device.address.host if self.device else urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How to get at a camera, as it was found out or typed: members as in `Camera`."""

    url: str
    sub_url: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    device: OnvifSource | None = None
    identity: Identity = field(default_factory=Identity)
    transport: MediaTransport = MediaTransport.AUTOMATIC
    fingerprint: str = ""
    allow_basic: bool = False

    def on(self, camera: Camera) -> Camera:
        """*camera*, got at this way."""
        return replace(camera, **{each.name: getattr(self, each.name) for each in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedCamera:
    """A camera that was removed, of which footage may be left."""

    id: str
    name: str
    added_us: int
    removed_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """What this recorder is called, for itself and for people."""

    id: str
    name: str
    time_zone: str


class Settings(Protocol):
    """Where settings are kept. What `save` and `forget` did is still so after a power cut."""

    def recorder(self) -> Recorder:
        """Who we are; the id is the same at every call and every start."""
        ...

    def cameras(self) -> list[Camera]:
        """Every camera, in the order in which they were added."""
        ...

    def save(self, camera: Camera) -> None:
        """Keep *camera*, in place of the one with its id where there is one."""
        ...

    def forget(self, camera_id: str, *, removed_us: int) -> None:
        """Keep of that camera its id, its name and since when it is gone, nothing else, its password least of all.

        Nothing happens where there is none.
        """
        ...

    def removed(self) -> list[RemovedCamera]:
        """The cameras that were forgotten, the latest first."""
        ...

    def value(self, name: str) -> Any:
        """The JSON value last kept under *name*, None where there is none."""
        ...

    def set_value(self, name: str, value: Any) -> None:
        """Keep the JSON *value* under *name*. Problem(UNAVAILABLE) where it can't be kept."""
        ...
