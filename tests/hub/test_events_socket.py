"""Changes through the hub, over real sockets."""

import json
from typing import Any

from tawny.hub.servers.changes import MAX_LINE_BYTES
from tests.fakes.gateway import Exchange
from tests.hub.running import Running, received, running_hub

CHANGES = "/changes"
HOSTILE = "<img src=x onerror=alert(1)>"


async def telling(running: Running, count: int = 1) -> Exchange:
    exchange = await running.gateway.exchange(CHANGES, count)
    exchange.begin(content_type="application/x-ndjson")
    return exchange


def line(change: str, **value: Any) -> bytes:
    return json.dumps({"change": change, "value": value}).encode() + b"\n"


async def until(socket: Any, **wanted: Any) -> dict[str, Any]:
    while True:
        message: dict[str, Any] = await received(socket)
        if wanted.items() <= message.items():
            return message


async def test_a_page_hears_everything_once_and_then_each_change() -> None:
    async with running_hub() as running:
        exchange = await telling(running)
        await exchange.send(line("recorder", id="rec_1") + line("camera", id="cam_a", name=HOSTILE)[:20])
        await exchange.send(line("camera", id="cam_a", name=HOSTILE)[20:])
        async with running.socket("/api/v1/events") as first:
            await until(first, change="camera")  # now the hub knows it all

            async with running.socket("/api/v1/events") as socket:
                start = [await received(socket) for _ in range(3)]
                await exchange.send(line("camera", id="cam_a", name="Gate"))
                change = await received(socket)

    assert start == [
        {"change": "connection", "value": {"connected": True}},
        {"change": "recorder", "value": {"id": "rec_1"}},
        {"change": "camera", "value": {"id": "cam_a", "name": HOSTILE}},
    ]
    assert change == {"change": "camera", "value": {"id": "cam_a", "name": "Gate"}}


async def test_a_removed_camera_is_told_and_not_named_to_later_pages() -> None:
    async with running_hub() as running, running.socket("/api/v1/events") as socket:
        exchange = await telling(running)
        await exchange.send(line("camera", id="cam_a") + line("camera", id="cam_a", removed=True))
        await until(socket, change="camera", value={"id": "cam_a", "removed": True})

        async with running.socket("/api/v1/events") as later:
            assert (await received(later))["change"] == "connection"
            await exchange.send(line("recorder", id="rec_1"))
            assert (await received(later))["change"] == "recorder"


async def test_a_lost_gateway_is_told_and_so_is_its_return() -> None:
    async with running_hub() as running, running.socket("/api/v1/events") as socket:
        await telling(running)
        await until(socket, change="connection", value={"connected": True})

        running.gateway.asked[0].break_off()
        await until(socket, change="connection", value={"connected": False})
        again = await telling(running, count=2)
        await until(socket, change="connection", value={"connected": True})

        await again.send(line("recorder", id="rec_1"))
        assert (await received(socket))["value"] == {"id": "rec_1"}


async def test_changes_that_can_not_be_read_are_asked_for_again() -> None:
    async with running_hub() as running:
        for count, nonsense in enumerate(
            (b"not json\n", b"[1]\n", b'{"change": "camera"}\n', b"x" * (MAX_LINE_BYTES + 1)), 1
        ):
            exchange = await telling(running, count)
            await exchange.send(nonsense)

        exchange = await telling(running, 5)
        async with running.socket("/api/v1/events") as socket:
            await exchange.send(line("recorder", id="rec_1"))
            await until(socket, change="recorder", value={"id": "rec_1"})


async def test_exports_and_storage_are_told_to_who_comes_later_and_a_removed_export_is_not() -> None:
    async with running_hub() as running, running.socket("/api/v1/events") as socket:
        exchange = await telling(running)
        await exchange.send(
            line("export", id="exp_a", state="running")
            + line("export", id="exp_b", state="done")
            + line("storage", icon="connected")
            + line("export", id="exp_b", removed=True)
        )
        await until(socket, change="export", value={"id": "exp_b", "removed": True})

        async with running.socket("/api/v1/events") as later:
            told = [await received(later) for _ in range(3)]

    assert [message["change"] for message in told] == ["connection", "storage", "export"]
    assert told[2]["value"] == {"id": "exp_a", "state": "running"}
