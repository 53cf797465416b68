from collections.abc import Iterator
from fractions import Fraction

import pytest
from av.codec.context import CodecContext
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.camera.v4l2.feed import MAIN, SUB, Feed
from tawny.camera.v4l2.model import Mode, PixelFormat
from tawny.wire import h26x
from tawny.wire.media import VideoCodec


def mode(form: PixelFormat, width: int, height: int) -> Mode:
    return Mode(pixel_format=form, width=width, height=height, stride=2 * width, rate=25.0)


def buffers(form: PixelFormat, width: int, height: int, count: int) -> Iterator[bytes]:
    """What a webcam that encodes itself gives."""
    name, pixels = {PixelFormat.MJPEG: ("mjpeg", "yuvj422p"), PixelFormat.H264: ("libx264", "yuv420p")}[form]
    encoder = CodecContext.create(name, "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, pixels
    encoder.time_base = Fraction(1, 25)
    if form is PixelFormat.H264:
        encoder.options = {"tune": "zerolatency", "x264-params": "annexb=1:repeat-headers=1:aud=1"}
    for number in range(count):
        frame = VideoFrame(width, height, pixels)
        frame.pts = number
        yield b"".join(bytes(packet) for packet in encoder.encode(frame))


def test_what_the_webcam_encodes_is_passed_on_as_it_is_with_a_small_stream_beside_it() -> None:
    feed = Feed(mode(PixelFormat.H264, 1280, 720))
    given_ = list(buffers(PixelFormat.H264, 1280, 720, 3))

    made = [feed.coded(data, 5 + number / 25) for number, data in enumerate(given_)]

    assert [set(each) for each in made] == [{MAIN, SUB}] * 3
    assert [each[MAIN].key for each in made] == [True, False, False]
    assert [each[MAIN].moment_s for each in made] == [5.0, 5.04, 5.08]
    passed = [list(h26x.nals_of_sample(each[MAIN].data)) for each in made]
    sent = [[nal for nal in h26x.nals_of_annex_b(data) if nal[0] & 31 != h26x.H264_AUD] for data in given_]
    assert passed == sent
    assert (made[0][SUB].form.width, made[0][SUB].form.height) == (640, 360)


def test_jpegs_are_encoded_and_begin_with_key_frames_that_hold_their_parameter_sets() -> None:
    feed = Feed(mode(PixelFormat.MJPEG, 640, 480))

    first, second = (
        feed.coded(data, number / 25) for number, data in enumerate(buffers(PixelFormat.MJPEG, 640, 480, 2))
    )

    assert {name: (p.form.width, p.form.height, p.key) for name, p in first.items()} == {
        MAIN: (640, 480, True),
        SUB: (480, 360, True),
    }
    assert not second[MAIN].key
    kinds = [h26x.nal_type(VideoCodec.H264, nal) for nal in h26x.nals_of_sample(first[SUB].data)]
    assert {h26x.H264_SPS, h26x.H264_PPS, h26x.H264_IDR} <= set(kinds)


@pytest.mark.parametrize("form", [PixelFormat.H264, PixelFormat.MJPEG])
def test_pictures_of_another_size_are_refused(form: PixelFormat) -> None:
    feed = Feed(mode(form, 1280, 720))

    with pytest.raises(ValueError, match=r"size|640x480"):
        feed.coded(next(buffers(form, 640, 480, 1)), 0.0)


def test_h264_before_its_first_key_frame_is_left_out() -> None:
    feed = Feed(mode(PixelFormat.H264, 64, 48))
    _, later = buffers(PixelFormat.H264, 64, 48, 2)

    assert MAIN not in feed.coded(later, 0.0)


@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=300), form=st.sampled_from(PixelFormat), start=st.booleans())
def test_bytes_without_sense_never_crash_it(data: bytes, form: PixelFormat, start: bool) -> None:
    feed = Feed(mode(form, 16, 16))
    marked = b"\0\0\1\x67" + data + b"\0\0\1\x68" + data[:9] + b"\0\0\1\x65" + data if start else data

    try:
        made = feed.coded(marked, 1.0)
    except ValueError:
        return
    assert made.keys() <= {MAIN, SUB}


def test_a_decoder_that_complains_gives_no_picture() -> None:
    feed = Feed(mode(PixelFormat.MJPEG, 64, 48))
    (whole,) = buffers(PixelFormat.MJPEG, 64, 48, 1)

    assert feed.coded(whole[:40], 0.0) == {}
    assert feed.coded(whole, 0.1).keys() == {MAIN, SUB}
