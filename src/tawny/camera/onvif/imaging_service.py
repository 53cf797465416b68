"""The imaging service: brightness, contrast, saturation and sharpness of a channel's picture."""

from collections.abc import Mapping
from dataclasses import replace

from tawny.camera.onvif.device_service import Service
from tawny.camera.onvif.dispatch import Asked, Handler, Operation, refusal
from tawny.camera.onvif.head import Head
from tawny.wire.onvif.elements import Element, child, make, text
from tawny.wire.onvif.geometry import Range
from tawny.wire.onvif.imaging import (
    ImagingOptions,
    ImagingSettings,
    read_imaging_settings,
    write_imaging_options,
    write_imaging_settings,
)

_RANGE = Range(low=0.0, high=100.0)
_NAMES = ("brightness", "contrast", "saturation", "sharpness")


def imaging_service(heads: Mapping[str, Head]) -> Service:
    """The service over *heads*, which are named by their channels' video sources."""

    def head(asked: Asked) -> Head:
        found = heads.get(text(asked.body, "VideoSourceToken") or "")
        if found is None:
            raise refusal("InvalidArgVal", "NoSource", reason="There is no such video source, or it can't be adjusted.")
        return found

    def get_settings(asked: Asked) -> Element:
        view = head(asked).view
        settings = ImagingSettings(**{name: getattr(view, name) for name in _NAMES})
        return make("timg:GetImagingSettingsResponse", write_imaging_settings("timg:ImagingSettings", settings))

    def get_options(asked: Asked) -> Element:
        head(asked)
        options = ImagingOptions(brightness=_RANGE, contrast=_RANGE, saturation=_RANGE, sharpness=_RANGE)
        return make("timg:GetOptionsResponse", write_imaging_options("timg:ImagingOptions", options))

    def set_settings(asked: Asked) -> Element:
        chosen, wished = head(asked), read_imaging_settings(child(asked.body, "ImagingSettings"))
        values = {name: value for name in _NAMES if (value := getattr(wished, name)) is not None}
        if any(value != _RANGE.clamped(value) for value in values.values()):
            raise refusal("InvalidArgVal", "SettingsInvalid", reason="A value lies outside of 0 to 100.")
        chosen.look(replace(chosen.view, **values))
        return make("timg:SetImagingSettingsResponse")

    handlers: dict[str, Handler] = {
        "GetServiceCapabilities": lambda _: make("timg:GetServiceCapabilitiesResponse", _capabilities()),
        "GetImagingSettings": get_settings,
        "GetOptions": get_options,
        "SetImagingSettings": set_settings,
    }
    operations = [Operation(name=f"timg:{name}", handler=handler) for name, handler in handlers.items()]
    return Service(prefix="timg", operations=operations, capabilities=_capabilities)


def _capabilities() -> Element:
    return make("timg:Capabilities", ImageStabilization="false")
