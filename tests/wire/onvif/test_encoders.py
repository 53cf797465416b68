from dataclasses import replace

import pytest

from tawny.wire.onvif import encoders
from tawny.wire.onvif.encoders import AudioEncoderOptions
from tawny.wire.onvif.geometry import Range, Size
from tests.wire.onvif import values
from tests.wire.onvif.answers_in_words import answer, sent


def test_what_is_written_for_media_reads_back() -> None:
    video = encoders.write_video_encoder("trt:Configuration", values.VIDEO_ENCODER)
    audio = encoders.write_audio_encoder("trt:Configuration", values.AUDIO_ENCODER)

    assert encoders.read_video_encoder(sent(video)) == values.VIDEO_ENCODER
    assert encoders.read_audio_encoder(sent(audio)) == values.AUDIO_ENCODER


def test_what_is_written_for_media2_reads_back() -> None:
    video = encoders.write_video_encoder2("tr2:Configuration", values.VIDEO_ENCODER2)
    audio = encoders.write_audio_encoder2("tr2:Configuration", values.AUDIO_ENCODER)

    assert encoders.read_video_encoder(sent(video)) == values.VIDEO_ENCODER2
    assert encoders.read_audio_encoder(sent(audio)) == replace(values.AUDIO_ENCODER, session_timeout_s=None)


def test_an_encoding_that_nobody_knows_stays_what_it_is() -> None:
    read = encoders.read_video_encoder(answer('<C token="1"><Encoding>H.264+ Smart</Encoding></C>'))

    assert read.encoding == "H.264+ Smart"
    assert (read.size, read.frame_rate, read.gov_length) == (None, None, None)


@pytest.mark.parametrize(
    ("written", "rate"),
    [(8, 8000), (16, 16_000), (44, 44_100), (11, 11_025), (16_000, 16_000), (0, None), (None, None)],
)
def test_sample_rates_are_hertz_whether_the_camera_says_so_or_kilohertz(written: int | None, rate: int | None) -> None:
    assert encoders.hertz(written) == rate


def test_options_of_media_are_gathered_from_their_extensions() -> None:
    read = encoders.read_video_encoder_options(
        answer(
            "<A><Options><QualityRange><Min>1</Min><Max>6</Max></QualityRange>"
            "<H264><ResolutionsAvailable><Width>1920</Width><Height>1080</Height></ResolutionsAvailable>"
            "<FrameRateRange><Min>1</Min><Max>25</Max></FrameRateRange></H264>"
            "<Extension><H264><BitrateRange><Min>64</Min><Max>8192</Max></BitrateRange></H264>"
            "<Extension><H265><ResolutionsAvailable><Width>3840</Width><Height>2160</Height></ResolutionsAvailable>"
            "</H265></Extension></Extension></Options></A>"
        )
    )

    h264, h265 = read
    assert (h264.encoding, h264.sizes, h264.frame_rate) == (
        "H264",
        (Size(width=1920, height=1080),),
        Range(low=1, high=25),
    )
    assert h264.bitrate_kbps == Range(low=64, high=8192)
    assert (h265.encoding, h265.sizes) == ("H265", (Size(width=3840, height=2160),))


def test_options_of_sound_are_read_from_either_service() -> None:
    one = (
        "<Encoding>AAC</Encoding><BitrateList><Items>32 64</Items></BitrateList>"
        "<SampleRateList><Items>8</Items><Items>44</Items></SampleRateList>"
    )
    expected = (AudioEncoderOptions(encoding="AAC", bitrates_kbps=(32, 64), sample_rates=(8000, 44_100)),)

    nested = encoders.read_audio_encoder_options(answer(f"<A><Options><Options>{one}</Options></Options></A>"))
    plain = encoders.read_audio_encoder_options(answer(f"<A><Options>{one}</Options></A>"))

    assert nested == plain == expected
