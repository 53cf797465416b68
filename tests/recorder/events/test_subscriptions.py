from dataclasses import replace

import pytest

from tawny.recorder.cameras.model import Camera, OnvifSource
from tawny.recorder.events.model import Kind
from tawny.recorder.events.subscriptions import LOOK_S, Subscriptions
from tawny.recorder.events.tracking import GRACE_US
from tawny.recorder.onvif.model import Device, DeviceAddress
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.tasks import Tasks
from tawny.wire.onvif.events import CHANGED, Message
from tawny.wire.onvif.metadata import Metadata
from tests.fakes.event_device import EventDevice
from tests.fakes.inlets import FakeInlets
from tests.recorder.events.building import NOON_US, SECOND_US
from tests.recorder.events.diary import Diary


def camera(name: str, *, host: str = "192.0.2.7", channel: str = "", onvif: bool = True) -> Camera:
    source = OnvifSource(address=DeviceAddress(host=host), main_profile="main", channel=channel)
    return Camera(
        id=f"cam_{name}",
        name=name,
        url="rtsp://192.0.2.7/",
        sub_url="",
        user="root",
        password="secret",
        added_us=0,
        device=source if onvif else None,
    )


MOTION = Message(
    topic="tns1:VideoSource/MotionAlarm", operation=CHANGED, source={"Source": "1"}, data={"State": "true"}, utc_us=0
)


class Rig:
    def __init__(self, *cameras: Camera) -> None:
        self.clock = SimulatedClock()
        self.cameras = list(cameras)
        self.devices = {
            each.device.address.host: EventDevice(self.clock) for each in cameras if each.device is not None
        }
        self.diary = Diary()
        self.subscriptions = Subscriptions(
            cameras=lambda: self.cameras,
            device=self.connected,
            diary=self.diary,
            inlets=FakeInlets(self.clock),
            clock=self.clock,
        )

    async def connected(self, camera_id: str) -> Device:
        (found,) = [each for each in self.cameras if each.id == camera_id]
        assert found.device is not None
        return self.devices[found.device.address.host]

    def subscribed(self, host: str = "192.0.2.7") -> int:
        return self.devices[host].operations.count("CreatePullPointSubscription")


async def test_each_device_is_listened_to_once_however_many_cameras_it_is() -> None:
    rig = Rig(camera("a", channel="1"), camera("b", channel="2"), camera("c", host="192.0.2.8"))
    async with Tasks("test") as tasks:
        tasks.start(rig.subscriptions.run(), name="subscriptions")
        await rig.clock.advance(30)

    assert (rig.subscribed(), rig.subscribed("192.0.2.8")) == (1, 1)


async def test_a_camera_that_is_added_is_listened_to_and_one_that_is_switched_off_is_not() -> None:
    rig = Rig(camera("a"), camera("b", host="192.0.2.8"))
    second = rig.cameras.pop()
    async with Tasks("test") as tasks:
        tasks.start(rig.subscriptions.run(), name="subscriptions")
        await rig.clock.advance(5)
        rig.cameras.append(second)
        await rig.clock.advance(LOOK_S + 1)
        rig.devices["192.0.2.8"].waiting.append(MOTION)
        await rig.clock.advance(2)
        assert rig.subscriptions.listening("cam_b")

        rig.cameras[1] = replace(second, enabled=False)
        await rig.clock.advance(LOOK_S + 1)

        assert not rig.subscriptions.listening("cam_b")
        assert rig.subscriptions.listening("cam_a")

    assert rig.devices["192.0.2.8"].operations[-1] == "Unsubscribe"
    assert rig.diary.kinds == [Kind.MOTION]
    assert rig.diary.lasting == []


async def test_another_password_is_another_subscription_and_another_name_is_not() -> None:
    rig = Rig(camera("a"))
    async with Tasks("test") as tasks:
        tasks.start(rig.subscriptions.run(), name="subscriptions")
        await rig.clock.advance(5)
        rig.cameras[0] = replace(rig.cameras[0], name="Another")
        await rig.clock.advance(5)
        assert rig.subscribed() == 1

        rig.cameras[0] = replace(rig.cameras[0], password="other")
        await rig.clock.advance(5)

    assert rig.subscribed() == 2


async def test_metadata_tells_where_nothing_else_does() -> None:
    rig = Rig(camera("a"), camera("r", onvif=False))
    told = Metadata(messages=(MOTION,))
    async with Tasks("test") as tasks:
        tasks.start(rig.subscriptions.run(), name="subscriptions")
        await rig.clock.advance(5)
        rig.subscriptions.metadata("cam_a", told, NOON_US)  # it has a subscription
        rig.subscriptions.metadata("cam_of_nobody", told, NOON_US)
        rig.subscriptions.metadata("cam_r", told, NOON_US + 4 * SECOND_US)

    (event,) = rig.diary.events.values()
    assert (event.camera, event.at_us) == ("cam_r", NOON_US + 4 * SECOND_US)


async def test_what_metadata_told_is_not_believed_for_long_once_the_pictures_are_gone() -> None:
    rig = Rig(camera("r", onvif=False))
    async with Tasks("test") as tasks:
        tasks.start(rig.subscriptions.run(), name="subscriptions")
        rig.subscriptions.metadata("cam_r", Metadata(messages=(MOTION,)), NOON_US)
        await rig.clock.advance(5)
        rig.subscriptions.offline("cam_r")
        rig.subscriptions.offline("cam_of_nobody")
        await rig.clock.advance(GRACE_US / 1e6 + LOOK_S)

    assert rig.diary.ended == {"evt_0": NOON_US + 5 * SECOND_US}


async def test_a_fault_of_ours_silences_no_camera_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig(camera("a"))
    device = rig.devices.pop("192.0.2.7")  # asking for it raises what nobody expects
    async with Tasks("test") as tasks:
        tasks.start(rig.subscriptions.run(), name="subscriptions")
        await rig.clock.advance(LOOK_S)
        rig.devices["192.0.2.7"] = device
        await rig.clock.advance(LOOK_S * 2)

        assert rig.subscriptions.listening("cam_a")

    assert "KeyError" in caplog.text


def test_a_password_is_not_shown_where_subscriptions_are() -> None:
    rig = Rig(camera("a"))

    assert "secret" not in repr(rig.subscriptions.__dict__)
    assert "secret" not in repr(rig.cameras)
