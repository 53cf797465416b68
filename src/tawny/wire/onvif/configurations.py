"""Configurations that profiles put together: sources, metadata, outputs (encoders are in ``encoders``, PTZ in ``ptz``)."""

from dataclasses import dataclass

from tawny.wire.onvif.elements import (
    Element,
    child,
    duration_s,
    fields,
    flag,
    integer,
    make,
    optional,
    spelt,
    spelt_duration,
    text,
)
from tawny.wire.onvif.geometry import Rectangle, read_rectangle, write_rectangle


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What every configuration has; *use_count* is in how many profiles it stands."""

    token: str
    name: str = ""
    use_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSourceConfiguration(Configuration):
    """Which picture is taken: *source* is the token of a VideoSource, *bounds* the part of it."""

    source: str
    bounds: Rectangle | None = None
    view_mode: str | None = None
    rotate_mode: str | None = None
    rotate_degrees: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioSourceConfiguration(Configuration):
    """Which microphone is taken."""

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Multicast:
    """Where a stream goes when it is multicast."""

    address: str
    port: int = 0
    ttl: int = 1
    auto_start: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataConfiguration(Configuration):
    """What the metadata stream carries."""

    analytics: bool | None = None
    events: bool = False
    ptz_status: bool | None = None
    ptz_position: bool | None = None
    compression: str | None = None
    multicast: Multicast | None = None
    session_timeout_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioOutputConfiguration(Configuration):
    """Which loudspeaker is used; *send_primacy* is who may speak when, *level* its volume."""

    output: str
    send_primacy: str | None = None
    level: int | None = None


def read_configuration(element: Element) -> Configuration:
    return Configuration(token=read_token(element), name=read_name(element), use_count=read_use_count(element))


def read_video_source_configuration(element: Element) -> VideoSourceConfiguration:
    held = fields(element)
    rotate = child(element, "Extension/Rotate")
    return VideoSourceConfiguration(
        token=read_token(element),
        name=text(held.get("Name")) or "",
        use_count=integer(held.get("UseCount")) or 0,
        source=text(held.get("SourceToken")) or "",
        bounds=read_rectangle(element, "Bounds"),
        view_mode=text(element, "@ViewMode"),
        rotate_mode=text(rotate, "Mode"),
        rotate_degrees=integer(rotate, "Degree"),
    )


def read_audio_source_configuration(element: Element) -> AudioSourceConfiguration:
    return AudioSourceConfiguration(
        token=read_token(element),
        name=read_name(element),
        use_count=read_use_count(element),
        source=text(element, "SourceToken") or "",
    )


def read_multicast(element: Element) -> Multicast | None:
    held = fields(child(element, "Multicast"))
    host = fields(held.get("Address"))
    address = text(host.get("IPv4Address")) or text(host.get("IPv6Address"))
    if address is None:
        return None
    return Multicast(
        address=address,
        port=integer(held.get("Port")) or 0,
        ttl=integer(held.get("TTL")) or 0,
        auto_start=flag(held.get("AutoStart")) or False,
    )


def read_metadata_configuration(element: Element) -> MetadataConfiguration:
    held = fields(element)
    return MetadataConfiguration(
        token=read_token(element),
        name=text(held.get("Name")) or "",
        use_count=integer(held.get("UseCount")) or 0,
        analytics=flag(held.get("Analytics")),
        events=held.get("Events") is not None,
        ptz_status=flag(element, "PTZStatus/Status"),
        ptz_position=flag(element, "PTZStatus/Position"),
        compression=text(element, "@CompressionType"),
        multicast=read_multicast(element),
        session_timeout_s=duration_s(held.get("SessionTimeout")),
    )


def read_audio_output_configuration(element: Element) -> AudioOutputConfiguration:
    return AudioOutputConfiguration(
        token=read_token(element),
        name=read_name(element),
        use_count=read_use_count(element),
        output=text(element, "OutputToken") or "",
        send_primacy=text(element, "SendPrimacy"),
        level=integer(element, "OutputLevel"),
    )


def read_token(element: Element) -> str:
    return text(element, "@token") or ""


def read_name(element: Element) -> str:
    return text(element, "Name") or ""


def read_use_count(element: Element) -> int:
    return integer(element, "UseCount") or 0


def write_entity(value: Configuration) -> tuple[Element, Element]:
    return make("tt:Name", value.name), make("tt:UseCount", str(value.use_count))


def write_configuration(name: str, value: Configuration) -> Element:
    return make(name, *write_entity(value), token=value.token)


def write_analytics_configuration(name: str, value: Configuration) -> Element:
    """An analytics configuration without its modules and rules, which the analytics service tells."""
    engines = (make("tt:AnalyticsEngineConfiguration"), make("tt:RuleEngineConfiguration"))
    return make(name, *write_entity(value), *engines, token=value.token)


def write_video_source_configuration(name: str, value: VideoSourceConfiguration) -> Element:
    """Write it; a rotation is told where there is one."""
    rotate = None
    if value.rotate_mode is not None:
        turned = make("tt:Rotate", make("tt:Mode", value.rotate_mode), optional("tt:Degree", value.rotate_degrees))
        rotate = make("tt:Extension", turned)
    return make(
        name,
        *write_entity(value),
        make("tt:SourceToken", value.source),
        write_rectangle("tt:Bounds", value.bounds or Rectangle(x=0, y=0, width=0, height=0)),
        rotate,
        token=value.token,
        ViewMode=value.view_mode,
    )


def write_audio_source_configuration(name: str, value: AudioSourceConfiguration) -> Element:
    return make(name, *write_entity(value), make("tt:SourceToken", value.source), token=value.token)


def write_multicast(value: Multicast | None) -> Element:
    """The element that the schema requires; the address that means none where there is none."""
    given = value or Multicast(address="0.0.0.0")  # noqa: S104 - it says that nothing is multicast
    kind = "IPv6" if ":" in given.address else "IPv4"
    return make(
        "tt:Multicast",
        make("tt:Address", make("tt:Type", kind), make(f"tt:{kind}Address", given.address)),
        make("tt:Port", str(given.port)),
        make("tt:TTL", str(given.ttl)),
        make("tt:AutoStart", spelt(given.auto_start)),
    )


def write_metadata_configuration(name: str, value: MetadataConfiguration) -> Element:
    ptz = None
    if value.ptz_status is not None or value.ptz_position is not None:
        position = make("tt:Position", spelt(value.ptz_position or False))
        ptz = make("tt:PTZStatus", make("tt:Status", spelt(value.ptz_status or False)), position)
    return make(
        name,
        *write_entity(value),
        ptz,
        make("tt:Events") if value.events else None,
        optional("tt:Analytics", value.analytics),
        write_multicast(value.multicast),
        make("tt:SessionTimeout", spelt_duration(value.session_timeout_s or 60)),
        token=value.token,
        CompressionType=value.compression,
    )


def write_audio_output_configuration(name: str, value: AudioOutputConfiguration) -> Element:
    return make(
        name,
        *write_entity(value),
        make("tt:OutputToken", value.output),
        optional("tt:SendPrimacy", value.send_primacy),
        make("tt:OutputLevel", spelt(value.level or 0)),
        token=value.token,
    )
