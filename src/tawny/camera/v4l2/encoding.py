"""From pictures to H.264 as a camera sends it: no delay, no B frames, a key frame every two seconds."""

from collections.abc import Iterator
from fractions import Fraction

from av.codec.context import CodecContext
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame

from tawny.wire.media import VIDEO_TIMESCALE

KEY_FRAMES_S = 2
_BITS_A_PIXEL = 0.1  # at most: 1080p at 30 pictures a second takes 6 Mbit/s
_LEAST_RATE = 200_000


class Encoder:
    """Encodes pictures of one size.

    Invariant: a key frame comes first and then whenever two seconds have passed since the last, by the pictures' times.
    """

    def __init__(self, width: int, height: int, *, rate: float) -> None:
        encoder = CodecContext.create("libx264", "w")
        assert isinstance(encoder, VideoCodecContext), "H.264 is a codec of pictures"
        encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
        encoder.framerate = Fraction(rate).limit_denominator(1000)
        encoder.time_base = Fraction(1, VIDEO_TIMESCALE)
        encoder.thread_count = 1
        most = str(max(_LEAST_RATE, round(width * height * rate * _BITS_A_PIXEL)))
        encoder.options = {
            "preset": "superfast",
            "tune": "zerolatency",
            "crf": "23",
            "maxrate": most,
            "bufsize": most,
            "g": "9999",
            "bf": "0",
            "sc_threshold": "0",
            "forced-idr": "1",
            "x264-params": "annexb=1:repeat-headers=1",
        }
        self._encoder = encoder
        self._key_due: int | None = None

    def encode(self, frame: VideoFrame, time: int) -> Iterator[bytes]:
        """The picture's access unit (H.264, annex B); *time* is in ticks of video and rises."""
        frame.pts, frame.time_base = time, self._encoder.time_base
        key = self._key_due is None or time >= self._key_due
        frame.pict_type = PictureType.I if key else PictureType.NONE
        if key:
            self._key_due = time + KEY_FRAMES_S * VIDEO_TIMESCALE
        packets: list[Packet] = self._encoder.encode(frame)  # type: ignore[type-arg]  # generic in PyAV's stubs only
        yield from map(bytes, packets)
