"""Time stamps over HTTP (RFC 3161, section 3.4): one POST, no redirects, an answer of bounded size within a bounded time."""

import http.client
import ssl
from collections.abc import Callable
from datetime import UTC
from hashlib import sha256
from urllib.parse import urlsplit

from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimeStampRequest,
    TimestampRequestBuilder,
    decode_timestamp_response,
)

from tawny.recorder.evidence.witnesses import TimeStamp
from tawny.runtime.clock import Clock, utc_us
from tawny.runtime.problem import Kind, Problem

_STEP_S = 10.0
_WHOLE_S = 30.0
MAX_ANSWER = 40 * 1024  # with its certificates; as base64 it has room in a ledger's line
_CHUNK = 4096
_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class HttpTimeStamps:
    """`TimeStamps` over the network."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def stamp(self, url: str, data: bytes) -> TimeStamp:
        request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).nonce(nonce=True).build()
        answer = self._ask(url, request.as_bytes())
        try:
            return _read(answer, request, data)
        except ValueError as error:
            raise Problem(
                Kind.REFUSED,
                f"The time-stamping service gave no usable time stamp: {error}.",
                remedy="Check its address, or choose another service.",
            ) from error

    def _ask(self, url: str, body: bytes) -> bytes:
        parts = urlsplit(url)
        host = parts.hostname or ""
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(
                host, parts.port, timeout=_STEP_S, context=ssl.create_default_context()
            )
        else:
            connection = http.client.HTTPConnection(host, parts.port, timeout=_STEP_S)
        deadline = self._clock.monotonic() + _WHOLE_S
        try:
            connection.request(
                "POST", parts._replace(scheme="", netloc="", fragment="").geturl() or "/", body, _HEADERS
            )
            with connection.getresponse() as response:
                return _body(response, lambda: self._clock.monotonic() > deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Problem(
                Kind.UNREACHABLE,
                "The time-stamping service does not answer.",
                remedy="Check its address and the network; recording and signing go on.",
            ) from error
        finally:
            connection.close()


def _body(response: http.client.HTTPResponse, late: Callable[[], bool]) -> bytes:
    if response.status != http.client.OK:
        raise Problem(
            Kind.REFUSED,
            f"The time-stamping service refused ({response.status}).",
            remedy="Check its address; redirects are not followed.",
        )
    found = b""
    while chunk := response.read1(_CHUNK):
        found += chunk
        if len(found) > MAX_ANSWER or late():
            raise ValueError("the answer is too long, or too slow")
    return found


def _read(answer: bytes, request: TimeStampRequest, data: bytes) -> TimeStamp:
    """The time stamp in *answer*; ValueError where it is not of *request*. Who signed it is judged by whoever verifies it."""
    response = decode_timestamp_response(answer)
    if response.status not in {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}:
        raise ValueError(f"it answered with status {response.status}")
    info = response.tst_info
    if info.message_imprint.message != sha256(data).digest() or info.nonce != request.nonce:
        raise ValueError("it answered to another question")
    return TimeStamp(token=response.time_stamp_token(), utc_us=utc_us(info.gen_time.astimezone(UTC)))
