"""Fakes of what ingest reads: a link whose bytes a test gives, and cameras that answer as a test says."""

from collections.abc import Callable

from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.connection import AudioTrack, Connection, MetadataTrack
from tawny.recorder.ingest.model import CameraSource
from tawny.recorder.ingest.troubles import Failure
from tawny.wire.depacketize.audio import G711Depacketizer
from tawny.wire.depacketize.h264 import H264Depacketizer
from tawny.wire.depacketize.h265 import H265Depacketizer
from tawny.wire.depacketize.interleaved import InterleavedReceiver
from tawny.wire.depacketize.metadata import MetadataDepacketizer
from tawny.wire.media import (
    AUDIO_TRACK,
    METADATA_TRACK,
    VIDEO_TRACK,
    AudioCodec,
    AudioFormat,
    MetadataFormat,
    VideoCodec,
)
from tests.fakes.rtp import PPS, SPS, Sender, idr, slice_


class FakeLink:
    """Gives what was put in *incoming*, as much as a read takes; then closes where asked to, else has nothing."""

    def __init__(self) -> None:
        self.incoming: list[bytes] = []
        self.closed_by_camera = False
        self.keepalives = 0
        self.replies: list[bytes] = []
        self.closed = False

    def receive(self, view: memoryview) -> int | None:
        assert not self.closed
        if not self.incoming:
            return 0 if self.closed_by_camera else None
        waiting = b"".join(self.incoming)
        taken = waiting[: len(view)]
        self.incoming = [waiting[len(taken) :]] if len(waiting) > len(taken) else []
        view[: len(taken)] = taken
        return len(taken)

    def keepalive(self) -> None:
        self.keepalives += 1

    def reply(self, head: bytes) -> None:
        self.replies.append(head)

    def close(self) -> None:
        self.closed = True


def connection(link: FakeLink, *, sound: bool = False, metadata: bool = False, unread: bytes = b"") -> Connection:
    video = H264Depacketizer(parameter_sets=(SPS, PPS))
    form = AudioFormat(codec=AudioCodec.PCMA, sample_rate=8000, channels=1)
    audio = AudioTrack(format=form, depacketizer=G711Depacketizer(), clock_rate=8000, frame_ticks=0) if sound else None
    told = MetadataTrack(format=MetadataFormat(), depacketizer=MetadataDepacketizer(), clock_rate=90_000)
    return Connection(
        link=link,
        receiver=InterleavedReceiver(
            video,
            0,
            96,
            (audio.depacketizer, 2, 8) if audio else None,
            (told.depacketizer, 4, 107) if metadata else None,
            report_channels={1: VIDEO_TRACK, 3: AUDIO_TRACK, 5: METADATA_TRACK},
            another=lambda codec: {VideoCodec.H264: H264Depacketizer, VideoCodec.H265: H265Depacketizer}[codec](),
        ),
        audio=audio,
        metadata=told if metadata else None,
        unread=unread,
        keepalive_s=25,
    )


class Pictures:
    """A camera's pictures at 25 a second, a key frame every *group*."""

    def __init__(self, *, group: int = 25, first_timestamp: int = 2**32 - 90_000) -> None:
        self.sender = Sender()
        self.count = 0
        self.timestamp = first_timestamp
        self._group = group

    def next(self) -> bytes:
        key = self.count % self._group == 0
        nals = (SPS, PPS, idr(2000, self.count)) if key else (slice_(500, self.count),)
        self.count += 1
        self.timestamp += 3600
        return self.sender.picture(*nals, timestamp=self.timestamp)


class FakeCamera:
    """Answers attempts with what *answer* says, on the thread that asks."""

    def __init__(self, answer: Callable[[CameraSource, StreamKey], Connection | Failure]) -> None:
        self.answer = answer
        self.attempts: list[StreamKey] = []

    def connect(self, source: CameraSource, key: StreamKey) -> Connection:
        self.attempts.append(key)
        result = self.answer(source, key)
        if isinstance(result, Failure):
            raise result
        return result
