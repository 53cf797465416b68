"""Builds what a camera sends: NAL units, RTP packets of H.264, H.265, AAC and G.711, and reports, interleaved."""

import base64
import struct
from dataclasses import dataclass, field

SPS = base64.b64decode("Z2QAHqzZQKAv6mhAAAADAEAAAAyDxYtlgA==")  # High, 638 x 358, 25 frames a second (x264)
PPS = base64.b64decode("aOvjyyLA")
LARGE_SPS = base64.b64decode("Z2QAKKzZQHgCJ+WEAAADAAQAAAMAyDxgxlg=")  # High, 1920 x 1080
VPS_265 = base64.b64decode("QAEMAf//AWAAAAMAkAAAAwAAAwA/lZgJ")
SPS_265 = base64.b64decode("QgEBAWAAAAMAkAAAAwAAAwA/oAUSAXHJJllZpJMrmgIAAAMAAgAAAwAyEA==")  # Main, 642 x 362
PPS_265 = base64.b64decode("RAHBcrRiQA==")
AUD = b"\x09\xf0"
SEI = b"\x06\x05\x04abcd\x80"


def idr(size: int = 3000, seed: int = 0) -> bytes:
    return b"\x65\x88" + _body(size - 2, seed)


def slice_(size: int = 900, seed: int = 1) -> bytes:
    return b"\x41\x9a" + _body(size - 2, seed)


def second_slice(size: int = 800, *, key: bool = False) -> bytes:
    return bytes((0x65 if key else 0x41, 0x04)) + _body(size - 2, 7)


def idr_265(size: int = 3000) -> bytes:
    return b"\x26\x01\xaf" + _body(size - 3, 2)


def slice_265(size: int = 900) -> bytes:
    return b"\x02\x01\xd0" + _body(size - 3, 3)


def _body(size: int, seed: int) -> bytes:
    return bytes((index * 7 + seed) % 251 + 1 for index in range(size))


def sized(*nals: bytes) -> bytes:
    return b"".join(len(nal).to_bytes(4, "big") + nal for nal in nals)


def stap_a(*nals: bytes) -> bytes:
    return b"\x78" + b"".join(len(nal).to_bytes(2, "big") + nal for nal in nals)


def aggregation_265(*nals: bytes) -> bytes:
    return b"\x60\x01" + b"".join(len(nal).to_bytes(2, "big") + nal for nal in nals)


@dataclass
class Sender:
    """One track of a camera: numbers its packets and splits NAL units into fragments of *mtu* bytes."""

    channel: int = 0
    payload_type: int = 96
    h265: bool = False
    mtu: int = 1000
    sequence: int = 65_530  # so that every longer test sees it wrap
    lost: set[int] = field(default_factory=set)
    sent: int = 0

    def packet(self, payload: bytes, *, timestamp: int, marker: bool = False, payload_type: int | None = None) -> bytes:
        kind = self.payload_type if payload_type is None else payload_type
        second = (0x80 if marker else 0) | kind
        header = struct.pack(">BBHII", 0x80, second, self.sequence & 0xFFFF, timestamp & 0xFFFFFFFF, 0xCAFE)
        self.sequence += 1
        self.sent += 1
        return b"" if self.sent - 1 in self.lost else interleaved(self.channel, header + payload)

    def picture(self, *nals: bytes, timestamp: int, marker: bool = True) -> bytes:
        payloads = [payload for nal in nals for payload in self.payloads(nal)]
        last = len(payloads) - 1
        return b"".join(
            self.packet(payload, timestamp=timestamp, marker=marker and index == last)
            for index, payload in enumerate(payloads)
        )

    def payloads(self, nal: bytes) -> list[bytes]:
        if len(nal) <= self.mtu:
            return [nal]
        skip = 2 if self.h265 else 1
        chunks = [nal[at : at + self.mtu] for at in range(skip, len(nal), self.mtu)]
        return [self._fragment(nal, chunk, at == 0, at == len(chunks) - 1) for at, chunk in enumerate(chunks)]

    def _fragment(self, nal: bytes, chunk: bytes, first: bool, last: bool) -> bytes:
        flags = (0x80 if first else 0) | (0x40 if last else 0)
        if self.h265:
            return bytes((nal[0] & 0x81 | 49 << 1, nal[1], flags | nal[0] >> 1 & 0x3F)) + chunk
        return bytes((nal[0] & 0xE0 | 28, flags | nal[0] & 31)) + chunk


def interleaved(channel: int, packet: bytes) -> bytes:
    return struct.pack(">BBH", 0x24, channel, len(packet)) + packet


def sender_report(channel: int, *, ntp_s: float, rtp: int) -> bytes:
    ntp = int(ntp_s * (1 << 32))
    return interleaved(channel, struct.pack(">BBHIQIII", 0x80, 200, 6, 0xCAFE, ntp, rtp & 0xFFFFFFFF, 1, 1))


def aac_payload(*frames: bytes) -> bytes:
    headers = b"".join((len(frame) << 3).to_bytes(2, "big") for frame in frames)
    return (len(headers) * 8).to_bytes(2, "big") + headers + b"".join(frames)
