import asyncio
import os
from pathlib import Path

import pytest

from tawny.gateway.commands import main
from tawny.gateway.main import serve
from tawny.runtime.clock import SystemClock
from tawny.runtime.data_directory import DataDirectory
from tests.fakes.recorder import FakeRecorder
from tests.gateway.link_client import HubEnd, running


async def test_it_answers_the_hub_with_and_without_a_recorder(short_path: Path) -> None:
    data, stop = DataDirectory(root=short_path), asyncio.Event()
    data.create()
    recorder = FakeRecorder(data.sockets)
    async with (
        asyncio.timeout(30),
        HubEnd(data.sockets / "link.sock") as hub,
        running(serve(data, SystemClock(), stop)),
    ):
        await hub.connected()
        before = await hub.fetch("GET", "/cameras")
        await recorder.start()
        changes = hub.ask("GET", "/changes")
        await hub.until(lambda: b"cam_a" in changes.body, changes)
        after = await hub.fetch("GET", "/cameras")
        await recorder.stop()

    assert (before.status, after.status) == (503, 200)


async def test_it_ends_when_told_so_while_streams_are_open(short_path: Path) -> None:
    data, stop = DataDirectory(root=short_path), asyncio.Event()
    data.create()
    ended = asyncio.Event()

    async def run() -> None:
        await serve(data, SystemClock(), stop)
        ended.set()

    async with asyncio.timeout(30), HubEnd(data.sockets / "link.sock") as hub, running(run()):
        await hub.connected()
        changes = hub.ask("GET", "/changes")
        await hub.until(lambda: changes.status == 200, changes)

        stop.set()
        await ended.wait()
        await hub.until(lambda: changes.ended, changes)


def test_a_directory_in_use_is_said_in_words_and_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = DataDirectory(root=tmp_path)
    data.create()
    lock = data.lock("gateway")

    code = main(["gateway", "--data", str(tmp_path)])

    os.close(lock)
    assert code == 1
    assert "Another Tawny gateway" in capsys.readouterr().err
