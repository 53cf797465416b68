"""The picture itself: brightness, exposure, focus and the like of the video source."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tawny.recorder.camera_settings.model import Choice, Field, FieldKind, Part, Value, choice_field
from tawny.recorder.camera_settings.sections import Reading, Section
from tawny.wire.onvif import imaging
from tawny.wire.onvif.geometry import Range
from tawny.wire.onvif.imaging import ImagingOptions, ImagingSettings
from tawny.wire.onvif.names import IMAGING

_FINE = 10  # a narrower range is stepped through in hundredths


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """Where a field stands in ImagingSettings: *member*, or *part* of it; *limits* is the member of ImagingOptions."""

    id: str
    title: str
    member: str
    limits: str
    part: str = ""
    unit: str = ""
    hint: str = ""


_MANUAL = "Counts while exposure is manual."
_AUTO = "Counts while exposure is automatic."
_MODES = {
    "ON": "On",
    "OFF": "Off",
    "AUTO": "Automatic",
    "MANUAL": "Manual",
    "LowNoise": "Low noise",
    "FrameRate": "Full frame rate",
}
_NIGHT = {"ON": "Day: colour", "OFF": "Night: black and white", "AUTO": "Automatic"}

_SPOTS = (
    _Spot(id="brightness", title="Brightness", member="brightness", limits="brightness"),
    _Spot(id="contrast", title="Contrast", member="contrast", limits="contrast"),
    _Spot(id="saturation", title="Colour saturation", member="saturation", limits="saturation"),
    _Spot(id="sharpness", title="Sharpness", member="sharpness", limits="sharpness"),
    _Spot(id="night", title="Day and night", member="ir_cut_filter", limits="ir_cut_filter_modes"),
    _Spot(
        id="wide_dynamic_range",
        title="Wide dynamic range",
        member="wide_dynamic_range",
        part="mode",
        limits="wide_dynamic_range_modes",
    ),
    _Spot(
        id="wide_dynamic_range_level",
        title="Strength of it",
        member="wide_dynamic_range",
        part="level",
        limits="wide_dynamic_range_level",
    ),
    _Spot(
        id="backlight",
        title="Backlight compensation",
        member="backlight_compensation",
        part="mode",
        limits="backlight_modes",
    ),
    _Spot(
        id="backlight_level",
        title="Strength of it",
        member="backlight_compensation",
        part="level",
        limits="backlight_level",
    ),
    _Spot(id="exposure", title="Exposure", member="exposure", part="mode", limits="exposure_modes"),
    _Spot(
        id="exposure_priority",
        title="Prefer",
        member="exposure",
        part="priority",
        limits="exposure_priorities",
        hint=_AUTO,
    ),
    _Spot(
        id="shortest_exposure",
        title="Shortest exposure",
        member="exposure",
        part="min_time",
        limits="exposure_time",
        unit="µs",
        hint=_AUTO,
    ),
    _Spot(
        id="longest_exposure",
        title="Longest exposure",
        member="exposure",
        part="max_time",
        limits="exposure_time",
        unit="µs",
        hint=_AUTO,
    ),
    _Spot(
        id="exposure_time",
        title="Exposure time",
        member="exposure",
        part="time",
        limits="exposure_time",
        unit="µs",
        hint=_MANUAL,
    ),
    _Spot(
        id="most_gain", title="Gain, at most", member="exposure", part="max_gain", limits="gain", unit="dB", hint=_AUTO
    ),
    _Spot(id="gain", title="Gain", member="exposure", part="gain", limits="gain", unit="dB", hint=_MANUAL),
    _Spot(id="iris", title="Iris", member="exposure", part="iris", limits="iris", unit="dB", hint=_MANUAL),
    _Spot(id="focus", title="Focus", member="focus", part="mode", limits="focus_modes"),
    _Spot(id="white_balance", title="White balance", member="white_balance", part="mode", limits="white_balance_modes"),
    _Spot(
        id="red_gain",
        title="Red",
        member="white_balance",
        part="red_gain",
        limits="red_gain",
        hint="Counts while white balance is manual.",
    ),
    _Spot(
        id="blue_gain",
        title="Blue",
        member="white_balance",
        part="blue_gain",
        limits="blue_gain",
        hint="Counts while white balance is manual.",
    ),
)


async def read(reading: Reading) -> list[Section]:
    """The section of the picture, where the camera has one."""
    profile = await reading.main() if not reading.source.channel else None
    source = reading.source.channel or (profile.video_source.source if profile and profile.video_source else "")
    if not source or not reading.device.has(IMAGING):
        return []
    settings = await reading.device.call(imaging.get_imaging_settings(source))
    options = await reading.device.call(imaging.get_options(source))
    found = fields(settings, options)

    async def write(values: Mapping[str, Value]) -> None:
        await reading.device.call(imaging.set_imaging_settings(source, changed(settings, values)))

    return [Section(part=Part(id="image", title="Picture", fields=found), write=write, key="image")] if found else []


def fields(settings: ImagingSettings, options: ImagingOptions) -> tuple[Field, ...]:
    """A field for each setting that has a value and more than one that it could have."""
    found = (_field(spot, _value(settings, spot), getattr(options, spot.limits)) for spot in _SPOTS)
    return tuple(field for field in found if field is not None)


def _value(settings: ImagingSettings, spot: _Spot) -> Any:
    held = getattr(settings, spot.member)
    return getattr(held, spot.part) if held is not None and spot.part else held


def _field(spot: _Spot, value: Any, limits: Range | tuple[str, ...] | None) -> Field | None:
    if value is None:
        return None
    if isinstance(limits, Range):
        return _number(spot, value, limits)
    if not limits or set(limits) <= {value}:
        return None
    titles = _NIGHT if spot.member == "ir_cut_filter" else _MODES
    choices = [Choice(value=mode, title=titles.get(mode, mode)) for mode in dict.fromkeys(limits)]
    return choice_field(spot.id, spot.title, value, choices, hint=spot.hint)


def _number(spot: _Spot, value: float, limits: Range) -> Field | None:
    if limits.low == limits.high:
        return None
    return Field(
        id=spot.id,
        title=spot.title,
        kind=FieldKind.NUMBER,
        value=_plain(value),
        least=_plain(limits.low),
        most=_plain(limits.high),
        step=1 if limits.high - limits.low >= _FINE else 0.01,
        unit=spot.unit,
        hint=spot.hint,
    )


def _plain(number: float) -> float:
    return int(number) if number == int(number) else number


def changed(settings: ImagingSettings, values: Mapping[str, Value]) -> ImagingSettings:
    """Only the members that *values* change, each whole: cameras refuse what they themselves told of others."""
    became: dict[str, Any] = {}
    for spot in _SPOTS:
        if spot.id not in values:
            continue
        if not spot.part:
            became[spot.member] = values[spot.id]
        elif (held := became.get(spot.member, getattr(settings, spot.member))) is not None:
            became[spot.member] = replace(held, **{spot.part: values[spot.id]})
    return ImagingSettings(**became)
