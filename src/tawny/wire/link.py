"""The link between gateway and hub: what both ends must agree on beyond HTTP/2 itself.

The gateway dials, then the roles swap: it is the HTTP/2 server and the hub its client (as in ONVIF's Uplink). Paths are
those of the HTTP API without ``/api/v1``. Media bodies are messages of `tawny.wire.media_socket`, each after its length
as 32-bit big-endian number; ``GET /changes`` answers JSON lines.
"""

import struct
from collections.abc import Iterator, Mapping

PERSON_HEADER = "tawny-person"  # for whom the hub asks
CHANGES_PATH = "/changes"
PROBLEM_TYPE = "application/problem+json"  # RFC 9457
MEDIA_TYPE = "application/vnd.tawny.media"  # of a body made of `framed` messages
LINES_TYPE = "application/x-ndjson"
WINDOW_BYTES = 1 << 20  # initial flow-control window of each stream
CONNECTION_WINDOW_BYTES = 64 << 20  # of the whole connection: streams limit each other only through their own windows
MAX_MESSAGE_BYTES = 16 << 20

STATUS_OF_KIND: Mapping[str, int] = {
    "invalid": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "refused": 422,
    "too_many": 429,
    "unreachable": 502,
    "unavailable": 503,
    "exhausted": 507,
}
"""HTTP status for each `tawny.runtime.problem.Kind`, on the link and in the HTTP API alike."""

_LENGTH = struct.Struct(">I")


def live_path(camera: str, stream: str) -> str:
    """Where the live media of a camera's *stream* flows."""
    return f"/cameras/{camera}/live?stream={stream}"


def playback_path(camera: str, stream: str, start: str) -> str:
    """Where the recorded media flows from *start* on, RFC 3339 in UTC with ``Z``."""
    return f"/cameras/{camera}/playback?from={start}&stream={stream}"


def framed(message: bytes | bytearray | memoryview) -> bytes:
    """*message* after its length, as it stands in a media body."""
    if len(message) > MAX_MESSAGE_BYTES:
        raise ValueError(f"a media message of {len(message)} bytes is longer than {MAX_MESSAGE_BYTES}")
    return b"".join((_LENGTH.pack(len(message)), message))


class MessageSplitter:
    """Cuts a media body, however it arrives in pieces, into its messages.

    Invariant: what is buffered is the beginning of one message of at most `MAX_MESSAGE_BYTES`, plus one piece.
    """

    def __init__(self, *, limit: int = MAX_MESSAGE_BYTES) -> None:
        self._limit = limit
        self._buffer = bytearray()

    def feed(self, piece: bytes | memoryview) -> Iterator[bytes]:
        """Yield the messages that *piece* completes; ValueError where one announces itself longer than the limit."""
        self._buffer += piece
        start = 0
        while (length := self._length_at(start)) is not None and len(self._buffer) - start - 4 >= length:
            yield bytes(memoryview(self._buffer)[start + 4 : start + 4 + length])
            start += 4 + length
        del self._buffer[:start]

    def finish(self) -> None:
        """Say that the body has ended; ValueError where it ended inside a message."""
        if self._buffer:
            raise ValueError(f"the media body ended inside a message, after {len(self._buffer)} of its bytes")

    def _length_at(self, start: int) -> int | None:
        if len(self._buffer) - start < 4:
            return None
        length: int = _LENGTH.unpack_from(self._buffer, start)[0]
        if length > self._limit:
            raise ValueError(f"a media message announces {length} bytes, {self._limit} is the limit")
        return length
