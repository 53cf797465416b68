import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tawny.camera.onvif.consumers import permitted
from tawny.recorder.adapters.event_inlets import HttpInlets
from tawny.runtime.clock import SimulatedClock
from tawny.wire.onvif import events
from tawny.wire.onvif.soap import FaultError
from tests.camera.onvif.staged import Staged, staged


@asynccontextmanager
async def consumer(status: str = "200 OK") -> AsyncIterator[tuple[str, list[bytes]]]:
    """An address to which messages are brought, and the requests that came."""
    came: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        came.append(await reader.readexactly(length))
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/messages", came
    finally:
        server.close()


async def subscribed(camera: Staged, address: str) -> events.Subscription:
    call = events.subscribe(address, topics=("tns1:Device/Trigger/DigitalInput",))
    return call.read(await camera.ask(call.body, url=camera.url.replace("device_service", "events")))


async def test_messages_are_brought_to_who_subscribed_until_that_ends() -> None:
    async with staged() as camera:
        inlets = HttpInlets(secret=lambda: "secret")
        inlet = await inlets.open("127.0.0.1")
        subscription = await subscribed(camera, inlet.url)
        found = [message.state for message in await inlet.next(5)]
        camera.device.happenings.flip_input()
        found += [message.state for message in await inlet.next(5)]
        await camera.ask(events.unsubscribe().body, url=subscription.address)
        await inlets.stop()

    assert found == [False, True]


async def test_who_does_not_take_messages_is_sent_none_any_more() -> None:
    clock = SimulatedClock()
    async with staged(clock=clock) as camera, consumer("500 Oops") as (address, came):
        subscription = await subscribed(camera, address)
        name = subscription.address.rpartition("/")[2]
        while camera.device.notifications.point(name) is not None and len(came) < 10:
            await clock.advance(1)

    assert len(came) == 3


async def test_messages_are_sent_to_nobody_who_did_not_ask() -> None:
    async with staged() as camera:
        with pytest.raises(FaultError) as refused:
            await subscribed(camera, "http://192.0.2.1/messages")

    assert refused.value.fault.names("SubscribeCreationFailedFault")


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("http://192.0.2.7:8000/x", True),
        ("http://192.0.2.8/x", False),
        ("https://192.0.2.7/x", False),
        ("http://recorder.lan/x", False),
        ("http://[fd00::1", False),
        ("", False),
    ],
)
def test_only_the_address_of_who_asks_is_permitted(address: str, may: bool) -> None:
    assert permitted(address, "192.0.2.7") is may
