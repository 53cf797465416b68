import socket

import pytest

from tawny.camera.main import Listening, live_streams, serve
from tawny.camera.sources import Source
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks
from tests.camera.clips import clip

SOURCES = [Source(name=name, streams={"main": clip(frames=25), "sub": clip(frames=25)}) for name in ("gate", "my yard")]


async def test_streams_of_one_source_show_the_same_moment_and_those_of_another_do_not() -> None:
    clock = SimulatedClock()
    await clock.advance(10.01)
    async with Tasks("test") as tasks:
        streams = live_streams(SOURCES, clock=clock, tasks=tasks, spread_s=0, random_32=lambda: 0)

        now = {path: live.firsts()[1].timestamp for path, live in streams.items()}

    assert set(streams) == {"/gate/main", "/gate/sub", "/my yard/main", "/my yard/sub"}
    assert now["/gate/main"] == now["/gate/sub"]
    assert now["/my yard/main"] == now["/my yard/sub"] != now["/gate/main"]


async def test_a_port_that_is_taken_is_a_problem_with_a_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listening = Listening(host="127.0.0.1", port=taken.getsockname()[1], passwords={})

        with pytest.raises(Problem, match="can't listen") as refused:
            await serve(SOURCES, listening, clock=SimulatedClock(), spread_s=0, announce=print)

    assert refused.value.kind is Kind.CONFLICT
    assert "--port" in refused.value.remedy
