"""The camera's RTSP server: connections on one side, live streams on the other."""

import asyncio
import secrets
import socket
import ssl
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import cast

from tawny.camera.description import BACKCHANNEL_CONTROL, CONTROLS, backchannel_medium
from tawny.camera.live import Chunk, LiveStream
from tawny.camera.loudspeaker import Loudspeaker, Talk
from tawny.runtime.clock import Clock
from tawny.wire.rtsp.server import Describe, End, Event, Pause, Play, Received, Send, Server
from tawny.wire.rtsp.tunnel import Decoding, TunnelRequest, tunnel_answer, tunnel_request

MOST_CONNECTIONS = 256
MOST_WAITING = 512 << 10  # bytes that wait for a slow reader; then it misses whole access units, as with real cameras
_MOST_UNREAD = 8 * MOST_WAITING  # who asks on and on without reading the answers is let go
_HANDSHAKE_S = 30.0
_PAIRS_TRIED = 64


class CameraServer:
    """Serves streams by path, such as ``/gate/main``, over RTSP, with RTP interleaved or over UDP."""

    def __init__(self, streams: Mapping[str, LiveStream], *, clock: Clock, passwords: Mapping[str, str]) -> None:
        self._streams = streams
        self._clock = clock
        self._passwords = passwords
        self._connections: set[_Connection] = set()
        self._tunnels: dict[str, _Connection] = {}
        self._servers: list[asyncio.Server] = []
        self._udp: UdpPorts | None = None
        self._withheld: set[str] = set()
        self.loudspeaker = Loudspeaker()

    async def listen(self, host: str, port: int, *, tls: ssl.SSLContext | None = None) -> int:
        """Accept connections; the port, which the system chooses where *port* is 0. With *tls* they are encrypted."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._connection, host, port, ssl=tls)
        self._servers.append(server)
        if self._udp is None and tls is None:
            self._udp = UdpPorts.open(server.sockets[0])
        bound: int = server.sockets[0].getsockname()[1]
        return bound

    def withhold(self, paths: Collection[str]) -> None:
        """Let go who watches *paths*, and serve them to nobody until `offer`."""
        self._withheld |= set(paths)
        for connection in list(self._connections):
            connection.let_go({self._streams[path] for path in paths})

    def offer(self, paths: Collection[str]) -> None:
        """Serve *paths* again."""
        self._withheld -= set(paths)

    def close(self) -> None:
        """Accept and serve nobody any more."""
        for server in self._servers:
            server.close()
        for connection in list(self._connections):
            connection.abort()
        if self._udp is not None:
            self._udp.close()

    def _connection(self) -> asyncio.Protocol:
        return _Connection(
            self._streams,
            self._clock,
            self._passwords,
            self._connections,
            self._tunnels,
            self._udp,
            withheld=self._withheld,
            loudspeaker=self.loudspeaker,
        )


class UdpPorts:
    """The pair of ports from which all viewers over UDP are served; what they say to it nobody reads."""

    def __init__(self, rtp: socket.socket, rtcp: socket.socket) -> None:
        self._pair = rtp, rtcp
        self.port: int = rtp.getsockname()[1]

    @classmethod
    def open(cls, beside: socket.socket) -> "UdpPorts | None":
        """A pair on the address of *beside*, None where none is free."""
        for _ in range(_PAIRS_TRIED):
            rtp, rtcp = (socket.socket(beside.family, socket.SOCK_DGRAM) for _ in range(2))
            with suppress(OSError):
                rtp.bind((beside.getsockname()[0], 0))
                if (port := rtp.getsockname()[1]) % 2 == 0:  # RFC 3550, 11
                    rtcp.bind((beside.getsockname()[0], port + 1))
                    rtp.setblocking(False)
                    rtcp.setblocking(False)
                    return cls(rtp, rtcp)
            rtp.close()
            rtcp.close()
        return None

    def send(self, chunk: Chunk, host: str, ports: tuple[int, int]) -> None:
        """Send the packets to *host*; what the network doesn't take is lost, as it is on UDP."""
        with suppress(OSError):
            for packet in chunk.packets:
                self._pair[chunk.offset].sendto(packet, (host, ports[chunk.offset]))

    def close(self) -> None:
        for opened in self._pair:
            opened.close()


class _Connection(asyncio.Protocol):
    """One client; a `Viewer` of a stream while it plays. Through HTTP it has a second connection, on which it talks.

    *tunnels* are the connections on which clients with a tunnel listen, by cookie. Invariants: an access unit is begun
    only while no more than `MOST_WAITING` waits to be written; with answers to requests it never becomes more than 4 MB.
    """

    def __init__(
        self,
        streams: Mapping[str, LiveStream],
        clock: Clock,
        passwords: Mapping[str, str],
        connections: set["_Connection"],
        tunnels: dict[str, "_Connection"],
        udp: UdpPorts | None,
        *,
        withheld: Collection[str],
        loudspeaker: Loudspeaker,
    ) -> None:
        self._withheld = withheld
        self._streams = streams
        self._clock = clock
        self._passwords = passwords
        self._connections = connections
        self._tunnels = tunnels
        self._head: bytes | None = b""  # what came until it was clear whether this is a tunnel
        self._cookie = ""
        self._listening: _Connection | None = None  # the tunnel's other connection, where this is the one that talks
        self._decoding = Decoding()
        self._talking: _Connection | None = None
        self._channels: dict[int, int] = {}
        self._udp = udp
        self._ports: dict[int, tuple[int, int]] = {}
        self._stream: LiveStream | None = None
        self._loudspeaker = loudspeaker
        self._talk = Talk()
        self._said_on: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if transport.get_extra_info("sslcontext") is not None:
            self._udp = None  # who asks for encryption gets nothing in the clear
        self._rtsp = self._server()
        self._patience = asyncio.get_running_loop().call_later(_HANDSHAKE_S, self.abort)
        self._connections.add(self)
        if len(self._connections) > MOST_CONNECTIONS:
            self.abort()

    def _server(self) -> Server:
        return Server(
            address=self._transport.get_extra_info("sockname")[0],
            passwords=self._passwords,
            token=lambda: secrets.token_hex(12),
            now=self._clock.monotonic,
            udp_port=self._udp.port if self._udp else 0,
        )

    def data_received(self, data: bytes) -> None:
        if self._head is None:
            self._take(data)
            return
        self._head += data
        try:
            request = tunnel_request(self._head)
        except ValueError:
            head, self._head = self._head, None
            self._take(head)
            return
        if request is not None:
            self._head = None
            self._begin_tunnel(request)

    def _begin_tunnel(self, request: TunnelRequest) -> None:
        if request.method == "GET":
            self._cookie = request.cookie
            self._tunnels[request.cookie] = self
            self._udp = None  # who comes through HTTP can't be reached otherwise
            self._rtsp = self._server()
            self._transport.write(tunnel_answer())
        elif (listening := self._tunnels.get(request.cookie)) is None or listening._talking is not None:
            self._transport.close()
        else:
            self._patience.cancel()  # that of the connection that listens counts
            self._listening, listening._talking = listening, self
            self._take(request.rest)

    def _take(self, data: bytes) -> None:
        """Take what the client says."""
        if self._listening is None:
            self._hear(data)
            return
        try:
            self._listening._hear(self._decoding.feed(data))
        except ValueError:
            self._listening.abort()

    def _hear(self, data: bytes) -> None:
        self._handle(self._rtsp.receive(data))
        if self._transport.get_write_buffer_size() > _MOST_UNREAD:
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        self._patience.cancel()
        self._connections.discard(self)
        if self._tunnels.get(self._cookie) is self:
            del self._tunnels[self._cookie]
        if self._talking is not None:
            self._talking.abort()
        if self._listening is not None:
            self._listening._talking = None  # another may take its place

    def abort(self) -> None:
        self._transport.abort()

    def let_go(self, streams: Collection[LiveStream]) -> None:
        """End the connection where it plays one of *streams*."""
        if self._stream in streams:
            self.abort()

    def ready(self) -> bool:
        return self._transport.get_write_buffer_size() <= MOST_WAITING

    def send(self, chunk: Chunk) -> None:
        channel = self._channels.get(chunk.track)
        if channel is None or self._stream is None or self._transport.is_closing():
            return
        if (ports := self._ports.get(chunk.track)) is None:
            self._transport.write(chunk.framed(channel))
        elif self._udp is not None:
            self._udp.send(chunk, self._transport.get_extra_info("peername")[0], ports)

    def _handle(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case Send(data=data):
                    self._transport.write(data)
                case Describe(path=path) if path in self._withheld:
                    self.abort()
                case Describe(path=path, talk=talk):
                    stream = self._streams.get(path)
                    more = [backchannel_medium()] if talk else []
                    self._handle(self._rtsp.describe([*stream.media.values(), *more] if stream else None))
                case Play() as play:
                    self._play(play)
                case Pause():
                    self._stop()
                case Received(channel=channel, payload=payload):
                    if channel == self._said_on:  # others are receiver reports: a camera changes nothing for them
                        self._talk.hear(payload)
                case End():
                    self._stop()
                    self._transport.close()

    def _play(self, play: Play) -> None:
        self._patience.cancel()
        stream = self._streams[play.path]
        self._channels = {track: play.channels[name] for track, name in CONTROLS.items() if name in play.channels}
        self._ports = {track: play.ports[name] for track, name in CONTROLS.items() if name in play.ports}
        self._said_on = play.channels.get(BACKCHANNEL_CONTROL)
        firsts = stream.firsts()
        answer = self._rtsp.play({CONTROLS[track]: firsts[track] for track in self._channels})
        self._stream = stream
        if self._channels:
            stream.join(self)
        self._handle(answer)

    def _stop(self) -> None:
        if self._stream is not None:
            self._stream.leave(self)
            self._stream = None
        if (spoken := self._talk.spoken()) is not None:
            self._loudspeaker.told(spoken)
            self._talk = Talk()
