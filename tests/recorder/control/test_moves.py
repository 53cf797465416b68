import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tawny.recorder.control.moves import Moves
from tawny.recorder.onvif.model import DeviceError, DeviceTrouble, device_error
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.tasks import Tasks

KEY = ("cam_a", "head")


def step(done: list[str], name: str) -> Callable[[], Awaitable[None]]:
    async def take() -> None:
        done.append(name)

    return take


async def test_a_movement_ends_by_itself() -> None:
    clock, done = SimulatedClock(), list[str]()
    async with Tasks("test") as tasks:
        await Moves(clock, tasks).begin(KEY, step(done, "go"), stop=step(done, "stop"))
        await clock.advance(1.9)
        before = list(done)
        await clock.advance(0.2)

    assert (before, done) == (["go"], ["go", "stop"])


async def test_a_movement_that_is_said_again_goes_on() -> None:
    clock, done = SimulatedClock(), list[str]()
    async with Tasks("test") as tasks:
        moves = Moves(clock, tasks)
        for _ in range(3):
            await moves.begin(KEY, step(done, "go"), stop=step(done, "stop"))
            await clock.advance(1.5)
        await clock.advance(1)

    assert done == ["go", "go", "go", "stop"]


async def test_a_movement_that_was_stopped_is_not_stopped_again() -> None:
    clock, done = SimulatedClock(), list[str]()
    async with Tasks("test") as tasks:
        moves = Moves(clock, tasks)
        await moves.begin(KEY, step(done, "go"), stop=step(done, "stop"))
        await moves.run(KEY, step(done, "stop"))
        await clock.advance(5)

    assert done == ["go", "stop"]


async def test_a_slow_camera_gets_the_newest_wish_alone() -> None:
    clock, done, answered = SimulatedClock(), list[str](), asyncio.Event()

    async def slow() -> None:
        done.append("slow")
        await answered.wait()

    async with Tasks("test") as tasks:
        moves = Moves(clock, tasks)
        running = [tasks.start(moves.begin(KEY, slow, stop=step(done, "stop")), name="first")]
        await clock.advance(0)
        running += [
            tasks.start(moves.begin(KEY, step(done, name), stop=step(done, "stop")), name=name)
            for name in ("left", "right", "up")
        ]
        await clock.advance(0)
        answered.set()
        await asyncio.gather(*running)

    assert done == ["slow", "up"]


async def test_a_head_that_may_have_heard_is_stopped_although_it_did_not_answer() -> None:
    clock, done = SimulatedClock(), list[str]()

    async def unheard() -> None:
        raise device_error(DeviceTrouble.SILENT)

    async with Tasks("test") as tasks:
        with pytest.raises(DeviceError):
            await Moves(clock, tasks).begin(KEY, unheard, stop=step(done, "stop"))
        await clock.advance(3)

    assert done == ["stop"]


async def test_stopping_is_tried_again() -> None:
    clock, tries = SimulatedClock(), list[str]()

    async def failing() -> None:
        tries.append("stop")
        if len(tries) < 3:
            raise device_error(DeviceTrouble.SILENT)

    async with Tasks("test") as tasks:
        await Moves(clock, tasks).begin(KEY, step([], "go"), stop=failing)
        await clock.advance(10)

    assert len(tries) == 3


async def test_two_things_move_side_by_side() -> None:
    clock, done = SimulatedClock(), list[str]()
    async with Tasks("test") as tasks:
        moves = Moves(clock, tasks)
        await moves.begin(KEY, step(done, "head"), stop=step(done, "head stops"))
        await moves.begin(("cam_a", "lens"), step(done, "lens"), stop=step(done, "lens stops"))
        await clock.advance(3)

    assert sorted(done) == ["head", "head stops", "lens", "lens stops"]
