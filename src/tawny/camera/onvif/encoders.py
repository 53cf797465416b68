"""How the streams are encoded, and what clients can have changed of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tawny.camera.onvif.dispatch import refusal
from tawny.camera.onvif.head import Head
from tawny.camera.onvif.model import Channel, Stream, frame_rate, video_encoder
from tawny.camera.onvif.views import Coding
from tawny.wire.media import VideoCodec
from tawny.wire.onvif.encoders import VideoEncoder, VideoEncoderOptions
from tawny.wire.onvif.geometry import Range, Size

_CODECS = {"H264": VideoCodec.H264, "H265": VideoCodec.H265}
_STEPS = (1, 2, 5)  # one picture of so many is sent
_SIZES = (Size(width=1280, height=720), Size(width=640, height=360))
_BITRATE = Range(low=64, high=8000)  # kbit/s
_LONGEST_GROUP_S = 4
_QUALITY = Range(low=5.0, high=5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Encoder:
    """One encoder: *usual* is what it does while nobody has it changed; without a *head* it does nothing else."""

    stream: Stream
    head: Head | None
    usual: VideoEncoder


class Encoders:
    """The encoders of all channels by token.

    Invariant: what `figures` says was asked for by a client, or is so of itself; what is sent follows when it is
    encoded.
    """

    def __init__(self, channels: Sequence[Channel], heads: Mapping[str, Head]) -> None:
        self._channels = channels
        self._heads = heads

    def figures(self, encoder: VideoEncoder) -> VideoEncoder:
        """The encoder as it was set."""
        found = self._known(encoder.token)
        coding = found.head.coding(found.stream.name) if found.head is not None else None
        usual = found.usual
        if coding is None:
            return usual
        return replace(
            usual,
            encoding=next(name for name, codec in _CODECS.items() if codec is coding.codec),
            size=Size(width=coding.width, height=coding.height),
            frame_rate=_rate(found, coding.step),
            bitrate_kbps=coding.bitrate // 1000,
            gov_length=coding.group,
            codec_profile=usual.codec_profile if coding.codec is VideoCodec.H264 else "Main",
        )

    def options(self, token: str) -> list[VideoEncoderOptions]:
        """What the encoder can be set to, one for each codec."""
        found = self._known(token)
        usual = found.usual
        bitrate, group = usual.bitrate_kbps or 1, usual.gov_length or 1
        fixed = VideoEncoderOptions(
            encoding=usual.encoding,
            sizes=(usual.size or Size(width=0, height=0),),
            quality=_QUALITY,
            frame_rates=(usual.frame_rate or 1.0,),
            bitrate_kbps=Range(low=bitrate, high=bitrate),
            gov_length=Range(low=group, high=group),
            codec_profiles=(usual.codec_profile or "Main",),
            constant_bitrate=False,
        )
        if found.head is None:
            return [fixed]
        longest = max(group, round(_LONGEST_GROUP_S * (usual.frame_rate or 1)))
        h264 = replace(
            fixed,
            sizes=_sizes(usual),
            frame_rates=tuple(_rate(found, step) for step in _STEPS),
            bitrate_kbps=Range(low=min(_BITRATE.low, bitrate), high=max(_BITRATE.high, bitrate)),
            gov_length=Range(low=1, high=longest),
        )
        return [h264, replace(h264, encoding="H265", codec_profiles=("Main",))]

    def set(self, token: str, wish: VideoEncoder) -> bool:
        """Encode as wished, as near as that can be; whether anything changes.

        What is no codec of the encoder is refused; a client that writes its defaults (Axxon) gets what there is.
        """
        found = self._known(token)
        options = next((each for each in self.options(token) if each.encoding == wish.encoding), None)
        if options is None:
            raise refusal("InvalidArgVal", "ConfigModify", reason="This encoder has no such codec.")
        now = self.figures(found.usual)
        coding = _coding(found, wish, now, options)
        if found.head is None or (wish.encoding == now.encoding and coding == _coding(found, now, now, options)):
            return False
        found.head.encode(found.stream.name, coding)
        return True

    def _known(self, token: str) -> _Encoder:
        for channel in self._channels:
            for stream in channel.streams:
                if token == f"{channel.token}-{stream.name}-video":
                    usual = video_encoder(token, stream.original)
                    return _Encoder(stream=stream, head=self._heads.get(channel.token), usual=usual)
        raise refusal("InvalidArgVal", "NoConfig", reason="There is no such configuration.")


def _sizes(usual: VideoEncoder) -> tuple[Size, ...]:
    """The picture's own size, and those that are smaller."""
    own = usual.size or Size(width=0, height=0)
    return (own, *(size for size in _SIZES if size.width < own.width and size.height < own.height))


def _rate(encoder: _Encoder, step: int) -> float:
    return round(frame_rate(encoder.stream.original) / step, 2)


def _coding(encoder: _Encoder, wish: VideoEncoder, now: VideoEncoder, options: VideoEncoderOptions) -> Coding:
    """The coding that is nearest to the wish; what it does not say stays."""
    rate = wish.frame_rate or now.frame_rate or 1.0
    size = wish.size or now.size or options.sizes[0]
    near = min(options.sizes, key=lambda each: abs(each.width * each.height - size.width * size.height))
    bitrate, group = options.bitrate_kbps or _BITRATE, options.gov_length or Range(low=1, high=1)
    return Coding(
        codec=_CODECS[options.encoding],
        width=near.width,
        height=near.height,
        step=min(_STEPS, key=lambda step: abs(_rate(encoder, step) - rate)),
        group=int(group.clamped(wish.gov_length or now.gov_length or 1)),
        bitrate=1000 * int(bitrate.clamped(wish.bitrate_kbps or now.bitrate_kbps or 1)),
    )
