"""A camera that can turn hostile: passes what it is asked on to a real one and changes what that answers, on loopback."""

import http.client
import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from tawny.runtime.clock import SystemClock

Change = Callable[[str, bytes], bytes | None]  # operation and the camera's answer's body -> another body, None: hang up
Act = Callable[[str, socket.socket], bool]  # operation -> whether it has said all that there is to say


def as_it_is(_: str, body: bytes) -> bytes:
    return body


def speaks(_: str, __: socket.socket) -> bool:
    return False


@dataclass(kw_only=True)
class Turncoat:
    """What stands at a camera's address; without *upstream* nothing is passed on. ``with`` ends it.

    *act* may take over a connection, *change* alters what the camera answered. *heard* is all that was ever received,
    whole, up to the newest 4 MB.
    """

    upstream: int = 0
    host: str = "127.0.0.1"
    act: Act = speaks
    change: Change = as_it_is
    port: int = 0
    heard: bytearray = field(default_factory=bytearray)
    asked: list[str] = field(default_factory=list)
    connections: int = 0
    _open: set[socket.socket] = field(default_factory=set)

    def __enter__(self) -> Self:
        self._listener = socket.create_server((self.host, self.port), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
        self._listener.close()
        for sock in list(self._open):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}/onvif/device_service"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        self._open.add(sock)
        with sock, suppress(OSError, http.client.HTTPException):
            sock.settimeout(60)
            while self._served(sock):
                pass
        self._open.discard(sock)

    def _served(self, sock: socket.socket) -> bool:
        """Answer one request; whether there may be more."""
        head, body = self._request(sock)
        if not head:
            return False
        operation = operation_of(body)
        self.asked.append(operation)
        if self.act(operation, sock):
            return False
        if self.upstream:
            self._pass_on(operation, head, body, sock)
        else:
            sock.sendall(answer(b"", status=404))
        return True

    def _request(self, sock: socket.socket) -> tuple[bytes, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            more = sock.recv(65_536)
            self._hear(more)
            data += more
            if not more or len(data) > 1 << 20:
                return b"", b""
        head, _, body = data.partition(b"\r\n\r\n")
        found = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
        while len(body) < int(found[1] if found else 0):
            more = sock.recv(65_536)
            self._hear(more)
            if not more:
                return b"", b""
            body += more
        return head, body

    def _hear(self, data: bytes) -> None:
        self.heard += data
        del self.heard[: -(4 << 20)]

    def _pass_on(self, operation: str, head: bytes, body: bytes, sock: socket.socket) -> None:
        first, *lines = head.decode("latin-1").split("\r\n")
        _, path, _ = first.split(" ")
        headers = dict(line.split(": ", 1) for line in lines)
        real = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=50)
        try:
            real.request("POST", path, body, {**headers, "Connection": "close"})
            response = real.getresponse()
            said = response.read().replace(b":%d/" % self.upstream, b":%d/" % self.port)
        finally:
            real.close()
        changed = self.change(operation, said)
        if changed is None:
            sock.shutdown(socket.SHUT_RDWR)
            return
        kept = [
            f"{name}: {value}"
            for name, value in response.getheaders()
            if name.lower() in {"www-authenticate", "content-type", "date"}
        ]
        sock.sendall(answer(changed, *kept, status=response.status))


def operation_of(body: bytes) -> str:
    """The operation that a SOAP message asks for."""
    found = re.search(rb"Body[^>]*>\s*<(?:[\w.-]+:)?(\w+)", body)
    return found[1].decode() if found else ""


def answer(body: bytes, *headers: str, status: int = 200) -> bytes:
    """An answer with its length."""
    head = "".join(f"{header}\r\n" for header in (*headers, f"Content-Length: {len(body)}"))
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode() + body


def says(said: bytes, *, repeated: bytes = b"", pace_s: float = 0.0, times: int = 1 << 30) -> Act:
    """Answers everything with *said*, and then *repeated* until nobody listens."""

    def act(sock: socket.socket) -> bool:
        sock.sendall(said)
        for _ in range(times) if repeated else ():
            sock.sendall(repeated)
            if pace_s:
                SystemClock().wait(pace_s)
        return True

    return lambda _, sock: act(sock)


def slow(seconds: float) -> Act:
    """Lets everybody wait, and goes on as usual."""

    def act(_: str, __: socket.socket) -> bool:
        SystemClock().wait(seconds)
        return False

    return act
