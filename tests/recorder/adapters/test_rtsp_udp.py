import socket
from contextlib import ExitStack

import pytest

from tawny.recorder.adapters import rtsp_camera
from tawny.recorder.adapters.rtsp_camera import RtspCamera
from tawny.recorder.adapters.rtsp_session import SessionLink
from tawny.recorder.adapters.rtsp_udp import PortPairs, UdpLink
from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.connection import Connection
from tawny.recorder.ingest.model import CameraSource, MediaTransport, Trouble
from tawny.recorder.ingest.troubles import Failure
from tawny.runtime.clock import SimulatedClock, SystemClock
from tawny.wire.depacketize.interleaved import SLACK
from tawny.wire.media import AccessUnit, StreamName
from tawny.wire.rtp import ReceiverReport, parse, parse_rtcp
from tawny.wire.rtsp.client import Client, Track, UdpPath
from tawny.wire.rtsp.headers import UdpServer
from tawny.wire.sdp import parse as parse_sdp
from tests.fakes.rtp import PPS, SPS, Sender, idr, sender_report, sized, slice_
from tests.recorder.adapters.udp_camera import UdpCamera, udp_camera

KEY = StreamKey(camera="cam_a", stream=StreamName.MAIN)
SDP = (
    "v=0\r\ns=-\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:video\r\n"
    "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z2QAHqzZQKAv6mhAAAADAEAAAAyDxYtlgA==,aOvjyyLA\r\n"
)


def pictures(count: int = 4) -> list[bytes]:
    """The packets of a key frame and others, as they go over UDP."""
    sender = Sender()
    frames = [sender.picture(SPS, PPS, idr(), timestamp=0)]
    frames += [sender.picture(slice_(2500, number), timestamp=number * 3600) for number in range(1, count)]
    data, found, at = b"".join(frames), [], 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at + 2 : at + 4])
        found.append(data[at + 4 : end])
        at = end
    return found


EXPECTED = [AccessUnit(0, sized(SPS, PPS, idr()), key=True)] + [
    AccessUnit(number * 3600, sized(slice_(2500, number)), key=False) for number in range(1, 4)
]


def connect(camera: UdpCamera, transport: MediaTransport = MediaTransport.UDP) -> Connection:
    source = CameraSource(
        camera="cam_a",
        main_url=camera.url,
        sub_url=None,
        user="",
        password="",
        sound=False,
        record=True,
        transport=transport,
    )
    return RtspCamera(clock=SystemClock(), cnonce=lambda: "c", random_32=lambda: 7).connect(source, KEY)


def units(connection: Connection, *, lost_pictures: int = 0) -> list[AccessUnit]:
    """What the media loop gets of the stream, sweep by sweep, up to its last picture."""
    buffer = bytearray((1 << 18) + SLACK)
    view = memoryview(buffer)
    found: list[AccessUnit] = []
    while len(found) < 4 - lost_pictures:
        count = connection.link.receive(view[: len(buffer) - SLACK])
        if count:
            assert connection.receiver.scan(buffer, view, count) == count
            found += [unit for unit in connection.video.units if isinstance(unit, AccessUnit)]
            connection.video.units.clear()
    connection.link.close()
    return found


def test_a_stream_plays_over_udp_and_the_camera_hears_of_us() -> None:
    with udp_camera(SDP, pictures()) as camera:
        assert units(connect(camera)) == EXPECTED

    assert parse(camera.heard[0]).payload == b""  # opens the way through a router


def test_packets_that_overtake_each_other_or_come_twice_make_the_same_pictures() -> None:
    packets = pictures()
    packets[3], packets[4], packets[6], packets[7] = packets[4], packets[3], packets[7], packets[6]

    with udp_camera(SDP, [packet for packet in packets for _ in range(2)]) as camera:
        assert units(connect(camera)) == EXPECTED


def test_a_lost_packet_costs_its_picture_only() -> None:
    packets = pictures()
    del packets[-5]  # of the third picture

    with udp_camera(SDP, packets) as camera:
        connection = connect(camera)
        found = units(connection, lost_pictures=1)

    assert found == [EXPECTED[0], EXPECTED[1], EXPECTED[3]]
    assert (connection.video.lost_packets, connection.video.torn_pictures) == (1, 1)


def test_a_camera_may_send_from_other_ports_than_it_told_but_nobody_else_may() -> None:
    stranger = Sender().picture(SPS, PPS, idr(2000, 5), timestamp=77)[4:]

    with udp_camera(SDP, pictures(), wrong_ports=True, stranger=stranger) as camera:
        assert units(connect(camera)) == EXPECTED


def connected_pair(held: ExitStack) -> tuple[socket.socket, socket.socket]:
    """Both ends of a TCP connection on loopback."""
    listening = held.enter_context(socket.create_server(("127.0.0.1", 0)))
    here = held.enter_context(socket.create_connection(listening.getsockname()))
    there, _ = listening.accept()
    return here, held.enter_context(there)


def udp_link(control: socket.socket, rtcp_port: int, clock: SimulatedClock) -> tuple[UdpLink, int]:
    """A link to a camera that sends from *rtcp_port*, and the link's port for RTP."""
    pairs = PortPairs("127.0.0.1")
    port = pairs.open()
    server = UdpServer(rtp_port=None, rtcp_port=rtcp_port)
    track = Track(
        media=parse_sdp(SDP).media[0],
        rtp_channel=0,
        rtcp_channel=1,
        first_sequence=None,
        first_timestamp=None,
        udp=UdpPath(port=port, server=server),
    )
    client = Client("rtsp://127.0.0.1/main", cnonce=lambda: "c", wants=lambda d: d.media)
    link = UdpLink(control, SessionLink(control, client), [track], pairs, clock=clock, random_32=lambda: 7)
    return link, port


def test_a_camera_that_refuses_udp_is_played_over_tcp() -> None:
    with udp_camera(SDP, [], refuses="UDP") as camera:
        connect(camera).link.close()

    assert [offer.split(";")[0] for offer in camera.offers] == ["RTP/AVP", "RTP/AVP/TCP"]


def test_a_camera_that_refuses_tcp_is_played_over_udp() -> None:
    with udp_camera(SDP, pictures(), refuses="TCP") as camera:
        assert units(connect(camera, MediaTransport.AUTOMATIC)) == EXPECTED

    assert [offer.split(";")[0] for offer in camera.offers] == ["RTP/AVP/TCP", "RTP/AVP"]


def test_where_nothing_comes_over_udp_tcp_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtsp_camera, "UDP_S", 0.05)

    with udp_camera(SDP, []) as camera:
        connect(camera).link.close()

    assert [offer.split(";")[0] for offer in camera.offers] == ["RTP/AVP", "RTP/AVP/TCP"]


def test_a_camera_that_knows_udp_only_and_is_not_heard_is_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtsp_camera, "UDP_S", 0.05)

    with udp_camera(SDP, [], refuses="TCP") as camera, pytest.raises(Failure, match="UDP") as raised:
        connect(camera, MediaTransport.AUTOMATIC)

    assert raised.value.kind is Trouble.SILENT


async def test_the_camera_is_told_every_five_seconds_how_well_it_is_heard() -> None:
    clock = SimulatedClock()
    with ExitStack() as held:
        rtcp = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        rtcp.bind(("127.0.0.1", 0))
        rtcp.settimeout(5)
        control, camera = connected_pair(held)
        link, port = udp_link(control, rtcp.getsockname()[1], clock)
        view = memoryview(bytearray(1 << 18))
        packets = pictures()
        for packet in (*packets[:3], *packets[4:]):
            rtcp.sendto(packet, ("127.0.0.1", port))
        rtcp.sendto(sender_report(0, ntp_s=3.5, rtp=0)[4:], ("127.0.0.1", port + 1))
        for _ in range(2):
            link.receive(view)
            await clock.advance(5)

        link.receive(view)
        told = [report for _ in range(2) for report in parse_rtcp(rtcp.recv(2000))]
        camera.close()
        closed = link.receive(view)
        link.close()

    assert closed == 0
    assert told[0] == ReceiverReport(ssrc=7)
    assert isinstance(told[1], ReceiverReport)
    (heard,) = told[1].senders
    assert (heard.ssrc, heard.lost, heard.last_report) == (0xCAFE, 1, 0x3_8000)
