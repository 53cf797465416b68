from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tawny.gateway import passing
from tawny.gateway.control import RecorderControl
from tawny.gateway.exchange import Answer, Request
from tawny.runtime.clock import SystemClock
from tawny.runtime.problem import Problem
from tests.fakes.recorder import FakeRecorder
from tests.gateway.link_client import running


@asynccontextmanager
async def recorder(root: Path) -> AsyncIterator[tuple[FakeRecorder, RecorderControl]]:
    async with FakeRecorder(root) as fake:
        control = RecorderControl(root / "control.sock", clock=SystemClock())
        async with running(control.run()):
            while not control.connected:
                await SystemClock().sleep(0.01)
            yield fake, control


async def ask(control: RecorderControl, verb: str, path: str, body: bytes = b"", found: str = "") -> Answer:
    for method, pattern, answer in passing.table(control):
        if (method, pattern.partition("(")[0]) == (verb, path):
            return await answer(Request(method=verb, path=path, body=body), found)
    raise AssertionError(f"nothing answers {verb} {path}")


@pytest.mark.parametrize(
    ("verb", "path", "body", "found", "asked"),
    [
        ("GET", "/storage", b"", "", ("storage.read", {})),
        ("PATCH", "/storage", b'{"depth_days": 30}', "", ("storage.set", {"depth_days": 30})),
        (
            "PATCH",
            "/storage/volumes/",
            b'{"name": "Two"}',
            "vol_a",
            ("volumes.change", {"name": "Two", "volume": "vol_a"}),
        ),
        ("DELETE", "/storage/volumes/", b"", "vol_a", ("volumes.forget", {"volume": "vol_a"})),
        ("POST", "/storage/volumes", b'{"path": "/mnt/a", "how": "add"}', "", ("volumes.add", {"path": "/mnt/a"})),
        (
            "POST",
            "/storage/volumes",
            b'{"path": "/mnt/a", "how": "adopt", "name": "x"}',
            "",
            ("volumes.adopt", {"path": "/mnt/a", "how": "adopt"}),
        ),
        ("POST", "/holds/", b'{"who": "Mara"}', "hol_a", ("holds.release", {"who": "Mara", "hold": "hol_a"})),
        ("GET", "/drives", b"", "", ("drives.list", {})),
        ("POST", "/evidence/keys", b'{"who": "Mara"}', "", ("evidence.rotate", {"who": "Mara"})),
    ],
)
async def test_each_path_asks_the_method_of_its_name(
    short_path: Path, verb: str, path: str, body: bytes, found: str, asked: tuple[str, dict[str, Any]]
) -> None:
    async with recorder(short_path) as (fake, control):
        fake.answers[asked[0]] = {"a": "document"}

        answer = await ask(control, verb, path, body, found)

        assert fake.asked[-1] == asked
        assert answer.body == b'{"a":"document"}'


async def test_what_answers_nothing_is_a_204_and_what_begins_or_makes_something_says_so(short_path: Path) -> None:
    async with recorder(short_path) as (fake, control):
        fake.answers |= {"holds.add": {"id": "hol_a"}, "volumes.format": {"volumes": []}}

        statuses = [
            (await ask(control, "POST", path, b"{}")).status
            for path in ("/evidence/witnessed", "/holds", "/storage/format")
        ]

        assert statuses == [204, 201, 202]


async def test_the_recorders_problem_is_the_answer(short_path: Path) -> None:
    async with recorder(short_path) as (fake, control):
        fake.answers["storage.set"] = {"problem": {"type": "urn:tawny:problem:conflict", "title": "Not now."}}

        with pytest.raises(Problem, match="Not now"):
            await ask(control, "PATCH", "/storage", b"{}")
