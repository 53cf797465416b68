"""Events (ver10): pull points, base notification, and the messages that come.

Operations of WS-BaseNotification (Renew, Unsubscribe, Notify) go to the subscription's own address, with its
references echoed as headers and ``soap.action`` as the action.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from tawny.wire.onvif import soap
from tawny.wire.onvif.elements import (
    Element,
    child,
    children,
    flag,
    fragment,
    integer,
    local,
    make,
    moment_us,
    spelt,
    spelt_duration,
    spelt_moment,
    text,
    texts,
    uri,
    words,
)
from tawny.wire.onvif.soap import Call, nothing
from tawny.wire.onvif.topics import CONCRETE_SET, TopicDescription, path, read_topic, read_topic_set

_MOST_MESSAGES = 4096
_LARGEST_ELEMENT = 16_384

INITIALIZED = "Initialized"
CHANGED = "Changed"
DELETED = "Deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something happened, or the state of a property.

    *source* says where, *key* which of several, *data* what: values by name. *elements* are items that are XML
    themselves. *operation* is None where it is no property. *utc_us* is the camera's word.
    """

    topic: str
    utc_us: int | None = None
    operation: str | None = None
    source: Mapping[str, str] = field(default_factory=dict)
    key: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    elements: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def path(self) -> tuple[str, ...]:
        """The topic's names without prefixes."""
        return path(self.topic)

    @property
    def state(self) -> bool | None:
        """The one yes or no among the data, however it is called (State, IsMotion, LogicalState); else None."""
        found = [state for value in self.data.values() if (state := _state(value)) is not None]
        return found[0] if len(found) == 1 else None

    @property
    def classes(self) -> tuple[str, ...]:
        """What kinds of objects are told of, as the camera calls them."""
        told = (value for name, value in self.data.items() if name.lower() in {"classtypes", "classtype", "class"})
        return tuple(word for value in told for word in value.replace(",", " ").split())


_STATES = {
    "true": True,
    "1": True,
    "active": True,
    "on": True,
    "false": False,
    "0": False,
    "inactive": False,
    "off": False,
}


def _state(value: str) -> bool | None:
    return _STATES.get(value.strip().lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Where a subscription is kept: *references* are echoed with each request to it; times are the camera's."""

    address: str
    references: tuple[bytes, ...] = ()
    current_us: int | None = None
    termination_us: int | None = None

    @property
    def lasts_s(self) -> float | None:
        """How long it lasts unless it is renewed, whatever the camera's clock shows."""
        if self.current_us is None or self.termination_us is None:
            return None
        return (self.termination_us - self.current_us) / 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What a pull brought."""

    messages: tuple[Message, ...] = ()
    current_us: int | None = None
    termination_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventProperties:
    """What a camera may tell of."""

    topics: tuple[TopicDescription, ...] = ()
    fixed: bool = True
    topic_dialects: tuple[str, ...] = ()
    content_dialects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the service can do; None where it does not say."""

    pull_points: bool | None = None
    most_pull_points: int | None = None
    base_notification: bool | None = None
    persistent: bool = False
    brokers: tuple[str, ...] = ()


def read_message(holder: Element) -> Message:
    """Read a NotificationMessage; some cameras leave out the element between it and the items."""
    outer = child(holder, "Message")
    inner = child(outer, "Message")
    message = outer if inner is None else inner
    return Message(
        topic=read_topic(child(holder, "Topic")),
        utc_us=moment_us(message, "@UtcTime"),
        operation=text(message, "@PropertyOperation"),
        source=_items(child(message, "Source")),
        key=_items(child(message, "Key")),
        data=_items(child(message, "Data")),
        elements=_element_items(child(message, "Data")),
    )


def _items(element: Element | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in children(element, "SimpleItem"):
        if name := text(each, "@Name"):
            found.setdefault(name, text(each, "@Value") or "")
    return found


def _element_items(element: Element | None) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for each in children(element, "ElementItem"):
        inner = next(each.iterchildren(etree.Element), None)
        if inner is not None and (name := text(each, "@Name") or local(inner)):
            written = fragment(inner)
            if len(written) <= _LARGEST_ELEMENT:
                found.setdefault(name, written)
    return found


def write_message(message: Message) -> Element:
    """A NotificationMessage, without elements."""
    said = make(
        "tt:Message",
        _write_items("tt:Source", message.source),
        _write_items("tt:Key", message.key),
        _write_items("tt:Data", message.data),
        UtcTime=spelt_moment(message.utc_us or 0),
        PropertyOperation=message.operation,
    )
    topic = make("wsnt:Topic", message.topic, Dialect=CONCRETE_SET)
    return make("wsnt:NotificationMessage", topic, make("wsnt:Message", said))


def _write_items(name: str, items: Mapping[str, str]) -> Element | None:
    return (
        make(name, *(make("tt:SimpleItem", Name=key, Value=value) for key, value in items.items())) if items else None
    )


def read_messages(answer: Element) -> tuple[Message, ...]:
    """The messages of a pull or of a Notify; those without a topic are left out."""
    held = children(answer, "NotificationMessage")[:_MOST_MESSAGES]
    return tuple(message for each in held if (message := read_message(each)).topic)


def read_pulled(answer: Element) -> Pulled:
    return Pulled(
        messages=read_messages(answer),
        current_us=moment_us(answer, "CurrentTime"),
        termination_us=moment_us(answer, "TerminationTime"),
    )


def read_subscription(answer: Element) -> Subscription:
    """Read where a subscription is kept; ValueError where the camera does not say."""
    reference = child(answer, "SubscriptionReference")
    address = uri(reference, "Address")
    if address is None:
        raise ValueError("the camera does not say where the subscription is")
    return Subscription(
        address=address,
        references=soap.references(reference),
        current_us=moment_us(answer, "CurrentTime"),
        termination_us=moment_us(answer, "TerminationTime"),
    )


def read_event_properties(answer: Element) -> EventProperties:
    fixed = flag(answer, "FixedTopicSet")
    return EventProperties(
        topics=read_topic_set(child(answer, "TopicSet")),
        fixed=True if fixed is None else fixed,
        topic_dialects=texts(answer, "TopicExpressionDialect"),
        content_dialects=texts(answer, "MessageContentFilterDialect"),
    )


def read_capabilities(element: Element | None) -> Capabilities:
    return Capabilities(
        pull_points=flag(element, "@WSPullPointSupport"),
        most_pull_points=integer(element, "@MaxPullPoints"),
        base_notification=flag(element, "@WSSubscriptionPolicySupport"),
        persistent=flag(element, "@PersistentNotificationStorage") or False,
        brokers=words(element, "@EventBrokerProtocols"),
    )


def get_service_capabilities() -> Call[Capabilities]:
    return Call(
        body=make("tev:GetServiceCapabilities"), read=lambda answer: read_capabilities(child(answer, "Capabilities"))
    )


def get_event_properties() -> Call[EventProperties]:
    return Call(body=make("tev:GetEventProperties"), read=read_event_properties)


def create_pull_point(*, topics: Iterable[str] = (), lasts_s: float | None = None) -> Call[Subscription]:
    """Subscribe to *topics*, or to all; *lasts_s* None leaves it to the camera how long."""
    lasts = None if lasts_s is None else make("tev:InitialTerminationTime", spelt_duration(lasts_s))
    return Call(
        body=make("tev:CreatePullPointSubscription", _filter("tev:Filter", topics), lasts), read=read_subscription
    )


def subscribe(consumer: str, *, topics: Iterable[str] = (), lasts_s: float = 60) -> Call[Subscription]:
    """Ask the camera to send its messages to *consumer*, an address of ours."""
    body = make(
        "wsnt:Subscribe",
        make("wsnt:ConsumerReference", make("wsa:Address", consumer)),
        _filter("wsnt:Filter", topics),
        make("wsnt:InitialTerminationTime", spelt_duration(lasts_s)),
    )
    return Call(body=body, read=read_subscription)


def _filter(name: str, topics: Iterable[str]) -> Element | None:
    expression = "|".join(topics)
    return make(name, make("wsnt:TopicExpression", expression, Dialect=CONCRETE_SET)) if expression else None


def pull_messages(*, timeout_s: float, most: int = 100) -> Call[Pulled]:
    """Wait up to *timeout_s* for messages."""
    limit = make("tev:MessageLimit", spelt(most))
    return Call(body=make("tev:PullMessages", make("tev:Timeout", spelt_duration(timeout_s)), limit), read=read_pulled)


def set_synchronization_point() -> Call[None]:
    """Ask for the state of every property anew."""
    return Call(body=make("tev:SetSynchronizationPoint"), read=nothing)


def renew(*, lasts_s: float) -> Call[int | None]:
    """Let a subscription last longer; the answer is until when, on the camera's clock."""
    body = make("wsnt:Renew", make("wsnt:TerminationTime", spelt_duration(lasts_s)))
    return Call(body=body, read=lambda answer: moment_us(answer, "TerminationTime"))


def unsubscribe() -> Call[None]:
    return Call(body=make("wsnt:Unsubscribe"), read=nothing)
