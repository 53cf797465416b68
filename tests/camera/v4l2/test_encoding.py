from av.video.frame import VideoFrame

from tawny.camera.v4l2.encoding import Encoder
from tawny.wire import h26x
from tawny.wire.media import VideoCodec


def kinds(coded: bytes) -> list[int]:
    return [h26x.nal_type(VideoCodec.H264, nal) for nal in h26x.nals_of_annex_b(coded)]


def test_every_picture_leaves_at_once_and_key_frames_come_every_two_seconds_of_pictures() -> None:
    encoder = Encoder(64, 48, rate=10.0)

    coded = [list(encoder.encode(VideoFrame(64, 48, "yuv420p"), number * 9000)) for number in range(45)]

    assert {len(units) for units in coded} == {1}
    keys = [number for number, (unit,) in enumerate(coded) if h26x.H264_IDR in kinds(unit)]
    assert keys == [0, 20, 40]
    assert all({h26x.H264_SPS, h26x.H264_PPS} <= set(kinds(coded[number][0])) for number in keys)
