"""Connects to cameras by RTSP over TCP; every way in which that fails becomes a `Failure` in plain words."""

import logging
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.connection import AudioTrack, Connection
from tawny.recorder.ingest.model import CameraSource, Trouble
from tawny.recorder.ingest.troubles import Failure, failure
from tawny.runtime.clock import Clock
from tawny.wire.audio import aac_packing, audio_format_of_sdp, parse_audio_specific_config
from tawny.wire.depacketize.audio import AacDepacketizer, G711Depacketizer
from tawny.wire.depacketize.h264 import H264Depacketizer
from tawny.wire.depacketize.h265 import H265Depacketizer
from tawny.wire.depacketize.interleaved import InterleavedReceiver
from tawny.wire.depacketize.video import VideoDepacketizer
from tawny.wire.h26x import parameter_sets_of_fmtp
from tawny.wire.media import AUDIO_TRACK, VIDEO_TRACK, AudioCodec, StreamName, VideoCodec
from tawny.wire.rtsp.client import Client, Playing, RtspError, Track
from tawny.wire.rtsp.urls import split_login
from tawny.wire.sdp import MediaDescription, SessionDescription

CONNECT_S = 5.0
HANDSHAKE_S = 10.0
RECEIVE_BUFFER = 1 << 20  # two seconds of video: what we may be late by without a camera dropping packets
DEFAULT_PORT = 554
_DEPACKETIZERS: dict[str, type[VideoDepacketizer]] = {"H264": H264Depacketizer, "H265": H265Depacketizer}
_TROUBLES = {"credentials": Trouble.CREDENTIALS, "not_found": Trouble.NOT_FOUND}

_log = logging.getLogger(__name__)


class RtspCamera:
    """Connects by TCP, logs in and lets the stream play. Blocks, so it belongs on a helper thread."""

    def __init__(self, *, clock: Clock, cnonce: Callable[[], str]) -> None:
        self._clock = clock
        self._cnonce = cnonce

    def connect(self, source: CameraSource, key: StreamKey) -> Connection:
        """Connect to the stream *key* of *source*; raises Failure."""
        url = (source.main_url if key.stream is StreamName.MAIN else source.sub_url) or ""
        host, port = _address(url)
        connected = _connected(host, port)
        try:
            client = Client(
                url,
                user=source.user,
                password=source.password,
                cnonce=self._cnonce,
                wants=lambda description: wanted(description, sound=source.sound),
            )
            return _connection(connected, client, self._handshake(connected, client))
        except BaseException:
            connected.close()
            raise

    def _handshake(self, connected: socket.socket, client: Client) -> Playing:
        deadline = self._clock.monotonic() + HANDSHAKE_S
        heard = False
        try:
            send = client.start()
            while client.playing is None:
                connected.settimeout(max(deadline - self._clock.monotonic(), 0.001))
                if send:
                    connected.sendall(send)
                received = connected.recv(65_536)
                if not received:
                    raise failure(Trouble.CLOSED) if heard else failure(Trouble.NOT_RTSP)
                heard = True
                send = client.receive(received)
        except RtspError as error:
            raise _refusal(error) from error
        except TimeoutError as error:
            raise _unanswered(heard=heard) from error
        except OSError as error:
            raise failure(Trouble.CLOSED) from error
        except ValueError as error:
            raise failure(Trouble.NOT_RTSP) from error
        return client.playing


def _address(url: str) -> tuple[str, int]:
    try:
        clean, _, _ = split_login(url)
        parts = urlsplit(clean)
        host, port = parts.hostname, parts.port or DEFAULT_PORT
    except ValueError as error:
        raise _no_address() from error
    if not host:
        raise _no_address()
    if parts.scheme != "rtsp":
        raise failure(
            Trouble.ADDRESS,
            title="Encrypted camera streams (rtsps) can't be recorded yet.",
            remedy="Use the camera's address that begins with rtsp://.",
        )
    return host, port


def _no_address() -> Failure:
    return failure(
        Trouble.ADDRESS,
        title="This is no camera address.",
        remedy="An address looks like rtsp://192.168.1.20:554/stream1.",
    )


def _connected(host: str, port: int) -> socket.socket:
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise failure(Trouble.ADDRESS) from error
    problem: Failure | None = None
    for family, kind, protocol, _, address in addresses[:4]:
        connected = socket.socket(family, kind, protocol)
        try:
            # before connecting: the window's scale is agreed then; autotuning leaves slow readers at 128 KB
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            connected.settimeout(CONNECT_S / len(addresses[:4]))
            connected.connect(address)
            _warn_of_small_buffers(connected)
        except OSError as error:
            connected.close()
            problem = _unreachable(error, port)
            problem.__cause__ = error
        else:
            return connected
    raise problem or failure(Trouble.ADDRESS)


def _warn_of_small_buffers(connected: socket.socket) -> None:
    granted = connected.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    if granted < RECEIVE_BUFFER:  # Linux tells twice what it grants
        _log.info(
            "receive buffers are limited to %d KB; net.core.rmem_max=1048576 rides out longer stalls", granted >> 11
        )


def _unreachable(error: OSError, port: int) -> Failure:
    if isinstance(error, ConnectionRefusedError):
        return failure(
            Trouble.UNREACHABLE,
            title=f"The device does not accept connections on port {port}.",
            remedy="Check the port, and that RTSP is switched on in the camera's settings.",
        )
    return failure(Trouble.UNREACHABLE)


def _unanswered(*, heard: bool) -> Failure:
    if heard:
        return failure(Trouble.UNREACHABLE, title="The camera stopped answering while connecting.")
    return failure(
        Trouble.UNREACHABLE,
        title="The camera accepts connections, but does not answer.",
        remedy="Check that the port is the camera's RTSP port, and restart the camera.",
    )


def _refusal(error: RtspError) -> Failure:
    kind = _TROUBLES.get(error.kind, Trouble.OTHER)
    if kind is Trouble.OTHER and error.reason:
        return failure(kind, title=f"The camera refused to send its stream: {error.reason} ({error.status}).")
    return failure(kind)


def wanted(description: SessionDescription, *, sound: bool) -> Sequence[MediaDescription]:
    """The video that we take, and its sound where that is wanted and can be kept; raises Failure."""
    videos = [media for media in description.media if media.kind == "video"]
    if not videos:
        raise failure(Trouble.NO_VIDEO)
    video = next((media for media in videos if media.encoding in _DEPACKETIZERS), None)
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
            return AudioTrack(format=form, depacketizer=G711Depacketizer(), clock_rate=media.clock_rate, frame_ticks=0)
        frame = parse_audio_specific_config(form.config).frame_length
        packetized = frame * media.clock_rate // form.sample_rate
        depacketizer = AacDepacketizer(aac_packing(media.fmtp), frame_ticks=packetized)
        return AudioTrack(format=form, depacketizer=depacketizer, clock_rate=media.clock_rate, frame_ticks=frame)
    except ValueError as error:
        _log.info("sound of this camera is left out: %s", error)
        return None


def _connection(connected: socket.socket, client: Client, playing: Playing) -> Connection:
    video = next(track for track in playing.tracks if track.media.kind == "video")
    audio = next((track for track in playing.tracks if track.media.kind == "audio"), None)
    codec = VideoCodec(video.media.encoding.lower())
    depacketizer = _DEPACKETIZERS[video.media.encoding](parameter_sets=parameter_sets_of_fmtp(codec, video.media.fmtp))
    sound = _audio_track(audio.media) if audio else None
    receiver = InterleavedReceiver(
        depacketizer,
        video.rtp_channel,
        video.media.payload_type,
        (sound.depacketizer, audio.rtp_channel, audio.media.payload_type) if sound and audio else None,
        report_channels=_report_channels(video, audio),
    )
    connected.setblocking(False)
    unread, client.unread = client.unread, b""
    return Connection(
        link=_SocketLink(connected, client),
        receiver=receiver,
        video=depacketizer,
        audio=sound,
        unread=unread,
        keepalive_s=min(max(playing.timeout_s / 2 - 2, 3.0), 25.0),
    )


def _report_channels(video: Track, audio: Track | None) -> dict[int, int]:
    channels = {video.rtcp_channel: VIDEO_TRACK}
    return channels | {audio.rtcp_channel: AUDIO_TRACK} if audio else channels


class _SocketLink:
    """A non-blocking socket with the RTSP session that it carries."""

    def __init__(self, connected: socket.socket, client: Client) -> None:
        self._socket = connected
        self._client = client

    def receive(self, view: memoryview) -> int | None:
        try:
            return self._socket.recv_into(view)
        except BlockingIOError:
            return None
        except OSError as error:
            raise failure(Trouble.CLOSED) from error

    def keepalive(self) -> None:
        self._send(self._client.keepalive())

    def reply(self, head: bytes) -> None:
        try:
            self._send(self._client.reply(head))
        except RtspError as error:
            raise failure(Trouble.CLOSED, title="The camera ended the session.") from error
        except ValueError as error:
            raise failure(Trouble.BAD_STREAM) from error

    def close(self) -> None:
        with suppress(Failure):
            self._send(self._client.teardown())
        self._socket.close()

    def _send(self, data: bytes) -> None:
        if not data:
            return
        try:
            self._socket.send(data)
        except BlockingIOError:
            pass  # a camera that takes in nothing hears from us with the next keepalive, or not at all
        except OSError as error:
            raise failure(Trouble.CLOSED) from error
