"""The control socket: JSON lines, a request each, and changes as they happen to those who watch."""

import asyncio
import contextlib
import inspect
import json
import logging
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Final

from tawny.recorder.servers.methods import Methods
from tawny.runtime.clock import Clock
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks

MAX_LINE: Final = 1 << 20
COALESCE_S: Final = 0.5  # a watcher hears of one camera at most twice a second
MAX_PENDING: Final = 32  # answers that one connection may be waiting for
MAX_EVENTS: Final = 1000  # that wait for a watcher; then the oldest are left out, they are in the log
_RECORDER = ""  # stands for the recorder among the ids of cameras
_STORAGE = "storage"  # stands for its disks; no id of a camera looks like it

_log = logging.getLogger(__name__)


class ControlServer:
    """Serves `Methods` on a Unix socket. `changed` and its sisters belong to the event loop's thread.

    Invariant: a watcher has everything once, and after each change is sent the newest value of what changed; older
    values that it was too slow for are never queued. Events are sent as they happen, and not kept.
    """

    def __init__(self, path: Path, *, methods: Methods, clock: Clock) -> None:
        self._path = path
        self._methods = methods
        self._clock = clock
        self._tasks = Tasks("control")
        self._watchers: set[_Watcher] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; a socket left by a process that died is replaced."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._accept, self._path, limit=MAX_LINE)
        self._path.chmod(0o600)

    async def stop(self) -> None:
        """Stop listening and close every connection."""
        if self._server is not None:
            self._server.close()
        self._path.unlink(missing_ok=True)
        await self._tasks.cancel()

    def changed(self, camera_id: str) -> None:
        """Tell the watchers what the camera is now."""
        for watcher in self._watchers:
            watcher.mark(camera_id)

    def recorder_changed(self) -> None:
        """Tell the watchers what the recorder is now."""
        self.changed(_RECORDER)

    def storage_changed(self) -> None:
        """Tell the watchers what there is to say about the disks now."""
        self.changed(_STORAGE)

    def event(self, value: dict[str, Any]) -> None:
        """Tell the watchers of an event that began or ended; what happened before they came is not told."""
        for watcher in self._watchers:
            watcher.tell(value)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # asyncio's own task for this callback ends at once; ours has a name and an owner.
        self._tasks.start(self._serve(reader, writer), name="connection")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            pending: set[object] = set()
            async with Tasks("control connection") as tasks:
                while line := await reader.readline():
                    await self._take(line, writer, tasks, pending)
        except ConnectionError:
            pass  # it went away while we answered: the same as an orderly end
        except ValueError:
            _log.warning("a control connection sent a line of more than %s bytes and was closed", MAX_LINE)
        finally:
            writer.close()

    async def _take(self, line: bytes, writer: asyncio.StreamWriter, tasks: Tasks, pending: set[object]) -> None:
        request_id: Any = None
        try:
            message = _parse(line)
            request_id = message.get("id")
            if message["method"] == "watch":
                tasks.start(self._watch(writer), name="watch")
                return
            result = self._methods.call(message["method"], message.get("params") or {})
            if inspect.isawaitable(result):
                _begin(result, pending)
                tasks.start(self._answer_later(request_id, result, writer, pending), name=message["method"])
                return
            answer = {"result": result}
        except Exception as error:  # noqa: BLE001 - the server's boundary: one bad request must not stop the recorder
            answer = _problem(error)
        await _send(writer, {"id": request_id, **answer})

    async def _answer_later(
        self, request_id: Any, result: Awaitable[Any], writer: asyncio.StreamWriter, pending: set[object]
    ) -> None:
        try:
            answer = {"result": await result}
        except Exception as error:  # noqa: BLE001 - as above
            answer = _problem(error)
        finally:
            pending.discard(result)
        with contextlib.suppress(ConnectionError):  # `_serve` sees the end as well
            await _send(writer, {"id": request_id, **answer})

    async def _watch(self, writer: asyncio.StreamWriter) -> None:
        watcher = _Watcher()
        self._watchers.add(watcher)
        try:
            await _send(writer, self._change(_RECORDER))
            if self._methods.storage is not None:
                await _send(writer, self._change(_STORAGE))
            for camera in self._methods.cameras():
                await _send(writer, {"change": "camera", "value": camera})
            while True:
                await watcher.wait()
                for marked in watcher.take():
                    await _send(writer, self._change(marked))
                for event in watcher.take_events():
                    await _send(writer, {"change": "event", "value": event})
                await self._clock.sleep(COALESCE_S)
        except ConnectionError:
            pass  # `_serve` sees the end as well
        finally:
            self._watchers.discard(watcher)

    def _change(self, marked: str) -> dict[str, Any]:
        if marked == _RECORDER:
            return {"change": "recorder", "value": self._methods.status()}
        if marked == _STORAGE and self._methods.storage is not None:
            return {"change": "storage", "value": self._methods.storage()}
        return {"change": "camera", "value": self._methods.camera(marked)}


class _Watcher:
    """What changed, and what happened, since a watcher was last told."""

    def __init__(self) -> None:
        self._marked: dict[str, None] = {}
        self._events: dict[str, dict[str, Any]] = {}
        self._news = asyncio.Event()

    def mark(self, camera_id: str) -> None:
        self._marked[camera_id] = None
        self._news.set()

    def tell(self, event: dict[str, Any]) -> None:
        if event["id"] not in self._events and len(self._events) >= MAX_EVENTS:
            del self._events[next(iter(self._events))]
        self._events[event["id"]] = event
        self._news.set()

    async def wait(self) -> None:
        """Wait until there is something to take."""
        await self._news.wait()
        self._news.clear()

    def take(self) -> list[str]:
        marked, self._marked = list(self._marked), {}
        return marked

    def take_events(self) -> list[dict[str, Any]]:
        events, self._events = list(self._events.values()), {}
        return events


def _begin(work: Awaitable[Any], pending: set[object]) -> None:
    """Count *work* among what is *pending*: cameras that hang must not hold up the questions about the others."""
    if len(pending) < MAX_PENDING:
        pending.add(work)
        return
    if inspect.iscoroutine(work):
        work.close()
    raise Problem(Kind.TOO_MANY, "The recorder waits for many cameras already.", remedy="Try again in half a minute.")


def _parse(line: bytes) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict) or not isinstance(message.get("method"), str):
        raise Problem(Kind.INVALID, "A request is a JSON object with a method.")
    if not isinstance(message.get("params") or {}, dict):
        raise Problem(Kind.INVALID, "The params of a request are a JSON object.")
    return message


def _problem(error: Exception) -> dict[str, Any]:
    if not isinstance(error, Problem):
        _log.error("a control request failed", exc_info=error)
        error = Problem(Kind.UNAVAILABLE, "Something went wrong in the recorder.")
    return {"problem": error.document()}


async def _send(writer: asyncio.StreamWriter, message: dict[str, Any]) -> None:
    writer.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    await writer.drain()
