from collections.abc import AsyncIterator, Mapping
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


async def ask(
    control: RecorderControl,
    verb: str,
    path: str,
    body: bytes = b"",
    found: str = "",
    query: Mapping[str, str] | None = None,
) -> Answer:
    for method, pattern, answer in passing.table(control):
        if method == verb and pattern.replace(passing.ID, "") == path:
            return await answer(Request(method=verb, path=path, body=body, query=query or {}), found)
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
        ("POST", "/holds//release", b'{"who": "Mara"}', "hol_a", ("holds.release", {"who": "Mara", "hold": "hol_a"})),
        ("GET", "/drives", b"", "", ("drives.list", {})),
        ("POST", "/evidence/keys", b'{"who": "Mara"}', "", ("evidence.rotate", {"who": "Mara"})),
        ("POST", "/discovery", b"", "", ("discovery.start", {})),
        ("POST", "/trials", b'{"address": "192.0.2.7"}', "", ("trials.open", {"address": "192.0.2.7"})),
        ("POST", "/trials//fix", b'{"fix": "h264"}', "try_a", ("trials.fix", {"fix": "h264", "trial": "try_a"})),
        ("POST", "/trials//cameras", b'{"channels": []}', "try_a", ("trials.keep", {"channels": [], "trial": "try_a"})),
        ("DELETE", "/batches/", b"", "bat_a", ("batches.stop", {"batch": "bat_a"})),
        (
            "POST",
            "/cameras//swap",
            b'{"trial": "try_a"}',
            "cam_a",
            ("cameras.swap", {"trial": "try_a", "camera": "cam_a"}),
        ),
        ("GET", "/removed-cameras", b"", "", ("cameras.removed", {})),
        ("POST", "/lost", b"", "", ("lost.find", {})),
        (
            "PATCH",
            "/cameras//settings",
            b'{"settings": {}}',
            "cam_a",
            ("settings.write", {"settings": {}, "camera": "cam_a"}),
        ),
        ("POST", "/cameras//ptz", b'{"do": "stop"}', "cam_a", ("control.ptz", {"do": "stop", "camera": "cam_a"})),
        ("POST", "/cameras//talk", b"", "cam_a", ("talk.open", {"camera": "cam_a"})),
        ("POST", "/talks/", b"\xff\x00", "tlk_a", ("talk.send", {"talk": "tlk_a", "data": "/wA="})),
        (
            "POST",
            "/cameras",
            b'{"name": "Gate", "address": "x"}',
            "",
            ("cameras.add", {"name": "Gate", "address": "x"}),
        ),
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


async def test_lists_of_events_are_asked_for_by_what_the_query_names(short_path: Path) -> None:
    async with recorder(short_path) as (fake, control):
        fake.answers["events.list"] = {"items": [], "next": None}
        query = {"camera": "cam_a,cam_b", "kind": "pet", "from": "2026-11-22T12:00:00Z", "before": "c1", "limit": "50"}

        await ask(control, "GET", "/events", query=query)
        await ask(control, "GET", "/events")

        assert fake.asked[-2:] == [
            (
                "events.list",
                {
                    "cameras": ["cam_a", "cam_b"],
                    "kinds": ["pet"],
                    "from": "2026-11-22T12:00:00Z",
                    "before": "c1",
                    "limit": 50,
                },
            ),
            ("events.list", {}),
        ]
        with pytest.raises(Problem, match="whole number"):
            await ask(control, "GET", "/events", query={"limit": "1e9"})


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
