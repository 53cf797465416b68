import pytest

from tawny.wire.onvif import events
from tawny.wire.onvif.elements import make
from tawny.wire.onvif.events import Message
from tests.wire.onvif.answers_in_words import answer, sent

MOTION = Message(
    topic="tns1:RuleEngine/CellMotionDetector/Motion",
    utc_us=1_768_332_313_250_000,
    operation=events.CHANGED,
    source={"VideoSourceConfigurationToken": "v", "Rule": "motion"},
    key={"ObjectId": "7"},
    data={"IsMotion": "true"},
)


def test_a_message_reads_back() -> None:
    (read,) = events.read_messages(sent(make("tev:PullMessagesResponse", events.write_message(MOTION))))

    assert read == MOTION
    assert read.state is True
    assert read.path == ("RuleEngine", "CellMotionDetector", "Motion")


def test_items_right_in_the_message_are_found() -> None:
    (read,) = events.read_messages(
        answer(
            '<A><NotificationMessage><Topic>tns1:A</Topic><Message UtcTime="2026-01-13T19:25:13Z"><Data>'
            '<SimpleItem Name="State" Value="0"/></Data></Message></NotificationMessage></A>'
        )
    )

    assert read.state is False
    assert read.utc_us == 1_768_332_313_000_000


@pytest.mark.parametrize(
    ("data", "state"),
    [
        ({"State": "true"}, True),
        ({"LogicalState": "inactive"}, False),
        ({"IsPeople": "1", "Name": "gate"}, True),
        ({"A": "true", "B": "false"}, None),
        ({"ObjectId": "17"}, None),
        ({}, None),
    ],
)
def test_the_one_yes_or_no_is_the_state(data: dict[str, str], state: bool | None) -> None:
    assert Message(topic="tns1:A", data=data).state is state


def test_messages_without_a_topic_are_left_out() -> None:
    assert events.read_messages(answer("<A><NotificationMessage><Message/></NotificationMessage></A>")) == ()


def test_a_subscription_says_where_it_is_and_how_long_it_lasts() -> None:
    made = events.create_pull_point().read(
        answer(
            "<A><SubscriptionReference><wsa:Address> http://192.0.2.7/sub </wsa:Address><wsa:ReferenceParameters>"
            '<d:Id xmlns:d="urn:d">2</d:Id></wsa:ReferenceParameters></SubscriptionReference>'
            "<CurrentTime>1970-01-01T00:00:05Z</CurrentTime><TerminationTime>1970-01-01T00:01:05Z</TerminationTime></A>"
        )
    )

    assert made.address == "http://192.0.2.7/sub"
    assert made.references == (b'<d:Id xmlns:d="urn:d">2</d:Id>',)
    assert made.lasts_s == 60


def test_a_subscription_without_an_address_is_said() -> None:
    with pytest.raises(ValueError, match="where the subscription is"):
        events.create_pull_point().read(answer("<A/>"))


def test_a_renewal_tells_until_when() -> None:
    call = events.renew(lasts_s=60)

    assert call.read(answer("<A><TerminationTime>1970-01-01T00:01:05Z</TerminationTime></A>")) == 65_000_000
    assert call.read(answer("<A/>")) is None


def test_capabilities_that_are_not_told_are_unknown() -> None:
    read = events.get_service_capabilities().read(
        answer('<A><Capabilities MaxPullPoints="2" EventBrokerProtocols="mqtt mqtts"/></A>')
    )

    assert read == events.Capabilities(most_pull_points=2, brokers=("mqtt", "mqtts"))
