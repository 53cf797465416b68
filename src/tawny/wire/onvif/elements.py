"""XML elements: what readers ask of them, and how writers make them.

A path names elements by local name and may end in an attribute: ``text(profile, "Name")``,
``integer(bounds, "Bounds/@width")``. What is absent, blank or not of the kind asked for is None.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice

from lxml import etree

from tawny.wire.onvif.names import PREFIXES, qualified

Element = etree._Element

_LONGEST_TEXT = 65_536  # longer ones count as none
_LONGEST_URI = 4096
_MOST_CHILDREN = 4096  # of one name: real answers have hundreds at most
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local(element: Element) -> str:
    """The element's name without its namespace; also of a prefix that was never declared."""
    return etree.QName(element).localname.rpartition(":")[2]


@cache
def _plan(path: str) -> tuple[tuple[str, ...], str]:
    """The steps of *path*, as lxml matches them in any namespace, and its attribute; paths are our own constants."""
    names, _, attribute = path.partition("@")
    return tuple("{*}" + name for name in names.split("/") if name), attribute


def child(element: Element | None, path: str) -> Element | None:
    """The first element along *path*, by local names."""
    for step in _plan(path)[0]:
        if element is None:
            return None
        element = next(element.iterchildren(step), None)
    return element


def fields(element: Element | None) -> dict[str, Element]:
    """The first child of each local name: one pass, for readers that want most of them."""
    if element is None:
        return {}
    return {each.tag.rpartition("}")[2]: each for each in element.iterchildren(etree.Element, reversed=True)}


def children(element: Element | None, path: str) -> list[Element]:
    """All elements that *path*'s last name stands for, below the first of each name before it."""
    *parents, last = _plan(path)[0]
    for step in parents:
        if element is None:
            return []
        element = next(element.iterchildren(step), None)
    return [] if element is None else list(islice(element.iterchildren(last), _MOST_CHILDREN))


def text(element: Element | None, path: str = "") -> str | None:
    """The text or attribute at *path*, without white space around it."""
    if not path:
        return None if element is None else _stripped(element.text)
    steps, attribute = _plan(path)
    for step in steps:  # as in `child`: calling it would cost this most called of all functions a third more
        if element is None:
            return None
        element = next(element.iterchildren(step), None)
    if element is None:
        return None
    return _stripped((element.get(attribute) or _prefixed(element, attribute)) if attribute else element.text)


def _stripped(found: str | None) -> str | None:
    return (found.strip() or None) if found and len(found) <= _LONGEST_TEXT else None


def texts(element: Element | None, path: str) -> tuple[str, ...]:
    """The texts of all elements at *path*, blank ones left out."""
    return tuple(found for each in children(element, path) if (found := text(each)))


def words(element: Element | None, path: str) -> tuple[str, ...]:
    """The words of a list: of one element or attribute, or of elements that repeat."""
    if "@" in path:
        return tuple((text(element, path) or "").split())
    return tuple(word for each in texts(element, path) for word in each.split())


def _prefixed(element: Element, name: str) -> str | None:
    """An attribute that somebody put into a namespace."""
    for key, value in element.attrib.items() if len(element.attrib) else ():
        if str(key).endswith(("}" + name, ":" + name)):
            return str(value)
    return None


_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]*)?|\.[0-9]{1,15})(?:[eE][+-]?[0-9]{1,2})?")
_DECIMAL_COMMA = re.compile(r"([+-]?[0-9]{1,15}),([0-9]{1,2}|[0-9]{4,15})")  # three digits may be thousands


def number(element: Element | None, path: str = "") -> float | None:
    """A number, with a point or an unambiguous comma; infinities and other words are none."""
    found = text(element, path)
    return None if found is None else number_of(found)


def number_of(word: str) -> float | None:
    if len(word) <= 15 and word.isascii() and word.isdigit():
        return float(word)
    if match := _DECIMAL_COMMA.fullmatch(word):
        word = f"{match[1]}.{match[2]}"
    return float(word) if _NUMBER.fullmatch(word) else None


def integer(element: Element | None, path: str = "") -> int | None:
    """A whole number, also where it is written as 15.000000."""
    found = text(element, path)
    given = None if found is None else number_of(found)
    return int(given) if given is not None and given == int(given) and abs(given) < 2**63 else None


def flag(element: Element | None, path: str = "") -> bool | None:
    """Yes or no, however it is spelt."""
    found = (text(element, path) or "").lower()
    if found in {"true", "1", "yes", "on"}:
        return True
    return False if found in {"false", "0", "no", "off"} else None


_DURATION = re.compile(
    r"P(?:([0-9]{1,6})Y)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})D)?"
    r"(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9}(?:\.[0-9]*)?)S)?)?",
    re.IGNORECASE,
)


def duration_s(element: Element | None, path: str = "") -> float | None:
    """Seconds of an xs:duration (``PT60S``); a bare number counts as seconds."""
    found = text(element, path)
    return None if found is None else duration_of(found)


def duration_of(word: str) -> float | None:
    match = _DURATION.fullmatch(word)
    if match is None or not any(match.groups()):
        bare = number_of(word)
        return bare if bare is not None and bare >= 0 else None
    years, months, days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return ((years * 365 + months * 30 + days) * 24 + hours) * 3600 + minutes * 60 + seconds


_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})[Tt ]+([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:[.,]([0-9]{0,20}))?)?"
    r"\s*([Zz]|[+-][0-9]{1,2}:?[0-9]{2}(?::[0-9]{2})?)?"
)


def moment_us(element: Element | None, path: str = "") -> int | None:
    """Microseconds since 1970 of an xs:dateTime; without a zone it is UTC, as ONVIF's times are."""
    found = text(element, path)
    return None if found is None else moment_of(found)


def moment_of(word: str) -> int | None:
    match = _MOMENT.fullmatch(word)
    if match is None:
        return None
    fraction = int((match[7] or "0")[:6].ljust(6, "0"))
    zone = match[8] or "Z"
    offset_s = 0
    if zone not in "Zz":
        digits = (
            zone[1:].replace(":", "").rjust(4, "0")
            if ":" not in zone
            else "".join(p.zfill(2) for p in zone[1:].split(":"))
        )
        offset_s = (int(digits[:2]) * 3600 + int(digits[2:4]) * 60) * (-1 if zone[0] == "-" else 1)
    calendar = tuple(int(match[group] or 0) for group in range(1, 7))
    seconds = calendar_s(*calendar)
    return None if seconds is None else (seconds - offset_s) * 1_000_000 + fraction


def calendar_s(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int | None:
    """Seconds since 1970 UTC, or None where no calendar has that moment; 24:00 and a leap second count on."""
    whole_day = hour == 24 and minute == second == 0
    if not 1 <= year <= 9998 or second > 60 or minute > 59 or not (0 <= hour <= 23 or whole_day):
        return None
    try:
        start = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
    return (start - _EPOCH) // timedelta(seconds=1) + hour * 3600 + minute * 60 + second


def uri(element: Element | None, path: str = "") -> str | None:
    """An address: line breaks and the indentation after them go (Dahua), blanks inside are escaped.

    An ampersand that was escaped twice is read once more, for no address means it so.
    """
    found = text(element, path)
    if found is None:
        return None
    joined = "".join(line.strip() for line in found[:_LONGEST_URI].splitlines()).replace("&amp;", "&")
    return re.sub(r"\s", "%20", joined)


Content = Element | str | None


def make(name: str, *content: Content, **attributes: str | None) -> Element:
    """An element ``tt:Name`` with text or children; what is None is left out."""
    prefix = name.partition(":")[0]
    made = etree.Element(qualified(name), nsmap={prefix: PREFIXES[prefix]})
    for key, value in attributes.items():
        if value is not None:
            made.set(key, clean(value))
    for each in content:
        if isinstance(each, str):
            made.text = clean(each)
        elif each is not None:
            made.append(each)
    return made


def optional(name: str, value: str | float | bool | None) -> Element | None:
    """An element with *value* as its text, or None where there is no value."""
    return None if value is None else make(name, spelt(value))


def spelt(value: str | float | bool) -> str:
    """*value* as XML Schema spells it; whole numbers without a fraction."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)


def maybe(value: str | float | bool | None) -> str | None:
    """*value* spelt out for an attribute, or None."""
    return None if value is None else spelt(value)


def spelt_duration(seconds: float) -> str:
    """``PT60S``: in seconds alone, which every peer reads (some know no PT1M)."""
    return f"PT{spelt(float(seconds))}S"


def spelt_moment(utc_us: int) -> str:
    """``2026-11-22T17:04:05Z``, with milliseconds where there are any (Hikvision refuses a written-out +00:00)."""
    moment = _EPOCH + timedelta(microseconds=utc_us)
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + (f".{moment.microsecond // 1000:03d}Z" if moment.microsecond else "Z")


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(value: str) -> str:
    """*value* without the characters that XML cannot carry."""
    return _NOT_XML.sub("", value)


def fragment(element: Element) -> bytes:
    """*element* alone, as it is: with the namespaces that it uses, to be sent back some day."""
    try:
        return etree.tostring(element, method="c14n", exclusive=True, with_tail=False)
    except etree.C14NError:  # a namespace that is no absolute address
        return etree.tostring(element, with_tail=False)
