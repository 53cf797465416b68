"""The archive as the gateway's handlers use it: every look at the disk happens on one of a few threads.

So many people may ask at once that each with a thread of his own would stall the rest; here they queue for eight.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from tawny.recorder.archive.model import ArchiveSummary, SegmentInfo, StreamKey, Timeline
from tawny.recorder.archive.reader import ArchiveReader
from tawny.recorder.archive.volumes import VolumePaths
from tawny.runtime.data_directory import DataDirectory
from tawny.wire.media import StreamName, TrackFormat
from tawny.wire.mp4.fragments import MDAT, ROW_SIZE
from tawny.wire.mp4.reading import MAX_INIT_SIZE, PREFIX_SIZE, FragmentInfo, Sample, read_init, samples_of_head

THREADS: Final = 8
_NEAR_US = 120_000_000  # the next segment usually begins where this one ends; a look this far is one cheap query
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a segment holds: its init segment, and its fragments in the order of time."""

    segment: SegmentInfo
    init: bytes
    formats: dict[int, TrackFormat]
    fragments: Sequence[FragmentInfo]

    def start_us(self, info: FragmentInfo) -> int:
        """When the first sample of *info* is decoded."""
        return self.segment.start_us + info.decode_time * 1_000_000 // self.formats[info.track].timescale

    def end_us(self, info: FragmentInfo) -> int:
        """When the fragment ends."""
        return self.moment_us(info, info.duration)

    def moment_us(self, info: FragmentInfo, ticks: int) -> int:
        """When it is *ticks* after the beginning of *info*."""
        return self.segment.start_us + (info.decode_time + ticks) * 1_000_000 // self.formats[info.track].timescale


class Shelf:
    """Reads index and files of the archive on at most `THREADS` threads.

    A file that is gone is a FileNotFoundError, one that can't be read an OSError or ValueError.
    """

    def __init__(self, data: DataDirectory) -> None:
        self._archive = data.archive
        self._volumes = VolumePaths(data)
        self._reader = ArchiveReader(data)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="archive")

    def close(self) -> None:
        """Give everything back; what is under way on the threads is waited for."""
        self._pool.shutdown(cancel_futures=True)
        self._reader.close()

    async def run(self, work: Callable[[], _Result]) -> _Result:
        """The result of *work*, done on one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def has(self, camera: str) -> bool:
        """Whether there ever was something recorded of *camera*, on any volume that is there."""
        return await self.run(lambda: any((root / camera).is_dir() for root in self._roots()))

    async def summary(self) -> ArchiveSummary:
        return await self.run(self._reader.summary)

    async def timeline(
        self, camera: str, from_us: int, to_us: int, *, added_us: int = 0, stream: StreamName | None = None
    ) -> Timeline:
        """Spans and gaps of a range that does not reach beyond now."""
        ask = partial(self._reader.timeline, camera, from_us=from_us, to_us=to_us, added_us=added_us, stream=stream)
        return await self.run(ask)

    async def days(self, camera: str, from_us: int, to_us: int, zone: ZoneInfo) -> list[date]:
        """The days in *zone* that have footage."""
        return await self.run(partial(self._reader.days, camera, from_us=from_us, to_us=to_us, zone=zone))

    async def segments(self, key: StreamKey, from_us: int, to_us: int) -> list[SegmentInfo]:
        """The segments that hold something of that range, in the order of time."""
        return await self.run(partial(self._reader.segments, key.camera, key.stream, from_us=from_us, to_us=to_us))

    async def segment_from(self, key: StreamKey, moment_us: int, *, now_us: int) -> SegmentInfo | None:
        """The segment that holds *moment_us*, else the first after it."""
        if found := await self.segments(key, moment_us, moment_us + 1):
            return found[-1]
        if moment_us >= now_us:
            return None
        spans = (await self.timeline(key.camera, moment_us, now_us, stream=key.stream)).spans
        found = await self.segments(key, spans[0].from_us, spans[0].from_us + 1) if spans else []
        return found[-1] if found else None

    async def segment_after(self, segment: SegmentInfo, *, now_us: int) -> SegmentInfo | None:
        """The next segment of the same stream."""
        end_us = segment.start_us + 1 if segment.end_us is None else segment.end_us
        until_us = now_us + 1 if segment.end_us is None else end_us + _NEAR_US
        near = await self.segments(segment.key, end_us, until_us)
        later = next((found for found in near if found.start_us > segment.start_us), None)
        if later is not None or segment.end_us is None:
            return later
        return await self.segment_from(segment.key, end_us, now_us=now_us)

    async def segment_before(self, key: StreamKey, moment_us: int) -> SegmentInfo | None:
        """The last segment that begins before *moment_us*."""
        near = await self.segments(key, moment_us - _NEAR_US, moment_us)
        if found := [segment for segment in near if segment.start_us < moment_us]:
            return found[-1]
        spans = (await self.timeline(key.camera, 0, moment_us, stream=key.stream)).spans
        if not spans:
            return None
        end_us = min(moment_us, spans[-1].to_us)
        found = await self.segments(key, max(spans[-1].from_us, end_us - _NEAR_US), end_us)
        return found[-1] if found and found[-1].start_us < moment_us else None

    async def renewed(self, segment: SegmentInfo) -> SegmentInfo:
        """What is known of *segment* by now: it may have ended."""
        found = await self.segments(segment.key, segment.start_us, segment.start_us + 1)
        return next((info for info in found if info.start_us == segment.start_us), segment)

    async def size(self, path: Path) -> int:
        """How large the file is just now."""
        return (await self.run(path.stat)).st_size

    async def load(self, segment: SegmentInfo) -> Loaded:
        """What the segment holds just now."""
        return await self.run(lambda: self.load_now(segment))

    def load_now(self, segment: SegmentInfo) -> Loaded:
        """As `load`, on the thread that one is on."""
        init = read_range(segment.path, 0, MAX_INIT_SIZE)
        found = read_init(init)
        fragments = [info for info in self._reader.fragments(segment) if info.track in found.formats]
        fragments.sort(key=lambda info: info.decode_time / found.formats[info.track].timescale)
        return Loaded(segment=segment, init=init[: found.size], formats=found.formats, fragments=fragments)

    async def read(self, path: Path, offset: int, size: int) -> bytes:
        """*size* bytes of a file from *offset* on, fewer where it ends before."""
        return await self.run(lambda: read_range(path, offset, size))

    async def first_sample(self, path: Path, info: FragmentInfo) -> tuple[Sample, bytes]:
        """The first sample of a stored fragment, read without the others."""
        return await self.run(lambda: read_first_sample(path, info))

    def _roots(self) -> set[Path]:
        return {self._archive, *self._volumes.all().values()}


def read_range(path: Path, offset: int, size: int) -> bytes:
    """*size* bytes of the file from *offset* on, fewer where it ends before.

    The file is opened for each read: no descriptor waits for a reader who pauses, and none can be closed under a thread.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.pread(descriptor, size, offset)
    finally:
        os.close(descriptor)


def read_first_sample(path: Path, info: FragmentInfo) -> tuple[Sample, bytes]:
    """The first sample of the fragment *info* of the file; ValueError where it is damaged or cut short."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        head = os.pread(descriptor, PREFIX_SIZE + ROW_SIZE * info.samples + MDAT.size, info.offset)
        sample = samples_of_head(head)[0]
        if sample.offset + sample.size > info.size:
            raise ValueError("a sample reaches beyond its fragment")
        data = os.pread(descriptor, sample.size, info.offset + sample.offset)
    finally:
        os.close(descriptor)
    if len(data) < sample.size:
        raise ValueError("the segment is shorter than the index says")
    return sample, data
