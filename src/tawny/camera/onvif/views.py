"""Views of a clip: a part of the picture, and how it is adjusted; drawn anew from the clip, frame by frame."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import av
from av.codec.context import CodecContext
from av.filter import Graph
from av.video.codeccontext import VideoCodecContext
from av.video.format import VideoFormat
from av.video.frame import PictureType, VideoFrame

from tawny.camera.onvif import lettering
from tawny.camera.onvif.lettering import Text
from tawny.camera.sources import Clip, Sample
from tawny.wire import h26x
from tawny.wire.media import VIDEO_TIMESCALE, VIDEO_TRACK, VideoCodec

_DECODERS = {VideoCodec.H264: "h264", VideoCodec.H265: "hevc"}
_NEUTRAL = 50.0
_LEAST_RATE = 1_000_000  # bits a second that a view may take at most, though its clip be still
_CLOSEST = 0.25  # of the picture's width, at full zoom


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Where the head looks (pan and tilt -1 to 1, zoom 0 to 1), and the picture's adjustments (0 to 100) and texts."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0
    brightness: float = _NEUTRAL
    contrast: float = _NEUTRAL
    saturation: float = _NEUTRAL
    sharpness: float = _NEUTRAL
    texts: tuple[Text, ...] = ()

    def part(self) -> tuple[float, float, float]:
        """The part of the picture that is seen: left, top and extent, as fractions of it."""
        extent = 1.0 - (1.0 - _CLOSEST) * self.zoom
        return (1.0 - extent) * (1.0 + self.pan) / 2, (1.0 - extent) * (1.0 - self.tilt) / 2, extent


def rendered(clip: Clip, view: View) -> Clip:
    """*clip* as *view* shows it: the same moments and key frames, H.264 of the same size.

    Takes seconds of one core; raises ValueError where the clip can't be decoded.
    """
    pictures = [sample for sample in clip.samples if sample.track == VIDEO_TRACK]
    try:
        coded = list(_coded(clip, pictures, view))
    except av.error.FFmpegError as error:
        raise ValueError("the clip can't be decoded") from error
    if len(coded) != len(pictures):
        raise ValueError("the clip has pictures that can't be decoded")
    sets = [nal for nal in h26x.nals_of_sample(coded[0]) if h26x.nal_type(VideoCodec.H264, nal) in {7, 8}]
    drawn = iter(replace(old, data=new, composition_offset=0) for old, new in zip(pictures, coded, strict=True))
    samples = tuple(next(drawn) if sample.track == VIDEO_TRACK else sample for sample in clip.samples)
    return replace(clip, video=h26x.video_format(VideoCodec.H264, sets), samples=samples)


def _coded(clip: Clip, pictures: list[Sample], view: View) -> Iterator[bytes]:
    """The pictures of the view, one sample each."""
    encoder = _encoder(clip, pictures)
    graph = _graph(clip, view)
    for number, frame in enumerate(_frames(clip, pictures)):
        if number == 0:
            encoder.colorspace, encoder.color_range = frame.colorspace, frame.color_range
        graph.push(frame)
        seen = graph.pull()
        assert isinstance(seen, VideoFrame), "a graph of pictures gives pictures"
        lettering.write(seen, view.texts)
        seen.pts, seen.time_base = number, encoder.time_base
        seen.pict_type = PictureType.I if pictures[number].key else PictureType.NONE
        yield from map(_sample, encoder.encode(seen))
    yield from map(_sample, encoder.encode(None))


def _frames(clip: Clip, pictures: list[Sample]) -> Iterator[VideoFrame]:
    decoder = CodecContext.create(_DECODERS[clip.video.codec], "r")
    assert isinstance(decoder, VideoCodecContext), "both are codecs of pictures"
    for picture in pictures:
        nals = [*(clip.video.parameter_sets if picture.key else ()), *h26x.nals_of_sample(picture.data)]
        yield from decoder.decode(av.Packet(b"".join(b"\0\0\0\1" + nal for nal in nals)))
    yield from decoder.decode(None)


def _encoder(clip: Clip, pictures: list[Sample]) -> VideoCodecContext:
    encoder = CodecContext.create("libx264", "w")
    assert isinstance(encoder, VideoCodecContext), "H.264 is a codec of pictures"
    encoder.width, encoder.height, encoder.pix_fmt = clip.video.width, clip.video.height, "yuv420p"
    encoder.framerate = Fraction(len(pictures)) / Fraction(clip.duration_s).limit_denominator(1000)
    encoder.time_base = 1 / encoder.framerate
    encoder.thread_count = 1
    most = str(max(_LEAST_RATE, round(sum(len(p.data) for p in pictures) * 8 / clip.duration_s)))
    gop = {"g": "9999", "bf": "0", "sc_threshold": "0", "forced-idr": "1", "x264-params": "annexb=1:repeat-headers=1"}
    encoder.options = {
        "preset": "superfast",
        "tune": "zerolatency",
        "crf": "23",
        "maxrate": most,
        "bufsize": most,
        **gop,
    }
    return encoder


def _graph(clip: Clip, view: View) -> Graph:
    """Crop, enlarge and adjust, in one graph."""
    width, height = clip.video.width, clip.video.height
    left, top, extent = view.part()
    crop = f"{_even(width * extent)}:{_even(height * extent)}:{_even(width * left)}:{_even(height * top)}"
    light, contrast, colour = (view.brightness - 50) * 1.6, view.contrast / 50, view.saturation / 50
    chroma = f"clip((val-128)*{colour:.3f}+128\\,16\\,240)"
    look = f"y=clip((val-128)*{contrast:.3f}+{128 + light:.1f}\\,16\\,235):u={chroma}:v={chroma}"
    graph = Graph()
    nodes = [
        graph.add_buffer(
            width=width, height=height, format=VideoFormat("yuv420p"), time_base=Fraction(1, VIDEO_TIMESCALE)
        ),
        graph.add("crop", crop),
        graph.add("scale", f"{width}:{height}:in_color_matrix=bt709:out_color_matrix=bt709"),  # alike: none is changed
        graph.add("lutyuv", look),
        graph.add("unsharp", f"luma_amount={(view.sharpness - 50) / 50:.3f}"),
        graph.add("format", "yuv420p"),
        graph.add("buffersink"),
    ]
    graph.link_nodes(*nodes).configure()
    return graph


def _even(pixels: float) -> int:
    return int(pixels / 2) * 2


def _sample(packet: "av.Packet") -> bytes:  # type: ignore[type-arg]  # generic in PyAV's stubs only
    """The packet's NAL units after their lengths; Annex B start codes are 3 or 4 bytes long."""
    nals = [nal.rstrip(b"\0") for nal in bytes(packet).split(b"\0\0\1")]
    return h26x.sample_of_nals(nal for nal in nals if nal)
