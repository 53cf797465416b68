"""The PTZ service: the heads of the channels, their presets and home."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from tawny.camera.onvif.catalogue import Catalogue
from tawny.camera.onvif.device_service import Service
from tawny.camera.onvif.dispatch import Asked, Handler, Operation, refusal
from tawny.camera.onvif.head import Head, Velocity
from tawny.camera.onvif.views import View
from tawny.wire.onvif import ptz
from tawny.wire.onvif.answers import ptz as answers
from tawny.wire.onvif.elements import Element, child, duration_s, make, text
from tawny.wire.onvif.geometry import Range
from tawny.wire.onvif.profiles import Profile
from tawny.wire.onvif.ptz import Node, Preset, PtzConfiguration, PtzVector

MOST_PRESETS = 32
_LONGEST_NAME = 64
_TIMEOUT = Range(low=1.0, high=60.0)
_USUAL_TIMEOUT_S = 10.0


def ptz_configuration(channel: str, *, use_count: int) -> PtzConfiguration:
    """The one way in which a channel's head is moved."""
    return PtzConfiguration(
        token=f"{channel}-ptz",
        name=f"{channel} head",
        use_count=use_count,
        node=f"{channel}-head",
        absolute_pan_tilt_space=ptz.POSITION_SPACE,
        absolute_zoom_space=ptz.ZOOM_POSITION_SPACE,
        relative_pan_tilt_space=ptz.TRANSLATION_SPACE,
        relative_zoom_space=ptz.ZOOM_TRANSLATION_SPACE,
        continuous_pan_tilt_space=ptz.VELOCITY_SPACE,
        continuous_zoom_space=ptz.ZOOM_VELOCITY_SPACE,
        timeout_s=_USUAL_TIMEOUT_S,
        pan_tilt_limits=answers.SPACES.absolute_pan_tilt[0],
        zoom_limits=answers.SPACES.absolute_zoom[0],
    )


class PtzService:
    """The operations of ``tptz`` over *heads*, which are named by their channels."""

    def __init__(self, catalogue: Catalogue, heads: Mapping[str, Head], *, utc_us: Callable[[], int]) -> None:
        self._catalogue = catalogue
        self._heads = heads
        self._utc_us = utc_us
        self._presets: dict[str, dict[str, tuple[str, View]]] = {channel: {} for channel in heads}
        self._homes = dict.fromkeys(heads, View())
        self._made = 0

    def service(self) -> Service:
        """The service with all its operations."""
        handlers: dict[str, Handler] = {
            "GetServiceCapabilities": lambda _: make("tptz:GetServiceCapabilitiesResponse", answers.capabilities()),
            "GetNodes": lambda _: answers.nodes("GetNodes", map(_node, self._heads)),
            "GetNode": lambda asked: answers.nodes("GetNode", [_node(self._named(asked, "NodeToken", "-head"))]),
            "GetConfigurations": lambda _: answers.configurations("GetConfigurations", self._configurations()),
            "GetConfiguration": self._get_configuration,
            "GetConfigurationOptions": self._get_options,
            "GetCompatibleConfigurations": self._get_compatible,
            "GetStatus": self._get_status,
            "AbsoluteMove": self._move_to,
            "RelativeMove": self._move_by,
            "ContinuousMove": self._move,
            "Stop": self._stop,
            "GetPresets": self._get_presets,
            "SetPreset": self._set_preset,
            "GotoPreset": self._goto_preset,
            "RemovePreset": self._remove_preset,
            "SetHomePosition": self._set_home,
            "GotoHomePosition": self._goto_home,
        }
        operations = [Operation(name=f"tptz:{name}", handler=handler) for name, handler in handlers.items()]
        return Service(prefix="tptz", operations=operations, capabilities=answers.capabilities)

    def _configurations(self) -> list[PtzConfiguration]:
        held = {p.ptz.token: p.ptz for p in self._catalogue.profiles() if p.ptz is not None}
        return list(held.values())

    def _named(self, asked: Asked, path: str, ending: str) -> str:
        """The channel whose node or configuration the request names."""
        channel = (text(asked.body, path) or "").removesuffix(ending)
        if channel not in self._heads or text(asked.body, path) != channel + ending:
            raise refusal("InvalidArgVal", "NoEntity", reason="There is no such node or configuration.")
        return channel

    def _get_configuration(self, asked: Asked) -> Element:
        channel = self._named(asked, "PTZConfigurationToken", "-ptz")
        found = [each for each in self._configurations() if each.token == f"{channel}-ptz"]
        return answers.configurations("GetConfiguration", found)

    def _get_options(self, asked: Asked) -> Element:
        self._named(asked, "ConfigurationToken", "-ptz")
        return answers.options(_TIMEOUT)

    def _get_compatible(self, asked: Asked) -> Element:
        mine = self._profile(asked).ptz
        return answers.configurations("GetCompatibleConfigurations", [] if mine is None else [mine])

    def _profile(self, asked: Asked) -> Profile:
        return self._catalogue.profile(text(asked.body, "ProfileToken"))

    def _channel(self, asked: Asked) -> str:
        """The channel that the request's profile shows."""
        mine = self._profile(asked).ptz
        if mine is None:
            raise refusal("InvalidArgVal", "NoPTZProfile", reason="That profile has no head that could be moved.")
        return mine.token.removesuffix("-ptz")

    def _head(self, asked: Asked) -> Head:
        return self._heads[self._channel(asked)]

    def _get_status(self, asked: Asked) -> Element:
        head = self._head(asked)
        moving = "MOVING" if head.moving else "IDLE"
        position = _position(head.view)
        return answers.status(ptz.Status(position=position, moving=moving, zooming=moving, utc_us=self._utc_us()))

    def _move_to(self, asked: Asked) -> Element:
        head, wished = self._head(asked), ptz.read_vector(child(asked.body, "Position"))
        head.look(_moved(head.view, wished, relative=False))
        return make("tptz:AbsoluteMoveResponse")

    def _move_by(self, asked: Asked) -> Element:
        head, way = self._head(asked), ptz.read_vector(child(asked.body, "Translation"))
        head.look(_moved(head.view, way, relative=True))
        return make("tptz:RelativeMoveResponse")

    def _move(self, asked: Asked) -> Element:
        head, velocity = self._head(asked), ptz.read_vector(child(asked.body, "Velocity"))
        if velocity is None or not all(-1 <= (v or 0) <= 1 for v in (velocity.pan, velocity.tilt, velocity.zoom)):
            raise refusal("InvalidArgVal", "InvalidVelocity", reason="The velocity lies outside of what can be.")
        for_s = _TIMEOUT.clamped(duration_s(asked.body, "Timeout") or _USUAL_TIMEOUT_S)
        head.move(Velocity(pan=velocity.pan or 0.0, tilt=velocity.tilt or 0.0, zoom=velocity.zoom or 0.0), for_s=for_s)
        return make("tptz:ContinuousMoveResponse")

    def _stop(self, asked: Asked) -> Element:
        self._head(asked).stop()
        return make("tptz:StopResponse")

    def _get_presets(self, asked: Asked) -> Element:
        held = self._presets[self._channel(asked)].items()
        return answers.presets(Preset(token=token, name=name, position=_position(view)) for token, (name, view) in held)

    def _set_preset(self, asked: Asked) -> Element:
        channel = self._channel(asked)
        presets, token = self._presets[channel], text(asked.body, "PresetToken")
        if token is not None and token not in presets:
            raise refusal("InvalidArgVal", "NoToken", reason="There is no such preset.")
        if token is None:
            if len(presets) >= MOST_PRESETS:
                raise refusal("Action", "TooManyPresets", reason="There is no room for more.", code="Receiver")
            self._made += 1
            token = f"preset-{self._made}"
        before = presets.get(token, (token, View()))[0]
        name = (text(asked.body, "PresetName") or before)[:_LONGEST_NAME]
        presets[token] = name, self._heads[channel].view
        return make("tptz:SetPresetResponse", make("tptz:PresetToken", token))

    def _goto_preset(self, asked: Asked) -> Element:
        channel = self._channel(asked)
        self._go(channel, self._presets[channel][self._preset(asked, channel)][1])
        return make("tptz:GotoPresetResponse")

    def _remove_preset(self, asked: Asked) -> Element:
        channel = self._channel(asked)
        del self._presets[channel][self._preset(asked, channel)]
        return make("tptz:RemovePresetResponse")

    def _preset(self, asked: Asked, channel: str) -> str:
        token = text(asked.body, "PresetToken") or ""
        if token not in self._presets[channel]:
            raise refusal("InvalidArgVal", "NoToken", reason="There is no such preset.")
        return token

    def _set_home(self, asked: Asked) -> Element:
        channel = self._channel(asked)
        self._homes[channel] = self._heads[channel].view
        return make("tptz:SetHomePositionResponse")

    def _goto_home(self, asked: Asked) -> Element:
        channel = self._channel(asked)
        self._go(channel, self._homes[channel])
        return make("tptz:GotoHomePositionResponse")

    def _go(self, channel: str, place: View) -> None:
        """Look at *place*; the picture's adjustments stay as they are."""
        head = self._heads[channel]
        head.look(replace(head.view, pan=place.pan, tilt=place.tilt, zoom=place.zoom))


def _node(channel: str) -> Node:
    return Node(
        token=f"{channel}-head", name=f"{channel} head", spaces=answers.SPACES, most_presets=MOST_PRESETS, home=True
    )


def _position(view: View) -> PtzVector:
    return PtzVector(
        pan=view.pan,
        tilt=view.tilt,
        zoom=view.zoom,
        pan_tilt_space=ptz.POSITION_SPACE,
        zoom_space=ptz.ZOOM_POSITION_SPACE,
    )


def _moved(view: View, wished: PtzVector | None, *, relative: bool) -> View:
    """The view at the position or after the way that is wished for; a way ends at the limits, a position must be within."""
    if wished is None:
        raise refusal("InvalidArgVal", "InvalidPosition", reason="The request names no position.")
    pan, tilt, zoom = (
        (before if new is None else before * relative + new)
        for before, new in ((view.pan, wished.pan), (view.tilt, wished.tilt), (view.zoom, wished.zoom))
    )
    if not relative and not (-1 <= pan <= 1 and -1 <= tilt <= 1 and 0 <= zoom <= 1):
        raise refusal("InvalidArgVal", "InvalidPosition", reason="The position lies outside of what can be reached.")
    reach = Range(low=-1.0, high=1.0)
    return replace(view, pan=reach.clamped(pan), tilt=reach.clamped(tilt), zoom=Range(low=0.0, high=1.0).clamped(zoom))
