"""What a device can be made to do; asked once for each connection to it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tawny.recorder.camera_settings.sections import Reading, asked
from tawny.recorder.control.head import Head, head_of
from tawny.recorder.onvif.model import Device
from tawny.wire.onvif import device as device_calls
from tawny.wire.onvif import deviceio, imaging, media, ptz
from tawny.wire.onvif.deviceio import DigitalInput, RelayOutput
from tawny.wire.onvif.imaging import MoveOptions
from tawny.wire.onvif.names import DEVICEIO, IMAGING, MEDIA, PTZ
from tawny.wire.onvif.profiles import Profile

_MOST_CONTACTS = 64

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """The focus of the video source *source*; *modes* are those that it can be switched to."""

    source: str
    moves: MoveOptions
    modes: tuple[str, ...] = ()

    @property
    def switched(self) -> bool:
        """Whether its focus is found by the camera or by hand, as told."""
        return {"AUTO", "MANUAL"} <= set(self.modes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What *device* has."""

    device: Device
    head: Head | None = None
    lens: Lens | None = None
    relays: tuple[RelayOutput, ...] = ()
    inputs: tuple[DigitalInput, ...] = ()
    loudspeakers: int = 0


async def facts_of(reading: Reading) -> Facts:
    """Ask the device for all of it; DeviceError where it does not answer."""
    device = reading.device
    profile = await reading.main()
    inputs = await asked(device, deviceio.get_digital_inputs(), ()) if device.has(DEVICEIO) else ()
    return Facts(
        device=device,
        head=await _if(device.has(PTZ), lambda: _head(reading, profile)),
        lens=await _if(device.has(IMAGING), lambda: _lens(reading, profile)),
        relays=(await asked(device, device_calls.get_relay_outputs(), ()))[:_MOST_CONTACTS],
        inputs=inputs[:_MOST_CONTACTS],
        loudspeakers=await _loudspeakers(device),
    )


async def _if(has: bool, ask: Callable[[], Awaitable[_T | None]]) -> _T | None:
    return await ask() if has else None


async def _head(reading: Reading, profile: Profile | None) -> Head | None:
    moved = _moved(profile, await reading.profiles())
    if moved is None or moved.ptz is None:
        return None
    nodes = await asked(reading.device, ptz.get_nodes(), ())
    options = ptz.get_configuration_options(moved.ptz.token)
    timeouts = (await asked(reading.device, options, ptz.ConfigurationOptions())).timeout_s
    head = head_of(moved.token, moved.ptz, nodes, timeouts)
    return head if head.of_use else None


def _moved(profile: Profile | None, profiles: Sequence[Profile]) -> Profile | None:
    """The main profile, or another of its source where that one has no head (some cameras equip one profile alone)."""
    if profile is None or profile.ptz is not None:
        return profile
    source = profile.video_source
    return next(
        (
            each
            for each in profiles
            if each.ptz is not None and source and each.video_source and each.video_source.source == source.source
        ),
        None,
    )


async def _lens(reading: Reading, profile: Profile | None) -> Lens | None:
    source = reading.source.channel or (profile.video_source.source if profile and profile.video_source else "")
    if not source:
        return None
    moves = await asked(reading.device, imaging.get_move_options(source), MoveOptions())
    modes = (await asked(reading.device, imaging.get_options(source), imaging.ImagingOptions())).focus_modes
    lens = Lens(source=source, moves=moves, modes=modes)
    return lens if moves != MoveOptions() or lens.switched else None


async def _loudspeakers(device: Device) -> int:
    """How many loudspeakers there are; Media or Device I/O tells."""
    found: tuple[str, ...] = ()
    if device.has(MEDIA):
        found = await asked(device, media.get_audio_outputs(), ())
    if not found and device.has(DEVICEIO):
        found = await asked(device, deviceio.get_audio_outputs(), ())
    return len(found)
