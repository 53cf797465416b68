"""Answers of both media services (Media, ver10, and Media2, ver20).

Values speak Media2's language; `for_media` puts them into Media's, which knows fewer codecs.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from tawny.wire.onvif.configurations import (
    Configuration,
    MetadataConfiguration,
    VideoSourceConfiguration,
    write_audio_source_configuration,
    write_configuration,
    write_metadata_configuration,
    write_video_source_configuration,
)
from tawny.wire.onvif.elements import Element, make, spelt, spelt_duration
from tawny.wire.onvif.encoders import (
    AudioEncoder,
    VideoEncoderOptions,
    write_audio_encoder,
    write_audio_encoder2,
    write_video_encoder,
    write_video_encoder2,
)
from tawny.wire.onvif.geometry import Range, Rectangle, write_range, write_size
from tawny.wire.onvif.media2 import MaskOptions
from tawny.wire.onvif.profiles import Profile, VideoSource, write_video_source
from tawny.wire.onvif.ptz import write_ptz_configuration

_MEDIA_SOUND = {"PCMU": "G711", "PCMA": "G711", "MP4A-LATM": "AAC"}

Write = Callable[[str, Configuration], Element]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of configuration: its *name* in operations, *of* finds it in a profile, and how it is written."""

    name: str
    of: Callable[[Profile], Configuration | None]
    write: Callable[..., Element]
    write2: Callable[..., Element]


KINDS = (
    Kind(
        name="VideoSource",
        of=lambda profile: profile.video_source,
        write=write_video_source_configuration,
        write2=write_video_source_configuration,
    ),
    Kind(
        name="AudioSource",
        of=lambda profile: profile.audio_source,
        write=write_audio_source_configuration,
        write2=write_audio_source_configuration,
    ),
    Kind(
        name="VideoEncoder",
        of=lambda profile: profile.video_encoder,
        write=write_video_encoder,
        write2=write_video_encoder2,
    ),
    Kind(
        name="AudioEncoder",
        of=lambda profile: profile.audio_encoder,
        write=write_audio_encoder,
        write2=write_audio_encoder2,
    ),
    Kind(
        name="VideoAnalytics",
        of=lambda profile: profile.analytics,
        write=write_configuration,
        write2=write_configuration,
    ),
    Kind(name="PTZ", of=lambda profile: profile.ptz, write=write_ptz_configuration, write2=write_ptz_configuration),
    Kind(
        name="Metadata",
        of=lambda profile: profile.metadata,
        write=write_metadata_configuration,
        write2=write_metadata_configuration,
    ),
)


def for_media(profile: Profile) -> Profile | None:
    """The profile in Media's words; None where its pictures have a codec that Media does not know (H.265)."""
    video, audio = profile.video_encoder, profile.audio_encoder
    if video is not None and video.encoding not in {"JPEG", "MPEG4", "H264"}:
        return None
    if audio is None:
        return profile
    return replace(profile, audio_encoder=replace(audio, encoding=_MEDIA_SOUND.get(audio.encoding, audio.encoding)))


def profile(name: str, value: Profile) -> Element:
    """A profile of Media."""
    held = [
        kind.write(f"tt:{kind.name}Configuration", found) for kind in KINDS if (found := kind.of(value)) is not None
    ]
    return make(name, make("tt:Name", value.name), *held, token=value.token, fixed=spelt(value.fixed))


def profile2(value: Profile, kinds: Iterable[str]) -> Element:
    """A profile of Media2 with the configurations of these *kinds* ("All", or Media2's own names of them)."""
    wanted = set(kinds)
    held = [
        kind.write2(f"tr2:{_short(kind)}", found)
        for kind in KINDS
        if wanted & {"All", _short(kind)} and (found := kind.of(value)) is not None
    ]
    configurations = make("tr2:Configurations", *held) if held else None
    name = make("tr2:Name", value.name)
    return make("tr2:Profiles", name, configurations, token=value.token, fixed=spelt(value.fixed))


def _short(kind: Kind) -> str:
    return kind.name.removeprefix("Video") if kind.name == "VideoAnalytics" else kind.name


def video_sources(listed: Iterable[VideoSource]) -> Element:
    return make("trt:GetVideoSourcesResponse", *(write_video_source("trt:VideoSources", source) for source in listed))


def audio_sources(tokens: Iterable[str]) -> Element:
    sources = (make("trt:AudioSources", make("tt:Channels", "1"), token=token) for token in tokens)
    return make("trt:GetAudioSourcesResponse", *sources)


def audio_outputs(tokens: Iterable[str]) -> Element:
    return make("trt:GetAudioOutputsResponse", *(make("trt:AudioOutputs", token=token) for token in tokens))


def media_uri(operation: str, address: str) -> Element:
    """Media's answer with the address of a stream or of a snapshot."""
    uri = make(
        "trt:MediaUri",
        make("tt:Uri", address),
        make("tt:InvalidAfterConnect", "false"),
        make("tt:InvalidAfterReboot", "false"),
        make("tt:Timeout", spelt_duration(0)),
    )
    return make(f"trt:{operation}Response", uri)


def media_uri2(operation: str, address: str) -> Element:
    return make(f"tr2:{operation}Response", make("tr2:Uri", address))


def capabilities(*, most_profiles: int) -> Element:
    """What Media says of itself."""
    return make(
        "trt:Capabilities",
        make("trt:ProfileCapabilities", MaximumNumberOfProfiles=str(most_profiles)),
        make("trt:StreamingCapabilities", RTPMulticast="false", RTP_TCP="false", RTP_RTSP_TCP="true"),
        SnapshotUri="true",
        Rotation="false",
        OSD="true",
    )


def capabilities2(*, most_profiles: int, kinds: Iterable[str], secure: bool) -> Element:
    """What Media2 says of itself."""
    supported = " ".join(kinds)
    streaming = {"RTSPStreaming": "true", "RTPMulticast": "false", "RTP_RTSP_TCP": "true"}
    if secure:
        streaming["SecureRTSPStreaming"] = "true"
    return make(
        "tr2:Capabilities",
        make("tr2:ProfileCapabilities", MaximumNumberOfProfiles=str(most_profiles), ConfigurationsSupported=supported),
        make("tr2:StreamingCapabilities", **streaming),
        SnapshotUri="true",
        Rotation="false",
        OSD="true",
        Mask="true",
    )


def mask_options(name: str, value: MaskOptions) -> Element:
    """What masks can be; their colours are any in YCbCr."""
    color = make(
        "tt:ColorspaceRange",
        *(write_range(f"tt:{axis}", Range(low=0.0, high=255.0)) for axis in "XYZ"),
        make("tt:Colorspace", "http://www.onvif.org/ver10/colorspace/YCbCr"),
    )
    return make(
        name,
        make("tr2:MaxMasks", str(value.most)),
        make("tr2:MaxPoints", str(value.most_points)),
        *(make("tr2:Types", kind) for kind in value.kinds),
        make("tr2:Color", color),
        RectangleOnly=spelt(value.rectangle_only),
        SingleColorOnly=spelt(value.single_color_only),
    )


def _fixed(name: str, value: float) -> Element:
    return write_range(name, Range(low=value, high=value))


def video_source_options(value: VideoSourceConfiguration) -> list[Element]:
    """The one picture that there is."""
    bounds = value.bounds or Rectangle(x=0, y=0, width=0, height=0)
    names = {"XRange": bounds.x, "YRange": bounds.y, "WidthRange": bounds.width, "HeightRange": bounds.height}
    ranges = make("tt:BoundsRange", *(_fixed(f"tt:{name}", number) for name, number in names.items()))
    return [ranges, make("tt:VideoSourceTokensAvailable", value.source)]


def video_encoder_options(value: VideoEncoderOptions) -> list[Element]:
    """Media's options of an encoder of H.264."""
    rates = value.frame_rates or (1.0,)
    h264 = [
        *(write_size("tt:ResolutionsAvailable", size) for size in value.sizes),
        write_range("tt:GovLengthRange", value.gov_length or Range(low=1, high=1)),
        write_range("tt:FrameRateRange", Range(low=math.floor(min(rates)), high=round(max(rates)))),
        _fixed("tt:EncodingIntervalRange", 1),
    ]
    profiles = [make("tt:H264ProfilesSupported", each) for each in value.codec_profiles]
    more = make(
        "tt:Extension",
        make("tt:H264", *h264, *profiles, write_range("tt:BitrateRange", value.bitrate_kbps or Range(low=1, high=1))),
    )
    basic = make("tt:H264", *(_copied(each) for each in (*h264, *profiles)))
    return [write_range("tt:QualityRange", value.quality or Range(low=1, high=1)), basic, more]


def _copied(element: Element) -> Element:
    copied = make(f"tt:{element.tag.rpartition('}')[2]}", element.text)
    copied.extend(_copied(each) for each in element)
    return copied


def video_encoder_options2(value: VideoEncoderOptions) -> Element:
    """Media2's options of an encoder with one codec."""
    group = value.gov_length or Range(low=1, high=1)
    return make(
        "tr2:Options",
        make("tt:Encoding", value.encoding),
        write_range("tt:QualityRange", value.quality or Range(low=1, high=1)),
        *(write_size("tt:ResolutionsAvailable", size) for size in value.sizes),
        write_range("tt:BitrateRange", value.bitrate_kbps or Range(low=1, high=1)),
        GovLengthRange=f"{group.low:.0f} {group.high:.0f}",
        FrameRatesSupported=" ".join(spelt(rate) for rate in value.frame_rates),
        ProfilesSupported=" ".join(value.codec_profiles),
        ConstantBitRateSupported=spelt(value.constant_bitrate or False),
    )


def audio_encoder_options(name: str, value: AudioEncoder) -> Element:
    """The options of either service; Media wraps them once more."""
    return make(
        name,
        make("tt:Encoding", value.encoding),
        make("tt:BitrateList", make("tt:Items", str(value.bitrate_kbps or 1))),
        make("tt:SampleRateList", make("tt:Items", str((value.sample_rate or 8000) // 1000))),
    )


def metadata_options(_: MetadataConfiguration) -> list[Element]:
    """No position of the head is told in the metadata."""
    status = make("tt:PanTiltStatusSupported", "false"), make("tt:ZoomStatusSupported", "false")
    return [make("tt:PTZStatusFilterOptions", *status)]


def encoder_instances(prefix: str, counts: Mapping[str, int], *, most: int) -> Element:
    """How many streams one source gives at once: by encoding, and at *most* together."""
    total = str(most)
    if prefix == "tr2":
        codecs = (
            make("tr2:Codec", make("tr2:Encoding", encoding), make("tr2:Number", str(count)))
            for encoding, count in counts.items()
        )
        return make("tr2:GetVideoEncoderInstancesResponse", make("tr2:Info", *codecs, make("tr2:Total", total)))
    known = [make(f"trt:{name}", str(counts[name])) for name in ("JPEG", "H264", "MPEG4") if name in counts]
    return make("trt:GetGuaranteedNumberOfVideoEncoderInstancesResponse", make("trt:TotalNumber", total), *known)
