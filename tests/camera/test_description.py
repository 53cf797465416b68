from dataclasses import replace

from tawny.camera.description import media_of
from tawny.wire.h26x import parameter_sets_of_fmtp
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK, AudioCodec, AudioFormat, VideoCodec, VideoFormat
from tawny.wire.sdp import parse, session_description
from tests.camera.clips import VIDEO, clip
from tests.wire.mp4.clips import video_clip


def test_a_recorder_finds_the_parameter_sets_that_the_clip_has() -> None:
    for codec in (VideoCodec.H264, VideoCodec.H265):
        form = video_clip(codec, seconds=1).formats[VIDEO_TRACK]
        assert isinstance(form, VideoFormat)

        described = media_of(replace(clip(), video=form))[VIDEO_TRACK]
        (read,) = parse(session_description([described], name="x", session_id=1, address="192.0.2.1")).media

        assert read == described
        assert set(parameter_sets_of_fmtp(codec, read.fmtp)) == set(form.parameter_sets)


def test_profile_and_level_are_those_of_the_parameter_set() -> None:
    assert media_of(replace(clip(), video=VIDEO))[VIDEO_TRACK].fmtp["profile-level-id"] == "64001E"


def test_aac_tells_its_configuration_and_g711_its_static_type() -> None:
    aac = AudioFormat(codec=AudioCodec.AAC, sample_rate=48_000, channels=2, config=b"\x11\x90")
    pcmu = AudioFormat(codec=AudioCodec.PCMU, sample_rate=8000, channels=1)

    first = media_of(replace(clip(sound=True), audio=aac))[AUDIO_TRACK]
    second = media_of(replace(clip(sound=True), audio=pcmu))[AUDIO_TRACK]

    assert (first.encoding, first.payload_type, first.clock_rate, first.channels) == ("MPEG4-GENERIC", 97, 48_000, 2)
    assert (first.fmtp["config"], first.fmtp["mode"]) == ("1190", "AAC-hbr")
    assert (second.encoding, second.payload_type, second.clock_rate) == ("PCMU", 0, 8000)


def test_a_clip_without_sound_describes_none() -> None:
    assert set(media_of(clip())) == {VIDEO_TRACK}
