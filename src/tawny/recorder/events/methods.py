"""What may be asked about events (``docs/design/programs.md``, "Control")."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tawny.recorder.cameras.requests import Request
from tawny.recorder.events.log import EventLog
from tawny.recorder.events.model import Cursor, Direction, Document, Kind, Wanted
from tawny.runtime.problem import Kind as ProblemKind
from tawny.runtime.problem import Problem
from tawny.wire.moments import rfc3339

MOST_CAMERAS: Final = 512
MOST_EVENTS: Final = 1000
_USUAL: Final = 100


def methods(log: EventLog) -> Mapping[str, Callable[[Request], Any]]:
    """The methods by name."""
    return {"events.list": lambda request: _list(log, request), "events.near": lambda request: _near(log, request)}


async def _list(log: EventLog, request: Request) -> Document:
    wanted = Wanted(
        cameras=_some(request, "cameras", MOST_CAMERAS),
        kinds=[_kind(word) for word in _some(request, "kinds", len(Kind))],
        from_us=request.moment("from", optional=True) or 0,
        to_us=request.moment("to", optional=True),
        before=_cursor(request.text("before", "")),
        limit=request.whole("limit", least=1, most=MOST_EVENTS, optional=True) or _USUAL,
    )
    request.finish()
    page = await log.page(wanted)
    return {
        "items": [event.document() for event in page.events],
        "next": None if page.then is None else str(page.then),
    }


async def _near(log: EventLog, request: Request) -> Document:
    camera, at_us = request.text("camera"), request.moment("at")
    direction = _direction(request.text("direction"))
    request.finish()
    found = await log.near(camera, at_us or 0, direction)
    return {"at": None if found is None else rfc3339(found)}


def _some(request: Request, name: str, most: int) -> list[str]:
    return request.texts(name, most=most) if name in request else []


def _kind(word: str) -> Kind:
    try:
        return Kind(word)
    except ValueError:
        raise Problem(ProblemKind.INVALID, "There is no such kind of event.", field="kinds") from None


def _cursor(text: str) -> Cursor | None:
    try:
        return Cursor.read(text) if text else None
    except ValueError:
        raise Problem(ProblemKind.INVALID, "That is no place in the list of events.", field="before") from None


def _direction(word: str) -> Direction:
    try:
        return Direction(word)
    except ValueError:
        raise Problem(ProblemKind.INVALID, "Events are looked for next or previous.", field="direction") from None
