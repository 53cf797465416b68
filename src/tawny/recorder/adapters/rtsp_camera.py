"""Connects to cameras by RTSP; every way in which that fails becomes a `Failure` in plain words."""

import logging
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence

from tawny.recorder.adapters.rtsp_session import SessionLink, TlsSessionLink, handshake
from tawny.recorder.adapters.rtsp_sockets import address, connected, secured
from tawny.recorder.adapters.rtsp_tracks import receiver, wanted
from tawny.recorder.adapters.rtsp_udp import PortPairs, UdpLink
from tawny.recorder.archive.model import StreamKey
from tawny.recorder.ingest.connection import Connection, Link
from tawny.recorder.ingest.model import CameraSource, MediaTransport, Trouble
from tawny.recorder.ingest.troubles import failure
from tawny.runtime.clock import Clock
from tawny.wire.media import StreamName
from tawny.wire.rtsp.client import Client, LowerTransport, Playing, Redirected

MOST_REDIRECTS = 3
UDP_S = 3.0  # until the first packet must have come
_TRANSPORTS: Mapping[MediaTransport, Sequence[LowerTransport]] = {
    MediaTransport.AUTOMATIC: (LowerTransport.TCP, LowerTransport.UDP),
    MediaTransport.UDP: (LowerTransport.UDP, LowerTransport.TCP),
}

_log = logging.getLogger(__name__)


class RtspCamera:
    """Connects, logs in and lets the stream play. Blocks, so it belongs on a helper thread.

    *random_32* gives the number by which we call ourselves in reports (RFC 3550, 8.1).
    """

    def __init__(self, *, clock: Clock, cnonce: Callable[[], str], random_32: Callable[[], int]) -> None:
        self._clock = clock
        self._cnonce = cnonce
        self._random_32 = random_32

    def connect(self, source: CameraSource, key: StreamKey) -> Connection:
        """Connect to the stream *key* of *source*; raises Failure."""
        url = (source.main_url if key.stream is StreamName.MAIN else source.sub_url) or ""
        transports = _TRANSPORTS[source.transport]
        found, url = self._follow(source, url, transports)
        if isinstance(found.link, UdpLink) and not found.link.heard_within(UDP_S):
            found.link.close()
            if transports[0] is LowerTransport.TCP:  # the camera has refused it already
                raise _unheard()
            _log.info("%s %s: nothing comes over UDP, so TCP it is", key.camera, key.stream)
            found = self._play(source, url, [LowerTransport.TCP])
        return found

    def _follow(self, source: CameraSource, url: str, transports: Sequence[LowerTransport]) -> tuple[Connection, str]:
        """Play *url*, or what the camera says is there instead; and where that was.

        Our login goes along, so only another port or path of the same host will do, and TLS stays TLS.
        """
        for _ in range(MOST_REDIRECTS + 1):
            try:
                return self._play(source, url, transports), url
            except Redirected as elsewhere:
                before, after = address(url), address(elsewhere.url)
                if before.host != after.host or (before.tls and not after.tls):
                    raise _referred(after.host) from elsewhere
                url = elsewhere.url
        raise failure(Trouble.OTHER, title="The camera refers from one address to the next without end.")

    def _play(self, source: CameraSource, url: str, transports: Sequence[LowerTransport]) -> Connection:
        where = address(url)
        opened = connected(where)
        pairs = PortPairs(opened.getsockname()[0])
        try:
            if where.tls:
                opened = secured(opened, where, source.fingerprint)
                transports = [LowerTransport.TCP]  # UDP beside it would be in the clear
            client = Client(
                url,
                user=source.user,
                password=source.password,
                cnonce=self._cnonce,
                wants=lambda description: wanted(description, sound=source.sound),
                transports=transports,
                udp_port=pairs.open,
            )
            playing = handshake(opened, client, self._clock)
            return _connection(playing, client, self._link(opened, client, playing, pairs))
        except BaseException:
            opened.close()
            raise
        finally:
            pairs.close()

    def _link(self, opened: socket.socket, client: Client, playing: Playing, pairs: PortPairs) -> Link:
        session = (TlsSessionLink if isinstance(opened, ssl.SSLSocket) else SessionLink)(opened, client)
        if all(track.udp is None for track in playing.tracks):
            return session
        return UdpLink(opened, session, playing.tracks, pairs, clock=self._clock, random_32=self._random_32)


def _connection(playing: Playing, client: Client, link: Link) -> Connection:
    reads, video, sound = receiver(playing)
    unread, client.unread = client.unread, b""
    over_udp = isinstance(link, UdpLink)
    return Connection(
        link=link,
        receiver=reads,
        video=video,
        audio=sound,
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
