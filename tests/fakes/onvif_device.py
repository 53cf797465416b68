"""Devices that answer in XML without a network: one of handlers, and one with settings of all kinds that can be written."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tawny.recorder.cameras.model import Camera, OnvifSource
from tawny.recorder.onvif.model import (
    DeviceAddress,
    DeviceError,
    DeviceTrouble,
    Identity,
    Learned,
    Login,
    device_error,
)
from tawny.runtime.clock import Clock, SimulatedClock
from tawny.wire.onvif import imaging, names, soap
from tawny.wire.onvif.configurations import VideoSourceConfiguration
from tawny.wire.onvif.device import SystemDateAndTime, get_system_date_and_time, write_date_time
from tawny.wire.onvif.elements import Element, child, children, flag, make, spelt, text, texts
from tawny.wire.onvif.encoders import AudioEncoder, VideoEncoder, read_audio_encoder, read_video_encoder
from tawny.wire.onvif.geometry import Range, Size, write_range, write_size
from tawny.wire.onvif.imaging import Exposure, ImagingSettings, Mode
from tawny.wire.onvif.media2 import Mask, read_mask, write_mask
from tawny.wire.onvif.network import write_host
from tawny.wire.onvif.osd import Osd, read_osd, write_osd
from tawny.wire.onvif.profiles import Profile, write_profile, write_profile2

T = TypeVar("T")
Handler = Callable[[Element], Element]
OFFSET_US = 90_000_000

ALL = (names.DEVICE, names.MEDIA, names.MEDIA2, names.IMAGING, names.PTZ, names.DEVICEIO)


class FakeDevice:
    """The port `Device`; *answers* are by operation, as in ``tr2:GetProfiles``. What is not there is unsupported.

    A handler is given the request's body, and may raise DeviceError.
    """

    def __init__(self, answers: Mapping[str, Handler], *, services: Collection[str] = ALL) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []
        self.address = DeviceAddress(host="192.0.2.7")
        self.login = Login()
        self.learned = Learned()
        self.identity = Identity(make="Fake", model="F1", firmware="1.2", serial="0815", mac="02:00:00:00:00:01")
        self.services = frozenset(services)
        self.scopes: tuple[str, ...] = ()
        self.shown = b""

    def has(self, namespace: str) -> bool:
        return namespace in self.services

    async def call(
        self, call: soap.Call[T], *, at: str | None = None, references: tuple[bytes, ...] = (), timeout_s: float = 10
    ) -> T:
        name = f"{names.PREFIX_OF[call.service]}:{call.operation}"
        self.asked.append(name)
        body = soap.answer(soap.envelope(call.body))
        if name not in self.answers:
            raise device_error(DeviceTrouble.UNSUPPORTED)
        try:
            return call.read(soap.answer(soap.envelope(self.answers[name](body))))
        except soap.FaultError as error:
            raise device_error(DeviceTrouble.REFUSED, reason=str(error)) from error
        except ValueError as error:
            raise device_error(DeviceTrouble.BAD_ANSWER) from error

    def reachable(self, uri: str) -> str:
        return uri

    def learn(self, learned: Learned) -> None:
        self.learned = learned

    @property
    def ended(self) -> DeviceError | None:
        return None

    async def measure_clock(self) -> SystemDateAndTime | None:
        return await self.call(get_system_date_and_time())

    async def close(self) -> None:
        """Nothing to give up."""


def refused(reason: str = "Invalid argument") -> soap.FaultError:
    return soap.FaultError(soap.Fault(code="Sender", subcodes=("InvalidArgVal",), reason=reason))


def onvif_camera(camera_id: str = "cam_a", *, sub: bool = True) -> Camera:
    return Camera(
        id=camera_id,
        name="Gate",
        url="rtsp://192.0.2.7/main",
        sub_url="",
        user="root",
        password="s3cret",
        added_us=0,
        device=OnvifSource(
            address=DeviceAddress(host="192.0.2.7"),
            main_profile="p1",
            sub_profile="p2" if sub else "",
            channel="sensor",
        ),
    )


def rtsp_camera(camera_id: str = "cam_r") -> Camera:
    return replace(onvif_camera(camera_id), device=None)


MAIN = VideoEncoder(
    token="v1",
    name="main",
    use_count=1,
    encoding="H264",
    size=Size(width=1920, height=1080),
    quality=4.0,
    frame_rate=25.0,
    bitrate_kbps=4096,
    gov_length=50,
    codec_profile="Main",
    constant_bitrate=False,
)
SUB = replace(MAIN, token="v2", size=Size(width=640, height=360), bitrate_kbps=512, frame_rate=12.5, gov_length=25)

SOUND = AudioEncoder(token="a1", encoding="PCMU", bitrate_kbps=64, sample_rate=8000)
PICTURE = ImagingSettings(
    brightness=50.0,
    contrast=50.0,
    ir_cut_filter="AUTO",
    exposure=Exposure(mode="AUTO", min_time=100.0, max_time=40_000.0),
    wide_dynamic_range=Mode(mode="OFF", level=10.0),
)


@dataclass(kw_only=True)
class Kept:
    """What a camera keeps."""

    encoders: dict[str, VideoEncoder] = field(default_factory=lambda: {"v1": MAIN, "v2": SUB})
    audio: AudioEncoder = SOUND
    picture: ImagingSettings = PICTURE
    texts: dict[str, Osd] = field(
        default_factory=lambda: {
            "t1": Osd(
                token="t1",
                configuration="picture",
                text_kind="DateAndTime",
                date_format="yyyy-MM-dd",
                time_format="HH:mm:ss",
                place="UpperLeft",
                font_size=32,
            )
        }
    )
    masks: dict[str, Mask] = field(default_factory=dict)
    ntp: bool = False
    zone: str = "UTC0"
    servers: tuple[str, ...] = ("pool.ntp.org",)
    scopes: list[str] = field(
        default_factory=lambda: ["onvif://www.onvif.org/name/F1", "onvif://www.onvif.org/hardware/F1"]
    )
    host_name: str = "camera-1"
    restarts: int = 0


class KeepingDevice(FakeDevice):
    """A device whose settings of all kinds can be written, and are *kept*.

    It takes 100 to 8192 kbit/s and H.265 with at most 15 frames a second; its clock is `OFFSET_US` ahead.
    """

    def __init__(self, clock: Clock | None = None, *, services: Collection[str] = ALL) -> None:
        self.kept = Kept()
        self._clock = clock or SimulatedClock()
        handlers: list[Handler] = [
            *(self._profiles, self._options, self._set_encoder, self._audio_options, self._set_audio),
            *(self._picture, self._picture_options, self._set_picture),
            *(self._texts, self._text_options, self._create_text, self._set_text, self._delete_text),
            *(self._masks, self._mask_options, self._create_mask, self._set_mask, self._delete_mask),
            *(self._clock_told, self._set_clock, self._servers, self._set_servers),
            *(self._scopes, self._set_scopes, self._host_name, self._set_host_name, self._reboot),
        ]
        super().__init__(dict(zip(_OPERATIONS, handlers, strict=True)), services=services)
        self.answers["trt:GetProfiles"] = self._old_profiles

    def _profile(self, token: str, encoder: str) -> Profile:
        return Profile(
            token=token,
            name=f"profile {token}",
            video_source=VideoSourceConfiguration(token="picture", source="sensor"),
            video_encoder=self.kept.encoders[encoder],
            audio_encoder=self.kept.audio,
        )

    def _profiles(self, _: Element) -> Element:
        listed = [self._profile("p1", "v1"), self._profile("p2", "v2")]
        return make("tr2:GetProfilesResponse", *(write_profile2("tr2:Profiles", each) for each in listed))

    def _old_profiles(self, _: Element) -> Element:
        listed = [self._profile("p1", "v1"), self._profile("p2", "v2")]
        return make("trt:GetProfilesResponse", *(write_profile("trt:Profiles", each) for each in listed))

    def _options(self, _: Element) -> Element:
        codecs = (_codec("H264", "25 20 12.5 10", "Baseline Main High"), _codec("H265", "15 10", "Main"))
        return make("tr2:GetVideoEncoderConfigurationOptionsResponse", *codecs)

    def _set_encoder(self, body: Element) -> Element:
        wanted = read_video_encoder(_held(body, "Configuration"))
        assert wanted.bitrate_kbps is not None
        if wanted.bitrate_kbps == 666:
            raise refused("no such number")
        rounded = wanted.bitrate_kbps // 64 * 64
        self.kept.encoders[wanted.token] = replace(wanted, bitrate_kbps=rounded)
        return make("tr2:SetVideoEncoderConfigurationResponse")

    def _audio_options(self, _: Element) -> Element:
        codecs = (("PCMU", "64", "8"), ("MP4A-LATM", "32 64 128", "16 32"))
        return make(
            "tr2:GetAudioEncoderConfigurationOptionsResponse",
            *(
                make(
                    "tr2:Options",
                    make("tt:Encoding", codec),
                    make("tt:BitrateList", make("tt:Items", bitrates)),
                    make("tt:SampleRateList", make("tt:Items", rates)),
                )
                for codec, bitrates, rates in codecs
            ),
        )

    def _set_audio(self, body: Element) -> Element:
        self.kept.audio = read_audio_encoder(_held(body, "Configuration"))
        return make("tr2:SetAudioEncoderConfigurationResponse")

    def _picture(self, _: Element) -> Element:
        written = imaging.write_imaging_settings("timg:ImagingSettings", self.kept.picture)
        return make("timg:GetImagingSettingsResponse", written)

    def _picture_options(self, _: Element) -> Element:
        hundred, long = Range(low=0.0, high=100.0), Range(low=10.0, high=200_000.0)
        options = make(
            "timg:ImagingOptions",
            write_range("tt:Brightness", hundred),
            write_range("tt:Contrast", hundred),
            make(
                "tt:Exposure", make("tt:Mode", "AUTO"), make("tt:Mode", "MANUAL"), write_range("tt:ExposureTime", long)
            ),
            *(make("tt:IrCutFilterModes", mode) for mode in ("ON", "OFF", "AUTO")),
            make(
                "tt:WideDynamicRange",
                make("tt:Mode", "ON"),
                make("tt:Mode", "OFF"),
                write_range("tt:Level", hundred),
            ),
        )
        return make("timg:GetOptionsResponse", options)

    def _set_picture(self, body: Element) -> Element:
        wanted = imaging.read_imaging_settings(child(body, "ImagingSettings"))
        given = {name: value for name in wanted.__slots__ if (value := getattr(wanted, name)) is not None}
        self.kept.picture = replace(self.kept.picture, **given)
        return make("timg:SetImagingSettingsResponse")

    def _texts(self, _: Element) -> Element:
        return make("tr2:GetOSDsResponse", *(write_osd("tr2:OSDs", each) for each in self.kept.texts.values()))

    def _text_options(self, _: Element) -> Element:
        kinds = ("Plain", "Date", "Time", "DateAndTime")
        options = make(
            "tr2:OSDOptions",
            make("tt:MaximumNumberOfOSDs", Total="3", PlainText="2"),
            make("tt:Type", "Text"),
            *(make("tt:PositionOption", place) for place in ("UpperLeft", "LowerLeft", "Custom")),
            make(
                "tt:TextOption",
                *(make("tt:Type", kind) for kind in kinds),
                write_range("tt:FontSizeRange", Range(low=16, high=64)),
                make("tt:DateFormat", "yyyy-MM-dd"),
                make("tt:TimeFormat", "HH:mm:ss"),
            ),
        )
        return make("tr2:GetOSDOptionsResponse", options)

    def _create_text(self, body: Element) -> Element:
        token = f"t{len(self.kept.texts) + 1}"
        self.kept.texts[token] = replace(read_osd(_held(body, "OSD")), token=token)
        return make("tr2:CreateOSDResponse", make("tr2:OSDToken", token))

    def _set_text(self, body: Element) -> Element:
        wanted = read_osd(_held(body, "OSD"))
        self.kept.texts[wanted.token] = wanted
        return make("tr2:SetOSDResponse")

    def _delete_text(self, body: Element) -> Element:
        del self.kept.texts[text(body, "OSDToken") or ""]
        return make("tr2:DeleteOSDResponse")

    def _masks(self, _: Element) -> Element:
        return make("tr2:GetMasksResponse", *(write_mask("tr2:Masks", each) for each in self.kept.masks.values()))

    def _mask_options(self, _: Element) -> Element:
        options = make(
            "tr2:Options",
            make("tr2:MaxMasks", "3"),
            make("tr2:MaxPoints", "4"),
            make("tr2:Types", "Color"),
            make("tr2:Types", "Blurred"),
            RectangleOnly="true",
        )
        return make("tr2:GetMaskOptionsResponse", options)

    def _create_mask(self, body: Element) -> Element:
        token = f"m{len(self.kept.masks) + 1}"
        self.kept.masks[token] = replace(read_mask(_held(body, "Mask")), token=token)
        return make("tr2:CreateMaskResponse", make("tr2:Token", token))

    def _set_mask(self, body: Element) -> Element:
        wanted = read_mask(_held(body, "Mask"))
        self.kept.masks[wanted.token] = wanted
        return make("tr2:SetMaskResponse")

    def _delete_mask(self, body: Element) -> Element:
        del self.kept.masks[text(body, "Token") or ""]
        return make("tr2:DeleteMaskResponse")

    def _clock_told(self, _: Element) -> Element:
        told = make(
            "tds:SystemDateAndTime",
            make("tt:DateTimeType", "NTP" if self.kept.ntp else "Manual"),
            make("tt:DaylightSavings", "false"),
            make("tt:TimeZone", make("tt:TZ", self.kept.zone)),
            write_date_time("tt:UTCDateTime", self._clock.utc_us() + OFFSET_US),
        )
        return make("tds:GetSystemDateAndTimeResponse", told)

    def _set_clock(self, body: Element) -> Element:
        self.kept.ntp = text(body, "DateTimeType") == "NTP"
        self.kept.zone = text(body, "TimeZone/TZ") or self.kept.zone
        return make("tds:SetSystemDateAndTimeResponse")

    def _servers(self, _: Element) -> Element:
        manual = (write_host("tt:NTPManual", host) for host in self.kept.servers)
        return make("tds:GetNTPResponse", make("tds:NTPInformation", make("tt:FromDHCP", "false"), *manual))

    def _set_servers(self, body: Element) -> Element:
        hosts = ((text(each, "DNSname") or text(each, "IPv4Address") or "") for each in children(body, "NTPManual"))
        self.kept.servers = () if flag(body, "FromDHCP") else tuple(hosts)
        return make("tds:SetNTPResponse")

    def _scopes(self, _: Element) -> Element:
        fixed = ("onvif://www.onvif.org/type/video_encoder",)
        written = [
            make("tds:Scopes", make("tt:ScopeDef", kind), make("tt:ScopeItem", item))
            for kind, items in (("Fixed", fixed), ("Configurable", self.kept.scopes))
            for item in items
        ]
        return make("tds:GetScopesResponse", *written)

    def _set_scopes(self, body: Element) -> Element:
        self.kept.scopes = list(texts(body, "Scopes"))
        return make("tds:SetScopesResponse")

    def _host_name(self, _: Element) -> Element:
        told = make("tds:HostnameInformation", make("tt:FromDHCP", "false"), make("tt:Name", self.kept.host_name))
        return make("tds:GetHostnameResponse", told)

    def _set_host_name(self, body: Element) -> Element:
        self.kept.host_name = text(body, "Name") or ""
        return make("tds:SetHostnameResponse")

    def _reboot(self, _: Element) -> Element:
        self.kept.restarts += 1
        return make("tds:SystemRebootResponse", make("tds:Message", "see you"))


_OPERATIONS = (
    *("tr2:GetProfiles", "tr2:GetVideoEncoderConfigurationOptions", "tr2:SetVideoEncoderConfiguration"),
    *("tr2:GetAudioEncoderConfigurationOptions", "tr2:SetAudioEncoderConfiguration"),
    *("timg:GetImagingSettings", "timg:GetOptions", "timg:SetImagingSettings"),
    *("tr2:GetOSDs", "tr2:GetOSDOptions", "tr2:CreateOSD", "tr2:SetOSD", "tr2:DeleteOSD"),
    *("tr2:GetMasks", "tr2:GetMaskOptions", "tr2:CreateMask", "tr2:SetMask", "tr2:DeleteMask"),
    *("tds:GetSystemDateAndTime", "tds:SetSystemDateAndTime", "tds:GetNTP", "tds:SetNTP"),
    *("tds:GetScopes", "tds:SetScopes", "tds:GetHostname", "tds:SetHostname", "tds:SystemReboot"),
)


def _held(body: Element, name: str) -> Element:
    found = child(body, name)
    assert found is not None
    return found


def _codec(encoding: str, rates: str, profiles: str) -> Element:
    sizes = (Size(width=1920, height=1080), Size(width=640, height=360))
    return make(
        "tr2:Options",
        make("tt:Encoding", encoding),
        write_range("tt:QualityRange", Range(low=1.0, high=5.0)),
        *(write_size("tt:ResolutionsAvailable", size) for size in sizes),
        write_range("tt:BitrateRange", Range(low=100, high=8192)),
        GovLengthRange="1 100",
        FrameRatesSupported=rates,
        ProfilesSupported=profiles,
        ConstantBitRateSupported=spelt(True),
    )
