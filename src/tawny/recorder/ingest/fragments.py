"""Cuts one stream's samples into fragments and segments (design D2), and hands them to the archive in order."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Protocol

from tawny.recorder.archive.model import Fragment, Recording, StreamKey
from tawny.recorder.ingest.broadcast import Unit
from tawny.recorder.ingest.decode_order import Sample
from tawny.recorder.ingest.timing import MediaClock, slew_limit_us
from tawny.wire.media import (
    AUDIO_TRACK,
    METADATA_TIMESCALE,
    METADATA_TRACK,
    VIDEO_TIMESCALE,
    VIDEO_TRACK,
    TrackFormat,
)

SECOND = VIDEO_TIMESCALE
# What a kill loses is the open fragment, the tick (200 ms) and what was on its way: together at most a second.
FRAGMENT_TICKS = SECOND * 17 // 25
SEGMENT_TICKS = 60 * SECOND - SECOND // 2  # a key frame just short of 60 s is near enough
SEGMENT_BYTES = 48 << 20
FRAGMENT_BYTES = 4 << 20
FRAGMENT_SAMPLES = 1000
DOCUMENT_TICKS = METADATA_TIMESCALE // 1000  # of a fragment's last document: where its successor lies nobody knows
_LONGEST_TICKS = 10 * SECOND  # of one sample at the end of a session, where nothing tells its duration


class Around(Protocol):
    """What a cutter tells to its session."""

    def segment_ends(self, elapsed_us: int) -> None:
        """A segment of *elapsed_us* ends: the moment to let the clocks follow what was seen."""
        ...


class _Segment:
    """A segment from its key frame on: *start_us* is the recorder's time of *start_ticks* and fixed for good.

    *shift_us* is how far the other clocks' time is moved in it; *audio* are (ticks, duration, data) not yet cut.
    """

    def __init__(self, start_us: int, start_ticks: int, shift_us: int) -> None:
        self.start_us = start_us
        self.start_ticks = start_ticks
        self.shift_us = shift_us
        self.size = 0
        self.open = False
        self.audio: list[tuple[int, int, bytes]] = []
        self.audio_end = self.documents_end = 0

    def utc_us(self, ticks: int) -> int:
        return self.start_us + (ticks - self.start_ticks) * 1_000_000 // VIDEO_TIMESCALE


class Cutter:
    """Turns the samples of one session into calls of the `Recording`.

    A fragment is cut where the next one's first sample is known, so its durations are exact. A segment that ends is
    closed only when the first fragment of the next is ready: until then sound of its last moments still arrives.
    Documents of metadata are stored with the pictures of their time, those that come later with the next ones.

    Invariants: the first fragment of a segment is video and begins with a key frame; a segment ends in the microsecond
    in which the next begins; no segment starts before *not_before_us* or before the end of the one before it.
    """

    def __init__(
        self,
        key: StreamKey,
        recording: Recording,
        *,
        video_clock: MediaClock,
        audio_clock: MediaClock | None,
        not_before_us: int,
        around: Around,
    ) -> None:
        self.end_us = not_before_us
        self._key = key
        self._recording = recording
        self._clock = video_clock
        self._audio_clock = audio_clock
        self._around = around
        self._formats: Mapping[int, TrackFormat] = {}
        self._over = False  # the segment ends at the next key frame, however short it is
        self._segment: _Segment | None = None
        self._previous: _Segment | None = None
        self._frames: list[Sample] = []
        self._bytes = 0
        self._documents: list[tuple[int, bytes]] = []  # with the recorder's time of each
        self._documents_bytes = 0
        self._shown = 0  # the latest presentation time so far
        self._clean = 0  # how many of the frames are all shown before the rest

    def set_formats(self, formats: Mapping[int, TrackFormat]) -> None:
        """From the next key frame on the tracks are these."""
        self._formats = dict(formats)
        self.seal()

    def seal(self) -> None:
        """At the next key frame begin a new segment."""
        self._over = self._segment is not None

    def video(self, sample: Sample) -> int | None:
        """Take the next picture; returns the recorder's time of its decoding, None before the first key frame."""
        if self._segment is None:
            if not sample.key:
                return None
            start_us = max(self._clock.utc_us(sample.time), self.end_us)
            self._segment = self._new_segment(start_us, sample.time)
        else:
            self._cut_before(sample)
        self._frames.append(sample)
        self._bytes += len(sample.data)
        self._shown = max(self._shown, sample.time + sample.shift)
        return self._segment.utc_us(sample.time)

    def audio(self, ticks: int, duration: int, data: bytes) -> int | None:
        """Take the next run of audio; returns the recorder's time of its start, None where it belongs to no segment."""
        segment = self._segment
        if segment is None:
            return None
        utc_us = self._audio_us(segment, ticks)
        if utc_us < segment.start_us:
            segment = self._previous
            if segment is None or (utc_us := self._audio_us(segment, ticks)) < segment.start_us:
                return None
        if segment.open and segment.audio and self._audio_is_full(segment.audio, ticks, duration):
            self._cut_audio(segment)
        if len(segment.audio) >= FRAGMENT_SAMPLES:
            return None
        segment.audio.append((ticks, duration, data))
        return utc_us

    def document(self, utc_us: int, data: bytes) -> int | None:
        """Take a document of *utc_us*; returns its time in the segment, None where there is none or no room."""
        segment = self._segment
        full = len(self._documents) >= FRAGMENT_SAMPLES or self._documents_bytes + len(data) > FRAGMENT_BYTES
        if segment is None or full:
            return None
        moment_us = max(utc_us + segment.shift_us, segment.start_us)
        self._documents.append((moment_us, data))
        self._documents_bytes += len(data)
        return moment_us

    def unstored(self) -> list[Unit]:
        """What was taken and not given to the recording yet, track by track, for who begins to watch."""
        segment = self._segment
        if segment is None:
            return []
        times = [frame.time for frame in self._frames]
        usual = (
            times[-1] - times[-2] if len(times) > 1 else SECOND // 25
        )  # the best guess at how long the last one lasts
        durations = [after - before for before, after in pairwise(times)] + [usual]
        units = [
            Unit(VIDEO_TRACK, segment.utc_us(frame.time), duration, frame.shift, frame.data, frame.key)
            for frame, duration in zip(self._frames, durations, strict=False)
        ]
        for part in (self._previous, segment) if self._previous else (segment,):
            units += [
                Unit(AUDIO_TRACK, self._audio_us(part, t), duration, 0, data, True) for t, duration, data in part.audio
            ]
        units += [Unit(METADATA_TRACK, us, DOCUMENT_TICKS, 0, data, True) for us, data in self._documents]
        return units

    def finish(self) -> int:
        """Store everything that is left and close; returns when the footage ends."""
        if self._segment is not None and self._frames:
            last = self._frames[-1].time
            before = self._frames[-2].time if len(self._frames) > 1 else last - SECOND // 25
            self._cut(len(self._frames), min(last + last - before, last + _LONGEST_TICKS))
        if self._segment is not None and self._segment.open:
            self._cut_audio(self._segment)
            self._cut_documents(self._segment)
            self._recording.close_segment(self._key, end_us=self.end_us)
        self._segment = None
        return self.end_us

    def _new_segment(self, start_us: int, start_ticks: int) -> _Segment:
        self._over = False
        return _Segment(start_us, start_ticks, start_us - self._clock.utc_us(start_ticks))

    # video

    def _cut_before(self, sample: Sample) -> None:
        """Cut where *sample* begins something new; between B-frames at the last place that parts them cleanly."""
        frames = self._frames
        clean = sample.time > self._shown
        if clean:
            self._clean = len(frames)
        span = sample.time - frames[0].time
        if clean and sample.key and self._segment_is_over(sample):
            self._next_segment(sample)
        elif clean and sample.key and (span >= SECOND // 2 or not frames[0].key):
            self._cut(len(frames), sample.time)
        elif span + sample.time - frames[-1].time > FRAGMENT_TICKS or self._bytes > FRAGMENT_BYTES:
            count = self._clean or (len(frames) if span > 2 * SECOND else 0)
            if count:
                self._cut(count, frames[count].time if count < len(frames) else sample.time)
        elif len(frames) >= FRAGMENT_SAMPLES:
            self._cut(len(frames), sample.time)

    def _segment_is_over(self, sample: Sample) -> bool:
        segment = self._segment
        assert segment is not None
        age = sample.time - segment.start_ticks
        return self._over or age >= SEGMENT_TICKS or segment.size + self._bytes >= SEGMENT_BYTES

    def _next_segment(self, sample: Sample) -> None:
        """End the segment where *sample* begins; its last sample takes up what our clock drifted from the camera's."""
        segment = self._segment
        assert segment is not None
        elapsed_us = segment.utc_us(sample.time) - segment.start_us
        self._around.segment_ends(elapsed_us)
        limit = slew_limit_us(elapsed_us)
        drift_us = min(max(self._clock.utc_us(sample.time) - segment.utc_us(sample.time), -limit), limit)
        last = self._frames[-1].time
        end = sample.time + max(drift_us * VIDEO_TIMESCALE // 1_000_000, (last - sample.time) // 2)
        self._cut(len(self._frames), end)
        self._previous = segment
        self._segment = self._new_segment(self.end_us, sample.time)

    def _cut(self, count: int, following: int) -> None:
        """Store the first *count* frames; what comes after them begins at *following*."""
        segment = self._segment
        assert segment is not None
        frames, self._frames = self._frames[:count], self._frames[count:]
        self._clean = 0
        self._bytes = sum(len(frame.data) for frame in self._frames)
        if not segment.open:
            self._open(segment)
        times = [frame.time for frame in frames]
        shifts = [frame.shift for frame in frames]
        fragment = Fragment(
            track=VIDEO_TRACK,
            decode_time=times[0] - segment.start_ticks,
            utc_us=segment.utc_us(times[0]),
            durations=[after - before for before, after in pairwise([*times, following])],
            shifts=shifts if any(shifts) else None,
            key=frames[0].key,
            frames=[frame.data for frame in frames],
        )
        self.end_us = segment.utc_us(following)
        self._append(segment, fragment)
        if self._documents:
            self._cut_documents(segment, self.end_us)

    def _open(self, segment: _Segment) -> None:
        if self._previous is not None:
            self._cut_audio(self._previous)
            self._recording.close_segment(self._key, end_us=segment.start_us)
            self._previous = None
        self._recording.open_segment(self._key, start_us=segment.start_us, formats=self._formats)
        segment.open = True

    def _append(self, segment: _Segment, fragment: Fragment) -> None:
        segment.size += sum(map(len, fragment.frames))
        self._recording.append(self._key, fragment)

    # audio

    def _audio_us(self, segment: _Segment, ticks: int) -> int:
        assert self._audio_clock is not None
        return self._audio_clock.utc_us(ticks) + segment.shift_us

    def _audio_is_full(self, pending: Sequence[tuple[int, int, bytes]], start: int, duration: int) -> bool:
        """Whether a fragment must be cut before audio that starts at *start*: a second is full, or there is a hole."""
        assert self._audio_clock is not None
        ticks, last_duration, _ = pending[-1]
        hole = abs(start - ticks - last_duration) > 2 * last_duration
        full = (start + duration - pending[0][0]) * 25 > self._audio_clock.rate * 17
        return hole or full or len(pending) >= FRAGMENT_SAMPLES

    def _cut_audio(self, segment: _Segment) -> None:
        pending, segment.audio = segment.audio, []
        if not pending or self._audio_clock is None:
            return
        rate = self._audio_clock.rate
        start_us = self._audio_us(segment, pending[0][0])
        decode_time = max((start_us - segment.start_us) * rate // 1_000_000, segment.audio_end)
        durations = [duration for _, duration, _ in pending]
        segment.audio_end = decode_time + sum(durations)
        fragment = Fragment(
            track=AUDIO_TRACK,
            decode_time=decode_time,
            utc_us=segment.start_us + decode_time * 1_000_000 // rate,
            durations=durations,
            shifts=None,
            key=True,
            frames=[data for _, _, data in pending],
        )
        self._append(segment, fragment)

    # metadata

    def _cut_documents(self, segment: _Segment, until_us: int | None = None) -> None:
        """Store those before *until_us*, in the order of time."""
        due = sorted((each for each in self._documents if until_us is None or each[0] < until_us), key=itemgetter(0))
        self._documents = [each for each in self._documents if until_us is not None and each[0] >= until_us]
        self._documents_bytes = sum(len(data) for _, data in self._documents)
        pending: list[tuple[int, bytes]] = []
        time = segment.documents_end - 1
        for moment_us, data in due:
            time = max((moment_us - segment.start_us) * METADATA_TIMESCALE // 1_000_000, time + 1)
            if pending and time - pending[0][0] > FRAGMENT_TICKS:  # those held while the clock settled
                self._append_documents(segment, pending)
                pending, time = [], max(time, segment.documents_end)
            pending.append((time, data))
        if pending:
            self._append_documents(segment, pending)

    def _append_documents(self, segment: _Segment, documents: Sequence[tuple[int, bytes]]) -> None:
        """Store *documents*, each after its ticks, as one fragment; each lasts until the next."""
        times = [time for time, _ in documents]
        segment.documents_end = times[-1] + DOCUMENT_TICKS
        fragment = Fragment(
            track=METADATA_TRACK,
            decode_time=times[0],
            utc_us=segment.start_us + times[0] * 1_000_000 // METADATA_TIMESCALE,
            durations=[after - before for before, after in pairwise([*times, segment.documents_end])],
            shifts=None,
            key=True,
            frames=[data for _, data in documents],
        )
        self._append(segment, fragment)
