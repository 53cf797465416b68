"""Media2 and Media, which are asked in the same words: which of them a device is asked by."""

from typing import Protocol

from tawny.recorder.onvif.model import Device
from tawny.wire.onvif import media, media2, osd
from tawny.wire.onvif.encoders import AudioEncoder, AudioEncoderOptions, VideoEncoder, VideoEncoderOptions
from tawny.wire.onvif.names import MEDIA, MEDIA2
from tawny.wire.onvif.profiles import Profile
from tawny.wire.onvif.soap import Call


class MediaService(Protocol):
    """What both share."""

    def get_profiles(self) -> Call[tuple[Profile, ...]]:
        """Ask for all profiles with their configurations."""
        ...

    def get_stream_uri(self, profile: str) -> Call[str]:
        """Ask where the stream of a profile is."""
        ...

    def get_video_encoder_options(
        self, *, configuration: str | None = None, profile: str | None = None
    ) -> Call[tuple[VideoEncoderOptions, ...]]:
        """Ask what an encoder of pictures can do, in each encoding."""
        ...

    def set_video_encoder(self, value: VideoEncoder) -> Call[None]:
        """Change an encoder of pictures, for good."""
        ...

    def get_audio_encoder_options(self, *, configuration: str) -> Call[tuple[AudioEncoderOptions, ...]]:
        """Ask what an encoder of sound can do, in each encoding."""
        ...

    def set_audio_encoder(self, value: AudioEncoder) -> Call[None]:
        """Change an encoder of sound, for good."""
        ...

    def get_osds(self, *, configuration: str) -> Call[tuple[osd.Osd, ...]]:
        """Ask for what is drawn over the picture of a video source configuration."""
        ...

    def get_osd_options(self, configuration: str) -> Call[osd.OsdOptions]:
        """Ask what can be drawn over it."""
        ...

    def create_osd(self, value: osd.Osd) -> Call[str | None]:
        """Draw one more; the answer is its token."""
        ...

    def set_osd(self, value: osd.Osd) -> Call[None]:
        """Draw it otherwise."""
        ...

    def delete_osd(self, token: str) -> Call[None]:
        """Draw it no more."""
        ...


def media_services(device: Device) -> list[MediaService]:
    """Those that *device* says it has: Media2 first, unless that is known not to work there."""
    services: list[tuple[str, MediaService]] = [(MEDIA2, media2), (MEDIA, media)]
    if device.learned.media2 is False:
        services.reverse()
    return [service for namespace, service in services if device.has(namespace)]
