"""The imaging service: brightness, contrast, saturation and sharpness of a channel's picture."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tawny.camera.capturing import Adjustable, CapturedStream
from tawny.camera.onvif.device_service import Service
from tawny.camera.onvif.dispatch import Asked, Handler, Operation, refusal
from tawny.camera.onvif.head import Head
from tawny.camera.onvif.model import Channel
from tawny.wire.onvif.elements import Element, child, make, text
from tawny.wire.onvif.geometry import Range
from tawny.wire.onvif.imaging import (
    ImagingOptions,
    ImagingSettings,
    read_imaging_settings,
    write_imaging_options,
    write_imaging_settings,
)
from tawny.wire.onvif.soap import FaultError

_RANGE = Range(low=0.0, high=100.0)
_NAMES = ("brightness", "contrast", "saturation", "sharpness")


class _DrawnPicture:
    """The picture of a head as an `Adjustable`."""

    def __init__(self, head: Head) -> None:
        self._head = head

    @property
    def names(self) -> Collection[str]:
        return _NAMES

    async def adjusted(self) -> Mapping[str, float]:
        return {name: getattr(self._head.view, name) for name in _NAMES}

    async def adjust(self, values: Mapping[str, float]) -> None:
        adjusted: dict[str, Any] = dict(values)
        self._head.look(replace(self._head.view, **adjusted))


def _adjustables(channels: Sequence[Channel], heads: Mapping[str, Head]) -> dict[str, Adjustable]:
    """What can be adjusted, by video source: drawn pictures, and webcams that adjust theirs themselves."""
    found: dict[str, Adjustable] = {token: _DrawnPicture(head) for token, head in heads.items()}
    for channel in channels:
        live = channel.streams[0].live
        if isinstance(live, CapturedStream) and live.adjustable.names:
            found[channel.token] = live.adjustable
    return found


def imaging_service(channels: Sequence[Channel], heads: Mapping[str, Head]) -> Service:
    """The service over *channels* and their *heads*, which are named by the channels' video sources."""
    adjustables = _adjustables(channels, heads)

    def adjustable(asked: Asked) -> Adjustable:
        found = adjustables.get(text(asked.body, "VideoSourceToken") or "")
        if found is None:
            raise refusal("InvalidArgVal", "NoSource", reason="There is no such video source, or it can't be adjusted.")
        return found

    async def get_settings(asked: Asked) -> Element:
        try:
            values = await adjustable(asked).adjusted()
        except OSError:
            raise _gone() from None
        settings = ImagingSettings(
            brightness=values.get("brightness"),
            contrast=values.get("contrast"),
            saturation=values.get("saturation"),
            sharpness=values.get("sharpness"),
        )
        return make("timg:GetImagingSettingsResponse", write_imaging_settings("timg:ImagingSettings", settings))

    def get_options(asked: Asked) -> Element:
        ranges = dict.fromkeys(adjustable(asked).names, _RANGE)
        options = ImagingOptions(
            brightness=ranges.get("brightness"),
            contrast=ranges.get("contrast"),
            saturation=ranges.get("saturation"),
            sharpness=ranges.get("sharpness"),
        )
        return make("timg:GetOptionsResponse", write_imaging_options("timg:ImagingOptions", options))

    async def set_settings(asked: Asked) -> Element:
        chosen, wished = adjustable(asked), read_imaging_settings(child(asked.body, "ImagingSettings"))
        values = {name: value for name in _NAMES if (value := getattr(wished, name)) is not None}
        if any(value != _RANGE.clamped(value) for value in values.values()):
            raise refusal("InvalidArgVal", "SettingsInvalid", reason="A value lies outside of 0 to 100.")
        if lacking := [name for name in values if name not in chosen.names]:
            raise refusal("InvalidArgVal", "SettingsInvalid", reason=f"This picture has no {lacking[0]} to adjust.")
        try:
            await chosen.adjust(values)
        except OSError:
            raise _gone() from None
        return make("timg:SetImagingSettingsResponse")

    handlers: dict[str, Handler] = {
        "GetServiceCapabilities": lambda _: make("timg:GetServiceCapabilitiesResponse", _capabilities()),
        "GetImagingSettings": get_settings,
        "GetOptions": get_options,
        "SetImagingSettings": set_settings,
    }
    operations = [Operation(name=f"timg:{name}", handler=handler) for name, handler in handlers.items()]
    return Service(prefix="timg", operations=operations, capabilities=_capabilities)


def _gone() -> FaultError:
    return refusal("Action", reason="The webcam is not there, or does not do it.", code="Receiver")


def _capabilities() -> Element:
    return make("timg:Capabilities", ImageStabilization="false")
