"""Views of a clip: a part of the picture, and how it is adjusted; drawn anew from the clip, frame by frame."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import av
from av.codec.context import CodecContext
from av.filter import Graph
from av.video.codeccontext import VideoCodecContext
from av.video.format import VideoFormat
from av.video.frame import PictureType, VideoFrame

from tawny.camera.onvif import lamps, lettering
from tawny.camera.onvif.lettering import Text
from tawny.camera.onvif.veils import Veil, veiled
from tawny.camera.sources import Clip, Sample
from tawny.wire import h26x
from tawny.wire.media import VIDEO_TIMESCALE, VIDEO_TRACK, VideoCodec

_DECODERS = {VideoCodec.H264: "h264", VideoCodec.H265: "hevc"}
_ENCODERS = {VideoCodec.H264: "libx264", VideoCodec.H265: "libx265"}
_PARAMETER_SETS = {VideoCodec.H264: {7, 8}, VideoCodec.H265: {h26x.H265_VPS, h26x.H265_SPS, h26x.H265_PPS}}
_NEUTRAL = 50.0
_LEAST_RATE = 1_000_000  # bits a second that a view may take at most, though its clip be still
_CLOSEST = 0.25  # of the picture's width, at full zoom


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """How pictures are encoded: one of *step* of the clip's, a key frame every *group*, *bitrate* bits a second at most."""

    codec: VideoCodec
    width: int
    height: int
    step: int
    group: int
    bitrate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Where the head looks (pan and tilt -1 to 1, zoom 0 to 1), and the picture's adjustments (0 to 100), texts, masks and lamps.

    *veils* lie over what the sensor sees, so they stay over it when the head moves; without a *coding* pictures are
    encoded as the clip's are.
    """

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0
    brightness: float = _NEUTRAL
    contrast: float = _NEUTRAL
    saturation: float = _NEUTRAL
    sharpness: float = _NEUTRAL
    texts: tuple[Text, ...] = ()
    veils: tuple[Veil, ...] = ()
    lamps: tuple[int, ...] = ()
    coding: Coding | None = None

    def part(self) -> tuple[float, float, float]:
        """The part of the picture that is seen: left, top and extent, as fractions of it."""
        extent = 1.0 - (1.0 - _CLOSEST) * self.zoom
        return (1.0 - extent) * (1.0 + self.pan) / 2, (1.0 - extent) * (1.0 - self.tilt) / 2, extent


def rendered(clip: Clip, view: View) -> Clip:
    """*clip* as *view* shows it: the same moments, key frames and size in H.264, unless its coding says otherwise.

    Takes seconds of one core; raises ValueError where the clip can't be decoded.
    """
    pictures = [sample for sample in clip.samples if sample.track == VIDEO_TRACK]
    kept = _kept(pictures, view.coding)
    codec = view.coding.codec if view.coding is not None else VideoCodec.H264
    try:
        coded = list(_coded(clip, pictures, kept, view))
    except av.error.FFmpegError as error:
        raise ValueError("the clip can't be decoded") from error
    if len(coded) != len(kept):
        raise ValueError("the clip has pictures that can't be decoded")
    sets = [nal for nal in h26x.nals_of_sample(coded[0]) if h26x.nal_type(codec, nal) in _PARAMETER_SETS[codec]]
    drawn = {
        old.time: replace(old, data=new, composition_offset=0) for old, new in zip(kept.values(), coded, strict=True)
    }
    samples = tuple(
        drawn[sample.time] if sample.track == VIDEO_TRACK else sample
        for sample in clip.samples
        if sample.track != VIDEO_TRACK or sample.time in drawn
    )
    return replace(clip, video=h26x.video_format(codec, sets), samples=samples)


def _kept(pictures: list[Sample], coding: Coding | None) -> dict[int, Sample]:
    """The pictures that are shown, by their numbers, with durations and key frames as they will be."""
    if coding is None:
        return dict(enumerate(pictures))
    return {
        number: replace(
            picture,
            duration=sum(each.duration for each in pictures[number : number + coding.step]),
            key=number // coding.step % coding.group == 0,
        )
        for number, picture in enumerate(pictures)
        if number % coding.step == 0
    }


def _coded(clip: Clip, pictures: list[Sample], kept: Mapping[int, Sample], view: View) -> Iterator[bytes]:
    """The pictures of the view, one sample each."""
    encoder = _encoder(clip, pictures, view.coding)
    graph = _graph(clip, view)
    step = view.coding.step if view.coding is not None else 1
    for number, frame in enumerate(_frames(clip, pictures)):
        if number not in kept:
            continue
        if not number:
            encoder.colorspace, encoder.color_range = frame.colorspace, frame.color_range
        graph.push(veiled(frame, view.veils))
        seen = graph.pull()
        assert isinstance(seen, VideoFrame), "a graph of pictures gives pictures"
        lettering.write(seen, view.texts)
        lamps.light(seen, view.lamps)
        seen.pts, seen.time_base = number // step, encoder.time_base
        seen.pict_type = PictureType.I if kept[number].key else PictureType.NONE
        yield from map(_sample, encoder.encode(seen))
    yield from map(_sample, encoder.encode(None))


def _frames(clip: Clip, pictures: list[Sample]) -> Iterator[VideoFrame]:
    decoder = CodecContext.create(_DECODERS[clip.video.codec], "r")
    assert isinstance(decoder, VideoCodecContext), "both are codecs of pictures"
    for picture in pictures:
        nals = [*(clip.video.parameter_sets if picture.key else ()), *h26x.nals_of_sample(picture.data)]
        yield from decoder.decode(av.Packet(b"".join(b"\0\0\0\1" + nal for nal in nals)))
    yield from decoder.decode(None)


def _encoder(clip: Clip, pictures: list[Sample], coding: Coding | None) -> VideoCodecContext:
    codec = coding.codec if coding is not None else VideoCodec.H264
    encoder = CodecContext.create(_ENCODERS[codec], "w")
    assert isinstance(encoder, VideoCodecContext), "both are codecs of pictures"
    size = coding or clip.video
    encoder.width, encoder.height, encoder.pix_fmt = size.width, size.height, "yuv420p"
    rate = Fraction(len(pictures)) / Fraction(clip.duration_s).limit_denominator(1000)
    encoder.framerate = rate / (coding.step if coding is not None else 1)
    encoder.time_base = 1 / encoder.framerate
    encoder.thread_count = 1
    usual = max(_LEAST_RATE, round(sum(len(p.data) for p in pictures) * 8 / clip.duration_s))
    most = coding.bitrate if coding is not None else usual
    encoder.options = _h264(most, _profile(clip)) if codec is VideoCodec.H264 else _h265(most)
    return encoder


def _profile(clip: Clip) -> str:
    """The H.264 profile that clients were told (H.264, A.2)."""
    profiles = {66: "baseline", 77: "main"}
    return profiles.get(clip.video.parameter_sets[0][1], "high") if clip.video.codec is VideoCodec.H264 else "high"


def _h264(most: int, profile: str) -> dict[str, str]:
    return {
        "profile": profile,
        "preset": "superfast",
        "tune": "zerolatency",
        "crf": "23",
        "maxrate": str(most),
        "bufsize": str(most),
        "g": "9999",
        "bf": "0",
        "sc_threshold": "0",
        "forced-idr": "1",
        "x264-params": "annexb=1:repeat-headers=1",
    }


def _h265(most: int) -> dict[str, str]:
    """One thread: the streams of before have the others."""
    bounds = f"crf=26:vbv-maxrate={most // 1000}:vbv-bufsize={most // 1000}"
    groups = "keyint=-1:bframes=0:scenecut=0:open-gop=0:repeat-headers=1"
    return {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "forced-idr": "1",
        "x265-params": f"{bounds}:{groups}:annexb=1:log-level=none:pools=1:frame-threads=1",
    }


def _graph(clip: Clip, view: View) -> Graph:
    """Crop, enlarge and adjust, in one graph."""
    width, height = clip.video.width, clip.video.height
    shown = view.coding or clip.video
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
        graph.add(
            "scale", f"{shown.width}:{shown.height}:in_color_matrix=bt709:out_color_matrix=bt709"
        ),  # alike: none is changed
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
