"""Answers of the device I/O service."""

from collections.abc import Iterable

from tawny.wire.onvif.elements import Element, make


def capabilities(*, video_sources: int, audio_sources: int, digital_inputs: int) -> Element:
    none = dict.fromkeys(("VideoOutputs", "AudioOutputs", "RelayOutputs", "SerialPorts"), "0")
    return make(
        "tmd:Capabilities",
        VideoSources=str(video_sources),
        AudioSources=str(audio_sources),
        DigitalInputs=str(digital_inputs),
        **none,
    )


def tokens(operation: str, listed: Iterable[str]) -> Element:
    """The tokens of sources, as GetVideoSources and GetAudioSources tell them."""
    return make(f"tmd:{operation}Response", *(make("tmd:Token", token) for token in listed))


def digital_inputs(listed: Iterable[str]) -> Element:
    inputs = (make("tmd:DigitalInputs", token=token, IdleState="open") for token in listed)
    return make("tmd:GetDigitalInputsResponse", *inputs)
