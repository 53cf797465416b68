"""Which of a device's profiles are one camera's main and sub stream: pure decisions."""

from collections.abc import Iterable, Sequence

from tawny.recorder.adding.model import Channel, ReportedStream
from tawny.wire.onvif.encoders import VideoEncoder
from tawny.wire.onvif.profiles import Profile

SUB_PIXELS = 1280 * 720  # a sub stream is for small pictures and for detection: no larger one is wanted
MOST_KBPS = 1_000_000
_CODECS = {"H264": "h264", "H265": "h265", "HEVC": "h265", "JPEG": "mjpeg", "MPEG4": "mpeg4", "MPV4ES": "mpeg4"}
_SOUNDS = {
    "AAC": "aac",
    "MP4ALATM": "aac",
    "MPEG4GENERIC": "aac",
    "G711": "g711",
    "PCMU": "pcmu",
    "PCMA": "pcma",
    "OPUS": "opus",
    "G726": "g726",
}
_RECORDED = ("h264", "h265", "mjpeg")  # the best first: what any browser plays
SOUNDS_RECORDED = frozenset({"aac", "pcmu", "pcma", "g711", "opus"})


def codec_name(written: str) -> str:
    """A camera's word for a codec of pictures, as we say it."""
    return _CODECS.get(_plain(written), written.lower())


def sound_name(written: str) -> str:
    """A camera's word for a codec of sound, as we say it."""
    return _SOUNDS.get(_plain(written), written.lower())


def _plain(written: str) -> str:
    return written.upper().translate({ord(mark): None for mark in ".-_ "})


def recorded(codec: str) -> bool:
    """Whether we can record that codec of pictures; an unknown word may be anything."""
    return codec in _RECORDED or not codec


def grouped(profiles: Iterable[Profile]) -> list[Channel]:
    """The channels that *profiles* show, each with its main and sub stream (their addresses are not known yet)."""
    by_source: dict[str, list[Profile]] = {}
    for profile in profiles:
        if profile.video_encoder is not None or profile.video_source is not None:
            by_source.setdefault(profile.video_source.source if profile.video_source else "", []).append(profile)
    several = len(by_source) > 1
    return [
        _channel(token, group, f"Channel {number}" if several else "")
        for number, (token, group) in enumerate(by_source.items(), 1)
    ]


def _channel(token: str, profiles: Sequence[Profile], name: str) -> Channel:
    main = main_profile(profiles)
    sub = sub_profile(profiles, main)
    return Channel(
        channel=token,
        name=name,
        main=reported(main),
        sub=None if sub is None else reported(sub),
        ptz=any(profile.ptz is not None for profile in profiles),
    )


def main_profile(profiles: Sequence[Profile]) -> Profile:
    """The largest picture that we can record; of equal ones the first, which cameras list so for a reason."""
    usable = [profile for profile in profiles if _rank(profile) < len(_RECORDED)] or list(profiles)
    return max(usable, key=lambda profile: (_pixels(profile), -_rank(profile)))


def sub_profile(profiles: Sequence[Profile], main: Profile) -> Profile | None:
    """A smaller picture by another encoder: the largest of at most 720p, else the smallest; None where there is none."""
    smaller = [
        profile
        for profile in profiles
        if _encoder(profile) != _encoder(main) and _pixels(profile) < _pixels(main) and _rank(profile) < len(_RECORDED)
    ]
    moving = [profile for profile in smaller if _rank(profile) < _RECORDED.index("mjpeg")] or smaller
    fitting = [profile for profile in moving if _pixels(profile) <= SUB_PIXELS]
    if fitting:
        return max(fitting, key=lambda profile: (_pixels(profile), -_rank(profile)))
    return min(moving, key=_pixels, default=None)


def reported(profile: Profile) -> ReportedStream:
    """What *profile* states."""
    encoder = profile.video_encoder
    audio = sound_name(profile.audio_encoder.encoding) if profile.audio_encoder else None
    if encoder is None:
        return ReportedStream(profile=profile.token, uri="", audio=audio)
    return ReportedStream(
        profile=profile.token,
        uri="",
        codec=codec_name(encoder.encoding),
        width=encoder.size.width if encoder.size else None,
        height=encoder.size.height if encoder.size else None,
        fps=encoder.frame_rate,
        bits_per_second=_bits_per_second(encoder),
        key_frame_s=key_frame_s(encoder),
        audio=audio,
    )


def _bits_per_second(encoder: VideoEncoder) -> int | None:
    """The limit; None where it is none (Axis writes the largest integer that there is)."""
    kbps = encoder.bitrate_kbps
    return kbps * 1000 if kbps is not None and 0 < kbps < MOST_KBPS else None


def key_frame_s(encoder: VideoEncoder) -> float | None:
    """The time from key frame to key frame; None where the camera does not tell enough."""
    if not encoder.gov_length or not encoder.frame_rate or encoder.gov_length < 0 or encoder.frame_rate <= 0:
        return None
    return round(encoder.gov_length * (encoder.encoding_interval or 1) / encoder.frame_rate, 2)


def _rank(profile: Profile) -> int:
    codec = codec_name(profile.video_encoder.encoding) if profile.video_encoder else ""
    return _RECORDED.index(codec) if codec in _RECORDED else len(_RECORDED)


def _pixels(profile: Profile) -> int:
    size = profile.video_encoder.size if profile.video_encoder else None
    return size.width * size.height if size else 0


def _encoder(profile: Profile) -> str:
    return profile.video_encoder.token if profile.video_encoder else profile.token
