"""Media over UDP: a pair of ports a track, put into the media loop's buffer as if they had come interleaved.

So everything behind reads one form; what UDP adds ends here: order, duplicates, strangers, and reports to the sender.
"""

import ipaddress
import select
import socket
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from tawny.recorder.adapters.rtsp_session import SessionLink
from tawny.recorder.adapters.rtsp_sockets import RECEIVE_BUFFER, enlarge, granted
from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import failure
from tawny.runtime.clock import Clock
from tawny.wire.reordering import PacketOrder
from tawny.wire.rtp import receiver_report
from tawny.wire.rtsp.client import Track
from tawny.wire.rtsp.messages import MessageReader, Request, Response

REPORT_EVERY_S = 5.0  # RFC 3550, 6.2
_MOST_DATAGRAM = 65_536
_MOST_DATAGRAMS = 2000  # a track and sweep: ten megabits a second bring 200 in a tick
_MOST_STRANGERS = 64
_PAIRS_TRIED = 64
_FRAME = struct.Struct(">BBH")
_OPENING = struct.Struct(">BBHII")  # an RTP packet without a payload, which opens the way through a router
_CNAME = "tawny"


class PortPairs:
    """Opens pairs of UDP ports, RTP on the even one, RTCP on the next (RFC 3550, 11), and holds those not taken."""

    def __init__(self, local: str) -> None:
        self._local = local
        self._pairs: dict[int, tuple[socket.socket, socket.socket]] = {}

    def open(self) -> int:
        """The even port of another pair; raises Failure."""
        for _ in range(_PAIRS_TRIED):
            rtp = self._bound(0)
            port = rtp.getsockname()[1]
            with suppress(OSError):
                if port % 2 == 0:
                    self._pairs[port] = rtp, self._bound(port + 1)
                    return int(port)
            rtp.close()
        raise failure(Trouble.OTHER, title="No free pair of UDP ports was found.", remedy="Use TCP for this camera.")

    def take(self, port: int) -> tuple[socket.socket, socket.socket]:
        """The sockets of the pair that begins at *port*; they are the caller's."""
        return self._pairs.pop(port)

    def close(self) -> None:
        """Close what was not taken."""
        for pair in self._pairs.values():
            for opened in pair:
                opened.close()
        self._pairs.clear()

    def _bound(self, port: int) -> socket.socket:
        opened = socket.socket(socket.AF_INET6 if ":" in self._local else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            opened.bind((self._local, port))
        except OSError:
            opened.close()
            raise
        opened.setblocking(False)
        enlarge(opened)
        return opened


@dataclass(frozen=True, slots=True)
class Peer:
    """The camera as its packets show it: its address and those that it named as their source."""

    host: str
    rest: tuple[int, ...]  # flow and scope of an IPv6 address
    sources: frozenset[str]

    def end(self, port: int) -> tuple[str | int, ...]:
        return (self.host, port, *self.rest)


class _Port:
    """One socket of a pair: deaf to everybody until the camera's first packet, then to everybody else.

    Some cameras send from other ports than they told, so who sends is learned, by address.
    """

    def __init__(self, opened: socket.socket, peer: Peer, told: int | None) -> None:
        self.socket = opened
        self._peer = peer
        self._remote = peer.end(told) if told else None
        self._known = False

    def listens(self) -> bool:
        """Whether the sender is known by now."""
        for _ in range(0 if self._known else _MOST_STRANGERS):
            try:
                _, source = self.socket.recvfrom(1, socket.MSG_PEEK)
                if source[0] in self._peer.sources:
                    self.socket.connect(source)
                    self._remote = source
                    self._known = True
                    break
                self.socket.recvfrom(1)
            except OSError:
                break
        return self._known

    def send(self, data: bytes) -> None:
        if self._remote is not None:
            with suppress(OSError):  # what can't be sent now is sent again in seconds
                self.socket.sendto(data, self._remote)


class _UdpTrack:
    """One track: its ports, the order of its packets, its reports."""

    def __init__(self, pair: tuple[socket.socket, socket.socket], track: Track, peer: Peer, ssrc: int) -> None:
        assert track.udp is not None
        self.rtp = _Port(pair[0], peer, track.udp.server.rtp_port)
        self.rtcp = _Port(pair[1], peer, track.udp.server.rtcp_port)
        self.order = PacketOrder()
        self._channels = track.rtp_channel, track.rtcp_channel
        self._payload_type = track.media.payload_type
        self._ssrc = ssrc

    def open_way(self) -> None:
        """Send something, so that a router between us lets the camera's packets in."""
        self.rtp.send(_OPENING.pack(0x80, self._payload_type, 0, 0, self._ssrc))
        self.report(0.0)

    def report(self, now: float) -> None:
        """Tell the camera how well we hear it."""
        told = self.order.report(now)
        self.rtcp.send(receiver_report(self._ssrc, cname=_CNAME, senders=[told] if told else []))

    def receive(self, view: memoryview, at: int, now: float) -> int:
        """Put what came into *view* from *at* on, framed; returns where it ends."""
        if self.rtcp.listens():
            at = self._reports(view, at, now)
        if self.rtp.listens():
            at = self._packets(view, at, now)
        for packet in self.order.overdue(now):
            at = self._put(view, at, packet)
        return at

    def close(self) -> None:
        self.rtp.socket.close()
        self.rtcp.socket.close()

    def _packets(self, view: memoryview, at: int, now: float) -> int:
        receive, order, channel = self.rtp.socket.recv_into, self.order, self._channels[0]
        # what waited and is overdue may need room too
        room = len(view) - _MOST_DATAGRAM - 4 - sum(len(packet) + 4 for packet in order.held.values())
        with suppress(OSError):  # nothing more is there, or the camera's ports closed: then silence tells
            for _ in range(_MOST_DATAGRAMS):
                if at > room:
                    break
                size = receive(view[at + 4 :])
                sequence = view[at + 6] << 8 | view[at + 7]
                if sequence == order.following and size >= 12:
                    _FRAME.pack_into(view, at, 0x24, channel, size)
                    at += 4 + size
                    order.following = (sequence + 1) & 0xFFFF
                    order.received += 1
                    if order.held:
                        for packet in order.released():
                            at = self._put(view, at, packet)
                else:
                    for packet in order.take(sequence, bytes(view[at + 4 : at + 4 + size]), now):
                        at = self._put(view, at, packet)
                    room = len(view) - _MOST_DATAGRAM - 4 - sum(len(packet) + 4 for packet in order.held.values())
        return at

    def _put(self, view: memoryview, at: int, packet: bytes) -> int:
        _FRAME.pack_into(view, at, 0x24, self._channels[0], len(packet))
        end = at + 4 + len(packet)
        view[at + 4 : end] = packet
        return end

    def _reports(self, view: memoryview, at: int, now: float) -> int:
        with suppress(OSError):
            for _ in range(_MOST_STRANGERS):
                if at > len(view) - 2 * _MOST_DATAGRAM:
                    break
                size = self.rtcp.socket.recv_into(view[at + 4 :])
                _FRAME.pack_into(view, at, 0x24, self._channels[1], size)
                if size >= 28 and view[at + 5] == 200:
                    self.order.sent(int.from_bytes(view[at + 12 : at + 20]), now)
                at += 4 + size
        return at


class UdpLink:
    """The `Link` of a session whose media come over UDP; the RTSP connection beside it carries messages only.

    Invariant: what `receive` gives are whole packets, each track's in order.
    """

    def __init__(
        self,
        connected: socket.socket,
        session: SessionLink,
        tracks: Sequence[Track],
        pairs: PortPairs,
        *,
        clock: Clock,
        random_32: Callable[[], int],
    ) -> None:
        self._session = session
        self._control = connected
        self._reader = MessageReader()
        self._clock = clock
        self._next_report = clock.monotonic() + REPORT_EVERY_S
        peer = _peer(connected, tracks)
        self._tracks = [
            _UdpTrack(pairs.take(track.udp.port), track, peer, random_32()) for track in tracks if track.udp is not None
        ]
        for track in self._tracks:
            track.open_way()

    @property
    def hasty(self) -> bool:
        """Whether the ports' buffers hold so little that a tick may be too long."""
        return any(granted(track.rtp.socket) < RECEIVE_BUFFER // 2 for track in self._tracks)

    def heard_within(self, seconds: float) -> bool:
        """Wait for the first packet; whether it came."""
        ports = [port.socket for track in self._tracks for port in (track.rtp, track.rtcp)]
        return bool(select.select(ports, [], [], seconds)[0])

    def receive(self, view: memoryview) -> int | None:
        now = self._clock.monotonic()
        if not self._read_control():
            return 0
        at = 0
        for track in self._tracks:
            at = track.receive(view, at, now)
        if now >= self._next_report:
            self._next_report = now + REPORT_EVERY_S
            for track in self._tracks:
                track.report(now)
        return at or None

    def keepalive(self) -> None:
        self._session.keepalive()

    def reply(self, head: bytes) -> None:
        self._session.reply(head)

    def close(self) -> None:
        self._session.close()
        for track in self._tracks:
            track.close()

    def _read_control(self) -> bool:
        """Take what the camera says on the RTSP connection; whether that is still there."""
        try:
            data = self._control.recv(65_536)
        except BlockingIOError:
            return True
        except OSError as error:
            raise failure(Trouble.CLOSED) from error
        self._reader.feed(data)
        try:
            while (message := self._reader.next()) is not None:
                if isinstance(message, Request | Response):
                    self._session.hear(message)
        except ValueError as error:
            raise failure(Trouble.BAD_STREAM) from error
        return bool(data)


def _peer(connected: socket.socket, tracks: Sequence[Track]) -> Peer:
    host, _, *rest = connected.getpeername()
    named = {track.udp.server.source for track in tracks if track.udp is not None}
    return Peer(host, tuple(rest), frozenset({host, *filter(_is_address, named)}))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
