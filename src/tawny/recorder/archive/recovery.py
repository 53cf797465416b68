"""What a crash left behind, put in order before recording begins; the archive is not scanned.

Looked at are files whose rows are open, and files without a row that are newer than (or shortly older than) the newest row of their
camera: a row is missing only for files made within the last cycle, or while the index could not be written.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tawny.recorder.archive import fragment_table, ledger
from tawny.recorder.archive.ledger import TAIL_SIZE, Ledger
from tawny.recorder.archive.model import Segment, StreamKey
from tawny.recorder.archive.paths import cameras, day_of, days, segment_path, segments_of_day
from tawny.recorder.archive.ports import Change, Files, Index, SegmentClosed, SegmentForgotten
from tawny.runtime.clock import Clock
from tawny.wire.evidence import tree
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK
from tawny.wire.mp4.reading import FragmentInfo, Init, read_init, samples_of_head, walk

_log = logging.getLogger(__name__)
_OVERLAP_US = (
    120_000_000  # how much older than the newest row a file without one can be: streams of a camera run apart a little
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is on file of a segment: *closed* where it has whole fragments, *cut_bytes* torn behind them."""

    segment: Segment
    closed: SegmentClosed | None
    cut_bytes: int
    logged: bool


class Recovery:
    """Closes what a crash left open.

    Invariant: a crash at any step leaves what the next recovery closes in the same way, with one ledger entry a segment.
    """

    def __init__(
        self,
        archive: Path,
        *,
        volume_id: str,
        clock: Clock,
        files: Files,
        index: Index,
        new_id: Callable[[str], str],
    ) -> None:
        self._archive = archive
        self._volume_id = volume_id
        self._clock = clock
        self._files = files
        self._index = index
        self._new_id = new_id
        self._ledger = Ledger(archive, files)

    def run(self) -> None:
        """Cut torn tails off, then ledger, then index. OSError where the disk refuses: nothing is lost, try again."""
        found = [self._examine(segment) for segment in (*self._open(), *self._without_row())]
        if not found:
            return
        for one in found:
            self._cut(one)
        self._files.sync_volume(self._archive)
        for one in found:
            if one.closed is not None and not one.logged:
                self._write_ledger(one.closed.segment, one.cut_bytes)
        self._files.sync_volume(self._archive)
        self._index.apply([_change(one) for one in found])
        _log.info("put %d segments in order that were open when the recorder ended", len(found))

    def _open(self) -> list[Segment]:
        return [segment for segment in self._index.open_segments() if segment.volume == self._volume_id]

    def _without_row(self) -> Iterator[Segment]:
        states = {state.key: state for state in self._index.streams()}
        alive_us = self._index.alive_us()
        newest_here = self._index.newest_starts(self._volume_id)
        for camera in cameras(self._archive):
            mine = [state for key, state in states.items() if key.camera == camera]
            newest = newest_here.get(camera, 0)
            since_us = max(0, (newest if alive_us is None else min(newest, alive_us)) - _OVERLAP_US)
            sequences = {state.key: state.sequence for state in mine}
            known: dict[StreamKey, set[int]] = {}
            for day in days(self._archive, camera, since=day_of(since_us)):
                for start_us, stream, path in segments_of_day(self._archive, camera, day, since_us=since_us):
                    key = StreamKey(camera=camera, stream=stream)
                    if key not in known:
                        known[key] = self._index.starts_since(key, since_us)
                    if start_us in known[key] or path != segment_path(self._archive, key, start_us):
                        continue
                    # given in the order of time, as the writer gave them
                    sequences[key] = sequences.get(key, 0) + 1
                    yield Segment(
                        key=key,
                        volume=self._volume_id,
                        start_us=start_us,
                        end_us=None,
                        size_bytes=0,
                        fragments=0,
                        sequence=sequences[key],
                    )

    def _examine(self, segment: Segment) -> Found:
        path = segment_path(self._archive, segment.key, segment.start_us)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return Found(segment=segment, closed=None, cut_bytes=0, logged=False)
        try:
            init = read_init(data)
        except ValueError:
            return Found(segment=segment, closed=None, cut_bytes=len(data), logged=False)
        fragments = whole_fragments(data, init.size)
        size = fragments[-1].offset + fragments[-1].size if fragments else 0
        if (written := self._logged(segment)) is not None and written.size_bytes == size:
            closed = SegmentClosed(segment=written, table=fragment_table.pack(fragments), leaves=None)
            return Found(segment=segment, closed=closed, cut_bytes=len(data) - size, logged=True)
        complete = close(segment, data, init, fragments) if fragments else None
        return Found(segment=segment, closed=complete, cut_bytes=len(data) - size, logged=False)

    def _logged(self, segment: Segment) -> Segment | None:
        """The segment as the ledger has it already."""
        day, start = day_of(segment.start_us), ledger.moment(segment.start_us)
        for entry in ledger.day_entries(self._archive, segment.key.camera, day, tail=TAIL_SIZE):
            if (entry["kind"], entry.get("stream"), entry.get("from")) == ("segment", segment.key.stream, start):
                try:
                    return ledger.read_segment(segment.key.camera, entry, volume=segment.volume)
                except ValueError:
                    return None
        return None

    def _cut(self, found: Found) -> None:
        path = segment_path(self._archive, found.segment.key, found.segment.start_us)
        if found.closed is None:
            self._files.unlink(path)
        elif found.cut_bytes:
            self._files.truncate(path, found.closed.segment.size_bytes)

    def _write_ledger(self, segment: Segment, cut_bytes: int) -> None:
        now_us = self._clock.utc_us()
        entry = ledger.segment_entry(
            self._archive, segment, entry_id=self._new_id("led"), now_us=now_us, cut_bytes=cut_bytes
        )
        self._ledger.append(segment.key.camera, segment.start_us, entry)


def _change(found: Found) -> Change:
    return found.closed or SegmentForgotten(segment=found.segment, deleted=False)


def whole_fragments(data: bytes, offset: int) -> list[FragmentInfo]:
    """The whole fragments from *offset* on.

    After a power cut, blocks that never reached the disk can read as zeros: a file ends before them.
    """
    found: list[FragmentInfo] = []
    try:
        found.extend(walk(data, offset=offset))
    except ValueError as error:
        _log.warning("a file ends in bytes that are no fragment: %s", error)
    while found and _blank(data, found[-1]):
        found.pop()
    return found


def _blank(data: bytes, fragment: FragmentInfo) -> bool:
    if fragment.track == AUDIO_TRACK:
        return False
    view = memoryview(data)[fragment.offset : fragment.offset + fragment.size]
    return any(not any(view[s.offset : s.offset + 4]) for s in samples_of_head(view) if s.size)


def close(segment: Segment, data: bytes, init: Init, fragments: list[FragmentInfo]) -> SegmentClosed:
    """The closed segment for a file that holds *data*, of which *fragments* are whole."""
    leaves = [tree.first_leaf(segment.key.camera, segment.key.stream, segment.sequence, data[: init.size])]
    leaves += [tree.leaf([data[f.offset : f.offset + f.size]]) for f in fragments]
    closed = Segment(
        key=segment.key,
        volume=segment.volume,
        start_us=segment.start_us,
        end_us=segment.start_us + end_of(fragments, init),
        size_bytes=fragments[-1].offset + fragments[-1].size,
        fragments=len(fragments),
        sequence=segment.sequence,
        root=tree.root(leaves),
        recovered=True,
    )
    return SegmentClosed(segment=closed, table=fragment_table.pack(fragments), leaves=b"".join(leaves))


def end_of(fragments: list[FragmentInfo], init: Init) -> int:
    """Microseconds from the segment's start to the end of its video (of its sound where it has none)."""
    video = [f for f in fragments if f.track == VIDEO_TRACK] or fragments
    ends = [
        (f.decode_time + f.duration) * 1_000_000 // init.formats[f.track].timescale
        for f in video[-1:]
        if f.track in init.formats
    ]
    return max(ends, default=0)
