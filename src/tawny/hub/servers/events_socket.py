"""The socket ``/api/v1/events``: everything once, then each change, as JSON text."""

import asyncio
from collections import deque

from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from tawny.hub.servers.changes import Changes
from tawny.hub.servers.parts import parts_of
from tawny.hub.servers.revocation import until_revoked
from tawny.runtime.tasks import Tasks

_MAX_WAITING = 2000
_TRY_LATER = 1013
router = APIRouter()


@router.websocket("/events")
async def events(socket: WebSocket) -> None:
    """What changes on the recorder: see the reference of the HTTP API."""
    await socket.accept()
    async with Tasks("events socket") as tasks:
        ways = (
            tasks.start(_tell(socket, parts_of(socket).changes), name="tell"),
            tasks.start(_until_gone(socket), name="until gone"),
            tasks.start(until_revoked(socket), name="until revoked"),
        )
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)


async def _tell(socket: WebSocket, changes: Changes) -> None:
    waiting: deque[str] = deque(changes.now())
    news = asyncio.Event()

    def heard(message: str) -> None:
        waiting.append(message)
        news.set()

    unlisten = changes.listen(heard)
    try:
        while len(waiting) < _MAX_WAITING:
            while waiting:
                await socket.send_text(waiting.popleft())
            news.clear()
            await news.wait()
        await socket.close(_TRY_LATER)  # it reads nothing; a page that comes back gets everything anew
    except (WebSocketDisconnect, RuntimeError):
        pass  # Starlette tells so of a socket that is closed already
    finally:
        unlisten()


async def _until_gone(socket: WebSocket) -> None:
    """Read and ignore what the page says, so that its going is noticed."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass
