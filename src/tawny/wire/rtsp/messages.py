"""RTSP messages (RFC 2326, sections 4 to 7 and 10.12): written, and read piece by piece as they arrive."""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass

MOST_HEAD = 65_536
MOST_BODY = 1 << 20
MOST_START_LINE = 8192

_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(r"RTSP/\d+(?:\.\d+)?\s+(\d{3})(?:\s+(.*))?", re.IGNORECASE | re.ASCII)
_REQUEST_LINE = re.compile(r"([A-Z_]{2,32})\s+(\S+)\s+RTSP/(\d+\.\d+)", re.IGNORECASE | re.ASCII)
_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    453: "Not Enough Bandwidth",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    459: "Aggregate Operation Not Allowed",
    461: "Unsupported Transport",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "RTSP Version Not Supported",
    551: "Option Not Supported",
}


class Headers:
    """Header lines in their order; names are found in whatever case they were sent."""

    __slots__ = ("lines",)

    def __init__(self, lines: Iterable[tuple[str, str]] = ()) -> None:
        self.lines = tuple(lines)

    def get(self, name: str, default: str = "") -> str:
        """The first line of that *name*."""
        return next(iter(self.all(name)), default)

    def all(self, name: str) -> tuple[str, ...]:
        """Every line of that *name*."""
        wanted = name.lower()
        return tuple(value for key, value in self.lines if key.lower() == wanted)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self.lines == other.lines

    def __hash__(self) -> int:
        return hash(self.lines)

    def __repr__(self) -> str:
        return f"Headers({self.lines!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request; *version* is the "1.0" of ``RTSP/1.0``."""

    method: str
    url: str
    headers: Headers = Headers()  # noqa: RUF009 - immutable
    body: bytes = b""
    version: str = "1.0"

    def encode(self) -> bytes:
        return _encoded(f"{self.method} {self.url} RTSP/{self.version}", self.headers, self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer; an empty *reason* is written as the status' usual one."""

    status: int
    reason: str = ""
    headers: Headers = Headers()  # noqa: RUF009 - immutable
    body: bytes = b""

    def encode(self) -> bytes:
        return _encoded(
            f"RTSP/1.0 {self.status} {self.reason or _REASONS.get(self.status, '')}", self.headers, self.body
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Interleaved:
    """A packet between the messages (RFC 2326, 10.12)."""

    channel: int
    payload: bytes

    def encode(self) -> bytes:
        return struct.pack(">cBH", b"$", self.channel, len(self.payload)) + self.payload


Message = Request | Response | Interleaved


class MessageReader:
    """Cuts what arrives on a connection into messages.

    Invariants: nothing is lost or read twice, in whatever pieces it comes; what is held never exceeds a head, a body
    and the piece that came last. Raises ValueError when the peer speaks something else; the connection is then useless.
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._searched = 0

    def feed(self, data: bytes) -> None:
        """Add what came."""
        self._data += data

    def rest(self) -> bytes:
        """Take what has not been read."""
        rest = bytes(self._data)
        self._data.clear()
        self._searched = 0
        return rest

    def next(self) -> Message | None:
        """The next whole message, or None until more comes."""
        if not self._searched:
            del self._data[: len(self._data) - len(self._data.lstrip(b"\r\n"))]
        if self._data[:1] == b"$":
            return self._interleaved()
        end = self._end_of_head()
        if end is None:
            return None
        head = bytes(self._data[:end])
        message = parse_head(head)
        size = _body_size(message.headers)
        if len(self._data) < end + size:
            return None
        body = bytes(self._data[end : end + size])
        self._drop(end + size)
        return _with_body(message, body) if body else message

    def _interleaved(self) -> Interleaved | None:
        if len(self._data) < 4:
            return None
        channel, size = struct.unpack_from(">xBH", self._data)
        if len(self._data) < 4 + size:
            return None
        packet = Interleaved(channel=channel, payload=bytes(self._data[4 : 4 + size]))
        self._drop(4 + size)
        return packet

    def _end_of_head(self) -> int | None:
        match = _END_OF_HEAD.search(self._data, max(0, self._searched - 3))
        if match is not None and match.end() <= MOST_HEAD:
            self._searched = match.start()
            return match.end()
        self._searched = len(self._data)
        _check_start(bytes(self._data[: MOST_START_LINE + 1]))
        if len(self._data) > MOST_HEAD:
            raise ValueError("the head of an RTSP message is larger than 64 KB")
        return None

    def _drop(self, size: int) -> None:
        del self._data[:size]
        self._searched = 0


def parse_head(head: bytes) -> Request | Response:
    """Read a head (start line and headers, with or without the empty line after them)."""
    start, *lines = re.split(r"\r?\n", head.decode("utf-8", "replace").strip("\r\n"))
    headers = Headers(unfolded(lines))
    if match := _STATUS_LINE.fullmatch(start.strip()):
        return Response(status=int(match[1]), reason=(match[2] or "").strip(), headers=headers)
    if match := _REQUEST_LINE.fullmatch(start.strip()):
        return Request(method=match[1].upper(), url=match[2], headers=headers, version=match[3])
    raise ValueError(_not_rtsp(start))


def unfolded(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Name and value of each line; lines that start with a blank continue the one before, those without a colon go."""
    found: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in {" ", "\t"} and found:
            name, value = found[-1]
            found[-1] = (name, f"{value} {line.strip()}")
        elif ":" in line:
            name, _, value = line.partition(":")
            found.append((name.strip(), value.strip()))
    return found


def _body_size(headers: Headers) -> int:
    text = headers.get("Content-Length", "0")
    if not text.isascii() or not text.isdigit():
        raise ValueError("an RTSP message has a Content-Length that is no number")
    size = int(text[:10])
    if size > MOST_BODY:
        raise ValueError("the body of an RTSP message is larger than 1 MB")
    return size


def _with_body(message: Request | Response, body: bytes) -> Request | Response:
    if isinstance(message, Request):
        return Request(
            method=message.method, url=message.url, headers=message.headers, body=body, version=message.version
        )
    return Response(status=message.status, reason=message.reason, headers=message.headers, body=body)


def _check_start(data: bytes) -> None:
    """Refuse as soon as it is certain that the peer speaks something else, so that nobody waits for its next words."""
    line, newline, _ = data.partition(b"\n")
    text = line.decode("utf-8", "replace").strip()
    if newline and not (_STATUS_LINE.fullmatch(text) or _REQUEST_LINE.fullmatch(text)):
        raise ValueError(_not_rtsp(text))
    if not newline and (len(data) > MOST_START_LINE or not re.match(rb"[A-Za-z_/]*(?:\s|\d|$)", data)):
        raise ValueError(_not_rtsp(text))


def _not_rtsp(line: str) -> str:
    for beginning, service in {"HTTP/": "a web server", "SSH-": "an SSH server"}.items():
        if line.startswith(beginning):
            return f"this is {service}, not an RTSP server"
    return "the answer is not RTSP"


def _encoded(start: str, headers: Headers, body: bytes) -> bytes:
    lines = [start, *(f"{name}: {value}" for name, value in headers.lines)]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("an RTSP header cannot hold a line break")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
