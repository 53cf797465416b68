"""One file of an export: planned, signed, written; in this order, so that nothing is copied twice."""

import hashlib
import os
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tawny.export.model import ExportFile, Hole, Item, Job
from tawny.export.pieces import Pieces
from tawny.export.proofs import Ledger, Ledgers, gaps_between
from tawny.export.selection import Chosen
from tawny.export.signing import Claim, EvidenceKey
from tawny.export.source import Damaged, Source, load
from tawny.recorder.archive.paths import day_of
from tawny.runtime.problem import Kind, Problem
from tawny.wire.evidence.ledgers import SegmentEntry
from tawny.wire.evidence.recording import CameraName, Part, ProvenGap, ProvenSegment, Recording, Witness
from tawny.wire.moments import rfc3339
from tawny.wire.mp4.export import plan_export
from tawny.wire.mp4.movie import FTYP, Movie, Piece

_PARTIAL: Final = ".part"
Told = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPlan:
    """A file to make: part *number* of *of* of its item, file *file* of the export."""

    item: Item
    chosen: Sequence[Chosen]
    number: int
    of: int
    file: int
    name: str
    exported_us: int
    gaps_from_us: int  # where the first gap of the range begins, which may be days before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the proofs are made of: the ledgers of the item's camera, certificates by key id, witnesses of heads."""

    ledgers: Ledgers
    certificates: Mapping[str, str]
    witnesses: Callable[[Sequence[Ledger]], tuple[Witness, ...]]
    key: EvidenceKey


def make_part(
    plan: PartPlan, job: Job, evidence: Evidence, directory: Path, *, read: Told, hashed: Told, written: Told
) -> tuple[ExportFile | None, list[Hole]]:
    """Write the file of *plan* into *directory*; None where nothing of it is whole. Segments that are damaged are left out, and told as holes.

    *read*, *hashed* and *written* hear of the bytes as they are done; each may raise to stop.
    """
    proven, holes = _load(plan, evidence, read)
    if not proven:
        return None, holes
    recording = _recording(plan, job, evidence, proven)
    claim = Claim(evidence.key, title=plan.name, recording=recording.to_json())
    movie = plan_export([one.source.part for one in proven], recording, reserved=claim.placeholder)
    with Pieces(movie.pieces, told=hashed) as planned:
        box = claim.sign(planned)
    digest, crc = _write(directory / plan.name, _with_signature(movie, box), written)
    made = ExportFile(
        number=plan.file,
        name=plan.name,
        camera=plan.item.key.camera,
        stream=plan.item.key.stream,
        from_us=movie.start_us,
        to_us=movie.start_us + movie.duration_us,
        size_bytes=movie.size,
        sha256=digest,
        crc32=crc,
        derived=False,
    )
    return made, holes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proven:
    source: Source
    ledger: Ledger
    line: int


def _load(plan: PartPlan, evidence: Evidence, read: Told) -> tuple[list[_Proven], list[Hole]]:
    proven: list[_Proven] = []
    holes: list[Hole] = []
    for chosen in plan.chosen:
        ledger, line, entry = _line_of(chosen, evidence.ledgers)
        try:
            source = load(chosen, entry, audio=plan.item.audio, read=read)
        except (Damaged, FileNotFoundError) as error:
            title = f"A recorded file is damaged or gone, and was left out ({error})."
            holes.append(Hole(from_us=chosen.from_us, to_us=chosen.to_us, reason="damaged", title=title))
            continue
        proven.append(_Proven(source=source, ledger=ledger, line=line))
    return proven, holes


def _line_of(chosen: Chosen, ledgers: Ledgers) -> tuple[Ledger, int, SegmentEntry]:
    segment = chosen.segment
    ledger = ledgers.of(segment.volume, day_of(segment.start_us))
    found = None if ledger is None else ledger.segment(segment.key.stream, segment.start_us)
    if ledger is None or found is None or found[0] >= ledger.covered:
        raise Problem(
            Kind.UNAVAILABLE,
            f"The recorder has not signed what it recorded at {rfc3339(segment.start_us)} yet.",
            remedy="Try again in a minute. If it stays so, look at System, Evidence.",
        )
    return ledger, *found


def _recording(plan: PartPlan, job: Job, evidence: Evidence, proven: Sequence[_Proven]) -> Recording:
    item = plan.item
    days = evidence.ledgers.between(plan.gaps_from_us, item.to_us)
    gaps = gaps_between(days, item.key.stream, item.from_us, item.to_us)
    ledgers = list(
        {id(ledger): ledger for ledger in (*(one.ledger for one in proven), *(one for one, _ in gaps))}.values()
    )
    keys = {ledger.head.key for ledger in ledgers if ledger.head is not None} | {evidence.key.id}
    witnesses = evidence.witnesses(ledgers)
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
        segments=tuple(
            ProvenSegment(
                start_us=one.source.part.start_us,
                ledger=ledgers.index(one.ledger),
                proof=one.ledger.prove(one.line),
                present=one.source.present,
                absent=one.source.absent,
            )
            for one in proven
        ),
        gaps=tuple(ProvenGap(ledger=ledgers.index(one), proof=one.prove(gap.number)) for one, gap in gaps),
        ledgers=tuple(ledger.proven() for ledger in ledgers),
        certificates={key: evidence.certificates[key] for key in sorted(keys) if key in evidence.certificates},
        witnesses=witnesses,
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
