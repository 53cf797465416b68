"""RTSP through HTTP, as QuickTime began it and ONVIF asks for (Streaming Specification, 5.1.1.2): two connections.

What the server says comes as the endless answer to a GET; what the client says goes as the endless body of a POST, in
base64. A cookie that the client makes up ties the two together.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tawny.wire.auth import Login, challenges, strongest, unreadable
from tawny.wire.rtsp.client import WAY, RtspError
from tawny.wire.rtsp.messages import Headers, unfolded
from tawny.wire.rtsp.urls import split_login
from tawny.wire.tries import Tries

MOST_HEAD = 16_384
_TYPE = "application/x-rtsp-tunnelled"
_ANSWER = (
    f"HTTP/1.0 200 OK\r\nServer: Tawny\r\nCache-Control: no-store\r\nPragma: no-cache\r\nContent-Type: {_TYPE}\r\n\r\n"
)
_QUANTA = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_START = re.compile(r"HTTP/1\.[01]\s+(\d{3})(?:\s+(.*))?")


class TunnelClient:
    """The client's two requests, and what the server answers to the first.

    Invariants: a login is tried once; nothing but its answer ever leaves the login, and that is never the password
    itself without *allow_basic*.
    """

    def __init__(
        self,
        url: str,
        *,
        cookie: str,
        user: str = "",
        password: str = "",
        cnonce: Callable[[], str],
        allow_basic: bool = False,
        tries: Tries | None = None,
    ) -> None:
        self._allow_basic = allow_basic
        clean, url_user, url_password = split_login(url)
        parts = urlsplit(clean)
        self._path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        self._host = parts.netloc
        self._cookie = cookie
        self._credentials = (user or url_user, password if user else url_password)
        self._may_login = self._credentials[0] != ""
        self._login = Login(*self._credentials, cnonce)
        self._tries = tries or Tries()
        self._data = b""
        self.open = False

    def get(self) -> bytes:
        """What opens the way from the server."""
        self._data = b""
        return self._head("GET", ("Accept", _TYPE))

    def post(self) -> bytes:
        """What opens the way to the server; the length is one that never ends (ONVIF names 32767)."""
        return self._head("POST", ("Content-Type", _TYPE), ("Content-Length", "32767"))

    def receive(self, data: bytes) -> bytes | None:
        """Take what the server answers to GET; what of RTSP came with it, or None where GET is to be sent once more.

        Until *open* is set there is more to come. Raises RtspError and ValueError.
        """
        self._data += data
        head, end, rest = self._data.partition(b"\r\n\r\n")
        if not end:
            if len(head) > MOST_HEAD or not b"HTTP/1.".startswith(head[:7]):
                raise ValueError("the answer is not HTTP")
            return b""
        start, headers = _head(head)
        match = _START.fullmatch(start)
        if match is None:
            raise ValueError("the answer is not HTTP")
        if match[1] == "401":
            self._challenge(headers, match[2] or "")
            return None
        if match[1] != "200":
            raise RtspError(int(match[1]), match[2] or "")
        self.open = True
        return rest

    def _challenge(self, headers: Headers, reason: str) -> None:
        offered = challenges(headers.all("WWW-Authenticate"))
        if self._login.challenged:
            self._tries.refused(*self._credentials, WAY)
        if not self._may_login or self._login.challenged or not self._tries.may(*self._credentials, WAY):
            raise RtspError(401, reason)
        usable = offered if self._allow_basic else unreadable(offered)
        if strongest(usable) is None:
            kind = "unsupported" if strongest(offered) is None else "basic_only"
            raise RtspError(401, "the server asks for a kind of login that is not supported", kind=kind)
        self._login.challenge(usable)

    def _head(self, method: str, *headers: tuple[str, str]) -> bytes:
        lines = [("Host", self._host), ("User-Agent", "Tawny"), ("x-sessioncookie", self._cookie), *headers]
        lines += [("Pragma", "no-cache"), ("Cache-Control", "no-cache")]
        if self._login.challenged:
            lines.append(("Authorization", self._login.answer(method=method, uri=self._path)))
        text = "".join(f"{name}: {value}\r\n" for name, value in lines)
        return f"{method} {self._path} HTTP/1.1\r\n{text}\r\n".encode()


def encoded(data: bytes) -> bytes:
    """*data* as it goes to the server."""
    return base64.b64encode(data)


class Decoding:
    """Takes base64 apart as it comes, each message padded for itself; some clients break its lines.

    Invariant: at most three characters wait for those that follow.
    """

    def __init__(self) -> None:
        self._left = b""

    def feed(self, data: bytes) -> bytes:
        """What *data* completes; raises ValueError where it is not base64."""
        data = self._left + re.sub(rb"\s+", b"", data)
        whole = len(data) // 4 * 4
        self._left, data = data[whole:], data[:whole]
        found, at = [], 0
        while at < len(data):
            match = _QUANTA.match(data, at)
            if match is None or match.end() == at:
                raise ValueError("what comes through the tunnel is not base64")
            found.append(base64.b64decode(match[0]))
            at = match.end()
        return b"".join(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelRequest:
    """A client's GET or POST: *rest* is what came behind its head."""

    method: str
    cookie: str
    rest: bytes


def tunnel_request(data: bytes) -> TunnelRequest | None:
    """The request that *data* begins with, None until its head is whole. Raises ValueError where it is no tunnel's."""
    if not any(method.startswith(data[: len(method)]) for method in (b"GET ", b"POST ")):
        raise ValueError("this is no tunnel")
    head, end, rest = data.partition(b"\r\n\r\n")
    if not end:
        if len(head) > MOST_HEAD:
            raise ValueError("the head of a tunnel's request is larger than 16 KB")
        return None
    start, headers = _head(head)
    cookie = headers.get("x-sessioncookie")
    if not cookie:
        raise ValueError("this is no tunnel")
    return TunnelRequest(method=start.split(" ", 1)[0], cookie=cookie[:256], rest=rest)


def tunnel_answer() -> bytes:
    """What a server says to a tunnel's GET before all RTSP; to the POST it never answers."""
    return _ANSWER.encode()


def _head(head: bytes) -> tuple[str, Headers]:
    start, *lines = re.split(r"\r?\n", head.decode("utf-8", "replace"))
    return start.strip(), Headers(unfolded(lines))
