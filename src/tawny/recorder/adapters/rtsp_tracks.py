"""What we take of a camera's session description, and what reads it."""

import logging
from collections.abc import Mapping, Sequence

from tawny.recorder.ingest.connection import AudioTrack
from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import failure
from tawny.wire.audio import aac_packing, audio_format_of_sdp, parse_audio_specific_config
from tawny.wire.depacketize.audio import AacDepacketizer, G711Depacketizer, OpusDepacketizer
from tawny.wire.depacketize.h264 import H264Depacketizer
from tawny.wire.depacketize.h265 import H265Depacketizer
from tawny.wire.depacketize.interleaved import InterleavedReceiver
from tawny.wire.depacketize.mjpeg import MjpegDepacketizer
from tawny.wire.depacketize.video import PictureDepacketizer, VideoDepacketizer
from tawny.wire.h26x import parameter_sets_of_fmtp
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK, AudioCodec, VideoCodec
from tawny.wire.rtsp.client import Playing, Track
from tawny.wire.sdp import MediaDescription, SessionDescription

_DEPACKETIZERS: Mapping[VideoCodec, type[VideoDepacketizer]] = {
    VideoCodec.H264: H264Depacketizer,
    VideoCodec.H265: H265Depacketizer,
}
_CODECS = {"H264": VideoCodec.H264, "H265": VideoCodec.H265, "JPEG": VideoCodec.MJPEG}

_log = logging.getLogger(__name__)


def wanted(description: SessionDescription, *, sound: bool) -> Sequence[MediaDescription]:
    """The video that we take, and its sound where that is wanted and can be kept; raises Failure."""
    videos = [media for media in description.media if media.kind == "video"]
    if not videos:
        raise failure(Trouble.NO_VIDEO)
    usable = (media for media in videos if media.encoding in _CODECS)
    video = min(usable, key=lambda media: media.encoding == "JPEG", default=None)  # the first, MJPEG for want of better
    if video is None:
        name = videos[0].encoding[:20] or "an unknown codec"
        raise failure(Trouble.CODEC, title=f"The camera sends {name}, which can't be recorded.")
    if video.fmtp.get("packetization-mode", "0") == "2" or video.fmtp.get("sprop-max-don-diff", "0") != "0":
        raise failure(Trouble.CODEC, title="The camera sends its packets out of order (interleaved mode).")
    audio = next((media for media in description.media if sound and _takes(media)), None)
    return [video, audio] if audio else [video]


def _takes(media: MediaDescription) -> bool:
    """Whether *media* is sound that we keep; "sendonly" is a loudspeaker's way back (ONVIF Streaming, 5.3)."""
    return media.kind == "audio" and media.direction != "sendonly" and _audio_track(media) is not None


def _audio_track(media: MediaDescription) -> AudioTrack | None:
    try:
        form = audio_format_of_sdp(
            media.encoding, clock_rate=media.clock_rate, channels=media.channels, fmtp=media.fmtp
        )
        if form.codec is not AudioCodec.AAC:
            plain = OpusDepacketizer() if form.codec is AudioCodec.OPUS else G711Depacketizer()
            return AudioTrack(format=form, depacketizer=plain, clock_rate=media.clock_rate, frame_ticks=0)
        frame = parse_audio_specific_config(form.config).frame_length
        packetized = frame * media.clock_rate // form.sample_rate
        depacketizer = AacDepacketizer(aac_packing(media.fmtp), frame_ticks=packetized)
        return AudioTrack(format=form, depacketizer=depacketizer, clock_rate=media.clock_rate, frame_ticks=frame)
    except ValueError as error:
        _log.info("sound of this camera is left out: %s", error)
        return None


def receiver(playing: Playing) -> tuple[InterleavedReceiver, AudioTrack | None]:
    """What reads the tracks that play."""
    video = next(track for track in playing.tracks if track.media.kind == "video")
    audio = next((track for track in playing.tracks if track.media.kind == "audio"), None)
    depacketizer = _depacketizer(video.media)
    sound = _audio_track(audio.media) if audio else None
    found = InterleavedReceiver(
        depacketizer,
        video.rtp_channel,
        video.media.payload_type,
        (sound.depacketizer, audio.rtp_channel, audio.media.payload_type) if sound and audio else None,
        report_channels=_report_channels(video, audio),
        another=lambda codec: _DEPACKETIZERS[codec](),
    )
    return found, sound


def _depacketizer(media: MediaDescription) -> PictureDepacketizer:
    codec = _CODECS[media.encoding]
    if codec is VideoCodec.MJPEG:
        return MjpegDepacketizer()
    return _DEPACKETIZERS[codec](parameter_sets=parameter_sets_of_fmtp(codec, media.fmtp))


def _report_channels(video: Track, audio: Track | None) -> dict[int, int]:
    channels = {video.rtcp_channel: VIDEO_TRACK}
    return channels | {audio.rtcp_channel: AUDIO_TRACK} if audio else channels
