"""Pictures through the hub, over real sockets."""

import json
from collections.abc import Mapping
from typing import Any

from websockets.asyncio.client import ClientConnection

from tawny.wire.media_socket import MediaKind, MediaMessage, decode, note
from tests.hub.running import received, running_hub

START_US = 1_800_000_000_000_000
LIVE = "/cameras/cam_a/live"
PLAYBACK = "/cameras/cam_a/playback"
OPENED = note("opened", origin_us=START_US, camera="cam_a", stream="sub", tracks={"1": {}, "2": {}})
INIT = MediaMessage(kind=MediaKind.INIT, track=1, payload=b"init 1")
SOUND_INIT = MediaMessage(kind=MediaKind.INIT, track=2, payload=b"init 2")


def picture(seconds: float, *, key: bool = False, payload: bytes = b"") -> MediaMessage:
    return MediaMessage(
        kind=MediaKind.FRAGMENT,
        track=1,
        flags=int(key),
        utc_us=START_US + int(seconds * 1e6),
        payload=payload or f"picture {seconds}".encode(),
    )


def sound(seconds: float) -> MediaMessage:
    payload = f"sound {seconds}".encode()
    return MediaMessage(kind=MediaKind.FRAGMENT, track=2, utc_us=START_US + int(seconds * 1e6), payload=payload)


def open_live(subscription: int, **members: Any) -> str:
    return _request(subscription, {"mode": "live", "stream": "sub", **members})


def open_playback(subscription: int, *, until_s: float, **members: Any) -> str:
    times = {"from": moment(0), "until": moment(until_s)}
    return _request(subscription, {"mode": "playback", "stream": "main", **times, **members})


def _request(subscription: int, members: Mapping[str, Any]) -> str:
    return json.dumps({"type": "open", "subscription": subscription, "camera": "cam_a", **members})


def moment(seconds: float) -> str:
    return f"2027-01-15T08:00:{seconds:06.3f}Z"  # START_US and on


async def payload(socket: ClientConnection) -> bytes:
    return decode(await received(socket)).payload


async def test_live_pictures_reach_the_page_under_its_own_number() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(open_live(7))
        exchange = await running.gateway.exchange(LIVE)
        exchange.begin_media()
        await exchange.send_messages(OPENED, INIT, picture(0, key=True))

        opened, init, first = [await received(socket) for _ in range(3)]

        assert exchange.query == {"stream": "sub"}
        assert opened["type"] == "opened"
        assert opened["subscription"] == 7
        assert opened["origin_us"] == START_US
        assert (decode(init).kind, decode(init).subscription) == (MediaKind.INIT, 7)
        assert decode(first) == MediaMessage(
            kind=MediaKind.FRAGMENT, track=1, flags=1, utc_us=START_US, payload=b"picture 0", subscription=7
        )


async def test_a_second_viewer_starts_at_once_with_the_current_group_and_the_recorder_is_asked_once() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(open_live(1))
        exchange = await running.gateway.exchange(LIVE)
        exchange.begin_media()
        await exchange.send_messages(OPENED, INIT, SOUND_INIT, picture(0, key=True), picture(1, key=True), picture(1.5))
        for _ in range(5):  # the sound's init is not for a viewer who asked for none
            await received(socket)

        async with running.socket("/api/v1/media") as second:
            await second.send(open_live(2))
            opened, init, burst = [await received(second) for _ in range(3)]

        assert opened["subscription"] == 2
        assert decode(init).payload == b"init 1"
        assert decode(burst).kind is MediaKind.BURST
        assert decode(burst).starts_with_key
        assert decode(burst).utc_us == START_US + 1_000_000
        assert decode(burst).payload == b"picture 1picture 1.5"
        assert len([each for each in running.gateway.asked if each.path == LIVE]) == 1
