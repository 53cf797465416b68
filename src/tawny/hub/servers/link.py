"""The link's end in the hub: gateways dial in, and then we ask them (``docs/design/programs.md``, "Link")."""

import asyncio
import json as json_format
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tawny.hub.servers.http2 import Connection, LinkStream, not_connected
from tawny.runtime.problem import Kind, Problem

_NONE: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class LinkAnswer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as the JSON that it is; Problem(UNAVAILABLE) where it is none."""
        try:
            return json_format.loads(self.body)
        except ValueError:
            raise Problem(Kind.UNAVAILABLE, "The recorder's answer can't be read.") from None


class Link:
    """The recorder, as far as the hub can see it.

    Invariant: at most one gateway is asked; one that dials in later replaces the earlier one, whose streams end.
    """

    def __init__(self, *, answer_timeout_s: float = 20) -> None:
        self._timeout_s = answer_timeout_s
        self._connection: Connection | None = None
        self._dialled: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self._up = asyncio.Event()

    @property
    def connected(self) -> bool:
        return self._connection is not None

    async def listen(self, path: Path) -> None:
        """Wait for gateways on the Unix socket at *path*, which only this user may open."""
        path.unlink(missing_ok=True)  # noqa: ASYNC240 - once, before anything waits for us
        self._server = await asyncio.get_running_loop().create_unix_server(lambda: Connection(self), str(path))
        path.chmod(0o600)  # noqa: ASYNC240 - once, at start, on a local socket

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for connection in list(self._dialled):
            connection.abort()
            await connection.closed.wait()

    async def until_connected(self) -> None:
        """Wait for a gateway."""
        await self._up.wait()

    async def stream(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        person: str,
        headers: Mapping[str, str] = _NONE,
        timeout_s: float | None = None,
    ) -> LinkStream:
        """Ask, and return once the answer has begun; an error status is raised as the `Problem` it carries.

        *json* is sent as JSON, or as it is where it is octets.
        """
        if self._connection is None:
            raise not_connected()
        body = json if json is None or isinstance(json, bytes) else json_format.dumps(json).encode()
        stream: LinkStream | None = None
        try:
            async with asyncio.timeout(timeout_s or self._timeout_s):
                stream = await self._connection.ask(method, path, person, body, headers)
                await stream.succeeded()
        except BaseException as error:
            if stream is not None:
                stream.close()
            if isinstance(error, TimeoutError):
                raise Problem(Kind.UNAVAILABLE, "The recorder did not answer in time.", remedy="Try again.") from None
            raise
        return stream

    async def request(
        self, method: str, path: str, *, json: Any = None, person: str, timeout_s: float | None = None
    ) -> LinkAnswer:
        """Ask, and return the whole answer; an error status is raised as the `Problem` it carries.

        *timeout_s* is for what waits for a camera, and may take longer than a recorder's answer.
        """
        try:
            async with (
                asyncio.timeout(timeout_s or self._timeout_s),
                await self.stream(method, path, json=json, person=person, timeout_s=timeout_s) as stream,
            ):
                return LinkAnswer(status=stream.status, headers=stream.headers, body=await stream.whole())
        except TimeoutError:
            raise Problem(Kind.UNAVAILABLE, "The recorder did not answer in time.", remedy="Try again.") from None

    def on_dialled(self, connection: Connection) -> None:
        self._dialled.add(connection)

    def on_up(self, connection: Connection) -> None:
        earlier, self._connection = self._connection, connection
        if earlier is not None:
            earlier.close()
        self._up.set()

    def on_down(self, connection: Connection) -> None:
        self._dialled.discard(connection)
        if self._connection is connection:
            self._connection = None
            self._up.clear()
