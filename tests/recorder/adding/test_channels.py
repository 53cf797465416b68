from dataclasses import replace
from typing import Any

import pytest

from tawny.recorder.adding.channels import codec_name, grouped, key_frame_s, reported, sound_name
from tawny.wire.onvif.profiles import Profile
from tests.fakes.devices import encoder, profile


def streams(*profiles: Profile) -> tuple[str, str]:
    """The tokens of main and sub of the first channel."""
    channel = grouped(profiles)[0]
    return channel.main.profile if channel.main else "", channel.sub.profile if channel.sub else ""


def test_the_largest_picture_is_the_main_stream_and_the_largest_small_one_the_sub_stream() -> None:
    found = streams(
        profile("small", encoder("e3", width=320, height=180)),
        profile("main", encoder("e1", width=2560, height=1440)),
        profile("middle", encoder("e2", width=1920, height=1080)),
        profile("sub", encoder("e4", width=640, height=360)),
    )

    assert found == ("main", "sub")


def test_of_equal_pictures_the_first_is_taken_and_h264_before_h265_before_jpeg() -> None:
    assert streams(profile("b", encoder("e1")), profile("a", encoder("e2")))[0] == "b"
    assert streams(profile("b", encoder("e1", "H265")), profile("a", encoder("e2", "H264")))[0] == "a"
    assert streams(profile("b", encoder("e1", "JPEG")), profile("a", encoder("e2", "H265")))[0] == "a"


def test_a_profile_of_the_same_encoder_is_no_sub_stream() -> None:
    same = encoder("e1")

    assert streams(profile("main", same), profile("also", same)) == ("main", "")


def test_a_moving_sub_stream_goes_before_jpegs() -> None:
    jpeg = profile("jpeg", encoder("e2", "JPEG", width=1280, height=720))
    moving = profile("moving", encoder("e3", width=640, height=360))

    assert streams(profile("main", encoder("e1")), jpeg, moving) == ("main", "moving")
    assert streams(profile("main", encoder("e1")), jpeg) == ("main", "jpeg")


def test_a_sub_stream_above_720p_is_better_than_none() -> None:
    large = profile("large", encoder("e2", width=1920, height=1080))

    assert streams(profile("main", encoder("e1", width=3840, height=2160)), large) == ("main", "large")


def test_what_can_t_be_recorded_is_taken_for_want_of_better_only() -> None:
    old = profile("old", encoder("e1", "MPEG4", width=1920, height=1080))

    assert streams(old, profile("new", encoder("e2", width=640, height=360))) == ("new", "")
    assert streams(old) == ("old", "")


def test_each_video_source_is_a_channel_with_a_name_where_there_are_several() -> None:
    one = grouped([profile("a", encoder("e1"), source="s1")])
    two = grouped([profile("a", encoder("e1"), source="s1"), profile("b", encoder("e2"), source="s2")])

    assert [(each.channel, each.name) for each in one] == [("s1", "")]
    assert [(each.channel, each.name) for each in two] == [("s1", "Channel 1"), ("s2", "Channel 2")]


def test_a_profile_of_metadata_alone_is_no_channel() -> None:
    assert grouped([Profile(token="meta")]) == []


def test_a_stream_is_reported_as_the_camera_states_it() -> None:
    stream = reported(profile("main", encoder(), audio="MP4A-LATM"))

    assert (stream.codec, stream.width, stream.height, stream.fps) == ("h264", 1920, 1080, 25)
    assert (stream.bits_per_second, stream.key_frame_s, stream.audio) == (4_096_000, 2.0, "aac")


def test_a_limit_that_is_none_is_no_bit_rate() -> None:
    axis = replace(encoder(), bitrate_kbps=2_147_483_647)

    assert reported(profile("main", axis)).bits_per_second is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"gov_length": 250}, 10.0),
        ({"gov_length": 50, "encoding_interval": 2}, 4.0),
        ({"gov_length": None}, None),
        ({"frame_rate": 0}, None),
        ({"gov_length": -1}, None),
    ],
)
def test_the_time_between_key_frames_is_reckoned_where_it_can_be(
    changes: dict[str, Any], expected: float | None
) -> None:
    assert key_frame_s(replace(encoder(), **changes)) == expected


def test_words_for_codecs_are_ours_and_unknown_ones_stay() -> None:
    assert [codec_name(word) for word in ("H264", "H.265", "HEVC", "JPEG", "MPV4-ES", "AV1")] == [
        "h264",
        "h265",
        "h265",
        "mjpeg",
        "mpeg4",
        "av1",
    ]
    assert [sound_name(word) for word in ("PCMA", "AAC", "mpeg4-generic", "G726", "OPUS")] == [
        "pcma",
        "aac",
        "aac",
        "g726",
        "opus",
    ]
