"""A small archive with signed ledgers, as the recorder leaves it, and jobs over it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tawny.export.certificates import Certificates
from tawny.export.model import Job, read_job
from tawny.export.part import Tools
from tawny.export.progress import Progress
from tawny.export.worker import Worker
from tawny.recorder.adapters.signing_key import open_keys
from tawny.recorder.adapters.sqlite_index import SqliteIndex
from tawny.recorder.archive import fragment_table, ledger
from tawny.recorder.archive.model import GapReason, NamedGap, Segment, StreamKey
from tawny.recorder.archive.paths import day_of, ledger_path, segment_path
from tawny.recorder.archive.ports import Change, GapRecorded, SegmentClosed, SegmentOpened
from tawny.recorder.evidence.proofs import StampedHead
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.data_directory import DataDirectory
from tawny.wire.evidence import tree
from tawny.wire.evidence.ledgers import HeadEntry, line_hash, lines
from tawny.wire.media import StreamName
from tawny.wire.moments import rfc3339
from tawny.wire.mp4.reading import read_init, walk
from tests.wire.mp4.clips import Clip, aac_clip, joined, segment, video_clip

SECOND = 1_000_000
NOON_US = 1_795_348_800_000_000  # 2026-11-22T12:00:00Z
KEY = StreamKey(camera="cam_gate", stream=StreamName.MAIN)
VOLUME = "vol_first"
RECORDER = "rec_test"


def clip(seconds: int = 3) -> Clip:
    return joined(video_clip(seconds=seconds), aac_clip(seconds=seconds))


class SignedArchive:
    """Segments, ledgers with heads, index and keys in one data directory; seconds count from noon."""

    def __init__(self, root: Path) -> None:
        self.data = DataDirectory(root=root)
        self.data.create()
        (self.data.archive / "volume.json").write_text(json.dumps({"id": VOLUME}))
        self.clock = SimulatedClock()
        self.keys = open_keys(self.data.keys, clock=self.clock, recorder=lambda: RECORDER)
        self.key = self.keys.open()
        self.root_pem = self.data.keys / "root.pem"
        self._index = SqliteIndex(self.data.index)
        self.stamped: list[StampedHead] = []
        self._sequence = 0
        self._ids = 0

    def close(self) -> None:
        self._index.close()

    def segment(
        self, start: float, recorded: Clip | None = None, *, recovered: bool = False, listed: bool = True, skip: int = 0
    ) -> Path:
        """A closed segment at that second, in ledger and index; *skip* sequences before it."""
        recorded = recorded or clip()
        start_us = NOON_US + round(start * SECOND)
        path = segment_path(self.data.archive, KEY, start_us)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = b"".join(segment(recorded, start_us=start_us))
        path.write_bytes(data)
        self._sequence += 1 + skip
        init = data[: read_init(data).size]
        fragments = list(walk(data, offset=len(init)))
        leaves = [tree.first_leaf(KEY.camera, KEY.stream, self._sequence, init)]
        leaves += [tree.leaf([data[f.offset : f.offset + f.size]]) for f in fragments]
        ends = [(f.decode_time + f.duration) * SECOND // recorded.formats[f.track].timescale for f in fragments]
        found = Segment(
            key=KEY,
            volume=VOLUME,
            start_us=start_us,
            end_us=start_us + max(ends),
            size_bytes=len(data),
            fragments=len(fragments),
            sequence=self._sequence,
            root=tree.root(leaves),
            recovered=recovered,
        )
        table, hashes = fragment_table.pack(fragments), b"".join(leaves)
        changes: list[Change] = [
            SegmentOpened(segment=replace(found, end_us=None)),
            SegmentClosed(segment=found, table=table, leaves=hashes),
        ]
        self._index.apply(changes)
        if listed:
            now_us = found.end_us or 0
            self.line(ledger.segment_entry(self.data.archive, found, entry_id=self.id("led"), now_us=now_us), start_us)
        return path

    def gap(self, start: float, end: float | None, reason: GapReason, title: str) -> None:
        """A gap, in ledger and index."""
        start_us, end_us = (None if s is None else NOON_US + round(s * SECOND) for s in (start, end))
        assert start_us is not None
        gap = NamedGap(id=self.id("gap"), key=KEY, start_us=start_us, end_us=end_us, reason=reason, title=title)
        self._index.apply([GapRecorded(gap=gap)])
        self.line(ledger.gap_entry(gap, now_us=start_us), start_us)
        if end_us is not None:
            self.line(ledger.gap_ended_entry(gap, entry_id=self.id("led"), now_us=end_us), start_us)

    def line(self, entry: dict[str, Any], at_us: int) -> None:
        """A line in the camera's ledger of the day of *at_us*."""
        path = ledger_path(self.data.archive, KEY.camera, at_us)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    def sign(self, at_us: int = NOON_US, *, volume: str = VOLUME) -> None:
        """A head over all lines of that day so far."""
        path = ledger_path(self.data.archive, KEY.camera, at_us)
        hashes = [line_hash(line) for line in lines(path.read_bytes())]
        head = HeadEntry(
            id=self.id("hed"),
            utc=rfc3339(at_us),
            volume=volume,
            ledger=f"{KEY.camera}/{day_of(at_us)}",
            size=len(hashes),
            root=tree.root(hashes),
            key=self.key.id,
            signature=b"",
        )
        signed = replace(head, signature=self.key.sign(head.statement(RECORDER)))
        with path.open("ab") as file:
            file.write(signed.line() + b"\n")

    def id(self, kind: str) -> str:
        self._ids += 1
        return f"{kind}_{self._ids:016d}"

    def tools(self) -> Tools:
        certificates = Certificates(self.data.keys, [self.data.archive])
        return Tools(
            key=self.key, certificates=certificates.chain, stamped=lambda ledger: self.stamped, clock=self.clock
        )

    def job(self, items: Sequence[dict[str, Any]], **more: Any) -> Path:
        """A job's directory, as the gateway makes it."""
        directory = self.data.root / "exports" / self.id("exp")
        directory.mkdir(parents=True)
        document = {
            "version": 1,
            "id": directory.name,
            "name": "Front gate",
            "by": "Ada",
            "made_at": rfc3339(NOON_US),
            "items": list(items),
            "compatible": False,
            "case": None,
            "recorder": {"id": RECORDER, "name": "Shop", "time_zone": "Europe/Berlin", "software": "tawny 0.1.0"},
            "cameras": {KEY.camera: "Gate Süd"},
            **more,
        }
        (directory / "job.json").write_text(json.dumps(document))
        return directory

    def run(self, directory: Path, progress: Progress) -> dict[str, Any]:
        """Do the job as the worker does."""
        return Worker(directory, self.read(directory), self.data, self.tools(), progress).run()

    @staticmethod
    def read(directory: Path) -> Job:
        return read_job(directory / "job.json")


def item(start: float, end: float, *, audio: bool = True) -> dict[str, Any]:
    """An item of the gate's main stream, in seconds from noon."""
    return {
        "camera": KEY.camera,
        "stream": "main",
        "from": rfc3339(NOON_US + round(start * SECOND)),
        "to": rfc3339(NOON_US + round(end * SECOND)),
        "audio": audio,
    }
