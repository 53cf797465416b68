"""The gateway's end of the recorder's feed: live media messages of one stream, through restarts of the recorder."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Final

from tawny.gateway.control import RecorderControl
from tawny.gateway.live import LiveMedia
from tawny.runtime.clock import Clock
from tawny.runtime.tasks import Tasks
from tawny.wire.feed import FeedKind, FeedMessage, FeedReader, FeedRequest, encode_request
from tawny.wire.media import StreamName
from tawny.wire.media_socket import MediaMessage, note

FIRST_RETRY_S: Final = 0.2
LAST_RETRY_S: Final = 2.0
RETRY_GROWTH: Final = 1.3
_READ_SIZE = 256 << 10
_log = logging.getLogger(__name__)


class LiveFeed:
    """Live media for one who watches, taken from the recorder no faster than he takes them.

    There is one queue between camera and viewer, the recorder's (8 MB a client): when it is full the recorder drops up
    to the next key frame and says so.
    """

    def __init__(self, path: Path, *, control: RecorderControl, clock: Clock) -> None:
        self._path = path
        self._control = control
        self._clock = clock

    async def messages(self, camera: str, stream: StreamName) -> AsyncGenerator[MediaMessage, None]:
        """Yield media messages until the camera is gone; the recorder may go and come back meanwhile."""
        media = LiveMedia(camera=camera, stream=str(stream), now_us=self._clock.utc_us())
        retry_s = FIRST_RETRY_S
        while True:
            async with aclosing(self._once(FeedRequest(camera=camera, stream=stream))) as feed:
                try:
                    async for message in feed:
                        retry_s = FIRST_RETRY_S
                        if is_trial(camera) and _disabled(message):
                            return
                        for found in media.take(message):
                            yield found
                except ValueError as error:
                    _log.warning("the feed of %s is not readable: %s", camera, error)
            if self._gone(camera):
                return
            if (known := self._control.camera(camera)) is not None:
                yield note("state", utc_us=self._clock.utc_us(), state=known["state"])
            await self._clock.sleep(retry_s)
            retry_s = min(retry_s * RETRY_GROWTH, LAST_RETRY_S)

    async def _once(self, request: FeedRequest) -> AsyncGenerator[FeedMessage, None]:
        """Yield what one connection brings."""
        try:
            reader, writer = await asyncio.open_unix_connection(self._path)
        except OSError:
            return
        cut = FeedReader()
        try:
            async with Tasks("live") as tasks:
                tasks.start(self._close_when_gone(request.camera, writer), name=request.camera)
                writer.write(encode_request(request))
                while data := await reader.read(_READ_SIZE):
                    for message in cut.feed(data):
                        yield message
        except ConnectionError:
            return  # the recorder went away: the same as an orderly end
        finally:
            writer.close()

    async def _close_when_gone(self, camera: str, writer: asyncio.StreamWriter) -> None:
        """The recorder leaves the feed of a camera that was removed open and silent."""
        async with aclosing(self._control.watch()) as changes:
            async for _ in changes:
                if self._gone(camera):
                    writer.close()
                    return

    def _gone(self, camera: str) -> bool:
        return not is_trial(camera) and self._control.connected and camera not in self._control.cameras


def is_trial(camera: str) -> bool:
    """Whether that is a camera which is only being tried: control tells no changes of those."""
    return camera.startswith("try_")


def _disabled(message: FeedMessage) -> bool:
    if message.kind is not FeedKind.STATE:
        return False
    state = json.loads(message.payload)
    return isinstance(state, dict) and state.get("phase") == "disabled"
