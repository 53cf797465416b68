"""Media2 (ver20), the service of Profile T: streams of any codec, masks, and fewer calls."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from tawny.wire.onvif import osd
from tawny.wire.onvif.configurations import (
    AudioOutputConfiguration,
    AudioSourceConfiguration,
    MetadataConfiguration,
    VideoSourceConfiguration,
    read_audio_output_configuration,
    read_audio_source_configuration,
    read_metadata_configuration,
    read_video_source_configuration,
    write_audio_output_configuration,
    write_metadata_configuration,
    write_video_source_configuration,
)
from tawny.wire.onvif.elements import Element, child, children, flag, integer, make, optional, spelt, text, texts
from tawny.wire.onvif.encoders import (
    AudioEncoder,
    AudioEncoderOptions,
    VideoEncoder,
    VideoEncoderOptions,
    read_audio_encoder,
    read_audio_encoder_options,
    read_video_encoder,
    read_video_encoder_options2,
    write_audio_encoder2,
    write_video_encoder2,
)
from tawny.wire.onvif.geometry import Vector, read_polygon, write_polygon
from tawny.wire.onvif.media import listed, read_uri, single
from tawny.wire.onvif.profiles import Profile, read_profile2
from tawny.wire.onvif.soap import Call, nothing

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the service can do."""

    snapshots: bool = False
    rotation: bool = False
    osd: bool = False
    masks: bool = False
    most_profiles: int | None = None
    rtsp: bool = False
    multicast: bool = False
    rtsp_over_tcp: bool = False
    rtsps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """A part of the picture that nobody shall see: *kind* is Color, Pixelated or Blurred."""

    token: str = ""
    configuration: str = ""
    polygon: tuple[Vector, ...] = ()
    kind: str = "Color"
    color: osd.Color | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskOptions:
    """What masks can be."""

    most: int = 0
    most_points: int = 4
    kinds: tuple[str, ...] = ()
    rectangle_only: bool = False
    single_color_only: bool = False


def read_capabilities(element: Element | None) -> Capabilities:
    streaming = child(element, "StreamingCapabilities")
    return Capabilities(
        snapshots=flag(element, "@SnapshotUri") or False,
        rotation=flag(element, "@Rotation") or False,
        osd=flag(element, "@OSD") or False,
        masks=flag(element, "@Mask") or False,
        most_profiles=integer(element, "ProfileCapabilities/@MaximumNumberOfProfiles"),
        rtsp=flag(streaming, "@RTSPStreaming") or False,
        multicast=flag(streaming, "@RTPMulticast") or False,
        rtsp_over_tcp=flag(streaming, "@RTP_RTSP_TCP") or False,
        rtsps=flag(streaming, "@SecureRTSPStreaming") or False,
    )


def read_mask(element: Element) -> Mask:
    enabled = flag(element, "Enabled")
    return Mask(
        token=text(element, "@token") or "",
        configuration=text(element, "ConfigurationToken") or "",
        polygon=read_polygon(element, "Polygon"),
        kind=text(element, "Type") or "Color",
        color=osd.read_color(child(element, "Color")),
        enabled=True if enabled is None else enabled,
    )


def write_mask(name: str, value: Mask) -> Element:
    return make(
        name,
        make("tr2:ConfigurationToken", value.configuration),
        write_polygon("tr2:Polygon", value.polygon),
        make("tr2:Type", value.kind),
        None if value.color is None else osd.write_color("tr2:Color", value.color),
        make("tr2:Enabled", spelt(value.enabled)),
        token=value.token or None,
    )


def read_mask_options(element: Element) -> MaskOptions:
    return MaskOptions(
        most=integer(element, "MaxMasks") or 0,
        most_points=integer(element, "MaxPoints") or 4,
        kinds=texts(element, "Types"),
        rectangle_only=flag(element, "@RectangleOnly") or False,
        single_color_only=flag(element, "@SingleColorOnly") or False,
    )


def get_service_capabilities() -> Call[Capabilities]:
    return Call(
        body=make("tr2:GetServiceCapabilities"), read=lambda answer: read_capabilities(child(answer, "Capabilities"))
    )


def read_profiles(answer: Element) -> tuple[Profile, ...]:
    """The profiles that can be asked for: those that have a token."""
    return tuple(profile for each in children(answer, "Profiles") if (profile := read_profile2(each)).token)


def get_profiles(*, token: str | None = None, kinds: Iterable[str] = ("All",)) -> Call[tuple[Profile, ...]]:
    """Ask for profiles; *kinds* are the configurations to be told with them, as in "VideoEncoder"."""
    body = make("tr2:GetProfiles", optional("tr2:Token", token), *(make("tr2:Type", kind) for kind in kinds))
    return Call(body=body, read=read_profiles)


def create_profile(name: str, configurations: Iterable[tuple[str, str]] = ()) -> Call[str | None]:
    """Make a profile of configurations, each by kind and token; the answer is its token."""
    body = make("tr2:CreateProfile", make("tr2:Name", name), *_configurations(configurations))
    return Call(body=body, read=lambda answer: text(answer, "Token"))


def delete_profile(profile: str) -> Call[None]:
    return Call(body=make("tr2:DeleteProfile", make("tr2:Token", profile)), read=nothing)


def add_configurations(profile: str, configurations: Iterable[tuple[str, str]]) -> Call[None]:
    """Put configurations, each by kind and token, into a profile in the place of those of their kind."""
    return Call(body=_of("AddConfiguration", profile, *_configurations(configurations)), read=nothing)


def remove_configurations(profile: str, configurations: Iterable[tuple[str, str]]) -> Call[None]:
    return Call(body=_of("RemoveConfiguration", profile, *_configurations(configurations)), read=nothing)


def get_stream_uri(profile: str, *, protocol: str = "RTSP") -> Call[str]:
    """Ask where a stream is; *protocol*: RtspUnicast (UDP), RTSP (TCP), RtspOverHttp, RtspsUnicast, RtspMulticast."""
    body = make("tr2:GetStreamUri", make("tr2:Protocol", protocol), make("tr2:ProfileToken", profile))
    return Call(body=body, read=read_uri)


def get_snapshot_uri(profile: str) -> Call[str]:
    return Call(body=_of("GetSnapshotUri", profile), read=read_uri)


def set_synchronization_point(profile: str) -> Call[None]:
    """Ask for a key frame now."""
    return Call(body=_of("SetSynchronizationPoint", profile), read=nothing)


def get_video_source_configurations() -> Call[tuple[VideoSourceConfiguration, ...]]:
    return _get("VideoSource", read_video_source_configuration)


def set_video_source_configuration(value: VideoSourceConfiguration) -> Call[None]:
    return _set("VideoSource", write_video_source_configuration("tr2:Configuration", value))


def get_audio_source_configurations() -> Call[tuple[AudioSourceConfiguration, ...]]:
    return _get("AudioSource", read_audio_source_configuration)


def get_video_encoders(
    *, configuration: str | None = None, profile: str | None = None
) -> Call[tuple[VideoEncoder, ...]]:
    return _get("VideoEncoder", read_video_encoder, configuration, profile)


def get_video_encoder_options(
    *, configuration: str | None = None, profile: str | None = None
) -> Call[tuple[VideoEncoderOptions, ...]]:
    body = _asked("GetVideoEncoderConfigurationOptions", configuration, profile)
    return Call(body=body, read=read_video_encoder_options2)


def set_video_encoder(value: VideoEncoder) -> Call[None]:
    return _set("VideoEncoder", write_video_encoder2("tr2:Configuration", value))


def get_audio_encoders() -> Call[tuple[AudioEncoder, ...]]:
    return _get("AudioEncoder", read_audio_encoder)


def get_audio_encoder_options(
    *, configuration: str | None = None, profile: str | None = None
) -> Call[tuple[AudioEncoderOptions, ...]]:
    body = _asked("GetAudioEncoderConfigurationOptions", configuration, profile)
    return Call(body=body, read=read_audio_encoder_options)


def set_audio_encoder(value: AudioEncoder) -> Call[None]:
    return _set("AudioEncoder", write_audio_encoder2("tr2:Configuration", value))


def get_metadata_configurations() -> Call[tuple[MetadataConfiguration, ...]]:
    return _get("Metadata", read_metadata_configuration)


def set_metadata_configuration(value: MetadataConfiguration) -> Call[None]:
    return _set("Metadata", write_metadata_configuration("tr2:Configuration", value))


def get_audio_output_configurations() -> Call[tuple[AudioOutputConfiguration, ...]]:
    return _get("AudioOutput", read_audio_output_configuration)


def set_audio_output_configuration(value: AudioOutputConfiguration) -> Call[None]:
    return _set("AudioOutput", write_audio_output_configuration("tr2:Configuration", value))


def get_osds(*, token: str | None = None, configuration: str | None = None) -> Call[tuple[osd.Osd, ...]]:
    content = (optional("tr2:OSDToken", token), optional("tr2:ConfigurationToken", configuration))
    return Call(body=make("tr2:GetOSDs", *content), read=listed("OSDs", osd.read_osd))


def get_osd_options(configuration: str) -> Call[osd.OsdOptions]:
    body = make("tr2:GetOSDOptions", make("tr2:ConfigurationToken", configuration))
    return Call(body=body, read=single("OSDOptions", osd.read_osd_options))


def create_osd(value: osd.Osd) -> Call[str | None]:
    """Draw one more; the answer is its token."""
    body = make("tr2:CreateOSD", osd.write_osd("tr2:OSD", value))
    return Call(body=body, read=lambda answer: text(answer, "OSDToken"))


def set_osd(value: osd.Osd) -> Call[None]:
    return Call(body=make("tr2:SetOSD", osd.write_osd("tr2:OSD", value)), read=nothing)


def delete_osd(token: str) -> Call[None]:
    return Call(body=make("tr2:DeleteOSD", make("tr2:OSDToken", token)), read=nothing)


def get_masks(*, token: str | None = None, configuration: str | None = None) -> Call[tuple[Mask, ...]]:
    content = (optional("tr2:Token", token), optional("tr2:ConfigurationToken", configuration))
    return Call(body=make("tr2:GetMasks", *content), read=listed("Masks", read_mask))


def get_mask_options(configuration: str) -> Call[MaskOptions]:
    body = make("tr2:GetMaskOptions", make("tr2:ConfigurationToken", configuration))
    return Call(body=body, read=single("Options", read_mask_options))


def create_mask(value: Mask) -> Call[str | None]:
    """Hide one more part; the answer is the mask's token."""
    body = make("tr2:CreateMask", write_mask("tr2:Mask", value))
    return Call(body=body, read=lambda answer: text(answer, "Token"))


def set_mask(value: Mask) -> Call[None]:
    return Call(body=make("tr2:SetMask", write_mask("tr2:Mask", value)), read=nothing)


def delete_mask(token: str) -> Call[None]:
    return Call(body=make("tr2:DeleteMask", make("tr2:Token", token)), read=nothing)


def _of(operation: str, profile: str, *content: Element | None) -> Element:
    return make(f"tr2:{operation}", make("tr2:ProfileToken", profile), *content)


def _configurations(listed: Iterable[tuple[str, str]]) -> list[Element]:
    return [make("tr2:Configuration", make("tr2:Type", kind), make("tr2:Token", token)) for kind, token in listed]


def _asked(operation: str, configuration: str | None, profile: str | None) -> Element:
    content = (optional("tr2:ConfigurationToken", configuration), optional("tr2:ProfileToken", profile))
    return make(f"tr2:{operation}", *content)


def _get(
    kind: str, read: Callable[[Element], _T], configuration: str | None = None, profile: str | None = None
) -> Call[tuple[_T, ...]]:
    body = _asked(f"Get{kind}Configurations", configuration, profile)
    return Call(body=body, read=listed("Configurations", read))


def _set(kind: str, configuration: Element) -> Call[None]:
    return Call(body=make(f"tr2:Set{kind}Configuration", configuration), read=nothing)
