"""Looking through footage: pictures for a pointer that runs over the timeline, and where the next gap is."""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime

from tawny.hub.servers.asking import asked
from tawny.hub.servers.parts import AsPerson, UsesParts
from tawny.hub.servers.recorder_routes import CameraId, From, To, pieces
from tawny.hub.servers.schema import Moment, StreamName
from tawny.runtime.clock import utc_us
from tawny.wire.link import MEDIA_TYPE
from tawny.wire.moments import rfc3339

router = APIRouter(tags=["recorder"])


@router.get(
    "/cameras/{camera}/previews",
    response_class=StreamingResponse,
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def read_previews(
    camera: CameraId,
    start: From,
    end: To,
    count: Annotated[int, Query(ge=1, le=200)],
    parts: UsesParts,
    person: AsPerson,
    stream: StreamName = StreamName.SUB,
) -> Response:
    """At most *count* key frames in even steps, as media messages, each after its length."""
    query = {"from": _moment(start), "to": _moment(end), "count": count, "stream": str(stream)}
    path = f"/cameras/{camera}/previews?{urlencode(query)}"
    opened = await parts.link.stream("GET", path, person=person.person.id)
    return StreamingResponse(pieces(opened), opened.status, media_type=MEDIA_TYPE)


@router.get("/cameras/{camera}/moments", response_model=Moment)
async def find_moment(
    camera: CameraId,
    at: AwareDatetime,
    parts: UsesParts,
    person: AsPerson,
    direction: Literal["next", "previous"] = "next",
    kind: Literal["gap", "footage", "event"] = "gap",
) -> Response:
    """The next or previous beginning of a gap, of footage after one, or of an event."""
    query = {"at": _moment(at), "direction": direction, "kind": kind}
    return await asked(parts, person, "GET", f"/cameras/{camera}/moments", query=query)


def _moment(at: datetime) -> str:
    return rfc3339(utc_us(at))
