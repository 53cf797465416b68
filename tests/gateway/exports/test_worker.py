import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.gateway.exports.worker import NICE, Progress, WorkerProcess, Written, read_line
from tawny.runtime.clock import SystemClock
from tawny.runtime.problem import Kind, Problem
from tawny.runtime.tasks import Tasks
from tests.gateway.exports.building import export_file

DONE = {"done": {"files": [export_file().document()], "zip_bytes": 9, "zip_sha256": "0" * 64}}


def program(text: str) -> WorkerProcess:
    """A worker that is this Python program; its job's directory is `sys.argv[1]`."""
    return WorkerProcess([sys.executable, "-c", f"import json, os, sys, time\n{text}"], clock=SystemClock())


async def said(worker: WorkerProcess, directory: Path) -> list[Progress | Written]:
    async with aclosing(worker.run(directory)) as words:
        return [word async for word in words]


async def test_what_a_worker_says_is_heard_up_to_its_last_word(tmp_path: Path) -> None:
    worker = program(
        "print(json.dumps({'progress': 0.25, 'bytes_done': 7, 'step': 'Part 1'}), flush=True)\n"
        f"print({json.dumps(json.dumps(DONE))}, flush=True)\nprint('more that nobody hears')"
    )

    words = await said(worker, tmp_path)

    assert words == [
        Progress(ratio=0.25, size_done=7, step="Part 1"),
        Written(files=(export_file(),), zip_size=9, zip_sha256="0" * 64),
    ]


async def test_a_worker_lets_those_who_record_and_watch_go_first(tmp_path: Path) -> None:
    nicer = min(19, os.nice(0) + NICE)
    worker = program(f"while os.nice(0) != {nicer}: time.sleep(0.01)\nprint(json.dumps({{'progress': 1}}), flush=True)")

    async with aclosing(worker.run(tmp_path)) as words:
        word = await asyncio.wait_for(_first(words), 10)

    assert isinstance(word, Progress)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("sys.exit(3)", "it ended with code 3"),
        ("os.kill(os.getpid(), 9)", "it was ended by signal 9"),
        ("print('no JSON')", "what it said can't be read"),
        ("print('[1]')", "what it said can't be read"),
        ("print('x' * (9 << 20))", "what it said can't be read"),
    ],
)
async def test_a_worker_without_a_last_word_is_a_problem(tmp_path: Path, text: str, title: str) -> None:
    with pytest.raises(Problem) as problem:
        await said(program(text), tmp_path)

    assert problem.value.kind is Kind.UNAVAILABLE
    assert title in problem.value.title


async def test_its_own_problem_comes_as_it_told_it(tmp_path: Path) -> None:
    document = {"problem": Problem(Kind.EXHAUSTED, "The disk is full.", remedy="Make room.").document()}

    with pytest.raises(Problem) as problem:
        await said(program(f"print({json.dumps(json.dumps(document))})"), tmp_path)

    assert (problem.value.kind, problem.value.title) == (Kind.EXHAUSTED, "The disk is full.")


async def test_closing_ends_a_worker_that_listens_and_one_that_does_not(tmp_path: Path) -> None:
    begin = "print(json.dumps({'progress': 0, 'step': str(os.getpid())}), flush=True)\n"
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    for text in (f"{begin}sys.stdin.read()", f"{deaf}{begin}time.sleep(600)"):
        worker = program(text)
        worker._clock = _Hurried()
        async with aclosing(worker.run(tmp_path)) as words:
            first = await anext(words)
            assert isinstance(first, Progress)

        with pytest.raises(ProcessLookupError):
            os.kill(int(first.step), 0)


async def test_of_one_job_no_second_worker_begins_while_the_first_lives(tmp_path: Path) -> None:
    text = "print(json.dumps({'progress': 0}), flush=True)\nsys.stdin.read()"
    first, second = program(text).run(tmp_path), program(text).run(tmp_path)
    await anext(first)
    async with Tasks("test") as tasks:
        waiting = tasks.start(_first(second), name="second")
        done, _ = await asyncio.wait([waiting], timeout=0.5)
        await first.aclose()
        begun = await asyncio.wait_for(waiting, 10)
    await second.aclose()

    assert (done, isinstance(begun, Progress)) == (set(), True)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.dictionaries(
                st.sampled_from(
                    [
                        "progress",
                        "bytes_done",
                        "step",
                        "done",
                        "files",
                        "zip_bytes",
                        "zip_sha256",
                        "name",
                        "sha256",
                        "from",
                    ]
                ),
                inner,
            )
            | st.lists(inner)
        ),
    )
)
def test_any_line_is_read_or_refused(document: object) -> None:
    try:
        word = read_line(json.dumps(document).encode())
    except ValueError:
        return

    assert isinstance(word, Progress | Written)


@pytest.mark.parametrize("name", ["../job.json", "a/b.mp4", "/etc/passwd", ".mp4", "x.txt", "a\nb.mp4", ""])
def test_a_file_that_would_lead_out_of_its_directory_is_refused(name: str) -> None:
    document = {**DONE["done"], "files": [{**export_file().document(), "name": name}]}

    with pytest.raises(ValueError, match="not the name"):
        read_line(json.dumps({"done": document}).encode())


async def _first(words: AsyncGenerator[Progress | Written, None]) -> Progress | Written:
    return await anext(words)


class _Hurried(SystemClock):
    """Grace is short where nobody uses it."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(min(seconds, 0.3))
