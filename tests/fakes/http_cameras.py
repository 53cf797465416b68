"""Loopback servers that answer HTTP as hostile or careless cameras do: what they send is given, byte for byte."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from tawny.runtime.clock import SystemClock


def answer(body: bytes, *headers: str, status: int = 200) -> bytes:
    """An answer with its length."""
    head = "".join(f"{header}\r\n" for header in (*headers, f"Content-Length: {len(body)}"))
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode() + body


@dataclass(slots=True)
class ScriptedCamera:
    """Answers the first request with the first of *answers*, and so on, the last one ever again.

    An answer of None hangs up without a word. *repeated*, where given, follows the first answer until nobody listens.
    """

    answers: Sequence[bytes | None]
    repeated: bytes = b""
    hang_up: bool = False
    pace_s: float = 0.0
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    sent: int = 0
    port: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                first = await reader.readexactly(1)
                if first == b"\x16":  # TLS where none is spoken
                    writer.write(answer(b"", status=400))
                    break
                head = first + await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
                )
                self.requests.append(head + await reader.readexactly(length))
                self.asked.set()
                said = self.answers[min(len(self.requests), len(self.answers)) - 1]
                if said is None:
                    break
                writer.write(said)
                await writer.drain()
                await self._repeat(writer)
                if self.hang_up:
                    break
        writer.close()

    async def _repeat(self, writer: asyncio.StreamWriter) -> None:
        while self.repeated:
            writer.write(self.repeated)
            self.sent += len(self.repeated)
            await writer.drain()
            if self.pace_s:
                await SystemClock().sleep(self.pace_s)


@asynccontextmanager
async def scripted(camera: ScriptedCamera, tls: ssl.SSLContext | None = None) -> AsyncIterator[ScriptedCamera]:
    """*camera*, listening on loopback."""
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await camera.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    camera.port = int(server.sockets[0].getsockname()[1])
    try:
        yield camera
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await server.wait_closed()
