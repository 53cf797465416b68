"""The assertion ``org.tawny.recording``: where an export's bytes come from, and the proofs of it (`docs/design/evidence.md`, "The export").

Times are microseconds since 1970 UTC here and RFC 3339 in the JSON. Lines of ledgers stand as text, exactly as they were written.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tawny.wire.evidence import tree
from tawny.wire.evidence.ledgers import MAX_LINE
from tawny.wire.evidence.members import Members, parse
from tawny.wire.evidence.statements import is_key_id
from tawny.wire.moments import rfc3339

LABEL = "org.tawny.recording"
VERSION = 1
MAX_SIZE = 64 * 1024 * 1024
_MAX_ITEMS = 20_000
_MAX_KEYS = 200
_MAX_TOKEN = 64 * 1024
_MAX_ABSENT = 4 * 1024 * 1024
_MAX_PEM = 32 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class RecorderName:
    """Which recorder; *software* is its name and version."""

    id: str
    name: str
    time_zone: str
    software: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraName:
    """Which camera."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of which export."""

    export: str
    number: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What an export was made for, where somebody said."""

    number: str
    reason: str
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenLine:
    """Line *line* of a ledger, and the *path* from it to the root of the ledger's head."""

    line: int
    entry: str
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenSegment:
    """A segment of which an ``mdat`` holds leaves; *ledger* counts in `Recording.ledgers`. *absent* are the other leaves' hashes, end to end."""

    start_us: int
    ledger: int
    proof: ProvenLine
    present: tuple[tuple[int, int], ...]
    absent: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenGap:
    """A line that tells of missing footage."""

    ledger: int
    proof: ProvenLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenLedger:
    """A ledger, with the head under which the proofs of its lines lie: line *line* of the ledger is *head*."""

    volume: str
    owner: str
    day: str
    line: int
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A time stamp (RFC 3161) over *head*, a head of the recorder's ledger, under which *heads* names heads of other ledgers."""

    head: str
    heads: ProvenLine
    token: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The whole assertion."""

    recorder: RecorderName
    camera: CameraName
    stream: str
    audio: bool
    asked_from_us: int
    asked_to_us: int
    part: Part
    exported_us: int
    exported_by: str
    case: Case | None
    segments: tuple[ProvenSegment, ...]
    gaps: tuple[ProvenGap, ...]
    ledgers: tuple[ProvenLedger, ...]
    certificates: Mapping[str, str]
    witnesses: tuple[Witness, ...]

    def to_json(self) -> str:
        """The assertion's text."""
        return json.dumps(self.document(), ensure_ascii=False, separators=(",", ":"))

    def document(self) -> dict[str, Any]:
        """The assertion's members."""
        return {
            "version": VERSION,
            "recorder": {
                "id": self.recorder.id,
                "name": self.recorder.name,
                "time_zone": self.recorder.time_zone,
                "software": self.recorder.software,
            },
            "camera": {"id": self.camera.id, "name": self.camera.name},
            "stream": self.stream,
            "audio": self.audio,
            "asked": {"from": rfc3339(self.asked_from_us), "to": rfc3339(self.asked_to_us)},
            "part": {"export": self.part.export, "number": self.part.number, "of": self.part.of},
            "exported": {"at": rfc3339(self.exported_us), "by": self.exported_by},
            "case": None
            if self.case is None
            else {"number": self.case.number, "reason": self.case.reason, "officer": self.case.officer},
            "segments": [_segment_document(segment) for segment in self.segments],
            "gaps": [{"ledger": gap.ledger, **_proof_document(gap.proof)} for gap in self.gaps],
            "ledgers": [
                {
                    "volume": one.volume,
                    "owner": one.owner,
                    "day": one.day,
                    "head": {"line": one.line, "entry": one.head},
                }
                for one in self.ledgers
            ],
            "certificates": dict(self.certificates),
            "witnesses": [
                {"head": one.head, "heads": _proof_document(one.heads), "token": base64.b64encode(one.token).decode()}
                for one in self.witnesses
            ],
        }

    @classmethod
    def from_json(cls, text: bytes | str) -> "Recording":
        """The assertion that `to_json` wrote; ValueError for anything else."""
        return read_recording(parse(text, limit=MAX_SIZE))


def read_recording(value: object) -> Recording:
    """The assertion in an already parsed *value*; ValueError for anything that `Recording.document` does not give."""
    members = Members(value)
    if members.integer("version") != VERSION:
        raise ValueError("the assertion's version is not known here")
    asked, exported = members.members("asked"), members.members("exported")
    ledgers = members.list("ledgers", _ledger, limit=_MAX_ITEMS)
    found = Recording(
        recorder=_recorder(members.members("recorder")),
        camera=_camera(members.members("camera")),
        stream=members.text("stream", limit=16),
        audio=members.flag("audio"),
        asked_from_us=asked.moment("from"),
        asked_to_us=asked.moment("to"),
        part=_part(members.members("part")),
        exported_us=exported.moment("at"),
        exported_by=exported.text("by"),
        case=_case(members.optional("case")),
        segments=members.list("segments", _segment, limit=_MAX_ITEMS),
        gaps=members.list("gaps", _gap, limit=_MAX_ITEMS),
        ledgers=ledgers,
        certificates=_certificates(members.members("certificates")),
        witnesses=members.list("witnesses", _witness, limit=_MAX_ITEMS),
    )
    for one in (asked, exported, members):
        one.finish()
    used = {segment.ledger for segment in found.segments} | {gap.ledger for gap in found.gaps}
    if max(used, default=-1) >= len(ledgers):
        raise ValueError("a line is of a ledger that is not named")
    return found


def _segment_document(segment: ProvenSegment) -> dict[str, Any]:
    return {
        "start_us": segment.start_us,
        "ledger": segment.ledger,
        **_proof_document(segment.proof),
        "present": [list(run) for run in segment.present],
        "absent": base64.b64encode(segment.absent).decode(),
    }


def _proof_document(proof: ProvenLine) -> dict[str, Any]:
    return {"line": proof.line, "entry": proof.entry, "path": [one.hex() for one in proof.path]}


def _recorder(members: Members) -> RecorderName:
    found = RecorderName(
        id=members.text("id", limit=64),
        name=members.text("name"),
        time_zone=members.text("time_zone", limit=64),
        software=members.text("software", limit=128),
    )
    members.finish()
    return found


def _camera(members: Members) -> CameraName:
    found = CameraName(id=members.text("id", limit=64), name=members.text("name"))
    members.finish()
    return found


def _part(members: Members) -> Part:
    found = Part(
        export=members.text("export", limit=64),
        number=members.integer("number", least=1),
        of=members.integer("of", least=1),
    )
    members.finish()
    return found


def _case(members: Members | None) -> Case | None:
    if members is None:
        return None
    found = Case(
        number=members.text("number", limit=1024),
        reason=members.text("reason", limit=8192),
        officer=members.text("officer", limit=1024),
    )
    members.finish()
    return found


def _proof(members: Members) -> ProvenLine:
    return ProvenLine(
        line=members.integer("line"),
        entry=members.text("entry", limit=MAX_LINE),
        path=members.list("path", _hash, limit=tree.MAX_PATH),
    )


def _hash(value: object, place: str) -> bytes:
    if not isinstance(value, str) or len(value) != 2 * tree.HASH_SIZE or value.strip("0123456789abcdef"):
        raise ValueError(f"{place} is no hash")
    return bytes.fromhex(value)


def _segment(value: object, place: str) -> ProvenSegment:
    members = Members(value, place=place)
    found = ProvenSegment(
        start_us=members.integer("start_us"),
        ledger=members.integer("ledger"),
        proof=_proof(members),
        present=members.list("present", _run, limit=_MAX_ITEMS),
        absent=_base64(members.text("absent", limit=_MAX_ABSENT), f"{place}.absent"),
    )
    members.finish()
    return found


def _run(value: object, place: str) -> tuple[int, int]:
    match value:
        case [int() as first, int() as count] if first >= 0 and count >= 1 and bool not in {type(first), type(count)}:
            return first, count
        case _:
            raise ValueError(f"{place} is no run of leaves")


def _gap(value: object, place: str) -> ProvenGap:
    members = Members(value, place=place)
    found = ProvenGap(ledger=members.integer("ledger"), proof=_proof(members))
    members.finish()
    return found


def _ledger(value: object, place: str) -> ProvenLedger:
    members = Members(value, place=place)
    head = members.members("head")
    found = ProvenLedger(
        volume=members.text("volume", limit=64),
        owner=members.text("owner", limit=64),
        day=members.text("day", limit=10),
        line=head.integer("line"),
        head=head.text("entry", limit=MAX_LINE),
    )
    head.finish()
    members.finish()
    return found


def _certificates(members: Members) -> dict[str, str]:
    names = members.names()
    if len(names) > _MAX_KEYS or not all(is_key_id(name) for name in names):
        raise ValueError("certificates stand under the ids of their keys")
    return {name: members.text(name, limit=_MAX_PEM) for name in names}


def _witness(value: object, place: str) -> Witness:
    members = Members(value, place=place)
    heads = members.members("heads")
    found = Witness(
        head=members.text("head", limit=MAX_LINE),
        heads=_proof(heads),
        token=_base64(members.text("token", limit=_MAX_TOKEN * 2), f"{place}.token"),
    )
    heads.finish()
    members.finish()
    return found


def _base64(text: str, place: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError(f"{place} is no base64") from None
    if base64.b64encode(found).decode() != text:
        raise ValueError(f"{place} has another spelling")
    return found
