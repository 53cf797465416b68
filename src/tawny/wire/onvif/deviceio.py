"""Device I/O (ver10): relays, digital inputs, and counts of sources.

Relays are listed and switched by the device service's own operations (``device``), which this service shares.
"""

from dataclasses import dataclass

from tawny.wire.onvif.elements import (
    Element,
    child,
    children,
    duration_s,
    integer,
    make,
    spelt_duration,
    text,
)
from tawny.wire.onvif.soap import Call, nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayOutput:
    """A relay: *mode* Bistable stays as it is set, Monostable falls back after *delay_s*; *idle* is open or closed."""

    token: str
    mode: str = "Bistable"
    delay_s: float | None = None
    idle: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitalInput:
    """An input; *idle* is open or closed, None where the camera does not say."""

    token: str
    idle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """How many there are of what."""

    video_sources: int = 0
    audio_sources: int = 0
    audio_outputs: int = 0
    relays: int = 0
    inputs: int = 0


def read_relay_output(element: Element) -> RelayOutput:
    return RelayOutput(
        token=text(element, "@token") or "",
        mode=text(element, "Properties/Mode") or "Bistable",
        delay_s=duration_s(element, "Properties/DelayTime"),
        idle=text(element, "Properties/IdleState") or "open",
    )


def write_relay_settings(name: str, relay: RelayOutput) -> Element:
    return make(
        name,
        make("tt:Mode", relay.mode),
        make("tt:DelayTime", spelt_duration(relay.delay_s or 0)),
        make("tt:IdleState", relay.idle),
    )


def write_relay_output(name: str, relay: RelayOutput) -> Element:
    return make(name, write_relay_settings("tt:Properties", relay), token=relay.token)


def read_digital_input(element: Element) -> DigitalInput:
    return DigitalInput(token=text(element, "@token") or "", idle=text(element, "@IdleState"))


def write_digital_input(name: str, value: DigitalInput) -> Element:
    return make(name, token=value.token, IdleState=value.idle)


def read_capabilities(element: Element | None) -> Capabilities:
    return Capabilities(
        video_sources=integer(element, "@VideoSources") or 0,
        audio_sources=integer(element, "@AudioSources") or 0,
        audio_outputs=integer(element, "@AudioOutputs") or 0,
        relays=integer(element, "@RelayOutputs") or 0,
        inputs=integer(element, "@DigitalInputs") or 0,
    )


def get_service_capabilities() -> Call[Capabilities]:
    return Call(
        body=make("tmd:GetServiceCapabilities"), read=lambda answer: read_capabilities(child(answer, "Capabilities"))
    )


def get_video_sources() -> Call[tuple[str, ...]]:
    """The tokens of the sensors."""
    return Call(body=make("tmd:GetVideoSources"), read=_tokens)


def get_audio_outputs() -> Call[tuple[str, ...]]:
    """The tokens of the loudspeakers."""
    return Call(body=make("tmd:GetAudioOutputs"), read=_tokens)


def _tokens(answer: Element) -> tuple[str, ...]:
    return tuple(token for each in children(answer, "Token") if (token := text(each)))


def get_digital_inputs() -> Call[tuple[DigitalInput, ...]]:
    return Call(
        body=make("tmd:GetDigitalInputs"),
        read=lambda answer: tuple(read_digital_input(each) for each in children(answer, "DigitalInputs")),
    )


def set_relay_output_settings(relay: RelayOutput) -> Call[None]:
    given = make("tmd:RelayOutput", write_relay_settings("tt:Properties", relay), token=relay.token)
    return Call(body=make("tmd:SetRelayOutputSettings", given), read=nothing)
