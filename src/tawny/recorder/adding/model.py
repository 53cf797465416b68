"""What is told of a camera before it is added: the values of `Report` and `Trouble item` (docs/design/programs.md)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from tawny.wire.media import AudioFormat, VideoFormat
from tawny.wire.moments import rfc3339

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedStream:
    """A stream as the camera states it. *uri* has no login in it; *encoder* is the token of its configuration."""

    profile: str
    uri: str
    codec: str = ""
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    bits_per_second: int | None = None
    key_frame_s: float | None = None
    audio: str | None = None

    def document(self) -> Document:
        """The stream as JSON."""
        return {
            "profile": self.profile,
            "uri": self.uri,
            "codec": self.codec,
            "width": self.width,
            "height": self.height,
            "fps": self.fps,
            "bits_per_second": self.bits_per_second,
            "key_frame_s": self.key_frame_s,
            "audio": self.audio,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One picture of a device: *channel* is the token of its video source."""

    channel: str
    name: str
    main: ReportedStream | None = None
    sub: ReportedStream | None = None
    ptz: bool = False

    def document(self, *, added: str | None) -> Document:
        """The channel as JSON; *added* is the camera that records it already."""
        return {
            "channel": self.channel,
            "name": self.name,
            "main": None if self.main is None else self.main.document(),
            "sub": None if self.sub is None else self.sub.document(),
            "ptz": self.ptz,
            "added": added,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraClock:
    """A camera's clock: *offset_s* is it minus ours, *source* "ntp" or "manual"."""

    offset_s: float
    zone: str = ""
    source: str | None = None

    def document(self) -> Document:
        """The clock as JSON."""
        return {"offset_s": self.offset_s, "zone": self.zone, "source": self.source}


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The certificate that a camera shows: who it says to be, and until when."""

    fingerprint: str
    subject: str = ""
    not_after_us: int | None = None

    def document(self) -> Document:
        """The certificate as JSON."""
        not_after = None if self.not_after_us is None else rfc3339(self.not_after_us)
        return {"fingerprint": self.fingerprint, "subject": self.subject, "not_after": not_after}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is on the camera's own card."""

    recordings: int
    oldest_us: int | None = None
    newest_us: int | None = None

    def document(self) -> Document:
        """The card as JSON."""
        oldest, newest = (None if us is None else rfc3339(us) for us in (self.oldest_us, self.newest_us))
        return {"recordings": self.recordings, "oldest": oldest, "newest": newest}


class How(StrEnum):
    """How a camera answered."""

    ONVIF = "onvif"
    RTSP = "rtsp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a camera is and offers, as far as it tells: what failed is absent, and named in *unread*."""

    how: How
    address: str
    make: str = ""
    model: str = ""
    firmware: str = ""
    hardware: str = ""
    serial: str = ""
    mac: str = ""
    uuid: str = ""
    name: str = ""
    authentication: str = ""
    certificate: Certificate | None = None
    clock: CameraClock | None = None
    channels: tuple[Channel, ...] = ()
    events: tuple[str, ...] = ()
    inputs: int = 0
    relays: int = 0
    talk: bool = False
    metadata: bool = False
    analytics: bool = False
    storage: Card | None = None
    unread: tuple[str, ...] = ()

    def channel(self, token: str) -> Channel | None:
        """The channel of that token; the first one where *token* is empty."""
        return next((each for each in self.channels if token in {"", each.channel}), None)

    def document(self, *, added: dict[str, str] | None = None) -> Document:
        """The report as JSON; *added* names the camera of each channel that is recorded already."""
        return {
            "how": str(self.how),
            "make": self.make,
            "model": self.model,
            "firmware": self.firmware,
            "hardware": self.hardware,
            "serial": self.serial,
            "mac": self.mac,
            "uuid": self.uuid,
            "name": self.name,
            "address": self.address,
            "authentication": self.authentication,
            "certificate": None if self.certificate is None else self.certificate.document(),
            "clock": None if self.clock is None else self.clock.document(),
            "channels": [each.document(added=(added or {}).get(each.channel)) for each in self.channels],
            "events": list(self.events),
            "inputs": self.inputs,
            "relays": self.relays,
            "talk": self.talk,
            "metadata": self.metadata,
            "analytics": self.analytics,
            "storage": None if self.storage is None else self.storage.document(),
        }


class Formats(NamedTuple):
    """What a stream is, as far as its description tells."""

    video: VideoFormat | None
    audio: AudioFormat | None


class Severity(StrEnum):
    """How bad a problem is: an *error* keeps the camera from being recorded."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Fix(StrEnum):
    """What may be put right from here."""

    LOGIN = "login"
    SET_PASSWORD = "set_password"  # noqa: S105 - the name of a fix
    CREATE_USER = "create_user"
    ACCEPT_CERTIFICATE = "accept_certificate"
    ALLOW_BASIC = "allow_basic"
    SET_CLOCK = "set_clock"
    H264 = "h264"
    KEY_FRAMES = "key_frames"


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleItem:
    """Something that is wrong with a camera, and what to do about it. *channel* is None where it is about the device."""

    id: str
    severity: Severity
    title: str
    remedy: str = ""
    fix: Fix | None = None
    minutes: int | None = None
    channel: str | None = None

    def document(self) -> Document:
        """The item as JSON."""
        return {
            "id": self.id,
            "severity": str(self.severity),
            "title": self.title,
            "remedy": self.remedy,
            "fix": None if self.fix is None else str(self.fix),
            "minutes": self.minutes,
            "channel": self.channel,
        }
