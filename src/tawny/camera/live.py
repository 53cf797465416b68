"""What every stream of a camera does for those who watch it, looped (`pacing`) or captured (`capturing`)."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from tawny.camera.description import METADATA_CLOCK, METADATA_TRACK, media_of, metadata_medium
from tawny.camera.sources import Clip
from tawny.runtime.clock import Clock
from tawny.wire.media import AudioFormat, TrackFormat
from tawny.wire.packetize import payloads
from tawny.wire.rtp import RtpStream, SenderReport, sender_report
from tawny.wire.sdp import MediaDescription

SPREAD_S = 0.015  # cameras send a picture's packets over about this time
_STEP_S = 0.003  # in steps: being woken costs more than sending
_REPORT_EVERY_S = 5.0
_DOCUMENT_PART = 1400  # bytes of a metadata document in one packet


class Chunk:
    """Packets of one track, framed once for all viewers that use the same channel (RFC 2326, 10.12)."""

    def __init__(self, track: int, packets: list[bytes], *, control: bool = False) -> None:
        self.track = track
        self.packets = packets
        self.offset = int(control)  # RTCP's channel, and port, is the one after RTP's
        self._framed: dict[int, bytes] = {}

    def framed(self, channel: int) -> bytes:
        """The bytes for a viewer whose track has that RTP channel."""
        if channel not in self._framed:
            start = bytes([0x24, channel + self.offset])
            parts = (part for packet in self.packets for part in (start, len(packet).to_bytes(2), packet))
            self._framed[channel] = b"".join(parts)
        return self._framed[channel]


class Viewer(Protocol):
    """Somebody who watches a stream."""

    def ready(self) -> bool:
        """Whether the access unit that starts now shall come; it comes whole or not at all."""
        ...

    def send(self, chunk: Chunk) -> None:
        """Take these packets; never waits, and never raises when the viewer has gone."""
        ...


class First(NamedTuple):
    """The sequence number and timestamp of a track's next packet."""

    sequence: int
    timestamp: int


@dataclass(slots=True)
class Track:
    """A track of what is shown: its numbers run on, *base* is its timestamp at the stream's start."""

    form: TrackFormat
    rtp: RtpStream
    base: int

    def timestamp(self, seconds: float, ticks: int = 0) -> int:
        return (self.base + round(seconds * self.form.timescale) + ticks) & 0xFFFFFFFF


@dataclass(slots=True)
class _Metadata:
    """The track of documents, which belong to no clip."""

    rtp: RtpStream
    base: int

    def timestamp(self, seconds: float) -> int:
        return (self.base + round(seconds * METADATA_CLOCK)) & 0xFFFFFFFF


class LiveStream(ABC):
    """One stream of a camera.

    Invariants: every viewer gets the same packets at the same moment; packets are made only while somebody watches; a
    track's numbers and timestamps run on whatever is shown.

    *start* is on the clock's monotonic time; *random_32* gives first numbers (RFC 3550, 5.1); with *spread_s* 0 every
    access unit leaves in one burst.
    """

    def __init__(self, *, clock: Clock, start: float, random_32: Callable[[], int], spread_s: float = SPREAD_S) -> None:
        self._clock = clock
        self._start = start
        self._steps = max(1, round(spread_s / _STEP_S))
        self._random_32 = random_32
        self._tracks: dict[int, Track] = {}
        self._viewers: list[Viewer] = []
        self._metadata: _Metadata | None = None
        self._next_report = 0.0
        self.media: dict[int, MediaDescription] = {}

    @property
    @abstractmethod
    def clip(self) -> Clip:
        """What is shown."""
        ...

    @abstractmethod
    def firsts(self) -> dict[int, First]:
        """What the next packet of each track will be, for whoever joins now."""
        ...

    @property
    def watched(self) -> bool:
        """Whether anybody watches."""
        return bool(self._viewers)

    def join(self, viewer: Viewer) -> None:
        """Send to *viewer* from the next access unit on."""
        self._viewers.append(viewer)
        self._next_report = 0.0  # at once, so that the new viewer can place our times

    def leave(self, viewer: Viewer) -> None:
        """Send nothing more to *viewer*; one that is not there is no matter."""
        self._viewers = [other for other in self._viewers if other is not viewer]

    def carry_metadata(self) -> None:
        """Have a track for documents too."""
        rtp = RtpStream(payload_type=98, ssrc=self._random_32(), sequence=self._random_32())
        self._metadata = _Metadata(rtp, self._random_32())
        self.media[METADATA_TRACK] = metadata_medium()

    def send_document(self, document: bytes) -> None:
        """Send a metadata document to those who watch; its packets have the time of now."""
        if self._metadata is None or not self._viewers:
            return
        parts = [document[at : at + _DOCUMENT_PART] for at in range(0, len(document), _DOCUMENT_PART)]
        timestamp = self._metadata.timestamp(self._now_s())
        chunk = Chunk(METADATA_TRACK, self._metadata.rtp.packets_of(parts, timestamp, marker=True))
        for viewer in self._viewers:
            if viewer.ready():
                viewer.send(chunk)

    def _now_s(self) -> float:
        """Seconds since the stream's start."""
        return self._clock.monotonic() - self._start

    def _describe(self, clip: Clip) -> None:
        """Have the tracks of *clip*; those that it has in common with what was shown run on."""
        self.media = media_of(clip)
        if self._metadata is not None:
            self.media[METADATA_TRACK] = metadata_medium()
        forms: list[TrackFormat] = [clip.video, clip.audio] if clip.audio else [clip.video]
        self._tracks = {
            number: self._continued(number, form, media.payload_type)
            for (number, media), form in zip(media_of(clip).items(), forms, strict=True)
        }

    def _continued(self, number: int, form: TrackFormat, payload_type: int) -> Track:
        track = self._tracks.get(number)
        if track is None or track.form.timescale != form.timescale:
            rtp = RtpStream(payload_type=payload_type, ssrc=self._random_32(), sequence=self._random_32())
            return Track(form, rtp, self._random_32())
        return Track(form, track.rtp, track.base)

    def _first_document(self) -> dict[int, First]:
        """What the metadata track's next packet will be, where there is that track."""
        if self._metadata is None:
            return {}
        return {METADATA_TRACK: First(self._metadata.rtp.sequence, self._metadata.timestamp(self._now_s()))}

    def _packets(self, number: int, data: bytes, timestamp: int) -> list[bytes]:
        track = self._tracks[number]
        marker = not (isinstance(track.form, AudioFormat) and _is_g711(track.form))
        return track.rtp.packets_of(payloads(track.form, data), timestamp, marker=marker)

    async def _spread(self, number: int, packets: list[bytes], due: float) -> None:
        """Send the packets of one access unit from the moment *due* on."""
        viewers = [viewer for viewer in self._viewers if viewer.ready()]
        for step, group in enumerate(_groups(packets, self._steps)):
            await self._until(due + step * _STEP_S)
            chunk = Chunk(number, group)
            for viewer in viewers:
                viewer.send(chunk)

    def _report(self) -> None:
        """Tell the viewers our time of day, each track's timestamp of now, and what was sent."""
        now = self._clock.monotonic()
        if now < self._next_report:
            return
        self._next_report = now + _REPORT_EVERY_S
        tracks: dict[int, Track | _Metadata] = dict(self._tracks)
        if self._metadata is not None:
            tracks[METADATA_TRACK] = self._metadata
        for number, track in tracks.items():
            report = SenderReport(
                ssrc=track.rtp.ssrc,
                utc_us=self._clock.utc_us(),
                rtp_timestamp=track.timestamp(now - self._start),
                packets=track.rtp.packets,
                octets=track.rtp.octets,
            )
            chunk = Chunk(number, [sender_report(report, cname="tawny-camera")], control=True)
            for viewer in self._viewers:
                if viewer.ready():
                    viewer.send(chunk)

    async def _until(self, moment: float) -> None:
        if (wait := moment - self._clock.monotonic()) > 0:
            await self._clock.sleep(wait)


def _is_g711(form: AudioFormat) -> bool:
    return not form.config  # its marker would say that somebody starts to talk (RFC 3551, 4.1)


def _groups(packets: list[bytes], steps: int) -> Iterator[list[bytes]]:
    """The packets in at most *steps* groups that are as even as they can be."""
    count, groups = len(packets), min(steps, len(packets))
    for number in range(groups):
        yield packets[number * count // groups : (number + 1) * count // groups]
