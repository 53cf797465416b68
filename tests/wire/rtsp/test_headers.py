import pytest

from tawny.wire.rtsp.headers import RtpInfo, UdpServer, client_ports, interleaved, rtp_info, session, udp_server


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("708345999;timeout=60", ("708345999", 60)),
        ("  F8F8E425 ; Timeout = 15", ("F8F8E425", 15)),
        ("A", ("A", 60)),
        ("A;timeout=0", ("A", 60)),
        ("A;timeout=soon", ("A", 60)),
        ("", ("", 60)),
    ],
)
def test_a_session_has_a_timeout_of_a_minute_unless_told(header: str, found: tuple[str, int]) -> None:
    assert session(header) == found


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("RTP/AVP/TCP;unicast;interleaved=2-3;ssrc=1", (2, 3)),
        ("RTP/AVP/TCP;Interleaved = 8", (8, 9)),
        ("RTP/AVP;unicast;client_port=5000-5001", None),
        ("", None),
    ],
)
def test_channels_are_found(header: str, found: tuple[int, int] | None) -> None:
    assert interleaved(header) == found


@pytest.mark.parametrize("channels", ["255", "255-256", "999-1000", "4-4"])
def test_impossible_channels_are_refused(channels: str) -> None:
    with pytest.raises(ValueError, match="channels"):
        interleaved(f"RTP/AVP/TCP;interleaved={channels}")


def test_parts_of_rtp_info_may_hold_commas_and_nothing() -> None:
    header = 'url=rtsp://h/a,b/1;seq=10;rtptime=20, ,url="trackID=2";seq=;rtptime=,seq=1'

    assert rtp_info(header) == [
        RtpInfo(url="rtsp://h/a,b/1", sequence=10, timestamp=20),
        RtpInfo(url="trackID=2"),
    ]


def test_absurd_numbers_are_none() -> None:
    assert rtp_info("url=a;seq=65536;rtptime=4294967296") == [RtpInfo(url="a")]
    assert rtp_info("url=a;seq=-1;rtptime=²") == [RtpInfo(url="a")]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("RTP/AVP;unicast;client_port=5000-5001", (5000, 5001)),
        ("RTP/AVP/UDP;unicast;Client_Port = 5000", (5000, 5001)),
        ("RTP/AVP;unicast;client_port=0-1", None),
        ("RTP/AVP;unicast;client_port=65535", None),
        ("RTP/AVP/TCP;unicast;interleaved=0-1", None),
    ],
)
def test_a_clients_ports_are_found(header: str, found: tuple[int, int] | None) -> None:
    assert client_ports(header) == found


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (
            "RTP/AVP;source=192.0.2.7;server_port=7000-7001",
            UdpServer(rtp_port=7000, rtcp_port=7001, source="192.0.2.7"),
        ),
        ("RTP/AVP;server_port=7000", UdpServer(rtp_port=7000, rtcp_port=7001)),
        ("RTP/AVP;server_port=0-99999", UdpServer(rtp_port=None, rtcp_port=None)),
        ("RTP/AVP;client_port=1-2", UdpServer(rtp_port=None, rtcp_port=None)),
    ],
)
def test_what_a_server_tells_of_its_ports_is_taken_as_far_as_it_makes_sense(header: str, found: UdpServer) -> None:
    assert udp_server(header) == found
