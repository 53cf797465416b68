"""Pictures through the hub, over real sockets."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from tawny.hub.servers.media_socket import MAX_SUBSCRIPTIONS
from tawny.runtime.problem import Kind, Problem
from tawny.wire.media_socket import MediaKind, MediaMessage, decode, note
from tests.fakes.gateway import Exchange
from tests.hub.running import PASSWORD, USER, Running, received, running_hub

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


async def playing(running: Running) -> Exchange:
    """The recorder's side of a live stream that has begun."""
    exchange = await running.gateway.exchange(LIVE)
    exchange.begin_media()
    await exchange.send_messages(OPENED, INIT, SOUND_INIT)
    return exchange


async def close_code(socket: ClientConnection) -> int | None:
    """How the hub ends *socket*."""
    async with asyncio.timeout(30):
        await socket.wait_closed()
    return socket.close_code


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


async def test_a_format_change_forgets_the_earlier_group() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(open_live(1))
        exchange = await playing(running)
        again = MediaMessage(kind=MediaKind.INIT, track=1, payload=b"init of another size")
        await exchange.send_messages(picture(0, key=True), OPENED, again, picture(2, key=True))
        for _ in range(6):
            await received(socket)

        async with running.socket("/api/v1/media") as second:
            await second.send(open_live(1))
            messages = [await received(second) for _ in range(3)]

        assert [decode(each).payload for each in messages[1:]] == [b"init of another size", b"picture 2"]


async def test_sound_goes_to_those_who_asked_for_it() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(open_live(1))
        exchange = await playing(running)
        for _ in range(2):  # opened, init
            await received(socket)
        await socket.send(open_live(2, audio=True))
        for _ in range(3):  # opened, both inits
            await received(socket)
        await exchange.send_messages(picture(0, key=True), sound(0))

        found = [decode(await received(socket)) for _ in range(3)]

        assert sorted((each.subscription, each.payload) for each in found) == [
            (1, b"picture 0"),
            (2, b"picture 0"),
            (2, b"sound 0"),
        ]


async def test_the_recorder_is_asked_no_longer_once_nobody_watches() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(open_live(1))
        exchange = await playing(running)
        await received(socket)

        await socket.send(json.dumps({"type": "close", "subscription": 1}))

        async with asyncio.timeout(30):
            await exchange.broken_off.wait()


async def test_a_live_picture_comes_back_by_itself_after_the_gateway_was_away() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(open_live(1))
        (await playing(running)).break_off()
        notes = [await received(socket) for _ in range(3)]
        while notes[-1]["type"] != "problem":
            notes.append(await received(socket))

        exchange = await running.gateway.exchange(LIVE, count=2)
        exchange.begin_media()
        await exchange.send_messages(OPENED)

        assert (await received(socket))["type"] == "opened"


async def test_an_unknown_camera_is_a_problem_of_that_subscription_alone() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        gone = Problem(Kind.NOT_FOUND, "There is no such camera.")
        running.gateway.on("GET", LIVE, lambda exchange: exchange.refuse(gone))
        await socket.send(open_live(5))

        told = await received(socket)

        assert (told["type"], told["subscription"]) == ("problem", 5)
        assert told["problem"]["title"] == "There is no such camera."
        assert told["problem"]["status"] == 404
        assert await (await socket.ping())


async def test_playback_stops_at_until_and_the_recorder_is_not_read_further() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(open_playback(3, until_s=2))
        exchange = await running.gateway.exchange(PLAYBACK)
        exchange.begin_media()
        await exchange.send_messages(OPENED, INIT, picture(1, key=True), picture(3), picture(4))
        before = [await received(socket) for _ in range(3)]
        assert decode(before[2]).payload == b"picture 1"

        await socket.send(json.dumps({"type": "until", "subscription": 3, "until": moment(3)}))

        assert await payload(socket) == b"picture 3"
        assert exchange.query == {"from": "2027-01-15T08:00:00Z", "stream": "main"}
        assert exchange.person.startswith("per_")
        await socket.send(open_live(9))  # what it says comes next: nothing of the playback did
        await (await running.gateway.exchange(LIVE)).refuse(Problem(Kind.NOT_FOUND, "There is no such camera."))
        assert (await received(socket))["subscription"] == 9


async def test_backwards_until_is_a_moment_before() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(open_playback(3, until_s=2, speed=-2, frames="key", **{"from": moment(9)}))
        exchange = await running.gateway.exchange(PLAYBACK)
        exchange.begin_media()
        await exchange.send_messages(OPENED, INIT, picture(3, key=True), picture(1, key=True), picture(0, key=True))
        before = [await received(socket) for _ in range(3)]
        assert decode(before[2]).payload == b"picture 3"

        await socket.send(json.dumps({"type": "until", "subscription": 3, "until": moment(1)}))

        assert await payload(socket) == b"picture 1"
        wanted = {"from": "2027-01-15T08:00:09Z", "stream": "main", "speed": "-2", "frames": "key"}
        assert exchange.query == wanted


@pytest.mark.parametrize("members", [{"speed": 0}, {"speed": -5}, {"speed": 33}, {"speed": -0.5}, {"frames": "some"}])
async def test_a_manner_that_there_is_not_ends_the_socket(members: dict[str, Any]) -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(open_playback(3, until_s=2, **members))

        assert (await received(socket))["problem"]["type"] == "urn:tawny:problem:invalid"
        assert await close_code(socket) == 1008


async def test_the_flow_control_window_bounds_how_far_playback_reads_ahead() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(open_playback(3, until_s=0))
        exchange = await running.gateway.exchange(PLAYBACK)
        exchange.begin_media()
        await exchange.send_messages(OPENED)
        await received(socket)
        later = picture(1, payload=bytes(100_000))
        sending = asyncio.gather(*(exchange.send_messages(later) for _ in range(50)), return_exceptions=True)
        while exchange.h2_window() > 0:
            await socket.ping()
            await asyncio.wait([sending], timeout=0.01)

        assert exchange.sent_bytes < 2 << 20  # of five million: a window and what was on its way
        sending.cancel()


async def test_playback_without_sound_leaves_the_sound_out() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(open_playback(3, until_s=9, audio=False))
        exchange = await running.gateway.exchange(PLAYBACK)
        exchange.begin_media()
        await exchange.send_messages(SOUND_INIT, INIT, sound(0), picture(0, key=True), note("end"))

        assert [await payload(socket) for _ in range(2)] == [b"init 1", b"picture 0"]
        assert await received(socket) == {"type": "end", "subscription": 3}


async def test_a_playback_that_waits_does_not_keep_a_live_picture_waiting() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(open_playback(1, until_s=0))
        waiting = await running.gateway.exchange(PLAYBACK)
        waiting.begin_media()
        await waiting.send_messages(picture(5, key=True))
        await socket.send(open_live(2))
        exchange = await playing(running)
        await exchange.send_messages(picture(0, key=True))

        messages = [await received(socket) for _ in range(3)]

        assert decode(messages[2]).subscription == 2


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("not json", "not valid JSON"),
        ("[]", "object"),
        ('{"type": "dance"}', "expected"),
        ('{"type": "close", "subscription": 0}', "subscription"),
        ('{"type": "close", "subscription": 1, "more": 1}', "more"),
        ('{"type": "open", "subscription": 1, "camera": "../x", "stream": "sub", "mode": "live"}', "camera"),
        ('{"type": "until", "subscription": 1, "until": "yesterday"}', "until"),
        (b"\x00\x01", "text"),
    ],
)
async def test_what_can_not_be_understood_is_told_and_ends_the_socket(message: str | bytes, said: str) -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(message)

        told = await received(socket)
        assert (told["type"], told["subscription"]) == ("problem", 0)
        assert said in told["problem"]["title"]
        assert await close_code(socket) == 1008


async def test_a_number_that_is_open_can_not_be_opened_again() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await socket.send(open_live(1))
        await socket.send(open_live(1))

        assert "open already" in (await received(socket))["problem"]["title"]


async def test_one_page_has_a_limited_number_of_subscriptions() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        for number in range(1, MAX_SUBSCRIPTIONS + 2):
            await socket.send(open_live(number))

        told = await received(socket)

        assert told["subscription"] == MAX_SUBSCRIPTIONS + 1
        assert told["problem"]["type"] == "urn:tawny:problem:too_many"


async def test_signing_out_closes_the_sockets_of_that_session() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        async with running.socket("/api/v1/events") as events:
            await running.client.delete("/api/v1/session")

            codes = [await close_code(each) for each in (socket, events)]

        assert codes == [4401, 4401]


async def test_a_new_owners_password_closes_the_sockets() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        await running.hub.access.reset_owner(user=USER, password=PASSWORD + "!")

        assert await close_code(socket) == 4401


@pytest.mark.parametrize("path", ["/api/v1/media", "/api/v1/events"])
async def test_a_foreign_page_gets_no_socket_even_with_the_cookie(path: str) -> None:
    async with running_hub() as running:
        headers = {"Cookie": f"tawny={running.token}", "Origin": "http://evil.example"}

        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"ws://{running.authority}{path}", additional_headers=headers):
                pass

        assert refused.value.response.status_code == 403


async def test_our_own_page_gets_a_socket_with_its_cookie() -> None:
    async with running_hub() as running:
        headers = {"Cookie": f"tawny={running.token}", "Origin": running.hub.url}

        async with connect(f"ws://{running.authority}/api/v1/media", additional_headers=headers) as socket:
            assert await (await socket.ping()) >= 0


async def test_pictures_are_not_compressed_again() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as socket:
        assert socket.response is not None
        assert "sec-websocket-extensions" not in socket.response.headers


async def test_a_page_that_does_not_read_skips_to_a_key_frame_and_holds_up_nobody() -> None:
    async with running_hub() as running, running.socket("/api/v1/media") as slow:
        await slow.send(open_live(1))
        exchange = await playing(running)
        await received(slow)
        async with running.socket("/api/v1/media") as quick:
            await quick.send(open_live(1))
            for _ in range(2):  # opened, init
                await received(quick)

            for number in range(120):  # 30 MB: more than all buffers on the way to the slow page hold
                await exchange.send_messages(picture(number, key=number % 10 == 0, payload=bytes(250_000)))
                assert decode(await received(quick)).utc_us == picture(number).utc_us

        await exchange.send_messages(picture(120, key=True))
        notes = [message] if isinstance(message := await received(slow), dict) else []
        while not notes or isinstance(message, dict):
            message = await received(slow)
            notes += [message] if isinstance(message, dict) else []

        assert notes[-1] == {"type": "skipped", "subscription": 1}
        assert decode(message).starts_with_key
