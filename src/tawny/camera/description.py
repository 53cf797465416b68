"""What a clip looks like in a session description."""

import base64

from tawny.camera.sources import Clip
from tawny.wire import h26x
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK, AudioCodec, AudioFormat, VideoCodec, VideoFormat
from tawny.wire.sdp import MediaDescription

METADATA_TRACK = 3
METADATA_CLOCK = 90_000
CONTROLS = {VIDEO_TRACK: "track=1", AUDIO_TRACK: "track=2", METADATA_TRACK: "track=3"}
BACKCHANNEL_CONTROL = "track=4"
_G711 = {AudioCodec.PCMU: 0, AudioCodec.PCMA: 8}  # RFC 3551, table 4


def media_of(clip: Clip) -> dict[int, MediaDescription]:
    """The clip's media by track."""
    media = {VIDEO_TRACK: _video(clip.video)}
    if clip.audio is not None:
        media[AUDIO_TRACK] = _audio(clip.audio)
    return media


def metadata_medium() -> MediaDescription:
    """The track of metadata documents (ONVIF Streaming, 5.2.1.1)."""
    return MediaDescription(
        kind="application",
        payload_type=98,
        encoding="vnd.onvif.metadata",
        clock_rate=METADATA_CLOCK,
        control=CONTROLS[METADATA_TRACK],
        direction="recvonly",
    )


def backchannel_medium() -> MediaDescription:
    """The track of sound that goes to the loudspeaker (ONVIF Streaming, 5.3.1)."""
    return MediaDescription(
        kind="audio",
        payload_type=_G711[AudioCodec.PCMU],
        encoding="PCMU",
        clock_rate=8000,
        channels=1,
        control=BACKCHANNEL_CONTROL,
        direction="sendonly",
    )


def _video(form: VideoFormat) -> MediaDescription:
    return MediaDescription(
        kind="video",
        payload_type=96,
        encoding=form.codec.upper(),
        clock_rate=form.timescale,
        fmtp=_h264_parameters(form) if form.codec is VideoCodec.H264 else _h265_parameters(form),
        control=CONTROLS[VIDEO_TRACK],
        direction="recvonly",
    )


def _h264_parameters(form: VideoFormat) -> dict[str, str]:
    """RFC 6184, 8.1; profile, constraints and level are the SPS's bytes 1 to 3."""
    return {
        "packetization-mode": "1",
        "profile-level-id": form.parameter_sets[0][1:4].hex().upper(),
        "sprop-parameter-sets": ",".join(map(_encoded, form.parameter_sets)),
    }


def _h265_parameters(form: VideoFormat) -> dict[str, str]:
    """RFC 7798, 7.1."""
    names = {h26x.H265_VPS: "sprop-vps", h26x.H265_SPS: "sprop-sps", h26x.H265_PPS: "sprop-pps"}
    return {
        name: ",".join(_encoded(nal) for nal in form.parameter_sets if h26x.nal_type(form.codec, nal) == kind)
        for kind, name in names.items()
    }


def _audio(form: AudioFormat) -> MediaDescription:
    aac = form.codec is AudioCodec.AAC
    return MediaDescription(
        kind="audio",
        payload_type=97 if aac else _G711[form.codec],
        encoding="MPEG4-GENERIC" if aac else form.codec.upper(),
        clock_rate=form.sample_rate,
        channels=form.channels,
        fmtp=_aac_parameters(form) if aac else {},
        control=CONTROLS[AUDIO_TRACK],
        direction="recvonly",
    )


def _aac_parameters(form: AudioFormat) -> dict[str, str]:
    """RFC 3640, 3.3.6 (AAC-hbr)."""
    return {
        "streamtype": "5",
        "profile-level-id": "1",
        "mode": "AAC-hbr",
        "sizelength": "13",
        "indexlength": "3",
        "indexdeltalength": "3",
        "config": form.config.hex().upper(),
    }


def _encoded(nal: bytes) -> str:
    return base64.b64encode(nal).decode()
