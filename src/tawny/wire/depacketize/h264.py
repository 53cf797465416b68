"""H.264 payloads (RFC 6184): single NAL units, STAP-A and FU-A, which is all that packetization modes 0 and 1 allow."""

from tawny.wire.depacketize.video import VideoDepacketizer
from tawny.wire.h26x import H264_AUD, H264_IDR
from tawny.wire.media import VideoCodec

_STAP_A, _FU_A = 24, 28
_PICTURES = range(1, 6)


class H264Depacketizer(VideoDepacketizer):
    """Reads H.264 payloads; STAP-B, MTAP and FU-B (mode 2, which no camera sends) count as garbage."""

    codec = VideoCodec.H264
    payload_offset = 18

    def payload(self, buffer: bytearray, view: memoryview, start: int, stop: int) -> None:
        at = start + 16
        first = buffer[at] if at < stop else 0x80
        kind = first & 0x9F  # with the forbidden_zero_bit
        if kind == _FU_A:
            self._fragment(buffer, view, start, stop)
        elif kind == _STAP_A:
            self._aggregate(buffer, view, at + 1, stop)
        elif 0 < kind < _STAP_A:
            self._single(buffer, view, at, stop)
        else:
            self.reject(buffer, at, stop)

    def _single(self, buffer: bytearray, view: memoryview, at: int, stop: int) -> None:
        kind = buffer[at] & 31
        if kind == H264_AUD:
            return
        if stop - at < 2:
            self.reject(buffer, at, stop)
            return
        if kind in _PICTURES:
            self.add_picture(buffer[at + 1], key=kind == H264_IDR)
        self.add_nal(buffer, view, at, stop, kind)

    def _aggregate(self, buffer: bytearray, view: memoryview, at: int, stop: int) -> None:
        while at + 2 < stop:
            size = buffer[at] << 8 | buffer[at + 1]
            nal, at = at + 2, at + 2 + size
            if not size or at > stop or not 0 < buffer[nal] & 0x9F < _STAP_A:
                self.reject(buffer, at, stop)
                return
            # its length needs four bytes where STAP-A has two: the two before are the last NAL's end, so copy
            copy = bytearray(4) + buffer[nal:at]
            self._single(copy, memoryview(copy), 4, len(copy))

    def _fragment(self, buffer: bytearray, view: memoryview, start: int, stop: int) -> None:
        at = start + 18
        if at >= stop:
            self.reject(buffer, at, stop)
            return
        indicator, header = buffer[at - 2], buffer[at - 1]
        kind = header & 31
        if not header & 0x80:
            self.add_fragment(view, at, stop, last=bool(header & 0x40))
        elif 0 < kind < _STAP_A:
            if kind in _PICTURES:
                self.add_picture(buffer[at], key=kind == H264_IDR)
            self.open_fragmented(bytes((0, 0, 0, 0, indicator & 0xE0 | kind)), buffer, view, start, stop, kind)
            self.middle = bytes((indicator, kind))
        else:
            self.reject(buffer, at, stop)
