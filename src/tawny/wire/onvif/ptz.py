"""PTZ (ver20): pan, tilt and zoom, presets and home."""

from dataclasses import dataclass

from tawny.wire.onvif.configurations import Configuration, read_name, read_token, write_entity
from tawny.wire.onvif.elements import (
    Element,
    child,
    children,
    duration_s,
    fields,
    flag,
    integer,
    make,
    maybe,
    moment_us,
    number,
    optional,
    spelt,
    spelt_duration,
    spelt_moment,
    text,
    texts,
)
from tawny.wire.onvif.geometry import Range, range_of, write_range
from tawny.wire.onvif.soap import Call, nothing

_GENERIC = "http://www.onvif.org/ver10/tptz"
POSITION_SPACE = f"{_GENERIC}/PanTiltSpaces/PositionGenericSpace"
TRANSLATION_SPACE = f"{_GENERIC}/PanTiltSpaces/TranslationGenericSpace"
VELOCITY_SPACE = f"{_GENERIC}/PanTiltSpaces/VelocityGenericSpace"
SPEED_SPACE = f"{_GENERIC}/PanTiltSpaces/GenericSpeedSpace"
ZOOM_POSITION_SPACE = f"{_GENERIC}/ZoomSpaces/PositionGenericSpace"
ZOOM_TRANSLATION_SPACE = f"{_GENERIC}/ZoomSpaces/TranslationGenericSpace"
ZOOM_VELOCITY_SPACE = f"{_GENERIC}/ZoomSpaces/VelocityGenericSpace"
ZOOM_SPEED_SPACE = f"{_GENERIC}/ZoomSpaces/ZoomGenericSpeedSpace"


@dataclass(frozen=True, slots=True, kw_only=True)
class PtzVector:
    """A position, a way, a velocity or a speed; pan and tilt go together, either they or zoom may be lacking."""

    pan: float | None = None
    tilt: float | None = None
    zoom: float | None = None
    pan_tilt_space: str | None = None
    zoom_space: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A coordinate system and its limits; *y* is None where there is one axis."""

    uri: str
    x: Range
    y: Range | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spaces:
    """The coordinate systems of a node, by kind of movement: an empty one cannot be moved so."""

    absolute_pan_tilt: tuple[Space, ...] = ()
    absolute_zoom: tuple[Space, ...] = ()
    relative_pan_tilt: tuple[Space, ...] = ()
    relative_zoom: tuple[Space, ...] = ()
    continuous_pan_tilt: tuple[Space, ...] = ()
    continuous_zoom: tuple[Space, ...] = ()
    pan_tilt_speed: tuple[Space, ...] = ()
    zoom_speed: tuple[Space, ...] = ()


_SPACES = {
    "absolute_pan_tilt": "AbsolutePanTiltPositionSpace",
    "absolute_zoom": "AbsoluteZoomPositionSpace",
    "relative_pan_tilt": "RelativePanTiltTranslationSpace",
    "relative_zoom": "RelativeZoomTranslationSpace",
    "continuous_pan_tilt": "ContinuousPanTiltVelocitySpace",
    "continuous_zoom": "ContinuousZoomVelocitySpace",
    "pan_tilt_speed": "PanTiltSpeedSpace",
    "zoom_speed": "ZoomSpeedSpace",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A pan-tilt-zoom head."""

    token: str
    name: str = ""
    spaces: Spaces = Spaces()
    most_presets: int = 0
    home: bool = False
    fixed_home: bool | None = None
    auxiliary_commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PtzConfiguration(Configuration):
    """How a node is moved through a profile; the spaces are those that a request without one means."""

    node: str
    absolute_pan_tilt_space: str | None = None
    absolute_zoom_space: str | None = None
    relative_pan_tilt_space: str | None = None
    relative_zoom_space: str | None = None
    continuous_pan_tilt_space: str | None = None
    continuous_zoom_space: str | None = None
    speed: PtzVector | None = None
    timeout_s: float | None = None
    pan_tilt_limits: Space | None = None
    zoom_limits: Space | None = None


_DEFAULTS = {
    "absolute_pan_tilt_space": "DefaultAbsolutePantTiltPositionSpace",  # the schema's own slip of the pen
    "absolute_zoom_space": "DefaultAbsoluteZoomPositionSpace",
    "relative_pan_tilt_space": "DefaultRelativePanTiltTranslationSpace",
    "relative_zoom_space": "DefaultRelativeZoomTranslationSpace",
    "continuous_pan_tilt_space": "DefaultContinuousPanTiltVelocitySpace",
    "continuous_zoom_space": "DefaultContinuousZoomVelocitySpace",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationOptions:
    """What a configuration may be set to."""

    spaces: Spaces = Spaces()
    timeout_s: Range | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A place that the camera knows by name."""

    token: str
    name: str = ""
    position: PtzVector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a head is; *moving* is IDLE, MOVING or UNKNOWN, or as the camera says."""

    position: PtzVector | None = None
    moving: str | None = None
    zooming: str | None = None
    error: str | None = None
    utc_us: int | None = None


def read_vector(element: Element | None) -> PtzVector | None:
    """Read a vector; None where neither pan and tilt nor zoom can be read."""
    pan_tilt, zoomed = child(element, "PanTilt"), child(element, "Zoom")
    pan, tilt, zoom = number(pan_tilt, "@x"), number(pan_tilt, "@y"), number(zoomed, "@x")
    if (pan is None or tilt is None) and zoom is None:
        return None
    return PtzVector(
        pan=None if tilt is None else pan,
        tilt=None if pan is None else tilt,
        zoom=zoom,
        pan_tilt_space=text(pan_tilt, "@space"),
        zoom_space=text(zoomed, "@space"),
    )


def write_vector(name: str, vector: PtzVector) -> Element:
    pan_tilt = zoom = None
    if vector.pan is not None and vector.tilt is not None:
        pan_tilt = make("tt:PanTilt", x=maybe(vector.pan), y=maybe(vector.tilt), space=vector.pan_tilt_space)
    if vector.zoom is not None:
        zoom = make("tt:Zoom", x=maybe(vector.zoom), space=vector.zoom_space)
    return make(name, pan_tilt, zoom)


def read_space(element: Element | None) -> Space | None:
    held = fields(element)
    x = range_of(held.get("XRange"))
    return None if x is None else Space(uri=text(held.get("URI")) or "", x=x, y=range_of(held.get("YRange")))


def write_space(name: str, space: Space) -> Element:
    y = None if space.y is None else write_range("tt:YRange", space.y)
    return make(name, make("tt:URI", space.uri), write_range("tt:XRange", space.x), y)


def read_spaces(element: Element | None) -> Spaces:
    def listed(name: str) -> tuple[Space, ...]:
        return tuple(space for each in children(element, name) if (space := read_space(each)) is not None)

    return Spaces(**{field: listed(name) for field, name in _SPACES.items()})


def write_spaces(name: str, spaces: Spaces) -> Element:
    return make(
        name,
        *(write_space(f"tt:{each}", space) for field, each in _SPACES.items() for space in getattr(spaces, field)),
    )


def read_node(element: Element) -> Node:
    return Node(
        token=read_token(element),
        name=read_name(element),
        spaces=read_spaces(child(element, "SupportedPTZSpaces")),
        most_presets=integer(element, "MaximumNumberOfPresets") or 0,
        home=flag(element, "HomeSupported") or False,
        fixed_home=flag(element, "@FixedHomePosition"),
        auxiliary_commands=texts(element, "AuxiliaryCommands"),
    )


def write_node(name: str, node: Node) -> Element:
    return make(
        name,
        make("tt:Name", node.name),
        write_spaces("tt:SupportedPTZSpaces", node.spaces),
        make("tt:MaximumNumberOfPresets", str(node.most_presets)),
        make("tt:HomeSupported", spelt(node.home)),
        *(make("tt:AuxiliaryCommands", command) for command in node.auxiliary_commands),
        token=node.token,
        FixedHomePosition=maybe(node.fixed_home),
    )


def read_ptz_configuration(element: Element) -> PtzConfiguration:
    held = fields(element)
    return PtzConfiguration(
        token=read_token(element),
        name=text(held.get("Name")) or "",
        use_count=integer(held.get("UseCount")) or 0,
        node=text(held.get("NodeToken")) or "",
        speed=read_vector(held.get("DefaultPTZSpeed")),
        timeout_s=duration_s(held.get("DefaultPTZTimeout")),
        pan_tilt_limits=read_space(child(element, "PanTiltLimits/Range")),
        zoom_limits=read_space(child(element, "ZoomLimits/Range")),
        absolute_pan_tilt_space=text(held.get(_DEFAULTS["absolute_pan_tilt_space"])),
        absolute_zoom_space=text(held.get(_DEFAULTS["absolute_zoom_space"])),
        relative_pan_tilt_space=text(held.get(_DEFAULTS["relative_pan_tilt_space"])),
        relative_zoom_space=text(held.get(_DEFAULTS["relative_zoom_space"])),
        continuous_pan_tilt_space=text(held.get(_DEFAULTS["continuous_pan_tilt_space"])),
        continuous_zoom_space=text(held.get(_DEFAULTS["continuous_zoom_space"])),
    )


def write_ptz_configuration(name: str, value: PtzConfiguration) -> Element:
    pan_tilt, zoom = value.pan_tilt_limits, value.zoom_limits
    return make(
        name,
        *write_entity(value),
        make("tt:NodeToken", value.node),
        *(optional(f"tt:{element}", getattr(value, field)) for field, element in _DEFAULTS.items()),
        None if value.speed is None else write_vector("tt:DefaultPTZSpeed", value.speed),
        None if value.timeout_s is None else make("tt:DefaultPTZTimeout", spelt_duration(value.timeout_s)),
        None if pan_tilt is None else make("tt:PanTiltLimits", write_space("tt:Range", pan_tilt)),
        None if zoom is None else make("tt:ZoomLimits", write_space("tt:Range", zoom)),
        token=value.token,
    )


def read_options(element: Element | None) -> ConfigurationOptions:
    low, high = duration_s(element, "PTZTimeout/Min"), duration_s(element, "PTZTimeout/Max")
    timeout = Range(low=min(low, high), high=max(low, high)) if low is not None and high is not None else None
    return ConfigurationOptions(spaces=read_spaces(child(element, "Spaces")), timeout_s=timeout)


def read_preset(element: Element) -> Preset:
    position = read_vector(child(element, "PTZPosition"))
    return Preset(token=read_token(element), name=read_name(element), position=position)


def write_preset(name: str, preset: Preset) -> Element:
    position = None if preset.position is None else write_vector("tt:PTZPosition", preset.position)
    return make(name, make("tt:Name", preset.name), position, token=preset.token)


def read_status(element: Element | None) -> Status:
    return Status(
        position=read_vector(child(element, "Position")),
        moving=text(element, "MoveStatus/PanTilt"),
        zooming=text(element, "MoveStatus/Zoom"),
        error=text(element, "Error"),
        utc_us=moment_us(element, "UtcTime"),
    )


def write_status(name: str, status: Status) -> Element:
    moving = None
    if status.moving is not None or status.zooming is not None:
        moving = make("tt:MoveStatus", optional("tt:PanTilt", status.moving), optional("tt:Zoom", status.zooming))
    return make(
        name,
        None if status.position is None else write_vector("tt:Position", status.position),
        moving,
        optional("tt:Error", status.error),
        make("tt:UtcTime", spelt_moment(status.utc_us or 0)),
    )


def _with_tokens(values: list[Preset]) -> tuple[Preset, ...]:
    return tuple(value for value in values if value.token)


def get_nodes() -> Call[tuple[Node, ...]]:
    return Call(
        body=make("tptz:GetNodes"), read=lambda answer: tuple(read_node(each) for each in children(answer, "PTZNode"))
    )


def get_configurations() -> Call[tuple[PtzConfiguration, ...]]:
    return Call(
        body=make("tptz:GetConfigurations"),
        read=lambda answer: tuple(read_ptz_configuration(each) for each in children(answer, "PTZConfiguration")),
    )


def get_configuration_options(configuration: str) -> Call[ConfigurationOptions]:
    return Call(
        body=make("tptz:GetConfigurationOptions", make("tptz:ConfigurationToken", configuration)),
        read=lambda answer: read_options(child(answer, "PTZConfigurationOptions")),
    )


def get_status(profile: str) -> Call[Status]:
    return Call(body=_of("GetStatus", profile), read=lambda answer: read_status(child(answer, "PTZStatus")))


def get_presets(profile: str) -> Call[tuple[Preset, ...]]:
    return Call(
        body=_of("GetPresets", profile),
        read=lambda answer: _with_tokens([read_preset(each) for each in children(answer, "Preset")]),
    )


def set_preset(profile: str, *, name: str | None = None, preset: str | None = None) -> Call[str | None]:
    """Keep where the head is as a new preset, or as *preset*; the answer is its token."""
    content = (optional("tptz:PresetName", name), optional("tptz:PresetToken", preset))
    return Call(body=_of("SetPreset", profile, *content), read=lambda answer: text(answer, "PresetToken"))


def goto_preset(profile: str, preset: str, *, speed: PtzVector | None = None) -> Call[None]:
    return Call(body=_of("GotoPreset", profile, make("tptz:PresetToken", preset), _speed(speed)), read=nothing)


def remove_preset(profile: str, preset: str) -> Call[None]:
    return Call(body=_of("RemovePreset", profile, make("tptz:PresetToken", preset)), read=nothing)


def goto_home(profile: str, *, speed: PtzVector | None = None) -> Call[None]:
    return Call(body=_of("GotoHomePosition", profile, _speed(speed)), read=nothing)


def set_home(profile: str) -> Call[None]:
    return Call(body=_of("SetHomePosition", profile), read=nothing)


def move_continuously(profile: str, velocity: PtzVector, *, timeout_s: float | None = None) -> Call[None]:
    timeout = None if timeout_s is None else make("tptz:Timeout", spelt_duration(timeout_s))
    return Call(body=_of("ContinuousMove", profile, write_vector("tptz:Velocity", velocity), timeout), read=nothing)


def move_to(profile: str, position: PtzVector, *, speed: PtzVector | None = None) -> Call[None]:
    body = _of("AbsoluteMove", profile, write_vector("tptz:Position", position), _speed(speed))
    return Call(body=body, read=nothing)


def move_by(profile: str, translation: PtzVector, *, speed: PtzVector | None = None) -> Call[None]:
    body = _of("RelativeMove", profile, write_vector("tptz:Translation", translation), _speed(speed))
    return Call(body=body, read=nothing)


def stop(profile: str) -> Call[None]:
    """Stop everything that moves; both are named, for some cameras stop nothing that is not."""
    return Call(body=_of("Stop", profile, make("tptz:PanTilt", "true"), make("tptz:Zoom", "true")), read=nothing)


def send_auxiliary_command(profile: str, command: str) -> Call[str | None]:
    """Wiper, washer, light: what the node lists; the answer is the camera's word on it."""
    body = _of("SendAuxiliaryCommand", profile, make("tptz:AuxiliaryData", command))
    return Call(body=body, read=lambda answer: text(answer, "AuxiliaryResponse"))


def _of(operation: str, profile: str, *content: Element | None) -> Element:
    return make(f"tptz:{operation}", make("tptz:ProfileToken", profile), *content)


def _speed(speed: PtzVector | None) -> Element | None:
    return None if speed is None else write_vector("tptz:Speed", speed)
