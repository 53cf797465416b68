import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import h2.config
import h2.connection
import pytest

from tawny.gateway.exchange import Answer, Handler, Request, json_answer
from tawny.gateway.link import MAX_REQUEST, MAX_STREAMS, Dialer
from tawny.runtime.clock import SystemClock
from tawny.runtime.problem import Kind, Problem
from tests.gateway.link_client import HubEnd, running


@asynccontextmanager
async def linked(path: Path, handler: Handler) -> AsyncIterator[HubEnd]:
    socket = path / "link.sock"
    async with HubEnd(socket) as hub, running(Dialer(socket, handler=handler, clock=SystemClock()).run()):
        await hub.connected()
        yield hub


class Endless:
    """A body without end that tells how much was taken of it and whether it was closed."""

    def __init__(self) -> None:
        self.taken = 0
        self.closed = asyncio.Event()

    async def handle(self, request: Request) -> Answer:
        return Answer(body=self._pieces())

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        try:
            while True:
                self.taken += 1 << 16
                yield bytes(1 << 16)
        finally:
            self.closed.set()


async def echo(request: Request) -> Answer:
    return json_answer(
        {
            "method": request.method,
            "path": request.path,
            "query": dict(request.query),
            "person": request.person,
            "size": len(request.body),
        }
    )


async def test_a_request_arrives_with_its_query_person_and_body(short_path: Path) -> None:
    async with linked(short_path, echo) as hub:
        exchange = hub.ask("POST", "/cameras/cam%5Fa?from=2026-11-22T12:00:00Z&a=", b"x" * 40_000, person="Ada")
        await hub.until(lambda: exchange.ended, exchange)

    assert exchange.status == 200
    assert exchange.json() == {
        "method": "POST",
        "path": "/cameras/cam_a",
        "query": {"from": "2026-11-22T12:00:00Z", "a": ""},
        "person": "Ada",
        "size": 40_000,
    }


async def test_a_problem_is_answered_with_the_status_of_its_kind(short_path: Path) -> None:
    async def handle(request: Request) -> Answer:
        raise Problem(Kind.NOT_FOUND, "There is no such camera.", remedy="Look again.", field="id")

    async with linked(short_path, handle) as hub:
        answer = await hub.fetch("GET", "/cameras/cam_x")

    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:tawny:problem:not_found",
        "title": "There is no such camera.",
        "detail": "Look again.",
        "field": "id",
        "status": 404,
    }


async def test_a_failure_of_ours_is_a_problem_and_the_connection_goes_on(short_path: Path) -> None:
    async def handle(request: Request) -> Answer:
        if request.path == "/bad":
            raise ZeroDivisionError
        return json_answer([])

    async with linked(short_path, handle) as hub:
        bad = await hub.fetch("GET", "/bad")
        good = await hub.fetch("GET", "/good")

    assert (bad.status, good.status, hub.connections) == (503, 200, 1)
    assert "ZeroDivision" not in bad.body.decode()


async def test_a_failure_inside_a_body_resets_that_stream_only(short_path: Path) -> None:
    async def pieces() -> AsyncGenerator[bytes, None]:
        yield b"first"
        raise ZeroDivisionError

    async def handle(request: Request) -> Answer:
        return Answer(body=pieces()) if request.path == "/bad" else json_answer([])

    async with linked(short_path, handle) as hub:
        bad = await hub.fetch("GET", "/bad")
        good = await hub.fetch("GET", "/good")

    assert bad.was_reset
    assert good.status == 200


async def test_a_reader_who_stops_stops_the_source_and_nobody_else(short_path: Path) -> None:
    endless = Endless()

    async def handle(request: Request) -> Answer:
        return await endless.handle(request) if request.path == "/endless" else json_answer(["here"])

    async with linked(short_path, handle) as hub:
        slow = hub.ask("GET", "/endless", paced=True)
        await hub.until(lambda: len(slow.body) == 1 << 20, slow)

        others = [await hub.fetch("GET", "/other") for _ in range(5)]

        assert [other.json() for other in others] == [["here"]] * 5
        assert len(slow.body) == 1 << 20  # the window, not a byte more
        assert endless.taken <= (1 << 20) + (1 << 16)
        hub.give_room(slow)
        await hub.until(lambda: len(slow.body) == 2 << 20, slow)


async def test_a_reset_closes_the_body(short_path: Path) -> None:
    endless = Endless()
    async with linked(short_path, endless.handle) as hub:
        exchange = hub.ask("GET", "/", paced=True)
        await hub.until(lambda: exchange.body, exchange)

        hub.reset(exchange)

        await asyncio.wait_for(endless.closed.wait(), 10)


async def test_a_lost_connection_closes_the_bodies_and_is_dialled_again(short_path: Path) -> None:
    endless = Endless()
    async with linked(short_path, endless.handle) as hub:
        exchange = hub.ask("GET", "/", paced=True)
        await hub.until(lambda: exchange.body, exchange)

        await hub.close()
        await asyncio.wait_for(endless.closed.wait(), 10)
        await hub.listen()
        await hub.connected()

        assert hub.connections == 2


async def test_a_request_over_1_mb_is_refused(short_path: Path) -> None:
    async with linked(short_path, echo) as hub:
        await hub.fetch("GET", "/")  # the gateway's settings, and with them its window, are known now
        exchange = hub.ask("POST", "/")
        hub.send(exchange, bytes(MAX_REQUEST))
        await hub.room(exchange, 1)

        hub.send(exchange, b"x")
        await hub.until(lambda: exchange.ended, exchange)

    assert exchange.status == 400
    assert exchange.json()["title"] == "The request is longer than 1 MB."


async def test_as_many_streams_as_announced_are_answered_at_once(short_path: Path) -> None:
    started: list[str] = []
    go = asyncio.Event()

    async def handle(request: Request) -> Answer:
        started.append(request.path)
        if len(started) == MAX_STREAMS:
            go.set()
        await go.wait()
        return json_answer(request.path)

    async with linked(short_path, handle) as hub:
        asked = [hub.ask("GET", f"/{n}") for n in range(MAX_STREAMS)]
        for exchange in asked:
            await hub.until(lambda exchange=exchange: exchange.ended, exchange)

    assert [exchange.json() for exchange in asked] == [f"/{n}" for n in range(MAX_STREAMS)]


def _not_utf8() -> bytes:
    """A client's first bytes, with a path that is no UTF-8."""
    client = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding=None))
    client.initiate_connection()
    headers = [(b":method", b"GET"), (b":path", b"/\xff"), (b":scheme", b"http"), (b":authority", b"x")]
    client.send_headers(1, headers, end_stream=True)
    return client.data_to_send()


@pytest.mark.parametrize("said", [b"", _not_utf8(), b"GET / HTTP/1.1\r\n\r\n", bytes(100), b"\xff" * 5000])
async def test_a_hub_that_speaks_something_else_is_left_and_dialled_again(short_path: Path, said: bytes) -> None:
    dialled = asyncio.Semaphore(0)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dialled.release()
        writer.write(said)
        writer.write_eof()
        await reader.read()
        writer.close()

    socket = short_path / "link.sock"
    server = await asyncio.start_unix_server(accept, socket)
    async with asyncio.timeout(20), running(Dialer(socket, handler=echo, clock=SystemClock()).run()):
        await dialled.acquire()
        await dialled.acquire()
    server.close()


@pytest.mark.parametrize("path", ["//[", "/x?" + "&".join(f"a{n}=1" for n in range(40))])
async def test_an_address_that_makes_no_sense_is_a_problem(short_path: Path, path: str) -> None:
    async with linked(short_path, echo) as hub:
        answer = await hub.fetch("GET", path)

    assert answer.status == 400
