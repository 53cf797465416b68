from dataclasses import replace

import pytest

from tawny.recorder.finding.model import FoundDevice, Kind, KnownCamera, bare_mac

CAMERA = KnownCamera(id="cam_1", name="Gate", kind=Kind.RTSP, host="192.0.2.2", port=554)
DEVICE = FoundDevice(id="f", kind=Kind.ONVIF, host="192.0.2.2", address="http://192.0.2.2/onvif/x", seen_us=0)


def test_a_camera_is_known_by_its_address_unless_who_it_is_says_otherwise() -> None:
    assert CAMERA.is_device(DEVICE)
    assert not replace(CAMERA, host="192.0.2.3").is_device(DEVICE)
    assert not replace(CAMERA, uuid="a").is_device(replace(DEVICE, uuid="b"))
    assert replace(CAMERA, host="192.0.2.3", mac="02:00:00:00:00:01").is_device(
        replace(DEVICE, mac="02:00:00:00:00:01")
    )


def test_devices_on_this_machine_are_told_apart_by_their_ports() -> None:
    here = replace(DEVICE, host="127.0.0.1", address="http://127.0.0.1:8000/onvif/x")

    assert not replace(CAMERA, host="127.0.0.1").is_device(here)
    assert replace(CAMERA, host="127.0.0.1", port=8000).is_device(here)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("AC-CC-8E-00-00-01", "ac:cc:8e:00:00:01"),
        ("accc8e000001", "ac:cc:8e:00:00:01"),
        ("00:00:00:00:00:00", ""),
        ("ac:cc:8e", ""),
        ("no mac at all", ""),
    ],
)
def test_hardware_addresses_are_read_however_they_are_spelt(written: str, read: str) -> None:
    assert bare_mac(written) == read
