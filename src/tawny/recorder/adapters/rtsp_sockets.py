"""From a camera's address to a connected socket, with TLS where asked; what goes wrong becomes a `Failure`."""

import hmac
import logging
import socket
import ssl
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from tawny.recorder.adapters.outbound import ForbiddenError, resolve
from tawny.recorder.ingest.model import Trouble
from tawny.recorder.ingest.troubles import Failure, failure
from tawny.wire.rtsp.urls import split_login

CONNECT_S = 5.0
RECEIVE_BUFFER = 1 << 20  # two seconds of video: what we may be late by without a camera dropping packets
_DEFAULT_PORTS = {"rtsp": 554, "rtsps": 322}  # as registered with IANA
_HTTP_PORTS = {"rtsp": 80, "rtsps": 443}
_FORCE_RECEIVE_BUFFER = 33  # SO_RCVBUFFORCE (socket(7)): goes beyond net.core.rmem_max where we have the right

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where to connect, and whether by TLS."""

    host: str
    port: int
    tls: bool


def address(url: str, *, through_http: bool = False) -> Address:
    """The host and port of *url*; raises Failure."""
    ports = _HTTP_PORTS if through_http else _DEFAULT_PORTS
    try:
        clean, _, _ = split_login(url)
        parts = urlsplit(clean)
        host, port = parts.hostname, parts.port or ports[parts.scheme]
    except ValueError as error:
        raise _no_address() from error
    if not host:
        raise _no_address()
    return Address(host=host, port=port, tls=parts.scheme == "rtsps")


def _no_address() -> Failure:
    return failure(
        Trouble.ADDRESS,
        title="This is no camera address.",
        remedy="An address looks like rtsp://192.168.1.20:554/stream1.",
    )


def connected(where: Address) -> socket.socket:
    """A connection to *where*; raises Failure."""
    try:
        addresses = resolve(where.host, where.port)
    except ForbiddenError as error:
        raise failure(Trouble.ADDRESS, title=str(error)) from error
    except OSError as error:
        raise failure(Trouble.ADDRESS) from error
    problem: Failure | None = None
    for pinned in addresses:
        opened = socket.socket(pinned.family, socket.SOCK_STREAM)
        try:
            # before connecting: the window's scale is agreed then; autotuning leaves slow readers at 128 KB
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            opened.settimeout(CONNECT_S / len(addresses))
            opened.connect(pinned.address)
            _warn_of_small_buffers(granted(opened))
        except OSError as error:
            opened.close()
            problem = _unreachable(error, where.port)
            problem.__cause__ = error
        else:
            return opened
    raise problem or failure(Trouble.ADDRESS)


def secured(opened: socket.socket, where: Address, fingerprint: str) -> ssl.SSLSocket:
    """TLS on *opened*, with the camera whose certificate has that SHA-256 *fingerprint*; raises Failure.

    Cameras sign their certificates themselves, so no authority vouches for them: what was confirmed once counts, and
    nothing is sent to anybody else.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the fingerprint decides
    opened.settimeout(CONNECT_S)
    try:
        found = context.wrap_socket(opened, server_hostname=where.host.partition("%")[0])
    except OSError as error:
        raise failure(
            Trouble.NOT_RTSP,
            title=f"What answers on port {where.port} does not speak TLS as cameras do.",
            remedy="Check the port of encrypted streams (RTSPS) in the camera's settings.",
        ) from error
    shown = found.getpeercert(binary_form=True) or b""
    if not hmac.compare_digest(sha256(shown).hexdigest(), fingerprint.replace(":", "").lower()):
        found.close()
        raise _unknown(shown, known=bool(fingerprint))
    return found


def _unknown(shown: bytes, *, known: bool) -> Failure:
    fingerprint = sha256(shown).hexdigest()
    if known:
        return failure(Trouble.CERTIFICATE, certificate=fingerprint, shown=shown)
    return failure(
        Trouble.CERTIFICATE,
        title="The camera's certificate has not been confirmed yet.",
        remedy="Compare its fingerprint with the one in the camera's settings, and confirm it.",
        certificate=fingerprint,
        shown=shown,
    )


def granted(opened: socket.socket) -> int:
    """How much the socket's receive buffer holds; Linux counts twice that, for what it needs around packets."""
    return opened.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2


def enlarge(opened: socket.socket) -> None:
    """Give a UDP socket the same buffer, by the administrator's right where we have it."""
    try:
        opened.setsockopt(socket.SOL_SOCKET, _FORCE_RECEIVE_BUFFER, 2 * RECEIVE_BUFFER)
    except OSError:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2 * RECEIVE_BUFFER)
    _warn_of_small_buffers(granted(opened))


def _warn_of_small_buffers(size: int) -> None:
    if size < RECEIVE_BUFFER // 2:
        _log.info("receive buffers are limited to %d KB; net.core.rmem_max=1048576 rides out longer stalls", size >> 10)


def _unreachable(error: OSError, port: int) -> Failure:
    if isinstance(error, ConnectionRefusedError):
        return failure(
            Trouble.UNREACHABLE,
            title=f"The device does not accept connections on port {port}.",
            remedy="Check the port, and that RTSP is switched on in the camera's settings.",
        )
    return failure(Trouble.UNREACHABLE)
