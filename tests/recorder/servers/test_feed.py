import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tawny.recorder.ingest.model import FeedSubscriber, Unwatch
from tawny.recorder.servers.feed import QUEUE_BYTES, FeedQueue, FeedServer
from tawny.runtime.clock import SimulatedClock
from tawny.wire.feed import FeedKind, FeedMessage, FeedReader, FeedRequest, encode, encode_request, encode_unit
from tawny.wire.media import StreamName


class FakeIngest:
    """Remembers who watches what."""

    def __init__(self) -> None:
        self.watching: dict[tuple[str, StreamName], FeedSubscriber] = {}
        self.came = asyncio.Event()
        self.left = asyncio.Event()

    def watch(self, camera: str, stream: StreamName, subscriber: FeedSubscriber) -> Unwatch:
        self.watching[camera, stream] = subscriber
        self.came.set()
        return self.left.set


@asynccontextmanager
async def served() -> AsyncIterator[tuple[FakeIngest, Path]]:
    with tempfile.TemporaryDirectory(dir="/tmp") as directory:
        ingest, path = FakeIngest(), Path(directory) / "feed.sock"
        server = FeedServer(path, ingest=ingest, clock=SimulatedClock())
        await server.start()
        try:
            yield ingest, path
        finally:
            await server.stop()


def unit(number: int, size: int = 10, *, key: bool = False) -> bytes:
    return encode_unit(1, number.to_bytes(size, "big"), utc_us=number, duration=3600, shift=0, key=key)


async def test_a_client_gets_what_ingest_says_in_order_and_leaves_when_it_closes() -> None:
    async with served() as (ingest, path):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(encode_request(FeedRequest(camera="cam_a", stream=StreamName.SUB)))
        await ingest.came.wait()
        subscriber = ingest.watching["cam_a", StreamName.SUB]
        sent = [encode(FeedKind.FORMAT, b"init", utc_us=1), unit(1, key=True), unit(2)]

        await asyncio.to_thread(subscriber.put, sent[:1])
        await asyncio.to_thread(subscriber.put, sent[1:])
        received = await reader.readexactly(sum(map(len, sent)))
        writer.close()
        await ingest.left.wait()

        assert received == b"".join(sent)


@pytest.mark.parametrize("line", [b"nonsense\n", b"{}\n", b"x" * 5000, b'{"camera": "a", "stream": "x"}\n', b""])
async def test_a_request_that_is_none_closes_the_connection(line: bytes) -> None:
    async with served() as (ingest, path):
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(line)
        writer.write_eof()

        assert await reader.read() == b""
        assert not ingest.watching
        writer.close()


async def read(queue: FeedQueue) -> list[FeedMessage]:
    await asyncio.sleep(0)  # noqa: TID251 - lets what put() handed over run
    return list(FeedReader().feed(b"".join(await queue.take())))


async def test_a_client_that_is_slow_loses_media_is_told_and_goes_on_at_a_key_frame() -> None:
    queue = FeedQueue(asyncio.get_running_loop(), SimulatedClock())
    large = QUEUE_BYTES // 4

    queue.put([encode(FeedKind.FORMAT, b"init", utc_us=0), unit(0, key=True)])
    queue.put([unit(number, large) for number in range(1, 7)])
    queue.put([encode(FeedKind.STATE, b"{}", utc_us=7), unit(8), unit(9, key=True), unit(10)])

    messages = await read(queue)
    assert [m.kind for m in messages] == [
        FeedKind.FORMAT,
        FeedKind.LOST,
        FeedKind.STATE,
        FeedKind.UNIT,
        FeedKind.UNIT,
    ]
    assert [m.utc_us for m in messages[-2:]] == [9, 10]


async def test_a_message_larger_than_the_queue_still_goes_out() -> None:
    queue = FeedQueue(asyncio.get_running_loop(), SimulatedClock())

    queue.put([encode(FeedKind.FRAGMENTS, bytes(QUEUE_BYTES + 1), utc_us=0)])

    assert [m.kind for m in await read(queue)] == [FeedKind.FRAGMENTS]
