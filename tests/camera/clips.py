"""Small clips with known times, and somebody who watches them."""

from collections.abc import Callable

from tawny.camera.live import Chunk
from tawny.camera.pacing import LoopedStream
from tawny.camera.sources import Clip, Sample
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.tasks import Tasks
from tawny.wire.h26x import sample_of_nals
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK, AudioCodec, AudioFormat, VideoCodec, VideoFormat
from tawny.wire.rtp import RtpPacket, SenderReport, parse, parse_rtcp

VIDEO = VideoFormat(
    codec=VideoCodec.H264,
    parameter_sets=(b"\x67\x64\x00\x1e", b"\x68\xee"),
    width=640,
    height=360,
    codec_string="avc1.64001E",
)
SOUND = AudioFormat(codec=AudioCodec.PCMA, sample_rate=8000, channels=1)
CHANNELS = {VIDEO_TRACK: 0, AUDIO_TRACK: 2}


def clip(*, frames: int = 5, bytes_a_frame: int = 100, sound: bool = False, mark: bytes = b"") -> Clip:
    """*frames* of 40 ms, the first a key frame, each holding its number; and as much sound in runs of 40 ms."""
    pictures = [
        Sample(
            track=VIDEO_TRACK,
            time=number * 3600,
            duration=3600,
            data=sample_of_nals([(b"\x41" if number else b"\x65") + mark + bytes([number]) * bytes_a_frame]),
            key=number == 0,
        )
        for number in range(frames)
    ]
    runs = [
        Sample(track=AUDIO_TRACK, time=number * 320, duration=320, data=bytes(320), key=True)
        for number in range(frames if sound else 0)
    ]
    timescale = {VIDEO_TRACK: 90_000, AUDIO_TRACK: 8000}
    samples = sorted([*pictures, *runs], key=lambda s: s.time / timescale[s.track])
    audio = SOUND if sound else None
    return Clip(video=VIDEO, audio=audio, duration_s=frames * 0.04, samples=tuple(samples))


def stream(
    played: Clip,
    clock: SimulatedClock,
    tasks: Tasks,
    *,
    random_32: Callable[[], int] = lambda: 1000,
    spread_s: float = 0.0,
) -> LoopedStream:
    return LoopedStream(
        played, clock=clock, tasks=tasks, start=clock.monotonic(), random_32=random_32, spread_s=spread_s
    )


class Watcher:
    """A viewer that notes what comes when; not *willing*, it takes no access unit."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self.willing = True
        self.chunks: list[tuple[float, bytes]] = []

    def ready(self) -> bool:
        return self.willing

    def send(self, chunk: Chunk) -> None:
        self.chunks.append((round(self._clock.monotonic(), 4), chunk.framed(CHANNELS[chunk.track])))

    def packets(self, channel: int = 0) -> list[RtpPacket]:
        """The RTP packets that came on *channel*."""
        return [parse(packet) for found, packet in self._framed() if found == channel]

    def reports(self, channel: int = 1) -> list[SenderReport]:
        """The sender reports that came on *channel*."""
        reports = [r for found, packet in self._framed() if found == channel for r in parse_rtcp(packet)]
        return [report for report in reports if isinstance(report, SenderReport)]

    def _framed(self) -> list[tuple[int, bytes]]:
        return framed(b"".join(data for _, data in self.chunks))


def framed(data: bytes | bytearray) -> list[tuple[int, bytes]]:
    """Channel and packet of each frame in *data*, up to one that isn't whole or an RTSP message."""
    found, at = [], 0
    while at + 4 <= len(data) and data[at] == 0x24:
        end = at + 4 + int.from_bytes(data[at + 2 : at + 4])
        if end > len(data):
            break
        found.append((data[at + 1], bytes(data[at + 4 : end])))
        at = end
    return found
