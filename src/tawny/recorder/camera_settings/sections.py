"""What a part of the settings consists of while it is read and written, and what its readers share."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from tawny.recorder.camera_settings.model import Part, Value
from tawny.recorder.cameras.model import OnvifSource
from tawny.recorder.onvif.model import Device, DeviceError, DeviceTrouble
from tawny.runtime.clock import Clock
from tawny.wire.onvif import media, media2, osd
from tawny.wire.onvif.encoders import AudioEncoder, AudioEncoderOptions, VideoEncoder, VideoEncoderOptions
from tawny.wire.onvif.names import MEDIA, MEDIA2
from tawny.wire.onvif.profiles import Profile
from tawny.wire.onvif.soap import Call

Write = Callable[[Mapping[str, Value]], Awaitable[str | None]]
Act = Callable[[], Awaitable[str]]

_T = TypeVar("_T")

NOT_OFFERED = {DeviceTrouble.UNSUPPORTED, DeviceTrouble.REFUSED, DeviceTrouble.BAD_ANSWER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part as it was read, and how it is changed.

    *write* writes these values of its fields in one go; DeviceError where the camera refuses, ValueError in words where
    they make no sense together. It gives the *key* of the section that tells what became of them, None: this one's.
    *acts* are the part's actions by id, each giving a sentence about what was done. A *whole* one can't be written field
    by field: each time makes something new.
    """

    part: Part
    write: Write
    acts: Mapping[str, Act] = field(default_factory=dict)
    key: str = ""
    whole: bool = False


async def asked(device: Device, call: Call[_T], otherwise: _T) -> _T:
    """The answer, or *otherwise* from a camera that does not have that."""
    try:
        return await device.call(call)
    except DeviceError as error:
        if error.trouble not in NOT_OFFERED:
            raise
        return otherwise


class MediaCalls(Protocol):
    """What Media and Media2 share, asked in the same words."""

    def get_profiles(self) -> Call[tuple[Profile, ...]]:
        """Ask for all profiles with their configurations."""
        ...

    def get_video_encoder_options(self, *, configuration: str) -> Call[tuple[VideoEncoderOptions, ...]]:
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


class Reading:
    """One look at a camera: what several parts need is asked once."""

    def __init__(self, device: Device, source: OnvifSource, clock: Clock) -> None:
        self.device = device
        self.source = source
        self.clock = clock
        self.calls: MediaCalls = media2
        self._profiles: tuple[Profile, ...] | None = None

    @property
    def second(self) -> bool:
        """Whether Media2 answers, as far as `profile` found out."""
        return self.calls is media2

    async def profiles(self) -> tuple[Profile, ...]:
        """All profiles, from Media2 where that tells the main one, else from Media."""
        if self._profiles is None:
            self._profiles = await self._found()
        return self._profiles

    async def profile(self, token: str) -> Profile | None:
        """The profile of that token."""
        return next((profile for profile in await self.profiles() if profile.token == token), None)

    async def main(self) -> Profile | None:
        """The profile of the main stream."""
        return await self.profile(self.source.main_profile)

    async def _found(self) -> tuple[Profile, ...]:
        refused: DeviceError | None = None
        services: tuple[tuple[str, MediaCalls], ...] = ((MEDIA2, media2), (MEDIA, media))
        for namespace, calls in services:
            if not self.device.has(namespace):
                continue
            self.calls = calls
            try:
                found = await self.device.call(calls.get_profiles())
            except DeviceError as error:
                if error.trouble not in NOT_OFFERED:
                    raise
                refused = error
                continue
            if any(profile.token == self.source.main_profile for profile in found):
                return found
        if refused is not None:
            raise refused
        return ()
