import base64
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest

from tawny.recorder.adapters.rtsp_camera import RtspCamera
from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.connection import Connection
from tawny.recorder.ingest.model import CameraSource, MediaTransport, Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.runtime.clock import SystemClock
from tawny.wire.media import StreamName
from tests.fakes.rtp import PPS, SPS, Sender, idr
from tests.recorder.adapters.test_rtsp_camera import SDP, answer

KEY = StreamKey(camera="cam_a", stream=StreamName.MAIN)
OPEN = "HTTP/1.0 200 OK\r\nContent-Type: application/x-rtsp-tunnelled\r\n\r\n"
ASKS = 'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="cam", nonce="n"\r\n\r\n'


@contextmanager
def tunnelling_camera(answers: Sequence[str], media: bytes = b"") -> Iterator[tuple[str, list[str]]]:
    """A camera that answers one GET after another so; its address and the heads that it saw."""
    heads: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for said in answers:
                ways_out, _ = listening.accept()
                heads.append(ways_out.recv(4096).decode())
                ways_out.sendall(said.encode())
                if "200" in said:
                    talk(ways_out)
                ways_out.close()

        def talk(way_out: socket.socket) -> None:
            way_in, _ = listening.accept()
            with way_in, suppress(ConnectionError):
                heads.append(way_in.recv(4096).decode())
                while request := base64.b64decode(way_in.recv(65_536)).decode():
                    way_out.sendall(answer(request, SDP).encode())
                    if request.startswith("PLAY"):
                        way_out.sendall(media)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"rtsp://127.0.0.1:{listening.getsockname()[1]}/main", heads
        thread.join(10)


def connect(url: str) -> Connection:
    source = CameraSource(
        camera="cam_a",
        main_url=url,
        sub_url=None,
        user="me",
        password="secret",
        sound=False,
        record=True,
        transport=MediaTransport.HTTP,
    )
    return RtspCamera(clock=SystemClock(), cnonce=lambda: "c0ffee", random_32=lambda: 7).connect(source, KEY)


def test_a_stream_plays_through_http_with_a_login() -> None:
    media = Sender().picture(SPS, PPS, idr(), timestamp=5)
    with tunnelling_camera([ASKS, OPEN], media) as (url, heads):
        connection = connect(url)
        data, view = bytearray(connection.unread), memoryview(bytearray(65_536))
        while len(data) < len(media):
            data += view[: connection.link.receive(view) or 0]
        connection.link.close()

    assert bytes(data) == media
    assert [head.split(" ", 1)[0] for head in heads] == ["GET", "GET", "POST"]
    assert all("x-sessioncookie: c0ffee\r\n" in head for head in heads)
    assert ["Authorization" in head for head in heads] == [False, True, True]
    assert not any("secret" in head for head in heads)


@pytest.mark.parametrize(
    ("answers", "kind", "words"),
    [
        ([ASKS, ASKS], Trouble.CREDENTIALS, "password"),
        (["HTTP/1.1 404 Not Found\r\n\r\n"], Trouble.NOT_FOUND, "path"),
        (["RTSP/1.0 400 Bad Request\r\n\r\n"], Trouble.NOT_RTSP, "HTTP"),
        ([""], Trouble.NOT_RTSP, "HTTP"),
    ],
)
def test_what_a_web_server_answers_becomes_plain_words(answers: list[str], kind: Trouble, words: str) -> None:
    with tunnelling_camera(answers) as (url, _), pytest.raises(Failure, match=words) as raised:
        connect(url)

    assert raised.value.kind is kind
