"""Asks an ONVIF device what it is and what it offers; what it does not answer is absent, and said."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar
from urllib.parse import unquote

from tawny.recorder.adding.certificates import read_certificate
from tawny.recorder.adding.channels import grouped
from tawny.recorder.adding.model import CameraClock, Card, Certificate, Channel, How, Report, ReportedStream
from tawny.recorder.onvif.media_services import media_services
from tawny.recorder.onvif.model import Device, DeviceError, DeviceTrouble
from tawny.wire.onvif import device as device_service
from tawny.wire.onvif import deviceio, events, media, names, search
from tawny.wire.onvif.profiles import Profile
from tawny.wire.onvif.soap import Call

ANSWER_S = 5.0  # for each question: no step takes longer without saying so
MOST_CHANNELS = 64
_MOST_TOPICS = 256
_MOST_SILENCES = 2
_NAME_SCOPE = "onvif://www.onvif.org/name/"

# more questions would only be more wrong logins, or more waiting
_OVER = frozenset({DeviceTrouble.CREDENTIALS, DeviceTrouble.LOCKED_OUT, DeviceTrouble.UNREACHABLE})
_BEARABLE = frozenset({DeviceTrouble.UNSUPPORTED, DeviceTrouble.REFUSED, DeviceTrouble.BAD_ANSWER})

T = TypeVar("T")


async def describe(device: Device) -> Report:
    """What *device* is and offers. DeviceError only where it answers no more, or refuses the login."""
    asked = _Asking(device)
    profiles = await _profiles(asked, device)
    channels = [await _with_streams(asked, device, each) for each in grouped(profiles)[:MOST_CHANNELS]]
    topics = await asked.ask("events", events.get_event_properties(), names.EVENTS)
    identity = device.identity
    return Report(
        how=How.ONVIF,
        address=device.address.url,
        make=identity.make,
        model=identity.model,
        firmware=identity.firmware,
        hardware=identity.hardware,
        serial=identity.serial,
        mac=identity.mac,
        uuid=identity.uuid,
        name=name_of(device.scopes),
        authentication=str(device.learned.authentication),
        certificate=_certificate(device),
        clock=await _clock(asked, device),
        channels=tuple(channels),
        events=tuple(each.topic for each in topics.topics[:_MOST_TOPICS]) if topics else (),
        inputs=len(await asked.ask("inputs", deviceio.get_digital_inputs(), names.DEVICEIO) or ()),
        relays=len(await asked.ask("relays", device_service.get_relay_outputs(), names.DEVICE) or ()),
        talk=await _talk(asked, device, profiles),
        metadata=any(profile.metadata is not None for profile in profiles),
        analytics=device.has(names.ANALYTICS),
        storage=await _card(asked),
        unread=tuple(asked.unread),
    )


def _certificate(device: Device) -> Certificate | None:
    known = device.identity.certificate
    return read_certificate(device.shown, fingerprint=known) if known else None


async def _profiles(asked: "_Asking", device: Device) -> tuple[Profile, ...]:
    """The device's profiles; none, and said, where it tells of none."""
    try:
        return await read_profiles(device)
    except DeviceError as error:
        if error.trouble not in _BEARABLE:
            raise
        asked.unread.append("streams")
        return ()


async def read_profiles(device: Device) -> tuple[Profile, ...]:
    """The device's profiles, of Media2 where it works, else of Media; DeviceError where neither tells any."""
    trouble: DeviceError | None = None
    found: tuple[Profile, ...] = ()
    for service in media_services(device):
        try:
            found = await device.call(service.get_profiles(), timeout_s=ANSWER_S) or found
        except DeviceError as error:
            trouble = trouble or error
        if any(profile.video_encoder is not None for profile in found):
            return found
    if not found and trouble is not None:
        raise trouble
    return found


async def stream_uri(device: Device, profile: str) -> str:
    """Where the stream of *profile* is, on the host that was reached; DeviceError where that is not told."""
    trouble: DeviceError | None = None
    for service in media_services(device):
        try:
            if uri := device.reachable(await device.call(service.get_stream_uri(profile), timeout_s=ANSWER_S)):
                return uri
        except DeviceError as error:
            trouble = trouble or error
    if trouble is not None:
        raise trouble
    return ""


def name_of(scopes: Iterable[str]) -> str:
    """The name in a device's scopes."""
    named = (scope for scope in scopes if scope.lower().startswith(_NAME_SCOPE))
    return next((unquote(scope[len(_NAME_SCOPE) :]).replace("_", " ").strip()[:64] for scope in named), "")


class _Asking:
    """Questions that may fail; *unread* names those that did although the device says that it has the service.

    Invariant: a device that has left two of them without any answer is not asked more of what is just good to know.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self._silences = 0
        self.unread: list[str] = []

    async def ask(self, what: str, call: Call[T], namespace: str) -> T | None:
        """The answer, None where there is none."""
        if not self._device.has(namespace) and namespace != names.DEVICE:
            return None
        try:
            return await self._answer(call)
        except DeviceError as error:
            self._pass_over(error, what)
            return None

    async def uri(self, profile: str) -> str:
        """Where the stream is; empty where the device does not say."""
        try:
            return await stream_uri(self._device, profile)
        except DeviceError as error:
            self._pass_over(error, "stream")
            return ""

    async def _answer(self, call: Call[T]) -> T | None:
        if self._silences >= _MOST_SILENCES:
            return None
        return await self._device.call(call, timeout_s=ANSWER_S)

    def _pass_over(self, error: DeviceError, what: str) -> None:
        if error.trouble in _OVER:
            raise error
        self._silences += error.trouble is DeviceTrouble.SILENT
        self.unread.append(what)


async def _with_streams(asked: _Asking, device: Device, channel: Channel) -> Channel:
    """*channel* with the addresses of its streams; a stream without one is none."""
    found: dict[str, ReportedStream | None] = {}
    for name, stream in (("main", channel.main), ("sub", channel.sub)):
        uri = await asked.uri(stream.profile) if stream else ""
        found[name] = replace(stream, uri=uri) if stream and uri else None
    main = found["main"] or found["sub"]
    sub = found["sub"] if found["main"] else None
    return replace(channel, main=main, sub=sub, ptz=channel.ptz and device.has(names.PTZ))


async def _clock(asked: _Asking, device: Device) -> CameraClock | None:
    read = await asked.ask("clock", device_service.get_system_date_and_time(), names.DEVICE)
    offset = device.learned.clock_offset_s
    if offset is None:
        return None
    if read is None:
        return CameraClock(offset_s=offset)
    return CameraClock(offset_s=offset, zone=read.zone or "", source="ntp" if read.ntp else "manual")


async def _talk(asked: _Asking, device: Device, profiles: Iterable[Profile]) -> bool:
    if any(profile.audio_output is not None or profile.audio_decoder is not None for profile in profiles):
        return True
    if device.has(names.DEVICEIO):
        return bool(await asked.ask("loudspeaker", deviceio.get_audio_outputs(), names.DEVICEIO))
    return bool(await asked.ask("loudspeaker", media.get_audio_outputs(), names.MEDIA))


async def _card(asked: _Asking) -> Card | None:
    summary = await asked.ask("card", search.get_recording_summary(), names.SEARCH)
    if summary is None or not summary.recordings:
        return None
    return Card(recordings=summary.recordings, oldest_us=summary.from_us, newest_us=summary.until_us)
