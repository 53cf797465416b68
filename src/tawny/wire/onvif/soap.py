"""SOAP: envelopes read and written, faults, WS-Addressing (SOAP 1.2; 1.1 is read too)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from lxml import etree

from tawny.wire.onvif.documents import document
from tawny.wire.onvif.elements import Element, child, children, fragment, local, make, text
from tawny.wire.onvif.names import PREFIX_OF, PREFIXES, SOAP11, SOAP12

CONTENT_TYPE = "application/soap+xml; charset=utf-8"

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[T_co]):
    """A request and how its answer is read."""

    body: Element
    read: Callable[[Element], T_co]

    @property
    def service(self) -> str:
        """The namespace of the service that the request is for."""
        return etree.QName(self.body).namespace or ""

    @property
    def operation(self) -> str:
        """The operation's name, as in ``GetProfiles``."""
        return local(self.body)


def nothing(answer: Element) -> None:
    """Read an answer that says no more than that it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A message: *body* is what stands in its Body, None where that is empty; *header* may be absent."""

    body: Element | None
    header: Element | None
    version: str

    def addressed(self, name: str) -> str | None:
        """A header of WS-Addressing: MessageID, RelatesTo, Action, To."""
        return text(self.header, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A refusal: *code* is Sender, Receiver, ...; *subcodes* are local names, from the general to the particular."""

    code: str
    subcodes: tuple[str, ...] = ()
    reason: str = ""
    detail: str = ""

    def names(self, *subcodes: str) -> bool:
        """Whether one of *subcodes* is given, in whatever case."""
        wanted = {subcode.lower() for subcode in subcodes}
        return any(subcode.lower() in wanted for subcode in self.subcodes)

    @property
    def unauthorized(self) -> bool:
        """Whether the camera wants another login: by its subcode, else by its words (Dahua: "Authority failure")."""
        if self.names(
            "NotAuthorized", "FailedAuthentication", "InvalidSecurity", "InvalidSecurityToken", "FailedCheck"
        ):
            return True
        return bool(
            re.search(r"not.?authori|unauthori|authority failure|authenticat", self.reason + self.detail, re.IGNORECASE)
        )

    @property
    def locked_out(self) -> bool:
        """Whether the camera says that it takes no login for a while."""
        return bool(
            re.search(
                r"\block(ed|out)?\b|AccountLocked|UserLocked",
                f"{self.subcodes}{self.reason}{self.detail}",
                re.IGNORECASE,
            )
        )

    @property
    def unsupported(self) -> bool:
        """Whether the camera does not know the operation."""
        if self.names("ActionNotSupported", "NotSupported", "UnknownAction", "NoSuchService", "ActionMismatch"):
            return True
        return bool(
            re.search(
                r"not (implement|support|recogni)|unknown (action|method)", self.reason + self.detail, re.IGNORECASE
            )
        )

    def __str__(self) -> str:
        return self.reason or self.detail or "/".join((self.code, *self.subcodes))


class FaultError(ValueError):
    """The camera answered with a fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def parse(data: bytes, *, lenient: bool = True) -> Envelope:
    """Read an envelope; ValueError where *data* is none."""
    root = document(data, lenient=lenient)
    version = etree.QName(root).namespace or ""
    if local(root) != "Envelope" or (not lenient and version not in {SOAP11, SOAP12}):
        raise ValueError(
            "a web page was answered, not SOAP" if local(root).lower() == "html" else "the message is not SOAP"
        )
    body = child(root, "Body")
    if body is None:
        body = root if child(root, "Fault") is not None else None  # a fault beside the body that is lacking
    if body is None:
        raise ValueError("the SOAP message has no body")
    first = child(body, "Fault")
    if first is None:
        first = next(body.iterchildren(etree.Element), None)
    return Envelope(body=first, header=child(root, "Header"), version=version)


def answer(data: bytes) -> Element:
    """What a camera answered; raises FaultError for a fault, ValueError where there is nothing to read."""
    body = parse(data).body
    if body is None:
        raise ValueError("the camera answered with an empty message")
    if local(body) == "Fault":
        raise FaultError(read_fault(body))
    return body


def read_fault(fault: Element) -> Fault:
    """Read a fault of SOAP 1.2 or 1.1."""
    code = text(fault, "Code/Value") or text(fault, "faultcode") or ""
    detail = child(fault, "Detail")
    detail = child(fault, "detail") if detail is None else detail
    return Fault(
        code=code.rpartition(":")[2],
        subcodes=tuple(_subcodes(child(fault, "Code"))),
        reason=(text(fault, "Reason/Text") or text(fault, "faultstring") or "")[:1000],
        detail=" ".join(" ".join(str(part) for part in detail.itertext()).split())[:1000] if detail is not None else "",
    )


def _subcodes(code: Element | None) -> Iterable[str]:
    while (code := child(code, "Subcode")) is not None:
        if value := text(code, "Value"):
            yield value.rpartition(":")[2]


def envelope(
    body: Element | None, headers: Iterable[Element] = (), *, spoken: Iterable[str] = ("tt", "tns1", "ter", "xs")
) -> bytes:
    """A SOAP 1.2 message with *body* in it; *body* and *headers* are used up.

    *spoken* are the prefixes that stand in texts, as topics and fault codes do: they stay declared.
    """
    listed = list(headers)
    root = etree.Element(f"{{{SOAP12}}}Envelope", nsmap=_declared([*listed, *([] if body is None else [body])], spoken))
    if listed:
        etree.SubElement(root, f"{{{SOAP12}}}Header").extend(listed)
    within = etree.SubElement(root, f"{{{SOAP12}}}Body")
    if body is not None:
        within.append(body)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _declared(parts: list[Element], spoken: Iterable[str]) -> dict[str, str]:
    """The prefixes that *parts* use, to be declared once, at the top; makers' own stay where they are."""
    used = {each.tag.rpartition("}")[0][1:] for part in parts for each in part.iter(etree.Element)}
    prefixes = {"s", *spoken, *(PREFIX_OF[namespace] for namespace in used if namespace in PREFIX_OF)}
    return {prefix: namespace for prefix, namespace in PREFIXES.items() if prefix in prefixes}


def write_fault(fault: Fault) -> Element:
    """A SOAP 1.2 fault; subcodes are ONVIF's (ter:), unless they bring a prefix of ours along."""
    code = make("s:Code", make("s:Value", f"s:{fault.code}"), _write_subcodes(fault.subcodes))
    reason = make("s:Text", fault.reason or "Error")
    reason.set(f"{{{PREFIXES['xml']}}}lang", "en")
    detail = make("s:Detail", make("s:Text", fault.detail)) if fault.detail else None
    return make("s:Fault", code, make("s:Reason", reason), detail)


def _write_subcodes(subcodes: tuple[str, ...]) -> Element | None:
    if not subcodes:
        return None
    prefix, _, name = subcodes[0].rpartition(":")
    prefix = prefix or "ter"
    value = etree.Element(f"{{{SOAP12}}}Value", nsmap={"s": SOAP12, prefix: PREFIXES[prefix]})
    value.text = f"{prefix}:{name}"
    return make("s:Subcode", value, _write_subcodes(subcodes[1:]))


def addressing(
    *, action: str, to: str | None = None, message_id: str | None = None, relates_to: str | None = None
) -> list[Element]:
    """Headers of WS-Addressing 1.0, as event operations want them."""
    named = (("Action", action), ("MessageID", message_id), ("RelatesTo", relates_to), ("To", to))
    return [make(f"wsa:{name}", value) for name, value in named if value is not None]


_EVENT_ACTIONS = {
    "CreatePullPointSubscription": "http://www.onvif.org/ver10/events/wsdl/EventPortType/",
    "GetEventProperties": "http://www.onvif.org/ver10/events/wsdl/EventPortType/",
    "GetServiceCapabilities": "http://www.onvif.org/ver10/events/wsdl/EventPortType/",
    "PullMessages": "http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/",
    "Seek": "http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/",
    "SetSynchronizationPoint": "http://www.onvif.org/ver10/events/wsdl/PullPointSubscription/",
    "Renew": "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/",
    "Unsubscribe": "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/",
    "Subscribe": "http://docs.oasis-open.org/wsn/bw-2/NotificationProducer/",
    "Notify": "http://docs.oasis-open.org/wsn/bw-2/NotificationConsumer/",
}


def action(body: Element, suffix: str = "Request") -> str:
    """The action's address: ``<namespace>/<operation>``, and for event operations what their WSDL says.

    *suffix* counts for the latter only: "Request", or "Response" for an answer.
    """
    namespace, name = etree.QName(body).namespace or "", local(body).removesuffix("Response")
    if namespace in {PREFIXES["tev"], PREFIXES["wsnt"]} and name in _EVENT_ACTIONS:
        return _EVENT_ACTIONS[name] + name + ("" if name == "Notify" else suffix)
    return f"{namespace}/{name}"


def references(endpoint: Element | None) -> tuple[bytes, ...]:
    """What an endpoint reference wants echoed as headers with each request to it (WS-Addressing 1.0, 3.3).

    Axis names the subscription there alone; its address is the same for all.
    """
    holders = [*children(endpoint, "ReferenceParameters"), *children(endpoint, "ReferenceProperties")]
    found = [each for holder in holders for each in holder.iterchildren(etree.Element)]
    return tuple(fragment(each) for each in found[:16])


def echoed(parameters: Iterable[bytes]) -> list[Element]:
    """The headers that echo *parameters*."""
    made = [document(parameter, lenient=True) for parameter in parameters]
    for header in made:
        header.set(f"{{{PREFIXES['wsa']}}}IsReferenceParameter", "true")
    return made
