"""Segments in the file against the ledger lines that tell of them, and those against signed heads."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography import x509

from tawny.verification.reading import EvidenceFile
from tawny.verification.trust import chain_of_pem, leads_to, recorder_of
from tawny.verification.verdict import Flaw
from tawny.wire.evidence import tree
from tawny.wire.evidence.chains import Chain
from tawny.wire.evidence.ledgers import (
    GapEntry,
    HeadEntry,
    SegmentEntry,
    line_hash,
    read_gap,
    read_head,
    read_segment,
)
from tawny.wire.evidence.recording import ProvenLine, ProvenSegment, Recording
from tawny.wire.evidence.segments import indices, segment_root
from tawny.wire.mp4.export import Extent
from tawny.wire.mp4.movie import MoviePart
from tawny.wire.mp4.reading import (
    MAX_INIT_SIZE,
    PREFIX_SIZE,
    FragmentInfo,
    head_size,
    read_init,
)
from tawny.wire.mp4.reading import (
    read_head as read_fragment,
)

_LEAF: Final = b"\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """A segment that is what was recorded: its line, its leaves in the file by number, and what the index is made of."""

    entry: SegmentEntry
    part: MoviePart
    fragments: Sequence[tuple[int, FragmentInfo]]


def check_heads(recording: Recording, roots: Sequence[x509.Certificate]) -> tuple[list[HeadEntry], bool]:
    """The heads of the ledgers, and whether all their keys are under one of *roots*. Flaw where a signature is not its key's."""
    chains = {key: _chain(key, pem) for key, pem in recording.certificates.items()}
    heads = []
    for ledger in recording.ledgers:
        name = f"{ledger.owner}/{ledger.day}"
        try:
            head = read_head(ledger.head)
        except ValueError as error:
            raise Flaw("head", f"The head of the ledger {name} can't be read: {error}.") from None
        fits = (head.ledger, head.volume) == (name, ledger.volume) and head.size <= ledger.line
        chain = chains.get(head.key)
        if not fits or ledger.owner != recording.camera.id or chain is None:
            raise Flaw("head", f"The head of the ledger {name} is another ledger's.")
        if not chain.signed(head.statement(recorder_of(chain)), head.signature):
            raise Flaw("head", f"The ledger {name} was not signed by the key that it names.")
        heads.append(head)
    used = {head.key for head in heads}
    return heads, all(leads_to(chains[key], roots) for key in used)


def _chain(key: str, pem: str) -> Chain:
    try:
        chain = chain_of_pem(pem)
    except ValueError as error:
        raise Flaw("head", f"The certificate of the key {key} can't be read: {error}.") from None
    if chain.key_id != key:
        raise Flaw("head", f"The certificate of the key {key} is another key's.")
    return chain


def check_gaps(recording: Recording, heads: Sequence[HeadEntry]) -> list[GapEntry]:
    """The lines that tell of missing footage, each proven."""
    found = []
    for gap in recording.gaps:
        _prove(gap.proof, heads[gap.ledger])
        try:
            found.append(read_gap(gap.proof.entry))
        except ValueError as error:
            raise Flaw("proof", f"A line about missing footage can't be read: {error}.") from None
    return found


def check_segment(
    file: EvidenceFile, extent: Extent, segment: ProvenSegment, recording: Recording, heads: Sequence[HeadEntry]
) -> Footage:
    """The segment in *extent*; Flaw where it is not the one that the ledger tells of."""
    try:
        entry = read_segment(segment.proof.entry)
    except ValueError as error:
        raise Flaw("segment", f"The line of a segment can't be read: {error}.", offset=extent.offset) from None
    _prove(segment.proof, heads[segment.ledger])
    if (entry.stream, entry.from_us) != (recording.stream, segment.start_us):
        raise Flaw("segment", "The line of a segment tells of another one.", offset=extent.offset)
    try:
        numbers = indices(segment.present, leaves=entry.fragments + 1)
        part, hashes, fragments = _read(file, extent, segment, recording, entry.sequence)
        found = segment_root(fragments=entry.fragments, present=segment.present, hashes=hashes, absent=segment.absent)
    except ValueError as error:
        words = f"The footage is not what was recorded: {error}."
        raise Flaw("footage", words, offset=extent.offset, at_us=segment.start_us) from None
    if found != entry.root:
        words = "The footage is not what was recorded."
        raise Flaw("footage", words, offset=extent.offset, at_us=segment.start_us)
    return Footage(entry=entry, part=part, fragments=list(zip(numbers[1:], fragments, strict=True)))


def _prove(proof: ProvenLine, head: HeadEntry) -> None:
    try:
        found = tree.verify_path(line_hash(proof.entry.encode()), proof.line, head.size, proof.path)
    except ValueError as error:
        raise Flaw("proof", f"Line {proof.line} of {head.ledger} is not proven: {error}.") from None
    if found != head.root:
        raise Flaw("proof", f"Line {proof.line} of {head.ledger} is not what was signed.")


def _read(
    file: EvidenceFile, extent: Extent, segment: ProvenSegment, recording: Recording, sequence: int
) -> tuple[MoviePart, list[bytes], list[FragmentInfo]]:
    """The leaves' hashes, and the fragments' heads; ValueError where there is anything but ``ftyp moov`` and whole fragments."""
    init = file.read(extent.body, min(MAX_INIT_SIZE, extent.end - extent.body))
    init = init[: read_init(init).size]
    hashes = [tree.first_leaf(recording.camera.id, recording.stream, sequence, init)]
    heads: list[tuple[int, bytes]] = []
    fragments: list[FragmentInfo] = []
    at = extent.body + len(init)
    while at < extent.end:
        head = _head(file, at, extent.end)
        info = read_fragment(head, offset=at)
        if at + info.size > extent.end:
            raise ValueError("a fragment reaches beyond its segment")
        digest = sha256(_LEAF)
        for chunk in file.chunks(at, info.size):
            digest.update(chunk)
        hashes.append(digest.digest())
        heads.append((at - extent.body, head))
        fragments.append(info)
        at += info.size
    part = MoviePart(source="", start_us=segment.start_us, init=init, heads=heads)
    return part, hashes, fragments


def _head(file: EvidenceFile, at: int, end: int) -> bytes:
    guess = file.read(at, min(4096, end - at))
    size = head_size(guess[:PREFIX_SIZE])
    if at + size > end:
        raise ValueError("a fragment is cut short")
    return guess[:size] if size <= len(guess) else file.read(at, size)
