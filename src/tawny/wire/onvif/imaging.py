"""Imaging (ver20): brightness, exposure, focus and the like of a video source."""

from dataclasses import dataclass

from tawny.wire.onvif.elements import Element, child, make, number, optional, spelt, text, texts
from tawny.wire.onvif.geometry import Range, read_range, write_range
from tawny.wire.onvif.soap import Call, nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """Something switched: ON, OFF, AUTO, MANUAL or as the camera says, with a level where it has one."""

    mode: str
    level: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """How light is gathered: times in microseconds, gains in dB."""

    mode: str
    priority: str | None = None
    min_time: float | None = None
    max_time: float | None = None
    min_gain: float | None = None
    max_gain: float | None = None
    min_iris: float | None = None
    max_iris: float | None = None
    time: float | None = None
    gain: float | None = None
    iris: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """How the lens finds its focus: *mode* AUTO or MANUAL."""

    mode: str
    speed: float | None = None
    near_limit: float | None = None
    far_limit: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhiteBalance:
    """*mode* AUTO or MANUAL, with gains of red and blue."""

    mode: str
    red_gain: float | None = None
    blue_gain: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagingSettings:
    """What a video source is set to; what it does not have is None, and is left as it is when written."""

    brightness: float | None = None
    saturation: float | None = None
    contrast: float | None = None
    sharpness: float | None = None
    backlight_compensation: Mode | None = None
    exposure: Exposure | None = None
    focus: Focus | None = None
    ir_cut_filter: str | None = None
    wide_dynamic_range: Mode | None = None
    white_balance: WhiteBalance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagingOptions:
    """What a video source can be set to."""

    brightness: Range | None = None
    saturation: Range | None = None
    contrast: Range | None = None
    sharpness: Range | None = None
    backlight_modes: tuple[str, ...] = ()
    backlight_level: Range | None = None
    exposure_modes: tuple[str, ...] = ()
    exposure_priorities: tuple[str, ...] = ()
    exposure_time: Range | None = None
    gain: Range | None = None
    iris: Range | None = None
    focus_modes: tuple[str, ...] = ()
    ir_cut_filter_modes: tuple[str, ...] = ()
    wide_dynamic_range_modes: tuple[str, ...] = ()
    wide_dynamic_range_level: Range | None = None
    white_balance_modes: tuple[str, ...] = ()
    red_gain: Range | None = None
    blue_gain: Range | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOptions:
    """How the focus can be moved; None where it cannot be so."""

    absolute: Range | None = None
    relative: Range | None = None
    continuous: Range | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where the focus is."""

    position: float | None = None
    moving: str | None = None
    error: str | None = None


def read_imaging_settings(element: Element | None) -> ImagingSettings:
    return ImagingSettings(
        brightness=number(element, "Brightness"),
        saturation=number(element, "ColorSaturation"),
        contrast=number(element, "Contrast"),
        sharpness=number(element, "Sharpness"),
        backlight_compensation=_mode(child(element, "BacklightCompensation")),
        exposure=_exposure(child(element, "Exposure")),
        focus=_focus(child(element, "Focus")),
        ir_cut_filter=text(element, "IrCutFilter"),
        wide_dynamic_range=_mode(child(element, "WideDynamicRange")),
        white_balance=_white_balance(child(element, "WhiteBalance")),
    )


def _mode(element: Element | None) -> Mode | None:
    mode = text(element, "Mode")
    return None if mode is None else Mode(mode=mode, level=number(element, "Level"))


_EXPOSURE = {
    "min_time": "MinExposureTime",
    "max_time": "MaxExposureTime",
    "min_gain": "MinGain",
    "max_gain": "MaxGain",
    "min_iris": "MinIris",
    "max_iris": "MaxIris",
    "time": "ExposureTime",
    "gain": "Gain",
    "iris": "Iris",
}


def _exposure(element: Element | None) -> Exposure | None:
    mode = text(element, "Mode")
    if mode is None:
        return None
    numbers = {field: number(element, name) for field, name in _EXPOSURE.items()}
    return Exposure(mode=mode, priority=text(element, "Priority"), **numbers)


def _focus(element: Element | None) -> Focus | None:
    mode = text(element, "AutoFocusMode")
    if mode is None:
        return None
    return Focus(
        mode=mode,
        speed=number(element, "DefaultSpeed"),
        near_limit=number(element, "NearLimit"),
        far_limit=number(element, "FarLimit"),
    )


def _white_balance(element: Element | None) -> WhiteBalance | None:
    mode = text(element, "Mode")
    if mode is None:
        return None
    return WhiteBalance(mode=mode, red_gain=number(element, "CrGain"), blue_gain=number(element, "CbGain"))


def write_imaging_settings(name: str, value: ImagingSettings) -> Element:
    return make(
        name,
        _write_mode("tt:BacklightCompensation", value.backlight_compensation),
        optional("tt:Brightness", value.brightness),
        optional("tt:ColorSaturation", value.saturation),
        optional("tt:Contrast", value.contrast),
        _write_exposure(value.exposure),
        _write_focus(value.focus),
        optional("tt:IrCutFilter", value.ir_cut_filter),
        optional("tt:Sharpness", value.sharpness),
        _write_mode("tt:WideDynamicRange", value.wide_dynamic_range),
        _write_white_balance(value.white_balance),
    )


def _write_mode(name: str, value: Mode | None) -> Element | None:
    return None if value is None else make(name, make("tt:Mode", value.mode), optional("tt:Level", value.level))


def _write_exposure(value: Exposure | None) -> Element | None:
    if value is None:
        return None
    numbers = (optional(f"tt:{name}", getattr(value, field)) for field, name in _EXPOSURE.items())
    return make("tt:Exposure", make("tt:Mode", value.mode), optional("tt:Priority", value.priority), *numbers)


def _write_focus(value: Focus | None) -> Element | None:
    if value is None:
        return None
    return make(
        "tt:Focus",
        make("tt:AutoFocusMode", value.mode),
        optional("tt:DefaultSpeed", value.speed),
        optional("tt:NearLimit", value.near_limit),
        optional("tt:FarLimit", value.far_limit),
    )


def _write_white_balance(value: WhiteBalance | None) -> Element | None:
    if value is None:
        return None
    gains = (optional("tt:CrGain", value.red_gain), optional("tt:CbGain", value.blue_gain))
    return make("tt:WhiteBalance", make("tt:Mode", value.mode), *gains)


def read_imaging_options(element: Element | None) -> ImagingOptions:
    return ImagingOptions(
        brightness=read_range(element, "Brightness"),
        saturation=read_range(element, "ColorSaturation"),
        contrast=read_range(element, "Contrast"),
        sharpness=read_range(element, "Sharpness"),
        backlight_modes=texts(element, "BacklightCompensation/Mode"),
        backlight_level=read_range(element, "BacklightCompensation/Level"),
        exposure_modes=texts(element, "Exposure/Mode"),
        exposure_priorities=texts(element, "Exposure/Priority"),
        exposure_time=read_range(element, "Exposure/ExposureTime"),
        gain=read_range(element, "Exposure/Gain"),
        iris=read_range(element, "Exposure/Iris"),
        focus_modes=texts(element, "Focus/AutoFocusModes"),
        ir_cut_filter_modes=texts(element, "IrCutFilterModes"),
        wide_dynamic_range_modes=texts(element, "WideDynamicRange/Mode"),
        wide_dynamic_range_level=read_range(element, "WideDynamicRange/Level"),
        white_balance_modes=texts(element, "WhiteBalance/Mode"),
        red_gain=read_range(element, "WhiteBalance/YrGain"),
        blue_gain=read_range(element, "WhiteBalance/YbGain"),
    )


def write_imaging_options(name: str, value: ImagingOptions) -> Element:
    """The ranges of the picture and the modes of the infrared filter: what our own devices offer."""
    ranges = {
        "tt:Brightness": value.brightness,
        "tt:ColorSaturation": value.saturation,
        "tt:Contrast": value.contrast,
    }
    return make(
        name,
        *(write_range(each, given) for each, given in ranges.items() if given is not None),
        *(make("tt:IrCutFilterModes", mode) for mode in value.ir_cut_filter_modes),
        None if value.sharpness is None else write_range("tt:Sharpness", value.sharpness),
    )


def read_move_options(element: Element | None) -> MoveOptions:
    return MoveOptions(
        absolute=read_range(element, "Absolute/Position"),
        relative=read_range(element, "Relative/Distance"),
        continuous=read_range(element, "Continuous/Speed"),
    )


def read_status(element: Element | None) -> Status:
    focus = child(element, "FocusStatus20")
    return Status(position=number(focus, "Position"), moving=text(focus, "MoveStatus"), error=text(focus, "Error"))


def get_imaging_settings(source: str) -> Call[ImagingSettings]:
    return Call(
        body=_of("GetImagingSettings", source),
        read=lambda answer: read_imaging_settings(child(answer, "ImagingSettings")),
    )


def set_imaging_settings(source: str, settings: ImagingSettings, *, keep: bool = True) -> Call[None]:
    """Change what *settings* names; *keep* it over a restart."""
    given = write_imaging_settings("timg:ImagingSettings", settings)
    body = _of("SetImagingSettings", source, given, make("timg:ForcePersistence", spelt(keep)))
    return Call(body=body, read=nothing)


def get_options(source: str) -> Call[ImagingOptions]:
    return Call(
        body=_of("GetOptions", source), read=lambda answer: read_imaging_options(child(answer, "ImagingOptions"))
    )


def get_move_options(source: str) -> Call[MoveOptions]:
    return Call(body=_of("GetMoveOptions", source), read=lambda answer: read_move_options(child(answer, "MoveOptions")))


def get_status(source: str) -> Call[Status]:
    return Call(body=_of("GetStatus", source), read=lambda answer: read_status(child(answer, "Status")))


def focus_to(source: str, position: float, *, speed: float | None = None) -> Call[None]:
    moved = make("tt:Absolute", optional("tt:Position", float(position)), optional("tt:Speed", speed))
    return Call(body=_of("Move", source, make("timg:Focus", moved)), read=nothing)


def focus_by(source: str, distance: float, *, speed: float | None = None) -> Call[None]:
    moved = make("tt:Relative", optional("tt:Distance", float(distance)), optional("tt:Speed", speed))
    return Call(body=_of("Move", source, make("timg:Focus", moved)), read=nothing)


def focus_continuously(source: str, speed: float) -> Call[None]:
    moved = make("tt:Continuous", optional("tt:Speed", float(speed)))
    return Call(body=_of("Move", source, make("timg:Focus", moved)), read=nothing)


def stop(source: str) -> Call[None]:
    """Stop the focus."""
    return Call(body=_of("Stop", source), read=nothing)


def _of(operation: str, source: str, *content: Element | None) -> Element:
    return make(f"timg:{operation}", make("timg:VideoSourceToken", source), *content)
