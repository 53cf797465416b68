import asyncio

import pytest

from tawny.runtime.clock import SimulatedClock
from tawny.wire.onvif import events
from tawny.wire.onvif.elements import Element, make
from tawny.wire.onvif.events import Message
from tawny.wire.onvif.soap import FaultError
from tests.camera.onvif.staged import Staged, staged


async def subscribed(camera: Staged, *, topics: tuple[str, ...] = ()) -> str:
    """The address of a new pull point."""
    call = events.create_pull_point(topics=topics, lasts_s=60)
    return call.read(await camera.ask(call.body)).address


async def pulled(camera: Staged, address: str, *, timeout_s: float = 0.0) -> list[Message]:
    call = events.pull_messages(timeout_s=timeout_s)
    return list(call.read(await camera.ask(call.body, url=address)).messages)


async def flipped(camera: Staged, clock: SimulatedClock) -> None:
    await clock.advance(1)
    camera.device.happenings.flip_input()


async def test_a_new_subscriber_learns_the_state_of_every_property() -> None:
    async with staged(clock=SimulatedClock()) as camera:
        address = await subscribed(camera)

        found = await pulled(camera, address)

    assert {message.operation for message in found} == {"Initialized"}
    assert {message.topic: message.state for message in found} == {
        "tns1:Device/Trigger/DigitalInput": False,
        "tns1:Device/Trigger/Relay": False,
        "tns1:VideoSource/MotionAlarm": False,
        "tns1:RuleEngine/CellMotionDetector/Motion": False,
        "tns1:RuleEngine/ObjectDetection/Object": None,
        "tns1:VideoSource/ImageTooDark/ImagingService": False,
        "tns1:VideoSource/ImageTooBright/ImagingService": False,
        "tns1:VideoSource/ImageTooBlurry/ImagingService": False,
        "tns1:VideoSource/GlobalSceneChange/ImagingService": False,
    }


async def test_a_pull_waits_for_the_first_change_and_brings_it_at_once() -> None:
    clock = SimulatedClock()
    async with staged(clock=clock) as camera:
        address = await subscribed(camera, topics=("tns1:Device//.",))
        await pulled(camera, address)

        waiting = asyncio.gather(pulled(camera, address, timeout_s=60), wait_then_flip(camera, clock, address))
        (found, _) = await waiting

    assert [(m.topic, m.operation, m.state) for m in found] == [("tns1:Device/Trigger/DigitalInput", "Changed", True)]


async def wait_then_flip(camera: Staged, clock: SimulatedClock, address: str) -> None:
    """Flip the input once a pull waits; time stands still until then."""
    point = camera.device.notifications.point(address.rpartition("/")[2])
    assert point is not None
    while point.pull is None:
        await camera.post(make("tds:GetHostname"))
    camera.device.happenings.flip_input()


async def test_a_pull_that_brings_nothing_ends_at_its_timeout() -> None:
    clock = SimulatedClock()
    async with staged(clock=clock) as camera:
        address = await subscribed(camera, topics=("tns1:Device//.",))
        await pulled(camera, address)
        point = camera.device.notifications.point(address.rpartition("/")[2])
        assert point is not None

        async def let_time_pass() -> None:
            while point.pull is None:
                await camera.post(make("tds:GetHostname"))
            await clock.advance(20)

        found, _ = await asyncio.gather(pulled(camera, address, timeout_s=20), let_time_pass())

    assert found == []


async def test_what_a_filter_leaves_out_does_not_come() -> None:
    async with staged(clock=SimulatedClock()) as camera:
        content = make(
            "wsnt:MessageContent",
            'boolean(//tt:SimpleItem[@Name="Source" and @Value="gate"])',
            Dialect="http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter",
        )
        body = make("tev:CreatePullPointSubscription", make("tev:Filter", content))
        address = events.read_subscription(await camera.ask(body)).address

        found = await pulled(camera, address)

    assert {message.topic.split("/")[0] for message in found} == {"tns1:VideoSource"}
    assert len(found) == 5


def filtered(kind: str, written: str, dialect: str) -> Element:
    return make("tev:CreatePullPointSubscription", make("tev:Filter", make(f"wsnt:{kind}", written, Dialect=dialect)))


ITEMS = "http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter"
SET = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"


@pytest.mark.parametrize(
    ("body", "subcode"),
    [
        (filtered("TopicExpression", "tns1:Toaster//.", SET), "InvalidTopicExpressionFault"),
        (filtered("TopicExpression", "tns1:VideoSource//.", "urn:other"), "InvalidFilterFault"),
        (filtered("TopicExpression", "x" * 2000, SET), "InvalidFilterFault"),
        (filtered("MessageContent", "((", ITEMS), "InvalidMessageContentExpressionFault"),
        (filtered("MessageContent", "nothing()", ITEMS), "InvalidMessageContentExpressionFault"),
        (filtered("MessageContent", "$nobody", ITEMS), "InvalidMessageContentExpressionFault"),
        (filtered("MessageContent", "//*[//*[//*[1]]]", ITEMS), "InvalidMessageContentExpressionFault"),
        (
            make("tev:CreatePullPointSubscription", make("tev:InitialTerminationTime", "yesterday")),
            "UnacceptableInitialTerminationTimeFault",
        ),
    ],
)
async def test_what_cannot_be_subscribed_to_is_refused(body: Element, subcode: str) -> None:
    async with staged(clock=SimulatedClock()) as camera:
        with pytest.raises(FaultError) as refused:
            await camera.ask(body)

    assert refused.value.fault.names(subcode)


async def test_a_subscription_ends_by_itself_unless_it_is_renewed_or_pulled() -> None:
    clock = SimulatedClock()
    async with staged(clock=clock) as camera:
        forgotten, renewed, ended = [await subscribed(camera) for _ in range(3)]
        await clock.advance(50)
        await camera.ask(events.renew(lasts_s=60).body, url=renewed)
        await camera.ask(events.unsubscribe().body, url=ended)
        await clock.advance(20)

        still = await pulled(camera, renewed)
        for gone in (forgotten, ended):
            with pytest.raises(FaultError) as refused:
                await pulled(camera, gone)

            assert refused.value.fault.names("ResourceUnknownFault")
    assert still


async def test_a_synchronization_point_tells_every_state_anew() -> None:
    clock = SimulatedClock()
    async with staged(clock=clock) as camera:
        address = await subscribed(camera, topics=("tns1:Device/Trigger/DigitalInput",))
        await pulled(camera, address)
        await flipped(camera, clock)
        await pulled(camera, address)

        await camera.ask(events.set_synchronization_point().body, url=address)
        found = await pulled(camera, address)

    assert [(m.operation, m.state) for m in found] == [("Initialized", True)]


async def test_there_is_a_bound_to_the_number_of_pull_points() -> None:
    async with staged(clock=SimulatedClock()) as camera:
        for _ in range(16):
            await subscribed(camera)

        with pytest.raises(FaultError) as refused:
            await subscribed(camera)

    assert refused.value.fault.names("SubscribeCreationFailedFault")


async def test_the_topics_are_told_as_a_tree_with_what_they_carry() -> None:
    async with staged(clock=SimulatedClock()) as camera:
        call = events.get_event_properties()

        told = call.read(await camera.ask(call.body))

    by_topic = {each.topic: each for each in told.topics}
    motion = by_topic["tns1:VideoSource/MotionAlarm"]
    assert len(by_topic) == 11
    assert (motion.is_property, by_topic["tns1:Media/ProfileChanged"].is_property) == (True, False)
    assert (motion.source, motion.data) == ({"Source": "tt:ReferenceToken"}, {"State": "xs:boolean"})
