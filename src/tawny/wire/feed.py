"""The feed: how the recorder gives live media and camera states to the gateway (`docs/design/programs.md`, Feed).

`u32 length | u8 kind | u8 track | u8 flags | u8 0 | i64 utc_us | payload`, big-endian; the length counts what follows it.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

from tawny.wire.media import StreamName

MAX_MESSAGE = 64 << 20  # FRAGMENTS may hold a group of pictures of a minute
MAX_REQUEST = 1024
_HEAD = struct.Struct(">IBBBBq")
_UNIT = struct.Struct(">Ii")
_KEY = 1  # bit 0 of the flags


class FeedKind(IntEnum):
    """What a message is."""

    FORMAT = 0
    FRAGMENTS = 1
    UNIT = 2
    STATE = 3
    LOST = 4


class FeedMessage(NamedTuple):
    """One message as read; *key* matters for units only, *track* is 0 for what concerns the whole stream."""

    kind: FeedKind
    track: int
    key: bool
    utc_us: int
    payload: bytes


class FeedUnit(NamedTuple):
    """A unit's payload: *duration* and composition *shift* in the track's ticks, and the MP4 sample."""

    duration: int
    shift: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRequest:
    """What a client asks for, in one line of JSON."""

    camera: str
    stream: StreamName


def encode_request(request: FeedRequest) -> bytes:
    """The line that a client begins with."""
    return json.dumps({"camera": request.camera, "stream": request.stream}).encode() + b"\n"


def read_request(line: bytes) -> FeedRequest:
    """What a client's first *line* asks for; raises ValueError."""
    match json.loads(line[:MAX_REQUEST]):
        case {"camera": str(camera), "stream": str(stream)}:
            return FeedRequest(camera=camera, stream=StreamName(stream))
        case _:
            raise ValueError("a feed is asked for by camera and stream")


def encode(kind: FeedKind, payload: bytes = b"", *, utc_us: int, track: int = 0, key: bool = False) -> bytes:
    """One message."""
    return _HEAD.pack(12 + len(payload), kind, track, _KEY if key else 0, 0, utc_us) + payload


def encode_unit(track: int, data: bytes, *, utc_us: int, duration: int, shift: int, key: bool) -> bytes:
    """A UNIT message, made with one copy of *data*."""
    head = _HEAD.pack(20 + len(data), FeedKind.UNIT, track, _KEY if key else 0, 0, utc_us)
    return b"".join((head, _UNIT.pack(duration, shift), data))


def encode_state(state: Mapping[str, Any], *, utc_us: int) -> bytes:
    """A STATE message."""
    return encode(FeedKind.STATE, json.dumps(state, separators=(",", ":")).encode(), utc_us=utc_us)


def kind_of(message: bytes) -> FeedKind:
    """The kind of an encoded message."""
    return FeedKind(message[4])


def starts_with_key(message: bytes) -> bool:
    """Whether an encoded message is a unit of video at which decoding can start."""
    return message[4] == FeedKind.UNIT and message[5] == 1 and message[6] & _KEY != 0


def read_unit(payload: bytes) -> FeedUnit:
    """What a UNIT message's payload holds; raises ValueError."""
    if len(payload) < _UNIT.size:
        raise ValueError("a feed unit ends early")
    duration, shift = _UNIT.unpack_from(payload)
    return FeedUnit(duration, shift, payload[_UNIT.size :])


class FeedReader:
    """Cuts what comes from a feed's socket into messages.

    Invariant: what is kept is less than one message.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[FeedMessage]:
        """The messages that are whole with *data*; raises ValueError where it is no feed."""
        self._buffer += data
        buffer, at = self._buffer, 0
        try:
            while len(buffer) - at >= _HEAD.size:
                length, kind, track, flags, _, utc_us = _HEAD.unpack_from(buffer, at)
                if not 12 <= length <= MAX_MESSAGE or kind > FeedKind.LOST:
                    raise ValueError("not a feed")
                if len(buffer) - at < 4 + length:
                    break
                payload = bytes(memoryview(buffer)[at + _HEAD.size : at + 4 + length])
                at += 4 + length
                yield FeedMessage(FeedKind(kind), track, flags & _KEY != 0, utc_us, payload)
        finally:
            del buffer[:at]
