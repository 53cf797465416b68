"""Answers of the event service (Core Specification, 9), and what filters of subscriptions let through."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from tawny.wire.onvif import topics
from tawny.wire.onvif.elements import Element, children, duration_of, make, moment_of, spelt, spelt_moment, text
from tawny.wire.onvif.events import Message, write_message
from tawny.wire.onvif.names import PREFIXES, qualified
from tawny.wire.onvif.soap import Fault, FaultError
from tawny.wire.onvif.topics import TopicDescription

ITEM_FILTER = "http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter"
_LONGEST = 1024
_NAMESPACE = "http://www.onvif.org/onvif/ver10/topics/topicns.xml"
_SCHEMA = "http://www.onvif.org/onvif/ver10/schema/onvif.xsd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a subscriber wants: without topics everything; *content* is a condition on the message's items."""

    topics: str = ""
    content: "etree.XPath | None" = None

    def passes(self, message: Message) -> bool:
        """Whether the subscriber wants *message*."""
        if self.topics and not topics.matches(self.topics, message.topic):
            return False
        try:
            return self.content is None or self.content(write_message(message)) is True
        except etree.XPathError:  # a condition that fails on this message does not hold for it
            return False


def read_filter(element: Element | None, offered: Iterable[TopicDescription]) -> Filter:
    """The filter of a subscription; FaultError where it names no topic of ours or can't be understood."""
    found = {kind: _written(element, kind) for kind in ("TopicExpression", "MessageContent")}
    expression, content = found["TopicExpression"], found["MessageContent"]
    if expression and not any(topics.matches(expression, each.topic) for each in offered):
        raise _refused("InvalidTopicExpressionFault", "The device has no such topic.")
    return Filter(topics=expression, content=_condition(content) if content else None)


_DIALECTS = {"TopicExpression": {topics.CONCRETE, topics.CONCRETE_SET}, "MessageContent": {ITEM_FILTER}}


def _written(element: Element | None, kind: str) -> str:
    """The text of a filter, with ONVIF's own prefix in topics whatever the client calls it."""
    held = children(element, kind)
    if len(held) > 1:
        raise _refused("InvalidFilterFault", "One filter of a kind is understood.")
    if not held:
        return ""
    if (text(held[0], "@Dialect") or topics.CONCRETE_SET) not in _DIALECTS[kind]:
        raise _refused("InvalidFilterFault", "The dialect of the filter is not understood.")
    written = re.sub(r"\s+", " ", text(held[0]) or "")[: _LONGEST + 1]
    if len(written) > _LONGEST:
        raise _refused("InvalidFilterFault", "The filter is too long.")
    return _with_our_prefix(written, held[0]) if kind == "TopicExpression" else written


def _with_our_prefix(expression: str, element: Element) -> str:
    theirs = [prefix for prefix, uri in element.nsmap.items() if uri == PREFIXES["tns1"] and prefix]
    for prefix in theirs:
        expression = re.sub(rf"(?<![\w.-]){re.escape(prefix)}:", "tns1:", expression)
    return expression.replace(" ", "")


def _condition(written: str) -> etree.XPath:
    """An ItemFilter; predicates in predicates are refused, for they could take any time."""
    if re.search(r"\[[^\]]*\[", written) or written.count("//") > 8:
        raise _refused("InvalidMessageContentExpressionFault", "The condition is too complicated.")
    try:
        condition = etree.XPath(f"boolean({written})", namespaces={"tt": PREFIXES["tt"]})
        condition(make("tt:Message"))  # unknown functions and variables show only now
        return condition
    except etree.XPathError:
        raise _refused("InvalidMessageContentExpressionFault", "The condition is not understood.") from None


def _refused(name: str, reason: str) -> FaultError:
    return FaultError(Fault(code="Sender", subcodes=(f"wsnt:{name}",), reason=reason))


def lasting_s(element: Element | None, path: str, *, now_us: int, usual_s: float, most_s: float) -> float:
    """How long a subscription shall last: a duration or a moment, cut to *most_s*."""
    written = text(element, path)
    if written is None:
        return usual_s
    moment = moment_of(written)
    seconds = duration_of(written) if moment is None else (moment - now_us) / 1_000_000
    if seconds is None or seconds <= 0:
        raise _refused("UnacceptableInitialTerminationTimeFault", "That time can't be understood or has passed.")
    return min(seconds, most_s)


def capabilities(*, most: int) -> Element:
    no = dict.fromkeys(("WSPausableSubscriptionManagerInterfaceSupport", "PersistentNotificationStorage"), "false")
    yes = dict.fromkeys(("WSSubscriptionPolicySupport", "WSPullPointSupport"), "true")
    return make("tev:Capabilities", MaxNotificationProducers=str(most), MaxPullPoints=str(most), **yes, **no)


def subscription(operation: str, address: str, *, now_us: int, until_us: int) -> Element:
    """The answer to *operation*, ``tev:CreatePullPointSubscription`` or ``wsnt:Subscribe``."""
    return make(
        f"{operation}Response",
        make(f"{operation.partition(':')[0]}:SubscriptionReference", make("wsa:Address", address)),
        make("wsnt:CurrentTime", spelt_moment(now_us)),
        make("wsnt:TerminationTime", spelt_moment(until_us)),
    )


def notify(messages: Iterable[Message]) -> Element:
    """What is sent to a consumer."""
    return make("wsnt:Notify", *(write_message(message) for message in messages))


def pulled(messages: Iterable[Message], *, now_us: int, until_us: int) -> Element:
    return make(
        "tev:PullMessagesResponse",
        make("tev:CurrentTime", spelt_moment(now_us)),
        make("tev:TerminationTime", spelt_moment(until_us)),
        *(write_message(message) for message in messages),
    )


def pull_refused(*, most_timeout_s: float, most_messages: int) -> FaultError:
    """The fault of a second pull while one waits."""
    told = f"One pull at a time; at most {most_timeout_s:.0f} s and {most_messages} messages."
    return FaultError(Fault(code="Sender", subcodes=("wsnt:UnableToGetMessagesFault",), reason=told))


def renewed(*, now_us: int, until_us: int) -> Element:
    return make(
        "wsnt:RenewResponse",
        make("wsnt:TerminationTime", spelt_moment(until_us)),
        make("wsnt:CurrentTime", spelt_moment(now_us)),
    )


def properties(offered: Sequence[TopicDescription]) -> Element:
    return make(
        "tev:GetEventPropertiesResponse",
        make("tev:TopicNamespaceLocation", _NAMESPACE),
        make("wsnt:FixedTopicSet", "true"),
        _topic_set(offered),
        make("wsnt:TopicExpressionDialect", topics.CONCRETE),
        make("wsnt:TopicExpressionDialect", topics.CONCRETE_SET),
        make("tev:MessageContentFilterDialect", ITEM_FILTER),
        make("tev:MessageContentSchemaLocation", _SCHEMA),
    )


def _topic_set(offered: Sequence[TopicDescription]) -> Element:
    root = make("wstop:TopicSet")
    for description in offered:
        holder = root
        for segment in description.topic.split("/"):
            tag = qualified(segment)
            below = next((each for each in holder if each.tag == tag), None)
            holder = etree.SubElement(holder, tag) if below is None else below
        holder.set(qualified("wstop:topic"), "true")
        holder.append(_description(description))
    return root


def _description(given: TopicDescription) -> Element:
    kinds = {"tt:Source": given.source, "tt:Key": given.key, "tt:Data": given.data}
    parts = [
        make(kind, *(make("tt:SimpleItemDescription", Name=name, Type=type_) for name, type_ in items.items()))
        for kind, items in kinds.items()
        if items
    ]
    return make("tt:MessageDescription", *parts, IsProperty=spelt(given.is_property))
