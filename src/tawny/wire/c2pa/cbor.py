"""CBOR (RFC 8949) as a C2PA claim has it: one spelling for each value, so that reading and writing are the inverse of each other."""

from dataclasses import dataclass
from typing import Any, Final

MAX_DEPTH: Final = 16
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_SIMPLE_VALUES: Final = {20: False, 21: True, 22: None}

Value = Any  # int, bytes, str, bool, None, Tagged, or a list or dict of them


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tagged value."""

    tag: int
    value: "Value"


def decode(data: bytes) -> Value:
    """The value that fills *data*; ValueError for anything longer, shorter, indefinite, or spelled longer than needed."""
    value, end = _value(data, 0, 0)
    if end != len(data):
        raise ValueError("bytes behind the value")
    return value


def _value(data: bytes, at: int, depth: int) -> tuple[Value, int]:
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    major, argument, at = _head(data, at)
    match major:
        case 0:
            return argument, at
        case 1:
            return -1 - argument, at
        case 2 | 3:
            return _string(data, at, argument, text=major == _TEXT)
        case 4:
            return _array(data, at, argument, depth)
        case 5:
            return _map(data, at, argument, depth)
        case 6:
            value, at = _value(data, at, depth + 1)
            return Tagged(argument, value), at
        case _:
            if argument not in _SIMPLE_VALUES:
                raise ValueError("a simple value that is not used here")
            return _SIMPLE_VALUES[argument], at


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Major type, argument, and where the content begins."""
    if at >= len(data):
        raise ValueError("cut short")
    major, low = data[at] >> 5, data[at] & 31
    at += 1
    if low < 24:
        return major, low, at
    size = 1 << low - 24
    if size > 8 or at + size > len(data) or major == _SIMPLE:
        raise ValueError("an argument that is not used here")
    argument = int.from_bytes(data[at : at + size], "big")
    if argument < 24 or (size > 1 and argument < 1 << 4 * size):
        raise ValueError("an argument spelled longer than needed")
    return major, argument, at + size


def _string(data: bytes, at: int, size: int, *, text: bool) -> tuple[Value, int]:
    if size > len(data) - at:
        raise ValueError("cut short")
    found = data[at : at + size]
    return (found.decode() if text else found), at + size


def _array(data: bytes, at: int, count: int, depth: int) -> tuple[Value, int]:
    if count > len(data) - at:
        raise ValueError("cut short")
    items: list[Value] = []
    for _ in range(count):
        item, at = _value(data, at, depth + 1)
        items.append(item)
    return items, at


def _map(data: bytes, at: int, count: int, depth: int) -> tuple[Value, int]:
    if count > len(data) - at:
        raise ValueError("cut short")
    members: dict[Value, Value] = {}
    for _ in range(count):
        name, at = _value(data, at, depth + 1)
        if not isinstance(name, str | int) or name in members:
            raise ValueError("a member without a name of its own")
        members[name], at = _value(data, at, depth + 1)
    return members, at


def encode_bytes(data: bytes) -> bytes:
    """*data* as a byte string."""
    size = len(data)
    if size < 24:
        return bytes((_BYTES << 5 | size,)) + data
    width = next(width for width in (1, 2, 4, 8) if size < 1 << 8 * width)
    return bytes((_BYTES << 5 | 23 + width.bit_length(),)) + size.to_bytes(width, "big") + data
