"""One file of an export: planned, signed, written; in this order, so that nothing is copied twice."""

import hashlib
import os
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tawny.export.model import ExportFile, Item, Job
from tawny.export.pieces import Pieces
from tawny.export.progress import Told
from tawny.export.proofs import GapLine, Ledger
from tawny.export.selection import Recorded
from tawny.export.signing import Claim, EvidenceKey
from tawny.export.source import Damaged, Source, load
from tawny.recorder.evidence.proofs import StampedHead
from tawny.runtime.clock import Clock
from tawny.wire.evidence.recording import CameraName, Part, ProvenGap, ProvenSegment, Recording
from tawny.wire.mp4.export import plan_export
from tawny.wire.mp4.movie import FTYP, Movie, Piece

_PARTIAL: Final = ".part"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPlan:
    """A file to make: part *number* of *of* of its item, file *file* of the export.

    *gaps* are the lines that tell of missing footage in the item's range.
    """

    item: Item
    segments: Sequence[Recorded]
    gaps: Sequence[tuple[Ledger, GapLine]]
    number: int
    of: int
    file: int
    name: str
    exported_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a worker is given: the key that signs, certificates by key id, who finds the stamped heads of ledgers, and the time."""

    key: EvidenceKey
    certificates: Callable[[str], str]
    stamped: Callable[[Ledger], Sequence[StampedHead]]
    clock: Clock


class DamagedSegment(Exception):  # noqa: N818 - what was found
    """A segment of the plan is not what was recorded."""

    def __init__(self, segment: Recorded, what: str) -> None:
        super().__init__(what)
        self.segment = segment


def make_part(
    plan: PartPlan, job: Job, tools: Tools, directory: Path, *, read: Told, hashed: Told, written: Told
) -> ExportFile:
    """Write the file of *plan* into *directory*. DamagedSegment where one can't be had: then nothing was written.

    *read*, *hashed* and *written* hear of the bytes as they are done; each may raise to stop.
    """
    sources = [_load(segment, plan.item, read) for segment in plan.segments]
    recording = _recording(plan, job, tools, sources)
    claim = Claim(tools.key, title=plan.name, recording=recording.to_json())
    movie = plan_export([source.part for source in sources], recording, reserved=claim.placeholder)
    with Pieces(movie.pieces, told=hashed) as planned:
        box = claim.sign(planned)
    digest, crc = _write(directory / plan.name, _with_signature(movie, box), written)
    return ExportFile(
        number=plan.file,
        name=plan.name,
        camera=plan.item.key.camera,
        stream=str(plan.item.key.stream),
        from_us=movie.start_us,
        to_us=movie.start_us + movie.duration_us,
        size_bytes=movie.size,
        sha256=digest,
        crc32=crc,
        derived=False,
    )


def _load(segment: Recorded, item: Item, read: Told) -> Source:
    try:
        return load(segment.chosen, segment.entry, audio=item.audio, read=read)
    except (Damaged, FileNotFoundError) as error:
        raise DamagedSegment(segment, str(error)) from None


def _recording(plan: PartPlan, job: Job, tools: Tools, sources: Sequence[Source]) -> Recording:
    item = plan.item
    needed: dict[int, int] = {}  # of each ledger, how many lines have to be under its head
    ledgers = {id(one): one for one in (*(s.ledger for s in plan.segments), *(ledger for ledger, _ in plan.gaps))}
    for ledger, line in (*((s.ledger, s.line) for s in plan.segments), *((one, gap.number) for one, gap in plan.gaps)):
        needed[id(ledger)] = max(needed.get(id(ledger), 0), line + 1)
    heads = {at: ledgers[at].under(lines, tools.stamped(ledgers[at])) for at, lines in needed.items()}
    number = {identity: at for at, identity in enumerate(heads)}
    segments = [
        ProvenSegment(
            start_us=source.part.start_us,
            ledger=number[id(segment.ledger)],
            proof=segment.ledger.prove(segment.line, heads[id(segment.ledger)].head),
            present=source.present,
            absent=source.absent,
        )
        for segment, source in zip(plan.segments, sources, strict=True)
    ]
    gaps = [
        ProvenGap(ledger=number[id(one)], proof=one.prove(gap.number, heads[id(one)].head)) for one, gap in plan.gaps
    ]
    keys = {tools.key.id, *(choice.head.key for choice in heads.values())}
    return Recording(
        recorder=job.recorder,
        camera=CameraName(id=item.key.camera, name=job.camera_name(item.key.camera)),
        stream=item.key.stream,
        audio=item.audio,
        asked_from_us=item.from_us,
        asked_to_us=item.to_us,
        part=Part(export=job.id, number=plan.number, of=plan.of),
        exported_us=plan.exported_us,
        exported_by=job.by,
        case=job.case,
        segments=tuple(segments),
        gaps=tuple(gaps),
        ledgers=tuple(ledgers[at].proven(choice) for at, choice in heads.items()),
        certificates={key: tools.certificates(key) for key in sorted(keys)},
        witnesses=tuple(dict.fromkeys(one.witness for one in heads.values() if one.witness is not None)),
    )


def _with_signature(movie: Movie, box: bytes) -> list[Piece]:
    head = b"".join((FTYP, box, movie.moov, movie.meta))
    assert len(head) == len(movie.head)
    return [Piece(size=len(head), data=head), *movie.pieces[1:]]


def _write(path: Path, pieces: Sequence[Piece], written: Told) -> tuple[str, int]:
    """Write the file, safe on disk before it bears its name; its SHA-256 and CRC-32."""
    partial = path.with_name(path.name + _PARTIAL)
    digest, crc = hashlib.sha256(), 0
    with partial.open("wb") as file, Pieces(pieces, told=written) as planned:
        for chunk in planned.chunks():
            file.write(chunk)
            digest.update(chunk)
            crc = zlib.crc32(chunk, crc)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return digest.hexdigest(), crc
