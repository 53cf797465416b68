"""Video encoders of the main and the sub stream: codec, size, rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tawny.recorder.camera_settings.model import Choice, Field, FieldKind, Part, Value, choice_field
from tawny.recorder.camera_settings.sections import Reading, Section, asked
from tawny.wire.onvif.encoders import VideoEncoder, VideoEncoderOptions
from tawny.wire.onvif.geometry import Range, Size
from tawny.wire.onvif.profiles import Profile

CODECS = {
    "H264": "H.264",
    "H265": "H.265",
    "JPEG": "MJPEG",
    "MPEG4": "MPEG-4",
    "MPV4-ES": "MPEG-4",
}
_MEDIA = {"JPEG", "MPEG4", "H264"}  # the codecs that Media can write (its schema, VideoEncoding)
_UNLIMITED = 2**31 - 1  # how Axis spells that there is no limit
_TITLES = {"main": "Main stream", "sub": "Second stream"}
_RATE_CONTROL = (
    Choice(value="constant", title="Constant (CBR)"),
    Choice(value="variable", title="Variable (VBR)"),
)


async def read(reading: Reading) -> list[Section]:
    """The sections of the streams that are used; an encoder that both share is told once."""
    found: list[Section] = []
    seen: set[str] = set()
    for name, token in (("main", reading.source.main_profile), ("sub", reading.source.sub_profile)):
        profile = await reading.profile(token) if token else None
        if profile is None or profile.video_encoder is None or profile.video_encoder.token in seen:
            continue
        seen.add(profile.video_encoder.token)
        found.append(await _section(reading, name, profile.video_encoder, profile))
    return found


async def _section(reading: Reading, name: str, encoder: VideoEncoder, profile: Profile) -> Section:
    asking = reading.calls.get_video_encoder_options(configuration=encoder.token)
    options = await asked(reading.device, asking, ())
    if not reading.second:
        options = tuple(each for each in options if each.encoding in _MEDIA)

    async def write(values: Mapping[str, Value]) -> None:
        await reading.device.call(reading.calls.set_video_encoder(changed(encoder, values, options)))

    called = f"The camera calls it “{profile.name}”." if profile.name else ""
    part = Part(id=f"video.{name}", title=_TITLES[name], hint=called, fields=fields(encoder, options))
    return Section(part=part, write=write, key=f"encoder {encoder.token}")


def fields(encoder: VideoEncoder, options: Sequence[VideoEncoderOptions]) -> tuple[Field, ...]:
    """The fields of an encoder, as far as the camera tells them."""
    here = options_of(encoder.encoding, options)
    codecs = [Choice(value=each.encoding, title=CODECS.get(each.encoding, each.encoding)) for each in options]
    sizes = [_size_choice(size) for size in sorted(set(here.sizes), key=lambda s: (-s.width * s.height, -s.width))]
    found = [
        choice_field("encoding", "Codec", encoder.encoding, codecs),
        None if encoder.size is None else choice_field("size", "Size", spelt_size(encoder.size), sizes),
        _frame_rate(encoder, here),
        _number("bitrate", "Bit rate, at most", encoder.bitrate_kbps, here.bitrate_kbps, unit="kbit/s"),
        _rate_control(encoder, here),
        _key_frames(encoder, here),
        _number("quality", "Quality", encoder.quality, here.quality),
        _codec_profile(encoder, here),
    ]
    return tuple(field if options else replace(field, locked=True) for field in found if field is not None)


def options_of(encoding: str, options: Sequence[VideoEncoderOptions]) -> VideoEncoderOptions:
    """What the encoder can do in *encoding*; nothing where it does not tell."""
    return next((each for each in options if each.encoding == encoding), VideoEncoderOptions(encoding=encoding))


def spelt_size(size: Size) -> str:
    return f"{size.width}x{size.height}"


def _size_choice(size: Size) -> Choice:
    return Choice(value=spelt_size(size), title=f"{size.width} × {size.height}")


def _frame_rate(encoder: VideoEncoder, options: VideoEncoderOptions) -> Field | None:
    if encoder.frame_rate is None:
        return None
    if options.frame_rates:
        rates = [
            Choice(value=_plain(rate), title=f"{rate:g} fps") for rate in sorted(options.frame_rates, reverse=True)
        ]
        return choice_field("frame_rate", "Frame rate", _plain(encoder.frame_rate), rates)
    return _number("frame_rate", "Frame rate", encoder.frame_rate, options.frame_rate, unit="fps")


def _key_frames(encoder: VideoEncoder, options: VideoEncoderOptions) -> Field | None:
    field = _number("key_frames", "Key frame every", encoder.gov_length, options.gov_length, unit="frames")
    if field is None or not encoder.gov_length or not encoder.frame_rate:
        return field
    return replace(field, hint=f"Now every {encoder.gov_length / encoder.frame_rate:.1f} s; 2 s or less is best.")


def _rate_control(encoder: VideoEncoder, options: VideoEncoderOptions) -> Field | None:
    if not options.constant_bitrate or encoder.constant_bitrate is None:
        return None
    value = "constant" if encoder.constant_bitrate else "variable"
    return choice_field("rate_control", "Rate control", value, _RATE_CONTROL)


def _codec_profile(encoder: VideoEncoder, options: VideoEncoderOptions) -> Field | None:
    if encoder.codec_profile is None or len(options.codec_profiles) < 2:
        return None
    profiles = [Choice(value=each, title=each) for each in options.codec_profiles]
    return choice_field("codec_profile", "Profile of the codec", encoder.codec_profile, profiles)


def _number(field_id: str, title: str, value: float | None, given: Range | None, *, unit: str = "") -> Field | None:
    if value is None:
        return None
    free = value >= _UNLIMITED
    if given is not None and given.low == given.high:
        return Field(
            id=field_id, title=title, kind=FieldKind.NUMBER, value=_plain(value), unit=unit, step=1, locked=True
        )
    return Field(
        id=field_id,
        title=title,
        kind=FieldKind.NUMBER,
        value=None if free else _plain(value),
        least=None if given is None else _plain(given.low),
        most=None if given is None or given.high >= _UNLIMITED else _plain(given.high),
        step=1,
        unit=unit,
        hint="The camera has no limit now." if free else "",
    )


def _plain(number: float) -> float:
    """Whole numbers as such, so that JSON writes no fraction."""
    return int(number) if number == int(number) else number


def changed(encoder: VideoEncoder, values: Mapping[str, Value], options: Sequence[VideoEncoderOptions]) -> VideoEncoder:
    """The encoder with *values*; what another codec can't do is fitted to it."""
    wanted = _Wanted(values)
    became = replace(
        encoder,
        encoding=wanted.text("encoding", encoder.encoding),
        size=_size(wanted.text("size", "")) or encoder.size,
        frame_rate=wanted.number("frame_rate", encoder.frame_rate),
        bitrate_kbps=_whole(wanted.number("bitrate", encoder.bitrate_kbps)),
        gov_length=_whole(wanted.number("key_frames", encoder.gov_length)),
        quality=wanted.number("quality", encoder.quality),
        codec_profile=wanted.text("codec_profile", encoder.codec_profile or "") or None,
    )
    if "rate_control" in values:
        became = replace(became, constant_bitrate=values["rate_control"] == "constant")
    return became if became.encoding == encoder.encoding else _fitted(became, options_of(became.encoding, options))


def _fitted(encoder: VideoEncoder, options: VideoEncoderOptions) -> VideoEncoder:
    rates = options.frame_rates
    rate = encoder.frame_rate
    if rates and rate is not None:
        wished = rate
        rate = min(rates, key=lambda each: abs(each - wished))
    profile = encoder.codec_profile
    if options.codec_profiles and profile not in options.codec_profiles:
        profile = options.codec_profiles[0]
    return replace(
        encoder,
        size=_nearest(encoder.size, options.sizes),
        frame_rate=_clamped(rate, options.frame_rate),
        bitrate_kbps=_whole(_clamped(encoder.bitrate_kbps, options.bitrate_kbps)),
        gov_length=_whole(_clamped(encoder.gov_length, options.gov_length)),
        quality=_clamped(encoder.quality, options.quality),
        codec_profile=profile,
    )


def _nearest(size: Size | None, sizes: Sequence[Size]) -> Size | None:
    if size is None or not sizes or size in sizes:
        return size
    return min(sizes, key=lambda each: abs(each.width * each.height - size.width * size.height))


def _clamped(value: float | None, given: Range | None) -> float | None:
    return value if value is None or given is None else given.clamped(value)


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _size(written: str) -> Size | None:
    width, cross, height = written.partition("x")
    return Size(width=int(width), height=int(height)) if cross and width.isdigit() and height.isdigit() else None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Values of fields with the types that their fields have."""

    values: Mapping[str, Value]

    def text(self, field_id: str, default: str) -> str:
        value = self.values.get(field_id, default)
        return value if isinstance(value, str) else default

    def number(self, field_id: str, default: float | None) -> float | None:
        value = self.values.get(field_id, default)
        return value if isinstance(value, int | float) else default
