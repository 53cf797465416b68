from fractions import Fraction

import numpy as np
import pytest
from av import Packet
from av.codec.context import CodecContext
from av.video.codeccontext import VideoCodecContext

from tawny.camera.files import read_clip
from tawny.camera.onvif.veils import Veil
from tawny.camera.onvif.views import Coding, View, rendered
from tawny.camera.scenes.encoding import ClipWriter, VideoCoding
from tawny.camera.scenes.picture import Picture
from tawny.camera.sources import Clip
from tawny.wire import h26x
from tawny.wire.media import VideoCodec
from tests.camera import clips

CODING = VideoCoding(profile="high", rate=Fraction(25), group=10, bits_per_second=500_000)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """Twenty pictures, dark on the left and bright on the right, key frames each ten."""
    path = tmp_path_factory.mktemp("view") / "clip.mp4"
    luma = np.full((180, 320), 60, np.uint8)
    luma[:, 160:] = 180
    chroma = np.full((90, 160), 150, np.uint8)
    with ClipWriter(path, CODING) as writer:
        for _ in range(20):
            writer.add(Picture(luma.copy(), chroma.copy(), chroma.copy()))
        writer.finish()
    return read_clip(path)


def levels(clip: Clip) -> tuple[int, int, int]:
    """The middle luma of the first picture's left and right halves, and its colour."""
    decoder = CodecContext.create("h264", "r")
    assert isinstance(decoder, VideoCodecContext)
    nals = b"".join(b"\0\0\0\1" + nal for nal in h26x.nals_of_sample(clip.samples[0].data))
    (found,) = [*decoder.decode(Packet(nals)), *decoder.decode(None)]
    frame = found.to_ndarray(format="yuv420p")
    return int(np.median(frame[:180, 40:120])), int(np.median(frame[:180, 200:280])), int(np.median(frame[190:]))


def test_a_view_shows_its_part_of_the_picture(clip: Clip) -> None:
    left, right, _ = levels(rendered(clip, View(zoom=1.0, pan=1.0)))

    assert (left, right) == pytest.approx((180, 180), abs=6)


def test_adjustments_change_what_they_are_named_for(clip: Clip) -> None:
    plain, brighter, flat, grey = (
        levels(rendered(clip, view)) for view in (View(), View(brightness=70), View(contrast=10), View(saturation=0))
    )

    assert plain == pytest.approx(levels(clip), abs=4)
    assert brighter[0] == pytest.approx(plain[0] + 32, abs=6)
    assert flat[1] - flat[0] < (plain[1] - plain[0]) / 3
    assert grey[2] == pytest.approx(128, abs=3)


def test_times_and_key_frames_and_size_stay_and_key_frames_have_their_parameter_sets(clip: Clip) -> None:
    drawn = rendered(clip, View(zoom=0.5))

    assert [(s.time, s.duration, s.key) for s in drawn.samples] == [(s.time, s.duration, s.key) for s in clip.samples]
    assert (drawn.video.width, drawn.video.height) == (320, 180)
    for sample in drawn.samples:
        kinds = [h26x.nal_type(VideoCodec.H264, nal) for nal in h26x.nals_of_sample(sample.data)]
        assert (kinds[:2] == [7, 8]) is sample.key
        assert (5 in kinds) is sample.key


def test_a_veil_stays_over_the_thing_that_it_hides_when_the_head_moves(clip: Clip) -> None:
    over_the_right = Veil(corners=((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)), color=(16, 128, 128))

    whole = levels(rendered(clip, View(veils=(over_the_right,))))
    right = levels(rendered(clip, View(zoom=1.0, pan=1.0, veils=(over_the_right,))))

    assert whole[:2] == pytest.approx((60, 16), abs=6)
    assert right[:2] == pytest.approx((16, 16), abs=6)


@pytest.mark.parametrize("codec", [VideoCodec.H264, VideoCodec.H265])
def test_a_coding_says_codec_size_rate_and_key_frames(clip: Clip, codec: VideoCodec) -> None:
    coding = Coding(codec=codec, width=160, height=90, step=2, group=4, bitrate=200_000)

    drawn = rendered(clip, View(coding=coding))

    assert (drawn.video.codec, drawn.video.width, drawn.video.height) == (codec, 160, 90)
    assert [sample.time for sample in drawn.samples] == [sample.time for sample in clip.samples[::2]]
    assert [sample.key for sample in drawn.samples] == [number % 4 == 0 for number in range(10)]
    assert sum(sample.duration for sample in drawn.samples) == sum(sample.duration for sample in clip.samples)
    for sample in drawn.samples:
        sets = [h26x.nal_type(codec, nal) for nal in h26x.nals_of_sample(sample.data)]
        assert ({7, 8} <= set(sets) or {32, 33, 34} <= set(sets)) is sample.key


def test_what_cannot_be_decoded_is_refused() -> None:
    with pytest.raises(ValueError, match="decoded"):
        rendered(clips.clip(), View(zoom=1.0))
