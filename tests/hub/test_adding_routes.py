"""Finding and adding cameras through the hub: what is asked of the recorder, and what is refused before."""

from typing import Any

import pytest

from tests.hub.running import Asking, asked_as_named, running_hub

LOGIN = {"user": "admin", "password": "secret"}
ASKED: list[Asking] = [
    ("GET", "/discovery", None, 200),
    ("POST", "/discovery", None, 200),
    ("DELETE", "/discovery", None, 200),
    ("POST", "/trials", {"address": "192.0.2.5", "allow_basic": True}, 201),
    ("GET", "/trials/try_a", None, 200),
    ("POST", "/trials/try_a/login", LOGIN | {"again": True}, 200),
    ("POST", "/trials/try_a/watch", {"channel": "VideoSource 2"}, 200),
    ("POST", "/trials/try_a/fix", {"fix": "set_password"} | LOGIN, 200),
    ("POST", "/trials/try_a/cameras", {"channels": [{"channel": "0", "name": "Gate", "sound": True}]}, 201),
    ("POST", "/batches/add", {"items": [{"address": "192.0.2.5", "name": "Gate"}], "logins": [LOGIN]}, 201),
    ("POST", "/batches/settings", {"cameras": ["cam_a"], "settings": {"video.main": {"fps": 15}}}, 201),
    ("GET", "/batches/bat_a", None, 200),
    ("DELETE", "/batches/bat_a", None, 200),
    ("POST", "/cameras/cam_a/swap", {"trial": "try_a", "channel": "0"}, 200),
    ("GET", "/removed-cameras", None, 200),
    ("GET", "/lost", None, 200),
    ("POST", "/lost", None, 200),
]


async def test_each_route_asks_the_recorder_for_what_it_names() -> None:
    async with running_hub() as running:
        await asked_as_named(running, ASKED)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/trials", {"address": ""}),
        ("/trials", {"address": "192.0.2.5", "transport": "pigeon"}),
        ("/trials/try_a/login", {"user": "admin"}),
        ("/trials/try_a/fix", {"fix": "format_card"}),
        ("/trials/try_a/cameras", {"channels": []}),
        ("/trials/try_a/cameras", {"channels": [{"channel": "0", "name": ""}]}),
        ("/batches/add", {"items": []}),
        ("/batches/add", {"items": [{"address": "a", "name": "a"}] * 513}),
        ("/batches/add", {"items": [{"address": "a", "name": "a"}], "logins": [LOGIN] * 5}),
        ("/batches/settings", {"cameras": ["../storage"], "settings": {"image": {"brightness": 50}}}),
        ("/batches/settings", {"cameras": ["cam_a"], "settings": {}}),
        ("/batches/settings", {"cameras": ["cam_a"], "settings": {"image": {}}}),
        ("/cameras/cam_a/swap", {"trial": "try_a/../..", "channel": "0"}),
    ],
)
async def test_what_makes_no_sense_never_reaches_the_recorder(path: str, body: Any) -> None:
    async with running_hub() as running:
        answer = await running.client.post(f"/api/v1{path}", json=body)

        assert answer.status_code == 400
        assert [each.path for each in running.gateway.asked if each.path != "/changes"] == []


async def test_a_refused_request_does_not_say_the_password_back() -> None:
    async with running_hub() as running:
        body = {"address": "192.0.2.5", "user": "admin", "password": "very secret" * 20}

        answer = await running.client.post("/api/v1/trials", json=body)

        assert answer.status_code == 400
        assert "very secret" not in answer.text
