"""A fake recorder as the gateway sees it: its feed socket and its control socket, played by a test."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from tawny.runtime.tasks import Tasks
from tawny.wire.feed import FeedRequest, read_request


def camera_document(camera: str = "cam_a", **members: Any) -> dict[str, Any]:
    state = {
        "phase": "online",
        "since": "2026-11-22T12:00:00Z",
        "title": "",
        "remedy": "",
        "kind": "",
        "retry_at": None,
    }
    return {
        "id": camera,
        "kind": "rtsp",
        "name": "Gate",
        "enabled": True,
        "sound": False,
        "url": "rtsp://192.0.2.7/a",
        "sub_url": "",
        "user": "",
        "added_at": "2026-11-22T10:00:00Z",
        "depth_days": None,
        "make": "",
        "model": "",
        "firmware": "",
        "serial": "",
        "mac": "",
        "uuid": "",
        "host": "192.0.2.7",
        "transport": "automatic",
        "allow_basic": False,
        "fingerprint": "",
        "ptz": False,
        "clock_offset_s": None,
        "state": state,
        "device": state | {"phase": "none"},
        "streams": {"main": None, "sub": None},
        **members,
    }


RECORDER_DOCUMENT = {
    "id": "rec_a",
    "name": "Recorder",
    "cameras": {"online": 1, "total": 1},
    "archive": {
        "state": {"phase": "recording", "title": "", "remedy": ""},
        "queue_s": 0.0,
        "unsynced_s": 0.5,
        "limit_bytes": None,
        "bytes": 7,
    },
}


class FakeRecorder:
    """Answers control requests from *answers* (a value, or a Problem document under "problem"), and hands out feeds.

    Each feed that a client opens waits in `feeds` as its request and the writer to play it on.
    """

    def __init__(self, run: Path) -> None:
        self._run = run
        self._tasks = Tasks("fake recorder")
        self._watchers: list[asyncio.StreamWriter] = []
        self._writers: list[asyncio.StreamWriter] = []
        self._servers: list[asyncio.Server] = []
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.cameras: dict[str, dict[str, Any]] = {"cam_a": camera_document()}
        self.answers: dict[str, Any] = {}
        self.feeds: asyncio.Queue[tuple[FeedRequest, asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        for name, serve in (("control.sock", self._control), ("feed.sock", self._feed)):
            (self._run / name).unlink(missing_ok=True)
            self._servers.append(await asyncio.start_unix_server(serve, self._run / name))

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
        self._servers.clear()
        await self._tasks.cancel()
        for writer in self._writers:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
        self._writers.clear()
        self._watchers.clear()

    def change(self, camera: dict[str, Any]) -> None:
        """Tell all watchers about a camera, as the recorder does."""
        if camera.get("removed"):
            del self.cameras[camera["id"]]
        else:
            self.cameras[camera["id"]] = camera
        for writer in self._watchers:
            _send(writer, {"change": "camera", "value": camera})

    def tell(self, change: str, value: dict[str, Any]) -> None:
        """Tell all watchers about something else."""
        for writer in self._watchers:
            _send(writer, {"change": change, "value": value})

    async def next_feed(self) -> tuple[FeedRequest, asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.wait_for(self.feeds.get(), 10)

    async def _feed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self.feeds.put_nowait((read_request(await reader.readline()), reader, writer))

    async def _control(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self._tasks.start(self._converse(reader, writer), name="control")

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            message = json.loads(line)
            if message["method"] == "watch":
                self._watchers.append(writer)
                _send(writer, {"change": "recorder", "value": RECORDER_DOCUMENT})
                for camera in self.cameras.values():
                    _send(writer, {"change": "camera", "value": camera})
                continue
            self.asked.append((message["method"], message["params"]))
            answer = self._answer(message["method"])
            _send(writer, {"id": message["id"], **(answer if "problem" in answer else {"result": answer["result"]})})

    def _answer(self, method: str) -> dict[str, Any]:
        if method == "cameras.list":
            return {"result": list(self.cameras.values())}
        if method == "status":
            return {"result": RECORDER_DOCUMENT}
        answer = self.answers.get(method)
        return answer if isinstance(answer, dict) and "problem" in answer else {"result": answer}


def _send(writer: asyncio.StreamWriter, message: Any) -> None:
    writer.write(json.dumps(message).encode() + b"\n")
