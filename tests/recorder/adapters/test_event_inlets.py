import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from tawny.recorder.adapters.event_inlets import MOST_BODY, HttpInlet, HttpInlets, local_address
from tawny.wire.onvif import soap
from tawny.wire.onvif.elements import make
from tawny.wire.onvif.events import CHANGED, Message, write_message

MOTION = Message(
    topic="tns1:VideoSource/MotionAlarm", operation=CHANGED, source={"Source": "1"}, data={"State": "true"}, utc_us=0
)
WAIT_S = 5.0


@pytest.fixture
async def inlets() -> AsyncIterator[HttpInlets]:
    secrets = iter(("first", "second", "third"))
    made = HttpInlets(secret=lambda: next(secrets))
    yield made
    await made.stop()


def notify(*messages: Message) -> bytes:
    return soap.envelope(make("wsnt:Notify", *(write_message(each) for each in messages)))


def post(path: str, body: bytes, *headers: str) -> bytes:
    head = [f"POST {path} HTTP/1.1", "Host: recorder", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(head).encode() + body


async def send(inlet: HttpInlet, *requests: bytes) -> bytes:
    """What is answered to *requests*, sent on one connection."""
    where = urlsplit(inlet.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    answers = b""
    try:
        for request in requests:
            writer.write(request)
            async with asyncio.timeout(WAIT_S):
                answers += await reader.read(4096)
    except ConnectionError:
        pass  # it was cut off, as some of these deserve
    finally:
        writer.close()
    return answers


async def test_what_a_camera_sends_comes_out(inlets: HttpInlets) -> None:
    inlet = await inlets.open("127.0.0.1")

    answers = await send(inlet, post("/first", notify(MOTION)), post("/first", notify(MOTION, MOTION)))

    assert answers.count(b"HTTP/1.1 200") == 2
    assert await inlet.next(WAIT_S) == (MOTION, MOTION, MOTION)


async def test_who_waits_is_woken(inlets: HttpInlets) -> None:
    inlet = await inlets.open("127.0.0.1")

    heard, _ = await asyncio.gather(inlet.next(WAIT_S), send(inlet, post("/first", notify(MOTION))))

    assert heard == (MOTION,)


async def test_nothing_comes_where_nothing_was_sent(inlets: HttpInlets) -> None:
    inlet = await inlets.open("127.0.0.1")

    assert await inlet.next(0.01) == ()


async def test_each_device_has_an_address_of_its_own(inlets: HttpInlets) -> None:
    first, second = await inlets.open("127.0.0.1"), await inlets.open("127.0.0.1")

    await send(first, post("/second", notify(MOTION)))

    assert urlsplit(first.url).port == urlsplit(second.url).port
    assert await second.next(WAIT_S) == (MOTION,)
    assert await first.next(0.01) == ()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (post("/guessed", notify(MOTION)), b" 404 "),
        (post("/first", b"<html/>"), b" 400 "),
        (post("/first", b""), b" 400 "),
        (post("/first", soap.envelope(make("tev:PullMessages"))), b" 400 "),
    ],
)
async def test_what_is_no_message_is_refused(inlets: HttpInlets, request_: bytes, status: bytes) -> None:
    inlet = await inlets.open("127.0.0.1")

    assert status in await send(inlet, request_)
    assert await inlet.next(0.01) == ()


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /first HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 50,
        b"POST /first HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 20_000,
        post("/first", b"<a>" * (MOST_BODY // 2)),
    ],
)
async def test_strangers_are_cut_off_and_others_still_heard(inlets: HttpInlets, request_: bytes) -> None:
    inlet = await inlets.open("127.0.0.1")

    assert b" 200 " not in await send(inlet, request_)
    assert b" 200 " in await send(inlet, post("/first", notify(MOTION)))

    assert await inlet.next(WAIT_S) == (MOTION,)


async def test_a_camera_that_asks_first_is_told_to_go_on(inlets: HttpInlets) -> None:
    inlet = await inlets.open("127.0.0.1")
    body = notify(MOTION)
    head = post("/first", body, "Expect: 100-continue").removesuffix(body)

    answers = await send(inlet, head, body)

    assert answers.startswith(b"HTTP/1.1 100")
    assert await inlet.next(WAIT_S) == (MOTION,)


async def test_the_port_is_closed_with_the_last_inlet(inlets: HttpInlets) -> None:
    first, second = await inlets.open("127.0.0.1"), await inlets.open("127.0.0.1")
    await first.close()
    assert b" 200 " in await send(second, post("/second", notify(MOTION)))
    await second.close()

    with pytest.raises(OSError, match="Connect"):
        await send(second, post("/second", notify(MOTION)))


def test_our_own_address_is_the_one_that_the_device_reaches() -> None:
    assert local_address("127.0.0.1") == "127.0.0.1"
