"""Storage and holds through the hub: what is asked of the recorder, and what takes the person's password first."""

from typing import Any

import pytest

from tests.fakes.storage import storage_document
from tests.hub.running import PASSWORD, USER, Asking, Running, asked_as_named, running_hub

HOLD = {"cameras": ["cam_a"], "from": "2026-11-22T12:00:00Z", "to": "2026-11-22T13:00:00Z", "why": "burglary"}


async def test_each_route_asks_the_recorder_for_what_it_names() -> None:
    async with running_hub() as running:
        volume = {"path": "/mnt/two", "how": "add", "name": "Two"}
        asked: list[Asking] = [
            ("GET", "/storage", None, 200),
            ("DELETE", "/storage/pending", None, 200),
            ("POST", "/storage/volumes", volume, 201),
            ("PATCH", "/storage/volumes/vol_a", {"role": "read_only"}, 200),
            ("GET", "/drives", None, 200),
            ("GET", "/holds", None, 200),
            ("GET", "/completeness", None, 200),
        ]
        await asked_as_named(running, asked)


@pytest.mark.parametrize(
    ("kept", "wanted", "needs_it"),
    [
        (30, 10, True),
        (None, 360, True),
        (30, 30, False),
        (30, 60, False),
        (30, None, False),
        (None, None, False),
    ],
)
async def test_only_a_lower_depth_takes_the_password(kept: int | None, wanted: int | None, needs_it: bool) -> None:
    async with running_hub() as running:
        running.gateway.on_json("GET", "/storage", storage_document(depth_days=kept))
        running.gateway.on_json("PATCH", "/storage", {})

        without = await running.client.patch("/api/v1/storage", json={"depth_days": wanted})
        passed_without = passed_on(running, "PATCH", "/storage")
        with_it = await running.client.patch("/api/v1/storage", json={"depth_days": wanted, "password": PASSWORD})

        assert without.status_code == (403 if needs_it else 200)
        assert passed_without == ([] if needs_it else [{"depth_days": wanted}])
        assert with_it.status_code == 200
        assert passed_on(running, "PATCH", "/storage")[-1] == {"depth_days": wanted}


async def test_a_lower_size_limit_takes_the_password() -> None:
    async with running_hub() as running:
        running.gateway.on_json("GET", "/storage", storage_document(size_limit_bytes=None))

        answer = await running.client.patch("/api/v1/storage", json={"size_limit_bytes": 10**12})

        assert answer.status_code == 403
        assert answer.json()["field"] == "password"


async def test_a_lower_depth_of_one_camera_takes_the_password_of_who_asks() -> None:
    async with running_hub() as running:
        running.gateway.on_json("GET", "/storage", storage_document(depth_days=30))
        running.gateway.on_json("GET", "/cameras/cam_a", {"depth_days": None})
        running.gateway.on_json("PATCH", "/cameras/cam_a", {})

        longer = await running.client.patch("/api/v1/cameras/cam_a", json={"depth_days": 90})
        shorter = await running.client.patch("/api/v1/cameras/cam_a", json={"depth_days": 7})
        confirmed = await running.client.patch(
            "/api/v1/cameras/cam_a", json={"depth_days": 7, "own_password": PASSWORD}
        )

        assert [longer.status_code, shorter.status_code, confirmed.status_code] == [200, 403, 200]
        assert passed_on(running, "PATCH", "/cameras/cam_a") == [{"depth_days": 90}, {"depth_days": 7}]


async def test_the_recorders_depth_can_be_given_back_to_a_camera() -> None:
    async with running_hub() as running:
        running.gateway.on_json("GET", "/storage", storage_document(depth_days=30))
        running.gateway.on_json("GET", "/cameras/cam_a", {"depth_days": 7})
        running.gateway.on_json("PATCH", "/cameras/cam_a", {})

        answer = await running.client.patch("/api/v1/cameras/cam_a", json={"depth_days": None})

        assert answer.status_code == 200
        assert passed_on(running, "PATCH", "/cameras/cam_a") == [{"depth_days": None}]


DESTROYING: list[tuple[str, str, dict[str, Any], dict[str, Any] | None]] = [
    ("DELETE", "/storage/volumes/vol_a", {}, None),
    (
        "POST",
        "/storage/format",
        {"volume": "vol_a", "file_system": "directory", "confirm": "Attic"},
        {"volume": "vol_a", "file_system": "directory", "confirm": "Attic"},
    ),
    ("POST", "/holds/hold_a/release", {"why": "case closed"}, {"who": USER, "why": "case closed"}),
    ("POST", "/evidence/keys", {}, {"who": USER}),
]


@pytest.mark.parametrize(("method", "path", "body", "passed"), DESTROYING)
async def test_what_destroys_takes_the_password_and_keeps_it_to_itself(
    method: str, path: str, body: dict[str, Any], passed: dict[str, Any] | None
) -> None:
    async with running_hub() as running:
        running.gateway.on_json(method, path, {})

        wrong = await running.client.request(method, f"/api/v1{path}", json={**body, "password": "wrong"})
        missing = await running.client.request(method, f"/api/v1{path}", json=body)
        asked_too_early = passed_on(running, method, path)
        right = await running.client.request(method, f"/api/v1{path}", json={**body, "password": PASSWORD})

        assert (wrong.status_code, wrong.json()["title"]) == (403, "The password is wrong.")
        assert (missing.status_code, missing.json()["field"]) == (400, "password")
        assert asked_too_early == []
        assert right.status_code < 300
        assert passed_on(running, method, path) == [passed]


async def test_formatting_names_one_thing() -> None:
    async with running_hub() as running:
        body = {"file_system": "ext4", "confirm": "x", "password": PASSWORD}

        neither = await running.client.post("/api/v1/storage/format", json=body)
        both = await running.client.post("/api/v1/storage/format", json={**body, "volume": "v", "device": "/dev/x"})

        assert [neither.status_code, both.status_code] == [400, 400]


async def test_a_hold_is_made_in_the_name_of_who_asks() -> None:
    async with running_hub() as running:
        running.gateway.on_json("POST", "/holds", {}, 201)

        answer = await running.client.post("/api/v1/holds", json=HOLD)
        forged = await running.client.post("/api/v1/holds", json={**HOLD, "who": "somebody else"})

        assert (answer.status_code, forged.status_code) == (201, 400)
        assert passed_on(running, "POST", "/holds") == [{**HOLD, "who": USER}]


async def test_a_password_can_not_be_guessed_here_either() -> None:
    async with running_hub() as running:
        guesses = [
            await running.client.post("/api/v1/holds/hold_a/release", json={"password": f"guess {n}"})
            for n in range(11)
        ]

        assert [guess.status_code for guess in guesses] == [403] * 10 + [429]


def passed_on(running: Running, method: str, path: str) -> list[Any]:
    """The bodies with which the recorder was asked."""
    asked = [each for each in running.gateway.asked if (each.method, each.path) == (method, path)]
    return [each.json if each.body else None for each in asked]
