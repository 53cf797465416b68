"""AAC (RFC 3640), G.711 (RFC 3551) and Opus (RFC 7587) payloads to access units."""

import struct

from tawny.wire.audio import AacPacking, opus_ticks
from tawny.wire.bits import BitReader
from tawny.wire.media import AccessUnit

MAX_AAC_FRAME = 8191  # what 13 bits can say
_MAX_AAC_UNITS = 64  # in one packet
_SEQUENCE_AND_TIMESTAMP = struct.Struct(">HI").unpack_from
_WITH_ONE_UNIT = struct.Struct(
    ">HI4xHH"
).unpack_from  # the same, then behind the SSRC the AU headers' bits and the first


class AudioDepacketizer:
    """Makes the access units of one audio track; results wait in *units*."""

    def __init__(self) -> None:
        self.units: list[AccessUnit] = []
        self.packets = self.lost_packets = self.garbage = 0
        self._following: int | None = None  # the next packet's sequence number

    def packet(self, buffer: bytearray, view: memoryview, start: int, stop: int) -> None:
        """Take the packet at *start* (its interleaving header) to *stop*."""
        sequence, timestamp = _SEQUENCE_AND_TIMESTAMP(buffer, start + 6)
        missing = 0 if self._following is None else (sequence - self._following) & 0xFFFF
        self.lost_packets += 1 if missing >= 0x8000 else missing
        self.packets += 1
        self._following = sequence + 1 & 0xFFFF
        self.payload(timestamp, bytes(view[start + 16 : stop]), lost=missing > 0)

    def payload(self, timestamp: int, payload: bytes, *, lost: bool) -> None:
        """Add what *payload* holds to *units*."""
        raise NotImplementedError


class G711Depacketizer(AudioDepacketizer):
    """Each packet's bytes are one access unit; there is one byte a sample and channel."""

    def payload(self, timestamp: int, payload: bytes, *, lost: bool) -> None:
        if payload:
            self.units.append(AccessUnit(timestamp, payload, key=True))


class OpusDepacketizer(AudioDepacketizer):
    """Each packet is one access unit, kept as it is."""

    def payload(self, timestamp: int, payload: bytes, *, lost: bool) -> None:
        if opus_ticks(payload):
            self.units.append(AccessUnit(timestamp, payload, key=True))
        else:
            self.garbage += 1


class AacDepacketizer(AudioDepacketizer):
    """Several access units a packet, or one unit over several packets (RFC 3640, 3.2.3).

    *frame_ticks* is the length of an access unit in ticks of the RTP clock.
    Invariant: *_open* holds the first part of one unit of *_wanted* bytes, or nothing.
    """

    def __init__(self, packing: AacPacking, *, frame_ticks: int) -> None:
        super().__init__()
        self._packing = packing
        self._frame_ticks = frame_ticks
        self._usual_headers = packing.size_bits == 13 and packing.index_bits == 3  # AAC-hbr (RFC 3640, 3.3.6)
        self._open = b""
        self._wanted = 0

    def packet(self, buffer: bytearray, view: memoryview, start: int, stop: int) -> None:
        """As above; in one go what nearly all packets are: the following one, with one whole unit."""
        sequence, timestamp, length, header = _WITH_ONE_UNIT(buffer, start + 6)
        whole = length == 16 and 0 < header >> 3 == stop - start - 20 and self._usual_headers
        if not whole or sequence != self._following:
            super().packet(buffer, view, start, stop)
            return
        self.packets += 1
        self._following = sequence + 1 & 0xFFFF
        self._open = b""
        self.units.append(AccessUnit(timestamp, bytes(view[start + 20 : stop]), True))

    def payload(self, timestamp: int, payload: bytes, *, lost: bool) -> None:
        try:
            sizes, data = self._headers(payload)
        except ValueError:
            self.garbage += 1
            self._open = b""
            return
        if lost:
            self._open = b""
        if len(sizes) == 1 and sizes[0] > len(data):
            self._fragment(timestamp, sizes[0], data)
        elif sum(sizes) > len(data):
            self.garbage += 1
        else:
            self._open = b""
            self._whole(timestamp, sizes, data)

    def _whole(self, timestamp: int, sizes: list[int], data: bytes) -> None:
        at = 0
        for index, size in enumerate(sizes):
            if size:
                moment = timestamp + index * self._frame_ticks & 0xFFFFFFFF
                self.units.append(AccessUnit(moment, data[at : at + size], key=True))
            at += size

    def _fragment(self, timestamp: int, size: int, data: bytes) -> None:
        """Part of one unit: every part's header tells the size of the whole."""
        self._open = self._open + data if self._open and size == self._wanted else data
        self._wanted = size
        if len(self._open) >= size:
            self.units.append(AccessUnit(timestamp, self._open[:size], key=True))
            self._open = b""

    def _headers(self, payload: bytes) -> tuple[list[int], bytes]:
        """The sizes in the AU headers, and the data behind them."""
        packing = self._packing
        length = int.from_bytes(payload[:2], "big")
        end = 2 + (length + 7) // 8
        if not length or len(payload) < end:
            raise ValueError("AU headers reach beyond the packet")
        bits = BitReader(payload[2:end])
        padding = bits.left - length
        sizes: list[int] = []
        while bits.left - padding >= packing.size_bits + packing.index_bits:
            sizes.append(bits.bits(packing.size_bits))
            bits.skip(packing.index_delta_bits if len(sizes) > 1 else packing.index_bits)
        if not 0 < len(sizes) <= _MAX_AAC_UNITS or max(sizes) > MAX_AAC_FRAME:
            raise ValueError("AU headers make no sense")
        return sizes, payload[end:]
