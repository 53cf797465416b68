"""RTP and RTCP (RFC 3550): packets read and written, losses counted, timestamps unwrapped."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_HEADER = struct.Struct(">BBHII")
_RECEPTION = struct.Struct(">6I")
_MOST_LOST = 0x7FFFFF  # 24 bits with a sign; we never say that more came than was sent
_MOST_SENDERS = 31
_NTP_EPOCH_S = 2_208_988_800  # 1900 to 1970
_ERA_S = 1 << 32
_MOST_MISORDER = 100  # RFC 3550, A.1
_MOST_DROPOUT = 3000
_SENDER_REPORT, _RECEIVER_REPORT, _SOURCE_DESCRIPTION, _BYE = 200, 201, 202, 203


class RtpPacket(NamedTuple):
    """One packet, its padding, extension and contributing sources taken off."""

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


def parse(data: bytes) -> RtpPacket:
    """Read a packet; raises ValueError where its lengths contradict each other."""
    if len(data) < 12 or data[0] >> 6 != 2:
        raise ValueError("this is no RTP packet")
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(data)
    start = 12 + 4 * (first & 0x0F)
    if first & 0x10:
        if len(data) < start + 4:
            raise ValueError(f"RTP packet {sequence} ends in its header extension")
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4])
    end = len(data) - (data[-1] if first & 0x20 else 0)
    if start > end or (first & 0x20 and not data[-1]):
        raise ValueError(f"RTP packet {sequence} is shorter than its header says")
    return RtpPacket(second & 0x7F, second > 127, sequence, timestamp, ssrc, bytes(data[start:end]))


class RtpStream:
    """One sender: numbers its packets and counts what its reports tell.

    Invariant: sequence numbers rise by one with every packet made, whether or not anybody receives it.
    """

    def __init__(self, *, payload_type: int, ssrc: int, sequence: int) -> None:
        self._payload_type = payload_type
        self.ssrc = ssrc
        self.sequence = sequence & 0xFFFF  # of the next packet
        self.packets = 0
        self.octets = 0

    def packets_of(self, payloads: Iterable[bytes], timestamp: int, *, marker: bool) -> list[bytes]:
        """The packets of one access unit; *marker* is set on the last."""
        pack, kind, sequence, ssrc = _HEADER.pack, self._payload_type, self.sequence, self.ssrc
        timestamp &= 0xFFFFFFFF
        packets = []
        for payload in payloads:
            packets.append(pack(0x80, kind, sequence, timestamp, ssrc) + payload)
            sequence = (sequence + 1) & 0xFFFF
        if marker and packets:
            last = bytearray(packets[-1])
            last[1] |= 0x80
            packets[-1] = bytes(last)
        self.sequence = sequence
        self.packets += len(packets)
        self.octets += sum(map(len, packets)) - 12 * len(packets)
        return packets


class SequenceCounter:
    """Counts what is lost, late or twice among a stream's packets (RFC 3550, A.1 and A.3).

    Invariants: ``received + lost`` is what was expected so far; a late packet takes back the loss it was counted as.
    """

    def __init__(self) -> None:
        self.received = 0
        self.lost = 0
        self.late = 0
        self.repeated = 0
        self.restarts = 0
        self._last: int | None = None
        self._cycles = 0

    @property
    def highest(self) -> int:
        """The extended highest sequence number, as receiver reports tell it."""
        return self._cycles + (self._last or 0)

    def count(self, sequence: int) -> int:
        """How many packets are missing right before this one; -1 for one that comes late or again.

        A jump too far for a loss is a sender that started anew: 1 is returned, for something is missing, and no loss
        counted, for nobody knows how much.
        """
        if self._last is None:
            self._last = sequence
        else:
            step = (sequence - self._last) & 0xFFFF
            if step == 0 or step > 0x10000 - _MOST_MISORDER:
                return self._behind(step)
            if step > _MOST_DROPOUT:
                return self._restart(sequence)
            self._move(sequence)
            self.received += 1
            self.lost += step - 1
            return step - 1
        self.received += 1
        return 0

    def _behind(self, step: int) -> int:
        if step == 0:
            self.repeated += 1
        else:
            self.late += 1
            if self.lost:
                self.lost -= 1
                self.received += 1
        return -1

    def _restart(self, sequence: int) -> int:
        self._move(sequence)
        self.restarts += 1
        self.received += 1
        return 1

    def _move(self, sequence: int) -> None:
        if self._last is not None and sequence < self._last:
            self._cycles += 0x10000
        self._last = sequence


class TimestampUnwrapper:
    """Makes 32-bit timestamps run on past their wrap; going back is possible, as B frames do."""

    def __init__(self) -> None:
        self._last: int | None = None

    def unwrap(self, timestamp: int) -> int:
        """The timestamp that is nearest to the one before, in however many bits it takes."""
        if self._last is None:
            self._last = timestamp
        else:
            step = (timestamp - self._last) & 0xFFFFFFFF
            self._last += step - (1 << 32 if step & 0x80000000 else 0)
        return self._last


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderReport:
    """What time it was at the sender (*utc_us*) when its stream's clock stood at *rtp_timestamp*."""

    ssrc: int
    utc_us: int
    rtp_timestamp: int
    packets: int
    octets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionReport:
    """What a receiver tells of one sender (RFC 3550, 6.4.1).

    *fraction_lost* is in 256ths since the report before, *highest* the extended sequence number, *last_report* the
    middle 32 bits of the last sender report's time, which came *delay* 65536ths of a second ago.
    """

    ssrc: int
    fraction_lost: int
    lost: int
    highest: int
    jitter: int = 0
    last_report: int = 0
    delay: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverReport:
    """A receiver's sign of life, and what it tells of the senders that it hears."""

    ssrc: int
    senders: tuple[ReceptionReport, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bye:
    """These sources send no more."""

    ssrcs: tuple[int, ...]


Report = SenderReport | ReceiverReport | Bye


def parse_rtcp(data: bytes) -> list[Report]:
    """Read a compound packet; kinds of no use here are passed over. Raises ValueError where lengths contradict."""
    reports: list[Report] = []
    position = 0
    while position < len(data):
        if len(data) - position < 4 or data[position] >> 6 != 2:
            raise ValueError("this is no RTCP packet")
        end = position + 4 + 4 * int.from_bytes(data[position + 2 : position + 4])
        if end > len(data):
            raise ValueError("an RTCP packet is longer than what came")
        report = _report(data[position + 1], data[position] & 0x1F, data[position + 4 : end])
        if report is not None:
            reports.append(report)
        position = end
    return reports


def _report(kind: int, count: int, body: bytes) -> Report | None:
    if kind == _SENDER_REPORT and len(body) >= 24:
        ssrc, seconds, fraction, timestamp, packets, octets = struct.unpack_from(">6I", body)
        utc_us = _utc_us(seconds, fraction)
        return SenderReport(ssrc=ssrc, utc_us=utc_us, rtp_timestamp=timestamp, packets=packets, octets=octets)
    if kind == _RECEIVER_REPORT and len(body) >= 4:
        told = min(count, (len(body) - 4) // _RECEPTION.size)
        senders = tuple(_reception(body, 4 + _RECEPTION.size * number) for number in range(told))
        return ReceiverReport(ssrc=int.from_bytes(body[:4]), senders=senders)
    if kind == _BYE:
        return Bye(ssrcs=struct.unpack_from(f">{min(count, len(body) // 4)}I", body))
    return None


def _reception(body: bytes, at: int) -> ReceptionReport:
    ssrc, losses, highest, jitter, last_report, delay = _RECEPTION.unpack_from(body, at)
    return ReceptionReport(
        ssrc=ssrc,
        fraction_lost=losses >> 24,
        lost=losses & _MOST_LOST,
        highest=highest,
        jitter=jitter,
        last_report=last_report,
        delay=delay,
    )


def _utc_us(seconds: int, fraction: int) -> int:
    """NTP time; seconds below 2**31 belong to the era that starts in 2036 (RFC 4330, section 3)."""
    if seconds < 1 << 31:
        seconds += _ERA_S
    return (seconds - _NTP_EPOCH_S) * 1_000_000 + (fraction * 1_000_000 >> 32)


def sender_report(report: SenderReport, *, cname: str) -> bytes:
    """A compound packet: the report, then who sends it."""
    seconds, us = divmod(report.utc_us, 1_000_000)
    fraction = -(-(us << 32) // 1_000_000)  # rounded up, so that it reads back as the same microsecond
    body = struct.pack(
        ">6I",
        report.ssrc,
        (seconds + _NTP_EPOCH_S) % _ERA_S,
        fraction,
        report.rtp_timestamp & 0xFFFFFFFF,
        report.packets & 0xFFFFFFFF,
        report.octets & 0xFFFFFFFF,
    )
    return _rtcp(_SENDER_REPORT, 0, body) + _source_description(report.ssrc, cname)


def receiver_report(ssrc: int, *, cname: str, senders: Sequence[ReceptionReport] = ()) -> bytes:
    """A compound packet that says that we are there, and how well we hear *senders* (RFC 3550, 6.4.2)."""
    told = b"".join(
        _RECEPTION.pack(
            sender.ssrc,
            sender.fraction_lost << 24 | min(sender.lost, _MOST_LOST),
            sender.highest & 0xFFFFFFFF,
            sender.jitter,
            sender.last_report,
            min(sender.delay, 0xFFFFFFFF),
        )
        for sender in senders[:_MOST_SENDERS]
    )
    return _rtcp(_RECEIVER_REPORT, len(told) // _RECEPTION.size, ssrc.to_bytes(4) + told) + _source_description(
        ssrc, cname
    )


def _source_description(ssrc: int, cname: str) -> bytes:
    name = cname.encode()[:255]
    chunk = ssrc.to_bytes(4) + bytes([1, len(name)]) + name + b"\0"
    return _rtcp(_SOURCE_DESCRIPTION, 1, chunk + bytes(-len(chunk) % 4))


def _rtcp(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0x80 | count, kind, len(body) // 4) + body
