import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

from tawny.gateway.control import RecorderControl
from tawny.gateway.feed import LiveFeed
from tawny.runtime.clock import SystemClock
from tawny.wire.feed import FeedRequest
from tawny.wire.media import StreamName
from tawny.wire.media_socket import MediaKind, MediaMessage
from tests.fakes.recorder import FakeRecorder
from tests.gateway.link_client import running
from tests.gateway.media import format_message, unit


@asynccontextmanager
async def watched(path: Path) -> AsyncIterator[tuple[FakeRecorder, AsyncGenerator[MediaMessage, None]]]:
    clock = SystemClock()
    control = RecorderControl(path / "control.sock", clock=clock)
    feed = LiveFeed(path / "feed.sock", control=control, clock=clock)
    async with FakeRecorder(path) as recorder, running(control.run()), asyncio.timeout(20):
        async with aclosing(control.watch()) as changes:
            while "cam_a" not in control.cameras:
                await anext(changes)
        async with aclosing(feed.messages("cam_a", StreamName.SUB)) as messages:
            yield recorder, messages


async def take(messages: AsyncGenerator[MediaMessage, None], number: int) -> list[MediaMessage]:
    return [await anext(messages) for _ in range(number)]


async def test_what_the_feed_brings_comes_as_media_messages(short_path: Path) -> None:
    async with watched(short_path) as (recorder, messages), asyncio.TaskGroup() as group:
        taken = group.create_task(take(messages, 4))
        request, _, writer = await recorder.next_feed()
        writer.write(format_message() + unit(0, key=True))

    assert request == FeedRequest(camera="cam_a", stream=StreamName.SUB)
    assert [m.kind for m in taken.result()] == [
        MediaKind.NOTE,
        MediaKind.INIT,
        MediaKind.INIT,
        MediaKind.FRAGMENT,
    ]


async def test_a_recorder_that_starts_again_goes_on_with_the_same_origin(short_path: Path) -> None:
    async with watched(short_path) as (recorder, messages):
        async with asyncio.TaskGroup() as group:
            first = group.create_task(take(messages, 4))
            writer = (await recorder.next_feed())[2]
            writer.write(format_message() + unit(0, key=True))
        async with asyncio.TaskGroup() as group:
            second = group.create_task(take(messages, 5))
            writer.close()
            writer = (await recorder.next_feed())[2]
            writer.write(format_message() + unit(9, key=True))

    state, opened, *_ = second.result()
    assert state.note()["type"] == "state"
    assert opened.note()["origin_us"] == first.result()[0].note()["origin_us"]


async def test_a_feed_that_makes_no_sense_is_opened_again(short_path: Path) -> None:
    async with watched(short_path) as (recorder, messages), asyncio.TaskGroup() as group:
        taken = group.create_task(take(messages, 2))
        (await recorder.next_feed())[2].write(bytes(64))
        (await recorder.next_feed())[2].write(format_message())

    assert [m.note()["type"] for m in taken.result()] == ["state", "opened"]


async def test_when_the_camera_is_removed_the_messages_end(short_path: Path) -> None:
    async with watched(short_path) as (recorder, messages), asyncio.TaskGroup() as group:
        ended = group.create_task(anext(messages, None))
        writer = (await recorder.next_feed())[2]
        recorder.change({"id": "cam_a", "removed": True})
        writer.close()

    assert ended.result() is None


async def test_who_stops_watching_closes_the_feed(short_path: Path) -> None:
    async with watched(short_path) as (recorder, messages):
        async with asyncio.TaskGroup() as group:
            group.create_task(take(messages, 1))
            _, reader, writer = await recorder.next_feed()
            writer.write(format_message())

        await messages.aclose()

        assert await reader.read() == b""
