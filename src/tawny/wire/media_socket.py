"""Media messages: what the gateway makes and the browser plays (``docs/design/programs.md``, "Media messages").

A message is ``u16 subscription | u8 kind | u8 track | u32 flags | i64 utc_us | payload``, big-endian. On a WebSocket each
is one binary message; in the body of a link stream each stands after its ``u32`` length, with subscription 0.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

STARTS_WITH_KEY = 1  # flag: the first sample is a key frame
MAX_MESSAGE = 16 << 20  # bytes of one message, header included; a longer one is not ours
MAX_SUBSCRIPTION = 65535

_HEADER = struct.Struct(">HBBIq")
_LENGTH = struct.Struct(">I")
HEADER_SIZE = _HEADER.size


class MediaKind(IntEnum):
    """What a message's payload is."""

    INIT = 0  # init segment of one track
    BURST = 1  # fragments up to now: decode all, draw the last
    FRAGMENT = 2  # whole fragments of one track
    NOTE = 3  # JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaMessage:
    """One message; *utc_us* is the presentation time of the first sample, or of the note."""

    kind: MediaKind
    track: int = 0
    flags: int = 0
    utc_us: int = 0
    payload: bytes = b""
    subscription: int = 0

    @property
    def starts_with_key(self) -> bool:
        return bool(self.flags & STARTS_WITH_KEY)

    def encode(self) -> bytes:
        """The bytes of one WebSocket message."""
        return _HEADER.pack(self.subscription, self.kind, self.track, self.flags, self.utc_us) + self.payload

    def framed(self) -> bytes:
        """The bytes for a link body: the length, then the message."""
        return _LENGTH.pack(HEADER_SIZE + len(self.payload)) + self.encode()

    def note(self) -> dict[str, Any]:
        """The JSON object of a NOTE; ValueError where the payload is none."""
        value = json.loads(self.payload)
        if not isinstance(value, dict):
            raise ValueError("a note is a JSON object")  # noqa: TRY004 - bad bytes, not a wrong call
        return value


def decode(data: bytes) -> MediaMessage:
    """The message that `MediaMessage.encode` wrote; ValueError for bytes that are none."""
    if len(data) < HEADER_SIZE:
        raise ValueError(f"a media message has at least {HEADER_SIZE} bytes, this one {len(data)}")
    subscription, kind, track, flags, utc_us = _HEADER.unpack_from(data)
    return MediaMessage(
        kind=MediaKind(kind),
        track=track,
        flags=flags,
        utc_us=utc_us,
        payload=bytes(data[HEADER_SIZE:]),
        subscription=subscription,
    )


def addressed(message: bytes, subscription: int) -> bytes:
    """The encoded *message* with another *subscription*, without decoding it."""
    return subscription.to_bytes(2, "big") + message[2:]


def note(kind: str, *, utc_us: int = 0, **members: Any) -> MediaMessage:
    """A NOTE of the type *kind*."""
    document = json.dumps({"type": kind, **members}, ensure_ascii=False, separators=(",", ":"))
    return MediaMessage(kind=MediaKind.NOTE, utc_us=utc_us, payload=document.encode())


class MessageReader:
    """Cuts the body of a link stream into encoded messages.

    Invariant: holds the beginning of one message of at most `MAX_MESSAGE` bytes, plus one piece of the body.
    """

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield each message that is complete with *data*; ValueError for an impossible length.

        Consume it whole before the next call.
        """
        self._held += data
        start = 0
        while len(self._held) - start >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._held, start)
            if not HEADER_SIZE <= length <= MAX_MESSAGE:
                raise ValueError(f"a media message of {length} bytes")
            end = start + _LENGTH.size + length
            if len(self._held) < end:
                break
            yield bytes(memoryview(self._held)[start + _LENGTH.size : end])
            start = end
        del self._held[:start]
