from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.onvif.answers.events import ITEM_FILTER, read_filter
from tawny.wire.onvif.elements import make
from tawny.wire.onvif.events import Message
from tawny.wire.onvif.soap import FaultError
from tawny.wire.onvif.topics import TopicDescription

MOTION = Message(topic="tns1:VideoSource/MotionAlarm", source={"Source": "gate"}, data={"State": "true"})
OFFERED = [TopicDescription(topic=MOTION.topic)]
PIECES = st.sampled_from(
    [
        "//",
        "tt:SimpleItem",
        "[",
        "]",
        "@Name",
        "=",
        '"Source"',
        "and",
        "not(",
        ")",
        "boolean(",
        "$x",
        "f()",
        "*",
        "1",
        "|",
        "tns1:",
        "/",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=12).map(" ".join), st.booleans())
def test_any_filter_is_refused_with_a_fault_or_says_yes_or_no(written: str, by_content: bool) -> None:
    name, dialect = ("MessageContent", ITEM_FILTER) if by_content else ("TopicExpression", None)
    element = make("tev:Filter", make(f"wsnt:{name}", written, Dialect=dialect))

    try:
        wanted = read_filter(element, OFFERED)
    except FaultError as refused:
        assert refused.fault.code == "Sender"  # noqa: PT017 - either outcome is right, another error is not
        return

    assert wanted.passes(MOTION) in {True, False}


def test_without_a_filter_everything_passes() -> None:
    assert read_filter(None, OFFERED).passes(MOTION)
