"""H.265 payloads (RFC 7798): single NAL units, aggregation packets and fragmentation units, without DONL fields."""

from tawny.wire.depacketize.video import VideoDepacketizer
from tawny.wire.h26x import H265_AUD, H265_IRAP
from tawny.wire.media import VideoCodec

_AP, _FU = 48, 49
_FIRST_NO_PICTURE = 32


class H265Depacketizer(VideoDepacketizer):
    """Reads H.265 payloads; PACI (50) and what is reserved or unspecified counts as garbage."""

    codec = VideoCodec.H265
    payload_offset = 19

    def payload(self, buffer: bytearray, view: memoryview, start: int, stop: int) -> None:
        at = start + 16
        first = buffer[at] if at + 2 < stop else 0x80
        kind = first >> 1
        if kind == _FU:
            self._fragment(buffer, view, start, stop)
        elif kind == _AP:
            self._aggregate(buffer, view, at + 2, stop)
        elif kind < _AP and not first & 1:
            self._single(buffer, view, at, stop)
        else:  # a layer above 31, which cameras don't have; the forbidden bit makes the type 64 or more
            self.reject(buffer, at, stop)

    def _single(self, buffer: bytearray, view: memoryview, at: int, stop: int) -> None:
        kind = buffer[at] >> 1
        if kind == H265_AUD:
            return
        if kind < _FIRST_NO_PICTURE:
            self.add_picture(buffer[at + 2], key=kind in H265_IRAP)
        self.add_nal(buffer, view, at, stop, kind)

    def _aggregate(self, buffer: bytearray, view: memoryview, at: int, stop: int) -> None:
        while at + 2 < stop:
            size = buffer[at] << 8 | buffer[at + 1]
            nal, at = at + 2, at + 2 + size
            if size < 3 or at > stop or buffer[nal] >> 1 >= _AP:
                self.reject(buffer, at, stop)
                return
            copy = bytearray(4) + buffer[nal:at]  # as in H.264: two bytes of length become four
            self._single(copy, memoryview(copy), 4, len(copy))

    def _fragment(self, buffer: bytearray, view: memoryview, start: int, stop: int) -> None:
        at = start + 19
        if at >= stop:
            self.reject(buffer, at, stop)
            return
        first, second, fragment = buffer[at - 3 : at]
        kind = fragment & 0x3F
        if not fragment & 0x80:
            self.add_fragment(view, at, stop, last=bool(fragment & 0x40))
        elif kind < _AP:
            if kind < _FIRST_NO_PICTURE:
                self.add_picture(buffer[at], key=kind in H265_IRAP)
            header = bytes((0, 0, 0, 0, first & 0x81 | kind << 1, second))
            self.open_fragmented(header, buffer, view, start, stop, kind)
            self.middle = bytes((first, second, kind))
        else:
            self.reject(buffer, at, stop)
