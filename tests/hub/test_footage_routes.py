from tawny.wire.link import MEDIA_TYPE
from tawny.wire.media_socket import MediaKind, MediaMessage
from tests.fakes.gateway import Exchange
from tests.hub.running import running_hub

PICTURE = MediaMessage(kind=MediaKind.FRAGMENT, track=1, flags=1, utc_us=7, payload=b"picture")
DAY = "from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z"


async def test_previews_pass_through_as_they_come() -> None:
    async def answer(exchange: Exchange) -> None:
        exchange.begin_media()
        await exchange.send_messages(PICTURE, PICTURE)
        exchange.end()

    async with running_hub() as running:
        running.gateway.on("GET", "/cameras/cam_a/previews", answer)
        got = await running.client.get(f"/api/v1/cameras/cam_a/previews?{DAY}&count=48")

    asked = next(each for each in running.gateway.asked if each.path == "/cameras/cam_a/previews")
    assert got.headers["content-type"] == MEDIA_TYPE
    assert got.content == PICTURE.framed() * 2
    assert asked.query == {
        "from": "2026-11-22T00:00:00Z",
        "to": "2026-11-23T00:00:00Z",
        "count": "48",
        "stream": "sub",
    }


async def test_a_number_of_previews_that_is_too_large_is_refused() -> None:
    async with running_hub() as running:
        got = await running.client.get(f"/api/v1/cameras/cam_a/previews?{DAY}&count=201")

    assert got.status_code == 400
    assert not [each for each in running.gateway.asked if each.path.endswith("previews")]


async def test_the_recorder_says_where_the_next_gap_is() -> None:
    async with running_hub() as running:
        running.gateway.on_json(
            "GET", "/cameras/cam_a/moments", {"at": "2026-11-22T12:00:00Z", "reason": "camera_lost"}
        )
        got = await running.client.get(
            "/api/v1/cameras/cam_a/moments?at=2026-11-22T13:00:00%2B01:00&direction=previous"
        )

    asked = next(each for each in running.gateway.asked if each.path == "/cameras/cam_a/moments")
    assert got.json() == {"at": "2026-11-22T12:00:00Z", "reason": "camera_lost"}
    assert asked.query == {"at": "2026-11-22T12:00:00Z", "direction": "previous", "kind": "gap"}
