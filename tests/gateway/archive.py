"""Builds small real archives: files as the recorder writes them, and its index."""

from collections.abc import Mapping
from pathlib import Path

from tawny.recorder.adapters.sqlite_index import SqliteIndex
from tawny.recorder.archive import fragment_table
from tawny.recorder.archive.model import GapReason, NamedGap, Segment, StreamKey
from tawny.recorder.archive.paths import segment_path
from tawny.recorder.archive.ports import Change, GapRecorded, SegmentClosed, SegmentOpened
from tawny.runtime.data_directory import DataDirectory
from tawny.wire.media import StreamName, TrackFormat
from tawny.wire.mp4.fragments import init_segment
from tawny.wire.mp4.reading import read_init, walk
from tests.gateway.media import FORMATS, T0, stored

KEY = StreamKey(camera="cam_a", stream=StreamName.MAIN)
SECOND = 1_000_000
VOLUME = "vol_builder"


class ArchiveBuilder:
    """An archive in a data directory; seconds count from T0."""

    def __init__(self, root: Path) -> None:
        self.data = DataDirectory(root=root)
        self.data.create()
        (self.data.archive / "volume.json").write_text(f'{{"id": "{VOLUME}"}}\n')
        self._index = SqliteIndex(self.data.index)
        self._sequence = 0
        self._gaps = 0

    def close(self) -> None:
        self._index.close()

    def segment(
        self,
        start: float,
        seconds: int,
        *,
        formats: Mapping[int, TrackFormat] = FORMATS,
        still_open: bool = False,
        group: int = 1,
        size: int = 0,
    ) -> Path:
        """A segment with a video and a sound fragment a second, a key frame each *group* seconds.

        The n-th picture of the second s holds ``v<s>.<n>``, the sound ``a<s>``, both filled up to *size* bytes; metadata, where the formats have them, hold ``m<s>``.
        """
        start_us = T0 + round(start * SECOND)
        path = segment_path(self.data.archive, KEY, start_us)
        path.parent.mkdir(parents=True, exist_ok=True)
        init = init_segment(formats)
        path.write_bytes(init)
        self._sequence += 1
        for second in range(seconds):
            self.append(path, start, second, formats=formats, key=second % group == 0, size=size)
        infos = list(walk(path.read_bytes(), offset=len(init)))
        segment = Segment(
            key=KEY,
            volume=VOLUME,
            start_us=start_us,
            end_us=None if still_open else start_us + seconds * SECOND,
            size_bytes=path.stat().st_size,
            fragments=len(infos),
            sequence=self._sequence,
        )
        changes: list[Change] = [SegmentOpened(segment=segment)]
        if not still_open:
            changes.append(SegmentClosed(segment=segment, table=fragment_table.pack(infos), leaves=None))
        self._index.apply(changes)
        return path

    def append(
        self,
        path: Path,
        start: float,
        second: int,
        *,
        formats: Mapping[int, TrackFormat] = FORMATS,
        key: bool = True,
        size: int = 0,
    ) -> None:
        """Write the *second*-th second of a segment that starts at *start*."""
        utc_us = T0 + round((start + second) * SECOND)
        name = f"{start + second:g}"
        pictures = [f"v{name}.{n}".encode().ljust(size, b".") for n in range(25)]
        fragments = [stored(decode_time=second * 90_000, utc_us=utc_us, samples=pictures, key=key)]
        if 2 in formats:
            sounds = [f"a{name}".encode().ljust(size, b".")] * 25
            fragments.append(stored(track=2, decode_time=second * 8000, utc_us=utc_us, samples=sounds, key=True))
        if 3 in formats:
            told = f"<MetadataStream>m{name}</MetadataStream>".encode()
            fragments.append(stored(track=3, decode_time=second * 90_000, utc_us=utc_us, samples=[told], key=True))
        with path.open("ab") as file:
            file.write(b"".join(fragments))

    def closed(self, path: Path, start: float, seconds: int) -> None:
        """An open segment that starts at *start* has ended after *seconds*, as the index tells."""
        data = path.read_bytes()
        infos = list(walk(data, offset=read_init(data).size))
        segment = Segment(
            key=KEY,
            volume=VOLUME,
            start_us=T0 + round(start * SECOND),
            end_us=T0 + round((start + seconds) * SECOND),
            size_bytes=len(data),
            fragments=len(infos),
            sequence=self._sequence,
        )
        self._index.apply([SegmentClosed(segment=segment, table=fragment_table.pack(infos), leaves=None)])

    def gap(self, start: float, end: float | None, reason: GapReason, title: str) -> None:
        self._gaps += 1
        gap = NamedGap(
            id=f"gap_{self._gaps}",
            key=KEY,
            start_us=T0 + round(start * SECOND),
            end_us=None if end is None else T0 + round(end * SECOND),
            reason=reason,
            title=title,
        )
        self._index.apply([GapRecorded(gap=gap)])
