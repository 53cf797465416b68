"""Answers of the device I/O service."""

from collections.abc import Iterable

from tawny.wire.onvif.deviceio import RelayOutput, write_relay_output
from tawny.wire.onvif.elements import Element, make, spelt


def capabilities(
    *, video_sources: int, audio_sources: int, audio_outputs: int, relays: int, digital_inputs: int
) -> Element:
    none = dict.fromkeys(("VideoOutputs", "SerialPorts"), "0")
    return make(
        "tmd:Capabilities",
        VideoSources=str(video_sources),
        AudioSources=str(audio_sources),
        AudioOutputs=str(audio_outputs),
        RelayOutputs=str(relays),
        DigitalInputs=str(digital_inputs),
        **none,
    )


def tokens(operation: str, listed: Iterable[str]) -> Element:
    """The tokens of sources, as GetVideoSources and GetAudioSources tell them."""
    return make(f"tmd:{operation}Response", *(make("tmd:Token", token) for token in listed))


def digital_inputs(listed: Iterable[str]) -> Element:
    inputs = (make("tmd:DigitalInputs", token=token, IdleState="open") for token in listed)
    return make("tmd:GetDigitalInputsResponse", *inputs)


def relay_outputs(listed: Iterable[RelayOutput]) -> Element:
    return make("tds:GetRelayOutputsResponse", *(write_relay_output("tds:RelayOutputs", relay) for relay in listed))


def relay_options(tokens: Iterable[str], *, longest_s: float) -> Element:
    """Relays that do either, and fall back after any time up to *longest_s*."""
    options = (
        make(
            "tmd:RelayOutputOptions",
            *(make("tmd:Mode", mode) for mode in ("Bistable", "Monostable")),
            make("tmd:DelayTimes", f"0.1 {spelt(longest_s)}"),
            make("tmd:Discrete", "false"),
            token=token,
        )
        for token in tokens
    )
    return make("tmd:GetRelayOutputOptionsResponse", *options)
