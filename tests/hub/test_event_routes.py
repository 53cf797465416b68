"""The list of events through the hub, and the changes that tell of them."""

import json
from typing import Any

import pytest

from tests.fakes.gateway import Exchange
from tests.hub.running import received, running_hub

EVENT = {"id": "evt_1", "camera": "cam_a", "kind": "person", "title": "Person", "until": None}


async def test_events_are_asked_for_by_camera_kind_and_time() -> None:
    async with running_hub() as running:
        running.gateway.on_json("GET", "/events", {"items": [EVENT], "next": None})
        wanted = {"camera": "cam_a,cam_b", "kind": "person", "from": "2026-11-22T13:00:00+01:00", "before": "c 1"}

        answer = await running.client.get("/api/v1/events", params=wanted)

        assert answer.json()["items"] == [EVENT]
        assert (await running.gateway.exchange("/events")).query == wanted | {
            "from": "2026-11-22T12:00:00Z",
            "limit": "100",
        }


@pytest.mark.parametrize("query", ["camera=cam a", "kind=person,", "from=2026-11-22T13:00:00", "limit=1001", "limit=0"])
async def test_what_makes_no_sense_never_reaches_the_recorder(query: str) -> None:
    async with running_hub() as running:
        answer = await running.client.get(f"/api/v1/events?{query}")

        assert answer.status_code == 400
        assert [each.path for each in running.gateway.asked if each.path != "/changes"] == []


async def test_an_event_is_told_to_who_listens_and_not_kept_for_who_comes_later() -> None:
    async def changes(exchange: Exchange) -> None:
        exchange.begin(content_type="application/x-ndjson")
        await exchange.send(json.dumps({"change": "recorder", "value": {"id": "rec_a"}}).encode() + b"\n")
        telling.append(exchange)

    async def told(socket: Any, change: str) -> Any:
        while (message := await received(socket))["change"] != change:
            pass
        return message["value"]

    telling: list[Exchange] = []
    async with running_hub() as running:
        running.gateway.on("GET", "/changes", changes)
        async with running.socket("/api/v1/events") as socket:
            await told(socket, "recorder")
            await telling[0].send(json.dumps({"change": "event", "value": EVENT}).encode() + b"\n")
            heard = await told(socket, "event")
        async with running.socket("/api/v1/events") as late:
            await told(late, "recorder")
            await telling[0].send(json.dumps({"change": "event", "value": EVENT | {"id": "evt_2"}}).encode() + b"\n")
            first_heard_late = await told(late, "event")

    assert heard == EVENT
    assert first_heard_late["id"] == "evt_2"
