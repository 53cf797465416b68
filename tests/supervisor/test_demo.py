import asyncio
import json
import socket
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tawny.runtime.clock import SimulatedClock, SystemClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.problem import Problem
from tawny.supervisor.api import Address, Api
from tawny.supervisor.demo import PLACES, DemoCamera, add_cameras, open_demo
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


@contextmanager
def serving(camera: DemoCamera) -> Iterator[None]:
    with ExitStack() as stack:
        for port in (camera.port, *camera.ports):
            stack.enter_context(socket.create_server(("127.0.0.1", port)))
        yield


async def start(hub: FakeHub, data: DataDirectory, *, count: int) -> DemoCamera:
    camera, _ = open_demo(data)
    hub.around = [camera.device(scene) for scene in PLACES]
    with serving(camera):
        await add_cameras(await signed_in(hub), data, camera, count=count, clock=SystemClock())
    return camera


async def test_a_first_start_adds_the_four_places_with_sound(hub: FakeHub, data: DataDirectory) -> None:
    camera = await start(hub, data, count=4)

    added = list(hub.cameras.values())
    assert [c["name"] for c in added] == ["Gate", "Corridor", "Yard by night", "Shop"]
    assert [c["address"] for c in added] == hub.around
    assert added[2]["address"] == f"http://127.0.0.1:{camera.onvif + 4}/onvif/device_service"
    assert all(c["sound"] and c["user"] == "demo" and c["password"] == camera.password for c in added)


async def test_a_second_start_keeps_port_password_and_cameras(hub: FakeHub, data: DataDirectory) -> None:
    first = await start(hub, data, count=4)

    second = await start(hub, data, count=4)

    assert (second.port, second.onvif, second.password) == (first.port, first.onvif, first.password)
    assert len(hub.cameras) == 4


async def test_cameras_are_added_once_a_search_has_found_them_and_then_it_ends(
    hub: FakeHub, data: DataDirectory
) -> None:
    await start(hub, data, count=4)

    assert hub.searches == ["POST", "GET", "DELETE"]


async def test_cameras_that_no_search_finds_are_added_by_their_addresses(hub: FakeHub, data: DataDirectory) -> None:
    camera, _ = open_demo(data)
    clock = SimulatedClock()
    with serving(camera):
        adding = asyncio.gather(add_cameras(await signed_in(hub), data, camera, count=4, clock=clock))
        while not adding.done():
            await clock.advance(1)

    await adding
    assert [c["address"] for c in hub.cameras.values()] == [camera.device(scene) for scene in PLACES]


async def test_more_cameras_repeat_the_places_under_names_of_their_own(hub: FakeHub, data: DataDirectory) -> None:
    await start(hub, data, count=4)

    await start(hub, data, count=6)

    further = list(hub.cameras.values())[4:]
    assert [(c["name"], c["kind"]) for c in further] == [("Gate 2", "rtsp"), ("Corridor 2", "rtsp")]


async def test_where_a_port_was_taken_the_cameras_are_looked_for(hub: FakeHub, data: DataDirectory) -> None:
    first = await start(hub, data, count=2)
    for scene, camera in zip(PLACES, hub.cameras.values(), strict=False):
        camera["url"] = first.urls(scene)["url"]

    with socket.create_server(("127.0.0.1", first.onvif)):
        second = await start(hub, data, count=2)

    assert not set(second.ports) & set(first.ports)
    assert [c["url"] for c in hub.cameras.values()] == [second.urls(scene)["url"] for scene in ("gate", "corridor")]
    assert hub.lost == 1


async def test_cameras_of_a_demo_of_before_they_were_devices_are_told_the_new_port(
    hub: FakeHub, data: DataDirectory
) -> None:
    kept = {"port": 20_001, "user": "demo", "password": "pw", "cameras": {"cam_0": "gate"}}
    (data.root / "demo.json").write_text(json.dumps(kept))
    hub.cameras["cam_0"] = {"kind": "rtsp", "url": "rtsp://127.0.0.1:20001/gate/main"}

    camera = await start(hub, data, count=1)

    assert camera.password == "pw"
    assert hub.cameras["cam_0"]["url"] == f"rtsp://127.0.0.1:{camera.port}/gate/main"
    assert hub.lost == 0


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

    command = camera.program(data, secret).command

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
