import asyncio
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tawny.recorder.main import StartUp, serve, time_zone
from tawny.runtime.clock import SystemClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Kind, Problem
from tests.gateway.link_client import running


@pytest.fixture
def data() -> Iterator[DataDirectory]:
    with tempfile.TemporaryDirectory(prefix="tr", dir="/tmp") as directory:
        yield DataDirectory(root=Path(directory) / "data")


class Running:
    """A whole recorder without cameras, until `stop`."""

    def __init__(self, data: DataDirectory) -> None:
        self.data = data
        self._stop = asyncio.Event()
        self.ended = asyncio.Event()

    async def run(self) -> None:
        try:
            await serve(StartUp(data=self.data, limit_bytes=None, find_on=("lo",)), SystemClock(), self._stop)
        finally:
            self.ended.set()

    async def ask(self, method: str, **params: Any) -> Any:
        return (await self.answer(method, **params))["result"]

    async def answer(self, method: str, **params: Any) -> Any:
        while not (self.data.sockets / "control.sock").exists():
            await SystemClock().sleep(0.01)
        reader, writer = await asyncio.open_unix_connection(self.data.sockets / "control.sock")
        writer.write(json.dumps({"id": 1, "method": method, "params": params}).encode() + b"\n")
        answer = json.loads(await reader.readline())
        writer.close()
        return answer

    async def stop(self) -> None:
        self._stop.set()
        await self.ended.wait()


async def test_it_starts_answers_and_leaves_cleanly(data: DataDirectory) -> None:
    recorder = Running(data)
    async with asyncio.timeout(30), running(recorder.run()):
        status = await recorder.ask("status")
        await recorder.stop()

    assert status["cameras"] == {"online": 0, "total": 0}
    assert status["archive"]["state"]["phase"] == "recording"
    assert not list(data.sockets.iterdir())


async def test_its_parts_answer_for_storage_holds_and_evidence(data: DataDirectory) -> None:
    recorder = Running(data)
    async with asyncio.timeout(30), running(recorder.run()):
        storage = await recorder.ask("storage.read")
        deeper = await recorder.ask("storage.set", depth_days=30)
        drives = await recorder.ask("drives.list")
        holds = await recorder.ask("holds.list")
        sealed = await recorder.ask("archive.seal", camera="cam_a")
        while "problem" in (evidence := await recorder.answer("evidence.read")):
            await SystemClock().sleep(0.01)  # its key is being made
        await recorder.stop()

    assert storage["icon"] == "connected"
    assert [(volume["state"], volume["role"]) for volume in storage["volumes"]] == [("ok", "record")]
    assert deeper["depth"]["days"] == 30
    assert (holds, sealed, isinstance(drives["items"], list)) == ({"items": []}, None, True)
    assert evidence["result"]["tsa"]["state"] == "off"
    assert (data.keys / "root.pem").exists()


async def test_cameras_and_identity_are_there_after_a_restart(data: DataDirectory) -> None:
    first = Running(data)
    async with asyncio.timeout(30), running(first.run()):
        camera = await first.ask("cameras.add", name="Gate", url="rtsp://127.0.0.1:9/none")
        identity = (await first.ask("status"))["id"]
        await first.stop()

    again = Running(data)
    async with asyncio.timeout(30), running(again.run()):
        cameras = await again.ask("cameras.list")
        status = await again.ask("status")
        await again.stop()

    assert [(c["id"], c["name"]) for c in cameras] == [(camera["id"], "Gate")]
    assert status["id"] == identity


async def test_a_second_recorder_on_the_same_directory_is_refused(data: DataDirectory) -> None:
    first = Running(data)
    async with asyncio.timeout(30), running(first.run()):
        await first.ask("status")

        with pytest.raises(Problem) as caught:
            await serve(StartUp(data=data, limit_bytes=None, find_on=("lo",)), SystemClock(), asyncio.Event())

        assert caught.value.kind is Kind.CONFLICT
        assert (await first.ask("status"))["id"]
        await first.stop()


async def test_a_directory_too_deep_for_sockets_is_refused_in_words(tmp_path: Path) -> None:
    deep = DataDirectory(root=tmp_path / ("x" * 100))

    with pytest.raises(Problem) as caught:
        await serve(StartUp(data=deep, limit_bytes=None, find_on=("lo",)), SystemClock(), asyncio.Event())

    assert caught.value.kind is Kind.INVALID
    assert "--data" in caught.value.remedy


@pytest.mark.parametrize(
    ("environment", "target", "zone"),
    [
        ({"TZ": "Europe/Prague"}, "/usr/share/zoneinfo/Asia/Tokyo", "Europe/Prague"),
        ({"TZ": ":Europe/Prague"}, "/usr/share/zoneinfo/Asia/Tokyo", "Europe/Prague"),
        ({}, "/usr/share/zoneinfo/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ({"TZ": "/etc/other"}, "/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"),
        ({}, "/somewhere/else", "UTC"),
    ],
)
def test_the_time_zone_is_the_machines(tmp_path: Path, environment: dict[str, str], target: str, zone: str) -> None:
    localtime = tmp_path / "localtime"
    localtime.symlink_to(target)

    assert time_zone(environment, localtime) == zone
