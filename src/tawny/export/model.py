"""The job that the gateway gives, and what came of it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tawny.recorder.archive.model import StreamKey
from tawny.runtime.problem import Kind, Problem
from tawny.wire.evidence.members import Members, parse
from tawny.wire.evidence.recording import Case, RecorderName
from tawny.wire.media import StreamName
from tawny.wire.moments import rfc3339

MAX_JOB = 4 << 20
MAX_ITEMS = 64
_CAMERA = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A range of one stream; without *audio* the sound's fragments are left out."""

    key: StreamKey
    from_us: int
    to_us: int
    audio: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be exported, by whom, from which recorder. *clock* is what the recorder says of its clock, for the report."""

    id: str
    name: str
    by: str
    items: tuple[Item, ...]
    compatible: bool
    case: Case | None
    recorder: RecorderName
    cameras: Mapping[str, str]
    clock: str

    def camera_name(self, camera: str) -> str:
        return self.cameras.get(camera, camera)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """A file of the export, whole on disk. *derived* is a copy with other pictures than were recorded."""

    number: int
    name: str
    camera: str
    stream: str
    from_us: int
    to_us: int
    size_bytes: int
    sha256: str
    crc32: int
    derived: bool

    def document(self) -> dict[str, Any]:
        return {**self.public(), "crc32": self.crc32}

    def public(self) -> dict[str, Any]:
        """The file as the API tells of it."""
        return {
            "number": self.number,
            "name": self.name,
            "camera": self.camera,
            "stream": self.stream,
            "from": rfc3339(self.from_us),
            "to": rfc3339(self.to_us),
            "bytes": self.size_bytes,
            "sha256": self.sha256,
            "derived": self.derived,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """Time in the range without footage, and why."""

    from_us: int
    to_us: int
    reason: str
    title: str

    def document(self) -> dict[str, Any]:
        return {
            "from": rfc3339(self.from_us),
            "to": rfc3339(self.to_us),
            "reason": self.reason,
            "title": self.title,
        }


def read_job(path: Path) -> Job:
    """The job in *path*; members that only the gateway needs are passed over. Problem where it is none."""
    try:
        with path.open("rb") as file:
            members = Members(parse(file.read(MAX_JOB + 1), limit=MAX_JOB), place="job")
        return _job(members)
    except (OSError, ValueError) as error:
        raise Problem(Kind.INVALID, f"The export's job can't be read: {error}.") from None


def _job(members: Members) -> Job:
    cameras = members.members("cameras")
    return Job(
        id=members.text("id", limit=64),
        name=members.text("name"),
        by=members.text("by"),
        items=members.list("items", _item, limit=MAX_ITEMS),
        compatible=members.flag("compatible"),
        case=_case(members.optional("case")) if members.has("case") else None,
        recorder=_recorder(members.members("recorder")),
        cameras={camera: cameras.text(camera) for camera in cameras.names()},
        clock=members.text("clock", limit=1024) if members.has("clock") else "",
    )


def _item(value: object, place: str) -> Item:
    members = Members(value, place=place)
    camera = members.text("camera", limit=64)
    if _CAMERA.fullmatch(camera) is None:
        raise ValueError(f"{place}.camera is no camera's id")
    item = Item(
        key=StreamKey(camera=camera, stream=StreamName(members.text("stream", limit=16))),
        from_us=members.moment("from"),
        to_us=members.moment("to"),
        audio=members.flag("audio"),
    )
    if item.to_us <= item.from_us:
        raise ValueError(f"{place} ends before it begins")
    return item


def _case(members: Members | None) -> Case | None:
    if members is None:
        return None
    return Case(
        number=members.text("number", limit=1024),
        reason=members.text("reason", limit=8192),
        officer=members.text("officer", limit=1024),
    )


def _recorder(members: Members) -> RecorderName:
    return RecorderName(
        id=members.text("id", limit=64),
        name=members.text("name"),
        time_zone=members.text("time_zone", limit=64),
        software=members.text("software", limit=128),
    )


def read_file(value: object) -> ExportFile:
    """The file in a document that `ExportFile.document` gave; ValueError for anything else."""
    members = Members(value, place="file")
    return ExportFile(
        number=members.integer("number", least=1),
        name=members.text("name", limit=128),
        camera=members.text("camera", limit=64),
        stream=members.text("stream", limit=16),
        from_us=members.moment("from"),
        to_us=members.moment("to"),
        size_bytes=members.integer("bytes"),
        sha256=members.text("sha256", limit=64),
        crc32=members.integer("crc32"),
        derived=members.flag("derived"),
    )


def dumped(document: Mapping[str, Any] | list[Any]) -> bytes:
    """A document as people may read it, too."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
