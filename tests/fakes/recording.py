"""A fake `Recording`: keeps what ingest hands over, holds it to the port's promises, and can write it as MP4."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from tawny.recorder.archive.model import Fragment, GapReason, GroupAnswer, StreamKey
from tawny.wire.media import VIDEO_TRACK, TrackFormat, VideoFormat
from tawny.wire.mp4.fragments import fragment_head, init_segment


@dataclass
class FakeSegment:
    start_us: int
    formats: Mapping[int, TrackFormat]
    fragments: list[Fragment] = field(default_factory=list)
    end_us: int | None = None

    def of(self, track: int) -> list[Fragment]:
        return [fragment for fragment in self.fragments if fragment.track == track]

    @property
    def video(self) -> list[Fragment]:
        return self.of(VIDEO_TRACK)

    @property
    def format(self) -> VideoFormat:
        form = self.formats[VIDEO_TRACK]
        assert isinstance(form, VideoFormat)
        return form

    def ticks(self, track: int = VIDEO_TRACK) -> int:
        """Where the last fragment of *track* ends, counted from the segment's start."""
        last = self.of(track)[-1]
        return last.decode_time + sum(last.durations)

    def mp4(self) -> bytes:
        return init_segment(self.formats) + b"".join(
            stored(fragment, sequence) for sequence, fragment in enumerate(self.fragments, 1)
        )


def stored(fragment: Fragment, sequence: int = 1) -> bytes:
    head = fragment_head(
        track=fragment.track,
        sequence=sequence,
        decode_time=fragment.decode_time,
        utc_us=fragment.utc_us,
        durations=fragment.durations,
        sizes=[len(frame) for frame in fragment.frames],
        shifts=fragment.shifts,
        key=fragment.key,
    )
    return head + b"".join(fragment.frames)


class FakeRecording:
    """Every promise of the port that a caller can break is asserted here."""

    def __init__(self) -> None:
        self.segments: dict[StreamKey, list[FakeSegment]] = {}
        self.gaps: list[tuple[StreamKey, int, GapReason, str]] = []
        self.open: dict[StreamKey, FakeSegment] = {}
        self.requests: list[tuple[StreamKey, bytes, int, GroupAnswer]] = []
        self.answers_at_once = True

    def open_segment(self, key: StreamKey, *, start_us: int, formats: Mapping[int, TrackFormat]) -> None:
        assert key not in self.open
        before = self.segments.setdefault(key, [])
        assert not before or start_us >= (before[-1].end_us or 0), "stored start times never go back"
        assert VIDEO_TRACK in formats
        self.open[key] = FakeSegment(start_us, formats)
        before.append(self.open[key])

    def append(self, key: StreamKey, fragment: Fragment) -> None:
        segment = self.open[key]
        if not segment.fragments:
            assert fragment.track == VIDEO_TRACK
            assert fragment.key
            assert fragment.decode_time == 0
        rate = segment.formats[fragment.track].timescale
        assert 0 < len(fragment.frames) == len(fragment.durations)
        assert fragment.shifts is None or len(fragment.shifts) == len(fragment.frames)
        assert all(duration > 0 for duration in fragment.durations)
        # the last of a segment takes up the drift of our clock, 500 ppm of a minute
        assert sum(fragment.durations) <= rate * 1.03 or len(fragment.frames) == 1 or fragment.shifts is not None
        assert abs(fragment.utc_us - segment.start_us - fragment.decode_time * 1_000_000 // rate) <= 1
        same = segment.of(fragment.track)
        assert fragment.decode_time >= (segment.ticks(fragment.track) if same else 0)
        segment.fragments.append(fragment)

    def close_segment(self, key: StreamKey, *, end_us: int) -> None:
        segment = self.open.pop(key)
        assert abs(segment.start_us + segment.ticks() * 1_000_000 // 90_000 - end_us) <= 1
        segment.end_us = end_us

    def gap(self, key: StreamKey, *, start_us: int, reason: GapReason, title: str) -> None:
        assert key not in self.open
        assert title
        segments = self.segments.get(key)
        assert not segments or start_us >= (segments[-1].end_us or 0)
        self.gaps.append((key, start_us, reason, title))

    def flush(self) -> None: ...

    def request_group(self, key: StreamKey, answer: GroupAnswer) -> None:
        data, start_us = self._group(key)
        if self.answers_at_once:
            answer(data, start_us)
        else:
            self.requests.append((key, data, start_us, answer))

    def answer_requests(self) -> None:
        for _, data, start_us, answer in self.requests:
            answer(data, start_us)
        self.requests.clear()

    def frames(self, key: StreamKey, track: int = VIDEO_TRACK) -> list[bytes]:
        return [frame for s in self.segments.get(key, []) for f in s.of(track) for frame in f.frames]

    def seams_us(self, key: StreamKey) -> list[int]:
        """How far each segment begins from the end of the one before."""
        return [after.start_us - (before.end_us or 0) for before, after in pairwise(self.segments[key])]

    def _group(self, key: StreamKey) -> tuple[bytes, int]:
        segment = self.open.get(key)
        if segment is None:
            return b"", 0
        start = max(index for index, f in enumerate(segment.fragments) if f.track == VIDEO_TRACK and f.key)
        return b"".join(stored(fragment) for fragment in segment.fragments[start:]), segment.start_us
