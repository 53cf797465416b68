"""A camera's answers, and both machines of ours in talk with each other."""

from collections.abc import Callable, Iterator, Sequence

from tawny.wire.rtsp.client import Client
from tawny.wire.rtsp.messages import Headers, MessageReader, Request, Response
from tawny.wire.rtsp.server import Describe, Event, Play, Send, Server
from tawny.wire.sdp import MediaDescription, SessionDescription

VIDEO = MediaDescription(
    kind="video", payload_type=96, encoding="H264", clock_rate=90_000, control="track=1", direction="recvonly"
)
SOUND = MediaDescription(
    kind="audio", payload_type=8, encoding="PCMA", clock_rate=8000, control="track=2", direction="recvonly"
)


def all_media(description: SessionDescription) -> Sequence[MediaDescription]:
    return description.media


def new_client(
    url: str = "rtsp://cam/gate/main",
    *,
    user: str = "",
    password: str = "",
    wants: Callable[[SessionDescription], Sequence[MediaDescription]] = all_media,
) -> Client:
    return Client(url, user=user, password=password, cnonce=lambda: "cnonce", wants=wants)


def requests(data: bytes) -> list[Request]:
    reader = MessageReader()
    reader.feed(data)
    found = []
    while (message := reader.next()) is not None:
        assert isinstance(message, Request)
        found.append(message)
    return found


def response(status: int = 200, *headers: tuple[str, str], body: bytes = b"") -> bytes:
    return Response(status=status, headers=Headers(headers), body=body).encode()


Script = Callable[[Request], bytes]


def handshake(client: Client, camera: Script) -> list[Request]:
    """Let *client* ask *camera* until it plays or has nothing to say; what it asked."""
    asked = []
    out = client.start()
    while out:
        (request,) = requests(out)
        asked.append(request)
        out = client.receive(camera(request))
    return asked


def camera_of(
    description: bytes, *, headers: Sequence[tuple[str, str]] = (), changes: dict[str, bytes] | None = None
) -> Script:
    """A camera that does everything as it should, but for the answers in *changes*."""
    channels: Iterator[int] = iter(range(0, 20, 2))

    def answer(request: Request) -> bytes:
        if changes and request.method in changes:
            return changes[request.method]
        match request.method:
            case "OPTIONS":
                return response(200, ("Public", "DESCRIBE, SETUP, PLAY, GET_PARAMETER"), ("Server", "Cam/1"))
            case "DESCRIBE":
                return response(200, *headers, body=description)
            case "SETUP":
                channel = next(channels)
                transport = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1}"
                return response(200, ("Session", "42;timeout=30"), ("Transport", transport))
            case _:
                return response(200)

    return answer


def new_server(
    *, passwords: dict[str, str] | None = None, now: Callable[[], float] = lambda: 0.0, udp_port: int = 0
) -> Server:
    words = (f"token{number}" for number in range(1000))
    return Server(address="192.0.2.1", passwords=passwords or {}, token=lambda: next(words), now=now, udp_port=udp_port)


def answered(server: Server, events: list[Event]) -> tuple[bytes, list[Event]]:
    """Answer what *server* asks as a camera with /gate/main does; what it sends, and its other events."""
    sent = b""
    others: list[Event] = []
    waiting = list(events)
    while waiting:
        match waiting.pop(0):
            case Send(data=data):
                sent += data
            case Describe(path=path):
                waiting += server.describe([VIDEO, SOUND] if path == "/gate/main" else None)
            case Play(channels=channels) as play:
                others.append(play)
                waiting += server.play(dict.fromkeys(channels, (7, 9000)))
            case other:
                others.append(other)
    return sent, others
