"""Fakes of ONVIF devices and of who reaches them: each answers what a test put there, and remembers what it was asked."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from tawny.recorder.onvif.model import (
    Device,
    DeviceAddress,
    DeviceError,
    DeviceTrouble,
    Identity,
    Learned,
    Login,
    device_error,
)
from tawny.wire.onvif import names
from tawny.wire.onvif.configurations import VideoSourceConfiguration
from tawny.wire.onvif.device import SystemDateAndTime, get_system_date_and_time
from tawny.wire.onvif.elements import children
from tawny.wire.onvif.encoders import AudioEncoder, VideoEncoder, VideoEncoderOptions, read_video_encoder
from tawny.wire.onvif.geometry import Range, Size
from tawny.wire.onvif.profiles import Profile
from tawny.wire.onvif.soap import Call
from tawny.wire.tries import Tries

T = TypeVar("T")

IDENTITY = Identity(
    uuid="5f5a69c2-e0ae-504f-829b-000000000001",
    serial="SN-1",
    mac="02:00:00:00:00:01",
    make="Hikvision",
    model="DS-2CD2143G0-I",
    firmware="V5.6.3",
    hardware="88",
)


def encoder(token: str = "enc_1", encoding: str = "H264", width: int = 1920, height: int = 1080) -> VideoEncoder:
    return VideoEncoder(
        token=token,
        encoding=encoding,
        size=Size(width=width, height=height),
        frame_rate=25,
        bitrate_kbps=4096,
        gov_length=50,
    )


def profile(token: str, video: VideoEncoder | None, *, source: str = "vs_1", audio: str = "") -> Profile:
    return Profile(
        token=token,
        name=token,
        video_source=VideoSourceConfiguration(token=f"{source}_c", source=source),
        video_encoder=video,
        audio_encoder=AudioEncoder(token="aud", encoding=audio) if audio else None,
    )


PROFILES = (
    profile("main", encoder(), audio="PCMU"),
    profile("sub", encoder("enc_2", width=640, height=360)),
)


def camera_answers(**others: Any) -> dict[str, Any]:
    """What a plain camera answers, by operation; *others* instead: a value, an error, or a function of the call."""
    return {
        "GetProfiles": PROFILES,
        "GetStreamUri": lambda call: f"rtsp://192.0.2.7/{_text(call, 'ProfileToken')}",
        "GetSystemDateAndTime": SystemDateAndTime(utc_us=0, zone="UTC0", ntp=True),
        "GetVideoEncoderConfigurationOptions": (
            VideoEncoderOptions(encoding="H264", gov_length=Range(low=1, high=400), codec_profiles=("Main", "High")),
        ),
        **others,
    }


def _text(call: Call[Any], name: str) -> str:
    return next(str(each.text) for each in call.body.iter() if str(each.tag).endswith(f"}}{name}"))


@dataclass
class FakeDevice:
    """A device that was reached; *asked* lists the operations and *calls* the requests themselves."""

    address: DeviceAddress = field(default_factory=lambda: DeviceAddress(host="192.0.2.7"))
    login: Login = field(default_factory=Login)
    learned: Learned = field(default_factory=lambda: Learned(clock_offset_s=0.0))
    identity: Identity = IDENTITY
    services: frozenset[str] = frozenset({names.DEVICE, names.MEDIA2})
    scopes: tuple[str, ...] = ("onvif://www.onvif.org/name/Gate_camera",)
    answers: dict[str, Any] = field(default_factory=camera_answers)
    asked: list[str] = field(default_factory=list)
    calls: list[Call[Any]] = field(default_factory=list)
    closed: bool = False
    shown: bytes = b""
    ended: DeviceError | None = None

    def has(self, namespace: str) -> bool:
        return namespace in self.services

    async def call(
        self, call: Call[T], *, at: str | None = None, references: tuple[bytes, ...] = (), timeout_s: float = 10
    ) -> T:
        assert not self.closed
        self.asked.append(call.operation)
        self.calls.append(call)
        answer = self.answers.get(call.operation, device_error(DeviceTrouble.UNSUPPORTED))
        if callable(answer):
            answer = answer(call)
        if isinstance(answer, Exception):
            raise answer
        value: T = answer
        return value

    async def measure_clock(self) -> SystemDateAndTime | None:
        return await self.call(get_system_date_and_time())

    def reachable(self, uri: str) -> str:
        return uri.strip()

    def learn(self, learned: Learned) -> None:
        self.learned = learned

    async def close(self) -> None:
        self.closed = True


def set_encoders(device: FakeDevice) -> list[VideoEncoder]:
    """The encoders that were written to *device*."""
    written = [call for call in device.calls if call.operation == "SetVideoEncoderConfiguration"]
    return [read_video_encoder(each) for call in written for each in children(call.body, "Configuration")]


class FakeOpener:
    """Reaches the devices that *at* has by ``host:port``; *opened* lists who was asked for, with which user.

    A device whose user or password is another refuses the login; what is an exception is raised.
    """

    def __init__(self, **at: FakeDevice | Exception | Callable[[Login], FakeDevice]) -> None:
        self.at: dict[str, FakeDevice | Exception | Callable[[Login], FakeDevice]] = dict(at)
        self.opened: list[tuple[str, str, str]] = []

    def put(self, where: str, device: FakeDevice | Exception | Callable[[Login], FakeDevice]) -> None:
        self.at[where] = device

    async def open(
        self,
        address: DeviceAddress,
        login: Login,
        *,
        learned: Learned | None = None,
        fingerprint: str = "",
        on_learned: Callable[[Learned], None] | None = None,
        on_reached: Callable[[], None] | None = None,
        tries: Tries | None = None,
    ) -> Device:
        where, tries = f"{address.host}:{address.port}", tries or Tries()
        if not login.empty and not tries.may(login.user, login.password, "digest"):
            raise device_error(DeviceTrouble.CREDENTIALS)
        self.opened.append((where, login.user, login.password))
        found = self.at.get(where, device_error(DeviceTrouble.UNREACHABLE))
        if isinstance(found, Exception):
            raise found
        device = found if isinstance(found, FakeDevice) else found(login)
        if isinstance(found, FakeDevice) and (login.user, login.password) != (found.login.user, found.login.password):
            if not login.empty:
                tries.refused(login.user, login.password, "digest")
            raise device_error(DeviceTrouble.CREDENTIALS)
        device.closed = False
        device.address = replace(address)
        return device


def refusing(trouble: DeviceTrouble, **members: Any) -> DeviceError:
    """The error of that kind."""
    return device_error(trouble, **members)
