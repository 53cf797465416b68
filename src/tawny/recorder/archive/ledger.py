"""The ledger of a camera's day: what happened to its footage, one JSON object a line, only ever appended to.

Kinds: ``segment`` (a file is complete), ``gap`` and ``gap_ended``, ``deleted``, ``footage_gone`` (a volume went), ``head`` (`heads`). The owner `RECORDER` has ledgers of the same form for what
belongs to no camera. The fields are a contract (`docs/reference/data-directory.md`).
A line torn by a crash is skipped by readers and finished with a line end before the next entry.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tawny.recorder.archive.model import GapReason, Gone, NamedGap, Segment, StreamKey
from tawny.recorder.archive.paths import LEDGER, ledger_path, segment_path
from tawny.recorder.archive.ports import Files, FootageGone
from tawny.runtime.clock import from_utc_us, utc_us
from tawny.wire.evidence.ledgers import MAX_LINE
from tawny.wire.media import StreamName

RECORDER = "recorder"  # the owner of what belongs to no camera
Entry = dict[str, Any]
MAX_SPANS = 500  # in one line, which has 60 bytes for each
TAIL_SIZE = 64 * 1024  # what recovery reads of a day: hours of entries, and a crash leaves open the last few only


def moment(us: int) -> str:
    """RFC 3339 with microseconds."""
    return from_utc_us(us).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_moment(text: object) -> int:
    """Microseconds since 1970 UTC; ValueError for anything but what `moment` writes."""
    return utc_us(datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC))


class Ledger:
    """The ledgers of one archive.

    Invariant: what was once in a ledger stays as it is; entries of one day are in the order in which they happened.
    """

    def __init__(self, archive: Path, files: Files) -> None:
        self._archive = archive
        self._files = files
        self._whole: set[Path] = set()  # ledgers known to end with a line end

    def append(self, camera: str, at_us: int, entry: Entry) -> Path:
        """Append *entry* to the ledger of the day of *at_us*; the path of that ledger. OSError where the disk refuses."""
        path = ledger_path(self._archive, camera, at_us)
        self._files.make_directory(path.parent)
        self.write(path, entry)
        return path

    def write(self, path: Path, entry: Entry) -> None:
        """As `append`, into the ledger *path*, whose directory is there. ValueError for a line that nobody would read."""
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        if len(line) > MAX_LINE:
            raise ValueError(f"a ledger's line of {len(line)} bytes")
        torn = path not in self._whole and not _ends_with_line(path)
        self._whole.discard(path)
        self._files.append(path, b"\n" + line if torn else line)
        if len(self._whole) > 4096:
            self._whole.clear()  # yesterday's ledgers
        self._whole.add(path)


def _ends_with_line(path: Path) -> bool:
    tail = read_tail(path, 1)
    return tail in {b"", b"\n"}


def read_tail(path: Path, size: int) -> bytes:
    """The last *size* bytes of *path*; none where there is no file."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - size))
            return file.read(size)
    except FileNotFoundError:
        return b""


def entries(data: bytes) -> Iterator[Entry]:
    """The entries in *data*, without torn or foreign lines."""
    for line in data.split(b"\n"):
        if not line or len(line) > MAX_LINE:
            continue
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and isinstance(entry.get("kind"), str):
            yield entry


def day_entries(archive: Path, camera: str, day: str, *, tail: int | None = None) -> list[Entry]:
    """The entries of a day, or those in the last *tail* bytes of it."""
    path = archive / camera / day / LEDGER
    if tail is not None:
        return list(entries(read_tail(path, tail)))
    try:
        return list(entries(path.read_bytes()))
    except FileNotFoundError:
        return []


def segment_entry(archive: Path, segment: Segment, *, entry_id: str, now_us: int, cut_bytes: int = 0) -> Entry:
    """A file is complete.

    ``recovered`` says that a crash ended it, ``cut_bytes`` how much of a torn fragment was cut off, ``unsigned_until`` until when nobody vouched for it.
    """
    assert segment.end_us is not None
    after_crash = {"recovered": True, "cut_bytes": cut_bytes, "unsigned_until": moment(now_us)}
    return {
        **_head("segment", segment.key, entry_id, now_us),
        "file": _file(archive, segment.key, segment.start_us),
        "from": moment(segment.start_us),
        "to": moment(segment.end_us),
        "bytes": segment.size_bytes,
        "fragments": segment.fragments,
        "sequence": segment.sequence,
        "root": segment.root.hex(),
        **(after_crash if segment.recovered else {}),
    }


def deletion_entry(archive: Path, segment: Segment, *, entry_id: str, now_us: int, cause: str) -> Entry:
    """A file is about to go, because of *cause*."""
    return {
        **_head("deleted", segment.key, entry_id, now_us),
        "file": _file(archive, segment.key, segment.start_us),
        "from": moment(segment.start_us),
        "to": moment(segment.end_us or segment.start_us),
        "bytes": segment.size_bytes,
        "sequence": segment.sequence,
        "root": segment.root.hex(),
        "cause": cause,
    }


def gap_entry(gap: NamedGap, *, now_us: int) -> Entry:
    """From a moment on there is no footage."""
    return {
        **_head("gap", gap.key, gap.id, now_us),
        "from": moment(gap.start_us),
        "reason": gap.reason,
        "title": gap.title,
    }


def gap_ended_entry(gap: NamedGap, *, entry_id: str, now_us: int) -> Entry:
    """The gap ended; stands in the same day's ledger as its beginning."""
    assert gap.end_us is not None
    return {**_head("gap_ended", gap.key, entry_id, now_us), "gap": gap.id, "to": moment(gap.end_us)}


def gone_entry(key: StreamKey, why: Gone, gone: Sequence[FootageGone], *, entry_id: str, now_us: int) -> Entry:
    """Footage that is gone with a volume, or the ledgers that told of it: at most `MAX_SPANS` of one stream and one reason."""
    spans = [[moment(one.start_us), moment(one.end_us)] for one in gone]
    sequence = max(one.sequence for one in gone)
    return {**_head("footage_gone", key, entry_id, now_us), "why": why, "sequence": sequence, "spans": spans}


def read_gone(camera: str, entry: Entry) -> list[FootageGone]:
    """What `gone_entry` told; ValueError or TypeError for a damaged entry."""
    key, why, sequence = _key(camera, entry), Gone(str(entry.get("why"))), int(entry.get("sequence", 0))
    return [
        FootageGone(key=key, start_us=read_moment(start), end_us=read_moment(end), why=why, sequence=sequence)
        for start, end in entry.get("spans", ())
    ]


def read_segment(camera: str, entry: Entry, *, volume: str) -> Segment:
    """The segment that `segment_entry` or `deletion_entry` told; ValueError for a damaged entry."""
    return Segment(
        key=_key(camera, entry),
        volume=volume,
        start_us=read_moment(entry.get("from")),
        end_us=read_moment(entry.get("to")),
        size_bytes=int(entry.get("bytes", 0)),
        fragments=int(entry.get("fragments", 0)),
        sequence=int(entry.get("sequence", 0)),
        root=bytes.fromhex(str(entry.get("root", ""))),
        recovered=entry.get("recovered") is True,
    )


def read_gap(camera: str, entry: Entry) -> NamedGap:
    """The gap that `gap_entry` told, lasting; ValueError for a damaged entry."""
    return NamedGap(
        id=str(entry.get("id")),
        key=_key(camera, entry),
        start_us=read_moment(entry.get("from")),
        end_us=None,
        reason=GapReason(str(entry.get("reason"))),
        title=str(entry.get("title", "")),
    )


def _head(kind: str, key: StreamKey, entry_id: str, now_us: int) -> Entry:
    return {"id": entry_id, "utc": moment(now_us), "kind": kind, "stream": key.stream}


def _key(camera: str, entry: Entry) -> StreamKey:
    return StreamKey(camera=camera, stream=StreamName(str(entry.get("stream"))))


def _file(archive: Path, key: StreamKey, start_us: int) -> str:
    """The segment's path inside the camera's directory of that day."""
    path = segment_path(archive, key, start_us)
    return str(path.relative_to(path.parents[1]))
