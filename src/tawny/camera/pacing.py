"""A clip that runs on for ever: packets at the time at which a camera would send them, to whoever watches.

What is shown when depends on the clock alone.
"""

from bisect import bisect_left
from collections.abc import Callable

from tawny.camera.description import media_of
from tawny.camera.live import SPREAD_S, First, LiveStream, Track, Viewer
from tawny.camera.sources import Clip, Sample
from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks
from tawny.wire.media import VIDEO_TRACK

_LATE_S = 1.0  # then what was due is left out: the machine slept


class LoopedStream(LiveStream):
    """A stream that plays a clip again and again.

    Invariant: sample *i* of a clip's round *n* is due at ``the clip's beginning + n * duration + its time`` and has the
    timestamp of that moment on every track, however often the clip began anew or another took its place.
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
        super().__init__(clock=clock, start=start, random_32=random_32, spread_s=spread_s)
        self._tasks = tasks
        self._running = False
        self._next_clip: Clip | None = None
        self._redrawn: Clip | None = None
        self.original = clip  # what is shown where nothing was drawn anew
        self._take(clip, 0.0)

    def _take(self, clip: Clip, beginning_s: float) -> None:
        """Play *clip* from *beginning_s*, counted from the stream's start."""
        self._describe(clip)
        self._clip, self._beginning_s = clip, beginning_s
        self._dues = self._due_times(clip)
        self._round, self._at = 0, 0  # of the sample that is sent next

    def _due_times(self, clip: Clip) -> list[float]:
        return [sample.time / self._tracks[sample.track].form.timescale for sample in clip.samples]

    @property
    def clip(self) -> Clip:
        """What is shown, or will be from the next round on."""
        return self._next_clip or self._redrawn or self._clip

    def position_s(self) -> float:
        """How far into its clip the stream is now."""
        elapsed = self._now_s() - self._beginning_s
        return max(0.0, elapsed) % self._clip.duration_s

    def change(self, clip: Clip) -> None:
        """Play *clip* instead from the end of this round on; at once while nobody watches."""
        self.original = clip
        if self._running:
            self._next_clip = clip
        else:
            self._take(clip, max(0.0, self._now_s()))

    def redraw(self, clip: Clip) -> None:
        """Show *clip*, the original drawn anew: at once while nobody watches, else from its next key frame on.

        That is one which falls on a picture of what is shown; the first of a round always does.
        """
        if self._next_clip is not None:
            self._next_clip = clip
        elif self._running and self._viewers:
            self._redrawn = clip
        else:
            self._redrawn = None
            self._take(clip, self._beginning_s)
            self._locate()

    def firsts(self) -> dict[int, First]:
        if not self._running:
            self._locate()
        firsts = {number: First(track.rtp.sequence, self._upcoming(number)) for number, track in self._tracks.items()}
        return firsts | self._first_document()

    def join(self, viewer: Viewer) -> None:
        super().join(viewer)
        if not self._running:
            self._running = True
            self._locate()
            self._tasks.start(self._run(), name="stream")

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
            if self._redrawn is not None and self._next_clip is None:
                self.redraw(self._redrawn)  # nobody watches any more

    def _next_sample(self) -> Sample:
        """The sample that is due; a clip that was drawn anew takes over at a key frame."""
        sample = self._clip.samples[self._at]
        if self._redrawn is None or sample.track != VIDEO_TRACK:
            return sample
        at = _key_frame(self._redrawn, sample.time)
        if at is None:
            return sample
        form = self._redrawn.video
        self._tracks[VIDEO_TRACK] = Track(form, self._tracks[VIDEO_TRACK].rtp, self._tracks[VIDEO_TRACK].base)
        self._clip, self._redrawn, self._at = self._redrawn, None, at
        self._dues = self._due_times(self._clip)
        self.media |= media_of(self._clip)
        return self._clip.samples[self._at]

    async def _send(self, sample: Sample) -> None:
        """Send one access unit; what is due next is known before the first packet leaves."""
        due = self._due()
        timestamp = self._tracks[sample.track].timestamp(self._round_s(), sample.time + sample.composition_offset)
        packets = self._packets(sample.track, sample.data, timestamp)
        self._advance()
        await self._spread(sample.track, packets, due)

    def _round_s(self, rounds: int = 0) -> float:
        """When this round began, or one *rounds* later, in seconds since the stream's start."""
        return self._beginning_s + (self._round + rounds) * self._clip.duration_s

    def _due(self) -> float:
        return self._start + self._round_s() + self._dues[self._at]

    def _locate(self) -> None:
        """Make the first sample that is not yet due the next one."""
        elapsed = max(0.0, self._now_s() - self._beginning_s)
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


def _key_frame(clip: Clip, time: int) -> int | None:
    """Where the clip has a key frame that is due at that *time*."""
    for at, sample in enumerate(clip.samples):
        if sample.track == VIDEO_TRACK and sample.key and sample.time == time:
            return at
    return None
