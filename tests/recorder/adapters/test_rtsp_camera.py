import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from tawny.recorder.adapters.rtsp_camera import RtspCamera
from tawny.recorder.adapters.rtsp_tracks import wanted
from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.model import CameraSource, Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.runtime.clock import SystemClock
from tawny.wire.media import AccessUnit, AudioCodec, StreamName
from tawny.wire.sdp import parse
from tests.fakes.rtp import PPS, SPS, Sender, idr, sized

KEY = StreamKey(camera="cam_a", stream=StreamName.MAIN)
SDP = (
    "v=0\r\ns=-\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:video\r\n"
    "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z2QAHqzZQKAv6mhAAAADAEAAAAyDxYtlgA==,aOvjyyLA\r\n"
    "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/16000\r\na=control:audio\r\n"
    "a=fmtp:97 mode=AAC-hbr;config=1408;sizelength=13;indexlength=3;indexdeltalength=3\r\n"
)


def answer(request: str, sdp: str) -> str:
    method = request.split(" ", 1)[0]
    sequence = next(line for line in request.split("\r\n") if line.lower().startswith("cseq"))
    head = f"RTSP/1.0 200 OK\r\n{sequence}\r\n"
    if method == "DESCRIBE":
        return f"{head}Content-Type: application/sdp\r\nContent-Length: {len(sdp)}\r\n\r\n{sdp}"
    if method == "SETUP":
        transport = next(line for line in request.split("\r\n") if line.lower().startswith("transport"))
        return f"{head}Session: 7;timeout=30\r\n{transport}\r\n\r\n"
    return f"{head}\r\n"


@contextmanager
def camera(
    *,
    sdp: str = SDP,
    says: str | None = None,
    media: bytes = b"",
    stumbles_over: bytes = b"nothing",
    times: int = 1,
    heard: list[bytes] | None = None,
) -> Iterator[str]:
    """A server on loopback: with *says* it answers everything so, with "" by closing; yields its address.

    It serves *times* connections, and closes one in which it is asked for what has *stumbles_over* in it.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            for _ in range(times):
                serve_one()

        def serve_one() -> None:
            connected, _ = listening.accept()
            with connected, suppress(ConnectionError):  # clients leave as they like
                while request := connected.recv(65_536):
                    if heard is not None:
                        heard.append(request)
                    if says == "" or stumbles_over in request:
                        return
                    connected.sendall((says or answer(request.decode(), sdp)).encode())
                    if request.startswith(b"PLAY"):
                        connected.sendall(media)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"rtsp://127.0.0.1:{listening.getsockname()[1]}/main"
        thread.join(10)


def connect(url: str, *, sound: bool = True) -> "Opened":
    source = CameraSource(camera="cam_a", main_url=url, sub_url=None, user="", password="", sound=sound, record=True)
    return Opened(source)


class Opened:
    def __init__(self, source: CameraSource) -> None:
        self.connection = RtspCamera(clock=SystemClock(), cnonce=lambda: "c", random_32=lambda: 7).connect(source, KEY)

    def receive(self, count: int) -> bytes:
        """Read until *count* bytes are there, as the media loop does."""
        data = bytearray(self.connection.unread)
        buffer = memoryview(bytearray(65_536))
        while len(data) < count:
            taken = self.connection.link.receive(buffer)
            data += buffer[: taken or 0]
        return bytes(data)


def test_a_stream_plays_with_its_sound() -> None:
    picture = Sender().picture(SPS, PPS, idr(), timestamp=5)
    with camera(media=picture) as url:
        opened = connect(url)
        data = opened.receive(len(picture))
        opened.connection.link.close()

    connection = opened.connection
    buffer = bytearray(data) + bytearray(64)
    connection.receiver.scan(buffer, memoryview(buffer), len(data))
    assert connection.video.units[-1] == AccessUnit(5, sized(SPS, PPS, idr()), key=True)
    assert connection.audio is not None
    assert (connection.audio.format.codec, connection.audio.frame_ticks) == (AudioCodec.AAC, 1024)
    assert connection.keepalive_s == 13


def test_a_camera_that_trips_over_its_metadata_plays_without_them() -> None:
    told = "m=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\na=control:metadata\r\n"
    with camera(sdp=SDP + told, stumbles_over=b"metadata", times=2) as url:
        opened = connect(url)
        opened.connection.link.close()

    assert opened.connection.metadata is None
    assert opened.connection.audio is not None


def test_a_camera_that_fails_anyway_is_not_asked_again() -> None:
    with camera(stumbles_over=b"SETUP") as url, pytest.raises(Failure) as raised:
        connect(url)

    assert raised.value.kind is Trouble.CLOSED


def test_sound_is_left_alone_where_it_is_not_wanted() -> None:
    with camera() as url:
        opened = connect(url, sound=False)
        opened.connection.link.close()

    assert opened.connection.audio is None


@pytest.mark.parametrize(
    ("says", "kind", "words"),
    [
        (
            "RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Basic realm=x\r\n\r\n",
            Trouble.CREDENTIALS,
            "password",
        ),
        ("RTSP/1.0 404 Not Found\r\nCSeq: 2\r\n\r\n", Trouble.NOT_FOUND, "path"),
        ("RTSP/1.0 503 Busy\r\nCSeq: 2\r\n\r\n", Trouble.OTHER, "Busy (503)"),
        ("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", Trouble.NOT_RTSP, "no camera stream"),
        ("SSH-2.0-OpenSSH_9.2\r\n", Trouble.NOT_RTSP, "no camera stream"),
        ("", Trouble.NOT_RTSP, "no camera stream"),
    ],
)
def test_what_a_server_answers_becomes_plain_words(says: str, kind: Trouble, words: str) -> None:
    replies = says.replace("CSeq: 2\r\n", "CSeq: 1\r\n")
    if kind in (Trouble.NOT_FOUND, Trouble.OTHER):  # what OPTIONS is answered matters to nobody; DESCRIBE's does
        replies += replies.replace("CSeq: 1", "CSeq: 2")
    with camera(says=replies) as url, pytest.raises(Failure, match=r".+") as raised:
        connect(url)

    assert raised.value.kind is kind
    assert words in raised.value.title
    assert raised.value.remedy


def test_a_password_is_not_sent_as_it_is_unless_somebody_allows_that() -> None:
    asks = "RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Basic realm=x\r\n\r\n"
    heard: list[bytes] = []
    source = CameraSource(
        camera="cam_a",
        main_url="",
        sub_url=None,
        user="u",
        password="p",
        sound=False,
        record=True,
        allow_basic=False,
    )
    with camera(says=asks, heard=heard) as url, pytest.raises(Failure) as raised:
        Opened(replace(source, main_url=url))

    assert raised.value.kind is Trouble.BASIC_ONLY
    assert heard
    assert not any(b"uthorization" in request for request in heard)


def test_a_port_where_nothing_listens_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

    with pytest.raises(Failure, match=f"port {port}") as raised:
        connect(f"rtsp://127.0.0.1:{port}/")

    assert raised.value.kind is Trouble.UNREACHABLE


@pytest.mark.parametrize("url", ["", "http://127.0.0.1/", "rtsp://", "rtsps://", "rtsp://no-such-host.invalid/x"])
def test_an_address_that_leads_nowhere_is_said(url: str) -> None:
    with pytest.raises(Failure, match=r".+") as raised:
        connect(url)

    assert raised.value.kind is Trouble.ADDRESS


@pytest.mark.parametrize(
    ("sdp", "kind", "words"),
    [
        ("v=0\r\nm=audio 0 RTP/AVP 0\r\n", Trouble.NO_VIDEO, "no video"),
        ("v=0\r\nm=video 0 RTP/AVP 32\r\n", Trouble.CODEC, "unknown codec"),
        ("v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 AV1/90000\r\n", Trouble.CODEC, "AV1"),
        (
            "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=2\r\n",
            Trouble.CODEC,
            "interleaved",
        ),
    ],
)
def test_video_that_we_do_not_take_is_named(sdp: str, kind: Trouble, words: str) -> None:
    with pytest.raises(Failure, match=words) as raised:
        wanted(parse(sdp), sound=True)

    assert raised.value.kind is kind


def test_mjpeg_is_taken_for_want_of_better() -> None:
    jpeg, better = "m=video 0 RTP/AVP 26\r\n", "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H265/90000\r\n"

    assert [m.encoding for m in wanted(parse("v=0\r\n" + jpeg), sound=False)] == ["JPEG"]
    assert [m.encoding for m in wanted(parse("v=0\r\n" + jpeg + better), sound=False)] == ["H265"]


def test_metadata_are_taken_whether_there_is_sound_or_not() -> None:
    video = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
    sound = "m=audio 0 RTP/AVP 8\r\na=recvonly\r\n"
    other = "m=application 0 RTP/AVP 106\r\na=rtpmap:106 vnd.onvif.metadata.gzip/90000\r\n"
    told = "m=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\n"  # Dahua, Hikvision

    assert [m.kind for m in wanted(parse(video + sound + told), sound=False)] == ["video", "application"]
    assert [m.kind for m in wanted(parse(video + sound + told), sound=True)] == ["video", "audio", "application"]
    assert [m.payload_type for m in wanted(parse(video + other + told), sound=True)] == [96, 107]
    assert [m.kind for m in wanted(parse(video + other), sound=True)] == ["video"]


def test_sound_that_we_do_not_take_and_the_way_back_are_left_out() -> None:
    video = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
    other = "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 G726-16/8000\r\n"
    back = "m=audio 0 RTP/AVP 0\r\na=sendonly\r\n"
    kept = "m=audio 0 RTP/AVP 8\r\na=recvonly\r\n"

    assert [m.kind for m in wanted(parse(video + other + back), sound=True)] == ["video"]
    assert [m.encoding for m in wanted(parse(video + other + back + kept), sound=True)] == ["H264", "PCMA"]


@contextmanager
def referring(*locations: str) -> Iterator[tuple[str, list[str]]]:
    """A server that refers the first asker to the first of *locations*, and so on; {} is itself. What it was asked."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        here = f"127.0.0.1:{listening.getsockname()[1]}"

        def serve() -> None:
            for location in (*locations, ""):
                try:
                    connected, _ = listening.accept()
                except OSError:
                    return
                with connected, suppress(ConnectionError):
                    while request := connected.recv(65_536).decode():
                        asked.append(request)
                        moved = f"RTSP/1.0 302 Found\r\nCSeq: 2\r\nLocation: {location.format(here)}\r\n\r\n"
                        connected.sendall(
                            (moved if location and request.startswith("DESCRIBE") else answer(request, SDP)).encode()
                        )

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"rtsp://{here}/main", asked
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def test_a_camera_is_followed_to_another_path_of_its_own() -> None:
    with referring("rtsp://{}/moved") as (url, asked):
        connect(url).connection.link.close()

    assert any(request.startswith(f"PLAY {url.replace('main', 'moved')} ") for request in asked)


@pytest.mark.parametrize("location", ["rtsp://localhost:9/main", "rtsp://192.0.2.1/main", "rtsp://127.0.0.1.evil/x"])
def test_nobody_is_followed_to_another_host(location: str) -> None:
    with referring(location) as (url, _), pytest.raises(Failure, match="another device") as raised:
        connect(url)

    assert "password was not sent" in raised.value.remedy


def test_a_camera_that_refers_round_and_round_is_left() -> None:
    with referring(*["rtsp://{}/main"] * 4) as (url, _), pytest.raises(Failure, match="without end") as raised:
        connect(url)

    assert raised.value.kind is Trouble.OTHER
