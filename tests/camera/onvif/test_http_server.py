import asyncio

from tawny.camera.onvif.http_server import LARGEST_BODY, HttpRequest, HttpResponse, HttpServer
from tawny.runtime.tasks import Tasks

REQUEST = b"POST / HTTP/1.1\r\nHost: camera\r\nContent-Length: 2\r\n\r\nhi"


async def echo(request: HttpRequest) -> HttpResponse:
    if request.target == "/wrong":
        raise RuntimeError("a handler's mistake")
    return HttpResponse(status=200, body=request.method.encode() + b" " + request.body)


async def told(sent: bytes, *, expected: bytes) -> bytes:
    """What a server answers to *sent*, up to *expected* or its end."""
    async with Tasks("test") as tasks:
        server = HttpServer(echo, tasks=tasks)
        port = await server.listen("127.0.0.1", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        try:
            return await reader.readuntil(expected)
        except asyncio.IncompleteReadError as ended:
            return ended.partial
        except ConnectionResetError:
            return b""
        finally:
            writer.close()
            server.close()


async def test_requests_on_one_connection_are_answered_in_their_order() -> None:
    answered = await told(REQUEST + REQUEST.replace(b"hi", b"ho"), expected=b"POST ho")

    assert answered.count(b"HTTP/1.1 200 OK") == 2
    assert answered.index(b"POST hi") < answered.index(b"POST ho")


async def test_a_client_that_waits_for_leave_gets_it() -> None:
    answered = await told(REQUEST.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")[:-2], expected=b"\r\n\r\n")

    assert answered.startswith(b"HTTP/1.1 100 ")


async def test_head_gets_no_body() -> None:
    answered = await told(b"HEAD / HTTP/1.1\r\nHost: camera\r\nConnection: close\r\n\r\n", expected=b"never")

    assert answered.startswith(b"HTTP/1.1 200 OK")
    assert answered.endswith(b"\r\n\r\n")


async def test_what_is_not_http_is_refused_and_ended() -> None:
    answered = await told(b"\x16\x03\x01 hello\r\n\r\n", expected=b"never")

    assert answered.startswith(b"HTTP/1.1 400 ")


async def test_a_body_beyond_the_bound_is_refused() -> None:
    head = f"POST / HTTP/1.1\r\nHost: camera\r\nContent-Length: {LARGEST_BODY + 10}\r\n\r\n".encode()

    answered = await told(head + bytes(LARGEST_BODY + 10), expected=b"\r\n\r\n")

    assert answered.startswith((b"HTTP/1.1 413 ", b""))
    assert b"200" not in answered


async def test_a_head_that_never_ends_is_refused() -> None:
    answered = await told(b"POST / HTTP/1.1\r\nX: " + b"x" * 100_000, expected=b"\r\n\r\n")

    assert answered.startswith(b"HTTP/1.1 431 ")


async def test_a_handler_that_fails_costs_its_own_request_only() -> None:
    answered = await told(REQUEST.replace(b" / ", b" /wrong ") + REQUEST, expected=b"POST hi")

    assert answered.startswith(b"HTTP/1.1 500 ")
    assert b"HTTP/1.1 200 OK" in answered
