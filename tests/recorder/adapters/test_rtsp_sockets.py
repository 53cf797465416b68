import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tawny.recorder.adapters.rtsp_camera import RtspCamera
from tawny.recorder.adapters.rtsp_sockets import Address, address
from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.connection import Connection
from tawny.recorder.ingest.model import CameraSource, Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.runtime.clock import SystemClock
from tawny.wire.media import StreamName
from tests.fakes.certificates import self_signed
from tests.fakes.rtp import PPS, SPS, Sender, idr
from tests.recorder.adapters.test_rtsp_camera import SDP, answer

KEY = StreamKey(camera="cam_a", stream=StreamName.MAIN)


@contextmanager
def encrypted_camera(pem: Path, media: bytes, heard: list[bytes]) -> Iterator[str]:
    """A camera on loopback that speaks TLS; its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            accepted, _ = listening.accept()
            with suppress(OSError), context.wrap_socket(accepted, server_side=True) as connected:
                while request := connected.recv(65_536):
                    heard.append(request)
                    connected.sendall(answer(request.decode(), SDP).encode())
                    if request.startswith(b"PLAY"):
                        connected.sendall(media)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"rtsps://127.0.0.1:{listening.getsockname()[1]}/main"
        thread.join(10)


def connect(url: str, fingerprint: str) -> Connection:
    source = CameraSource(
        camera="cam_a",
        main_url=url,
        sub_url=None,
        user="me",
        password="secret",
        sound=False,
        record=True,
        fingerprint=fingerprint,
    )
    return RtspCamera(clock=SystemClock(), cnonce=lambda: "c", random_32=lambda: 7).connect(source, KEY)


def test_a_camera_with_the_confirmed_certificate_is_played_whole(tmp_path: Path) -> None:
    shown = self_signed(tmp_path / "camera.pem")
    sender = Sender()
    media = b"".join(sender.picture(SPS, PPS, idr(30_000, n), timestamp=n * 3600) for n in range(4))
    with encrypted_camera(tmp_path / "camera.pem", media, []) as url:
        connection = connect(url, shown.upper())
        data, view = bytearray(connection.unread), memoryview(bytearray(1 << 20))
        most = 0
        while len(data) < len(media):
            count = connection.link.receive(view) or 0
            data += view[:count]
            most = max(most, count)
        connection.link.close()

    assert bytes(data) == media
    assert most > 16_384  # more than one TLS record a read


@pytest.mark.parametrize(("pinned", "words"), [("", "confirmed yet"), ("ab" * 32, "another certificate")])
def test_a_camera_with_another_certificate_hears_nothing_of_us(tmp_path: Path, pinned: str, words: str) -> None:
    shown = self_signed(tmp_path / "camera.pem")
    heard: list[bytes] = []

    with encrypted_camera(tmp_path / "camera.pem", b"", heard) as url, pytest.raises(Failure, match=words) as raised:
        connect(url, pinned)

    assert raised.value.kind is Trouble.CERTIFICATE
    assert raised.value.certificate == shown
    assert heard == []


def test_what_does_not_speak_tls_is_said_to() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"rtsps://127.0.0.1:{listening.getsockname()[1]}/main"

        def refuse() -> None:
            accepted, _ = listening.accept()
            accepted.sendall(b"RTSP/1.0 400 Bad Request\r\n\r\n")
            accepted.close()

        thread = threading.Thread(target=refuse)
        thread.start()
        with pytest.raises(Failure, match="TLS") as raised:
            connect(url, "ab" * 32)
        thread.join(10)

    assert raised.value.kind is Trouble.NOT_RTSP


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("rtsp://cam/x", Address(host="cam", port=554, tls=False)),
        ("rtsps://cam/x", Address(host="cam", port=322, tls=True)),
        ("rtsps://me:p@[::1]:7441/x", Address(host="::1", port=7441, tls=True)),
    ],
)
def test_an_address_tells_where_to_connect(url: str, expected: Address) -> None:
    assert address(url) == expected
