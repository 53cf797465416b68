"""RTSP through HTTP or HTTPS: two sockets that look like one."""

import socket
from collections.abc import Callable
from contextlib import suppress

from tawny.recorder.adapters.rtsp_session import refusal
from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import failure
from tawny.wire.rtsp.client import RtspError
from tawny.wire.rtsp.tunnel import TunnelClient, encoded

TUNNEL_S = 5.0  # until the server has answered


class TunnelSocket:
    """A `Stream` through HTTP. What came with the answer's head is read first; what couldn't be sent goes first next time."""

    def __init__(self, incoming: socket.socket, outgoing: socket.socket, began: bytes) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._began = began
        self._unsent = b""

    def settimeout(self, value: float | None) -> None:
        self._incoming.settimeout(value)
        self._outgoing.settimeout(value)

    def setblocking(self, flag: bool) -> None:
        self._incoming.setblocking(flag)
        self._outgoing.setblocking(flag)

    def sendall(self, data: bytes) -> None:
        self._outgoing.sendall(encoded(data))

    def send(self, data: bytes) -> int:
        self._unsent += encoded(data)
        self._unsent = self._unsent[self._outgoing.send(self._unsent) :]
        return len(data)

    def recv(self, size: int) -> bytes:
        began, self._began = self._began[:size], self._began[size:]
        return began or self._incoming.recv(size)

    def recv_into(self, view: memoryview) -> int:
        if not self._began:
            return self._incoming.recv_into(view)
        began, self._began = self._began[: len(view)], self._began[len(view) :]
        view[: len(began)] = began
        return len(began)

    def close(self) -> None:
        self._incoming.close()
        self._outgoing.close()


def tunnelled(connect: Callable[[], socket.socket], client: TunnelClient) -> TunnelSocket:
    """Open a tunnel over connections that *connect* makes; raises Failure."""
    opened: list[socket.socket] = []
    try:
        incoming, began = _way_in(connect, client, opened)
        outgoing = connect()
        opened.append(outgoing)
        outgoing.sendall(client.post())
        kept = TunnelSocket(incoming, outgoing, began)
        opened = [one for one in opened if one not in {incoming, outgoing}]
    except RtspError as error:
        raise refusal(error) from error
    except OSError as error:
        raise failure(Trouble.CLOSED) from error
    except ValueError as error:
        raise failure(
            Trouble.NOT_RTSP,
            title="The camera does not send its stream through HTTP here.",
            remedy="Check the port: it is the one of the camera's web pages.",
        ) from error
    finally:
        for one in opened:
            with suppress(OSError):
                one.close()
    return kept


def _way_in(
    connect: Callable[[], socket.socket], client: TunnelClient, opened: list[socket.socket]
) -> tuple[socket.socket, bytes]:
    """The connection on which the server talks, and what it has said already."""
    while True:  # the client gives up after one login
        incoming = connect()
        opened.append(incoming)
        incoming.settimeout(TUNNEL_S)
        incoming.sendall(client.get())
        began: bytes | None = b""
        while not client.open and began is not None:
            if not (data := incoming.recv(65_536)):
                raise ValueError("the server closes without an answer")
            began = client.receive(data)
        if began is not None:
            return incoming, began
