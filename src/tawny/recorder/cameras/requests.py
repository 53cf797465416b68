"""Reads what people type: names, camera addresses and passwords; each mistake is a `Problem` that names its field.

What was typed is never repeated in a problem: an address may hold a password.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import quote, unquote

from tawny.runtime.problem import Kind, Problem
from tawny.wire.moments import parse_rfc3339

MAX_NAME = 64
MAX_URL = 2048
MAX_CREDENTIAL = 256
PORTS = {"rtsp": 554, "rtsps": 322}  # RFC 2326, section 3.2; IANA
_EXAMPLE = "An address looks like rtsp://192.168.1.20:554/stream1."


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A camera's RTSP address, with the user and password that stood in it taken out."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)


class Request:
    """The named members of a request, each read once with its type.

    Invariant: `finish` refuses what no reader asked for, so that a misspelt member is never silently ignored.
    """

    def __init__(self, members: Mapping[str, Any]) -> None:
        self._members = members
        self._read: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def text(self, name: str, default: str | None = None, *, limit: int = MAX_CREDENTIAL) -> str:
        """The text *name*, without surrounding white space; required where there is no *default*."""
        self._read.add(name)
        value = self._members.get(name, default)
        if value is None:
            _refuse(name, f"The request lacks “{name}”.")
        if not isinstance(value, str):
            _refuse(name, f"“{name}” has to be text.")
        if len(value) > limit:
            _refuse(name, f"“{name}” is longer than {limit} characters.")
        return _printable(value, name)

    def flag(self, name: str, default: bool) -> bool:
        """The true-or-false *name*."""
        self._read.add(name)
        value = self._members.get(name, default)
        if not isinstance(value, bool):
            _refuse(name, f"“{name}” has to be true or false.")
        return value

    def choice(self, name: str, choices: Sequence[str], default: str | None = None) -> str:
        """The text *name*, which is one of *choices*."""
        value = self.text(name, default)
        if value not in choices:
            _refuse(name, f"“{name}” has to be one of: {', '.join(choices)}.")
        return value

    def fingerprint(self, name: str, default: str | None = None) -> str:
        """The SHA-256 *name* in hexadecimal, however it is written; may be empty where that is the *default*."""
        value = self.text(name, default).replace(":", "").replace(" ", "").lower()
        if value and not re.fullmatch(r"[0-9a-f]{64}", value):
            _refuse(name, "A fingerprint is 64 digits and letters from a to f.")
        return value

    def members(self, name: str, *, least: int = 1, most: int) -> "list[Request]":
        """The list *name* of *least* to *most* objects, each to be read and finished on its own."""
        self._read.add(name)
        value = self._members.get(name, [] if least == 0 else None)
        if not isinstance(value, list) or not least <= len(value) <= most:
            _refuse(name, f"“{name}” has to be a list of {least} to {most}.")
        if not all(isinstance(item, dict) for item in value):
            _refuse(name, f"“{name}” has to hold objects.")
        return [Request(item) for item in value]

    def mapping(self, name: str) -> Mapping[str, Any]:
        """The object *name*, whose members the reader checks."""
        self._read.add(name)
        value = self._members.get(name)
        if not isinstance(value, dict):
            _refuse(name, f"“{name}” has to be an object.")
        return value

    def number(self, name: str, *, least: float, most: float) -> float | None:
        """The number *name*; None where it is missing or null."""
        self._read.add(name)
        value = self._members.get(name)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            _refuse(name, f"“{name}” has to be a number from {least:g} to {most:g}.")
        return float(value)

    def whole(self, name: str, *, least: int, most: int, optional: bool = False) -> int | None:
        """The whole number *name*; None where it is null and *optional*."""
        self._read.add(name)
        value = self._members.get(name)
        if value is None and optional:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            _refuse(name, f"“{name}” has to be a whole number from {least} to {most}.")
        return value

    def moment(self, name: str, *, optional: bool = False) -> int | None:
        """The moment *name* (RFC 3339) in microseconds since 1970; None where it is missing or null and *optional*."""
        self._read.add(name)
        value = self._members.get(name)
        if value is None and optional:
            return None
        try:
            return parse_rfc3339(value if isinstance(value, str) else "")
        except ValueError:
            _refuse(name, f"“{name}” has to be a moment such as 2026-11-22T17:04:05Z.")

    def texts(self, name: str, *, most: int, limit: int = MAX_NAME) -> list[str]:
        """The list *name* of 1 to *most* texts."""
        self._read.add(name)
        value = self._members.get(name)
        if not isinstance(value, list) or not 0 < len(value) <= most:
            _refuse(name, f"“{name}” has to be a list of 1 to {most}.")
        if not all(isinstance(item, str) and len(item) <= limit for item in value):
            _refuse(name, f"“{name}” has to hold texts of at most {limit} characters.")
        return [_printable(item, name) for item in value]

    def finish(self) -> None:
        """Say that everything wanted has been read."""
        if unknown := sorted(set(self._members) - self._read):
            _refuse(unknown[0][:64], "The request has a member that is not known here.")


def camera_name(text: str) -> str:
    """*text* as a camera's name: any text of 1 to 64 characters."""
    name = text.strip()
    if not name:
        _refuse("name", "The camera needs a name.")
    if len(name) > MAX_NAME:
        _refuse("name", f"The name is longer than {MAX_NAME} characters.")
    return name


def address(text: str, *, name: str = "url") -> Address:
    """The RTSP address in *text*, which came from the field *name*."""
    stripped = text.strip()
    scheme, separator, rest = stripped.partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in PORTS:
        _refuse(name, "The address has to begin with rtsp:// or rtsps://.", remedy=_EXAMPLE)
    if any(c.isspace() for c in stripped):
        _refuse(name, "The address holds a space.", remedy=_EXAMPLE)
    # No "#" here: RTSP addresses have no fragment, yet passwords typed into them do have that character.
    end = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    credentials, _, host_port = rest[:end].rpartition("@")
    user, _, password = credentials.partition(":")
    url = f"{scheme}://{_host_port(host_port, name, PORTS[scheme])}{quote(rest[end:], safe=_URL_SAFE)}"
    return Address(url=url, user=_printable(unquote(user), name), password=_printable(unquote(password), name))


_URL_SAFE = "/?:@!$&'()*+,;=%-._~[]|"  # reserved and already escaped characters stay as the camera wrote them


def _printable(value: str, name: str) -> str:
    """*value*, which cannot end a header line early (control characters) and can be encoded (no lone surrogate)."""
    if any(unicodedata.category(c) in {"Cc", "Cs"} for c in value):
        _refuse(name, f"“{name}” holds a control character.")
    return value


def _host_port(text: str, name: str, usual_port: int) -> str:
    host, port = _split_port(text)
    bare = host.strip("[]")
    if not bare or any(c in "<>\"'\\^`{}|#%@" for c in bare):
        _refuse(name, "The address names no camera.", remedy=_EXAMPLE)
    if ":" in bare and not host.startswith("["):
        _refuse(name, "An IPv6 address has to stand in square brackets.", remedy="For example rtsp://[fd00::20]/live.")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= 65535):
        _refuse(
            name,
            "The port in the address is not a number from 1 to 65535.",
            remedy="If the password has special characters, write user and password into their own fields.",
        )
    return host.lower() + (f":{int(port)}" if port and int(port) != usual_port else "")


def _split_port(text: str) -> tuple[str, str]:
    if text.startswith("["):
        host, _, port = text.partition("]")
        return host + "]", port.removeprefix(":")
    host, colon, port = text.rpartition(":")
    if not colon:
        return text, ""
    return (text, "") if ":" in host else (host, port)


def _refuse(name: str, title: str, *, remedy: str = "") -> NoReturn:
    raise Problem(Kind.INVALID, title, remedy=remedy, field=name)
