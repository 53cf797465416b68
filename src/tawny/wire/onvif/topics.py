"""Topics of events: their names, the tree that a camera tells, and expressions over them.

A topic is written ``tns1:RuleEngine/CellMotionDetector/Motion``: ONVIF's own namespace is always ``tns1``, whatever
prefix the camera chose for it; a maker's prefix stays as the camera writes it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from tawny.wire.onvif.elements import Element, child, children, flag, local, text
from tawny.wire.onvif.names import TOPICS

CONCRETE = "http://docs.oasis-open.org/wsn/t-1/TopicExpression/Concrete"
CONCRETE_SET = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"

_MOST_TOPICS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDescription:
    """A topic that a camera may tell of.

    A *property* has a state, which is told anew to each subscriber; anything else just happens. *source*, *key* and
    *data* are the types of items by their names.
    """

    topic: str
    is_property: bool = False
    source: Mapping[str, str] = field(default_factory=dict)
    key: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)


def read_topic(element: Element | None) -> str:
    """The topic in an element's text, with ONVIF's prefix set right."""
    written = re.sub(r"\s+", "", text(element) or "").removesuffix("//.").strip("/")
    if element is None or not written:
        return ""
    return "/".join(_segment(segment, element.nsmap) for segment in written.split("/"))[:1024]


def _segment(segment: str, nsmap: Mapping[str | None, str]) -> str:
    prefix, colon, name = segment.partition(":")
    return f"tns1:{name}" if colon and nsmap.get(prefix) == TOPICS else segment


def path(topic: str) -> tuple[str, ...]:
    """The names along *topic*, without prefixes."""
    return tuple(segment.rpartition(":")[2] for segment in topic.split("/"))


def matches(expression: str, topic: str) -> bool:
    """Whether *topic* is meant by an expression of the dialects Concrete and ConcreteSet: ``a/b|c//.``."""
    for alternative in expression.split("|"):
        wanted = alternative.strip()
        if wanted.endswith("//."):
            above = wanted.removesuffix("//.")
            if topic == above or topic.startswith(above + "/"):
                return True
        elif wanted == topic:
            return True
    return False


def read_topic_set(element: Element | None) -> tuple[TopicDescription, ...]:
    """The topics of a tree, in its order."""
    found: list[TopicDescription] = []
    waiting = [("", each) for each in reversed(list(_topics_below(element)))]
    while waiting and len(found) < _MOST_TOPICS:
        above, current = waiting.pop()
        name = f"{above}/{_name(current)}" if above else _name(current)
        description = child(current, "MessageDescription")
        if description is not None or flag(current, "@topic"):
            found.append(_description(name, description))
        waiting += [(name, each) for each in reversed(list(_topics_below(current)))]
    return tuple(found)


def _topics_below(element: Element | None) -> Iterator[Element]:
    for each in () if element is None else element.iterchildren(etree.Element):
        if local(each) not in {"MessageDescription", "documentation"}:
            yield each


def _name(element: Element) -> str:
    namespace = etree.QName(element).namespace
    if namespace == TOPICS:
        return f"tns1:{local(element)}"
    return f"{element.prefix}:{local(element)}" if namespace and element.prefix else local(element)


def _description(name: str, element: Element | None) -> TopicDescription:
    return TopicDescription(
        topic=name,
        is_property=flag(element, "@IsProperty") or False,
        source=_types(child(element, "Source")),
        key=_types(child(element, "Key")),
        data=_types(child(element, "Data")),
    )


def _types(element: Element | None) -> dict[str, str]:
    described = [*children(element, "SimpleItemDescription"), *children(element, "ElementItemDescription")]
    return {name: text(each, "@Type") or "" for each in described if (name := text(each, "@Name"))}
