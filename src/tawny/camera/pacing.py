"""A clip that runs on for ever: packets at the time at which a camera would send them, to whoever watches.

Every viewer of a stream gets the same packets at the same moment; what is shown when depends on the clock alone.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from tawny.camera.description import METADATA_CLOCK, METADATA_TRACK, media_of, metadata_medium
from tawny.camera.sources import Clip, Sample
from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks
from tawny.wire.media import VIDEO_TRACK, AudioFormat, TrackFormat
from tawny.wire.packetize import payloads
from tawny.wire.rtp import RtpStream, SenderReport, sender_report

SPREAD_S = 0.015  # cameras send a picture's packets over about this time
_STEP_S = 0.003  # in steps: being woken costs more than sending
_REPORT_EVERY_S = 5.0
_DOCUMENT_PART = 1400  # bytes of a metadata document in one packet
_LATE_S = 1.0  # then what was due is left out: the machine slept


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
class _Track:
    form: TrackFormat
    rtp: RtpStream
    base: int  # the timestamp at the stream's start

    def timestamp(self, seconds: float, ticks: int = 0) -> int:
        return (self.base + round(seconds * self.form.timescale) + ticks) & 0xFFFFFFFF


@dataclass(slots=True)
class _Metadata:
    """The track of documents, which belong to no clip."""

    rtp: RtpStream
    base: int

    def timestamp(self, seconds: float) -> int:
        return (self.base + round(seconds * METADATA_CLOCK)) & 0xFFFFFFFF


class LiveStream:
    """One stream of a camera.

    Invariants: sample *i* of a clip's round *n* is due at ``the clip's beginning + n * duration + its time`` and has
    the timestamp of that moment on every track, however often the clip began anew or another took its place; packets
    are made only while somebody watches.

    *start* is on the clock's monotonic time; *random_32* gives first numbers (RFC 3550, 5.1); with *spread_s* 0 every
    access unit leaves in one burst.
    """

    def __init__(
        self,
        clip: Clip,
        *,
        clock: Clock,
        tasks: Tasks,
        start: float,
        random_32: Callable[[], int],
        spread_s: float = SPREAD_S,
    ) -> None:
        self._clock = clock
        self._tasks = tasks
        self._start = start
        self._steps = max(1, round(spread_s / _STEP_S))
        self._random_32 = random_32
        self._tracks: dict[int, _Track] = {}
        self._viewers: list[Viewer] = []
        self._running = False
        self._next_clip: Clip | None = None
        self._redrawn: Clip | None = None
        self._metadata: _Metadata | None = None
        self._next_report = 0.0
        self._take(clip, 0.0)

    def _take(self, clip: Clip, beginning_s: float) -> None:
        """Play *clip* from *beginning_s*, counted from the stream's start; tracks it has in common run on."""
        self.media = media_of(clip)
        if self._metadata is not None:
            self.media[METADATA_TRACK] = metadata_medium()
        forms: list[TrackFormat] = [clip.video, clip.audio] if clip.audio else [clip.video]
        self._tracks = {
            number: self._continued(number, form, media.payload_type)
            for (number, media), form in zip(media_of(clip).items(), forms, strict=True)
        }
        self._clip, self._beginning_s = clip, beginning_s
        self._dues = [sample.time / self._tracks[sample.track].form.timescale for sample in clip.samples]
        self._round, self._at = 0, 0  # of the sample that is sent next

    def _continued(self, number: int, form: TrackFormat, payload_type: int) -> _Track:
        track = self._tracks.get(number)
        if track is None or track.form.timescale != form.timescale:
            rtp = RtpStream(payload_type=payload_type, ssrc=self._random_32(), sequence=self._random_32())
            return _Track(form, rtp, self._random_32())
        return _Track(form, track.rtp, track.base)

    @property
    def clip(self) -> Clip:
        """What is shown, or will be from the next round on."""
        return self._next_clip or self._redrawn or self._clip

    def position_s(self) -> float:
        """How far into its clip the stream is now."""
        elapsed = self._clock.monotonic() - self._start - self._beginning_s
        return max(0.0, elapsed) % self._clip.duration_s

    def change(self, clip: Clip) -> None:
        """Play *clip* instead from the end of this round on; at once while nobody watches."""
        if self._running:
            self._next_clip = clip
        else:
            self._take(clip, max(0.0, self._clock.monotonic() - self._start))

    def redraw(self, clip: Clip) -> None:
        """Show *clip*, which has the same moments and key frames as the one that is shown, from the next key frame."""
        if self._running:
            self._redrawn = clip
        else:
            self._take(clip, self._beginning_s)

    def carry_metadata(self) -> None:
        """Have a track for documents too."""
        rtp = RtpStream(payload_type=98, ssrc=self._random_32(), sequence=self._random_32())
        self._metadata = _Metadata(rtp, self._random_32())
        self.media[METADATA_TRACK] = metadata_medium()

    @property
    def watched(self) -> bool:
        """Whether anybody watches."""
        return bool(self._viewers)

    def send_document(self, document: bytes) -> None:
        """Send a metadata document to those who watch; its packets have the time of now."""
        if self._metadata is None or not self._viewers:
            return
        parts = [document[at : at + _DOCUMENT_PART] for at in range(0, len(document), _DOCUMENT_PART)]
        timestamp = self._metadata.timestamp(self._clock.monotonic() - self._start)
        chunk = Chunk(METADATA_TRACK, self._metadata.rtp.packets_of(parts, timestamp, marker=True))
        for viewer in self._viewers:
            if viewer.ready():
                viewer.send(chunk)

    def firsts(self) -> dict[int, First]:
        """What the next packet of each track will be, for whoever joins now."""
        if not self._running:
            self._locate()
        firsts = {number: First(track.rtp.sequence, self._upcoming(number)) for number, track in self._tracks.items()}
        if self._metadata is not None:
            timestamp = self._metadata.timestamp(self._clock.monotonic() - self._start)
            firsts[METADATA_TRACK] = First(self._metadata.rtp.sequence, timestamp)
        return firsts

    def join(self, viewer: Viewer) -> None:
        """Send to *viewer* from the next access unit on."""
        self._viewers.append(viewer)
        self._next_report = 0.0  # at once, so that the new viewer can place our times
        if not self._running:
            self._running = True
            self._locate()
            self._tasks.start(self._run(), name="stream")

    def leave(self, viewer: Viewer) -> None:
        """Send nothing more to *viewer*; one that is not there is no matter."""
        self._viewers = [other for other in self._viewers if other is not viewer]

    async def _run(self) -> None:
        try:
            while self._viewers:
                await self._until(self._due())
                if self._clock.monotonic() - self._due() > _LATE_S:
                    self._skip()
                    continue
                self._report()
                await self._send(self._next_sample())
        finally:
            self._running = False

    def _next_sample(self) -> Sample:
        """The sample that is due; a clip that was drawn anew takes over at a key frame."""
        sample = self._clip.samples[self._at]
        if self._redrawn is None or not (sample.key and sample.track == VIDEO_TRACK):
            return sample
        form = self._redrawn.video
        self._tracks[VIDEO_TRACK] = _Track(form, self._tracks[VIDEO_TRACK].rtp, self._tracks[VIDEO_TRACK].base)
        self._clip, self._redrawn = self._redrawn, None
        self.media |= media_of(self._clip)
        return self._clip.samples[self._at]

    async def _send(self, sample: Sample) -> None:
        """Send one access unit; what is due next is known before the first packet leaves."""
        due, track = self._due(), self._tracks[sample.track]
        timestamp = track.timestamp(self._round_s(), sample.time + sample.composition_offset)
        marker = not (isinstance(track.form, AudioFormat) and _is_g711(track.form))
        packets = track.rtp.packets_of(payloads(track.form, sample.data), timestamp, marker=marker)
        self._advance()
        viewers = [viewer for viewer in self._viewers if viewer.ready()]
        for step, group in enumerate(_groups(packets, self._steps)):
            await self._until(due + step * _STEP_S)
            chunk = Chunk(sample.track, group)
            for viewer in viewers:
                viewer.send(chunk)

    def _report(self) -> None:
        """Tell the viewers our time of day, each track's timestamp of now, and what was sent."""
        now = self._clock.monotonic()
        if now < self._next_report:
            return
        self._next_report = now + _REPORT_EVERY_S
        tracks: dict[int, _Track | _Metadata] = dict(self._tracks)
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

    def _round_s(self, rounds: int = 0) -> float:
        """When this round began, or one *rounds* later, in seconds since the stream's start."""
        return self._beginning_s + (self._round + rounds) * self._clip.duration_s

    def _due(self) -> float:
        return self._start + self._round_s() + self._dues[self._at]

    def _locate(self) -> None:
        """Make the first sample that is not yet due the next one."""
        elapsed = max(0.0, self._clock.monotonic() - self._start - self._beginning_s)
        self._round = int(elapsed // self._clip.duration_s)
        self._at = bisect_left(self._dues, elapsed - self._round * self._clip.duration_s)
        if self._at == len(self._dues):
            self._begin_round()

    def _skip(self) -> None:
        """Go on with the present; the gap in the numbers says that something is missing."""
        self._locate()
        for track in self._tracks.values():
            track.rtp.sequence = (track.rtp.sequence + 1) & 0xFFFF

    def _advance(self) -> None:
        self._at += 1
        if self._at == len(self._dues):
            self._begin_round()

    def _begin_round(self) -> None:
        self._round, self._at = self._round + 1, 0
        if self._next_clip is not None:
            clip, self._next_clip, self._redrawn = self._next_clip, None, None
            self._take(clip, self._round_s())

    def _upcoming(self, number: int) -> int:
        """The timestamp of a track's next sample."""
        samples = self._clip.samples
        for step in range(len(samples)):
            rounds, at = divmod(self._at + step, len(samples))
            if (sample := samples[at]).track == number:
                return self._tracks[number].timestamp(self._round_s(rounds), sample.time + sample.composition_offset)
        return self._tracks[number].base  # a track without samples: nothing will contradict it

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
