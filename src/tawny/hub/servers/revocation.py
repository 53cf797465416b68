"""Ending sockets whose session has ended."""

import asyncio

from starlette.websockets import WebSocket

from tawny.hub.servers.parts import parts_of, signed_in

SESSION_ENDED = 4401  # a private close code (RFC 6455, section 7.4.2)
_CHECK_S = 10.0


async def until_revoked(socket: WebSocket, *, check_s: float = _CHECK_S) -> None:
    """Wait until the session of *socket* has ended, here or by another process, and close it."""
    parts, session = parts_of(socket), signed_in(socket).session
    ended = asyncio.Event()
    unwatch = parts.access.watch(lambda session_id: ended.set() if session_id == session.id else None)
    try:
        while not ended.is_set() and await parts.access.still_valid(session):
            await _wait(ended, check_s)
    finally:
        unwatch()
    await socket.close(SESSION_ENDED)


async def _wait(ended: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await ended.wait()
    except TimeoutError:
        pass
