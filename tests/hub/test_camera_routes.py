"""A camera's settings, steering and talking through the hub."""

import json
from typing import Any

import pytest

from tests.hub.running import Asking, asked_as_named, running_hub

MASK = {"points": [[0.1, 0.1], [0.4, 0.1], [0.4, 0.5]], "kind": "color", "enabled": True}
ASKED: list[Asking] = [
    ("GET", "/cameras/cam_a/settings", None, 200),
    ("PATCH", "/cameras/cam_a/settings", {"settings": {"image": {"brightness": 50, "auto": True}}}, 200),
    ("PATCH", "/cameras/cam_a/settings", {"settings": {"masks": {"areas": [MASK]}, "osd.1": {"text": "Gate"}}}, 200),
    ("POST", "/cameras/cam_a/settings/actions", {"action": "reboot"}, 200),
    ("GET", "/cameras/cam_a/controls", None, 200),
    ("POST", "/cameras/cam_a/ptz", {"do": "move", "pan": -0.5, "tilt": 0.0, "zoom": 1.0}, 200),
    ("POST", "/cameras/cam_a/ptz", {"do": "set_preset", "preset": "1", "name": "Door"}, 200),
    ("POST", "/cameras/cam_a/focus", {"do": "move", "value": 0.5}, 200),
    ("POST", "/cameras/cam_a/relay", {"relay": "AlarmOut_0", "active": True}, 200),
    ("POST", "/cameras/cam_a/talk", None, 201),
]


async def test_each_route_asks_the_recorder_for_what_it_names() -> None:
    async with running_hub() as running:
        await asked_as_named(running, ASKED)


async def test_a_settings_value_keeps_its_kind_on_its_way() -> None:
    wanted = {"settings": {"video.main": {"fps": 15, "quality": 2.5, "enabled": False, "codec": "h265", "gop": "30"}}}
    async with running_hub() as running:
        running.gateway.on_json("PATCH", "/cameras/cam_a/settings", {})

        await running.client.patch("/api/v1/cameras/cam_a/settings", json=wanted)

        sent = (await running.gateway.exchange("/cameras/cam_a/settings")).json
        assert json.dumps(sent, sort_keys=True) == json.dumps(wanted, sort_keys=True)


async def test_sound_goes_to_the_recorder_as_octets() -> None:
    async with running_hub() as running:

        async def nothing(exchange: Any) -> None:
            exchange.begin(204)
            exchange.end()

        running.gateway.on("POST", "/talks/tlk_a", nothing)
        running.gateway.on("DELETE", "/talks/tlk_a", nothing)

        sent = await running.client.post("/api/v1/talks/tlk_a", content=b"\xff\x00\xd5")
        closed = await running.client.delete("/api/v1/talks/tlk_a")

        assert (sent.status_code, closed.status_code) == (204, 204)
        assert (await running.gateway.exchange("/talks/tlk_a")).body == b"\xff\x00\xd5"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/ptz", {"do": "explode"}),
        ("/ptz", {"do": "move", "pan": 1.5}),
        ("/ptz", {"do": "move", "pan": "left"}),
        ("/focus", {"do": "home"}),
        ("/relay", {"relay": "", "active": True}),
        ("/settings/actions", {"action": "../reboot"}),
    ],
)
async def test_what_makes_no_sense_never_reaches_the_recorder(path: str, body: Any) -> None:
    async with running_hub() as running:
        answer = await running.client.post(f"/api/v1/cameras/cam_a{path}", json=body)

        assert answer.status_code == 400
        assert [each.path for each in running.gateway.asked if each.path != "/changes"] == []


async def test_our_own_pages_may_use_the_microphone() -> None:
    async with running_hub() as running:
        answer = await running.client.get("/api/v1/health")

        assert "microphone=(self)" in answer.headers["permissions-policy"]
        assert "camera=()" in answer.headers["permissions-policy"]
