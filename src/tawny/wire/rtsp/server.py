"""The server's side of RTSP, without I/O: one `Server` a connection, events out, answers in.

RTP goes interleaved in the same connection, or over UDP to ports of the client's address; either way a session lives as
long as its connection: the timeout that SETUP tells is a promise to clients which send keepalives, and nobody's session
is ended for the lack of one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from tawny.wire.auth import Verdict, asking, judge
from tawny.wire.rtsp.headers import DEFAULT_TIMEOUT_S, client_ports, interleaved, session
from tawny.wire.rtsp.messages import Headers, Interleaved, MessageReader, Request, Response
from tawny.wire.sdp import MediaDescription, session_description

NONCE_LIFETIME_S = 300.0
MOST_REFUSALS = 5  # wrong logins on one connection, after which it ends
BACKCHANNEL = "www.onvif.org/ver20/backchannel"  # ONVIF Streaming Specification, 5.3.1
_METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER"
_KNOWN_ELSEWHERE = {"ANNOUNCE", "RECORD", "REDIRECT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Write this to the connection, after whatever was written before."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Describe:
    """What is at *path*? To be answered by `Server.describe`; with *talk*, what can be said there is asked for too."""

    path: str
    talk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Media may flow: *channels* gives each control that was set up its RTP channel (RTCP's is the next one).

    Of those in *ports* media go over UDP instead, to the client's ports for RTP and RTCP. To be answered by `Server.play`; packets go out after what that returns.
    """

    path: str
    channels: Mapping[str, int]
    ports: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Media must stop; another `Play` may follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The client sent a packet on a channel, in practice a receiver report."""

    channel: int
    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Nothing more will come of this connection: flush and close it."""


Event = Send | Describe | Play | Pause | Received | End


class Server:
    """One client's connection.

    Invariants: requests are answered in their order, one at a time; while `Describe` or `Play` awaits its answer
    nothing else is read; nothing but OPTIONS is answered before the login where *passwords* hold anybody.

    *passwords* maps users to passwords; *token* makes unguessable words (nonces, session ids); *now* is a monotonic
    time in seconds, *address* the local one; *udp_port* is where RTP would come from (RTCP: the next), 0 without UDP.
    """

    def __init__(
        self,
        *,
        address: str,
        passwords: Mapping[str, str],
        token: Callable[[], str],
        now: Callable[[], float],
        realm: str = "Tawny",
        basic: bool = False,
        timeout_s: int = DEFAULT_TIMEOUT_S,
        udp_port: int = 0,
    ) -> None:
        self._address = address
        self._passwords = passwords
        self._token = token
        self._now = now
        self._realm = realm
        self._basic = basic
        self._timeout_s = timeout_s
        self._udp_port = udp_port
        self._ports: dict[str, tuple[int, int]] = {}
        self._reader = MessageReader()
        self._awaiting: Request | None = None
        self._nonce = ""
        self._nonce_until = 0.0
        self._refusals = 0
        self._path = ""
        self._talk = False
        self._media: tuple[MediaDescription, ...] = ()
        self._session = ""
        self._base = ""
        self._channels: dict[str, int] = {}
        self._playing = False
        self._ended = False

    def receive(self, data: bytes) -> list[Event]:
        """Take what came on the connection."""
        self._reader.feed(data)
        return self._run()

    def describe(self, media: Sequence[MediaDescription] | None) -> list[Event]:
        """Answer `Describe`: the media, each with a control, or None where there is nothing at that path."""
        request = self._resumed()
        if not media:
            return [self._send(request, 404), *self._run()]
        self._path, self._media = _path(request.url, setup=request.method == "SETUP")[0], tuple(media)
        return [*self._handle(request), *self._run()]

    def play(self, firsts: Mapping[str, tuple[int, int]]) -> list[Event]:
        """Answer `Play`: by control, the sequence number and timestamp of the first packet that will come."""
        request = self._resumed()
        self._playing = True
        parts = [
            f"url={self._base}{control};seq={sequence};rtptime={timestamp}"
            for control, (sequence, timestamp) in firsts.items()
        ]
        headers = [("Range", "npt=now-"), *([("RTP-Info", ",".join(parts))] if parts else [])]
        return [self._send(request, 200, *headers, ("Session", self._session)), *self._run()]

    def _resumed(self) -> Request:
        if self._awaiting is None:
            raise RuntimeError("nothing was asked")
        request, self._awaiting = self._awaiting, None
        return request

    def _run(self) -> list[Event]:
        events: list[Event] = []
        try:
            while self._awaiting is None and not self._ended and (message := self._reader.next()) is not None:
                if isinstance(message, Interleaved):
                    events.append(Received(channel=message.channel, payload=message.payload))
                elif isinstance(message, Request):
                    events += self._admit(message)
        except ValueError:  # not RTSP, or beyond a bound: the rest of the stream can't be trusted
            self._ended = True
            events += [Send(data=Response(status=400).encode()), End()]
        return events

    def _admit(self, request: Request) -> list[Event]:
        """Refuse what no handler needs to see."""
        if not request.version.startswith("1."):
            return [self._send(request, 505)]
        if not re.fullmatch(r"[0-9]{1,10}", request.headers.get("CSeq")):
            return [self._send(request, 400)]
        required = (*request.headers.all("Require"), *request.headers.all("Proxy-Require"))
        if unknown := [feature for feature in required if feature.strip() != BACKCHANNEL]:
            return [self._send(request, 551, ("Unsupported", ", ".join(unknown)))]
        if self._passwords and request.method != "OPTIONS" and (refusal := self._authenticate(request)):
            return refusal
        if (named := request.headers.get("Session")) and session(named)[0] != self._session:
            return [self._send(request, 454)]
        return self._handle(request)

    def _authenticate(self, request: Request) -> list[Event]:
        """What to say to a request whose login does not hold, else nothing."""
        authorization, stale = request.headers.get("Authorization"), False
        if authorization:
            verdict = judge(
                authorization,
                method=request.method,
                uri=request.url,
                realm=self._realm,
                passwords=self._passwords,
                fresh=lambda nonce: nonce == self._nonce and self._now() < self._nonce_until,
                basic=self._basic,
            )
            if verdict is Verdict.ACCEPTED:
                return []
            stale = verdict is Verdict.STALE
            self._refusals += not stale
        if not self._nonce or self._now() >= self._nonce_until:
            self._nonce, self._nonce_until = self._token(), self._now() + NONCE_LIFETIME_S
        asked = asking(self._realm, self._nonce, stale=stale, basic=self._basic)
        refusal = self._send(request, 401, *(("WWW-Authenticate", line) for line in asked))
        self._ended = self._refusals >= MOST_REFUSALS
        return [refusal, End()] if self._ended else [refusal]

    def _handle(self, request: Request) -> list[Event]:
        match request.method:
            case "OPTIONS":
                return [self._send(request, 200, ("Public", _METHODS))]
            case "DESCRIBE" | "SETUP" if self._unknown(request):
                return self._look_up(request)
            case "DESCRIBE":
                return self._describe(request)
            case "SETUP":
                return self._set_up(request)
            case "PLAY" | "PAUSE" | "TEARDOWN" if not self._session:
                return [self._send(request, 454)]
            case "PLAY":
                return self._play(request)
            case "PAUSE":
                return self._pause(request)
            case "TEARDOWN":
                self._ended = True
                return [self._send(request, 200), End()]
            case "GET_PARAMETER" | "SET_PARAMETER":
                return [self._send(request, 451 if request.body.strip() else 200)]
            case other:
                return [self._send(request, 405 if other in _KNOWN_ELSEWHERE else 501, ("Allow", _METHODS))]

    def _unknown(self, request: Request) -> bool:
        """Whether what the request is about must be asked for first."""
        return self._path != _path(request.url, setup=request.method == "SETUP")[0] or (
            not self._session and _talks(request) and not self._talk
        )

    def _look_up(self, request: Request) -> list[Event]:
        if self._session:  # one connection carries one session of one path
            return [self._send(request, 455)]
        self._awaiting, self._talk = request, _talks(request)
        return [Describe(path=_path(request.url, setup=request.method == "SETUP")[0], talk=self._talk)]

    def _describe(self, request: Request) -> list[Event]:
        text = session_description(self._media, name=self._path.strip("/"), session_id=1, address=self._address)
        headers = [("Content-Base", request.url.rstrip("/") + "/"), ("Content-Type", "application/sdp")]
        return [self._send(request, 200, *headers, body=text)]

    def _set_up(self, request: Request) -> list[Event]:
        control = _path(request.url, setup=True)[1]
        if self._playing:
            return [self._send(request, 455)]
        if not control and len(self._media) > 1:
            return [self._send(request, 459)]
        media = next((m for m in self._media if m.control == control or not control), None)
        if media is None or not media.control:
            return [self._send(request, 404)]
        offers = request.headers.get("Transport").split(",")
        if media.direction == "sendonly":  # to us: UDP's ports only send
            offers = [offer for offer in offers if "TCP" in offer.upper()]
        if (offer := next((o for o in offers if self._acceptable(o)), None)) is None:
            return [self._send(request, 461)]
        transport = self._transport(media.control, offer)
        self._session = self._session or self._token()
        self._base = request.url.removesuffix(control).rstrip("/") + "/"
        return [
            self._send(
                request,
                200,
                ("Transport", transport),
                ("Session", f"{self._session};timeout={self._timeout_s}"),
            )
        ]

    def _acceptable(self, offer: str) -> bool:
        words = {word.strip().upper() for word in offer.split(";")}
        by_udp = bool(self._udp_port and words & {"RTP/AVP", "RTP/AVP/UDP"} and client_ports(offer))
        return (
            ("RTP/AVP/TCP" in words or by_udp)
            and "MULTICAST" not in words
            and not any(w.startswith("MODE=") and "RECORD" in w for w in words)
        )

    def _transport(self, control: str, offer: str) -> str:
        """Note how that track shall go, and say so."""
        channel = self._channels[control] = self._channel(control, (interleaved(offer) or (None,))[0])
        self._ports.pop(control, None)
        ports = client_ports(offer)
        if "TCP" in offer.upper() or ports is None:
            return f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"
        self._ports[control] = ports
        server = f"server_port={self._udp_port}-{self._udp_port + 1}"
        return f"RTP/AVP;unicast;client_port={ports[0]}-{ports[1]};{server}"

    def _channel(self, control: str, wished: int | None) -> int:
        """The channel wished for where it is free, else the next free pair."""
        taken = {n for name, c in self._channels.items() if name != control for n in (c, c + 1)}
        if wished is not None and wished < 255 and not {wished, wished + 1} & taken:
            return wished
        return next(n for n in range(0, 255, 2) if not {n, n + 1} & taken)

    def _play(self, request: Request) -> list[Event]:
        if self._playing:
            return [self._send(request, 200, ("Session", self._session))]
        self._awaiting = request
        return [Play(path=self._path, channels=dict(self._channels), ports=dict(self._ports))]

    def _pause(self, request: Request) -> list[Event]:
        if not self._playing:
            return [self._send(request, 455)]
        self._playing = False
        return [Pause(), self._send(request, 200, ("Session", self._session))]

    def _send(self, request: Request, status: int, *headers: tuple[str, str], body: bytes = b"") -> Send:
        lines = [("CSeq", request.headers.get("CSeq", "0")), ("Server", "Tawny"), *headers]
        return Send(data=Response(status=status, headers=Headers(lines), body=body).encode())


def _talks(request: Request) -> bool:
    """Whether the client knows what it can say to a camera (ONVIF Streaming, 5.3.1)."""
    return bool(request.headers.all("Require"))


def _path(url: str, *, setup: bool) -> tuple[str, str]:
    """The path of *url*, decoded and without query, and for SETUP the control after the last slash.

    Clients append the control to the whole address, query and all.
    """
    match = re.match(r"\w+://[^/?#]*(.*)", url)
    rest = (match[1] if match else url).rstrip("/")
    control = ""
    if setup and "track=" in rest.rpartition("/")[2]:
        rest, _, control = rest.rpartition("/")
    return unquote(rest.partition("?")[0]).rstrip("/") or "/", control
