"""What we take of a camera's session description, and what reads it."""

import logging
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tawny.recorder.ingest.connection import AudioTrack, MetadataTrack
from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import failure
from tawny.wire.audio import aac_packing, audio_format_of_sdp, parse_audio_specific_config
from tawny.wire.depacketize.audio import AacDepacketizer, G711Depacketizer, OpusDepacketizer
from tawny.wire.depacketize.h264 import H264Depacketizer
from tawny.wire.depacketize.h265 import H265Depacketizer
from tawny.wire.depacketize.interleaved import InterleavedReceiver
from tawny.wire.depacketize.metadata import MetadataDepacketizer
from tawny.wire.depacketize.mjpeg import MjpegDepacketizer
from tawny.wire.depacketize.video import PictureDepacketizer, VideoDepacketizer
from tawny.wire.h26x import parameter_sets_of_fmtp
from tawny.wire.media import AUDIO_TRACK, METADATA_TRACK, VIDEO_TRACK, AudioCodec, MetadataFormat, VideoCodec
from tawny.wire.rtsp.client import Playing, Track
from tawny.wire.sdp import MediaDescription, SessionDescription

_DEPACKETIZERS: Mapping[VideoCodec, type[VideoDepacketizer]] = {
    VideoCodec.H264: H264Depacketizer,
    VideoCodec.H265: H265Depacketizer,
}
_CODECS = {"H264": VideoCodec.H264, "H265": VideoCodec.H265, "JPEG": VideoCodec.MJPEG}
_METADATA = "VND.ONVIF.METADATA"  # in plain XML: nothing compressed, which a camera does only where it is told to
_METADATA_CLOCKS = range(1_000, 1_000_000)  # it should be 90,000

_log = logging.getLogger(__name__)


def wanted(description: SessionDescription, *, sound: bool, metadata: bool = True) -> Sequence[MediaDescription]:
    """The video that we take, its sound where that is wanted and can be kept, and its metadata; raises Failure."""
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
    told = next((media for media in description.media if metadata and _tells(media)), None)
    return [media for media in (video, audio, told) if media is not None]


def _takes(media: MediaDescription) -> bool:
    """Whether *media* is sound that we keep; "sendonly" is a loudspeaker's way back (ONVIF Streaming, 5.3)."""
    return media.kind == "audio" and media.direction != "sendonly" and _audio_track(media) is not None


def _tells(media: MediaDescription) -> bool:
    """Whether *media* is the metadata stream (ONVIF Streaming, 5.2.1.1)."""
    return (media.kind, media.encoding) == ("application", _METADATA) and media.clock_rate in _METADATA_CLOCKS


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


class Readers(NamedTuple):
    """What reads the tracks that play."""

    receiver: InterleavedReceiver
    audio: AudioTrack | None
    metadata: MetadataTrack | None


def readers(playing: Playing) -> Readers:
    """What reads the tracks that play."""
    by_kind = {track.media.kind: track for track in playing.tracks}
    video, audio, told = by_kind["video"], by_kind.get("audio"), by_kind.get("application")
    depacketizer = _depacketizer(video.media)
    sound = _audio_track(audio.media) if audio else None
    metadata = _metadata_track(told.media) if told else None
    found = InterleavedReceiver(
        depacketizer,
        video.rtp_channel,
        video.media.payload_type,
        (sound.depacketizer, audio.rtp_channel, audio.media.payload_type) if sound and audio else None,
        (metadata.depacketizer, told.rtp_channel, told.media.payload_type) if metadata and told else None,
        report_channels=_report_channels({VIDEO_TRACK: video, AUDIO_TRACK: audio, METADATA_TRACK: told}),
        another=lambda codec: _DEPACKETIZERS[codec](),
    )
    return Readers(found, sound, metadata)


def _metadata_track(media: MediaDescription) -> MetadataTrack:
    return MetadataTrack(format=MetadataFormat(), depacketizer=MetadataDepacketizer(), clock_rate=media.clock_rate)


def _depacketizer(media: MediaDescription) -> PictureDepacketizer:
    codec = _CODECS[media.encoding]
    if codec is VideoCodec.MJPEG:
        return MjpegDepacketizer()
    return _DEPACKETIZERS[codec](parameter_sets=parameter_sets_of_fmtp(codec, media.fmtp))


def _report_channels(tracks: Mapping[int, Track | None]) -> dict[int, int]:
    return {track.rtcp_channel: number for number, track in tracks.items() if track is not None}
