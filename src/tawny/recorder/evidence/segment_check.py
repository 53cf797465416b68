"""One segment file held against its ledger line, fragment by fragment."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tawny.wire.evidence import tree
from tawny.wire.evidence.ledgers import SegmentEntry
from tawny.wire.mp4.reading import read_init, walk

_MOST_BYTES = 1024**3  # a segment ends at 48 MB; what is far larger is not read


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where a file is not as it was recorded: *offset* of the first such fragment and its moment, where they can be told."""

    fault: str
    offset: int | None = None
    at_us: int | None = None


@dataclass(slots=True, kw_only=True)
class _Pieces:
    """What a file holds: of each leaf its place, moment and hash; *end* is behind the last, *broken* says what follows there."""

    places: list[tuple[int, int]] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    end: int = 0
    broken: str = ""


def check_segment(
    path: Path, camera: str, entry: SegmentEntry, *, leaves: Callable[[], bytes | None]
) -> Difference | None:
    """Read the whole file. *leaves* is asked where it differs: the hashes of its leaves, end to end, tell which fragment it is. OSError where it can't be read."""
    if (size := path.stat().st_size) > _MOST_BYTES:
        return Difference(fault=_size_fault(size, entry))
    data = path.read_bytes()
    found = _pieces(data, camera, entry)
    whole = found.end == len(data) == entry.size_bytes and len(found.hashes) == entry.fragments + 1
    if whole and tree.root(found.hashes) == entry.root:
        return None
    for (offset, at_us), digest, known in zip(found.places, found.hashes, _known(leaves(), entry), strict=False):
        if digest != known:
            return Difference(fault="a fragment is not as it was recorded", offset=offset, at_us=at_us)
    last_us = found.places[-1][1] if found.places else entry.from_us
    if found.broken:
        return Difference(fault=f"what follows is no fragment ({found.broken})", offset=found.end, at_us=last_us)
    if len(data) != entry.size_bytes:
        return Difference(fault=_size_fault(len(data), entry), offset=min(len(data), entry.size_bytes), at_us=last_us)
    return Difference(fault="the content is not what was recorded")


def _pieces(data: bytes, camera: str, entry: SegmentEntry) -> _Pieces:
    found = _Pieces()
    try:
        init = read_init(data).size
        found.places.append((0, entry.from_us))
        found.hashes.append(tree.first_leaf(camera, entry.stream, entry.sequence, data[:init]))
        found.end = init
        for fragment in walk(data, offset=init):
            found.end = fragment.offset + fragment.size
            found.places.append((fragment.offset, fragment.utc_us))
            found.hashes.append(tree.leaf((data[fragment.offset : found.end],)))
    except ValueError as error:
        found.broken = str(error)
    return found


def _size_fault(size: int, entry: SegmentEntry) -> str:
    return f"the file has {size} bytes, {entry.size_bytes} were recorded"


def _known(leaves: bytes | None, entry: SegmentEntry) -> list[bytes]:
    """The leaves' hashes, where they are those of *entry*: who remembers them need not be honest."""
    if leaves is None or len(leaves) != (entry.fragments + 1) * tree.HASH_SIZE:
        return []
    found = [leaves[at : at + tree.HASH_SIZE] for at in range(0, len(leaves), tree.HASH_SIZE)]
    return found if tree.root(found) == entry.root else []
