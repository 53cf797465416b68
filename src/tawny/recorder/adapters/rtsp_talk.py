"""Sound to the camera: ONVIF's backchannel (Streaming Specification, 5.3), in a session of its own beside the pictures."""

import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress

from tawny.recorder.adapters.rtsp_session import Stream
from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import Failure, failure
from tawny.runtime.clock import Clock
from tawny.wire.audio import AacPacking, aac_packing, audio_format_of_sdp
from tawny.wire.media import AudioCodec, AudioFormat
from tawny.wire.packetize import payloads
from tawny.wire.rtp import RtpStream
from tawny.wire.rtsp.client import Client, Playing, RtspError
from tawny.wire.rtsp.messages import Interleaved, MessageReader, Request, Response
from tawny.wire.sdp import MediaDescription, SessionDescription

_G711 = {"PCMU", "PCMA"}  # what a page makes of a microphone's sound without an encoder
SEND_S = 1.0  # sound that waits longer had better not be heard
_READ_BYTES = 65_536


def talkable(description: SessionDescription) -> Sequence[MediaDescription]:
    """The medium for sound to the camera that we can send, G.711 where there are several; raises Failure."""
    heard = [media for media in description.media if media.kind == "audio" and media.direction == "sendonly"]
    able = [media for media in heard if _format(media) is not None]
    if not able:
        raise speechless()
    return [next((media for media in able if media.encoding in _G711), able[0])]


def speechless() -> Failure:
    """The camera has no loudspeaker for us."""
    return failure(
        Trouble.CODEC,
        title="The camera takes no sound that can be sent.",
        remedy="Switch its loudspeaker on, with G.711 or AAC, in the camera's settings.",
    )


def _format(media: MediaDescription) -> AudioFormat | None:
    try:
        form = audio_format_of_sdp(
            media.encoding, clock_rate=media.clock_rate, channels=media.channels, fmtp=media.fmtp
        )
        usual = form.codec is not AudioCodec.AAC or aac_packing(media.fmtp) == AacPacking()
    except ValueError:
        return None
    return form if usual and form.sample_rate == media.clock_rate else None


class Talk:
    """A way to the camera's loudspeaker. Blocks for a second at most; belongs to one thread.

    Invariants: packets are written whole or the session is over; timestamps go on by what was sent.
    """

    def __init__(
        self, stream: Stream, client: Client, playing: Playing, *, clock: Clock, random_32: Callable[[], int]
    ) -> None:
        (track,) = playing.tracks
        form = _format(track.media)
        assert form is not None
        self.format = form
        self._stream = stream
        self._client = client
        self._clock = clock
        self._channel = track.rtp_channel
        self._timestamp = random_32()
        self._rtp = RtpStream(payload_type=track.media.payload_type, ssrc=random_32(), sequence=random_32())
        self._reader = MessageReader()
        self._reader.feed(client.unread)
        self._keepalive_s = min(max(playing.timeout_s / 2 - 2, 3.0), 25.0)
        self._next_keepalive = clock.monotonic() + self._keepalive_s

    def send(self, data: bytes, *, duration: int) -> None:
        """Send one access unit that lasts *duration* samples; raises Failure where the session is over."""
        marker = self.format.codec is AudioCodec.AAC
        packets = self._rtp.packets_of(payloads(self.format, data), self._timestamp, marker=marker)
        self._timestamp += duration
        out = b"".join(Interleaved(channel=self._channel, payload=packet).encode() for packet in packets)
        try:
            self._write(self._heard() + out)
        except (OSError, RtspError) as error:
            raise failure(Trouble.CLOSED) from error
        except ValueError as error:
            raise failure(Trouble.BAD_STREAM) from error

    def close(self) -> None:
        """Say goodbye and hang up."""
        with suppress(OSError):
            self._write(self._client.teardown())
        self._stream.close()

    def _write(self, data: bytes) -> None:
        self._stream.settimeout(SEND_S)
        self._stream.sendall(data)

    def _heard(self) -> bytes:
        """Read what the camera said meanwhile; what to answer, with a keepalive where one is due."""
        self._stream.setblocking(False)
        with suppress(BlockingIOError, ssl.SSLWantReadError):
            data = self._stream.recv(_READ_BYTES)
            if not data:
                raise ConnectionError("the camera hung up")
            self._reader.feed(data)
        out = b""
        while (message := self._reader.next()) is not None:
            if isinstance(message, Request | Response):
                out += self._client.hear(message)
        if self._clock.monotonic() >= self._next_keepalive:
            self._next_keepalive = self._clock.monotonic() + self._keepalive_s
            out += self._client.keepalive()
        return out
