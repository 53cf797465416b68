"""What changes on the recorder: one stream from the link, told to every page that listens."""

import json
import logging
from collections.abc import Callable
from typing import Any

from tawny.hub.servers.link import Link
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Problem
from tawny.wire.link import CHANGES_PATH

_log = logging.getLogger(__name__)
_RETRY_S = 0.5
MAX_LINE_BYTES = 4 << 20  # an export of 64 days names thousands of files
CAMERA = "camera"
_MANY = (CAMERA, "export")
_ORDER = ("recorder", "storage", *_MANY)
_NEWS = "event"  # told once and not kept: what lasts stands in the recorder's log
HUB = "hub"  # the person in whose name the hub itself asks


class Changes:
    """The newest word on the recorder, its storage, each camera and each export.

    Invariant: a listener that begins with `now` and then hears each change knows what this object knows.
    """

    def __init__(self, link: Link, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self._known: dict[tuple[str, str], dict[str, Any]] = {}  # by what it is, and its id where there are many
        self._following = False
        self._listeners: set[Callable[[str], None]] = set()

    def camera_name(self, camera: str) -> str | None:
        """What people call the camera, as far as it is known."""
        name = self._known.get((CAMERA, camera), {}).get("name")
        return name if isinstance(name, str) else None

    def now(self) -> list[str]:
        """Everything as messages."""
        known = sorted(self._known.items(), key=lambda item: _ORDER.index(item[0][0]))
        return [_connection(connected=self._following), *(_message(what, value) for (what, _), value in known)]

    def listen(self, heard: Callable[[str], None]) -> Callable[[], None]:
        """Call *heard* with each message from now on, until the function returned is called."""
        self._listeners.add(heard)
        return lambda: self._listeners.discard(heard)

    async def run(self) -> None:
        """Follow the link for ever, through its interruptions."""
        while True:
            await self._link.until_connected()
            try:
                await self._follow()
            except (Problem, ValueError) as error:
                _log.debug("the changes stopped: %s", error)
            if self._following:
                self._following = False
                self._tell(_connection(connected=False))
            await self._clock.sleep(_RETRY_S)

    async def _follow(self) -> None:
        async with await self._link.stream("GET", CHANGES_PATH, person=HUB) as stream:
            self._following = True
            for key in [key for key in self._known if key[0] in _MANY]:
                del self._known[key]  # everything is told anew: what is not named is gone
            self._tell(_connection(connected=True))
            held = b""
            async for piece in stream:
                *lines, held = (held + piece).split(b"\n")
                for line in lines:
                    self._on_line(line)
                if len(held) > MAX_LINE_BYTES:
                    raise ValueError("a change is too long")

    def _on_line(self, line: bytes) -> None:
        if not line.strip():
            return
        message = json.loads(line)
        if not isinstance(message, dict) or not isinstance(value := message.get("value"), dict):
            raise ValueError("a change has a value")  # noqa: TRY004 - bad bytes, not a wrong call
        self._keep(str(message.get("change")), value)
        self._tell(_message(str(message.get("change")), value))

    def _keep(self, change: str, value: dict[str, Any]) -> None:
        if change == _NEWS:
            return
        if change not in _ORDER:
            _log.debug("a change of the kind %r is passed on unread", change)
            return
        key = (change, str(value.get("id")) if change in _MANY else "")
        if change in _MANY and value.get("removed"):
            self._known.pop(key, None)
        else:
            self._known[key] = value

    def _tell(self, message: str) -> None:
        for heard in list(self._listeners):
            heard(message)


def _message(change: str, value: dict[str, Any]) -> str:
    return json.dumps({"change": change, "value": value}, ensure_ascii=False, separators=(",", ":"))


def _connection(*, connected: bool) -> str:
    return _message("connection", {"connected": connected})
