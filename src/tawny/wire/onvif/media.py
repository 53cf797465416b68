"""Media (ver10), the service of Profile S."""

from collections.abc import Callable
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
from tawny.wire.onvif.elements import Element, child, children, flag, integer, make, optional, text, uri
from tawny.wire.onvif.encoders import (
    AudioEncoder,
    AudioEncoderOptions,
    VideoEncoder,
    VideoEncoderOptions,
    read_audio_encoder,
    read_audio_encoder_options,
    read_video_encoder,
    read_video_encoder_options,
    write_audio_encoder,
    write_video_encoder,
)
from tawny.wire.onvif.profiles import Profile, VideoSource, read_profile, read_video_source
from tawny.wire.onvif.soap import Call, nothing

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the service can do."""

    snapshots: bool = False
    rotation: bool = False
    osd: bool = False
    most_profiles: int | None = None
    multicast: bool = False
    rtsp_over_tcp: bool = False


def read_capabilities(element: Element | None) -> Capabilities:
    return Capabilities(
        snapshots=flag(element, "@SnapshotUri") or False,
        rotation=flag(element, "@Rotation") or False,
        osd=flag(element, "@OSD") or False,
        most_profiles=integer(element, "ProfileCapabilities/@MaximumNumberOfProfiles"),
        multicast=flag(element, "StreamingCapabilities/@RTPMulticast") or False,
        rtsp_over_tcp=flag(element, "StreamingCapabilities/@RTP_RTSP_TCP") or False,
    )


def read_uri(answer: Element) -> str:
    """The address of a stream or a still, from either service; ValueError where there is none."""
    found = uri(answer, "MediaUri/Uri") or uri(answer, "Uri")
    if found is None:
        raise ValueError("the camera gives no address")
    return found


def listed(path: str, read: Callable[[Element], _T]) -> Callable[[Element], tuple[_T, ...]]:
    """A reader of all elements at *path*."""
    return lambda answer: tuple(read(each) for each in children(answer, path))


def single(path: str, read: Callable[[Element], _T]) -> Callable[[Element], _T]:
    """A reader of the element at *path*, which must be there."""

    def read_single(answer: Element) -> _T:
        found = child(answer, path)
        if found is None:
            raise ValueError(f"the camera's answer lacks {path}")
        return read(found)

    return read_single


def get_service_capabilities() -> Call[Capabilities]:
    return Call(
        body=make("trt:GetServiceCapabilities"), read=lambda answer: read_capabilities(child(answer, "Capabilities"))
    )


def read_profiles(answer: Element) -> tuple[Profile, ...]:
    """The profiles that can be asked for: those that have a token."""
    return tuple(profile for each in children(answer, "Profiles") if (profile := read_profile(each)).token)


def get_profiles() -> Call[tuple[Profile, ...]]:
    return Call(body=make("trt:GetProfiles"), read=read_profiles)


def get_profile(profile: str) -> Call[Profile]:
    return Call(body=_of("GetProfile", profile), read=single("Profile", read_profile))


def create_profile(name: str, *, token: str | None = None) -> Call[Profile]:
    body = make("trt:CreateProfile", make("trt:Name", name), optional("trt:Token", token))
    return Call(body=body, read=single("Profile", read_profile))


def delete_profile(profile: str) -> Call[None]:
    return Call(body=_of("DeleteProfile", profile), read=nothing)


def add_configuration(profile: str, kind: str, configuration: str) -> Call[None]:
    """Put a configuration into a profile; *kind* as in "VideoEncoder", "AudioSource", "PTZ", "Metadata"."""
    body = _of(f"Add{kind}Configuration", profile, make("trt:ConfigurationToken", configuration))
    return Call(body=body, read=nothing)


def remove_configuration(profile: str, kind: str) -> Call[None]:
    return Call(body=_of(f"Remove{kind}Configuration", profile), read=nothing)


def get_stream_uri(profile: str, *, transport: str = "RTSP", multicast: bool = False) -> Call[str]:
    """Ask where a stream is; *transport* is UDP, RTSP (interleaved in TCP), HTTP (RTSP in HTTP) or TCP."""
    setup = make(
        "trt:StreamSetup",
        make("tt:Stream", "RTP-Multicast" if multicast else "RTP-Unicast"),
        make("tt:Transport", make("tt:Protocol", transport)),
    )
    body = make("trt:GetStreamUri", setup, make("trt:ProfileToken", profile))
    return Call(body=body, read=read_uri)


def get_snapshot_uri(profile: str) -> Call[str]:
    return Call(body=_of("GetSnapshotUri", profile), read=read_uri)


def set_synchronization_point(profile: str) -> Call[None]:
    """Ask for a key frame now."""
    return Call(body=_of("SetSynchronizationPoint", profile), read=nothing)


def get_video_sources() -> Call[tuple[VideoSource, ...]]:
    return Call(body=make("trt:GetVideoSources"), read=listed("VideoSources", read_video_source))


def get_audio_sources() -> Call[tuple[str, ...]]:
    """The tokens of the microphones."""
    return Call(body=make("trt:GetAudioSources"), read=listed("AudioSources", _token))


def get_audio_outputs() -> Call[tuple[str, ...]]:
    """The tokens of the loudspeakers."""
    return Call(body=make("trt:GetAudioOutputs"), read=listed("AudioOutputs", _token))


def get_video_source_configurations() -> Call[tuple[VideoSourceConfiguration, ...]]:
    return _configurations("VideoSource", read_video_source_configuration)


def set_video_source_configuration(value: VideoSourceConfiguration) -> Call[None]:
    return _set("VideoSource", write_video_source_configuration("trt:Configuration", value))


def get_audio_source_configurations() -> Call[tuple[AudioSourceConfiguration, ...]]:
    return _configurations("AudioSource", read_audio_source_configuration)


def get_video_encoders() -> Call[tuple[VideoEncoder, ...]]:
    return _configurations("VideoEncoder", read_video_encoder)


def get_video_encoder(configuration: str) -> Call[VideoEncoder]:
    body = make("trt:GetVideoEncoderConfiguration", make("trt:ConfigurationToken", configuration))
    return Call(body=body, read=single("Configuration", read_video_encoder))


def get_video_encoder_options(
    *, configuration: str | None = None, profile: str | None = None
) -> Call[tuple[VideoEncoderOptions, ...]]:
    return Call(body=_options("VideoEncoder", configuration, profile), read=read_video_encoder_options)


def set_video_encoder(value: VideoEncoder) -> Call[None]:
    return _set("VideoEncoder", write_video_encoder("trt:Configuration", value))


def get_audio_encoders() -> Call[tuple[AudioEncoder, ...]]:
    return _configurations("AudioEncoder", read_audio_encoder)


def get_audio_encoder_options(
    *, configuration: str | None = None, profile: str | None = None
) -> Call[tuple[AudioEncoderOptions, ...]]:
    return Call(body=_options("AudioEncoder", configuration, profile), read=read_audio_encoder_options)


def set_audio_encoder(value: AudioEncoder) -> Call[None]:
    return _set("AudioEncoder", write_audio_encoder("trt:Configuration", value))


def get_metadata_configurations() -> Call[tuple[MetadataConfiguration, ...]]:
    return _configurations("Metadata", read_metadata_configuration)


def set_metadata_configuration(value: MetadataConfiguration) -> Call[None]:
    return _set("Metadata", write_metadata_configuration("trt:Configuration", value))


def get_audio_output_configurations() -> Call[tuple[AudioOutputConfiguration, ...]]:
    return _configurations("AudioOutput", read_audio_output_configuration)


def set_audio_output_configuration(value: AudioOutputConfiguration) -> Call[None]:
    return _set("AudioOutput", write_audio_output_configuration("trt:Configuration", value))


def get_osds(configuration: str | None = None) -> Call[tuple[osd.Osd, ...]]:
    """The texts and pictures drawn over a video source configuration, or over all."""
    body = make("trt:GetOSDs", optional("trt:ConfigurationToken", configuration))
    return Call(body=body, read=listed("OSDs", osd.read_osd))


def get_osd_options(configuration: str) -> Call[osd.OsdOptions]:
    body = make("trt:GetOSDOptions", make("trt:ConfigurationToken", configuration))
    return Call(body=body, read=single("OSDOptions", osd.read_osd_options))


def create_osd(value: osd.Osd) -> Call[str | None]:
    """Draw one more; the answer is its token."""
    body = make("trt:CreateOSD", osd.write_osd("trt:OSD", value))
    return Call(body=body, read=lambda answer: text(answer, "OSDToken"))


def set_osd(value: osd.Osd) -> Call[None]:
    return Call(body=make("trt:SetOSD", osd.write_osd("trt:OSD", value)), read=nothing)


def delete_osd(token: str) -> Call[None]:
    return Call(body=make("trt:DeleteOSD", make("trt:OSDToken", token)), read=nothing)


def _of(operation: str, profile: str, *content: Element | None) -> Element:
    return make(f"trt:{operation}", make("trt:ProfileToken", profile), *content)


def _token(element: Element) -> str:
    return text(element, "@token") or ""


def _configurations(kind: str, read: Callable[[Element], _T]) -> Call[tuple[_T, ...]]:
    return Call(body=make(f"trt:Get{kind}Configurations"), read=listed("Configurations", read))


def _options(kind: str, configuration: str | None, profile: str | None) -> Element:
    return make(
        f"trt:Get{kind}ConfigurationOptions",
        optional("trt:ConfigurationToken", configuration),
        optional("trt:ProfileToken", profile),
    )


def _set(kind: str, configuration: Element) -> Call[None]:
    """A change that outlives a reboot."""
    body = make(f"trt:Set{kind}Configuration", configuration, make("trt:ForcePersistence", "true"))
    return Call(body=body, read=nothing)
