"""Cameras and footage through the hub, over real sockets."""

from tests.hub.running import running_hub

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
