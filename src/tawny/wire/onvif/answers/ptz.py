"""Answers of the PTZ service."""

from collections.abc import Iterable

from tawny.wire.onvif.elements import Element, make, spelt_duration
from tawny.wire.onvif.geometry import Range
from tawny.wire.onvif.ptz import (
    POSITION_SPACE,
    TRANSLATION_SPACE,
    VELOCITY_SPACE,
    ZOOM_POSITION_SPACE,
    ZOOM_TRANSLATION_SPACE,
    ZOOM_VELOCITY_SPACE,
    Node,
    Preset,
    PtzConfiguration,
    Space,
    Spaces,
    Status,
    write_node,
    write_preset,
    write_ptz_configuration,
    write_spaces,
    write_status,
)

_BOTH = Range(low=-1.0, high=1.0)
_ZOOM = Range(low=0.0, high=1.0)
SPACES = Spaces(
    absolute_pan_tilt=(Space(uri=POSITION_SPACE, x=_BOTH, y=_BOTH),),
    absolute_zoom=(Space(uri=ZOOM_POSITION_SPACE, x=_ZOOM),),
    relative_pan_tilt=(Space(uri=TRANSLATION_SPACE, x=_BOTH, y=_BOTH),),
    relative_zoom=(Space(uri=ZOOM_TRANSLATION_SPACE, x=_BOTH),),
    continuous_pan_tilt=(Space(uri=VELOCITY_SPACE, x=_BOTH, y=_BOTH),),
    continuous_zoom=(Space(uri=ZOOM_VELOCITY_SPACE, x=_BOTH),),
)


def capabilities() -> Element:
    return make(
        "tptz:Capabilities", EFlip="false", Reverse="false", GetCompatibleConfigurations="true", MoveStatus="true"
    )


def nodes(operation: str, listed: Iterable[Node]) -> Element:
    """The answer of GetNodes or GetNode."""
    return make(f"tptz:{operation}Response", *(write_node("tptz:PTZNode", node) for node in listed))


def configurations(operation: str, listed: Iterable[PtzConfiguration]) -> Element:
    """The answer of GetConfigurations, GetConfiguration or GetCompatibleConfigurations."""
    written = (write_ptz_configuration("tptz:PTZConfiguration", each) for each in listed)
    return make(f"tptz:{operation}Response", *written)


def options(timeout_s: Range) -> Element:
    ends = make("tt:Min", spelt_duration(timeout_s.low)), make("tt:Max", spelt_duration(timeout_s.high))
    told = make("tptz:PTZConfigurationOptions", write_spaces("tt:Spaces", SPACES), make("tt:PTZTimeout", *ends))
    return make("tptz:GetConfigurationOptionsResponse", told)


def status(value: Status) -> Element:
    return make("tptz:GetStatusResponse", write_status("tptz:PTZStatus", value))


def presets(listed: Iterable[Preset]) -> Element:
    return make("tptz:GetPresetsResponse", *(write_preset("tptz:Preset", preset) for preset in listed))
