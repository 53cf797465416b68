"""What the API says of exports and of the links that share them; see `tawny.hub.servers.schema`."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, PlainSerializer

from tawny.hub.servers.schema import PATH_ID, Answer, Body, Gap, StreamName

MAX_ITEMS = 64


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Id = Annotated[str, Field(pattern=PATH_ID)]
Moment = Annotated[AwareDatetime, PlainSerializer(_utc, when_used="json")]
Line = Annotated[str, Field(max_length=200)]


class ExportRange(Body):
    """What shall be exported of one camera: 3 seconds to 24 hours; *to* may lie up to a minute ahead."""

    camera: Id
    stream: StreamName = StreamName.MAIN
    start: Annotated[Moment, Field(alias="from")]
    end: Annotated[Moment, Field(alias="to")]
    audio: bool = True


class ExportHold(Body):
    """Hold the footage too, so that it is never deleted by the machine."""

    why: Annotated[str, Field(min_length=1, max_length=500)]
    until: Moment | None = None


class ExportCase(Body):
    """What stands on the report."""

    number: Line
    reason: Annotated[str, Field(max_length=500)]
    officer: Line


class MakeExport(Body):
    """Make signed MP4s of these ranges, and a zip of them all; with *drive* also copied there.

    *compatible* adds a copy in H.264 where the original's codec is unusual; it is marked as derived.
    """

    items: Annotated[list[ExportRange], Field(min_length=1, max_length=MAX_ITEMS)]
    name: Annotated[str, Field(max_length=100)] = ""
    compatible: bool = False
    drive: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    hold: ExportHold | None = None
    case: ExportCase | None = None


class ExportState(StrEnum):
    """Where an export stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ExportItem(Answer):
    """One range of an export."""

    camera: str
    stream: StreamName
    start: Annotated[AwareDatetime, Field(alias="from")]
    end: Annotated[AwareDatetime, Field(alias="to")]
    audio: bool


class Case(Answer):
    """What stands on the report."""

    number: str
    reason: str
    officer: str


class ExportFile(Answer):
    """One MP4; *sha256* is of its bytes, *derived* marks a compatible copy, which proves nothing by itself."""

    number: int
    name: str
    camera: str
    stream: StreamName
    start: Annotated[AwareDatetime, Field(alias="from")]
    end: Annotated[AwareDatetime, Field(alias="to")]
    bytes: int
    sha256: str
    derived: bool


class Export(Answer):
    """An export: *step* says in words what is being done, *title* and *remedy* what went wrong (empty: nothing).

    *progress* runs from 0 to 1. *bytes* is an estimate until the export is done; files, zip and report can be had then.
    """

    id: str
    name: str
    by: str
    made_at: AwareDatetime
    state: ExportState
    step: str
    progress: float
    bytes: int
    bytes_done: int
    title: str
    remedy: str
    items: list[ExportItem]
    case: Case | None
    hold: str | None
    drive: str | None
    files: list[ExportFile]
    zip_bytes: int | None
    zip_sha256: str | None
    expires_at: AwareDatetime


class Exports(Answer):
    """All exports, the newest first."""

    items: list[Export]


class EstimatedItem(Answer):
    """What a range would give: seconds of footage, its holes, and what to know before (sentences)."""

    camera: str
    seconds: float
    gaps: list[Gap]
    codec: str | None
    notices: list[str]


class ExportEstimate(Answer):
    """How large an export would become."""

    bytes: int
    files: int
    items: list[EstimatedItem]
    notices: list[str]


class MakeShare(Body):
    """Make a link to an export that is done, for who has no login here."""

    expires_at: AwareDatetime
    password: Annotated[str, Field(min_length=6, max_length=256)] | None = None
    note: Annotated[str, Field(max_length=200)] = ""


class Opening(Answer):
    """Somebody opened the link."""

    at: AwareDatetime
    address: str
    agent: str


class Share(Answer):
    """A link to an export; *password* says whether it asks for one."""

    id: str
    export: str
    note: str
    made_at: AwareDatetime
    expires_at: AwareDatetime
    revoked_at: AwareDatetime | None
    password: bool
    openings: list[Opening]


class MadeShare(Answer):
    """A new share; *url* holds its secret and is told this once."""

    share: Share
    url: str


class Shares(Answer):
    """All links, the newest first."""

    items: list[Share]


class OpenShared(Body):
    """Open a link by the secret that stands behind its ``#``."""

    secret: Annotated[str, Field(min_length=1, max_length=128)]
    password: Annotated[str, Field(max_length=256)] | None = None


class Shared(Answer):
    """What a link leads to, until *expires_at*."""

    name: str
    expires_at: AwareDatetime
    files: list[ExportFile]
    zip_bytes: int | None
