"""Session descriptions (RFC 8866, of which cameras speak RFC 4566 or less): read leniently, written strictly.

Cameras leave out lines that the standard requires, repeat session lines inside media, and misplace attributes; what a
recorder needs are the media, their codecs and control addresses, so every line that is not understood is passed over.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_LIMIT = 1 << 20
_MOST_MEDIA = 32
_KINDS = {"video", "audio", "application", "text", "message", "image"}
_DIRECTIONS = {"recvonly", "sendonly", "sendrecv", "inactive"}
_STATIC = {  # RFC 3551, table 4 and 5: what needs no rtpmap and cameras use
    0: ("PCMU", 8000, 1),
    8: ("PCMA", 8000, 1),
    9: ("G722", 8000, 1),
    14: ("MPA", 90000, 1),
    26: ("JPEG", 90000, 1),
    33: ("MP2T", 90000, 1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaDescription:
    """One ``m=`` section.

    *encoding* is in upper case ("H264", "MPEG4-GENERIC"), "" where the camera does not tell; *fmtp* has lower-case
    keys and untouched values; *control* is as written, relative or absolute; *direction* is the server's word:
    "sendonly" audio beside another one is a loudspeaker's back channel (ONVIF Streaming, 5.3).
    """

    kind: str
    payload_type: int
    encoding: str
    clock_rate: int
    channels: int = 1
    fmtp: Mapping[str, str] = field(default_factory=dict)
    control: str | None = None
    direction: str = "sendrecv"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDescription:
    """A whole description: *control* is the session's own control address, where it gives one."""

    media: tuple[MediaDescription, ...]
    name: str = ""
    control: str | None = None


def parse(text: bytes | str) -> SessionDescription:
    """Read what a camera describes; raises ValueError where it is no session description or describes no media."""
    if len(text) > _LIMIT:
        raise ValueError("the session description is larger than 1 MB")
    decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    session, sections = _sections(decoded.lstrip("\ufeff"))
    if not sections:
        raise ValueError("the session description has no media")
    everywhere = [line for section in sections for line in section]
    direction = next((v for k, v in _attributes(session) if k in _DIRECTIONS), "sendrecv")
    media = (_media(section, everywhere, direction) for section in sections[:_MOST_MEDIA])
    return SessionDescription(
        media=tuple(m for m in media if m is not None),
        name=next((value for kind, value in session if kind == "s"), ""),
        control=next((value for key, value in _attributes(session) if key == "control" and value), None),
    )


_Line = tuple[str, str]  # the letter before the equals sign, and what follows


def _sections(text: str) -> tuple[list[_Line], list[list[_Line]]]:
    """The lines before the first ``m=``, and those of each ``m=``."""
    session: list[_Line] = []
    sections: list[list[_Line]] = []
    for line in re.split(r"[\r\n]+", text):
        kind, equals, value = line.partition("=")
        if not equals or len(kind.strip()) != 1:
            continue
        if kind.strip() == "m":
            sections.append([])
        (sections[-1] if sections else session).append((kind.strip(), value.strip()))
    return session, sections


def _attributes(lines: Iterable[_Line]) -> Iterable[tuple[str, str]]:
    for kind, value in lines:
        if kind == "a":
            key, _, rest = value.partition(":")
            key = key.strip().lower()
            yield key, key if key in _DIRECTIONS else rest.strip()


def _media(section: list[_Line], everywhere: list[_Line], session_direction: str) -> MediaDescription | None:
    """The section's media, or None where its ``m=`` line can't be read (TP-Link: ``RTP/AVP smart/1/90000``)."""
    words = section[0][1].split()
    if len(words) < 4 or not words[3].isascii() or not words[3].isdigit() or int(words[3]) > 127:
        return None
    kind = words[0].partition("/")[0].lower()
    payload_type = int(words[3])
    attributes = list(_attributes(section))
    encoding, clock_rate, channels = _encoding(payload_type, attributes, kind)
    fmtp = _fmtp(payload_type, attributes) or _fmtp(payload_type, _attributes(everywhere))
    return MediaDescription(
        kind=kind if kind in _KINDS else "application",
        payload_type=payload_type,
        encoding=encoding,
        clock_rate=clock_rate,
        channels=channels,
        fmtp=fmtp,
        control=next((value for key, value in reversed(attributes) if key == "control" and value), None),
        direction=next((value for key, value in attributes if key in _DIRECTIONS), session_direction),
    )


def _encoding(payload_type: int, attributes: list[tuple[str, str]], kind: str) -> tuple[str, int, int]:
    """Encoding, clock rate and channels: by rtpmap, else by the static number, else by the only rtpmap there is."""
    maps = [match for key, value in attributes if key == "rtpmap" and (match := _RTPMAP.match(value))]
    for match in maps:
        if int(match[1]) == payload_type:
            return _mapped(match)
    if payload_type in _STATIC:
        return _STATIC[payload_type]
    if len(maps) == 1:  # the number is a slip of the pen: there is nothing else that it could mean
        return _mapped(maps[0])
    return "", 90_000 if kind == "video" else 8000, 1


_RTPMAP = re.compile(r"(\d{1,3})\s+([^\s/]+)\s*/\s*(\d{1,9})(?:\s*/\s*(\d{1,3}))?", re.ASCII)


def _mapped(match: re.Match[str]) -> tuple[str, int, int]:
    return match[2].upper(), int(match[3]) or 90_000, int(match[4] or 1) or 1


def _fmtp(payload_type: int, attributes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The format's parameters.

    Some cameras write the video's line under the audio (AlexxIT/WebRTC issue 419), hence *attributes* may be those of
    all media.
    """
    for key, value in attributes:
        number, _, parameters = value.partition(" ")
        if key == "fmtp" and number == str(payload_type):
            pairs = (part.partition("=") for part in parameters.split(";"))
            return {name.strip().lower(): given.strip() for name, _, given in pairs if name.strip()}
    return {}


def session_description(media: Iterable[MediaDescription], *, name: str, session_id: int, address: str) -> bytes:
    """Write the description that a server of ours answers with; *address* is its own.

    The connection data stay open ("0.0.0.0"), for it is SETUP that tells where media go (RFC 2326, C.1.7).
    """
    family, anywhere = ("IP6", "::") if ":" in address else ("IP4", "0.0.0.0")  # noqa: S104 - the form asks for it, nothing is bound
    lines = [
        "v=0",
        f"o=- {session_id} 1 IN {family} {address}",
        f"s={_line(name) or '-'}",
        f"c=IN {family} {anywhere}",
        "t=0 0",
        "a=control:*",
        "a=range:npt=now-",
    ]
    for described in media:
        lines += _media_lines(described)
    return ("\r\n".join(lines) + "\r\n").encode()


def _media_lines(media: MediaDescription) -> list[str]:
    number = media.payload_type
    channels = f"/{media.channels}" if media.kind == "audio" else ""
    lines = [f"m={media.kind} 0 RTP/AVP {number}", f"a=rtpmap:{number} {media.encoding}/{media.clock_rate}{channels}"]
    if media.fmtp:
        lines.append(f"a=fmtp:{number} " + ";".join(f"{key}={value}" for key, value in media.fmtp.items()))
    if media.control:
        lines.append(f"a=control:{media.control}")
    return [_line(line) for line in [*lines, f"a={media.direction}"]]


def _line(text: str) -> str:
    """*text* without what would end its line."""
    return re.sub(r"[\r\n\0]+", " ", text)
