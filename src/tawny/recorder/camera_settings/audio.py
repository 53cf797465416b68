"""The encoder of the microphone's sound."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tawny.recorder.camera_settings.model import Choice, Field, Part, Value, choice_field
from tawny.recorder.camera_settings.sections import Reading, Section, asked
from tawny.wire.onvif.encoders import AudioEncoder, AudioEncoderOptions

_CODECS = {
    "G711": "G.711",
    "PCMU": "G.711 µ-law",
    "PCMA": "G.711 A-law",
    "G726": "G.726",
    "AAC": "AAC",
    "MP4A-LATM": "AAC",
    "OPUS": "Opus",
}
_HINT = "How the camera encodes sound. Whether it is recorded is switched in the camera's settings here."


async def read(reading: Reading) -> list[Section]:
    """The section of the main stream's sound, where it has any."""
    profile = await reading.main()
    encoder = None if profile is None else profile.audio_encoder
    if encoder is None:
        return []
    options = await asked(reading.device, reading.calls.get_audio_encoder_options(configuration=encoder.token), ())

    async def write(values: Mapping[str, Value]) -> None:
        await reading.device.call(reading.calls.set_audio_encoder(changed(encoder, values, options)))

    part = Part(id="audio", title="Sound", hint=_HINT, fields=fields(encoder, options))
    return [Section(part=part, write=write, key=f"audio {encoder.token}")]


def fields(encoder: AudioEncoder, options: Sequence[AudioEncoderOptions]) -> tuple[Field, ...]:
    """The fields of an encoder of sound."""
    here = options_of(encoder.encoding, options)
    codecs = [Choice(value=each.encoding, title=_CODECS.get(each.encoding, each.encoding)) for each in options]
    listed = list({codec.value: codec for codec in codecs}.values())
    found = [choice_field("encoding", "Codec", encoder.encoding, listed)]
    if encoder.bitrate_kbps is not None:
        found.append(_numbers("bitrate", "Bit rate", encoder.bitrate_kbps, here.bitrates_kbps, unit="kbit/s"))
    if encoder.sample_rate is not None:
        found.append(_numbers("sample_rate", "Sample rate", encoder.sample_rate, here.sample_rates, unit="Hz"))
    return tuple(field if options else replace(field, locked=True) for field in found)


def options_of(encoding: str, options: Sequence[AudioEncoderOptions]) -> AudioEncoderOptions:
    """What the encoder can do in *encoding*; nothing where it does not tell."""
    return next((each for each in options if each.encoding == encoding), AudioEncoderOptions(encoding=encoding))


def _numbers(field_id: str, title: str, value: float, offered: Sequence[float], *, unit: str) -> Field:
    choices = [Choice(value=each, title=f"{each} {unit}") for each in sorted(set(offered))]
    return choice_field(field_id, title, value, choices)


def changed(encoder: AudioEncoder, values: Mapping[str, Value], options: Sequence[AudioEncoderOptions]) -> AudioEncoder:
    """The encoder with *values*; what another codec can't do becomes the nearest that it can."""
    encoding, bitrate, rate = values.get("encoding"), values.get("bitrate"), values.get("sample_rate")
    became = replace(
        encoder,
        encoding=encoding if isinstance(encoding, str) else encoder.encoding,
        bitrate_kbps=int(bitrate) if isinstance(bitrate, int | float) else encoder.bitrate_kbps,
        sample_rate=int(rate) if isinstance(rate, int | float) else encoder.sample_rate,
    )
    if became.encoding == encoder.encoding:
        return became
    here = options_of(became.encoding, options)
    return replace(
        became,
        bitrate_kbps=_nearest(became.bitrate_kbps, here.bitrates_kbps),
        sample_rate=_nearest(became.sample_rate, here.sample_rates),
    )


def _nearest(value: int | None, offered: Sequence[int]) -> int | None:
    return min(offered, key=lambda each: abs(each - (value or 0))) if offered else value
