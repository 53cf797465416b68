from dataclasses import replace

import pytest

from tawny.recorder.cameras.likeness import added_as, same_device
from tawny.recorder.cameras.model import Access, Camera, OnvifSource
from tawny.recorder.onvif.model import DeviceAddress, Identity

WHO = Identity(uuid="u1", serial="s1", mac="02:00:00:00:00:01", make="Axis")


def access(host: str = "192.0.2.7", channel: str = "1", identity: Identity = WHO) -> Access:
    source = OnvifSource(address=DeviceAddress(host=host), main_profile="m", channel=channel)
    return Access(url=f"rtsp://{host}/a", device=source, identity=identity)


def kept(found: Access) -> Camera:
    return found.on(Camera(id="cam_a", name="Gate", url="", sub_url="", user="", password="", added_us=0))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (WHO, True),
        (Identity(uuid="U1"), True),
        (Identity(mac="02:00:00:00:00:01"), True),
        (Identity(serial="s1", make="Axis"), True),
        (Identity(serial="s1", make="Other"), False),  # cheap boards all have the same number
        (Identity(serial="s1"), False),
        (replace(WHO, mac="02:00:00:00:00:02"), False),
        (Identity(make="Axis"), False),
        (Identity(), False),
    ],
)
def test_a_device_is_known_by_what_lasts_unless_something_of_it_is_another(other: Identity, same: bool) -> None:
    assert same_device(WHO, other) is same


def test_a_camera_that_has_moved_is_still_the_one_that_was_added() -> None:
    camera = kept(access("192.0.2.7"))

    assert added_as(access("192.0.2.99"), [camera]) is camera
    assert added_as(access("192.0.2.99", identity=Identity()), [camera]) is None


def test_channels_of_one_device_are_cameras_apart() -> None:
    camera = kept(access(channel="1"))

    assert added_as(access(channel="2"), [camera]) is None


def test_a_device_that_tells_nothing_is_known_by_its_address() -> None:
    camera = kept(access(identity=Identity()))

    assert added_as(access(identity=Identity()), [camera]) is camera


def test_an_rtsp_camera_is_known_by_its_address() -> None:
    camera = kept(Access(url="rtsp://192.0.2.7/a"))

    assert added_as(Access(url="rtsp://192.0.2.7/a"), [camera]) is camera
    assert added_as(Access(url="rtsp://192.0.2.7/b"), [camera]) is None
