"""A camera that is not there: what a real one answered, served on loopback to whoever asks.

SOAP by operation (and by token, where several answers were kept), behind any kind of login; RTSP from transcripts. The
camera's clock stands where the recording has it, so that tokens must be made for that time.
"""

import asyncio
import json
import re
import ssl
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import h11
import pytest
from lxml import etree

from tawny.wire import auth
from tawny.wire.onvif import security, soap
from tawny.wire.onvif.device import read_system_date_and_time, write_date_time
from tawny.wire.onvif.elements import Element, local, make
from tawny.wire.rtsp.messages import MessageReader, Request

DEVICES = Path(__file__).parents[2] / "../shared/devices"
USER, PASSWORD = "viewer", 'p"äss w\\rd'
REALM = "replayed camera"
NOON_US = 1_795_348_800_000_000  # what the clock says of cameras whose own was not kept
_OPEN = {"GetSystemDateAndTime"}


def every_directory() -> list[str]:
    """The directories of answers and transcripts, by make."""
    if not DEVICES.is_dir():
        return []
    return sorted({str(each.parent.relative_to(DEVICES)) for each in DEVICES.rglob("*.*") if each.parent != DEVICES})


def every_description() -> list[str]:
    """The answers to DESCRIBE, and bare session descriptions."""
    if not DEVICES.is_dir():
        return []
    found = [*DEVICES.rglob("*describe*.txt"), *DEVICES.rglob("*sdp*.txt"), *DEVICES.rglob("*.sdp")]
    return sorted(str(each.relative_to(DEVICES)) for each in found)


def devices() -> Path:
    """Where real answers are kept, or this test is skipped."""
    if not DEVICES.is_dir():
        pytest.skip("needs ../shared/devices (answers of real cameras), which is not here")
    return DEVICES


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered once: *about* are the words by which the request can be told from others."""

    body: bytes
    status: int = 200
    about: str = ""


@dataclass(slots=True, kw_only=True)
class Guard:
    """How the camera lets itself be convinced: *kinds* of "digest-sha256", "digest-md5", "wsse", "basic"; none: open.

    *fickle*: each nonce is good once, and none is called stale. *locked*: no login is taken. *right* is the password.
    """

    kinds: frozenset[str] = frozenset()
    user: str = USER
    right: str = PASSWORD
    fickle: bool = False
    locked: str = ""
    wrong: int = 0
    denied: frozenset[str] = frozenset()
    nonces: list[str] = field(default_factory=list)
    used: security.Nonces = field(default_factory=security.Nonces)

    def admits(self, request: h11.Request, envelope: soap.Envelope, now_us: int) -> bool:
        """Whether the request carries a right login; a wrong one is counted."""
        passwords = {self.user: self.right}
        given = dict(request.headers).get(b"authorization", b"").decode()
        token = security.read_token(envelope.header)
        if self.locked:
            return False
        if given:
            fits = self._fits(given)
            verdict = auth.judge(
                given,
                method="POST",
                uri=request.target.decode(),
                realm=REALM,
                passwords=passwords,
                fresh=self._fresh,
                basic="basic" in self.kinds,
            )
            if verdict is auth.Verdict.ACCEPTED and fits:
                return True
            self.wrong += verdict is auth.Verdict.REFUSED or not fits
            return False
        if token is not None:
            verdict_of = security.judge(token, passwords=passwords, now_us=now_us, nonces=self.used)
            if "wsse" in self.kinds and verdict_of is security.Verdict.ACCEPTED:
                return True
            self.wrong += 1
        return not self.kinds

    def _fits(self, given: str) -> bool:
        if given.startswith("Basic"):
            return "basic" in self.kinds
        return ("digest-sha256" if "SHA-256" in given else "digest-md5") in self.kinds

    def _fresh(self, nonce: str) -> bool:
        if nonce not in self.nonces:
            return False
        if self.fickle:
            self.nonces.remove(nonce)
        return True

    def challenges(self) -> list[tuple[str, str]]:
        """The headers of a 401."""
        nonce = f"nonce{len(self.nonces)}{id(self):x}{self.wrong}"
        self.nonces.append(nonce)
        offered = []
        if "digest-sha256" in self.kinds:
            offered.append(f'Digest realm="{REALM}", qop="auth", nonce="{nonce}", algorithm=SHA-256')
        if "digest-md5" in self.kinds:
            offered.append(f'Digest realm="{REALM}", qop="auth", nonce="{nonce}"')
        if "basic" in self.kinds:
            offered.append(f'Basic realm="{REALM}"')
        return [("WWW-Authenticate", each) for each in offered]


class Answers(Protocol):
    """What there is to answer."""

    def answer(self, body: Element) -> Answer | None:
        """The answer to a request like *body*, or None."""
        ...

    def clock_us(self) -> int:
        """What the camera's clock says."""
        ...


class Made:
    """Answers that a test makes up, by operation."""

    def __init__(self, answers: Mapping[str, bytes | Answer], *, clock_us: int = NOON_US) -> None:
        self.answers = dict(answers)
        self._clock_us = clock_us

    def answer(self, body: Element) -> Answer | None:
        """See `Answers.answer`."""
        made = self.answers.get(local(body))
        return Answer(body=made) if isinstance(made, bytes) else made

    def clock_us(self) -> int:
        """See `Answers.clock_us`."""
        return self._clock_us


class Recorded:
    """The answers of one directory, by service and operation."""

    def __init__(self, directory: Path) -> None:
        self._answers: dict[tuple[str, str], list[Answer]] = defaultdict(list)
        statuses = _statuses(directory)
        for path in sorted(directory.glob("*.xml")):
            self._add(path, statuses.get(path.name, (200, "")))

    def _add(self, path: Path, told: tuple[int, str]) -> None:
        data = path.read_bytes()
        try:
            body = soap.parse(data).body
        except ValueError:
            return
        named = re.search(r"(?:\d+_|trt_|fixtures__)?([A-Za-z0-9_]+)\.xml$", path.name)
        if body is None or named is None:
            return
        if local(body) == "Fault":
            self._answers["", named[1]].append(Answer(body=data, status=told[0], about=told[1]))
            return
        operation = local(body).removesuffix("Response")
        about = told[1] or named[1].removeprefix(operation)
        self._answers[etree.QName(body).namespace or "", operation].append(
            Answer(body=data, status=told[0], about=about)
        )

    @property
    def operations(self) -> set[tuple[str, str]]:
        """What can be asked."""
        return set(self._answers)

    def answer(self, body: Element) -> Answer | None:
        """What was answered to a request like *body*."""
        operation = local(body)
        kept = self._answers.get((etree.QName(body).namespace or "", operation)) or self._answers.get(("", operation))
        if not kept:
            return None
        words = {str(word).strip() for word in body.itertext()}
        return next(
            (each for each in kept if each.about and any(word in each.about for word in words if word)), kept[0]
        )

    def clock_us(self) -> int:
        """What the camera's clock said."""
        asked = make("tds:GetSystemDateAndTime")
        kept = self.answer(asked)
        with suppress(ValueError):
            if kept is not None:
                return read_system_date_and_time(soap.answer(kept.body)).utc_us or NOON_US
        return NOON_US


def _statuses(directory: Path) -> Mapping[str, tuple[int, str]]:
    """By file: the status that came with it, and what was asked about."""
    index = directory / "index.json"
    listed = json.loads(index.read_text()) if index.exists() else []
    return {
        each["file"]: (int(each["http_status"] or 200), " ".join(map(str, (each["parameters"] or {}).values())))
        for each in listed
    }


_UNKNOWN = soap.Fault(code="Receiver", subcodes=("ActionNotSupported",), reason="Optional Action Not Implemented")
_DENIED = soap.Fault(code="Sender", subcodes=("NotAuthorized",), reason="Sender not Authorized")


class ReplayCamera:
    """Serves what one camera answered.

    *asked* counts operations, *logins* lists the kinds of login that came; *soap_401*: a 401 has a fault in it.
    """

    def __init__(
        self, recorded: Answers, guard: Guard | None = None, *, rtsp_port: int | None = None, soap_401: bool = False
    ) -> None:
        self._answers = recorded
        self.guard = guard or Guard()
        self.asked: Counter[str] = Counter()
        self.logins: list[str] = []
        self.clock_us = recorded.clock_us()
        self.moved_us = 0  # how far somebody has set the clock on since
        self._operation = ""
        self._rtsp_port = rtsp_port
        self._soap_401 = soap_401

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        http = h11.Connection(h11.SERVER)
        with suppress(ConnectionError, h11.RemoteProtocolError):
            while http.our_state is h11.IDLE or http.our_state is h11.DONE:
                if http.our_state is h11.DONE:
                    http.start_next_cycle()
                request, body = await _request(http, reader)
                if request is None:
                    break
                status, headers, answer = self._answer(request, body)
                await self.hold(self._operation, status)
                headers = [*headers, ("Content-Length", str(len(answer)))]
                writer.write(http.send(h11.Response(status_code=status, headers=headers)))
                writer.write(http.send(h11.Data(data=answer)) + http.send(h11.EndOfMessage()))
                await writer.drain()
        writer.close()

    async def hold(self, operation: str, status: int) -> None:
        """Called before each answer: a test may let the client wait."""

    def _answer(self, request: h11.Request, data: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        envelope = soap.parse(data, lenient=False)
        assert envelope.body is not None
        self._operation = operation = local(envelope.body)
        self.asked[operation] += 1
        self._note_login(request, envelope)
        if operation not in _OPEN and not self.guard.admits(request, envelope, self.clock_us + self.moved_us):
            return self._turned_away()
        if operation in self.guard.denied:
            return 400, [], soap.envelope(soap.write_fault(_DENIED))
        kept = self._answers.answer(envelope.body)
        if operation == "GetSystemDateAndTime" and (kept is None or self.moved_us):
            return 200, [], _clock(self.clock_us + self.moved_us)
        if kept is None:
            return 500, [], soap.envelope(soap.write_fault(_UNKNOWN))
        return kept.status, [("Content-Type", "application/soap+xml")], self._on_our_port(kept.body)

    def _note_login(self, request: h11.Request, envelope: soap.Envelope) -> None:
        given = dict(request.headers).get(b"authorization", b"").decode()
        if given or security.read_token(envelope.header):
            self.logins.append(given.partition(" ")[0] or "token")

    def _turned_away(self) -> tuple[int, list[tuple[str, str]], bytes]:
        fault = soap.Fault(code="Sender", subcodes=("NotAuthorized",), reason=self.guard.locked or _DENIED.reason)
        said = soap.envelope(soap.write_fault(fault))
        challenges = self.guard.challenges()
        if not challenges or self.guard.locked:
            return 400, [], said
        return 401, challenges, said if self._soap_401 else b""

    def _on_our_port(self, body: bytes) -> bytes:
        if self._rtsp_port is None:
            return body
        return re.sub(rb"rtsp://([^/:<\s]+)(:\d+)?", rb"rtsp://\1:%d" % self._rtsp_port, body)


def _clock(utc_us: int) -> bytes:
    told = make("tds:GetSystemDateAndTimeResponse")
    held = make("tds:SystemDateAndTime", write_date_time("tt:UTCDateTime", utc_us))
    told.append(held)
    return soap.envelope(told)


async def _request(http: h11.Connection, reader: asyncio.StreamReader) -> tuple[h11.Request | None, bytes]:
    request, body = None, b""
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(await reader.read(65_536))
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            return request, body
        else:
            return None, b""


class ReplayRtsp:
    """Answers a client with *describe* (an answer, or a bare SDP) and the transcripts beside it; sends no media."""

    def __init__(self, describe: Path) -> None:
        self._kept = {"DESCRIBE": _transcript(describe)}
        for path in sorted(describe.parent.glob("*.txt")):
            method = next((word for word in ("setup", "play", "options") if f"_{word}" in path.name), None)
            if method is not None:
                self._kept.setdefault(method.upper(), _transcript(path))
        self.asked: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        messages = MessageReader()
        channel = 0
        while data := await reader.read(65_536):
            messages.feed(data)
            while isinstance(asked := messages.next(), Request):
                self.asked.append(asked.method)
                kept = self._kept.get(asked.method, b"RTSP/1.0 200 OK\r\nCSeq: 0\r\n\r\n")
                kept = re.sub(rb"CSeq: *\d+", b"CSeq: " + (asked.headers.get("CSeq") or "0").encode(), kept, count=1)
                if asked.method == "SETUP":
                    kept = kept.replace(b"interleaved=0-1", b"interleaved=%d-%d" % (channel, channel + 1))
                    channel += 2
                writer.write(kept)
                await writer.drain()
        writer.close()


def _transcript(path: Path) -> bytes:
    """An answer as kept, its length set right; a bare description becomes an answer."""
    data = path.read_bytes()
    if not data.startswith(b"RTSP/"):
        head = b"RTSP/1.0 200 OK\r\nCSeq: 0\r\nContent-Type: application/sdp\r\nContent-Length: 0"
        data = head + b"\r\n\r\n" + data
    head, blank, body = data.partition(b"\r\n\r\n")
    return re.sub(rb"Content-Length: *\d+", b"Content-Length: %d" % len(body), head) + blank + body


@asynccontextmanager
async def listening(camera: ReplayCamera | ReplayRtsp, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port on loopback on which *camera* answers."""
    connections: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(writer)
        try:
            await camera.serve(reader, writer)
        finally:
            connections.discard(writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for writer in list(connections):
            writer.transport.abort()
        await server.wait_closed()
