"""The device I/O service: the digital input, the relays, and sources and loudspeakers of the media services."""

from collections.abc import Sequence

from tawny.camera.onvif.device_service import Service
from tawny.camera.onvif.dispatch import Handler, Operation
from tawny.camera.onvif.happenings import INPUT_TOKEN
from tawny.camera.onvif.model import Channel, loudspeaker
from tawny.camera.onvif.relays import TOKENS, Relays
from tawny.wire.onvif.answers import deviceio as answers
from tawny.wire.onvif.elements import Element, make


def deviceio_service(channels: Sequence[Channel], relays: Relays) -> Service:
    """The service over *channels*, with the operations on *relays* of the device service too."""
    loudspeakers = [loudspeaker(channel) for channel in channels]
    sounds = [f"{channel.token}-sound" for channel in channels if channel.sound]

    def capabilities() -> Element:
        return answers.capabilities(
            video_sources=len(channels),
            audio_sources=len(sounds),
            audio_outputs=len(loudspeakers),
            relays=len(TOKENS),
            digital_inputs=1,
        )

    handlers: dict[str, Handler] = {
        "GetServiceCapabilities": lambda _: make("tmd:GetServiceCapabilitiesResponse", capabilities()),
        "GetVideoSources": lambda _: answers.tokens("GetVideoSources", [channel.token for channel in channels]),
        "GetAudioSources": lambda _: answers.tokens("GetAudioSources", sounds),
        "GetAudioOutputs": lambda _: answers.tokens("GetAudioOutputs", loudspeakers),
        "GetDigitalInputs": lambda _: answers.digital_inputs([INPUT_TOKEN]),
    }
    named = {f"tmd:{name}": handler for name, handler in handlers.items()} | relays.handlers()
    operations = [Operation(name=name, handler=handler) for name, handler in named.items()]
    return Service(prefix="tmd", operations=operations, capabilities=capabilities)
