"""Snapshots: the first key frame of a stream as a small JPEG, made once."""

import asyncio
from fractions import Fraction

import av
from av.codec.context import CodecContext
from av.video.codeccontext import VideoCodecContext

from tawny.camera.sources import Clip
from tawny.wire import h26x
from tawny.wire.media import VIDEO_TRACK, VideoCodec

_WIDTH = 640
_DECODERS = {VideoCodec.H264: "h264", VideoCodec.H265: "hevc"}


class Snapshots:
    """JPEGs by clip.

    Invariant: each clip is decoded once, whoever asks and however often; a clip that is no longer shown is forgotten.
    """

    def __init__(self) -> None:
        self._made: dict[str, tuple[Clip, bytes]] = {}

    async def of(self, token: str, clip: Clip) -> bytes | None:
        """The picture of the stream *token*, which shows *clip* now; None where it can't be decoded."""
        held = self._made.get(token)
        if held is None or held[0] is not clip:
            picture = await asyncio.to_thread(jpeg_of, clip)
            if picture is None:
                return None
            held = self._made[token] = clip, picture
        return held[1]


def jpeg_of(clip: Clip) -> bytes | None:
    """The first picture of *clip*, at most 640 pixels wide."""
    key = next(sample for sample in clip.samples if sample.track == VIDEO_TRACK)
    decoder = CodecContext.create(_DECODERS[clip.video.codec], "r")
    assert isinstance(decoder, VideoCodecContext), "both are codecs of pictures"
    nals = b"".join(b"\0\0\0\1" + nal for nal in (*clip.video.parameter_sets, *h26x.nals_of_sample(key.data)))
    try:
        frames = [*decoder.decode(av.Packet(nals)), *decoder.decode(None)]
    except av.error.FFmpegError:
        return None
    return _encoded(frames[0]) if frames else None


def _encoded(frame: av.VideoFrame) -> bytes:
    width = min(_WIDTH, frame.width)
    height = round(frame.height * width / frame.width / 2) * 2
    encoder = CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, VideoCodecContext), "JPEG is a codec of pictures"
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    scaled = frame.reformat(width=width, height=height, format="yuvj420p")
    return b"".join(bytes(packet) for packet in (*encoder.encode(scaled), *encoder.encode(None)))
