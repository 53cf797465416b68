"""Which path is answered by what: those of the HTTP API without ``/api/v1``, and the streams of the link."""

import json
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from tawny.gateway import passing
from tawny.gateway.completeness import MAX_HOURS, Completeness, Direction, Place
from tawny.gateway.control import EVENT, RECORDER, STORAGE, Document, RecorderControl
from tawny.gateway.exchange import Answer, Request, json_answer, whole_number
from tawny.gateway.exports.model import EXPORT
from tawny.gateway.exports.routes import ExportRoutes
from tawny.gateway.feed import LiveFeed, is_trial
from tawny.gateway.footage import Footage
from tawny.gateway.manner import Manner, manner
from tawny.gateway.previews import MAX_PREVIEWS
from tawny.runtime.problem import Kind, Problem
from tawny.wire.link import CHANGES_PATH, LINES_TYPE, MEDIA_TYPE
from tawny.wire.media import StreamName
from tawny.wire.media_socket import MediaMessage
from tawny.wire.moments import parse_rfc3339, rfc3339

_ID: Final = r"(?P<id>[A-Za-z0-9_]{1,64})"
_Answerer = Callable[[Request, str], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class _Route:
    method: str
    path: re.Pattern[str]
    answer: _Answerer


class Routes:
    """The link's handler: finds the route of a request and answers."""

    def __init__(
        self,
        *,
        control: RecorderControl,
        live: LiveFeed,
        footage: Footage,
        completeness: Completeness,
        exports: ExportRoutes,
    ) -> None:
        self._control = control
        self._live_feed = live
        self._footage = footage
        self._whole = completeness
        self._exports = exports
        table: list[tuple[str, str, _Answerer]] = [
            ("GET", "/recorder", self._recorder),
            ("GET", CHANGES_PATH, self._changes),
            ("GET", "/cameras", self._list),
            ("GET", f"/cameras/{_ID}", self._read),
            ("PATCH", f"/cameras/{_ID}", self._change),
            ("DELETE", f"/cameras/{_ID}", self._remove),
            ("GET", f"/cameras/{_ID}/live", self._live),
            ("GET", f"/cameras/{_ID}/playback", self._playback),
            ("GET", f"/cameras/{_ID}/previews", self._previews),
            ("GET", f"/cameras/{_ID}/timeline", self._timeline),
            ("GET", f"/cameras/{_ID}/days", self._days),
            ("GET", f"/cameras/{_ID}/moments", self._moments),
            ("GET", "/completeness", self._completeness),
            ("GET", f"/cameras/{_ID}/video.mp4", self._video),
            *passing.table(control),
            *exports.table(),
        ]
        self._routes = [_Route(method, re.compile(path), answer) for method, path, answer in table]

    async def __call__(self, request: Request) -> Answer:
        """Answer *request*; NOT_FOUND where no route has its path."""
        for route in self._routes:
            if route.method == request.method and (match := route.path.fullmatch(request.path)):
                return await route.answer(request, match.groupdict().get("id", ""))
        raise Problem(Kind.NOT_FOUND, "There is nothing at this address.")

    async def _recorder(self, request: Request, _: str) -> Answer:
        return json_answer(await self._merged(await self._control.call("status")))

    async def _merged(self, status: Document) -> Document:
        return {**status, "archive": {**status.get("archive", {}), **await self._footage.summary()}}

    async def _changes(self, request: Request, _: str) -> Answer:
        return Answer(headers={"content-type": LINES_TYPE}, body=self._change_lines())

    async def _change_lines(self) -> AsyncGenerator[bytes, None]:
        async with aclosing(self._control.watch(*self._exports.ids())) as watch:
            async for marked in watch:
                if (change := await self._told(marked)) is not None:
                    yield json.dumps(change, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    async def _told(self, marked: str) -> Document | None:
        if marked == RECORDER:
            about = self._control.about()
            return {"change": "recorder", "value": await self._merged(about)} if about else None
        if marked == STORAGE:
            storage = self._control.storage
            return {"change": "storage", "value": storage} if storage else None
        if marked.startswith(EXPORT):
            return {"change": "export", "value": self._exports.document(marked)}
        if marked.startswith(EVENT):
            event = self._control.events.get(marked)
            return {"change": EVENT, "value": event} if event else None
        camera = self._control.camera(marked)
        return {"change": "camera", "value": camera if camera is not None else {"id": marked, "removed": True}}

    async def _list(self, request: Request, _: str) -> Answer:
        return json_answer({"items": await self._control.call("cameras.list")})

    async def _read(self, request: Request, camera: str) -> Answer:
        for document in await self._control.call("cameras.list"):
            if document["id"] == camera:
                return json_answer(document)
        raise _no_camera()

    async def _change(self, request: Request, camera: str) -> Answer:
        return json_answer(await self._control.call("cameras.change", {**request.json(), "camera": camera}))

    async def _remove(self, request: Request, camera: str) -> Answer:
        await self._control.call("cameras.remove", {"camera": camera})
        return Answer(status=204)

    async def _live(self, request: Request, camera: str) -> Answer:
        stream = _stream(request)
        if is_trial(camera):
            await self._control.call("trials.read", {"trial": camera})  # NOT_FOUND where it has ended
        elif self._control.connected and camera not in self._control.cameras:
            raise _no_camera()
        elif not self._control.connected:
            await self._control.call("status")  # UNAVAILABLE, with its reason
        return _media(self._live_feed.messages(camera, stream))

    async def _playback(self, request: Request, camera: str) -> Answer:
        start_us = _moment(request, "from")
        return _media(await self._footage.playback(camera, _stream(request), start_us, _manner(request)))

    async def _previews(self, request: Request, camera: str) -> Answer:
        start_us, end_us = _range(request)
        count = _count(request)
        return _media(await self._footage.previews(camera, _stream(request), start_us, end_us, count))

    async def _timeline(self, request: Request, camera: str) -> Answer:
        return json_answer(await self._footage.timeline(camera, *_range(request)))

    async def _days(self, request: Request, camera: str) -> Answer:
        zone = request.query.get("zone", "UTC")
        return json_answer({"items": await self._footage.days(camera, *_range(request), zone)})

    async def _moments(self, request: Request, camera: str) -> Answer:
        at_us = _moment(request, "at")
        kind = request.query.get("kind", "gap")
        try:
            direction = Direction(request.query.get("direction", "next"))
            place = None if kind == EVENT else Place(kind)
        except ValueError:
            title = "One looks for the next or previous gap, footage or event."
            raise Problem(Kind.INVALID, title, field="direction") from None
        if place is None:
            near = {"camera": camera, "at": rfc3339(at_us), "direction": str(direction)}
            return json_answer(await self._control.call("events.near", near))
        return json_answer(await self._whole.moment(camera, at_us, direction, place))

    async def _completeness(self, request: Request, _: str) -> Answer:
        return json_answer(await self._whole.document(whole_number(request, "hours", 24, most=MAX_HOURS)))

    async def _video(self, request: Request, camera: str) -> Answer:
        audio = request.query.get("audio", "true") != "false"
        return await self._footage.video(camera, _stream(request), *_range(request), audio=audio)


def _media(messages: AsyncGenerator[MediaMessage, None]) -> Answer:
    return Answer(headers={"content-type": MEDIA_TYPE}, body=_framed(messages))


async def _framed(messages: AsyncGenerator[MediaMessage, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(messages):
        async for message in messages:
            yield message.framed()


def _stream(request: Request) -> StreamName:
    try:
        return StreamName(request.query.get("stream", "main"))
    except ValueError:
        raise Problem(Kind.INVALID, "A camera's streams are called main and sub.", field="stream") from None


def _manner(request: Request) -> Manner:
    try:
        return manner(float(request.query.get("speed", "1")), request.query.get("frames"))
    except ValueError:
        title = "Footage is played at a speed from 0.125 to 32, or from -1 to -4; its frames are all or key."
        raise Problem(Kind.INVALID, title, field="speed") from None


def _count(request: Request) -> int:
    return whole_number(request, "count", 0, most=MAX_PREVIEWS)


def _moment(request: Request, name: str) -> int:
    try:
        return parse_rfc3339(request.query.get(name, ""))
    except ValueError:
        title = f"“{name}” has to be a moment such as 2026-11-22T17:04:05Z."
        raise Problem(Kind.INVALID, title, field=name) from None


def _range(request: Request) -> tuple[int, int]:
    start_us, end_us = _moment(request, "from"), _moment(request, "to")
    if end_us <= start_us:
        raise Problem(Kind.INVALID, "“to” has to be after “from”.", field="to")
    return start_us, end_us


def _no_camera() -> Problem:
    return Problem(Kind.NOT_FOUND, "There is no such camera.")
