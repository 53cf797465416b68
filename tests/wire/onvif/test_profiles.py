from dataclasses import replace

from tawny.wire.onvif import profiles
from tawny.wire.onvif.geometry import Size
from tawny.wire.onvif.profiles import Profile, VideoSource
from tests.wire.onvif import values
from tests.wire.onvif.answers_in_words import answer, sent


def test_a_profile_of_media_reads_back_whole() -> None:
    assert profiles.read_profile(sent(profiles.write_profile("trt:Profiles", values.PROFILE))) == values.PROFILE


def test_a_profile_of_media2_reads_back_whole() -> None:
    profile = replace(
        values.PROFILE,
        video_encoder=values.VIDEO_ENCODER2,
        audio_encoder=replace(values.AUDIO_ENCODER, session_timeout_s=None),
    )

    assert profiles.read_profile2(sent(profiles.write_profile2("tr2:Profiles", profile))) == profile


def test_a_profile_of_nothing_is_one() -> None:
    empty = Profile(token="p", name="")

    assert profiles.read_profile(answer('<Profiles token="p"/>')) == empty
    assert profiles.read_profile(sent(profiles.write_profile("trt:Profiles", empty))) == empty
    assert profiles.read_profile2(sent(profiles.write_profile2("tr2:Profiles", empty))) == empty


def test_a_sensor_reads_back() -> None:
    sensor = VideoSource(token="s", frame_rate=25, size=Size(width=2560, height=1440))

    assert profiles.read_video_source(sent(profiles.write_video_source("trt:VideoSources", sensor))) == sensor
