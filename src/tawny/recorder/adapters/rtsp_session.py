"""An RTSP session on a connected socket: led to its stream, then kept alive; as a `Link` where media come along with it."""

import ssl
from contextlib import suppress
from typing import Protocol

from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import Failure, failure
from tawny.runtime.clock import Clock
from tawny.wire.rtsp.client import Client, Playing, RtspError
from tawny.wire.rtsp.messages import Request, Response

HANDSHAKE_S = 10.0
_TROUBLES = {
    "credentials": Trouble.CREDENTIALS,
    "basic_only": Trouble.BASIC_ONLY,
    "not_found": Trouble.NOT_FOUND,
}


class Stream(Protocol):
    """What a session needs of a socket; where it would block it raises what sockets raise."""

    def settimeout(self, value: float | None, /) -> None:
        """Wait so long at most."""
        ...

    def setblocking(self, flag: bool, /) -> None:
        """Wait for ever, or never."""
        ...

    def sendall(self, data: bytes, /) -> None:
        """Send all of *data*."""
        ...

    def send(self, data: bytes, /) -> int:
        """Send what can be sent now; how much that was."""
        ...

    def recv(self, size: int, /) -> bytes:
        """What came, *size* bytes at most; nothing where the other side closed."""
        ...

    def recv_into(self, view: memoryview, /) -> int:
        """Put what came into *view*; how much that was."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


def handshake(connected: Stream, client: Client, clock: Clock) -> Playing:
    """Let *client* lead the camera to its stream; raises Failure."""
    deadline = clock.monotonic() + HANDSHAKE_S
    heard = False
    try:
        send = client.start()
        while client.playing is None:
            connected.settimeout(max(deadline - clock.monotonic(), 0.001))
            if send:
                connected.sendall(send)
            received = connected.recv(65_536)
            if not received:
                raise failure(Trouble.CLOSED) if heard else failure(Trouble.NOT_RTSP)
            heard = True
            send = client.receive(received)
    except RtspError as error:
        raise refusal(error) from error
    except TimeoutError as error:
        raise _unanswered(heard=heard) from error
    except OSError as error:
        raise failure(Trouble.CLOSED) from error
    except ValueError as error:
        raise failure(Trouble.NOT_RTSP) from error
    return client.playing


def _unanswered(*, heard: bool) -> Failure:
    if heard:
        return failure(Trouble.UNREACHABLE, title="The camera stopped answering while connecting.")
    return failure(
        Trouble.UNREACHABLE,
        title="The camera accepts connections, but does not answer.",
        remedy="Check that the port is the camera's RTSP port, and restart the camera.",
    )


def refusal(error: RtspError) -> Failure:
    """The server's no in plain words."""
    kind = _TROUBLES.get(error.kind, Trouble.OTHER)
    if kind is Trouble.OTHER and error.reason:
        return failure(kind, title=f"The camera refused to send its stream: {error.reason} ({error.status}).")
    return failure(kind)


class SessionLink:
    """A non-blocking stream with the RTSP session that it carries."""

    def __init__(self, connected: Stream, client: Client) -> None:
        connected.setblocking(False)
        self._socket = connected
        self._client = client

    def receive(self, view: memoryview) -> int | None:
        try:
            return self._socket.recv_into(view)
        except BlockingIOError:
            return None
        except OSError as error:
            raise failure(Trouble.CLOSED) from error

    def keepalive(self) -> None:
        self._send(self._client.keepalive())

    def reply(self, head: bytes) -> None:
        try:
            self._send(self._client.reply(head))
        except RtspError as error:
            raise failure(Trouble.CLOSED, title="The camera ended the session.") from error
        except ValueError as error:
            raise failure(Trouble.BAD_STREAM) from error

    def hear(self, message: Request | Response) -> None:
        """As `reply`, where the message was read already."""
        try:
            self._send(self._client.hear(message))
        except RtspError as error:
            raise failure(Trouble.CLOSED, title="The camera ended the session.") from error

    def close(self) -> None:
        with suppress(Failure):
            self._send(self._client.teardown())
        self._socket.close()

    def _send(self, data: bytes) -> None:
        if not data:
            return
        try:
            self._socket.send(data)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass  # a camera that takes in nothing hears from us with the next keepalive, or not at all
        except OSError as error:
            raise failure(Trouble.CLOSED) from error


class TlsSessionLink(SessionLink):
    """The same with TLS, which gives a record of 16 KB at most a read; what is left must not wait for the next sweep."""

    def receive(self, view: memoryview) -> int | None:
        at = 0
        try:
            while at < len(view) and (count := self._socket.recv_into(view[at:])):
                at += count
        except ssl.SSLWantReadError:
            return at or None
        except OSError as error:
            raise failure(Trouble.CLOSED) from error
        return at
