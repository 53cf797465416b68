"""Strict reading of JSON from outside: every member has its type, its bound, and a reader; what nobody reads is refused."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

from tawny.wire.moments import parse_rfc3339

T = TypeVar("T")
MAX_INTEGER = 2**53 - 1  # what every JSON reader keeps exactly (RFC 8259, section 6)
_HEX = re.compile(r"(?:[0-9a-f]{2})+")


class Members:
    """The members of one JSON object, each read once; every mistake is a ValueError that names its place.

    Invariant: `finish` refuses what no reader asked for.
    """

    def __init__(self, value: object, *, place: str = "") -> None:
        if not isinstance(value, dict):
            raise ValueError(f"{place or 'it'} has to be an object")  # noqa: TRY004 - of bytes from outside
        self._members: Mapping[str, Any] = value
        self._place = place
        self._read: set[str] = set()

    def text(self, name: str, *, limit: int = 256) -> str:
        value = self._take(name)
        if not isinstance(value, str) or len(value) > limit:
            self._refuse(name, f"has to be text of at most {limit} characters")
        try:
            value.encode()
        except UnicodeEncodeError:
            self._refuse(name, "is no Unicode text")
        return value

    def integer(self, name: str, *, least: int = 0) -> int:
        value = self._take(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MAX_INTEGER:
            self._refuse(name, f"has to be a whole number from {least} on")
        return value

    def flag(self, name: str) -> bool:
        value = self._take(name)
        if not isinstance(value, bool):
            self._refuse(name, "has to be true or false")
        return value

    def moment(self, name: str) -> int:
        """Microseconds since 1970 UTC."""
        try:
            return parse_rfc3339(self.text(name, limit=40))
        except ValueError as error:
            self._refuse(name, f"is no moment ({error})")

    def hexadecimal(self, name: str, *, size: int) -> bytes:
        """*size* bytes."""
        text = self.text(name, limit=2 * size)
        if len(text) != 2 * size or _HEX.fullmatch(text) is None:
            self._refuse(name, f"has to be {size} bytes in hexadecimal digits")
        return bytes.fromhex(text)

    def list(self, name: str, read: Callable[[object, str], T], *, limit: int) -> tuple[T, ...]:
        """Each item as *read* makes it from the item and its place."""
        value = self._take(name)
        if not isinstance(value, list) or len(value) > limit:
            self._refuse(name, f"has to be a list of at most {limit}")
        return tuple(read(item, f"{self._at(name)}[{number}]") for number, item in enumerate(value))

    def members(self, name: str) -> "Members":
        return Members(self._take(name), place=self._at(name))

    def optional(self, name: str) -> "Members | None":
        """As `members`; None for null."""
        return None if self._members.get(name, "") is None and self._take(name) is None else self.members(name)

    def names(self) -> tuple[str, ...]:
        """The names of all members."""
        return tuple(self._members)

    def has(self, name: str) -> bool:
        return name in self._members

    def finish(self) -> None:
        """Say that everything wanted has been read."""
        if unknown := sorted(set(self._members) - self._read):
            raise ValueError(f"{self._at(unknown[0][:64])} is not known here")

    def _take(self, name: str) -> Any:
        if name not in self._members:
            self._refuse(name, "is missing")
        self._read.add(name)
        return self._members[name]

    def _at(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name

    def _refuse(self, name: str, what: str) -> NoReturn:
        raise ValueError(f"{self._at(name)} {what}")


def parse(text: bytes | str, *, limit: int) -> object:
    """The JSON value in *text* of at most *limit* bytes; ValueError for everything that is none, and for what other readers read otherwise."""
    if len(text) > limit:
        raise ValueError(f"longer than {limit} bytes")
    try:
        found: object = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_without_repetition)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _without_repetition(pairs: "list[tuple[str, Any]]") -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice")
    return found
