"""The link's end in the hub, against a gateway that follows the rules and one that does not."""

import asyncio
import stat
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tawny.hub.servers.link import Link
from tawny.runtime.problem import Kind, Problem
from tawny.wire.link import WINDOW_BYTES
from tests.fakes.gateway import Exchange, FakeGateway

PERSON = "per_mara"


@asynccontextmanager
async def linked(answer_timeout_s: float = 5) -> AsyncIterator[tuple[Link, FakeGateway, Path]]:
    with tempfile.TemporaryDirectory(prefix="tawny-link-", dir="/tmp") as directory:
        path = Path(directory) / "link.sock"
        link = Link(answer_timeout_s=answer_timeout_s)
        await link.listen(path)
        gateway = await FakeGateway().dial(path)
        await link.until_connected()
        yield link, gateway, path
        await gateway.hang_up()
        await link.close()


async def problem_of(link: Link, path: str = "/cameras") -> Problem:
    with pytest.raises(Problem) as caught:
        await link.request("GET", path, person=PERSON)
    return caught.value


async def test_a_request_carries_method_body_and_person() -> None:
    async with linked() as (link, gateway, _):
        gateway.on_json("POST", "/cameras", {"id": "cam_a"}, status=201)

        answer = await link.request("POST", "/cameras", json={"name": "Gate é"}, person=PERSON)

        assert (answer.status, answer.body) == (201, b'{"id": "cam_a"}')
        assert gateway.asked[0].json == {"name": "Gate é"}
        assert gateway.asked[0].person == PERSON


async def test_only_this_user_may_open_the_socket() -> None:
    async with linked() as (_, _, path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_answers_overlap() -> None:
    async with linked() as (link, gateway, _):
        gateway.on_json("GET", "/quick", "quick")
        slow = asyncio.gather(link.request("GET", "/slow", person=PERSON))
        exchange = await gateway.exchange("/slow")

        assert (await link.request("GET", "/quick", person=PERSON)).body == b'"quick"'
        await exchange.answer("slow")

        assert (await slow)[0].body == b'"slow"'


async def test_an_error_status_is_raised_as_its_problem() -> None:
    async with linked() as (link, gateway, _):
        refusal = Problem(Kind.REFUSED, "The camera refused the password.", remedy="Check it.", field="password")
        gateway.on("GET", "/cameras", lambda exchange: exchange.refuse(refusal))

        problem = await problem_of(link)

        assert problem.kind is Kind.REFUSED
        assert problem.document() == refusal.document()


async def test_an_error_without_a_document_is_a_problem_all_the_same() -> None:
    async def fail(exchange: Exchange) -> None:
        exchange.begin(500)
        await exchange.send(b"<html>oops")
        exchange.end()

    async with linked() as (link, gateway, _):
        gateway.on("GET", "/cameras", fail)

        assert (await problem_of(link)).title == "The recorder could not answer."


async def test_without_a_gateway_everything_is_unavailable() -> None:
    problem = await problem_of(Link())

    assert problem.kind is Kind.UNAVAILABLE
    assert problem.title == "The recorder's gateway is not connected just now."


async def test_a_gateway_that_goes_ends_what_was_asked() -> None:
    async with linked() as (link, gateway, _):
        asking = asyncio.gather(link.request("GET", "/cameras", person=PERSON), return_exceptions=True)
        await gateway.exchange("/cameras")

        await gateway.hang_up()

        assert "not connected" in str((await asking)[0])
        assert not link.connected


async def test_a_gateway_that_dials_again_takes_over() -> None:
    async with linked() as (link, gateway, path):
        later = await FakeGateway().dial(path)
        later.on_json("GET", "/cameras", "later")
        async with asyncio.timeout(30):
            await gateway.gone.wait()

        assert (await link.request("GET", "/cameras", person=PERSON)).body == b'"later"'
        await later.hang_up()


async def test_an_answer_broken_off_is_a_problem() -> None:
    async def half(exchange: Exchange) -> None:
        exchange.begin()
        await exchange.send(b"half")
        exchange.break_off()

    async with linked() as (link, gateway, _):
        gateway.on("GET", "/cameras", half)

        assert "broke the answer off" in (await problem_of(link)).title


async def test_a_recorder_that_does_not_answer_is_not_waited_for_for_ever() -> None:
    async with linked(answer_timeout_s=0.05) as (link, gateway, _):
        problem = await problem_of(link)

        assert "in time" in problem.title
        async with asyncio.timeout(30):
            await gateway.asked[0].broken_off.wait()


async def test_a_long_body_flows_only_as_fast_as_it_is_read() -> None:
    async with linked() as (link, gateway, _):
        gateway.on("GET", "/video", _five_megabytes)
        async with await link.stream("GET", "/video", person=PERSON) as stream:
            exchange = await gateway.exchange("/video")
            while exchange.h2_window() > 0:
                await _a_moment()
            unread = exchange.sent_bytes

            total = sum([len(piece) async for piece in stream])

        assert unread == WINDOW_BYTES
        assert total == 5_000_000


async def test_a_slow_stream_does_not_hold_up_another() -> None:
    async with linked() as (link, gateway, _):
        gateway.on("GET", "/video", _five_megabytes)
        gateway.on_json("GET", "/cameras", "here")
        slow = [await link.stream("GET", "/video", person=PERSON) for _ in range(3)]

        assert (await link.request("GET", "/cameras", person=PERSON)).body == b'"here"'
        for stream in slow:
            stream.close()


async def test_leaving_a_stream_tells_the_gateway_to_stop() -> None:
    async with linked() as (link, gateway, _):
        gateway.on("GET", "/video", _five_megabytes)
        async with await link.stream("GET", "/video", person=PERSON) as stream:
            async for _piece in stream:
                break

        async with asyncio.timeout(30):
            await gateway.asked[0].broken_off.wait()


async def test_many_streams_left_unread_leave_the_connection_usable() -> None:
    async with linked() as (link, gateway, _):
        gateway.on("GET", "/video", _five_megabytes)
        for _ in range(80):  # 80 windows are more than the connection's
            (await link.stream("GET", "/video", person=PERSON)).close()
        async with await link.stream("GET", "/video", person=PERSON) as stream:
            total = sum([len(piece) async for piece in stream])

        assert total == 5_000_000


async def test_a_large_request_waits_for_the_gateways_window() -> None:
    async with linked() as (link, gateway, _):
        gateway.on("POST", "/cameras", lambda exchange: exchange.answer(len(exchange.body)))

        answer = await link.request("POST", "/cameras", json="x" * 200_000, person=PERSON)

        assert answer.body == b"200002"


async def test_a_peer_that_does_not_speak_http2_is_dropped_and_displaces_nobody() -> None:
    async with linked() as (link, gateway, path):
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(bytes(90))  # empty DATA frames on stream 0

        async with asyncio.timeout(30):
            await reader.read()  # up to the end
        writer.close()
        await writer.wait_closed()

        gateway.on_json("GET", "/cameras", "still here")
        assert (await link.request("GET", "/cameras", person=PERSON)).body == b'"still here"'


async def _five_megabytes(exchange: Exchange) -> None:
    exchange.begin()
    await exchange.send(bytes(5_000_000))
    exchange.end()


async def _a_moment() -> None:
    await asyncio.wait([asyncio.get_running_loop().create_future()], timeout=0.005)
