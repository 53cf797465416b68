"""Profiles: the streams that a camera offers, and its sensors, alike from Media and from Media2."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tawny.wire.onvif.configurations import (
    AudioOutputConfiguration,
    AudioSourceConfiguration,
    Configuration,
    MetadataConfiguration,
    VideoSourceConfiguration,
    read_audio_output_configuration,
    read_audio_source_configuration,
    read_configuration,
    read_metadata_configuration,
    read_name,
    read_token,
    read_video_source_configuration,
    write_analytics_configuration,
    write_audio_output_configuration,
    write_audio_source_configuration,
    write_configuration,
    write_metadata_configuration,
    write_video_source_configuration,
)
from tawny.wire.onvif.elements import Element, child, fields, flag, make, number, spelt
from tawny.wire.onvif.encoders import (
    AudioEncoder,
    VideoEncoder,
    read_audio_encoder,
    read_video_encoder,
    write_audio_encoder,
    write_audio_encoder2,
    write_video_encoder,
    write_video_encoder2,
)
from tawny.wire.onvif.geometry import Size, read_size, write_size
from tawny.wire.onvif.ptz import PtzConfiguration, read_ptz_configuration, write_ptz_configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A stream that a camera offers, put together of configurations."""

    token: str
    name: str = ""
    fixed: bool = False
    video_source: VideoSourceConfiguration | None = None
    audio_source: AudioSourceConfiguration | None = None
    video_encoder: VideoEncoder | None = None
    audio_encoder: AudioEncoder | None = None
    analytics: Configuration | None = None
    ptz: PtzConfiguration | None = None
    metadata: MetadataConfiguration | None = None
    audio_output: AudioOutputConfiguration | None = None
    audio_decoder: Configuration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSource:
    """A sensor."""

    token: str
    frame_rate: float | None = None
    size: Size | None = None


def read_video_source(element: Element) -> VideoSource:
    return VideoSource(
        token=read_token(element), frame_rate=number(element, "Framerate"), size=read_size(element, "Resolution")
    )


def read_profile(element: Element) -> Profile:
    """Read a profile of Media."""
    held = fields(element)
    extension = held.get("Extension")
    return _profile(
        element,
        video_source=held.get("VideoSourceConfiguration"),
        audio_source=held.get("AudioSourceConfiguration"),
        video_encoder=held.get("VideoEncoderConfiguration"),
        audio_encoder=held.get("AudioEncoderConfiguration"),
        analytics=held.get("VideoAnalyticsConfiguration"),
        ptz=held.get("PTZConfiguration"),
        metadata=held.get("MetadataConfiguration"),
        audio_output=child(extension, "AudioOutputConfiguration"),
        audio_decoder=child(extension, "AudioDecoderConfiguration"),
    )


def read_profile2(element: Element) -> Profile:
    """Read a profile of Media2."""
    held = fields(child(element, "Configurations"))
    return _profile(
        element,
        video_source=held.get("VideoSource"),
        audio_source=held.get("AudioSource"),
        video_encoder=held.get("VideoEncoder"),
        audio_encoder=held.get("AudioEncoder"),
        analytics=held.get("Analytics"),
        ptz=held.get("PTZ"),
        metadata=held.get("Metadata"),
        audio_output=held.get("AudioOutput"),
        audio_decoder=held.get("AudioDecoder"),
    )


def _profile(
    element: Element,
    *,
    video_source: Element | None,
    audio_source: Element | None,
    video_encoder: Element | None,
    audio_encoder: Element | None,
    analytics: Element | None,
    ptz: Element | None,
    metadata: Element | None,
    audio_output: Element | None,
    audio_decoder: Element | None,
) -> Profile:
    return Profile(
        token=read_token(element),
        name=read_name(element),
        fixed=flag(element, "@fixed") or False,
        video_source=None if video_source is None else read_video_source_configuration(video_source),
        audio_source=None if audio_source is None else read_audio_source_configuration(audio_source),
        video_encoder=None if video_encoder is None else read_video_encoder(video_encoder),
        audio_encoder=None if audio_encoder is None else read_audio_encoder(audio_encoder),
        analytics=None if analytics is None else read_configuration(analytics),
        ptz=None if ptz is None else read_ptz_configuration(ptz),
        metadata=None if metadata is None else read_metadata_configuration(metadata),
        audio_output=None if audio_output is None else read_audio_output_configuration(audio_output),
        audio_decoder=None if audio_decoder is None else read_configuration(audio_decoder),
    )


def write_video_source(name: str, value: VideoSource) -> Element:
    return make(
        name,
        make("tt:Framerate", spelt(value.frame_rate or 0.0)),
        write_size("tt:Resolution", value.size or Size(width=0, height=0)),
        token=value.token,
    )


def write_profile(name: str, value: Profile) -> Element:
    """A profile of Media."""
    extension = [
        _part("tt:AudioOutputConfiguration", value.audio_output, write_audio_output_configuration),
        _part("tt:AudioDecoderConfiguration", value.audio_decoder, write_configuration),
    ]
    return make(
        name,
        make("tt:Name", value.name),
        _part("tt:VideoSourceConfiguration", value.video_source, write_video_source_configuration),
        _part("tt:AudioSourceConfiguration", value.audio_source, write_audio_source_configuration),
        _part("tt:VideoEncoderConfiguration", value.video_encoder, write_video_encoder),
        _part("tt:AudioEncoderConfiguration", value.audio_encoder, write_audio_encoder),
        _part("tt:VideoAnalyticsConfiguration", value.analytics, write_analytics_configuration),
        _part("tt:PTZConfiguration", value.ptz, write_ptz_configuration),
        _part("tt:MetadataConfiguration", value.metadata, write_metadata_configuration),
        make("tt:Extension", *extension) if any(each is not None for each in extension) else None,
        token=value.token,
        fixed=spelt(value.fixed),
    )


def write_profile2(name: str, value: Profile) -> Element:
    """A profile of Media2."""
    held = make(
        "tr2:Configurations",
        _part("tr2:VideoSource", value.video_source, write_video_source_configuration),
        _part("tr2:AudioSource", value.audio_source, write_audio_source_configuration),
        _part("tr2:VideoEncoder", value.video_encoder, write_video_encoder2),
        _part("tr2:AudioEncoder", value.audio_encoder, write_audio_encoder2),
        _part("tr2:Analytics", value.analytics, write_analytics_configuration),
        _part("tr2:PTZ", value.ptz, write_ptz_configuration),
        _part("tr2:Metadata", value.metadata, write_metadata_configuration),
        _part("tr2:AudioOutput", value.audio_output, write_audio_output_configuration),
        _part("tr2:AudioDecoder", value.audio_decoder, write_configuration),
    )
    return make(name, make("tr2:Name", value.name), held, token=value.token, fixed=spelt(value.fixed))


_T = TypeVar("_T")


def _part(name: str, value: _T | None, write: Callable[[str, _T], Element]) -> Element | None:
    return None if value is None else write(name, value)
