import pytest

from tawny.recorder.cameras.hardware import HardwareAddresses
from tawny.recorder.onvif.model import Identity
from tests.fakes.ingest import ONLINE, REFUSED
from tests.recorder.cameras.test_service import Rig

MAC = "02:00:00:00:00:07"


def test_an_rtsp_camera_s_hardware_address_is_learned_when_its_stream_comes() -> None:
    rig = Rig()
    camera = rig.add()
    hardware = HardwareAddresses(cameras=rig.cameras, neighbours=lambda: {"192.0.2.7": MAC})

    hardware.see(camera, REFUSED)
    before = rig.cameras.known(camera).identity.mac
    hardware.see(camera, ONLINE)

    assert before == ""
    assert rig.restarted().known(camera).identity == Identity(mac=MAC)


@pytest.mark.parametrize("neighbours", [{}, {"192.0.2.8": MAC}])
def test_a_camera_beyond_our_networks_stays_without(neighbours: dict[str, str]) -> None:
    rig = Rig()
    camera = rig.add()

    HardwareAddresses(cameras=rig.cameras, neighbours=lambda: neighbours).see(camera, ONLINE)

    assert rig.cameras.known(camera).identity.mac == ""


def test_an_address_that_is_known_is_not_replaced_by_who_came_after() -> None:
    rig = Rig()
    camera = rig.add()
    rig.cameras.identified(camera, Identity(mac=MAC))

    HardwareAddresses(cameras=rig.cameras, neighbours=lambda: {"192.0.2.7": "02:00:00:00:00:08"}).see(camera, ONLINE)

    assert rig.cameras.known(camera).identity.mac == MAC
