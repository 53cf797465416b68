"""The port to a camera's stream that plays: what the media loop reads and writes."""

from dataclasses import dataclass
from typing import Protocol

from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.model import CameraSource
from tawny.wire.depacketize.audio import AudioDepacketizer
from tawny.wire.depacketize.interleaved import InterleavedReceiver
from tawny.wire.depacketize.metadata import MetadataDepacketizer
from tawny.wire.depacketize.video import PictureDepacketizer
from tawny.wire.media import AudioFormat, MetadataFormat


class Link(Protocol):
    """The bytes of one connection. Nothing here ever blocks."""

    def receive(self, view: memoryview) -> int | None:
        """Fill *view* from its start; how many bytes, 0 where the camera closed, None where nothing is there."""
        ...

    def keepalive(self) -> None:
        """Ask the camera to go on."""
        ...

    def reply(self, head: bytes) -> None:
        """Take an RTSP message that stood between the media; raises Failure where it says that the session ended."""
        ...

    def close(self) -> None:
        """Say goodbye where that doesn't block, and close."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioTrack:
    """How a stream's sound is read: *frame_ticks* of the format's rate an access unit, 0 where its bytes tell."""

    format: AudioFormat
    depacketizer: AudioDepacketizer
    clock_rate: int
    frame_ticks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataTrack:
    """How a stream's documents are read."""

    format: MetadataFormat
    depacketizer: MetadataDepacketizer
    clock_rate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A stream that plays, ready for the media loop; *unread* came with the last handshake reply.

    *hasty*: it must be read more often than the tick, for what it waits in is small.
    """

    link: Link
    receiver: InterleavedReceiver
    audio: AudioTrack | None
    metadata: MetadataTrack | None = None
    unread: bytes
    keepalive_s: float
    hasty: bool = False

    @property
    def video(self) -> PictureDepacketizer:
        """What makes the pictures; another one from when the camera's codec changes."""
        return self.receiver.video


class Camera(Protocol):
    """How to get a connection."""

    def connect(self, source: CameraSource, key: StreamKey) -> Connection:
        """Connect and make the stream play; blocks for seconds at most. Raises Failure."""
        ...
