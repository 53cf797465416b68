"""A ledger as evidence sees it: lines that are leaves, and the lines that tell of segments, gaps, deletions and heads.

Leaf *n* is line *n*: the bytes between two line ends, empty lines not counted, torn lines and heads counted. What stands behind the last line end
is no line yet.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tawny.wire.evidence import tree
from tawny.wire.evidence.members import Members, parse
from tawny.wire.evidence.statements import head_statement, is_key_id, read_signature, signature_text

MAX_LINE = 64 * 1024  # a time stamp with its certificates is the longest
HEAD = "head"
SEGMENT = "segment"
GAP_KINDS = ("gap", "gap_ended", "deleted")
MAX_FRAGMENTS = 100_000  # of a segment: a minute has some hundred


def lines(data: bytes) -> Iterator[bytes]:
    """The lines of a ledger, without what stands behind the last line end."""
    return (line for line in data.split(b"\n")[:-1] if line)


def line_hash(line: bytes) -> bytes:
    """The leaf of *line*, given without its line end."""
    return tree.leaf((line,))


def kind_of(line: bytes) -> str | None:
    """The kind of a line; None for torn and foreign ones."""
    try:
        entry = parse(line, limit=MAX_LINE)
    except ValueError:
        return None
    kind = entry.get("kind") if isinstance(entry, dict) else None
    return kind if isinstance(kind, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadEntry:
    """A signed head: the first *size* lines of *ledger* (``<owner>/<day>``) have *root*. *utc* is text, as it was signed."""

    id: str
    utc: str
    volume: str
    ledger: str
    size: int
    root: bytes
    key: str
    signature: bytes

    def statement(self, recorder: str) -> bytes:
        """What was signed."""
        return head_statement(
            recorder=recorder, volume=self.volume, ledger=self.ledger, size=self.size, root=self.root, utc=self.utc
        )

    def entry(self) -> dict[str, Any]:
        """The members of its line."""
        return {
            "id": self.id,
            "utc": self.utc,
            "kind": HEAD,
            "ledger": self.ledger,
            "volume": self.volume,
            "size": self.size,
            "root": self.root.hex(),
            "key": self.key,
            "signature": signature_text(self.signature),
        }

    def line(self) -> bytes:
        """The line, without its end."""
        return json.dumps(self.entry(), ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentEntry:
    """A segment as its line tells it; *root* is of ``1 + fragments`` leaves.

    After a crash *recovered*; *unsigned_until_us* is then the moment until which nobody vouched for it.
    """

    id: str
    utc_us: int
    stream: str
    file: str
    from_us: int
    to_us: int
    size_bytes: int
    fragments: int
    sequence: int
    root: bytes
    recovered: bool
    unsigned_until_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapEntry:
    """A line that tells of missing footage.

    Of a ``gap``: *from_us*, *reason*, *title*; of a ``gap_ended``: *gap* (the id of its beginning) and *to_us*; of a ``deleted``: *from_us*, *to_us*,
    *sequence* and *reason* (the cause).
    """

    id: str
    kind: str
    stream: str
    from_us: int | None
    to_us: int | None
    reason: str
    title: str
    gap: str
    sequence: int | None


def read_head(line: bytes | str) -> HeadEntry:
    """The head in *line*; ValueError for anything else."""
    members = Members(parse(line, limit=MAX_LINE), place="head")
    if members.text("kind") != HEAD:
        raise ValueError("the line is no head")
    head = HeadEntry(
        id=members.text("id", limit=64),
        utc=members.text("utc", limit=40),
        volume=members.text("volume", limit=64),
        ledger=members.text("ledger", limit=80),
        size=members.integer("size", least=1),
        root=members.hexadecimal("root", size=tree.HASH_SIZE),
        key=members.text("key", limit=16),
        signature=read_signature(members.text("signature", limit=90)),
    )
    members.moment("utc")
    if not is_key_id(head.key):
        raise ValueError("head.key is no key's id")
    members.finish()
    return head


def read_segment(line: bytes | str) -> SegmentEntry:
    """The segment in *line*; ValueError for anything else."""
    members = Members(parse(line, limit=MAX_LINE), place="segment")
    if members.text("kind") != SEGMENT:
        raise ValueError("the line tells of no segment")
    fragments = members.integer("fragments")
    if fragments > MAX_FRAGMENTS:
        raise ValueError("segment.fragments is larger than any segment has")
    return SegmentEntry(
        id=members.text("id", limit=64),
        utc_us=members.moment("utc"),
        stream=members.text("stream", limit=16),
        file=members.text("file", limit=128),
        from_us=members.moment("from"),
        to_us=members.moment("to"),
        size_bytes=members.integer("bytes"),
        fragments=fragments,
        sequence=members.integer("sequence"),
        root=members.hexadecimal("root", size=tree.HASH_SIZE),
        recovered=members.has("recovered") and members.flag("recovered"),
        unsigned_until_us=members.moment("unsigned_until") if members.has("unsigned_until") else None,
    )


def read_gap(line: bytes | str) -> GapEntry:
    """What *line* tells of missing footage; ValueError for anything else."""
    members = Members(parse(line, limit=MAX_LINE), place="gap")
    kind = members.text("kind")
    if kind not in GAP_KINDS:
        raise ValueError("the line tells of no gap")
    begins, ends = kind != "gap_ended", kind != "gap"
    return GapEntry(
        id=members.text("id", limit=64),
        kind=kind,
        stream=members.text("stream", limit=16),
        from_us=members.moment("from") if begins else None,
        to_us=members.moment("to") if ends else None,
        reason=members.text("cause" if kind == "deleted" else "reason", limit=64) if begins else "",
        title=members.text("title", limit=1024) if kind == "gap" else "",
        gap=members.text("gap", limit=64) if kind == "gap_ended" else "",
        sequence=members.integer("sequence") if kind == "deleted" else None,
    )
