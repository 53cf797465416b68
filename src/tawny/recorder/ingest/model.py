"""Values of ingest: what to connect to, what its state is, and who watches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from tawny.wire.media import AudioFormat, VideoFormat
from tawny.wire.moments import rfc3339
from tawny.wire.tries import Tries

Unwatch = Callable[[], None]


class MediaTransport(StrEnum):
    """How media shall come.

    *automatic* is TCP, and UDP from a camera that refuses TCP; *udp* falls back to TCP; *http* is RTSP through HTTP, or
    HTTPS where the address begins with ``rtsps://``.
    """

    AUTOMATIC = "automatic"
    UDP = "udp"
    HTTP = "http"


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraSource:
    """A camera to connect to. *record* False: a trial, live only.

    *fingerprint* is the SHA-256 of the certificate that it must show where an address begins with ``rtsps://``.
    *allow_basic*: without TLS too the password may be sent as it is, to a camera that asks for that. *tries*: the
    wrong logins that it may still be sent, of a camera on trial.
    """

    camera: str
    main_url: str
    sub_url: str | None
    user: str
    password: str
    sound: bool
    record: bool
    transport: MediaTransport = MediaTransport.AUTOMATIC
    fingerprint: str = ""
    allow_basic: bool = False
    tries: Tries | None = field(default=None, compare=False, repr=False)


class Phase(StrEnum):
    """Where a camera stands; *waiting* is for the next attempt after a failure."""

    ONLINE = "online"
    CONNECTING = "connecting"
    WAITING = "waiting"
    DISABLED = "disabled"


class Trouble(StrEnum):
    """Kinds of failure, for callers that act on them; the words for people are in `CameraState.title`."""

    NONE = ""
    ADDRESS = "address"  # no such host, or the URL is none
    UNREACHABLE = "unreachable"  # no answer, or refused
    NOT_RTSP = "not_rtsp"
    CREDENTIALS = "credentials"
    BASIC_ONLY = "basic_only"  # it wants the password readable, and nobody has allowed that
    NOT_FOUND = "not_found"
    NO_VIDEO = "no_video"
    CODEC = "codec"
    CERTIFICATE = "certificate"  # unknown, or another than before
    IDENTITY = "identity"  # another device answers at the camera's address
    SILENT = "silent"
    NO_KEY_FRAME = "no_key_frame"
    CLOSED = "closed"
    BAD_STREAM = "bad_stream"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraState:
    """A camera's state as a person reads it (`docs/design/programs.md`, Camera.state); times in utc_us.

    *certificate* is the fingerprint of the one that is not known, to be confirmed, *shown* all of it (DER).
    """

    phase: Phase
    since_us: int
    title: str = ""
    remedy: str = ""
    kind: Trouble = Trouble.NONE
    retry_at_us: int | None = None
    certificate: str = ""
    shown: bytes = field(default=b"", repr=False)

    def document(self) -> dict[str, str | None]:
        """The state as JSON."""
        return {
            "phase": str(self.phase),
            "since": rfc3339(self.since_us),
            "title": self.title,
            "remedy": self.remedy,
            "kind": str(self.kind),
            "retry_at": None if self.retry_at_us is None else rfc3339(self.retry_at_us),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamStatus:
    """What one stream delivers: measured rates, and packets lost since it connected.

    *key_frame_s* is the time between the last two key frames, None until there were two.
    """

    video: VideoFormat
    audio: AudioFormat | None
    fps: float
    bits_per_second: int
    lost_packets: int
    recording: bool
    key_frame_s: float | None = None


class FeedSubscriber(Protocol):
    """Who watches one stream live. Called from the media thread; must return at once and never raise."""

    def put(self, messages: Sequence[bytes]) -> None:
        """Take encoded feed messages (`wire.feed`), in order: FORMAT first, no unit missing or twice."""
        ...
