"""Cameras and footage through the hub, over real sockets."""

import asyncio
from datetime import UTC, datetime

import pytest

from tawny.hub.servers.recorder_routes import file_name
from tawny.runtime.problem import Kind, Problem
from tests.fakes.gateway import Exchange
from tests.hub.running import received, running_hub

HOSTILE = "<img src=x onerror=alert(1)>"


async def test_cameras_come_from_the_recorder_for_the_person_who_asks() -> None:
    async with running_hub() as running:
        running.gateway.on_json("GET", "/cameras", {"items": [{"id": "cam_a", "name": HOSTILE}]})

        answer = await running.client.get("/api/v1/cameras")

        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.json() == {"items": [{"id": "cam_a", "name": HOSTILE}]}
        assert (await running.gateway.exchange("/cameras")).person.startswith("per_")


async def test_each_route_asks_the_recorder_for_what_it_names() -> None:
    async with running_hub() as running:
        gateway, client = running.gateway, running.client
        camera = {"name": "Gate", "url": "rtsp://192.0.2.5/main", "user": "", "password": ""}
        asked = [
            ("GET", "/recorder", None, 200),
            ("POST", "/cameras", camera, 201),
            ("POST", "/cameras", {"trial": "try_a", "name": "Gate"}, 201),
            ("GET", "/cameras/cam_a", None, 200),
            ("PATCH", "/cameras/cam_a", {"enabled": False}, 200),
            ("POST", "/cameras", {"name": "Gate", "address": "192.0.2.5"}, 201),
            ("PATCH", "/cameras/cam_a", {"accept": "identity"}, 200),
        ]
        for method, path, body, status in asked:
            gateway.on_json(method, path, {"id": "x"}, status)
            before = len(gateway.asked)

            answer = await client.request(method, f"/api/v1{path}", json=body)

            assert (answer.status_code, answer.json()) == (status, {"id": "x"}), (method, path)
            exchange = gateway.asked[before]
            assert (exchange.method, exchange.path) == (method, path)
            assert (exchange.json if exchange.body else None) == body


async def test_removing_answers_nothing() -> None:
    async with running_hub() as running:
        for path in ("/cameras/cam_a", "/trials/try_a"):
            running.gateway.on_json("DELETE", path, None)

            answer = await running.client.delete(f"/api/v1{path}")

            assert (answer.status_code, answer.content) == (204, b"")


async def test_moments_go_to_the_recorder_in_utc() -> None:
    async with running_hub() as running:
        running.gateway.on_json("GET", "/cameras/cam_a/timeline", {})
        running.gateway.on_json("GET", "/cameras/cam_a/days", {"items": []})
        params = {"from": "2026-11-22T13:00:00+01:00", "to": "2026-11-22T14:00:00.25+01:00"}

        await running.client.get("/api/v1/cameras/cam_a/timeline", params=params)
        await running.client.get("/api/v1/cameras/cam_a/days", params=params | {"zone": "Europe/Berlin"})

        times = {"from": "2026-11-22T12:00:00Z", "to": "2026-11-22T13:00:00.250000Z"}
        assert (await running.gateway.exchange("/cameras/cam_a/timeline")).query == times
        assert (await running.gateway.exchange("/cameras/cam_a/days")).query == times | {"zone": "Europe/Berlin"}


async def test_the_recorders_problems_reach_the_person() -> None:
    async with running_hub() as running:
        refusal = Problem(Kind.REFUSED, "The camera refused the password.", remedy="Check it in the camera.")
        running.gateway.on("POST", "/trials", lambda exchange: exchange.refuse(refusal))

        answer = await running.client.post("/api/v1/trials", json={"address": "rtsp://192.0.2.5/"})

        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json() == refusal.document() | {"status": 422}


async def test_without_the_recorder_the_api_says_so() -> None:
    async with running_hub() as running:
        await running.gateway.hang_up()

        answer = await running.client.get("/api/v1/cameras")

        assert answer.status_code == 503
        assert answer.json()["title"] == "The recorder's gateway is not connected just now."


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/cameras", {"name": "", "url": "rtsp://x"}, "name"),
        ("POST", "/cameras", {"name": "x" * 101, "url": "rtsp://x"}, "name"),
        ("POST", "/cameras", {"name": "x"}, "url"),
        ("POST", "/cameras", {"name": "x", "url": "rtsp://" + "x" * 2048}, "url"),
        ("POST", "/cameras", {"trial": "../x", "name": "x"}, "trial"),
        ("PATCH", "/cameras/cam_a", {"enabled": "perhaps"}, "enabled"),
        ("PATCH", "/cameras/cam_a", {"nmae": "x"}, "nmae"),
        ("GET", "/cameras/cam-a%2e%2e", None, "camera"),
        ("GET", "/cameras/cam_a/days?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", None, "zone"),
        ("GET", "/cameras/cam_a/video.mp4?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&stream=x", None, "stream"),
    ],
)
async def test_what_is_wrong_is_refused_before_the_recorder_is_asked(
    method: str, path: str, body: object, field: str
) -> None:
    async with running_hub() as running:
        answer = await running.client.request(method, f"/api/v1{path}", json=body)

        assert answer.status_code == 400
        assert answer.json()["field"] == field
        assert field in answer.json()["title"]
        assert "/cameras/cam_a" not in [exchange.path for exchange in running.gateway.asked]


VIDEO = "/cameras/cam_a/video.mp4"
RANGE = {"from": "2026-11-22T12:00:00Z", "to": "2026-11-22T12:01:00Z"}


async def test_a_video_streams_through_under_the_cameras_name() -> None:
    async def send(exchange: Exchange) -> None:
        exchange.begin(content_type="video/mp4", content_length="3000000", x_inner="secret")
        await exchange.send(bytes(3_000_000))
        exchange.end()

    async with running_hub() as running, running.socket("/api/v1/events") as events:
        changes = await running.gateway.exchange("/changes")
        changes.begin()
        await changes.send(b'{"change": "camera", "value": {"id": "cam_a", "name": "G\\u00e4te \\"1\\"\\r\\nX: y"}}\n')
        while (await received(events))["change"] != "camera":
            pass
        running.gateway.on("GET", VIDEO, send)

        answer = await running.client.get("/api/v1" + VIDEO, params=RANGE | {"audio": "false"})

        assert answer.status_code == 200
        assert answer.headers["content-type"] == "video/mp4"
        assert answer.headers["content-length"] == "3000000"
        assert answer.headers["content-disposition"] == 'attachment; filename="Gate-1-X-y-20261122T120000Z.mp4"'
        assert "x-inner" not in answer.headers
        assert len(answer.content) == 3_000_000
        assert (await running.gateway.exchange(VIDEO)).query == RANGE | {"stream": "main", "audio": "false"}


async def test_a_reader_who_goes_away_ends_the_video() -> None:
    async def send(exchange: Exchange) -> None:
        exchange.begin(content_type="video/mp4")
        await exchange.send(bytes(50_000_000))

    async with running_hub() as running:
        running.gateway.on("GET", VIDEO, send)
        async with running.client.stream("GET", "/api/v1" + VIDEO, params=RANGE) as answer:
            await anext(answer.aiter_bytes())

        exchange = await running.gateway.exchange(VIDEO)
        async with asyncio.timeout(30):
            await exchange.broken_off.wait()
        assert exchange.sent_bytes < 50_000_000


@pytest.mark.parametrize(
    ("camera", "expected"),
    [("Front door", "Front-door"), ("../../etc/passwd", "etc-passwd"), ("入口", "camera"), ("x" * 200, "x" * 60)],
)
def test_file_names_are_safe_on_any_system(camera: str, expected: str) -> None:
    start = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)

    assert file_name(camera, start) == f"{expected}-20261122T120005Z.mp4"
