"""What real cameras answer to RTSP, by make: each with the quirk it pins."""

import re
from pathlib import Path

import pytest

from tawny.wire.h26x import parameter_sets_of_fmtp, video_format
from tawny.wire.media import VideoCodec
from tawny.wire.rtsp.client import Client, Playing
from tawny.wire.rtsp.headers import rtp_info, session
from tawny.wire.rtsp.messages import Message, MessageReader, Request, Response
from tawny.wire.sdp import SessionDescription, parse
from tests.wire.rtsp.talk import handshake, response

DEVICES = Path(__file__).parents[2] / "../shared/devices"


def device(path: str) -> bytes:
    """A device's answer; where its address was replaced by another one, its Content-Length is set right again."""
    if not DEVICES.is_dir():
        pytest.skip("needs ../shared/devices (answers of real cameras), which is not here")
    data = (DEVICES / path).read_bytes()
    body = data.partition(b"\r\n\r\n")[2]
    return re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(body), data)


def message(path: str) -> Response:
    reader = MessageReader()
    reader.feed(device(path))
    found: Message | None = reader.next()
    assert isinstance(found, Response)
    return found


def description(path: str) -> SessionDescription:
    return parse(message(path).body)


def played(
    url: str, describe: str, setup: str, play: str, *, tracks: int | None = None
) -> tuple[list[Request], Playing]:
    """The session that a client of ours has with a camera which answers so; what it asked."""
    answers = {"DESCRIBE": device(describe), "PLAY": device(play)}
    channels = iter(range(0, 20, 2))
    client = Client(url, cnonce=lambda: "c", wants=lambda found: found.media[:tracks])

    def camera(request: Request) -> bytes:
        if request.method == "SETUP":
            channel = next(channels)
            return device(setup).replace(b"interleaved=0-1", f"interleaved={channel}-{channel + 1}".encode())
        return answers.get(request.method, response(200))

    asked = handshake(client, camera)
    assert client.playing is not None
    return asked, client.playing


def firsts(playing: Playing) -> list[tuple[int | None, int | None]]:
    return [(track.first_sequence, track.first_timestamp) for track in playing.tracks]


def test_dahua_appends_tracks_to_the_query_of_its_base() -> None:
    asked, playing = played(
        "rtsp://192.168.5.111:554/cam/realmonitor?channel=1&subtype=1&unicast=true&proto=Onvif",
        "dahua/rtsp/dahua_describe_h264_aac_onvif.txt",
        "dahua/rtsp/dahua_setup.txt",
        "dahua/rtsp/dahua_play.txt",
    )

    base = "rtsp://192.168.5.111:554/cam/realmonitor?channel=1&subtype=1&unicast=true&proto=Onvif/"
    assert [r.url for r in asked[2:]] == [base + "trackID=0", base + "trackID=1", base + "trackID=4", base]
    assert [t.media.encoding for t in playing.tracks] == ["H264", "MPEG4-GENERIC", "VND.ONVIF.METADATA"]
    assert firsts(playing) == [(47_121, 3_475_222_385), (45_186, 2_234_446_919), (36_583, 816_418_535)]
    assert (playing.session, playing.timeout_s) == ("634214675641", 60)


def test_dahua_tells_h265_parameter_sets_one_by_one() -> None:
    video, sound = description("dahua/rtsp/dahua_describe_h265_pcma.txt").media

    assert (video.encoding, video.payload_type, sound.encoding, sound.clock_rate) == ("H265", 98, "PCMA", 8000)
    sets = parameter_sets_of_fmtp(VideoCodec.H265, video.fmtp)
    assert video_format(VideoCodec.H265, sets).width == 704


def test_dahua_names_a_session_before_there_is_one_and_offers_get_parameter() -> None:
    options = message("dahua/rtsp/dahua_options.txt")

    assert session(options.headers.get("Session"))[0] == "136527041864"
    assert "GET_PARAMETER" in options.headers.get("Public")


def test_dahua_ends_lines_with_lf_alone_and_adds_an_ssrc_in_decimal() -> None:
    (info,) = rtp_info(message("dahua/rtsp/dahua_play_decimal_ssrc.txt").headers.get("RTP-Info"))

    assert (info.url, info.sequence, info.timestamp) == ("trackID=0", 13_210, 1_067_824_145)


def test_hikvision_gives_absolute_controls_with_queries_and_pads_its_session() -> None:
    asked, playing = played(
        "rtsp://192.168.5.106:554/Streaming/Channels/101/?transportmode=unicast&Profile=Profile_1",
        "hikvision/rtsp/hikvision_describe.txt",
        "hikvision/rtsp/hikvision_setup.txt",
        "hikvision/rtsp/hikvision_play.txt",
        tracks=1,
    )

    root = "rtsp://192.168.5.106:554/Streaming/Channels/101/"
    assert asked[2].url == root + "trackID=1?transportmode=unicast&profile=Profile_1"
    assert asked[3].url == root + "?transportmode=unicast&profile=Profile_1"
    assert asked[3].headers.get("Session") == playing.session == "708345999"
    assert firsts(playing) == [(24_104, 1_270_711_678)]


def test_hikvision_writes_blanks_between_parameters() -> None:
    fmtp = description("hikvision/rtsp/hikvision_describe.txt").media[0].fmtp

    assert fmtp["packetization-mode"] == "1"
    assert video_format(VideoCodec.H264, parameter_sets_of_fmtp(VideoCodec.H264, fmtp)).width == 1920


def test_hikvision_puts_a_blank_into_the_ssrc() -> None:
    answer = message("hikvision/rtsp/hikvision_setup_ssrc_space.txt")

    assert answer.headers.get("Transport").endswith("ssrc= d6d6627")
    assert session(answer.headers.get("Session")) == ("708886412", 60)


@pytest.mark.parametrize("describe", ["reolink_describe.txt", "reolink_describe_control_first.txt"])
def test_reolink_names_tracks_in_rtp_info_by_control_alone(describe: str) -> None:
    asked, playing = played(
        "rtsp://192.168.5.206:554/h264Preview_01_main",
        f"reolink/rtsp/{describe}",
        "reolink/rtsp/reolink_setup.txt",
        "reolink/rtsp/reolink_play.txt",
    )

    base = "rtsp://192.168.5.206/h264Preview_01_main/"
    assert [r.url for r in asked[2:]] == [base + "trackID=1", base + "trackID=2", base]
    assert firsts(playing) == [(16_852, 1_070_938_629), (39_409, 3_075_976_528)]
    assert playing.tracks[1].media.fmtp["profile"] == "1"
    assert (playing.session, playing.timeout_s, playing.server) == ("F8F8E425", 60, "Rtsp Server/2.0")


def test_reolink_takes_its_leave_without_a_session() -> None:
    assert message("reolink/rtsp/reolink_teardown.txt").status == 200


def test_wowza_mixes_relative_and_absolute_addresses_in_rtp_info() -> None:
    asked, playing = played(
        "rtsp://wowzaec2demo.streamlock.net/vod/mp4:BigBuckBunny_115k.mov",
        "wowza-bunny/rtsp/bunny_describe.txt",
        "wowza-bunny/rtsp/bunny_setup.txt",
        "wowza-bunny/rtsp/bunny_play.txt",
    )

    assert asked[2].url == "rtsp://wowzaec2demo.streamlock.net/vod/mp4:BigBuckBunny_115k.mov/trackID=1"
    assert [(t.media.kind, t.media.encoding) for t in playing.tracks] == [("audio", "MPEG4-GENERIC"), ("video", "H264")]
    assert playing.tracks[0].media.channels == 2
    assert firsts(playing) == [(1, 0), (1, 0)]


def test_foscam_gives_sound_a_static_type_without_rtpmap() -> None:
    video, sound = description("foscam/rtsp/foscam_describe.txt").media

    assert (video.encoding, video.control) == ("H264", "track1")
    assert (sound.encoding, sound.clock_rate, sound.control) == ("PCMU", 8000, "track2")


def test_anpviz_gives_aac_the_number_of_g711() -> None:
    video, sound = parse(device("anpviz/rtsp/anpviz_sdp.txt")).media

    assert (sound.payload_type, sound.encoding, sound.clock_rate, sound.channels) == (0, "MPEG4-GENERIC", 16_000, 2)
    assert sound.fmtp == {"config": "1408"}
    assert video.fmtp["packetization-mode"] == "0"


def test_tp_link_adds_a_medium_of_its_own_that_nobody_can_read() -> None:
    video, sound = parse(device("tp-link/rtsp/tplink_sdp.txt")).media

    assert (video.encoding, video.control) == ("H265", "track1")
    assert (sound.encoding, sound.control) == ("PCMA", "track2")
    assert len(parameter_sets_of_fmtp(VideoCodec.H265, video.fmtp)) == 3


@pytest.mark.parametrize(
    ("number", "media"),
    [
        (1, [("audio", 0, "PCMU"), ("video", 31, "H261")]),  # a byte order mark in front, several types in a line
        (2, [("video", 98, "H264")]),  # a semicolon at the end of the parameters
        (3, [("video", 26, "JPEG")]),
        (4, [("video", 96, "H264"), ("audio", 8, "PCMA")]),  # pcma in lower case, a blank at a line's end
    ],
)
def test_odd_descriptions_are_read(number: int, media: list[tuple[str, int, str]]) -> None:
    found = parse(device(f"sdp-issues/sharprtsp/test{number}.sdp")).media

    assert [(m.kind, m.payload_type, m.encoding) for m in found] == media


def test_quotes_around_the_comma_between_parameter_sets_are_left_to_who_reads_them() -> None:
    fmtp = parse(device("sdp-issues/sharprtsp/test4.sdp")).media[0].fmtp

    assert fmtp["sprop-parameter-sets"] == 'Z2QAKqwsaoHgCJ+WbgICAgQ=","aO4xshs='
