"""Media messages: what the gateway makes and the browser plays (``docs/design/programs.md``, "Media messages").

A message is ``u16 subscription | u8 kind | u8 track | u32 flags | i64 utc_us | payload``, big-endian. On a WebSocket each
is one binary message; in the body of a link stream each stands after its length (`tawny.wire.link.framed`), with
subscription 0.
"""

import json
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

STARTS_WITH_KEY = 1  # flag: the first sample is a key frame
MAX_SUBSCRIPTION = 65535

_HEADER = struct.Struct(">HBBIq")
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
