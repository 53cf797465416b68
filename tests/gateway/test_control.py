import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from tawny.gateway.control import EVENT, MAX_EVENTS, RECORDER, STORAGE, RecorderControl
from tawny.runtime.clock import SystemClock
from tawny.runtime.problem import Kind, Problem
from tests.fakes.recorder import FakeRecorder, camera_document
from tests.gateway.link_client import running


def control_at(path: Path) -> RecorderControl:
    return RecorderControl(path / "control.sock", clock=SystemClock())


async def until(control: RecorderControl, met: Any) -> None:
    """Wait for changes until *met*."""
    async with asyncio.timeout(10), aclosing(control.watch()) as watch:
        async for _ in watch:
            if met():
                return


async def test_the_gateway_knows_what_the_recorder_says(short_path: Path) -> None:
    control = control_at(short_path)
    async with FakeRecorder(short_path), running(control.run()):
        await until(control, lambda: "cam_a" in control.cameras)

        assert control.camera("cam_a") == camera_document()
        assert control.about()["id"] == "rec_a"
        assert control.connected


async def test_a_question_is_answered(short_path: Path) -> None:
    control = control_at(short_path)
    async with FakeRecorder(short_path) as recorder, running(control.run()):
        await until(control, lambda: control.connected)
        recorder.answers["cameras.add"] = {"id": "cam_b"}

        assert await control.call("cameras.add", {"name": "Gate", "method": "x"}) == {"id": "cam_b"}
        assert ("cameras.add", {"name": "Gate", "method": "x"}) in recorder.asked


async def test_the_recorders_problem_is_raised_as_it_is(short_path: Path) -> None:
    control = control_at(short_path)
    async with FakeRecorder(short_path) as recorder, running(control.run()):
        await until(control, lambda: control.connected)
        problem = Problem(Kind.INVALID, "The camera needs a name.", field="name")
        recorder.answers["cameras.add"] = {"problem": problem.document()}

        with pytest.raises(Problem) as caught:
            await control.call("cameras.add", {})

    assert (caught.value.kind, caught.value.title, caught.value.extra) == (
        Kind.INVALID,
        "The camera needs a name.",
        {"field": "name"},
    )


async def test_without_a_recorder_a_question_is_unavailable_at_once(short_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        await control_at(short_path).call("cameras.list")

    assert caught.value.kind is Kind.UNAVAILABLE


async def test_a_recorder_that_goes_away_is_told_and_its_cameras_wait(short_path: Path) -> None:
    control = control_at(short_path)
    recorder = FakeRecorder(short_path)
    await recorder.start()
    async with running(control.run()):
        await until(control, lambda: "cam_a" in control.cameras)
        async with aclosing(control.watch()) as watch:
            assert {await anext(watch), await anext(watch)} == {RECORDER, "cam_a"}

            await recorder.stop()
            assert {await anext(watch), await anext(watch)} == {RECORDER, "cam_a"}

        camera = control.camera("cam_a")
        assert camera is not None
        assert (camera["name"], camera["state"]["phase"]) == ("Gate", "waiting")
        assert camera["state"]["title"] == "The recorder is not running just now."
        assert control.about()["archive"]["state"]["phase"] == "failed"
        assert control.about()["cameras"] == {"online": 0, "total": 1}


async def test_after_a_restart_cameras_removed_meanwhile_are_gone(short_path: Path) -> None:
    control = control_at(short_path)
    recorder = FakeRecorder(short_path)
    recorder.cameras["cam_b"] = camera_document("cam_b")
    await recorder.start()
    async with running(control.run()):
        await until(control, lambda: set(control.cameras) == {"cam_a", "cam_b"})
        await recorder.stop()
        del recorder.cameras["cam_b"]

        await recorder.start()
        await until(control, lambda: set(control.cameras) == {"cam_a"})

        assert control.connected
        assert control.camera("cam_b") is None
    await recorder.stop()


async def test_changes_are_told_and_a_removed_camera_is_forgotten(short_path: Path) -> None:
    control = control_at(short_path)
    async with FakeRecorder(short_path) as recorder, running(control.run()):
        await until(control, lambda: "cam_a" in control.cameras)

        recorder.change(camera_document(name="Back door"))
        await until(control, lambda: control.cameras["cam_a"]["name"] == "Back door")
        recorder.change({"id": "cam_a", "removed": True})
        await until(control, lambda: not control.cameras)

        assert control.camera("cam_a") is None


async def test_storage_is_told_once_it_is_known_and_what_else_is_marked_too(short_path: Path) -> None:
    control = control_at(short_path)
    async with FakeRecorder(short_path) as recorder, running(control.run()):
        await until(control, lambda: "cam_a" in control.cameras)
        async with aclosing(control.watch("exp_a")) as watch:
            first = {await anext(watch) for _ in range(3)}
            recorder.tell("storage", {"icon": "faults"})
            second = await anext(watch)
            control.mark("exp_b")
            third = await anext(watch)
        async with aclosing(control.watch()) as later:
            known = {await anext(later) for _ in range(3)}

    assert (first, second, third) == ({RECORDER, "cam_a", "exp_a"}, STORAGE, "exp_b")
    assert known == {RECORDER, "cam_a", STORAGE}
    assert control.storage == {"icon": "faults"}


async def test_an_event_is_told_as_it_begins_and_ends_and_only_the_newest_wait(short_path: Path) -> None:
    control = control_at(short_path)
    async with FakeRecorder(short_path) as recorder, running(control.run()):
        await until(control, lambda: "cam_a" in control.cameras)
        async with asyncio.timeout(10), aclosing(control.watch()) as watch:
            recorder.tell("event", {"id": "evt_1", "until": None})
            while not (begun := await anext(watch)).startswith(EVENT):
                pass
            recorder.tell("event", {"id": "evt_1", "until": "2026-11-22T12:00:00Z"})
            ended = await anext(watch)
            assert begun == ended
            assert control.events[ended]["until"] == "2026-11-22T12:00:00Z"

        for number in range(2, MAX_EVENTS + 2):
            recorder.tell("event", {"id": f"evt_{number}"})
        await until(control, lambda: f"{EVENT} evt_{MAX_EVENTS + 1}" in control.events)

        assert len(control.events) == MAX_EVENTS
        assert begun not in control.events
