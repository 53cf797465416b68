"""Values of exports, and the documents in which they travel and are kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from tawny.wire.media import StreamName
from tawny.wire.moments import parse_rfc3339, rfc3339

Document = dict[str, Any]

EXPORT: Final = "exp_"  # what ids of exports begin with
VERSION: Final = 1
DAY_US: Final = 24 * 3600 * 1_000_000
KEPT_US: Final = 7 * DAY_US
CASE_KEPT_US: Final = 30 * DAY_US
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}\.mp4")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_ID: Final = re.compile(r"exp_[a-z0-9]{1,60}")


class State(StrEnum):
    """Where an export stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A range of one camera's stream."""

    camera: str
    stream: StreamName
    from_us: int
    to_us: int
    audio: bool

    def document(self) -> Document:
        return {
            "camera": self.camera,
            "stream": str(self.stream),
            "from": rfc3339(self.from_us),
            "to": rfc3339(self.to_us),
            "audio": self.audio,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What stands on the report."""

    number: str
    reason: str
    officer: str

    def document(self) -> Document:
        return {"number": self.number, "reason": self.reason, "officer": self.officer}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """One MP4 that the worker wrote, under *name* in ``files/``."""

    number: int
    name: str
    camera: str
    stream: StreamName
    from_us: int
    to_us: int
    size: int
    sha256: str
    derived: bool

    def document(self) -> Document:
        return {
            "number": self.number,
            "name": self.name,
            "camera": self.camera,
            "stream": str(self.stream),
            "from": rfc3339(self.from_us),
            "to": rfc3339(self.to_us),
            "bytes": self.size,
            "sha256": self.sha256,
            "derived": self.derived,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An export from its making to its end. *hold* and *drive* are ids; *recorder*, *cameras* and *clock* go to the worker.

    *size* is an estimate until the export is done.
    """

    id: str
    name: str
    by: str
    made_us: int
    items: tuple[Item, ...]
    compatible: bool
    case: Case | None
    drive: str | None
    hold: str | None
    recorder: Mapping[str, str]
    cameras: Mapping[str, str]
    clock: str
    size: int
    expires_us: int
    state: State = State.WAITING
    step: str = ""
    progress: float = 0.0
    size_done: int = 0
    title: str = ""
    remedy: str = ""
    files: tuple[ExportFile, ...] = field(default=())
    zip_size: int | None = None
    zip_sha256: str | None = None

    @property
    def over(self) -> bool:
        return self.state in {State.DONE, State.FAILED}

    @property
    def ends_us(self) -> int:
        """When the last of its ranges ends."""
        return max(item.to_us for item in self.items)

    def kept_us(self) -> int:
        """How long it is kept once it is over."""
        return KEPT_US if self.case is None else CASE_KEPT_US

    def document(self) -> Document:
        """The job as people's programs see it."""
        return {
            "id": self.id,
            "name": self.name,
            "by": self.by,
            "made_at": rfc3339(self.made_us),
            "state": str(self.state),
            "step": self.step,
            "progress": round(self.progress, 4),
            "bytes": self.size,
            "bytes_done": self.size_done,
            "title": self.title,
            "remedy": self.remedy,
            "items": [item.document() for item in self.items],
            "case": None if self.case is None else self.case.document(),
            "hold": self.hold,
            "drive": self.drive,
            "files": [file.document() for file in self.files],
            "zip_bytes": self.zip_size,
            "zip_sha256": self.zip_sha256,
            "expires_at": rfc3339(self.expires_us),
        }

    def kept(self) -> Document:
        """The job as ``job.json`` keeps it and the worker reads it."""
        told = {"recorder": dict(self.recorder), "cameras": dict(self.cameras), "clock": self.clock}
        return {"version": VERSION, "compatible": self.compatible, **self.document(), **told}


def read_job(document: Document) -> Job:
    """The job that `Job.kept` wrote; ValueError where that is none."""
    try:
        if document["version"] != VERSION or not _ID.fullmatch(document["id"]):
            raise ValueError("not a job of this version")
        return Job(
            id=document["id"],
            name=str(document["name"]),
            by=str(document["by"]),
            made_us=parse_rfc3339(document["made_at"]),
            items=tuple(_read_item(item) for item in document["items"]),
            compatible=bool(document["compatible"]),
            case=None if document["case"] is None else Case(**{k: str(v) for k, v in document["case"].items()}),
            drive=document["drive"],
            hold=document["hold"],
            recorder={str(k): str(v) for k, v in document["recorder"].items()},
            cameras={str(k): str(v) for k, v in document["cameras"].items()},
            clock=str(document["clock"]),
            size=int(document["bytes"]),
            expires_us=parse_rfc3339(document["expires_at"]),
            state=State(document["state"]),
            step=str(document["step"]),
            progress=float(document["progress"]),
            size_done=int(document["bytes_done"]),
            title=str(document["title"]),
            remedy=str(document["remedy"]),
            files=tuple(read_file(file) for file in document["files"]),
            zip_size=document["zip_bytes"],
            zip_sha256=document["zip_sha256"],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a job: {error}") from error


def read_file(document: Document) -> ExportFile:
    """A file as the worker tells of it; ValueError where its name could lead out of its directory, and the like."""
    try:
        if not _FILE_NAME.fullmatch(document["name"]):
            raise ValueError("not the name of a file of an export")
        return ExportFile(
            number=int(document["number"]),
            name=document["name"],
            camera=str(document["camera"]),
            stream=StreamName(document["stream"]),
            from_us=parse_rfc3339(document["from"]),
            to_us=parse_rfc3339(document["to"]),
            size=int(document["bytes"]),
            sha256=read_sha256(document["sha256"]),
            derived=bool(document["derived"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a file of an export: {error}") from error


def read_sha256(text: str) -> str:
    """*text*, which has to be a SHA-256 in hexadecimal digits; it goes into a header."""
    if not _SHA256.fullmatch(text):
        raise ValueError("not a SHA-256")
    return text


def _read_item(document: Document) -> Item:
    return Item(
        camera=str(document["camera"]),
        stream=StreamName(document["stream"]),
        from_us=parse_rfc3339(document["from"]),
        to_us=parse_rfc3339(document["to"]),
        audio=bool(document["audio"]),
    )
