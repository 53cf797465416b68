"""Every route and socket asks who is there, but for one short list."""

import re
from collections.abc import Iterator, Sequence

import pytest
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Route, WebSocketRoute
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tawny.hub.servers.app import routes
from tawny.hub.servers.guard import OPEN
from tests.hub.running import running_hub

SOCKET = "SOCKET"


def walk(found: Sequence[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Each method and path that the application answers, and each socket."""
    for route in iter_route_contexts(found):
        path = route.path
        assert path is not None, f"{route!r} is of a kind that this walk does not know"
        if isinstance(route.original_route, WebSocketRoute):
            yield SOCKET, path
        else:
            assert isinstance(route.original_route, Route), f"{route!r} is of a kind that this walk does not know"
            for method in route.original_route.methods or ():
                yield method, path


ROUTES = sorted(walk(routes().routes))


def test_the_open_list_is_this_and_no_more() -> None:
    assert sorted(OPEN) == [
        ("GET", "/api/openapi.json"),
        ("GET", "/api/v1/health"),
        ("GET", "/api/v1/session"),
        ("GET", "/api/v1/shared/export.zip"),
        ("GET", "/api/v1/shared/files/{number}"),
        ("GET", "/ca.pem"),
        ("GET", "/install"),
        ("GET", "/{path:path}"),
        ("POST", "/api/v1/session"),
        ("POST", "/api/v1/setup"),
        ("POST", "/api/v1/shared"),
    ]


def test_the_walk_sees_everything() -> None:
    assert set(ROUTES) >= {
        *OPEN,
        (SOCKET, "/api/v1/media"),
        (SOCKET, "/api/v1/events"),
        ("PATCH", "/api/v1/cameras/{camera}"),
        ("POST", "/api/v1/discovery"),  # these reach out into the network: nobody unknown may start them
        ("POST", "/api/v1/trials"),
        ("POST", "/api/v1/batches/add"),
        ("POST", "/api/v1/lost"),
    }
    assert len(ROUTES) >= 24


async def test_without_a_session_every_other_route_and_socket_refuses() -> None:
    answers = {}
    async with running_hub() as running, running.stranger() as client:
        for method, path in ROUTES:
            concrete = re.sub(r"\{[^}]*\}", "cam_a", path)
            if method == SOCKET:
                answers[method, path] = await _socket_status(f"ws://{running.authority}{concrete}")
            elif (method.replace("HEAD", "GET"), path) not in OPEN:
                answers[method, path] = (await client.request(method, concrete, json={})).status_code
        for path in (
            "/api",
            "/api/",
            "/api/v1/nothing",
            "/api/v2/cameras",
            "/api/v1/session/",
            "/api/../api/v1/cameras",
        ):
            answers["GET", path] = (await client.get(path)).status_code

        assert running.gateway.asked == [changes for changes in running.gateway.asked if changes.path == "/changes"]

    assert set(answers.values()) == {401}, answers


async def test_an_ended_session_is_no_session() -> None:
    async with running_hub() as running:
        await running.client.delete("/api/v1/session")

        async with running.stranger(headers={"Authorization": f"Bearer {running.token}"}) as client:
            answer = await client.get("/api/v1/cameras")

        assert answer.status_code == 401


async def test_a_session_is_never_taken_from_the_address() -> None:
    async with running_hub() as running, running.stranger() as client:
        for name in ("token", "access_token", "tawny"):
            answer = await client.get(f"/api/v1/cameras?{name}={running.token}")

            assert answer.status_code == 401


async def _socket_status(url: str) -> int:
    with pytest.raises(InvalidStatus) as refused:
        async with connect(url):
            pass
    return refused.value.response.status_code
