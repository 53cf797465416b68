"""RTP between RTSP messages on one TCP connection (RFC 2326, 10.12), walked in place.

The walk is the recorder's hottest loop (design D1): packets that look like the fragment before them are taken by one
`struct` iterator, five in six. Everything else takes the long way, which still makes no object a packet.
"""

import struct
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tawny.wire.depacketize.audio import AudioDepacketizer
from tawny.wire.depacketize.metadata import MetadataDepacketizer
from tawny.wire.depacketize.video import PictureDepacketizer
from tawny.wire.media import VideoCodec

SLACK = 32  # bytes that a buffer must have behind what is scanned: headers are read before lengths are checked
MAX_MESSAGE = 64 << 10  # an RTSP message between packets
MOST_PACKETS = 4096  # in one scan, besides the fragments in the middle: a megabyte of the smallest that cameras send has half of that
_HEAD = struct.Struct(">IH").unpack_from  # "$" channel length | V P X CC M PT
_REPORT = struct.Struct(">QI").unpack_from
_SENDER_REPORT = 200
_DOLLAR = 0x24
_Depacketizer = PictureDepacketizer | AudioDepacketizer | MetadataDepacketizer


class SenderReport(NamedTuple):
    """A camera's own clock: at *ntp* (64 bits, RFC 3550 section 4) the track's RTP time was *rtp*."""

    ntp: int
    rtp: int


class InterleavedReceiver:
    """Walks what a connection brings and gives packets to the depacketizers.

    *video*, *audio* and *metadata* have the channel of their RTP and their payload type. After `scan` the results are in
    *video.units*, *audio.units*, *metadata.units*, *messages* (RTSP replies and requests, whole) and *reports*.

    Where the camera's codec changes, *another* makes the depacketizer that takes the place of *video*, from the very
    packet on that begins the new stream; without it such a stream is garbage.

    Invariant: nothing refers to the buffer any more when `scan` returns.
    """

    def __init__(
        self,
        video: PictureDepacketizer,
        video_channel: int,
        video_type: int,
        audio: tuple[AudioDepacketizer, int, int] | None = None,
        metadata: tuple[MetadataDepacketizer, int, int] | None = None,
        *,
        report_channels: Mapping[int, int],
        another: Callable[[VideoCodec], PictureDepacketizer] | None = None,
    ) -> None:
        self.messages: list[bytes] = []
        self.reports: dict[int, SenderReport] = {}  # by track
        self.garbage = 0
        self.video = video
        self._another = another
        self._video_channel, self._video_type = video_channel, video_type
        self._audio: AudioDepacketizer | None = None
        self._audio_channel = self._audio_type = -1
        if audio is not None:
            self._audio, self._audio_channel, self._audio_type = audio
        self._metadata: MetadataDepacketizer | None = None
        self._metadata_channel = self._metadata_type = -1
        if metadata is not None:
            self._metadata, self._metadata_channel, self._metadata_type = metadata
        self._report_channels = report_channels

    def scan(self, buffer: bytearray, view: memoryview, end: int) -> int:
        """Take all whole packets in *buffer* up to *end*; returns where the first unfinished one starts.

        *view* is a memoryview of *buffer*, which must be SLACK bytes longer than *end*. Raises ValueError where the
        framing is lost or packets flood us: there is no way back but a new connection.
        """
        video, unpack = self.video, _HEAD
        channel, plain = _DOLLAR << 8 | self._video_channel, 0x8000 | self._video_type
        position, last, others = 0, end - 4, 0
        while position <= last:
            if video.middle:
                position = video.take_middle(view, position, end, plain)
                if position > last:
                    break
            others += 1
            if others > MOST_PACKETS:
                raise ValueError("the camera sends a flood of tiny packets")
            word, flags = unpack(buffer, position)
            following = position + 4 + (word & 0xFFFF)
            if word >> 16 != channel or flags & 0xFF7F != plain or following < position + 16:
                following = self._long_way(buffer, view, position, end, word)
                video = self.video
                if following == position:
                    break
            elif following > end:
                break
            else:
                video.packet(buffer, view, position, following)
                if video.other is not None:
                    video = self._replaced(video, buffer, view, position, following)
            position = following
        if video.pieces:
            video.settle()
        return position

    def _long_way(self, buffer: bytearray, view: memoryview, position: int, end: int, word: int) -> int:
        """Take one packet or message at *position*; returns where the next starts, or *position* where it isn't whole."""
        if word >> 24 != _DOLLAR:
            return self._message(buffer, position, end)
        following = position + 4 + (word & 0xFFFF)
        if following > end:
            return position
        channel = word >> 16 & 0xFF
        if channel == self._video_channel:
            video = self.video
            plain = self._rtp(buffer, view, position, following, video, self._video_type)
            if plain is not None and video.other is not None:
                self._replaced(video, buffer, view, *plain)
        elif channel == self._audio_channel and self._audio is not None:
            self._rtp(buffer, view, position, following, self._audio, self._audio_type)
        elif channel == self._metadata_channel and self._metadata is not None:
            self._rtp(buffer, view, position, following, self._metadata, self._metadata_type)
        elif channel in self._report_channels:
            self._rtcp(buffer, position, following, self._report_channels[channel])
        return following

    def _rtp(
        self, buffer: bytearray, view: memoryview, start: int, stop: int, track: _Depacketizer, payload_type: int
    ) -> tuple[int, int] | None:
        """Give *track* the packet; its limits once it is plain, None where it is none."""
        first = buffer[start + 4]
        if stop - start < 16 or buffer[start + 5] & 0x7F != payload_type or first >> 6 != 2:
            self.garbage += 1
            return None
        if first != 0x80:
            start, stop = self._made_plain(buffer, start, stop)
            if start > stop - 16:
                self.garbage += 1
                return None
        track.packet(buffer, view, start, stop)
        return start, stop

    def _replaced(
        self, video: PictureDepacketizer, buffer: bytearray, view: memoryview, start: int, stop: int
    ) -> PictureDepacketizer:
        """Put another in the place of *video*, and give it the packet that told so."""
        codec, video.other = video.other, None
        if self._another is None or codec is None:
            return video
        self.video = self._another(codec)
        self.video.succeed(video)
        self.video.packet(buffer, view, start, stop)
        return self.video

    @staticmethod
    def _made_plain(buffer: bytearray, start: int, stop: int) -> tuple[int, int]:
        """Take padding, CSRCs and extension out (RFC 3550, 5.1 and 5.3.1) by moving the header towards the payload.

        Returns the packet's new limits; they hold no packet where the lengths make no sense.
        """
        first = buffer[start + 4]
        payload = start + 16 + 4 * (first & 15)
        if first & 0x10 and payload + 4 <= stop:
            payload += 4 + 4 * int.from_bytes(buffer[payload + 2 : payload + 4], "big")
        if first & 0x20:
            stop -= buffer[stop - 1]
        moved = payload - 16
        if moved + 16 <= stop:
            buffer[moved:payload] = buffer[start : start + 16]
            buffer[moved + 4] = 0x80
        return moved, stop

    def _rtcp(self, buffer: bytearray, start: int, stop: int, track: int) -> None:
        """Keep a sender report, the first of a compound packet (RFC 3550, 6.1 and 6.4.1)."""
        if stop - start >= 24 and buffer[start + 5] == _SENDER_REPORT:
            self.reports[track] = SenderReport(*_REPORT(buffer, start + 12))

    def _message(self, buffer: bytearray, position: int, end: int) -> int:
        """Take an RTSP message between packets, with its body where it has one."""
        if not 65 <= buffer[position] <= 90:  # they start with "RTSP/1.0" or a method
            raise ValueError("the camera's stream lost its framing")
        head_end = buffer.find(b"\r\n\r\n", position, min(end, position + MAX_MESSAGE))
        if head_end < 0:
            if end - position > MAX_MESSAGE:
                raise ValueError("the camera's stream lost its framing")
            return position
        head = bytes(buffer[position : head_end + 4])
        following = head_end + 4 + _content_length(head)
        if following > end:
            return position
        self.messages.append(head)
        return following


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            if not value.strip().isdigit() or int(value) > MAX_MESSAGE:
                raise ValueError("the camera's stream lost its framing")
            return int(value)
    return 0
