"""What may be put right on a camera from here, over ONVIF; each raises DeviceError where the camera refuses."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tawny.recorder.adding.channels import codec_name
from tawny.recorder.adding.report import ANSWER_S, read_profiles
from tawny.recorder.onvif.media_services import media_services
from tawny.recorder.onvif.model import Device, DeviceError, DeviceTrouble, Login, device_error
from tawny.wire.onvif import device as device_service
from tawny.wire.onvif.encoders import VideoEncoder, VideoEncoderOptions
from tawny.wire.onvif.geometry import Size

KEY_FRAME_S = 2.0
_PROFILES = ("High", "Main", "Baseline")
_USUAL_FPS = 25.0

Change = Callable[[VideoEncoder, Sequence[VideoEncoderOptions]], VideoEncoder]


async def create_user(device: Device, login: Login) -> None:
    """Make a user who may do everything; one of that name gets the password instead."""
    user = device_service.User(name=login.user, level="Administrator")
    try:
        await device.call(device_service.create_user(user, login.password))
    except DeviceError as error:
        if error.trouble is not DeviceTrouble.REFUSED or "exist" not in f"{error.reason}{error.title}".lower():
            raise
        await device.call(device_service.set_user(user, login.password))


async def set_clock(device: Device, utc_us: int) -> None:
    """Set the camera's clock; its zone stays."""
    now = await device.call(device_service.get_system_date_and_time())
    call = device_service.set_system_date_and_time(utc_us=utc_us, zone=now.zone, daylight_savings=now.daylight_savings)
    await device.call(call)


async def use_h264(device: Device, profiles: Sequence[str]) -> None:
    """Let the streams of *profiles* be H.264, with their sizes and rates as far as that goes."""
    await _reencode(device, profiles, _as_h264)


async def shorten_key_frames(device: Device, profiles: Sequence[str]) -> None:
    """Let a key frame come every two seconds in the streams of *profiles*."""
    await _reencode(device, profiles, _with_key_frames)


async def _reencode(device: Device, profiles: Sequence[str], change: Change) -> None:
    seen: set[str] = set()
    for profile in await read_profiles(device):
        encoder = profile.video_encoder
        if profile.token in profiles and encoder is not None and encoder.token not in seen:
            seen.add(encoder.token)
            await _write(device, profile.token, encoder, change)


async def _write(device: Device, profile: str, encoder: VideoEncoder, change: Change) -> None:
    trouble: DeviceError | None = None
    for service in media_services(device):
        try:
            options = await device.call(
                service.get_video_encoder_options(configuration=encoder.token, profile=profile), timeout_s=ANSWER_S
            )
            wanted = change(encoder, options)
            if wanted != encoder:
                await device.call(service.set_video_encoder(wanted), timeout_s=ANSWER_S)
        except DeviceError as error:
            trouble = trouble or error
        else:
            return
    raise trouble or device_error(DeviceTrouble.UNSUPPORTED)


def _as_h264(encoder: VideoEncoder, options: Sequence[VideoEncoderOptions]) -> VideoEncoder:
    offered = next((each for each in options if codec_name(each.encoding) == "h264"), None)
    if offered is None:
        raise device_error(DeviceTrouble.UNSUPPORTED, title="The camera offers no H.264 for this stream.")
    profiles = offered.codec_profiles
    return _with_key_frames(
        replace(
            encoder,
            encoding=offered.encoding,
            codec_profile=next((each for each in _PROFILES if each in profiles), profiles[0] if profiles else None),
            size=_nearest(encoder.size, offered.sizes),
            frame_rate=_rate(encoder, offered),
        ),
        [offered],
    )


def _nearest(size: Size | None, offered: Sequence[Size]) -> Size | None:
    """The largest that is not larger than *size*, else the smallest."""
    if size is None or not offered or size in offered:
        return size
    pixels = size.width * size.height
    fitting = [each for each in offered if each.width * each.height <= pixels]
    if fitting:
        return max(fitting, key=lambda each: each.width * each.height)
    return min(offered, key=lambda each: each.width * each.height)


def _rate(encoder: VideoEncoder, offered: VideoEncoderOptions) -> float | None:
    rate = encoder.frame_rate
    if rate is not None and offered.frame_rates:
        return max((each for each in offered.frame_rates if each <= rate), default=min(offered.frame_rates))
    if rate is not None and offered.frame_rate is not None:
        return min(max(rate, offered.frame_rate.low), offered.frame_rate.high)
    return rate


def _with_key_frames(encoder: VideoEncoder, options: Sequence[VideoEncoderOptions]) -> VideoEncoder:
    offered = next((each for each in options if codec_name(each.encoding) == codec_name(encoder.encoding)), None)
    wanted = round((encoder.frame_rate or _USUAL_FPS) * KEY_FRAME_S / (encoder.encoding_interval or 1))
    if offered is not None and offered.gov_length is not None:
        wanted = int(min(max(wanted, offered.gov_length.low), offered.gov_length.high))
    return replace(encoder, gov_length=max(wanted, 1))
