"""A segment read from disk for an export: every byte is hashed, and compared with what the ledger says was recorded."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from tawny.export.selection import Chosen
from tawny.wire.evidence import tree
from tawny.wire.evidence.ledgers import SegmentEntry
from tawny.wire.evidence.segments import runs_of
from tawny.wire.media import AUDIO_TRACK
from tawny.wire.mp4.movie import MoviePart
from tawny.wire.mp4.reading import MAX_INIT_SIZE, PREFIX_SIZE, head_size, read_head, read_init

_CHUNK: Final = 1 << 20
_LEAF: Final = b"\0"


class Damaged(ValueError):  # noqa: N818 - what the segment is
    """The segment's bytes are not those that were recorded, or gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What an export takes of a segment: *present* leaves as runs, the hashes of the *absent* ones end to end."""

    part: MoviePart
    present: tuple[tuple[int, int], ...]
    absent: bytes


def load(chosen: Chosen, entry: SegmentEntry, *, audio: bool, read: Callable[[int], None]) -> Source:
    """Read the whole segment, telling *read* how many bytes. Damaged where it is not what *entry* tells; OSError where it can't be read."""
    descriptor = os.open(chosen.segment.path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return _load(descriptor, chosen, entry, audio=audio, read=read)
    except ValueError as error:
        raise Damaged(str(error)) from None
    finally:
        os.close(descriptor)


def _load(descriptor: int, chosen: Chosen, entry: SegmentEntry, *, audio: bool, read: Callable[[int], None]) -> Source:
    size = os.fstat(descriptor).st_size
    if size != entry.size_bytes:
        raise ValueError(f"the file has {size} bytes, {entry.size_bytes} were recorded")
    init = os.pread(descriptor, MAX_INIT_SIZE, 0)
    init = init[: read_init(init).size]
    key = chosen.segment.key
    hashes = [tree.first_leaf(key.camera, key.stream, entry.sequence, init)]
    heads: list[tuple[int, bytes]] = []
    present = [0]
    at = len(init)
    while at < size:
        head = _head(descriptor, at)
        info = read_head(head)
        hashes.append(_hash(descriptor, at, info.size, read))
        if chosen.first <= len(hashes) - 1 <= chosen.last and (audio or info.track != AUDIO_TRACK):
            heads.append((at, head))
            present.append(len(hashes) - 1)
        at += info.size
    if tree.root(hashes) != entry.root:
        raise ValueError("the content is not what was recorded")
    wanted = set(present)
    return Source(
        part=MoviePart(source=str(chosen.segment.path), start_us=chosen.segment.start_us, init=init, heads=heads),
        present=runs_of(present),
        absent=b"".join(digest for number, digest in enumerate(hashes) if number not in wanted),
    )


def _head(descriptor: int, at: int) -> bytes:
    guess = os.pread(descriptor, 4096, at)
    size = head_size(guess[:PREFIX_SIZE])
    return guess[:size] if size <= len(guess) else os.pread(descriptor, size, at)


def _hash(descriptor: int, at: int, size: int, read: Callable[[int], None]) -> bytes:
    digest, end = sha256(_LEAF), at + size
    while at < end:
        chunk = os.pread(descriptor, min(_CHUNK, end - at), at)
        if not chunk:
            raise ValueError("the file ends inside a fragment")
        digest.update(chunk)
        at += len(chunk)
        read(len(chunk))
    return digest.digest()
