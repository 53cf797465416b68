"""Answers written out, for tests of readers."""

from tawny.wire.onvif import soap
from tawny.wire.onvif.elements import Element
from tawny.wire.onvif.names import PREFIXES

_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items() if prefix != "xml")


def answer(body: str) -> Element:
    """The body of a message with *body* in it, every usual prefix declared."""
    return soap.answer(f"<s:Envelope {_DECLARED}><s:Body>{body}</s:Body></s:Envelope>".encode())


def sent(element: Element) -> Element:
    """*element* as the other side reads it."""
    body = soap.parse(soap.envelope(element), lenient=False).body
    assert body is not None
    return body
