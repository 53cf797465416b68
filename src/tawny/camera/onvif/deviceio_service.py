"""The device I/O service: the digital input, and the sources that the media services have too."""

from collections.abc import Sequence

from tawny.camera.onvif.device_service import Service
from tawny.camera.onvif.dispatch import Handler, Operation
from tawny.camera.onvif.happenings import INPUT_TOKEN
from tawny.camera.onvif.model import Channel
from tawny.wire.onvif.answers import deviceio as answers
from tawny.wire.onvif.elements import Element, make


def deviceio_service(channels: Sequence[Channel]) -> Service:
    """The service over *channels*."""
    sounds = [f"{channel.token}-sound" for channel in channels if channel.sound]

    def capabilities() -> Element:
        return answers.capabilities(video_sources=len(channels), audio_sources=len(sounds), digital_inputs=1)

    handlers: dict[str, Handler] = {
        "GetServiceCapabilities": lambda _: make("tmd:GetServiceCapabilitiesResponse", capabilities()),
        "GetVideoSources": lambda _: answers.tokens("GetVideoSources", [channel.token for channel in channels]),
        "GetAudioSources": lambda _: answers.tokens("GetAudioSources", sounds),
        "GetDigitalInputs": lambda _: answers.digital_inputs([INPUT_TOKEN]),
    }
    operations = [Operation(name=f"tmd:{name}", handler=handler) for name, handler in handlers.items()]
    return Service(prefix="tmd", operations=operations, capabilities=capabilities)
