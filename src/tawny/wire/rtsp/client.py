"""The client's side of RTSP: from an address to a playing camera, without I/O.

OPTIONS, DESCRIBE, one SETUP a track (interleaved in the connection, or over UDP), PLAY; logging in where asked. The
caller moves bytes between the connection and a `Client`, and reads the media itself once `Client.playing` is set.
"""

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from enum import Enum

from tawny.wire.auth import Challenge, Login, challenges, strongest, unreadable
from tawny.wire.rtsp.headers import DEFAULT_TIMEOUT_S, RtpInfo, UdpServer, interleaved, rtp_info, session, udp_server
from tawny.wire.rtsp.messages import Headers, Interleaved, Message, MessageReader, Request, Response, parse_head
from tawny.wire.rtsp.urls import join, split_login, without_login
from tawny.wire.sdp import MediaDescription, SessionDescription, parse
from tawny.wire.tries import Tries

WAY = "rtsp"  # of logging in: users of streams may be others than those of ONVIF
MOST_EARLY = 4 << 20  # media that a server may send before it answers PLAY
_KINDS = {401: "credentials", 403: "credentials", 404: "not_found", 410: "not_found"}
_UNSUPPORTED = {405, 406, 415, 461, 501, 505, 551}
BACKCHANNEL = "www.onvif.org/ver20/backchannel"  # ONVIF Streaming Specification, 5.3.1
_REQUIRING = {"DESCRIBE", "SETUP", "PLAY"}
_REDIRECTS = {301, 302, 303, 305, 307, 308}
_OTHER_TRANSPORT = {400, 406, 461, 501}  # how servers say that they can't send this way


class LowerTransport(Enum):
    """What carries RTP (RFC 2326, 12.39): the RTSP connection itself, or a pair of UDP ports a track."""

    TCP = "tcp"
    UDP = "udp"


@dataclass(frozen=True, slots=True, kw_only=True)
class UdpPath:
    """A track's two ends over UDP: *port* is ours for RTP, the next one ours for RTCP."""

    port: int
    server: UdpServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A medium that was set up; *first_sequence* and *first_timestamp* are RTP-Info's, where the server tells.

    Where it comes over UDP the channels are of our own counting, unique in the session.
    """

    media: MediaDescription
    rtp_channel: int
    rtcp_channel: int
    first_sequence: int | None
    first_timestamp: int | None
    udp: UdpPath | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """A session that plays; it ends when nothing was heard from us for *timeout_s*."""

    session: str
    timeout_s: int
    tracks: tuple[Track, ...]
    server: str
    description: SessionDescription


class RtspError(Exception):
    """The server said no.

    *kind* says what to do: "credentials" (another user or password), "not_found" (another path), "unsupported" (it
    can't do what a recorder needs), "basic_only" (it wants the password as it is), "other". The text never holds a password.
    """

    def __init__(self, status: int, reason: str, *, kind: str = "") -> None:
        self.status = status
        self.reason = re.sub(r"[^\x20-\x7e]", "", reason)[:120]
        self.kind = kind or _KINDS.get(status, "unsupported" if status in _UNSUPPORTED else "other")
        super().__init__(f"{status} {self.reason}")


class Redirected(Exception):  # noqa: N818 - what happened: the caller decides whether to go there
    """The server says that the stream is at *url* instead, which has no login in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__("the server refers to another address")


_Asking = Generator[bytes, Response, Response]


@dataclass(slots=True)
class _Setup:
    media: MediaDescription
    url: str
    rtp_channel: int
    rtcp_channel: int
    udp: UdpPath | None = None


class Client:
    """One session with one camera.

    Invariants: one request is under way at a time; a login that was refused is tried once more only where the server
    says that its nonce was stale, or has accepted that login before, so that no camera locks us out; what arrives
    after PLAY was sent and belongs to the media is in *unread*, in order, once *playing* is set.

    *wants* chooses the media to set up; it may raise what the caller wants to hear. *transports* are tried in that order
    where a server refuses one; *udp_port* opens a pair of ports and gives the first, even one; *require* is a feature
    that the server must have (RFC 2326, 12.32); without *allow_basic* no password is sent as it is; *tries* counts the
    logins that are refused. `start`, `receive` and `reply` raise RtspError when the server says no, Redirected when it refers elsewhere, ValueError when it doesn't speak RTSP.
    """

    def __init__(
        self,
        url: str,
        *,
        user: str = "",
        password: str = "",
        cnonce: Callable[[], str],
        wants: Callable[[SessionDescription], Sequence[MediaDescription]],
        transports: Sequence[LowerTransport] = (LowerTransport.TCP,),
        udp_port: Callable[[], int] = lambda: 0,
        require: str = "",
        allow_basic: bool = False,
        tries: Tries | None = None,
    ) -> None:
        self._allow_basic = allow_basic
        self._url, url_user, url_password = split_login(url)
        self._credentials = (user or url_user, password if user else url_password)
        self._may_login = self._credentials[0] != ""
        self._login = Login(*self._credentials, cnonce)
        self._tries = tries or Tries()
        self._wants = wants
        self._transports = list(transports)
        self._udp_port = udp_port
        self._require = require
        self._reader = MessageReader()
        self._handshake = self._steps()
        self._cseq = 0
        self._refused = 0
        self._over = False
        self._proven = False
        self._server = ""
        self._methods: frozenset[str] = frozenset()
        self._session = ""
        self._timeout_s = DEFAULT_TIMEOUT_S
        self._control = self._url
        self._early: bytearray | None = None
        self.playing: Playing | None = None
        self.unread = b""

    def start(self) -> bytes:
        """The first request to send."""
        return next(self._handshake)

    def receive(self, data: bytes) -> bytes:
        """Take what came and return what to send now; ``b""`` means to wait for more."""
        if self.playing is not None:
            self.unread += data
            return b""
        self._reader.feed(data)
        out = b""
        while (message := self._reader.next()) is not None:
            out += self._take(message)
            if self._ended():
                break
        return out

    def keepalive(self) -> bytes:
        """What to send well within the session's timeout."""
        method = "GET_PARAMETER" if "GET_PARAMETER" in self._methods else "OPTIONS"
        return self._request(method, self._control, *self._named())

    def reply(self, head: bytes) -> bytes:
        """What to send upon an RTSP message that stood between the media: an answer to a keepalive, or a request."""
        return self.hear(parse_head(head))

    def hear(self, message: Request | Response) -> bytes:
        """As `reply`, where the message was read already."""
        if isinstance(message, Request):
            return _answer(message)
        if message.status == 401:
            self._take_challenge(message)
            return self.keepalive()
        if message.status == 454:
            raise RtspError(454, message.reason)
        if message.status >= 400:  # announced but not there: the plainest request keeps sessions alive too
            self._methods -= {"GET_PARAMETER"}
        elif message.status >= 200:
            self._accepted()
        return b""

    def teardown(self) -> bytes:
        """What to send before leaving."""
        return self._request("TEARDOWN", self._control, *self._named())

    def _ended(self) -> bool:
        return self.playing is not None

    def _take(self, message: Message) -> bytes:
        if isinstance(message, Interleaved):
            self._keep(message)
            return b""
        if isinstance(message, Request):
            return _answer(message)
        return self._advance(message) if message.status >= 200 else b""

    def _advance(self, response: Response) -> bytes:
        """Give the handshake its answer; what it returns at its end is that we play."""
        self._server = response.headers.get("Server")[:200] or self._server
        try:
            return self._handshake.send(response)
        except StopIteration as end:
            self.playing = end.value
            self.unread = bytes(self._early or b"") + self._reader.rest()
            return b""

    def _keep(self, packet: Interleaved) -> None:
        """Media before PLAY's answer; what comes before PLAY belongs to nobody (Reolink repeats an old session's)."""
        if self._early is None:
            return
        self._early += packet.encode()
        if len(self._early) > MOST_EARLY:
            raise ValueError("the server sends media without answering PLAY")

    def _steps(self) -> Generator[bytes, Response, Playing]:
        options = yield from self._ask("OPTIONS", self._url)  # an error here is no reason: some know no OPTIONS
        public = ",".join((*options.headers.all("Public"), *options.headers.all("Allow")))
        self._methods = frozenset(re.split(r"[,\s]+", public.upper()))
        base, description = yield from self._describe()
        wanted = self._wants(description)
        if not wanted:
            raise RtspError(0, "the server offers no media of use", kind="unsupported")
        self._control = without_login(join(base, description.control))
        setups: list[_Setup] = []
        for media in wanted:
            setup = _Setup(media, without_login(join(base, media.control)), len(setups) * 2, len(setups) * 2 + 1)
            if (yield from self._set_up(setup)):
                setups.append(setup)
        if not setups:
            raise RtspError(0, "the server sets up none of its media", kind="unsupported")
        if len({channel for s in setups for channel in (s.rtp_channel, s.rtcp_channel)}) < 2 * len(setups):
            raise ValueError("the server gives two tracks the same channel")
        return (yield from self._play(setups, base, description))

    def _describe(self) -> Generator[bytes, Response, tuple[str, SessionDescription]]:
        response = yield from self._ask("DESCRIBE", self._url, ("Accept", "application/sdp"))
        headers = response.headers
        if response.status in _REDIRECTS and headers.get("Location"):
            raise Redirected(without_login(join(self._url, headers.get("Location"))))
        _checked(response)
        base = join(self._url, headers.get("Content-Base") or headers.get("Content-Location"))
        try:
            return without_login(base), parse(response.body)
        except ValueError as error:  # it speaks RTSP, yet describes nothing
            raise RtspError(0, str(error), kind="unsupported") from error

    def _set_up(self, setup: _Setup) -> Generator[bytes, Response, bool]:
        """Whether the track was set up; only for video it must be."""
        transport = self._transports[0]
        response = yield from self._ask(
            "SETUP", setup.url, ("Transport", self._offered(setup, transport)), *self._named()
        )
        if response.status in _OTHER_TRANSPORT and len(self._transports) > 1:
            del self._transports[0]
            return (yield from self._set_up(setup))
        if response.status >= 300 and setup.media.kind != "video":
            return False
        headers = _checked(response).headers
        del self._transports[1:]  # all tracks come the same way
        if not self._session:
            self._session, self._timeout_s = session(headers.get("Session"))
        _take_transport(setup, headers.get("Transport"))
        return True

    def _offered(self, setup: _Setup, transport: LowerTransport) -> str:
        if transport is LowerTransport.TCP:
            setup.udp = None
            return f"RTP/AVP/TCP;unicast;interleaved={setup.rtp_channel}-{setup.rtcp_channel}"
        port = self._udp_port()
        setup.udp = UdpPath(port=port, server=UdpServer(rtp_port=None, rtcp_port=None))
        return f"RTP/AVP;unicast;client_port={port}-{port + 1}"

    def _play(
        self, setups: Sequence[_Setup], base: str, description: SessionDescription
    ) -> Generator[bytes, Response, Playing]:
        self._early = bytearray()
        response = yield from self._ask("PLAY", self._control, *self._named(), ("Range", "npt=0.000-"))
        if response.status == 457:  # Invalid Range: a live source that takes none
            response = yield from self._ask("PLAY", self._control, *self._named())
        told = rtp_info(_checked(response).headers.get("RTP-Info"))
        firsts = [_first(told, setup, at, base, len(setups)) for at, setup in enumerate(setups)]
        tracks = tuple(
            Track(
                media=setup.media,
                rtp_channel=setup.rtp_channel,
                rtcp_channel=setup.rtcp_channel,
                first_sequence=first.sequence,
                first_timestamp=first.timestamp,
                udp=setup.udp,
            )
            for setup, first in zip(setups, firsts, strict=True)
        )
        return Playing(
            session=self._session,
            timeout_s=self._timeout_s,
            tracks=tracks,
            server=self._server,
            description=description,
        )

    def _ask(self, method: str, url: str, *headers: tuple[str, str]) -> _Asking:
        """Ask until the answer is not about our login any more."""
        while True:
            response = yield self._request(method, url, *headers)
            if response.status != 401:
                if response.status < 300:
                    self._accepted()
                elif response.status == 403 and self._login.challenged and not self._proven:
                    self._tries.refused(*self._credentials, WAY)
                    raise RtspError(403, response.reason)
                return response
            self._take_challenge(response)

    def _request(self, method: str, url: str, *headers: tuple[str, str]) -> bytes:
        self._cseq += 1
        lines = [("CSeq", str(self._cseq)), ("User-Agent", "Tawny"), *headers]
        if self._require and method in _REQUIRING:
            lines.append(("Require", self._require))
        if self._login.challenged:
            lines.append(("Authorization", self._login.answer(method=method, uri=url)))
        return Request(method=method, url=url, headers=Headers(lines)).encode()

    def _named(self) -> list[tuple[str, str]]:
        """The session's header, once there is a session; a server without sessions is not told of an empty one."""
        return [("Session", self._session)] if self._session else []

    def _accepted(self) -> None:
        self._refused = 0
        self._proven = self._login.challenged

    def _take_challenge(self, response: Response) -> None:
        offered = challenges(response.headers.all("WWW-Authenticate"))
        if self._login.challenged:
            self._count(offered)
        may = self._proven or self._tries.may(*self._credentials, WAY)
        if not self._may_login or self._over or not may:
            raise RtspError(401, response.reason)
        usable = offered if self._allow_basic else unreadable(offered)
        if strongest(usable) is None:
            kind = "unsupported" if strongest(offered) is None else "basic_only"
            raise RtspError(401, "the server asks for a kind of login that is not supported", kind=kind)
        self._login.challenge(usable)

    def _count(self, offered: tuple[Challenge, ...]) -> None:
        """A login was refused: once that may be its nonce, of a login that is right."""
        self._refused += 1
        again = self._proven or any(challenge.stale for challenge in offered)
        if self._refused > 1 or not again:
            self._over = True
            self._tries.refused(*self._credentials, WAY)


def _checked(response: Response) -> Response:
    if response.status >= 300:
        raise RtspError(response.status, response.reason)
    return response


def _answer(request: Request) -> bytes:
    """What we say to a server's own requests: yes to what asks nothing of us."""
    known = request.method in {"OPTIONS", "GET_PARAMETER", "SET_PARAMETER", "ANNOUNCE"}
    headers = Headers([("CSeq", request.headers.get("CSeq", "0"))])
    return Response(status=200 if known else 501, headers=headers).encode()


def _take_transport(setup: _Setup, header: str) -> None:
    """Note the channels that the server chose: it may choose others than asked for (RFC 2326, 12.39)."""
    channels = interleaved(header)
    if setup.udp is not None and channels is None:
        setup.udp = UdpPath(port=setup.udp.port, server=udp_server(header))
        return
    setup.udp = None  # asked for UDP, some answer with channels of the connection, and mean it
    if channels is None and header and "TCP" not in header.upper():
        raise RtspError(461, "the server does not send RTP over TCP")
    setup.rtp_channel, setup.rtcp_channel = channels or (setup.rtp_channel, setup.rtcp_channel)


def _first(told: list[RtpInfo], setup: _Setup, at: int, base: str, setups: int) -> RtpInfo:
    """What RTP-Info says of one track: by address, else by control alone, else, where all are told of, by position."""
    for info in told:
        if without_login(join(base, info.url)) == setup.url:
            return info
    for info in told:
        if setup.media.control and info.url.rstrip("/").endswith("/" + setup.media.control):
            return info
    return told[at] if len(told) == setups else RtpInfo(url="")
