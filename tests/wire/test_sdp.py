import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.sdp import MediaDescription, parse, session_description

VIDEO = MediaDescription(
    kind="video",
    payload_type=96,
    encoding="H264",
    clock_rate=90_000,
    fmtp={"packetization-mode": "1", "sprop-parameter-sets": "Z2QAKg==,aO4xsg=="},
    control="track=1",
    direction="recvonly",
)
SOUND = MediaDescription(
    kind="audio",
    payload_type=97,
    encoding="MPEG4-GENERIC",
    clock_rate=16_000,
    channels=2,
    fmtp={"mode": "AAC-hbr", "config": "1410"},
    control="track=2",
    direction="recvonly",
)


def test_what_we_write_reads_back_the_same() -> None:
    text = session_description([VIDEO, SOUND], name="gate/main", session_id=7, address="192.0.2.1")

    read = parse(text)

    assert read.media == (VIDEO, SOUND)
    assert read.name == "gate/main"
    assert read.control == "*"


def test_a_server_on_ipv6_says_so() -> None:
    text = session_description([VIDEO], name="x", session_id=1, address="2001:db8::1")

    assert b"o=- 1 1 IN IP6 2001:db8::1\r\n" in text
    assert b"c=IN IP6 ::\r\n" in text


def test_a_name_with_line_breaks_cannot_add_lines() -> None:
    text = session_description([VIDEO], name="x\r\nm=audio 0 RTP/AVP 0", session_id=1, address="192.0.2.1")

    assert [media.kind for media in parse(text).media] == ["video"]


def test_g711_needs_no_rtpmap() -> None:
    read = parse("m=audio 0 RTP/AVP 8\r\nm=audio 0 RTP/AVP 0\r\n")

    assert [(m.encoding, m.clock_rate, m.channels) for m in read.media] == [("PCMA", 8000, 1), ("PCMU", 8000, 1)]


def test_an_rtpmap_outranks_the_static_number() -> None:
    read = parse("m=audio 0 RTP/AVP 0\na=rtpmap:0 MPEG4-GENERIC/16000/2\na=fmtp:0 config=1408\n")

    assert (read.media[0].encoding, read.media[0].clock_rate, read.media[0].channels) == ("MPEG4-GENERIC", 16_000, 2)
    assert read.media[0].fmtp == {"config": "1408"}


def test_a_wrong_number_in_rtpmap_is_forgiven_where_there_is_only_one() -> None:
    read = parse("m=video 0 RTP/AVP 96\na=rtpmap:97 H265/90000\n")

    assert read.media[0].encoding == "H265"
    assert read.media[0].payload_type == 96


def test_a_wrong_number_beside_a_static_type_changes_nothing() -> None:
    read = parse("m=audio 0 RTP/AVP 8\na=rtpmap:0 pcmu/8000\n")

    assert read.media[0].encoding == "PCMA"


def test_parameters_that_stand_under_another_medium_are_found() -> None:
    read = parse(
        "m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
        "m=audio 0 RTP/AVP 8\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0IA,aM44\n"
    )

    assert read.media[0].fmtp["sprop-parameter-sets"] == "Z0IA,aM44"
    assert read.media[1].fmtp == {}


def test_keys_are_lowered_and_values_left_alone() -> None:
    read = parse("m=audio 0 RTP/AVP 97\na=rtpmap:97 mpeg4-generic/8000\na=fmtp:97 Mode=AAC-hbr; SizeLength=13;; x\n")

    assert read.media[0].encoding == "MPEG4-GENERIC"
    assert read.media[0].fmtp == {"mode": "AAC-hbr", "sizelength": "13", "x": ""}


def test_session_lines_inside_a_medium_do_no_harm() -> None:
    read = parse(
        "v=0\ns=A\nm=video 0 RTP/AVP 96\ns=B\ni=live\na=control:track0\na=rtpmap:96 H264/90000\na=control:track1\n"
    )

    assert read.name == "A"
    assert read.media[0].control == "track1"


def test_a_back_channel_is_told_from_the_microphone_by_its_direction() -> None:
    read = parse("a=recvonly\nm=audio 0 RTP/AVP 0\nm=audio 0 RTP/AVP 8\na=sendonly\n")

    assert [media.direction for media in read.media] == ["recvonly", "sendonly"]


@pytest.mark.parametrize("text", ["", "v=0\r\ns=x\r\n", "<html>Not here</html>", "\0" * 100])
def test_what_describes_no_media_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no media"):
        parse(text)


def test_a_description_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="larger"):
        parse(b"a" * (2 << 20))


def test_a_description_of_a_thousand_media_is_cut() -> None:
    assert len(parse("m=audio 0 RTP/AVP 8\n" * 1000).media) == 32


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "m=video 0 RTP/AVP 96",
                "m=audio 0 RTP/AVP",
                "m=",
                "a=rtpmap:96 H264/90000",
                "a=rtpmap:96 /0/0",
                "a=fmtp:96 ;=;a==b",
                "a=control:",
            ]
        ),
        st.text(max_size=30),
    )
)


@given(lines=LINES)
@settings(max_examples=150)
def test_nothing_that_a_camera_says_crashes_the_reader(lines: list[str]) -> None:
    try:
        read = parse("\n".join(lines))
    except ValueError:
        return

    assert all(0 <= media.payload_type < 128 and media.clock_rate > 0 for media in read.media)
