"""A hub for a browser whose recorder is a set of documents: every page can be looked at in any state.

It runs in a thread, since Playwright's synchronous interface wants the main thread for itself.
"""

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tawny.hub.main import Settings
from tests.fakes.gateway import Exchange, FakeGateway
from tests.fakes.storage import (
    GB,
    camera_document,
    evidence_document,
    export_document,
    hold_document,
    moment,
    recorder_document,
    storage_document,
)
from tests.hub.running import Running, running_hub

WEB = Path(__file__).parents[2] / "web" / "dist"
CAMERAS = ("Gate", "Loading ramp", "Corridor", "Yard")


def now_document() -> dict[str, Any]:
    """How whole the last day was."""
    shares = [(1.0, []), (0.9713, [("camera_lost", 1800), ("restart", 12)]), (1.0, []), (0.62, [("disabled", 32_832)])]
    return {
        "from": moment(datetime.now(UTC), days=1),
        "to": moment(datetime.now(UTC)),
        "items": [
            {
                "camera": f"cam_{n}",
                "ratio": ratio,
                "missing_s": (1 - ratio) * 86_400,
                "reasons": [{"reason": reason, "seconds": seconds} for reason, seconds in reasons],
            }
            for n, (ratio, reasons) in enumerate(shares, 1)
        ],
    }


def estimate_document() -> dict[str, Any]:
    """What two cameras would give."""
    return {
        "bytes": 300_000_000,
        "files": 1,
        "items": [{"camera": "cam_1", "seconds": 300.0, "gaps": [], "codec": "h264", "notices": []}],
        "notices": [],
    }


@dataclass(kw_only=True)
class Stage:
    """What the recorder answers, by method and path; what it was asked; where the hub is."""

    answers: dict[tuple[str, str], Any]
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    url: str = ""
    running: Running | None = None
    loop: asyncio.AbstractEventLoop | None = None

    def listen(self, method: str, path: str) -> None:
        """Answer also there, by `answers`."""
        assert self.running is not None
        self.running.gateway.on(method, path, self.answer)

    async def answer(self, exchange: Exchange) -> None:
        """Note what was asked, and answer it."""
        self.asked.append((exchange.method, exchange.path, exchange.json if exchange.body else None))
        found = self.answers.get((exchange.method, exchange.path))
        await exchange.answer(found, 201 if exchange.method == "POST" else 200)

    def bodies(self, method: str, path: str) -> list[Any]:
        """With what the recorder was asked there."""
        return [body for each, at, body in self.asked if (each, at) == (method, path)]

    def tell(self, change: str, value: Mapping[str, Any]) -> None:
        """Tell the pages of a change."""
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(self._tell(change, value), self.loop).result(10)

    async def _tell(self, change: str, value: Mapping[str, Any]) -> None:
        assert self.running is not None
        exchange = await self.running.gateway.exchange("/changes")
        await exchange.send(json.dumps({"change": change, "value": value}).encode() + b"\n")


def usual_answers() -> dict[tuple[str, str], Any]:
    """A recorder that is well."""
    return {
        ("GET", "/recorder"): recorder_document(),
        ("GET", "/cameras"): {"items": [camera_document(n, name) for n, name in enumerate(CAMERAS, 1)]},
        ("GET", "/storage"): storage_document(),
        ("PATCH", "/storage"): storage_document(depth_days=7),
        ("GET", "/completeness"): now_document(),
        ("GET", "/drives"): {
            "items": [
                {"id": "drv_1", "name": "KINGSTON", "path": "/media/k", "free_bytes": 30 * GB, "file_system": "exfat"}
            ]
        },
        ("GET", "/holds"): {"items": [hold_document()]},
        ("GET", "/exports"): {"items": [export_document()]},
        ("GET", "/exports/exp_1"): export_document(),
        ("POST", "/exports/estimate"): estimate_document(),
        ("GET", "/evidence"): evidence_document(),
        ("GET", "/evidence/heads"): {"head": None, "statement": None},
        ("POST", "/evidence/witnessed"): None,
    }


@contextmanager
def staged(answers: Mapping[tuple[str, str], Any] | None = None, *, web: Path = WEB) -> Iterator[Stage]:
    """A hub on a stage, until the block ends."""
    stage = Stage(answers={**usual_answers(), **(answers or {})})
    ready, over = threading.Event(), asyncio.Event()
    failed: list[BaseException] = []

    async def play() -> None:
        async with running_hub(Settings(data=Path(), web=web)) as running:
            stage.url, stage.running, stage.loop = running.hub.url, running, asyncio.get_running_loop()
            _answer_all(running.gateway, stage)
            ready.set()
            await over.wait()

    def run() -> None:
        try:
            asyncio.run(play())
        except BaseException as error:
            failed.append(error)
            raise
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="stage")
    thread.start()
    try:
        assert ready.wait(30)
        assert not failed, failed
        yield stage
    finally:
        if stage.loop is not None:
            stage.loop.call_soon_threadsafe(over.set)
        thread.join(30)


def _answer_all(gateway: FakeGateway, stage: Stage) -> None:
    async def changes(exchange: Exchange) -> None:
        exchange.begin()
        recorder = {"change": "recorder", "value": stage.answers["GET", "/recorder"]}
        await exchange.send(json.dumps(recorder).encode() + b"\n")

    for method, path in stage.answers:
        gateway.on(method, path, stage.answer)
    gateway.on("GET", "/changes", changes)
    for exchange in gateway.asked:  # the hub may have asked before there was an answer
        gateway.handle(exchange)
