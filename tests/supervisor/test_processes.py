"""Children are real processes here: small Python programs."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from tawny.runtime.clock import SimulatedClock, SystemClock
from tawny.supervisor.processes import Backoff, Program, Supervisor

PATIENCE_S = 20.0


def python(name: str, code: str, *words: str) -> Program:
    return Program(name=name, command=(sys.executable, "-c", code, *words))


async def appeared(path: Path, *, text: str = "") -> str:
    async with asyncio.timeout(PATIENCE_S):
        while (found := written(path)) is None or text not in found:
            await SystemClock().sleep(0.02)
    return found


def written(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


async def gone(pid: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while alive(pid):
            await SystemClock().sleep(0.02)


def alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_delays_double_up_to_half_a_minute() -> None:
    backoff = Backoff()

    delays = [backoff.delay_s(lived_s=0.5) for _ in range(7)]

    assert delays == [1, 2, 4, 8, 16, 30, 30]


def test_after_a_steady_minute_delays_start_over() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.delay_s(lived_s=1)

    delays = [backoff.delay_s(lived_s=60), backoff.delay_s(lived_s=59)]

    assert delays == [1, 2]


async def test_a_child_that_dies_starts_again_after_its_delay(tmp_path: Path) -> None:
    log = tmp_path / "starts"
    code = "import sys; open(sys.argv[1], 'a').write('x'); sys.exit(3)"
    clock = SimulatedClock()

    async with Supervisor([python("short", code, str(log))], clock) as supervisor:
        await appeared(log)
        while supervisor.pid("short") is not None:
            await SystemClock().sleep(0.02)
        await SystemClock().sleep(0.1)
        before = log.read_text()
        await clock.advance(1.0)
        after = await appeared(log, text="xx")

    assert before == "x"
    assert after == "xx"


async def test_one_that_dies_leaves_the_others_alone(tmp_path: Path) -> None:
    steady, short = tmp_path / "steady", tmp_path / "short"
    wait = "import sys, time; open(sys.argv[1], 'a').write('x'); time.sleep(60)"
    die = "import sys; open(sys.argv[1], 'a').write('x')"
    programs = [python("steady", wait, str(steady)), python("short", die, str(short))]

    async with Supervisor(programs, SimulatedClock()) as supervisor:
        await appeared(steady)
        await appeared(short)
        first = supervisor.pid("steady")
        while supervisor.pid("short") is not None:
            await SystemClock().sleep(0.02)
        second = supervisor.pid("steady")

    assert first == second is not None
    assert steady.read_text() == "x"


async def test_stopping_lets_children_finish(tmp_path: Path) -> None:
    started, ended = tmp_path / "started", tmp_path / "ended"
    code = (
        "import pathlib, signal, sys, time\n"
        "def end(*_):\n"
        "    pathlib.Path(sys.argv[2]).write_text('tidy')\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "pathlib.Path(sys.argv[1]).write_text('up')\n"
        "time.sleep(60)\n"
    )

    async with Supervisor([python("tidy", code, str(started), str(ended))], SimulatedClock()) as supervisor:
        await appeared(started, text="up")
        pid = supervisor.pid("tidy")

    assert ended.read_text() == "tidy"
    assert pid is not None
    assert not alive(pid)


async def test_a_child_that_will_not_end_is_killed(tmp_path: Path) -> None:
    started = tmp_path / "started"
    code = (
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "pathlib.Path(sys.argv[1]).write_text('up')\n"
        "time.sleep(60)\n"
    )

    async with Supervisor([python("deaf", code, str(started))], SimulatedClock(), grace_s=0.2) as supervisor:
        await appeared(started, text="up")
        pid = supervisor.pid("deaf")

    assert pid is not None
    assert not alive(pid)


async def test_children_end_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    child_pid = tmp_path / "pid"
    child = (
        "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid()) + '.'); time.sleep(60)"
    )
    parent = (
        "import asyncio, sys\n"
        "from tawny.runtime.clock import SystemClock\n"
        "from tawny.supervisor.processes import Program, Supervisor\n"
        "async def main():\n"
        "    program = Program(name='child', command=(sys.executable, '-c', sys.argv[1], sys.argv[2]))\n"
        "    async with Supervisor([program], SystemClock()):\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", parent, child, str(child_pid))
    pid = int((await appeared(child_pid, text=".")).rstrip("."))

    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    await gone(pid)

    assert not alive(pid)
