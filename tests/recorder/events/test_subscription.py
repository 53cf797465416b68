import itertools
from typing import Any

import pytest

from tawny.recorder.events.subscription import (
    EMPTY_PAUSE_S,
    LASTS_S,
    NotifySubscription,
    PullSubscription,
    Subscription,
    subscribe,
)
from tawny.recorder.onvif.model import DeviceError, DeviceTrouble
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif.events import CHANGED, Message
from tests.fakes.event_device import ADDRESS, EventDevice
from tests.fakes.inlets import FakeInlets

MOTION = Message(
    topic="tns1:VideoSource/MotionAlarm", operation=CHANGED, source={"Source": "1"}, data={"State": "true"}, utc_us=0
)


class Rig:
    """A device, and somebody who listens to it as the recorder does."""

    def __init__(self, clock: SimulatedClock, device: EventDevice) -> None:
        self.clock = clock
        self.device = device
        self.inlets = FakeInlets(clock)
        self.made: Subscription | None = None
        self.heard: list[Message] = []
        self.error: DeviceError | None = None

    async def listen(self) -> None:
        try:
            self.made = await subscribe(self.device, clock=self.clock, inlets=self.inlets)
            while True:
                self.heard += (await self.made.next()).messages
        except DeviceError as error:
            self.error = error

    def between(self, operation: str) -> list[float]:
        """The seconds between calls of *operation*."""
        moments = [moment for name, moment in self.device.asked if name == operation]
        return [later - sooner for sooner, later in itertools.pairwise(moments)]


async def heard_for(rig: Rig, seconds: float) -> Rig:
    async with Tasks("test") as tasks:
        tasks.start(rig.listen(), name="listen")
        await rig.clock.advance(seconds)
    return rig


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


async def test_messages_are_pulled_as_they_come(clock: SimulatedClock) -> None:
    rig = Rig(clock, EventDevice(clock))

    async with Tasks("test") as tasks:
        tasks.start(rig.listen(), name="listen")
        await clock.advance(3)
        rig.device.waiting.append(MOTION)
        await clock.advance(1)

    assert [message.topic for message in rig.heard] == [MOTION.topic]
    assert rig.device.operations[:3] == ["CreatePullPointSubscription", "SetSynchronizationPoint", "PullMessages"]
    assert rig.device.echoed == {(ADDRESS, ())}


async def test_a_subscription_that_is_named_in_its_references_alone_is_found_again(clock: SimulatedClock) -> None:
    device = EventDevice(clock, referred=True, extends=False, grants_s=40)  # Axis: one address for all subscriptions

    rig = await heard_for(Rig(clock, device), 100)
    assert rig.made is not None
    await rig.made.close()

    ((address, references),) = device.echoed
    assert address == ADDRESS
    assert [reference.count(b">4</") for reference in references] == [1]


async def test_a_camera_whose_pulls_lengthen_the_subscription_is_not_asked_to_renew(clock: SimulatedClock) -> None:
    rig = await heard_for(Rig(clock, EventDevice(clock, grants_s=60)), 600)

    assert rig.error is None
    assert "Renew" not in rig.device.operations
    assert len(rig.device.operations) < 30


@pytest.mark.parametrize("grants_s", [40, 60, 600, 30 * 86_400])
@pytest.mark.parametrize("year_1970", [False, True])
async def test_a_camera_that_only_knows_renew_keeps_its_subscription(
    clock: SimulatedClock, grants_s: float, year_1970: bool
) -> None:
    device = EventDevice(clock, grants_s=grants_s, extends=False, year_1970=year_1970)

    rig = await heard_for(Rig(clock, device), 1000)

    assert rig.error is None
    assert device.operations.count("CreatePullPointSubscription") == 1
    assert (device.operations.count("Renew") > 0) is (grants_s < 1000)


@pytest.mark.parametrize("grants_s", [120, 600])
async def test_a_camera_that_tells_no_times_is_asked_to_renew_in_time(clock: SimulatedClock, grants_s: float) -> None:
    device = EventDevice(clock, grants_s=grants_s, extends=False, tells_times=False)

    rig = await heard_for(Rig(clock, device), 1000)

    assert rig.error is None
    assert all(seconds < LASTS_S for seconds in rig.between("Renew"))


async def test_a_camera_that_knows_no_renew_is_left_in_peace(clock: SimulatedClock) -> None:
    rig = await heard_for(Rig(clock, EventDevice(clock, grants_s=40, without=["Renew"])), 300)

    assert rig.error is None
    assert rig.device.operations.count("Renew") <= 1


async def test_a_camera_that_answers_at_once_is_not_asked_without_end(clock: SimulatedClock) -> None:
    rig = await heard_for(Rig(clock, EventDevice(clock, hasty=True)), 60)

    assert rig.error is None
    assert min(rig.between("PullMessages")) >= EMPTY_PAUSE_S


@pytest.mark.parametrize(("messages", "most"), [(1, 62), (100, 62), (1000, 10)])
async def test_a_camera_that_drowns_us_is_heard_at_a_measured_pace(
    clock: SimulatedClock, messages: int, most: int
) -> None:
    device = EventDevice(clock, grants_s=600)
    rig = Rig(clock, device)

    async with Tasks("test") as tasks:
        tasks.start(rig.listen(), name="listen")
        for _ in range(200):
            device.waiting = [MOTION] * messages
            await clock.advance(0.2)  # 40 s in all

    assert rig.error is None
    assert 3 < device.operations.count("PullMessages") <= most


async def test_a_subscription_that_the_camera_forgot_is_an_error(clock: SimulatedClock) -> None:
    rig = Rig(clock, EventDevice(clock))

    async with Tasks("test") as tasks:
        tasks.start(rig.listen(), name="listen")
        await clock.advance(5)
        rig.device.forget()
        await clock.advance(60)

    assert rig.error is not None
    assert rig.error.trouble is DeviceTrouble.REFUSED


async def test_one_answer_that_can_not_be_read_is_borne_and_many_are_not(clock: SimulatedClock) -> None:
    rig = Rig(clock, EventDevice(clock))

    async with Tasks("test") as tasks:
        tasks.start(rig.listen(), name="listen")
        rig.device.garbles = 2
        rig.device.hasty = True
        await clock.advance(30)
        assert rig.error is None
        rig.device.garbles = 3
        await clock.advance(30)

    assert rig.error is not None


async def test_a_camera_that_won_t_be_told_how_long_decides_itself(clock: SimulatedClock) -> None:
    class Stubborn(EventDevice):
        def _check(self, operation: str) -> None:
            super()._check(operation)
            if self.operations.count("CreatePullPointSubscription") == 1:
                raise DeviceError(DeviceTrouble.REFUSED, "UnacceptableInitialTerminationTimeFault")

    rig = await heard_for(Rig(clock, Stubborn(clock)), 10)

    assert rig.error is None
    assert isinstance(rig.made, PullSubscription)


@pytest.mark.parametrize("operation", ["SetSynchronizationPoint", "Unsubscribe"])
@pytest.mark.parametrize("how", ["without", "refuses"])
async def test_what_a_camera_does_not_know_is_done_without(clock: SimulatedClock, operation: str, how: str) -> None:
    unknown: dict[str, Any] = {how: [operation]}
    device = EventDevice(clock, **unknown)
    device.properties.append(MOTION)

    rig = await heard_for(Rig(clock, device), 10)
    assert rig.made is not None
    await rig.made.close()

    assert [message.topic for message in rig.heard][:1] == [MOTION.topic]


async def test_a_camera_without_pull_points_sends_its_messages(clock: SimulatedClock) -> None:
    device = EventDevice(clock, without=["CreatePullPointSubscription"], extends=False)
    rig = Rig(clock, device)

    async with Tasks("test") as tasks:
        tasks.start(rig.listen(), name="listen")
        await clock.advance(3)
        rig.inlets.inlet.waiting.append(MOTION)
        await clock.advance(400)

    assert isinstance(rig.made, NotifySubscription)
    assert device.consumer == "http://192.0.2.1:4711/secret"
    assert device.learned.notify_only
    assert rig.heard == [MOTION]
    assert rig.error is None
    assert device.alive


async def test_a_camera_that_was_learned_to_send_is_not_asked_for_a_pull_point(clock: SimulatedClock) -> None:
    device = EventDevice(clock, without=["CreatePullPointSubscription"])
    await heard_for(Rig(clock, device), 1)
    device.asked.clear()

    await heard_for(Rig(clock, device), 1)

    assert "CreatePullPointSubscription" not in device.operations


async def test_the_inlet_is_given_up_with_the_subscription(clock: SimulatedClock) -> None:
    device = EventDevice(clock, without=["CreatePullPointSubscription"])
    rig = await heard_for(Rig(clock, device), 1)
    assert rig.made is not None

    async with Tasks("test") as tasks:
        closing = tasks.start(rig.made.close(), name="close")
        await clock.advance(1)
        await closing

    assert rig.inlets.inlet.closed
    assert not device.alive


async def test_a_camera_that_knows_neither_way_tells_so(clock: SimulatedClock) -> None:
    device = EventDevice(clock, without=["CreatePullPointSubscription", "Subscribe"])

    rig = await heard_for(Rig(clock, device), 1)

    assert rig.error is not None
    assert rig.error.trouble is DeviceTrouble.UNSUPPORTED
    assert rig.inlets.inlet.closed
    assert not device.learned.notify_only


async def test_a_camera_without_events_is_not_asked(clock: SimulatedClock) -> None:
    device = EventDevice(clock)
    device.services = frozenset()

    rig = await heard_for(Rig(clock, device), 1)

    assert rig.error is not None
    assert rig.error.title == "The camera tells of no events."
    assert device.operations == []


async def test_pull_points_that_are_all_taken_are_no_lesson_for_next_time(clock: SimulatedClock) -> None:
    device = EventDevice(clock, refuses=["CreatePullPointSubscription"])

    rig = await heard_for(Rig(clock, device), 1)

    assert isinstance(rig.made, NotifySubscription)
    assert not device.learned.notify_only


async def test_without_a_way_for_its_messages_the_camera_can_not_send(clock: SimulatedClock) -> None:
    rig = Rig(clock, EventDevice(clock, without=["CreatePullPointSubscription"]))
    rig.inlets.broken = True

    await heard_for(rig, 1)

    assert rig.error is not None
    assert rig.error.trouble is DeviceTrouble.UNSUPPORTED


@pytest.mark.parametrize("trouble", [DeviceTrouble.CREDENTIALS, DeviceTrouble.UNREACHABLE, DeviceTrouble.LOCKED_OUT])
async def test_trouble_of_another_kind_is_told_as_it_is(clock: SimulatedClock, trouble: DeviceTrouble) -> None:
    device = EventDevice(clock)
    device.trouble = trouble

    rig = await heard_for(Rig(clock, device), 1)

    assert rig.error is not None
    assert rig.error.trouble is trouble
    assert device.operations == ["CreatePullPointSubscription"]
