"""A whole hub over real sockets, with a fake gateway dialled in and the owner signed in."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tawny.hub.main import Hub, Settings, open_access, open_hub
from tawny.runtime.clock import Clock, SystemClock
from tawny.runtime.data_directory import DataDirectory
from tawny.runtime.tasks import Tasks
from tests.fakes.gateway import FakeGateway

USER, PASSWORD = "mara", "correct horse battery"


@dataclass(kw_only=True)
class Running:
    """What a test of the hub holds."""

    hub: Hub
    gateway: FakeGateway
    client: httpx.AsyncClient
    data: Path
    token: str

    @property
    def authority(self) -> str:
        return self.hub.url.partition("://")[2]

    def stranger(self, **options: Any) -> httpx.AsyncClient:
        """A browser without a session."""
        return httpx.AsyncClient(base_url=self.hub.url, **options)

    @asynccontextmanager
    async def socket(self, path: str) -> AsyncIterator[ClientConnection]:
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"ws://{self.authority}{path}"
        async with connect(url, additional_headers=headers, max_size=None) as socket:
            yield socket


@asynccontextmanager
async def running_hub(settings: Settings | None = None, clock: Clock | None = None) -> AsyncIterator[Running]:
    data = Path(tempfile.mkdtemp(prefix="tawny-hub-", dir="/tmp"))
    try:
        (data / "hub.db").write_bytes(await _people())
        chosen = replace(settings or Settings(data=data), data=data, port=0)
        async with open_hub(chosen, clock or SystemClock()) as hub, Tasks("test") as tasks:
            serving = tasks.start(hub.serve(), name="hub")
            gateway = await FakeGateway().dial(data / "run" / "link.sock")
            async with httpx.AsyncClient(base_url=hub.url) as client:
                answer = await client.post("/api/v1/session", json={"user": USER, "password": PASSWORD})
                yield Running(hub=hub, gateway=gateway, client=client, data=data, token=answer.json()["token"])
            await gateway.hang_up()
            hub.stop()
            await serving
    finally:
        shutil.rmtree(data)


_kept: list[bytes] = []  # making the database takes longer than most tests


async def _people() -> bytes:
    """A hub's database with the owner in it."""
    if not _kept:
        with tempfile.TemporaryDirectory() as directory:
            data = DataDirectory(root=Path(directory))
            async with open_access(data, SystemClock()) as access:
                await access.reset_owner(user=USER, password=PASSWORD)
            _kept.append(data.hub.read_bytes())
    return _kept[0]


async def received(socket: ClientConnection) -> Any:
    """The next message: an object for text, bytes for pictures."""
    async with asyncio.timeout(30):
        message = await socket.recv()
    return json.loads(message) if isinstance(message, str) else message


Asking = tuple[str, str, Any, int]  # method, path below /api/v1, body, and the status of its success


async def asked_as_named(running: Running, table: Iterable[Asking]) -> None:
    """Assert that each route of *table* asks the recorder for what it names, and gives its answer."""
    for method, path, body, status in table:
        running.gateway.on_json(method, path, {"id": "x"}, status)
        before = len(running.gateway.asked)

        answer = await running.client.request(method, f"/api/v1{path}", json=body)

        assert (answer.status_code, answer.json()) == (status, {"id": "x"}), (method, path, answer.text)
        exchange = running.gateway.asked[before]
        assert (exchange.method, exchange.path) == (method, path)
        assert (exchange.json if exchange.body else None) == body
