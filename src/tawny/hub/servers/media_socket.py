"""The socket ``/api/v1/media``: one a page, any number of pictures on it (``docs/design/programs.md``, "Media messages").

What each subscription has to say waits in an outlet of its own; one sender goes round them, so that a slow or
chatty one never keeps the others waiting.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from tawny.hub.access.model import SignedIn
from tawny.hub.servers.messages import MEDIA_REQUEST, Close, OpenLive, OpenPlayback, Until
from tawny.hub.servers.outlet import Outlet, kind_of
from tawny.hub.servers.parts import Parts, parts_of, signed_in
from tawny.hub.servers.playback import Playback
from tawny.hub.servers.problems import invalid_request, problem_document
from tawny.hub.servers.revocation import until_revoked
from tawny.runtime.clock import utc_us
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks
from tawny.wire.media_socket import HEADER_SIZE, MediaKind, addressed, note

MAX_SUBSCRIPTIONS = 64
POLICY_VIOLATION, TRY_LATER = 1008, 1013  # RFC 6455 and IANA's registry of close codes
router = APIRouter()


@router.websocket("/media")
async def media(socket: WebSocket) -> None:
    """Live and recorded pictures: see the reference of the HTTP API."""
    await socket.accept()
    async with Tasks("media socket") as tasks:
        viewer = _Viewer(parts_of(socket), signed_in(socket), tasks)
        await _first_of(tasks, viewer.send_to(socket), viewer.receive_from(socket), until_revoked(socket))


async def _first_of(tasks: Tasks, *ways: Any) -> None:
    """Run the *ways* until one ends."""
    running = [tasks.start(way, name=way.__name__) for way in ways]
    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)


class _Subscription:
    """What the page opened under one number."""

    def __init__(self, outlet: Outlet, end: Callable[[], object], playback: Playback | None = None) -> None:
        self.outlet = outlet
        self.end = end
        self.playback = playback


class _Viewer:
    """One page's socket.

    Invariants: each open subscription has one outlet; a number is free again once it was closed; nothing
    of a closed subscription is sent under its number later.
    """

    def __init__(self, parts: Parts, person: SignedIn, tasks: Tasks) -> None:
        self._parts = parts
        self._person = person
        self._tasks = tasks
        self._open: dict[int, _Subscription] = {}
        self._own = Outlet(0, self._wake, parts.clock.monotonic)  # notes about the socket itself
        self._news = asyncio.Event()

    async def receive_from(self, socket: WebSocket) -> None:
        """Do what the page asks, until it goes or asks something that can't be understood."""
        try:
            while True:
                self._do(await socket.receive_text())
        except WebSocketDisconnect:
            pass
        except (Problem, KeyError) as error:
            problem = (
                error if isinstance(error, Problem) else Problem(Kind.INVALID, "Requests on this socket are text.")
            )
            await socket.send_text(_note_text(_problem_message(problem, 0), 0))
            await socket.close(POLICY_VIOLATION)
        finally:
            for subscription in self._open.values():
                subscription.end()

    async def send_to(self, socket: WebSocket) -> None:
        """Send what waits, one message of each subscription in turn, as fast as the socket takes it."""
        try:
            while True:
                self._news.clear()
                while await self._send_round(socket):
                    pass
                await self._news.wait()
        except (WebSocketDisconnect, RuntimeError):
            pass  # Starlette tells so of a socket that is closed already

    async def _send_round(self, socket: WebSocket) -> bool:
        sent = False
        for outlet in [self._own, *(subscription.outlet for subscription in self._open.values())]:
            if outlet.overflowed:
                await socket.close(TRY_LATER)
                return False
            if not self._current(outlet) or (message := outlet.take()) is None:
                continue
            sent = True
            if kind_of(message) == MediaKind.NOTE:
                await socket.send_text(_note_text(message, outlet.subscription))
            else:
                await socket.send_bytes(addressed(message, outlet.subscription))
        return sent

    def _current(self, outlet: Outlet) -> bool:
        """Whether the subscription is still the one it was when the round began."""
        if outlet is self._own:
            return True
        subscription = self._open.get(outlet.subscription)
        return subscription is not None and subscription.outlet is outlet

    def _do(self, text: str) -> None:
        match _read(text):
            case OpenLive() | OpenPlayback() as request:
                self._begin(request)
            case Until(subscription=number, until=until):
                found = self._open.get(number)
                if found is not None and found.playback is not None:
                    found.playback.play_until(utc_us(until))
            case Close(subscription=number):
                if (found := self._open.pop(number, None)) is not None:
                    found.end()

    def _begin(self, request: OpenLive | OpenPlayback) -> None:
        if request.subscription in self._open:
            raise Problem(Kind.INVALID, f"The subscription {request.subscription} is open already.")
        if len(self._open) >= MAX_SUBSCRIPTIONS:
            title = f"One page can show {MAX_SUBSCRIPTIONS} pictures at a time."
            self._own.offer(_problem_message(Problem(Kind.TOO_MANY, title), request.subscription))
            return
        outlet = Outlet(request.subscription, self._wake, self._parts.clock.monotonic)
        begin = self._begin_live if isinstance(request, OpenLive) else self._begin_playback
        self._open[request.subscription] = begin(request, outlet)  # type: ignore[arg-type]  # the table pairs each request with its own opener

    def _begin_live(self, request: OpenLive, outlet: Outlet) -> _Subscription:
        return _Subscription(
            outlet, self._parts.live.watch(request.camera, request.stream, outlet, audio=request.audio)
        )

    def _begin_playback(self, request: OpenPlayback, outlet: Outlet) -> _Subscription:
        playback = Playback(
            outlet,
            until_us=utc_us(request.until),
            audio=request.audio,
            speed=request.speed,
            frames=request.frames,
        )
        running = playback.run(
            self._parts.link,
            request.camera,
            request.stream,
            start_us=utc_us(request.start),
            person=self._person.person.id,
        )
        task = self._tasks.start(running, name=f"playback {request.camera}")
        return _Subscription(outlet, task.cancel, playback)

    def _wake(self) -> None:
        self._news.set()


def _read(text: str) -> OpenLive | OpenPlayback | Until | Close:
    try:
        return MEDIA_REQUEST.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)
        raise invalid_request([{**first[0], "loc": ("message", *first[0]["loc"])}]) from None


def _problem_message(problem: Problem, subscription: int) -> bytes:
    return note("problem", subscription=subscription, problem=problem_document(problem)).encode()


def _note_text(message: bytes, subscription: int) -> str:
    """The note as the page gets it: with its subscription, unless it names one itself."""
    return json.dumps({"subscription": subscription} | json.loads(message[HEADER_SIZE:]), ensure_ascii=False)
