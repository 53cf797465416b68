"""Encoders of pictures and of sound, and what they can do: the same values for Media and Media2.

Readers take either service's element; writers are apart where the schemas are.
"""

from dataclasses import dataclass

from tawny.wire.onvif.configurations import (
    Configuration,
    Multicast,
    read_multicast,
    read_token,
    write_entity,
    write_multicast,
)
from tawny.wire.onvif.elements import (
    Element,
    child,
    children,
    duration_s,
    fields,
    flag,
    integer,
    make,
    maybe,
    number,
    number_of,
    spelt,
    spelt_duration,
    text,
    texts,
    words,
)
from tawny.wire.onvif.geometry import Range, Size, read_range, read_sizes, size_of, write_size

_KHZ = {11: 11_025, 22: 22_050, 44: 44_100, 88: 88_200}  # what kilohertz rounded down


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoEncoder(Configuration):
    """How pictures are encoded.

    *encoding* is the camera's word: JPEG, H264, H265, MPEG4 or "MPV4-ES", or one of its own. *gov_length* is the
    distance of key frames in frames; *codec_profile* is Main, High, ...; *encoding_interval* (Media only) 2 means that
    every second frame is encoded; *constant_bitrate* is Media2's.
    """

    encoding: str
    size: Size | None = None
    quality: float | None = None
    frame_rate: float | None = None
    bitrate_kbps: int | None = None
    encoding_interval: int | None = None
    gov_length: int | None = None
    codec_profile: str | None = None
    constant_bitrate: bool | None = None
    guaranteed_frame_rate: bool | None = None
    multicast: Multicast | None = None
    session_timeout_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioEncoder(Configuration):
    """How sound is encoded; *encoding* is the camera's word: G711, G726, AAC, or in Media2 PCMU, PCMA, MP4A-LATM."""

    encoding: str
    bitrate_kbps: int | None = None
    sample_rate: int | None = None  # Hz
    multicast: Multicast | None = None
    session_timeout_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoEncoderOptions:
    """What an encoder can do in one encoding; *frame_rates* (Media2) or *frame_rate* (Media) is given, seldom both."""

    encoding: str
    sizes: tuple[Size, ...] = ()
    quality: Range | None = None
    frame_rate: Range | None = None
    frame_rates: tuple[float, ...] = ()
    bitrate_kbps: Range | None = None
    gov_length: Range | None = None
    encoding_interval: Range | None = None
    codec_profiles: tuple[str, ...] = ()
    constant_bitrate: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioEncoderOptions:
    """What an encoder of sound can do in one encoding."""

    encoding: str
    bitrates_kbps: tuple[int, ...] = ()
    sample_rates: tuple[int, ...] = ()  # Hz


def read_video_encoder(element: Element) -> VideoEncoder:
    """Read the encoder of either service: Media puts key frames and profile into an element per codec."""
    held = fields(element)
    codec = next((held[name] for name in ("H264", "H265", "MPEG4") if name in held), None)
    rate = fields(held.get("RateControl"))
    gov_length = integer(element, "@GovLength")
    return VideoEncoder(
        token=read_token(element),
        name=text(held.get("Name")) or "",
        use_count=integer(held.get("UseCount")) or 0,
        encoding=text(held.get("Encoding")) or "",
        size=size_of(held.get("Resolution")),
        quality=number(held.get("Quality")),
        frame_rate=number(rate.get("FrameRateLimit")),
        bitrate_kbps=integer(rate.get("BitrateLimit")),
        encoding_interval=integer(rate.get("EncodingInterval")),
        gov_length=integer(codec, "GovLength") if gov_length is None else gov_length,
        codec_profile=text(element, "@Profile") or _codec_profile(codec),
        constant_bitrate=flag(held.get("RateControl"), "@ConstantBitRate"),
        guaranteed_frame_rate=flag(element, "@GuaranteedFrameRate"),
        multicast=read_multicast(element),
        session_timeout_s=duration_s(held.get("SessionTimeout")),
    )


def _codec_profile(codec: Element | None) -> str | None:
    return text(codec, "H264Profile") or text(codec, "H265Profile") or text(codec, "Mpeg4Profile")


def read_audio_encoder(element: Element) -> AudioEncoder:
    held = fields(element)
    return AudioEncoder(
        token=read_token(element),
        name=text(held.get("Name")) or "",
        use_count=integer(held.get("UseCount")) or 0,
        encoding=text(held.get("Encoding")) or "",
        bitrate_kbps=integer(held.get("Bitrate")),
        sample_rate=hertz(integer(held.get("SampleRate"))),
        multicast=read_multicast(element),
        session_timeout_s=duration_s(held.get("SessionTimeout")),
    )


def hertz(given: int | None) -> int | None:
    """A sample rate in Hz: the schema says kHz, some cameras write Hz."""
    if given is None or given <= 0:
        return None
    return given if given >= 1000 else _KHZ.get(given, given * 1000)


def read_video_encoder_options(answer: Element) -> tuple[VideoEncoderOptions, ...]:
    """What Media's options say, one value an encoding; bitrates stand in an extension of the same name."""
    options = child(answer, "Options")
    holders = [child(options, path) for path in ("Extension/Extension", "Extension")]
    known = ("JPEG", "MPEG4", "H264", "H265")
    return tuple(
        _video_encoder_options(name, options, [*(child(holder, name) for holder in holders), child(options, name)])
        for name in known
        if any(child(holder, name) is not None for holder in (options, *holders))
    )


def _video_encoder_options(encoding: str, options: Element | None, places: list[Element | None]) -> VideoEncoderOptions:
    def ranged(name: str) -> Range | None:
        return next((found for place in places if (found := read_range(place, name)) is not None), None)

    profiles = [texts(place, f"{name}ProfilesSupported") for place in places for name in ("H264", "H265", "Mpeg4")]
    return VideoEncoderOptions(
        encoding=encoding,
        sizes=next((found for place in places if (found := read_sizes(place, "ResolutionsAvailable"))), ()),
        quality=read_range(options, "QualityRange"),
        frame_rate=ranged("FrameRateRange"),
        bitrate_kbps=ranged("BitrateRange"),
        gov_length=ranged("GovLengthRange"),
        encoding_interval=ranged("EncodingIntervalRange"),
        codec_profiles=next((found for found in profiles if found), ()),
    )


def read_video_encoder_options2(answer: Element) -> tuple[VideoEncoderOptions, ...]:
    """What Media2's options say, one value an encoding."""
    return tuple(
        VideoEncoderOptions(
            encoding=text(each, "Encoding") or "",
            sizes=read_sizes(each, "ResolutionsAvailable"),
            quality=read_range(each, "QualityRange"),
            frame_rates=tuple(sorted(_numbers(each, "@FrameRatesSupported"))),
            bitrate_kbps=read_range(each, "BitrateRange"),
            gov_length=_spanned(_numbers(each, "@GovLengthRange")),
            codec_profiles=words(each, "@ProfilesSupported"),
            constant_bitrate=flag(each, "@ConstantBitRateSupported"),
        )
        for each in children(answer, "Options")
    )


def read_audio_encoder_options(answer: Element) -> tuple[AudioEncoderOptions, ...]:
    """What either service's options say: Media wraps each encoding in one more element of the same name."""
    listed = children(answer, "Options/Options") or children(answer, "Options")
    return tuple(
        AudioEncoderOptions(
            encoding=text(each, "Encoding") or "",
            bitrates_kbps=tuple(int(n) for n in _items(each, "BitrateList")),
            sample_rates=tuple(rate for n in _items(each, "SampleRateList") if (rate := hertz(int(n))) is not None),
        )
        for each in listed
        if text(each, "Encoding")
    )


def _items(element: Element, name: str) -> list[float]:
    return _numbers(element, f"{name}/Items")


def _numbers(element: Element, path: str) -> list[float]:
    return [found for word in words(element, path) if (found := number_of(word)) is not None]


def _spanned(numbers: list[float]) -> Range | None:
    return Range(low=min(numbers), high=max(numbers)) if numbers else None


def write_video_encoder(name: str, value: VideoEncoder) -> Element:
    """An encoder of Media."""
    return make(
        name,
        *write_entity(value),
        make("tt:Encoding", value.encoding),
        write_size("tt:Resolution", value.size or Size(width=0, height=0)),
        make("tt:Quality", spelt(value.quality or 0.0)),
        _rate_control(value),
        _codec(value),
        write_multicast(value.multicast),
        make("tt:SessionTimeout", spelt_duration(value.session_timeout_s or 60)),
        token=value.token,
        GuaranteedFrameRate=maybe(value.guaranteed_frame_rate),
    )


def _rate_control(value: VideoEncoder) -> Element | None:
    if value.frame_rate is None and value.bitrate_kbps is None:
        return None
    return make(
        "tt:RateControl",
        make("tt:FrameRateLimit", spelt(round(value.frame_rate or 0))),
        make("tt:EncodingInterval", spelt(value.encoding_interval or 1)),
        make("tt:BitrateLimit", spelt(value.bitrate_kbps or 0)),
    )


def _codec(value: VideoEncoder) -> Element | None:
    """Key frames and profile, in the element of their codec: Media knows two."""
    spelling = {"H264": ("tt:H264", "tt:H264Profile", "Main"), "MPEG4": ("tt:MPEG4", "tt:Mpeg4Profile", "SP")}
    if value.encoding not in spelling or value.gov_length is None:
        return None
    codec, profile, usual = spelling[value.encoding]
    return make(codec, make("tt:GovLength", str(value.gov_length)), make(profile, value.codec_profile or usual))


def write_video_encoder2(name: str, value: VideoEncoder) -> Element:
    """An encoder of Media2."""
    rate = None
    if value.frame_rate is not None or value.bitrate_kbps is not None:
        rate = make(
            "tt:RateControl",
            make("tt:FrameRateLimit", spelt(float(value.frame_rate or 0))),
            make("tt:BitrateLimit", spelt(value.bitrate_kbps or 0)),
            ConstantBitRate=maybe(value.constant_bitrate),
        )
    return make(
        name,
        *write_entity(value),
        make("tt:Encoding", value.encoding),
        write_size("tt:Resolution", value.size or Size(width=0, height=0)),
        rate,
        None if value.multicast is None else write_multicast(value.multicast),
        make("tt:Quality", spelt(value.quality or 0.0)),
        token=value.token,
        GovLength=maybe(value.gov_length),
        Profile=value.codec_profile,
        GuaranteedFrameRate=maybe(value.guaranteed_frame_rate),
    )


def write_audio_encoder(name: str, value: AudioEncoder) -> Element:
    """An encoder of Media."""
    return make(
        name,
        *write_entity(value),
        make("tt:Encoding", value.encoding),
        make("tt:Bitrate", spelt(value.bitrate_kbps or 0)),
        make("tt:SampleRate", spelt((value.sample_rate or 0) // 1000)),
        write_multicast(value.multicast),
        make("tt:SessionTimeout", spelt_duration(value.session_timeout_s or 60)),
        token=value.token,
    )


def write_audio_encoder2(name: str, value: AudioEncoder) -> Element:
    """An encoder of Media2."""
    return make(
        name,
        *write_entity(value),
        make("tt:Encoding", value.encoding),
        None if value.multicast is None else write_multicast(value.multicast),
        make("tt:Bitrate", spelt(value.bitrate_kbps or 0)),
        make("tt:SampleRate", spelt((value.sample_rate or 0) // 1000)),
        token=value.token,
    )
