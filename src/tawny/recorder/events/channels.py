"""Which picture of a device a message is about: recorders and panoramas are one device with many."""

from collections.abc import Mapping

from tawny.recorder.onvif.model import Device, DeviceError
from tawny.wire.onvif import media, media2
from tawny.wire.onvif.events import Message
from tawny.wire.onvif.names import MEDIA, MEDIA2

_NAMES = ("VideoSourceToken", "VideoSource", "VideoSourceConfigurationToken", "Source", "channel")


async def sources(device: Device) -> Mapping[str, str]:
    """The video source that each token of a source or of its configuration stands for; empty where it tells none."""
    asked = [media2.get_video_source_configurations] * device.has(MEDIA2)
    asked += [media.get_video_source_configurations] * device.has(MEDIA)
    for call in asked:
        try:
            found = await device.call(call())
        except DeviceError:
            continue  # the other service may tell
        return {token: each.source for each in found if each.source for token in (each.token, each.source)}
    return {}


def channel(message: Message, tokens: Mapping[str, str]) -> str | None:
    """The video source that *message* is about; None where it is about none, or does not say."""
    for name in _NAMES:
        token = message.source.get(name)
        if token is not None and token in tokens:
            return tokens[token]
    return None
