"""XML documents, read safely.

Every document comes from a stranger. No entity is resolved, nothing is fetched, a DOCTYPE is refused, and size, depth
and the number of elements are bounded. Our client reads leniently (a camera's document may be cut off, use prefixes
that it never declared, or hold a bare ampersand); our servers refuse what is not well-formed.
"""

import re

from lxml import etree

from tawny.wire.onvif.elements import Element

LARGEST = 4 << 20  # bytes of a document; 36 profiles of the wordiest camera are 165 kB
_MOST_MARKS = 200_000  # of "<", "=" or "&": start and end tags, attributes, references
_DEEPEST = 64  # elements within elements; real answers reach 20


def document(data: bytes, *, lenient: bool) -> Element:
    """The root element of *data*; ValueError where it is no XML, too large, too deep or has a DOCTYPE."""
    if len(data) > LARGEST:
        raise ValueError("the message is larger than 4 MB")
    data = _bytes(data)
    if any(data.count(mark) > _MOST_MARKS for mark in (b"<", b"=", b"&")):
        raise ValueError("the message has too many elements")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("the message has a document type, which SOAP forbids")
    parser = _parser(lenient=lenient)
    try:
        root = etree.fromstring(_mended(data) if lenient else data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise ValueError("the message is not XML") from error
    if root is None:
        raise ValueError("the message is not XML")
    if root.getroottree().docinfo.internalDTD is not None or _too_deep(root):
        raise ValueError("the message is nested too deeply or has a document type")
    if lenient and len(parser.error_log):
        _declare(root)
    return root


def _parser(*, lenient: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=lenient,
    )


def _bytes(data: bytes) -> bytes:
    """*data* in an encoding without zero bytes, from its first angle bracket on (some send blanks or a stray BOM)."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        data = re.sub(
            r"^\s*<\?xml.*?\?>", "", data.decode("utf-16", "replace").lstrip("\ufeff"), flags=re.DOTALL
        ).encode()
    data = data.rstrip(b"\0")
    if b"\0" in data:
        raise ValueError("the message is not text")
    start = data.find(b"<")
    if start < 0:
        raise ValueError("the message is not XML")
    return data[start:] if start else data


_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")


def _mended(data: bytes) -> bytes:
    """Escape bare ampersands, which stand in the addresses of careless cameras: recovery would drop them."""
    return _BARE_AMPERSAND.sub(b"&amp;", data)


_deeper = etree.XPath("boolean(" + "/*" * (_DEEPEST + 1) + ")")


def _too_deep(root: Element) -> bool:
    return bool(_deeper(root.getroottree()))


def _declare(root: Element) -> None:
    """Drop prefixes that were never declared, so that elements are found by their local names."""
    for element in root.iter(etree.Element):
        if ":" in element.tag and not element.tag.startswith("{"):
            element.tag = element.tag.rpartition(":")[2] or "_"
