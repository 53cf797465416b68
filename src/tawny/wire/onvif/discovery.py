"""WS-Discovery: Hello, Bye, Probe, ProbeMatches, Resolve, ResolveMatches.

ONVIF speaks the edition of April 2005; OASIS's 1.1 is read and written as well. Types are ``dn:`` and ``tds:`` names
where the namespace is ONVIF's, else ``{namespace}name``, so that a printer that calls itself "Device" stays one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml import etree

from tawny.wire.onvif import soap
from tawny.wire.onvif.elements import Element, child, children, integer, local, make, text, words
from tawny.wire.onvif.names import (
    ADDRESSING,
    ADDRESSING_2004,
    DISCOVERY_11,
    PREFIX_OF,
    PREFIXES,
)

PORT = 3702
GROUP_V4 = "239.255.255.250"
GROUP_V6 = "ff02::c"
LARGEST = 65_507  # bytes of a datagram

TRANSMITTER = "dn:NetworkVideoTransmitter"  # what Profile S asks for
DEVICE = "tds:Device"  # what Profiles T, G and M ask for

_MOST = 64  # endpoints in a message, types, scopes or addresses of an endpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One of the two namespaces of WS-Discovery with what belongs to it."""

    prefix: str
    addressing: str
    everybody: str
    anonymous: str


EDITION_2005 = Edition(
    prefix="d",
    addressing="wsa04",
    everybody="urn:schemas-xmlsoap-org:ws:2005:04:discovery",
    anonymous=f"{ADDRESSING_2004}/role/anonymous",
)
EDITION_11 = Edition(
    prefix="d11",
    addressing="wsa",
    everybody="urn:docs-oasis-open-org:ws-dd:ns:discovery:2009:01",
    anonymous=f"{ADDRESSING}/anonymous",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A device: *reference* is its lasting name (``urn:uuid:...``), *addresses* where its device service answers."""

    reference: str
    types: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    metadata_version: int = 1

    @property
    def is_camera(self) -> bool:
        """Whether it says that it speaks ONVIF, by type or by scope."""
        named = {kind.rpartition("}")[2].rpartition(":")[2] for kind in self.types if not kind.startswith("{")}
        return bool(named & {"NetworkVideoTransmitter", "Device"}) or any(_ONVIF_SCOPE.match(s) for s in self.scopes)

    def scope(self, *categories: str) -> str | None:
        """The value of its first scope in one of *categories*, as in ``scope("name")``."""
        return next((value for category, value in scope_values(self.scopes) if category in categories), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """A device has come or has changed."""

    endpoint: Endpoint
    message_id: str = ""
    edition: Edition = EDITION_2005


@dataclass(frozen=True, slots=True, kw_only=True)
class Bye:
    """A device is about to leave."""

    endpoint: Endpoint
    message_id: str = ""
    edition: Edition = EDITION_2005


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Somebody asks who is there; without types or scopes everybody is meant."""

    message_id: str
    types: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    match_by: str | None = None
    edition: Edition = EDITION_2005


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """Somebody asks where *reference* is."""

    message_id: str
    reference: str
    edition: Edition = EDITION_2005


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """The answer to a Probe or a Resolve, *relates_to* being that one's message id."""

    endpoints: tuple[Endpoint, ...]
    relates_to: str = ""
    message_id: str = ""
    resolved: bool = False
    edition: Edition = EDITION_2005


Message = Hello | Bye | Probe | Resolve | Matches


def read(data: bytes, *, lenient: bool = True) -> Message:
    """Read a datagram; ValueError where it is no message of WS-Discovery."""
    if len(data) > LARGEST:
        raise ValueError("the datagram is too large")
    message = soap.parse(data, lenient=lenient)
    body = message.body
    if body is None:
        raise ValueError("the message says nothing")
    edition = EDITION_11 if etree.QName(body).namespace == DISCOVERY_11 else EDITION_2005
    message_id = message.addressed("MessageID") or ""
    match local(body):
        case "Hello":
            return Hello(endpoint=_endpoint(body), message_id=message_id, edition=edition)
        case "Bye":
            return Bye(endpoint=_endpoint(body), message_id=message_id, edition=edition)
        case "Probe":
            return _probe(body, message_id, edition)
        case "Resolve":
            reference = text(body, "EndpointReference/Address") or ""
            return Resolve(message_id=message_id, reference=reference, edition=edition)
        case "ProbeMatches" | "ResolveMatches" as name:
            found = children(body, name.removesuffix("es"))
            return Matches(
                endpoints=tuple(_endpoint(each) for each in found[:_MOST]),
                relates_to=message.addressed("RelatesTo") or "",
                message_id=message_id,
                resolved=name == "ResolveMatches",
                edition=edition,
            )
        case _:
            raise ValueError("the message is not of WS-Discovery")


def _probe(body: Element, message_id: str, edition: Edition) -> Probe:
    return Probe(
        message_id=message_id,
        types=_types(body),
        scopes=words(body, "Scopes")[:_MOST],
        match_by=text(body, "Scopes/@MatchBy"),
        edition=edition,
    )


def _endpoint(element: Element) -> Endpoint:
    return Endpoint(
        reference=text(element, "EndpointReference/Address") or "",
        types=_types(element),
        scopes=words(element, "Scopes")[:_MOST],
        addresses=_addresses(text(element, "XAddrs") or ""),
        metadata_version=integer(element, "MetadataVersion") or 1,
    )


def _addresses(listed: str) -> tuple[str, ...]:
    """HTTP addresses, parted by blanks (or commas, as some do)."""
    found = (word for word in re.split(r"[\s,]+", listed) if re.match(r"https?://[^/]", word, re.IGNORECASE))
    return tuple(dict.fromkeys(word[:2048] for word in found))[:_MOST]


def _types(element: Element) -> tuple[str, ...]:
    holder = child(element, "Types")
    return tuple(_type(holder, word) for word in words(element, "Types")[:_MOST]) if holder is not None else ()


def _type(holder: Element, word: str) -> str:
    """The QName *word* with our prefix where it is one of ours; as written where its prefix was never declared."""
    prefix, _, name = word.rpartition(":")
    namespace = holder.nsmap.get(prefix or None)
    if namespace is None:
        return word
    return f"{PREFIX_OF[namespace]}:{name}" if namespace in PREFIX_OF else f"{{{namespace}}}{name}"


_ONVIF_SCOPE = re.compile(r"onvif://www\.onvif\.org/", re.IGNORECASE)


def scope_values(scopes: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Category and value of ONVIF's scopes: ``onvif://www.onvif.org/name/Front%20door`` is ("name", "Front door").

    Categories are in lower case; a value may have slashes.
    """
    for scope in scopes:
        if match := _ONVIF_SCOPE.match(scope):
            category, _, value = scope[match.end() :].partition("/")
            yield category.lower(), unquote(value).strip("/ ")


def matching(endpoint: Endpoint, probe: Probe) -> bool:
    """Whether *probe* asks for *endpoint*: each type and each scope that it names (WS-Discovery, 5.1)."""
    if not set(probe.types) <= set(endpoint.types):
        return False
    rule = (probe.match_by or "rfc3986").rpartition("/")[2].lower()
    if rule in {"rfc3986", "rfc2396"}:
        return all(any(_within(mine, asked) for mine in endpoint.scopes) for asked in probe.scopes)
    return rule == "strcmp0" and set(probe.scopes) <= set(endpoint.scopes)


def _within(mine: str, asked: str) -> bool:
    """Whether *asked* is a prefix of *mine* by whole path segments; scheme and host in any case."""
    try:
        ours, theirs = urlsplit(mine), urlsplit(asked)
    except ValueError:  # an IPv6 address that was never closed
        return False
    if (ours.scheme.lower(), ours.netloc.lower()) != (theirs.scheme.lower(), theirs.netloc.lower()):
        return False
    wanted = [segment for segment in theirs.path.split("/") if segment]
    return [segment for segment in ours.path.split("/") if segment][: len(wanted)] == wanted


def write(message: Message) -> bytes:
    """The datagram."""
    edition = message.edition
    match message:
        case Hello():
            return _write(edition, "Hello", _written_endpoint(edition, message.endpoint), message.message_id)
        case Bye():
            return _write(edition, "Bye", _written_endpoint(edition, message.endpoint), message.message_id)
        case Probe():
            return _write(edition, "Probe", _written_probe(message), message.message_id)
        case Resolve():
            return _write(edition, "Resolve", [_reference(edition, message.reference)], message.message_id)
        case Matches():
            name = "ResolveMatch" if message.resolved else "ProbeMatch"
            matches = [
                make(f"{edition.prefix}:{name}", *_written_endpoint(edition, endpoint))
                for endpoint in message.endpoints
            ]
            return _write(edition, name + "es", matches, message.message_id, relates_to=message.relates_to)


def _write(
    edition: Edition, name: str, content: Sequence[Element | None], message_id: str, relates_to: str | None = None
) -> bytes:
    addressed = {
        "MessageID": message_id,
        "RelatesTo": relates_to,
        "To": edition.everybody if relates_to is None else edition.anonymous,
        "Action": f"{PREFIXES[edition.prefix]}/{name}",
    }
    headers = [make(f"{edition.addressing}:{key}", value) for key, value in addressed.items() if value is not None]
    return soap.envelope(make(f"{edition.prefix}:{name}", *content), headers, spoken=("dn", "tds"))


def _reference(edition: Edition, reference: str) -> Element:
    return make(f"{edition.addressing}:EndpointReference", make(f"{edition.addressing}:Address", reference))


def _written_endpoint(edition: Edition, endpoint: Endpoint) -> list[Element | None]:
    return [
        _reference(edition, endpoint.reference),
        _joined(edition, "Types", endpoint.types),
        _joined(edition, "Scopes", endpoint.scopes),
        _joined(edition, "XAddrs", endpoint.addresses),
        make(f"{edition.prefix}:MetadataVersion", str(endpoint.metadata_version)),
    ]


def _written_probe(probe: Probe) -> list[Element | None]:
    scopes = _joined(probe.edition, "Scopes", probe.scopes)
    if scopes is not None and probe.match_by is not None:
        scopes.set("MatchBy", probe.match_by)
    return [_joined(probe.edition, "Types", probe.types), scopes]


def _joined(edition: Edition, name: str, listed: tuple[str, ...]) -> Element | None:
    return make(f"{edition.prefix}:{name}", " ".join(listed)) if listed else None
