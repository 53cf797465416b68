"""Connects to cameras by RTSP; every way in which that fails becomes a `Failure` in plain words."""

import logging
import socket
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TypeVar

from tawny.recorder.adapters.rtsp_logins import DeviceLogin, RefusedLogins
from tawny.recorder.adapters.rtsp_session import SessionLink, Stream, TlsSessionLink, handshake
from tawny.recorder.adapters.rtsp_sockets import Address, address, connected, secured
from tawny.recorder.adapters.rtsp_talk import Talk, speechless, talkable
from tawny.recorder.adapters.rtsp_tracks import readers, wanted
from tawny.recorder.adapters.rtsp_tunnel import TunnelSocket, tunnelled
from tawny.recorder.adapters.rtsp_udp import PortPairs, UdpLink
from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.connection import Connection, Link
from tawny.recorder.ingest.model import CameraSource, MediaTransport, Trouble
from tawny.recorder.ingest.troubles import Failure, failure
from tawny.runtime.clock import Clock
from tawny.wire.media import StreamName
from tawny.wire.rtsp.client import BACKCHANNEL, Client, LowerTransport, Playing, Redirected, RtspError
from tawny.wire.rtsp.tunnel import TunnelClient
from tawny.wire.sdp import MediaDescription, SessionDescription

MOST_REDIRECTS = 3
UDP_S = 3.0  # until the first packet must have come
_TRANSPORTS: Mapping[MediaTransport, Sequence[LowerTransport]] = {
    MediaTransport.AUTOMATIC: (LowerTransport.TCP, LowerTransport.UDP),
    MediaTransport.UDP: (LowerTransport.UDP, LowerTransport.TCP),
    MediaTransport.HTTP: (LowerTransport.TCP,),
}

_log = logging.getLogger(__name__)
_Played = TypeVar("_Played")


class RtspCamera:
    """Connects, logs in and lets the stream play. Blocks, so it belongs on a helper thread.

    *random_32* gives the number by which we call ourselves in reports (RFC 3550, 8.1).
    """

    def __init__(self, *, clock: Clock, cnonce: Callable[[], str], random_32: Callable[[], int]) -> None:
        self._clock = clock
        self._cnonce = cnonce
        self._random_32 = random_32
        self._logins = RefusedLogins(clock)

    def connect(self, source: CameraSource, key: StreamKey) -> Connection:
        """Connect to the stream *key* of *source*; raises Failure."""
        url = (source.main_url if key.stream is StreamName.MAIN else source.sub_url) or ""
        with self._attempt(source, url, key):
            return self._connected(source, url, key)

    def _attempt(self, source: CameraSource, url: str, stream: Hashable) -> AbstractContextManager[None]:
        """The time of one attempt; on trial `Tries` counts what is refused."""
        if source.tries is not None or not source.user:
            return nullcontext()
        login = DeviceLogin(host=address(url).host, user=source.user, password=source.password)
        return self._logins.attempt(login, stream)

    def _connected(self, source: CameraSource, url: str, key: StreamKey) -> Connection:
        transports = _TRANSPORTS[source.transport]
        found, url = _followed(url, lambda here: self._play(source, here, transports))
        if isinstance(found.link, UdpLink) and not found.link.heard_within(UDP_S):
            found.link.close()
            if transports[0] is LowerTransport.TCP:  # the camera has refused it already
                raise _unheard()
            _log.info("%s %s: nothing comes over UDP, so TCP it is", key.camera, key.stream)
            found = self._play(source, url, [LowerTransport.TCP])
        return found

    def talk(self, source: CameraSource) -> Talk:
        """Open the way to the camera's loudspeaker, beside whatever plays; raises Failure."""
        try:
            with self._attempt(source, source.main_url, (source.camera, "talk")):
                session, _ = _followed(
                    source.main_url,
                    lambda here: self._session(
                        source, here, wants=talkable, transports=[LowerTransport.TCP], require=BACKCHANNEL
                    ),
                )
        except Failure as problem:
            if isinstance(problem.__cause__, RtspError) and problem.__cause__.kind == "unsupported":
                raise speechless() from problem
            raise
        return Talk(session.stream, session.client, session.playing, clock=self._clock, random_32=self._random_32)

    def _play(self, source: CameraSource, url: str, transports: Sequence[LowerTransport]) -> Connection:
        """Play what we want of the stream; without its metadata where a camera trips over them."""
        chosen: list[MediaDescription] = []

        def wants(description: SessionDescription) -> Sequence[MediaDescription]:
            chosen[:] = wanted(description, sound=source.sound)
            return chosen

        try:
            return self._played(source, url, transports, wants)
        except Failure as problem:
            if problem.kind is Trouble.CREDENTIALS or all(media.kind != "application" for media in chosen):
                raise
            _log.info("%s: tried again without its metadata: %s", source.camera, problem.title)
        return self._played(
            source,
            url,
            transports,
            lambda description: wanted(description, sound=source.sound, metadata=False),
        )

    def _played(
        self,
        source: CameraSource,
        url: str,
        transports: Sequence[LowerTransport],
        wants: Callable[[SessionDescription], Sequence[MediaDescription]],
    ) -> Connection:
        session = self._session(source, url, wants=wants, transports=transports)
        try:
            return _connection(session.playing, session.client, self._link(session))
        except BaseException:
            session.stream.close()
            raise
        finally:
            session.pairs.close()

    def _link(self, session: "_Session") -> Link:
        stream, client, tracks = session.stream, session.client, session.playing.tracks
        if session.tls:
            return TlsSessionLink(stream, client)
        plain = SessionLink(stream, client)
        if all(track.udp is None for track in tracks):
            return plain
        return UdpLink(session.opened, plain, tracks, session.pairs, clock=self._clock, random_32=self._random_32)

    def _session(
        self,
        source: CameraSource,
        url: str,
        *,
        wants: Callable[[SessionDescription], Sequence[MediaDescription]],
        transports: Sequence[LowerTransport],
        require: str = "",
    ) -> "_Session":
        """Connect and let the media that *wants* chooses play."""
        where = address(url, through_http=source.transport is MediaTransport.HTTP)
        opened = _opened(where, source.fingerprint)
        pairs = PortPairs(opened.getsockname()[0])
        stream: Stream = opened
        try:
            if source.transport is MediaTransport.HTTP:
                stream = self._tunnelled(source, url, where, opened)
            client = Client(
                url,
                user=source.user,
                password=source.password,
                cnonce=self._cnonce,
                wants=wants,
                transports=[LowerTransport.TCP] if where.tls else transports,  # UDP beside TLS would be in the clear
                udp_port=pairs.open,
                require=require,
                allow_basic=source.allow_basic or where.tls,
                tries=source.tries,
            )
            playing = handshake(stream, client, self._clock)
        except BaseException:
            stream.close()
            pairs.close()
            raise
        return _Session(opened, stream, client, playing, pairs, tls=where.tls)

    def _tunnelled(self, source: CameraSource, url: str, where: Address, opened: socket.socket) -> TunnelSocket:
        """A tunnel, the first connection of which is *opened*."""
        first = [opened]
        tunnel = TunnelClient(
            url,
            cookie=self._cnonce(),
            user=source.user,
            password=source.password,
            cnonce=self._cnonce,
            allow_basic=source.allow_basic or where.tls,
            tries=source.tries,
        )
        return tunnelled(lambda: first.pop() if first else _opened(where, source.fingerprint), tunnel)


@dataclass(frozen=True, slots=True)
class _Session:
    """A session that plays: *opened* carries *stream*, *pairs* has the ports that no link took yet."""

    opened: socket.socket
    stream: Stream
    client: Client
    playing: Playing
    pairs: PortPairs
    tls: bool


def _followed(url: str, play: Callable[[str], _Played]) -> tuple[_Played, str]:
    """Play *url*, or what the camera says is there instead; and where that was.

    Our login goes along, so only another port or path of the same host will do, and TLS stays TLS.
    """
    for _ in range(MOST_REDIRECTS + 1):
        try:
            return play(url), url
        except Redirected as elsewhere:
            before, after = address(url), address(elsewhere.url)
            if before.host != after.host or (before.tls and not after.tls):
                raise _referred(after.host) from elsewhere
            url = elsewhere.url
    raise failure(Trouble.OTHER, title="The camera refers from one address to the next without end.")


def _opened(where: Address, fingerprint: str) -> socket.socket:
    opened = connected(where)
    if not where.tls:
        return opened
    try:
        return secured(opened, where, fingerprint)
    except BaseException:
        opened.close()
        raise


def _connection(playing: Playing, client: Client, link: Link) -> Connection:
    reads = readers(playing)
    unread, client.unread = client.unread, b""
    over_udp = isinstance(link, UdpLink)
    return Connection(
        link=link,
        receiver=reads.receiver,
        audio=reads.audio,
        metadata=reads.metadata,
        unread=b"" if over_udp else unread,  # a message that came early is of no matter
        keepalive_s=min(max(playing.timeout_s / 2 - 2, 3.0), 25.0),
        hasty=isinstance(link, UdpLink) and link.hasty,
    )


def _referred(host: str) -> Exception:
    return failure(
        Trouble.OTHER,
        title=f"The camera refers to another device: {host[:100]}.",
        remedy="If you trust that device, enter its address instead; the password was not sent there.",
    )


def _unheard() -> Exception:
    return failure(
        Trouble.SILENT,
        title="The camera sends over UDP only, and nothing of it arrives.",
        remedy="Let UDP from the camera through the firewall, or switch RTSP over TCP on in its settings.",
    )
