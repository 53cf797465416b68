"""The list of events, of all cameras or of some."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime

from tawny.hub.servers.asking import asked
from tawny.hub.servers.event_schema import CameraEvents
from tawny.hub.servers.parts import AsPerson, UsesParts
from tawny.runtime.clock import utc_us
from tawny.wire.moments import rfc3339

router = APIRouter(tags=["events"])

_WORDS = r"^[A-Za-z0-9_]{1,64}(,[A-Za-z0-9_]{1,64}){0,255}$"
Words = Annotated[str | None, Query(pattern=_WORDS)]


@router.get("/events", response_model=CameraEvents)
async def list_events(
    parts: UsesParts,
    person: AsPerson,
    camera: Words = None,
    kind: Words = None,
    start: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    end: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    before: Annotated[str | None, Query(max_length=256)] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """Events, the newest first; cameras and kinds with commas between them, *before* is the `next` of the last list."""
    found = {
        "camera": camera,
        "kind": kind,
        "from": start and rfc3339(utc_us(start)),
        "to": end and rfc3339(utc_us(end)),
        "before": before,
        "limit": limit,
    }
    query = {name: value for name, value in found.items() if value is not None}
    return await asked(parts, person, "GET", "/events", query=query)
