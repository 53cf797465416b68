"""What a part of the settings consists of while it is read and written, and what its readers share."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from tawny.recorder.camera_settings.model import Part, Value
from tawny.recorder.cameras.model import OnvifSource
from tawny.recorder.onvif.media_services import MediaService, media_services
from tawny.recorder.onvif.model import Device, DeviceError, DeviceTrouble
from tawny.runtime.clock import Clock
from tawny.wire.onvif import media2
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


class Reading:
    """One look at a camera: what several parts need is asked once."""

    def __init__(self, device: Device, source: OnvifSource, clock: Clock) -> None:
        self.device = device
        self.source = source
        self.clock = clock
        self.calls: MediaService = media2
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
        for calls in media_services(self.device):
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
