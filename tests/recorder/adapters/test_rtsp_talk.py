import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from tawny.recorder.adapters.rtsp_camera import RtspCamera
from tawny.recorder.adapters.rtsp_talk import talkable
from tawny.recorder.ingest.model import CameraSource, Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.runtime.clock import SimulatedClock
from tawny.wire.media import AudioCodec
from tawny.wire.rtp import parse
from tawny.wire.rtsp.messages import Interleaved, MessageReader, Request
from tawny.wire.sdp import parse as parse_sdp
from tests.recorder.adapters.test_rtsp_camera import answer

VIDEO = "v=0\r\ns=-\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:video\r\n"
SOUND = "m=audio 0 RTP/AVP 0\r\na=control:audio\r\na=recvonly\r\n"
PCMU = "m=audio 0 RTP/AVP 0\r\na=control:talk\r\na=sendonly\r\n"
AAC = (
    "m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/16000\r\na=control:talk\r\na=sendonly\r\n"
    "a=fmtp:97 mode=AAC-hbr;config=1408;sizelength=13;indexlength=3;indexdeltalength=3\r\n"
)
G726 = "m=audio 0 RTP/AVP 98\r\na=rtpmap:98 G726-16/8000\r\na=control:talk\r\na=sendonly\r\n"


@dataclass
class Listening:
    """What a camera with a loudspeaker heard."""

    port: int
    requests: list[Request] = field(default_factory=list)
    packets: list[bytes] = field(default_factory=list)

    @property
    def source(self) -> CameraSource:
        return CameraSource(
            camera="cam_a",
            main_url=f"rtsp://127.0.0.1:{self.port}/main",
            sub_url=None,
            user="",
            password="",
            sound=False,
            record=True,
        )


@contextmanager
def listening_camera(sdp: str, *, hangs_up: bool = False) -> Iterator[Listening]:
    """A camera on loopback; with *hangs_up* it leaves after PLAY."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        camera = Listening(server.getsockname()[1])

        def serve() -> None:
            connected, _ = server.accept()
            reader = MessageReader()
            with connected, suppress(ConnectionError):
                while data := connected.recv(65_536):
                    reader.feed(data)
                    while (message := reader.next()) is not None:
                        if isinstance(message, Interleaved):
                            camera.packets.append(message.payload)
                        elif isinstance(message, Request):
                            camera.requests.append(message)
                            connected.sendall(answer(message.encode().decode(), sdp).encode())
                            if hangs_up and message.method == "PLAY":
                                return

        thread = threading.Thread(target=serve)
        thread.start()
        yield camera
        thread.join(10)


def test_what_is_said_comes_in_packets_of_the_cameras_format() -> None:
    clock = SimulatedClock()
    with listening_camera(VIDEO + SOUND + PCMU) as camera:
        talk = RtspCamera(clock=clock, cnonce=lambda: "c", random_32=lambda: 1000).talk(camera.source)
        talk.send(b"a" * 160, duration=160)
        talk.send(b"b" * 160, duration=160)
        talk.close()

    packets = [parse(packet) for packet in camera.packets]
    assert talk.format.codec is AudioCodec.PCMU
    assert [(p.payload_type, p.sequence, p.timestamp, p.payload) for p in packets] == [
        (0, 1000, 1000, b"a" * 160),
        (0, 1001, 1160, b"b" * 160),
    ]
    requires = [r.method for r in camera.requests if r.headers.get("Require") == "www.onvif.org/ver20/backchannel"]
    assert requires == ["DESCRIBE", "SETUP", "PLAY"]
    assert [r.url.rpartition("/")[2] for r in camera.requests if r.method == "SETUP"] == ["talk"]
    assert camera.requests[-1].method == "TEARDOWN"


def test_aac_goes_with_its_headers() -> None:
    with listening_camera(VIDEO + AAC) as camera:
        talk = RtspCamera(clock=SimulatedClock(), cnonce=lambda: "c", random_32=lambda: 1000).talk(camera.source)
        talk.send(b"frame", duration=1024)
        talk.close()

    packet = parse(camera.packets[0])
    assert (packet.payload, packet.marker) == (b"\x00\x10\x00\x28frame", True)


async def test_who_talks_for_long_keeps_the_session() -> None:
    clock = SimulatedClock()
    with listening_camera(VIDEO + PCMU) as camera:
        talk = RtspCamera(clock=clock, cnonce=lambda: "c", random_32=lambda: 1000).talk(camera.source)
        for _ in range(3):
            await clock.advance(10)
            talk.send(bytes(160), duration=160)
        talk.close()

    assert [r.method for r in camera.requests].count("OPTIONS") == 2  # the first, and one keepalive


def test_a_camera_that_hangs_up_is_noticed() -> None:
    with listening_camera(VIDEO + PCMU, hangs_up=True) as camera:
        talk = RtspCamera(clock=SimulatedClock(), cnonce=lambda: "c", random_32=lambda: 1000).talk(camera.source)

    with pytest.raises(Failure, match="closed") as raised:
        talk.send(bytes(160), duration=160)
    talk.close()

    assert raised.value.kind is Trouble.CLOSED


def test_of_several_loudspeakers_the_one_for_g711_is_taken() -> None:
    (media,) = talkable(parse_sdp(VIDEO + AAC + PCMU))

    assert media.encoding == "PCMU"


@pytest.mark.parametrize(
    "sdp", [VIDEO + SOUND, VIDEO + SOUND + G726, VIDEO + AAC.replace("sizelength=13", "sizelength=6")]
)
def test_a_camera_without_a_loudspeaker_for_us_is_said_to_have_none(sdp: str) -> None:
    with pytest.raises(Failure, match="no sound") as raised:
        talkable(parse_sdp(sdp))

    assert raised.value.remedy
