import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tawny.recorder.cameras.service import Cameras
from tawny.recorder.servers.control import COALESCE_S, MAX_EVENTS, MAX_LINE, MAX_PENDING, ControlServer
from tawny.recorder.servers.methods import Methods
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind, Problem
from tests.fakes.ingest import REFUSED, FakeIngest
from tests.fakes.settings import FakeSettings


@pytest.fixture
def path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tc", dir="/tmp") as directory:
        yield Path(directory) / "control.sock"


class Rig:
    def __init__(self, path: Path) -> None:
        self.clock = SimulatedClock()
        self.icon = "connected"
        self.ingest = FakeIngest()
        cameras = Cameras(settings=FakeSettings(), ingest=self.ingest, clock=self.clock)
        methods = Methods(
            cameras=cameras,
            ingest=self.ingest,
            status=lambda: {"id": "rec_a", "cameras": {"total": len(cameras.all())}},
            changed=lambda camera: self.server.changed(camera),
            storage=lambda: {"icon": self.icon},
            tables=[
                {"cameras.add": lambda request: methods.shown(cameras.add(request).id)},
                {"slow.go": lambda _: self.slow(), "slow.refuse": lambda _: self.refuse()},
            ],
        )
        self.server = ControlServer(path, methods=methods, clock=self.clock)
        self.go = asyncio.Event()

    async def slow(self) -> str:
        await self.go.wait()
        return "went"

    async def refuse(self) -> None:
        raise Problem(Kind.CONFLICT, "Not now.")


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def line(self) -> Any:
        async with asyncio.timeout(10):
            return json.loads(await self.reader.readline())

    def send(self, message: Any) -> None:
        self.writer.write(json.dumps(message).encode() + b"\n")

    async def ask(self, method: str, **params: Any) -> Any:
        self.send({"id": 7, "method": method, "params": params})
        answer = await self.line()
        assert answer.pop("id") == 7
        return answer


@asynccontextmanager
async def served(path: Path) -> AsyncIterator[tuple[Rig, Client]]:
    rig = Rig(path)
    await rig.server.start()
    reader, writer = await asyncio.open_unix_connection(path)
    try:
        yield rig, Client(reader, writer)
    finally:
        writer.close()
        await rig.server.stop()


async def test_a_camera_is_added_changed_listed_and_removed(path: Path) -> None:
    async with served(path) as (_, client):
        added = (await client.ask("cameras.add", name="Gate", url="rtsp://a:b@192.0.2.7/x"))["result"]
        changed = (await client.ask("cameras.change", camera=added["id"], name="<img onerror=x>"))["result"]
        listed = (await client.ask("cameras.list"))["result"]
        removed = await client.ask("cameras.remove", camera=added["id"])
        rest = (await client.ask("cameras.list"))["result"]

    assert added["url"] == "rtsp://192.0.2.7/x"
    assert changed["name"] == "<img onerror=x>"
    assert listed == [changed]
    assert (removed, rest) == ({"result": None}, [])


async def test_a_method_that_takes_its_time_holds_no_other_request_up(path: Path) -> None:
    async with served(path) as (rig, client):
        client.send({"id": 1, "method": "slow.go"})
        meanwhile = await client.ask("cameras.list")
        refused = await client.ask("slow.refuse")
        rig.go.set()
        slow = await client.line()

    assert meanwhile == {"result": []}
    assert refused["problem"]["title"] == "Not now."
    assert slow == {"id": 1, "result": "went"}


async def test_a_client_that_leaves_before_its_answer_does_no_harm(path: Path) -> None:
    async with served(path) as (rig, client):
        _, writer = await asyncio.open_unix_connection(path)
        writer.write(b'{"id": 1, "method": "slow.go"}\n')
        await client.ask("cameras.list")
        writer.close()

        rig.go.set()

        assert await client.ask("cameras.list") == {"result": []}


async def test_status_tells_about_the_recorder(path: Path) -> None:
    async with served(path) as (_, client):
        assert await client.ask("status") == {"result": {"id": "rec_a", "cameras": {"total": 0}}}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b"garbage\n", "invalid"),
        (b"[]\n", "invalid"),
        (b"[" * 5000 + b"\n", "invalid"),
        (b'{"method": 3}\n', "invalid"),
        (b'{"method": "status", "params": [1]}\n', "invalid"),
        (b'{"method": "status", "params": {"x": 1}}\n', "invalid"),
        (b'{"method": "format.disk"}\n', "not_found"),
        (b'{"method": "cameras.remove", "params": {"camera": "cam_x"}}\n', "not_found"),
        (b'{"method": "cameras.add", "params": {"name": "Gate"}}\n', "invalid"),
    ],
)
async def test_a_bad_request_is_answered_by_a_problem_and_the_connection_goes_on(
    path: Path, line: bytes, kind: str
) -> None:
    async with served(path) as (_, client):
        client.writer.write(line)
        answer = await client.line()
        after = await client.ask("cameras.list")

    assert answer["problem"]["type"] == f"urn:tawny:problem:{kind}"
    assert after == {"result": []}


async def test_an_endless_line_ends_that_connection_only(path: Path) -> None:
    async with served(path) as (_, client):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(bytes(MAX_LINE + 1 << 1))

        async with asyncio.timeout(10):
            ended = await _read_to_end(reader)
        writer.close()

        assert ended
        assert await client.ask("cameras.list") == {"result": []}


async def _read_to_end(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


async def test_requests_may_be_sent_without_waiting_for_answers(path: Path) -> None:
    async with served(path) as (_, client):
        for number in range(50):
            client.send({"id": number, "method": "cameras.list"})

        assert [(await client.line())["id"] for _ in range(50)] == list(range(50))


async def test_a_watcher_has_everything_at_once_and_then_what_changes(path: Path) -> None:
    async with served(path) as (rig, client):
        camera = (await client.ask("cameras.add", name="Gate", url="rtsp://192.0.2.7/x"))["result"]

        client.send({"method": "watch"})
        assert await client.line() == {"change": "recorder", "value": {"id": "rec_a", "cameras": {"total": 1}}}
        assert await client.line() == {"change": "storage", "value": {"icon": "connected"}}
        assert await client.line() == {"change": "camera", "value": camera}

        rig.ingest.states[camera["id"]] = REFUSED
        rig.server.changed(camera["id"])
        change = await client.line()

    assert change["value"]["state"]["title"] == "The camera refused the password."


async def test_a_watcher_hears_of_the_disks(path: Path) -> None:
    async with served(path) as (rig, client):
        client.send({"method": "watch"})
        for _ in ("recorder", "storage"):
            await client.line()

        rig.icon = "faults"
        rig.server.storage_changed()

        assert await client.line() == {"change": "storage", "value": {"icon": "faults"}}


async def test_many_changes_of_a_camera_are_told_at_most_twice_a_second(path: Path) -> None:
    async with served(path) as (rig, client):
        camera = (await client.ask("cameras.add", name="0", url="rtsp://192.0.2.7/x"))["result"]
        client.send({"method": "watch"})
        for _ in ("recorder", "storage", "camera"):
            await client.line()

        client.send({"id": 1, "method": "cameras.change", "params": {"camera": camera["id"], "name": "1"}})
        answer, first = await client.line(), await client.line()
        for number in range(2, 20):
            await client.ask("cameras.change", camera=camera["id"], name=str(number))
        await rig.clock.advance(COALESCE_S)
        second = await client.line()

    assert answer["result"]["name"] == first["value"]["name"] == "1"
    assert second["value"]["name"] == "19"


async def test_a_removed_camera_is_told_as_removed(path: Path) -> None:
    async with served(path) as (_, client):
        camera = (await client.ask("cameras.add", name="Gate", url="rtsp://192.0.2.7/x"))["result"]
        client.send({"method": "watch"})
        for _ in ("recorder", "storage", "camera"):
            await client.line()

        client.send({"id": 1, "method": "cameras.remove", "params": {"camera": camera["id"]}})
        lines = [await client.line(), await client.line()]

    assert {"change": "camera", "value": {"id": camera["id"], "removed": True}} in lines


def mode(path: Path) -> int | None:
    return path.stat().st_mode & 0o777 if path.exists() else None


async def test_only_the_owner_may_open_the_socket_and_a_stale_one_is_replaced(path: Path) -> None:
    path.write_bytes(b"left by a process that died")  # noqa: ASYNC240 - a test's own file
    async with served(path) as (_, client):
        assert mode(path) == 0o600
        assert await client.ask("cameras.list") == {"result": []}

    assert mode(path) is None


async def test_a_watcher_hears_of_events_as_they_happen_and_of_each_once(path: Path) -> None:
    async with served(path) as (rig, client):
        rig.server.event({"id": "evt_before", "until": None})
        client.send({"method": "watch"})
        await client.line()
        await client.line()

        rig.server.event({"id": "evt_1", "until": None})
        rig.server.event({"id": "evt_1", "until": "now"})
        rig.server.event({"id": "evt_2", "until": None})
        told = [await client.line(), await client.line()]

    assert told == [
        {"change": "event", "value": {"id": "evt_1", "until": "now"}},
        {"change": "event", "value": {"id": "evt_2", "until": None}},
    ]


async def test_cameras_that_hang_do_not_hold_up_other_questions(path: Path) -> None:
    async with served(path) as (rig, client):
        for number in range(MAX_PENDING):
            client.send({"id": number, "method": "slow.go"})

        refused = await client.ask("slow.go")
        status = await client.ask("status")
        rig.go.set()
        answered = [await client.line() for _ in range(MAX_PENDING)]

    assert refused["problem"]["type"].endswith("too_many")
    assert status["result"]["id"] == "rec_a"
    assert [answer["result"] for answer in answered] == ["went"] * MAX_PENDING


async def test_a_watcher_that_is_slow_misses_the_oldest_events(path: Path) -> None:
    async with served(path) as (rig, client):
        client.send({"method": "watch"})
        await client.line()
        await client.line()

        for number in range(MAX_EVENTS + 5):
            rig.server.event({"id": f"evt_{number}"})
        first = await client.line()

    assert first["value"]["id"] == "evt_5"
