"""The gateway's end of the recorder's control socket: asks, and remembers what it was told."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, Final

from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks
from tawny.wire.moments import rfc3339

Document = dict[str, Any]
MAX_LINE: Final = 4 << 20
FIRST_RETRY_S: Final = 0.1
LAST_RETRY_S: Final = 2.0
RETRY_GROWTH: Final = 1.3
ANSWER_TIMEOUT_S: Final = 10.0
RECORDER: Final = ""  # stands for the recorder among the ids of cameras
STORAGE: Final = "storage"  # likewise, for its disks
EVENT: Final = "event"  # begins what an event is marked by; no id of a camera does
MAX_EVENTS: Final = 1000  # that wait for those who watch

_AWAY_TITLE = "The recorder is not running just now."
_AWAY_REMEDY = "It is started again by itself. If this stays, look at its log."
_log = logging.getLogger(__name__)


class RecorderControl:
    """Asks the recorder, and keeps what it last said about itself and its cameras.

    Invariant: while ``connected``, `cameras` and `recorder` are what the recorder said last; while not, they are what it
    said before it went away, and no question is under way.
    """

    def __init__(self, path: Path, *, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._writer: asyncio.StreamWriter | None = None
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._number = 0
        self._watchers: set[_Watcher] = set()
        self.cameras: dict[str, Document] = {}
        self.recorder: Document = {}
        self.storage: Document = {}
        self.events: dict[str, Document] = {}  # the newest, by what they are marked by

    @property
    def connected(self) -> bool:
        return self._writer is not None

    async def run(self) -> None:
        """Keep a connection to the recorder until cancelled."""
        retry_s = FIRST_RETRY_S
        while True:
            if await self.run_once():
                retry_s = FIRST_RETRY_S
            await self._clock.sleep(retry_s)
            retry_s = min(retry_s * RETRY_GROWTH, LAST_RETRY_S)

    async def run_once(self) -> bool:
        """Connect and listen until the recorder goes away; whether it was there."""
        try:
            reader, writer = await asyncio.open_unix_connection(self._path, limit=MAX_LINE)
        except OSError:
            return False
        self._writer = writer
        try:
            async with Tasks("recorder control") as tasks:
                writer.write(b'{"method":"watch"}\n')
                tasks.start(self._compare(), name="compare")
                while line := await reader.readline():
                    self._take(line)
        except (ConnectionError, ValueError, KeyError) as error:
            _log.warning("the control connection to the recorder broke: %s", error)
        finally:
            self._lose()
            writer.close()
        return True

    async def call(self, method: str, params: Document | None = None, *, timeout_s: float = ANSWER_TIMEOUT_S) -> Any:
        """The result of *method*, or the recorder's `Problem`; UNAVAILABLE where it does not answer."""
        if self._writer is None:
            raise _away()
        self._number += 1
        number = self._number
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        try:
            request = {"id": number, "method": method, "params": params or {}}
            self._writer.write(json.dumps(request).encode() + b"\n")
            async with asyncio.timeout(timeout_s):
                return await answer
        except (TimeoutError, ConnectionError):
            raise _away() from None
        finally:
            self._asked.pop(number, None)

    async def watch(self, *further: str) -> AsyncGenerator[str, None]:
        """Yield the id of each camera (or `RECORDER`, `STORAGE`) that there is, and again whenever it changes or goes.

        What an event is marked by is yielded when it begins and when it ends. So also for the ids *further*, and whatever else is told by `mark`.
        """
        known = [STORAGE] if self.storage else []
        watcher = _Watcher([RECORDER, *known, *self.cameras, *further])
        self._watchers.add(watcher)
        try:
            while True:
                for marked in await watcher.take():
                    yield marked
        finally:
            self._watchers.discard(watcher)

    def mark(self, marked: str) -> None:
        """Tell all who watch that *marked* changed."""
        for watcher in self._watchers:
            watcher.mark(marked)

    def camera(self, camera_id: str) -> Document | None:
        """What was last said about a camera; while the recorder is away, its state says so."""
        document = self.cameras.get(camera_id)
        if document is None or self.connected:
            return document
        state = {
            "phase": "waiting",
            "since": rfc3339(self._clock.utc_us()),
            "title": _AWAY_TITLE,
            "remedy": _AWAY_REMEDY,
            "kind": "other",
            "retry_at": None,
        }
        return {**document, "state": state, "streams": {"main": None, "sub": None}}

    def about(self) -> Document:
        """What was last said about the recorder; while it is away, the state of its archive says so."""
        if self.connected or not self.recorder:
            return self.recorder
        state = {"phase": "failed", "title": _AWAY_TITLE, "remedy": _AWAY_REMEDY}
        total = self.recorder.get("cameras", {}).get("total", 0)
        archive = {**self.recorder.get("archive", {}), "state": state}
        return {**self.recorder, "cameras": {"online": 0, "total": total}, "archive": archive}

    async def _compare(self) -> None:
        """Forget the cameras that were removed while we were not listening."""
        known = {camera["id"] for camera in await self.call("cameras.list")}
        for camera_id in set(self.cameras) - known:
            del self.cameras[camera_id]
            self.mark(camera_id)

    def _take(self, line: bytes) -> None:
        message = json.loads(line)
        if "change" in message:
            self._take_change(message["change"], message["value"])
            return
        answer = self._asked.get(message["id"])
        if answer is None or answer.done():
            return
        if "problem" in message:
            answer.set_exception(Problem.read(message["problem"]))
        else:
            answer.set_result(message["result"])

    def _take_change(self, what: str, value: Document) -> None:
        if what == "recorder":
            self.recorder = value
            self.mark(RECORDER)
        elif what == "storage":
            self.storage = value
            self.mark(STORAGE)
        elif what == "camera":
            if value.get("removed"):
                self.cameras.pop(value["id"], None)
            else:
                self.cameras[value["id"]] = value
            self.mark(value["id"])
        elif what == EVENT:
            self._take_event(f"{EVENT} {value['id']}", value)

    def _take_event(self, marked: str, value: Document) -> None:
        self.events.pop(marked, None)  # the newest stand last
        self.events[marked] = value
        while len(self.events) > MAX_EVENTS:
            del self.events[next(iter(self.events))]
        self.mark(marked)

    def _lose(self) -> None:
        self._writer = None
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(_away())
        for marked in (RECORDER, *self.cameras):
            self.mark(marked)


class _Watcher:
    """What changed since a watcher was last told; newer news of the same camera replace older ones."""

    def __init__(self, marked: list[str]) -> None:
        self._marked = dict.fromkeys(marked)
        self._news = asyncio.Event()
        self._news.set()

    def mark(self, marked: str) -> None:
        self._marked[marked] = None
        self._news.set()

    async def take(self) -> list[str]:
        """Wait until there is something, and take it."""
        await self._news.wait()
        self._news.clear()
        marked, self._marked = list(self._marked), {}
        return marked


def _away() -> Problem:
    return Problem(Kind.UNAVAILABLE, _AWAY_TITLE, remedy=_AWAY_REMEDY)
