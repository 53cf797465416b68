"""A segment file while it is written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tawny.recorder.archive import fragment_table
from tawny.recorder.archive.model import Fragment, Segment, StreamKey
from tawny.recorder.archive.ports import Files, SegmentClosed
from tawny.wire.evidence import tree
from tawny.wire.media import VIDEO_TRACK, TrackFormat
from tawny.wire.mp4.fragments import fragment_head, init_segment
from tawny.wire.mp4.reading import FragmentInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What ingest said when it opened a segment: enough to go on in a new file after the disk failed."""

    start_us: int
    formats: Mapping[int, TrackFormat]

    def moved(self, fragment: Fragment) -> "tuple[Opening, dict[int, int]]":
        """The opening of a file that begins with *fragment*, and the ticks to take from each track's decode times."""
        begin_us = fragment.decode_time * 1_000_000 // self.formats[fragment.track].timescale
        ticks = {track: begin_us * form.timescale // 1_000_000 for track, form in self.formats.items()}
        ticks[fragment.track] = fragment.decode_time
        return replace(self, start_us=self.start_us + begin_us), ticks


class OpenSegment:
    """One segment file being written.

    Invariants: the file holds the init segment and whole fragments, then at most the torn rest of a write that failed; `size_bytes` ends
    with the last whole fragment; leaves and fragments are those on file, in its order.
    """

    def __init__(
        self, key: StreamKey, opening: Opening, ticks: dict[int, int], *, sequence: int, volume: str, path: Path
    ) -> None:
        self.key = key
        self.volume = volume
        self.path = path
        self.start_us = opening.start_us
        self.sequence = sequence
        self.size_bytes = 0
        self._formats = opening.formats
        self._ticks = ticks
        self._descriptor: int | None = None
        self._init = init_segment(opening.formats)
        self._leaves = [tree.first_leaf(key.camera, key.stream, sequence, self._init)]
        self._fragments: list[FragmentInfo] = []
        self._group_at = 0

    @property
    def end_us(self) -> int:
        """The end of the video on file (of the sound, where there is no video)."""
        last = next((f for f in reversed(self._fragments) if f.track == VIDEO_TRACK), None)
        return self.start_us if last is None else self.start_us + _end_us(last, self._formats)

    def create(self, files: Files) -> None:
        """Make the file; FileExistsError where there is one."""
        self._descriptor = files.create(self.path)

    def write(self, files: Files, fragment: Fragment) -> bool:
        """Write *fragment*; False for one that begins before the file does. OSError leaves a torn rest: see `cut_back`."""
        assert self._descriptor is not None
        decode_time = fragment.decode_time - self._ticks.get(fragment.track, 0)
        if decode_time < 0 or fragment.track not in self._formats:
            return False
        sizes = [len(frame) for frame in fragment.frames]
        head = fragment_head(
            track=fragment.track,
            sequence=len(self._fragments) + 1,
            decode_time=decode_time,
            utc_us=fragment.utc_us,
            durations=fragment.durations,
            sizes=sizes,
            shifts=fragment.shifts,
            key=fragment.key,
        )
        buffers = [head, *fragment.frames]
        files.write(self._descriptor, buffers if self._fragments else [self._init, *buffers])
        self._wrote(fragment, decode_time, len(head) + sum(sizes), tree.leaf(buffers))
        return True

    def _wrote(self, fragment: Fragment, decode_time: int, size: int, leaf: bytes) -> None:
        offset = self.size_bytes or len(self._init)
        info = FragmentInfo(
            offset=offset,
            size=size,
            track=fragment.track,
            sequence=len(self._fragments) + 1,
            decode_time=decode_time,
            utc_us=fragment.utc_us,
            duration=sum(fragment.durations),
            samples=len(fragment.frames),
            key=fragment.key or fragment.track != VIDEO_TRACK,
        )
        self._fragments.append(info)
        self._leaves.append(leaf)
        self.size_bytes = offset + size
        if fragment.key and fragment.track == VIDEO_TRACK:
            self._group_at = offset

    def cut_back(self, files: Files) -> None:
        """Cut a torn rest off."""
        files.truncate(self.path, self.size_bytes)

    def group(self, files: Files) -> bytes:
        """The stored fragments since the last key frame."""
        if self._descriptor is None or not self._fragments:
            return b""
        return files.read(self._descriptor, self._group_at, self.size_bytes - self._group_at)

    def close(self, files: Files) -> None:
        """Give the descriptor back."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            files.close(descriptor)

    def opened(self) -> Segment:
        """The segment as the index knows it while it is open."""
        return Segment(
            key=self.key,
            volume=self.volume,
            start_us=self.start_us,
            end_us=None,
            size_bytes=0,
            fragments=0,
            sequence=self.sequence,
        )

    def closed(self, end_us: int) -> SegmentClosed:
        """The segment as it is from now on, with its root."""
        segment = Segment(
            key=self.key,
            volume=self.volume,
            start_us=self.start_us,
            end_us=max(end_us, self.start_us),
            size_bytes=self.size_bytes,
            fragments=len(self._fragments),
            sequence=self.sequence,
            root=tree.root(self._leaves),
        )
        return SegmentClosed(segment=segment, table=fragment_table.pack(self._fragments), leaves=b"".join(self._leaves))


def _end_us(fragment: FragmentInfo, formats: Mapping[int, TrackFormat]) -> int:
    return (fragment.decode_time + fragment.duration) * 1_000_000 // formats[fragment.track].timescale
