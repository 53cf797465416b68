"""What comes beside the picture, each on a clock of its own: sound, and the documents of a metadata stream."""

from collections.abc import Mapping

from tawny.recorder.ingest.connection import AudioTrack, MetadataTrack
from tawny.recorder.ingest.timing import MediaClock
from tawny.wire.audio import ticks_of
from tawny.wire.depacketize.interleaved import SenderReport
from tawny.wire.media import VIDEO_TRACK

_MOST_HELD = 1000


class SideTrack:
    """A clock that is set beside the video's by the camera's own reports, where it sends them for both.

    Invariant: *aligned* stays True once it was; until then each look at the reports may still set the clock.
    """

    def __init__(self, number: int, clock: MediaClock) -> None:
        self.clock = clock
        self.aligned = False
        self._number = number

    def align(self, video: MediaClock, reports: Mapping[int, SenderReport]) -> bool:
        """Set the clock by what the camera reported; whether that was possible."""
        own, videos = reports.get(self._number), reports.get(VIDEO_TRACK)
        done = own is not None and videos is not None and self.clock.align(own, video, videos)
        self.aligned |= done
        return done

    def follow(self, video: MediaClock, reports: Mapping[int, SenderReport], elapsed_us: int) -> None:
        """A segment of *elapsed_us* ends: set the clock again, or let it follow what arrives."""
        if not self.align(video, reports):
            self.clock.slew(elapsed_us)


class Sound(SideTrack):
    """A session's sound: its clock in ticks of the format's rate, and how long each unit lasts."""

    def __init__(self, number: int, track: AudioTrack) -> None:
        super().__init__(number, MediaClock(track.format.sample_rate))
        self.track = track
        self._held: list[tuple[int, int, bytes]] = []  # until the video's clock has settled
        self._unwrapped = MediaClock(track.clock_rate) if track.clock_rate != track.format.sample_rate else None

    def take(self, arrival_us: int) -> list[tuple[int, int, bytes]]:
        """What came, as (ticks, duration, data)."""
        depacketizer = self.track.depacketizer
        if not depacketizer.units:
            return []
        units, depacketizer.units = depacketizer.units, []
        ticks, frame_ticks = self._ticks, self.track.frame_ticks
        form = self.track.format
        return [(ticks(rtp, arrival_us), frame_ticks or max(ticks_of(form, data), 1), data) for rtp, data, _ in units]

    def hold(self, runs: list[tuple[int, int, bytes]]) -> None:
        """Keep *runs* for later."""
        self._held += runs[: _MOST_HELD - len(self._held)]

    def released(self, runs: list[tuple[int, int, bytes]]) -> list[tuple[int, int, bytes]]:
        """What was held, and *runs*."""
        if self._held:
            runs, self._held = self._held + runs, []
        return runs

    def align(self, video: MediaClock, reports: Mapping[int, SenderReport]) -> bool:
        return self._unwrapped is None and super().align(video, reports)

    def _ticks(self, rtp: int, arrival_us: int) -> int:
        if self._unwrapped is not None:  # HE-AAC's RTP clock may be that of its core
            rtp = self._unwrapped.ticks(rtp, arrival_us) * self.clock.rate // self._unwrapped.rate & 0xFFFFFFFF
        return self.clock.ticks(rtp, arrival_us)


class Documents(SideTrack):
    """A session's metadata: documents, each of one moment."""

    def __init__(self, number: int, track: MetadataTrack) -> None:
        super().__init__(number, MediaClock(track.clock_rate))
        self.track = track
        self._held: list[tuple[int, bytes]] = []  # until the video's clock has settled

    def take(self, arrival_us: int) -> None:
        """Hold what came."""
        units, self.track.depacketizer.units = self.track.depacketizer.units, []
        found = [(self.clock.ticks(unit.timestamp, arrival_us), unit.data) for unit in units]
        self._held += found[: _MOST_HELD - len(self._held)]

    def released(self) -> list[tuple[int, bytes]]:
        """What was held, with the recorder's time of each."""
        held, self._held = self._held, []
        return [(self.clock.utc_us(ticks), data) for ticks, data in held]
