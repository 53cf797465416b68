"""MJPEG payloads (RFC 2435) to JPEG files, one a picture; each is a key frame.

Pictures wider or higher than 2040 pixels don't fit RFC 2435's header; their headers come in an extension (ONVIF Streaming
Specification, 5.1.3) that is not read: such a stream counts as garbage.
"""

import struct

from tawny.wire.depacketize.video import MAX_ACCESS_UNIT, PictureDepacketizer
from tawny.wire.jpeg import END, header, quantization_tables
from tawny.wire.media import AccessUnit, VideoCodec, VideoFormat

_SEQUENCE_AND_TIMESTAMP = struct.Struct(">HI").unpack_from
_MOST_TABLES = 128  # two of 64 bytes; 16-bit ones are for 12-bit pictures, which nothing shows
_RESTARTS = 64  # in the type: a restart interval follows


class MjpegDepacketizer(PictureDepacketizer):
    """Reads MJPEG payloads.

    Invariant: *_scan* holds the open picture's bytes up to its next fragment's offset; without a header it is torn.
    """

    codec = VideoCodec.MJPEG

    def __init__(self) -> None:
        super().__init__()
        self._timestamp: int | None = None
        self._following: int | None = None  # the next packet's sequence number
        self._scan = bytearray()
        self._header = b""
        self._tables: dict[int, bytes] = {}  # by quality, where a camera sends them now and then only
        self._size = 0, 0

    def packet(self, buffer: bytearray, view: memoryview, start: int, stop: int) -> None:
        """Take the packet at *start* (its interleaving header) to *stop*."""
        sequence, timestamp = _SEQUENCE_AND_TIMESTAMP(buffer, start + 6)
        self._count(sequence)
        if timestamp != self._timestamp:
            if self._scan:
                self._tear()  # its last packet is missing
            self._timestamp = timestamp
        try:
            self._take(bytes(view[start + 16 : stop]))
        except (ValueError, IndexError, struct.error):
            self.garbage += 1
            self._header = b""
        if buffer[start + 5] & 0x80:
            self._finish(timestamp)

    def _count(self, sequence: int) -> None:
        missing = 0 if self._following is None else (sequence - self._following) & 0xFFFF
        self.packets += 1
        self.lost_packets += 1 if missing >= 0x8000 else missing
        self._following = sequence + 1 & 0xFFFF

    def _take(self, payload: bytes) -> None:
        offset = int.from_bytes(payload[1:4])
        kind, quality, width, height = struct.unpack_from(">4B", payload, 4)
        at, restart = 8, 0
        if kind & _RESTARTS:
            (restart,) = struct.unpack_from(">H", payload, at)
            at += 4
        if offset == 0:
            tables, at = self._read_tables(payload, at, quality)
            self._begin(kind, width * 8, height * 8, tables, restart)
        elif offset != len(self._scan):
            self._header = b""  # a fragment is missing
        self._scan += payload[at:]
        if len(self._scan) > MAX_ACCESS_UNIT:
            raise ValueError("a picture that is too large")

    def _read_tables(self, payload: bytes, at: int, quality: int) -> tuple[bytes, int]:
        """The quantization tables of a picture, and where its scan begins (RFC 2435, 3.1.8)."""
        if quality < 128:
            return quantization_tables(min(max(quality, 1), 99)), at
        precision, length = struct.unpack_from(">xBH", payload, at)
        tables = payload[at + 4 : at + 4 + length]
        if not length and quality != 255:
            return self._tables[quality] if quality in self._tables else _missing(), at + 4
        if precision or len(tables) != length or length % 64 or not 0 < length <= _MOST_TABLES:
            raise ValueError("quantization tables that can't be")
        self._tables[quality] = tables
        return tables, at + 4 + length

    def _begin(self, kind: int, width: int, height: int, tables: bytes, restart: int) -> None:
        if kind & ~_RESTARTS not in {0, 1} or not width or not height:
            raise ValueError("a type of picture that RFC 2435 does not define, or one too large for it")
        self._scan.clear()
        self._header = header(kind=kind & 1, width=width, height=height, tables=tables, restart=restart)
        self._size = width, height

    def _finish(self, timestamp: int) -> None:
        if not self._header or not self._scan:
            self._tear()
            return
        if self.format is None or (self.format.width, self.format.height) != self._size:
            self.format = _format(*self._size)
            self.units.append(self.format)
        end = b"" if self._scan.endswith(END) else END
        self.units.append(AccessUnit(timestamp, b"".join((self._header, self._scan, end)), key=True))
        self._close()

    def _tear(self) -> None:
        self.torn_pictures += 1
        self._close()

    def _close(self) -> None:
        self._scan.clear()
        self._header = b""


def _missing() -> bytes:
    raise ValueError("a picture whose quantization tables were never sent")


def _format(width: int, height: int) -> VideoFormat:
    return VideoFormat(codec=VideoCodec.MJPEG, parameter_sets=(), width=width, height=height, codec_string="mp4v.6C")
