import asyncio
import socket
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tawny.runtime.clock import SimulatedClock, SystemClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Problem
from tawny.supervisor.api import Address, Api
from tawny.supervisor.demo import DemoCamera, add_cameras, open_demo
from tests.supervisor.hub import PASSWORD, FakeHub, running


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    data = DataDirectory(root=tmp_path / "data")
    data.create()
    return data


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with running(FakeHub()) as hub:
        yield hub


async def signed_in(hub: FakeHub) -> Api:
    api = Api(Address(listen="127.0.0.1", port=hub.port, https=False), trust=Path("/nonexistent"))
    await asyncio.to_thread(api.log_in, "owner", PASSWORD)
    return api


def serving(camera: DemoCamera) -> socket.socket:
    return socket.create_server(("127.0.0.1", camera.port))


async def start(hub: FakeHub, data: DataDirectory, *, count: int) -> DemoCamera:
    camera, _ = open_demo(data)
    with serving(camera):
        await add_cameras(await signed_in(hub), data, camera, count=count, clock=SystemClock())
    return camera


async def test_a_first_start_adds_the_four_places_with_sound(hub: FakeHub, data: DataDirectory) -> None:
    camera = await start(hub, data, count=4)

    added = list(hub.cameras.values())
    assert [c["name"] for c in added] == ["Gate", "Corridor", "Yard by night", "Shop"]
    assert added[2]["url"] == f"rtsp://127.0.0.1:{camera.port}/yard/main"
    assert added[2]["sub_url"] == f"rtsp://127.0.0.1:{camera.port}/yard/sub"
    assert all(c["sound"] and c["user"] == "demo" and c["password"] == camera.password for c in added)


async def test_a_second_start_keeps_port_password_and_cameras(hub: FakeHub, data: DataDirectory) -> None:
    first = await start(hub, data, count=4)

    second = await start(hub, data, count=4)

    assert (second.port, second.password) == (first.port, first.password)
    assert len(hub.cameras) == 4


async def test_more_cameras_repeat_the_places_under_names_of_their_own(hub: FakeHub, data: DataDirectory) -> None:
    await start(hub, data, count=4)

    await start(hub, data, count=6)

    assert [c["name"] for c in hub.cameras.values()][4:] == ["Gate 2", "Corridor 2"]


async def test_where_the_port_was_taken_the_cameras_are_moved(hub: FakeHub, data: DataDirectory) -> None:
    first = await start(hub, data, count=2)

    with serving(first):
        second = await start(hub, data, count=2)

    assert second.port != first.port
    assert [c["url"] for c in hub.cameras.values()] == [
        f"rtsp://127.0.0.1:{second.port}/gate/main",
        f"rtsp://127.0.0.1:{second.port}/corridor/main",
    ]


async def test_a_recorder_that_is_not_linked_yet_is_waited_for(hub: FakeHub, data: DataDirectory) -> None:
    hub.unlinked = 3

    await start(hub, data, count=1)

    assert len(hub.cameras) == 1


async def test_a_camera_that_does_not_start_is_told(hub: FakeHub, data: DataDirectory) -> None:
    camera, _ = open_demo(data)
    clock = SimulatedClock()
    adding = asyncio.gather(
        add_cameras(await signed_in(hub), data, camera, count=4, clock=clock), return_exceptions=True
    )

    while not adding.done():
        await clock.advance(5)

    (outcome,) = await adding
    assert isinstance(outcome, Problem)
    assert outcome.title == "The demo's camera does not start."
    assert not hub.cameras


def test_the_password_reaches_the_camera_in_a_file_that_others_cannot_read(data: DataDirectory) -> None:
    camera, secret = open_demo(data)

    command = camera.program(secret).command

    assert secret.read_text() == camera.password + "\n"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert camera.password not in command
    assert str(secret) in command


def test_a_broken_record_of_the_camera_is_made_anew(data: DataDirectory) -> None:
    first, _ = open_demo(data)
    (data.root / "demo.json").write_text('{"port": "')

    second, _ = open_demo(data)

    assert second.password != first.password
    assert second == replace(second, cameras={})
