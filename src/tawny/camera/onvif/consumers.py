"""Base notification: messages brought to those who subscribed with an address (WS-BaseNotification 1.3, 4.1)."""

import asyncio
import logging
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from tawny.camera.onvif.notifications import Notifications, PullPoint
from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif import soap
from tawny.wire.onvif.answers import events as answers

_MOST_MESSAGES = 50  # in one Notify
_PATIENCE_S = 5.0  # with a consumer
_AGAIN_S = 2.0  # after one that did not take it
_TRIES = 3
_WAIT_S = 30.0

_log = logging.getLogger(__name__)


class Consumers:
    """Brings the messages of subscriptions to their consumers.

    Invariants: a consumer gets one Notify at a time, in order; one that does not take it `_TRIES` times in a row has
    its subscription ended, and what waited is lost.
    """

    def __init__(self, notifications: Notifications, *, clock: Clock, tasks: Tasks) -> None:
        self._notifications = notifications
        self._clock = clock
        self._tasks = tasks

    def serve(self, point: PullPoint, address: str) -> None:
        """Bring the messages of *point* to *address* while it lasts."""
        self._tasks.start(self._run(point, address), name=f"consumer {point.name}")

    async def _run(self, point: PullPoint, address: str) -> None:
        while self._notifications.point(point.name) is point:
            messages = await self._notifications.pull(point, timeout_s=_WAIT_S, most=_MOST_MESSAGES)
            body = answers.notify(messages)
            notify = soap.envelope(body, soap.addressing(action=soap.action(body), to=address))
            if messages and not await self._brought(address, notify):
                _log.info("a consumer of events does not take them: its subscription ends")
                self._notifications.drop(point)

    async def _brought(self, address: str, notify: bytes) -> bool:
        for number in range(_TRIES):
            if number:
                await self._clock.sleep(_AGAIN_S)
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    if await _posted(urlsplit(address), notify):
                        return True
            except (OSError, TimeoutError, ValueError) as error:
                _log.debug("a consumer of events can't be reached: %s", error)
        return False


def permitted(address: str, peer: str) -> bool:
    """Whether messages may be sent to *address*: plain HTTP, to whoever asked for it, so that nobody else is bothered."""
    try:
        parts = urlsplit(address)
        host = ip_address((parts.hostname or "").partition("%")[0])
        return parts.scheme == "http" and (parts.port or 80) > 0 and host == ip_address(peer.partition("%")[0])
    except ValueError:
        return False


async def _posted(where: SplitResult, body: bytes) -> bool:
    """POST *body*; whether the answer is a success."""
    reader, writer = await asyncio.open_connection(where.hostname, where.port or 80, limit=4096)
    try:
        target = (where.path or "/") + (f"?{where.query}" if where.query else "")
        head = (
            f"POST {target} HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Type: {soap.CONTENT_TYPE}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        writer.write(head.encode("ascii") + body)
        status = (await reader.readline()).split(maxsplit=2)
        return len(status) > 1 and status[1].startswith(b"2")
    finally:
        writer.transport.abort()
