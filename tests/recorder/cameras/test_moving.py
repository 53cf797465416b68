import pytest

from tawny.recorder.cameras.model import Camera, OnvifSource
from tawny.recorder.cameras.moving import moved
from tawny.recorder.onvif.model import DeviceAddress

RTSP = Camera(
    id="cam_a", name="Gate", url="rtsp://192.0.2.7:8554/a?b=c", sub_url="", user="u", password="p", added_us=0
)
ONVIF = Camera(
    id="cam_a",
    name="Gate",
    url="rtsp://192.0.2.7/a",
    sub_url="rtsp://192.0.2.7:555/b",
    user="u",
    password="p",
    added_us=0,
    device=OnvifSource(address=DeviceAddress(host="192.0.2.7", port=8000, path="/x"), main_profile="m"),
)


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("192.0.2.99", None, "rtsp://192.0.2.99:8554/a?b=c"),
        ("192.0.2.99", 554, "rtsp://192.0.2.99:554/a?b=c"),
        ("fd00::20", None, "rtsp://[fd00::20]:8554/a?b=c"),
        ("fe80::1%eth0", None, "rtsp://[fe80::1%25eth0]:8554/a?b=c"),
    ],
)
def test_an_rtsp_camera_keeps_its_path_and_takes_a_port_where_one_was_found(
    host: str, port: int | None, url: str
) -> None:
    after = moved(RTSP, host, port)

    assert (after.url, after.sub_url) == (url, "")


def test_of_an_onvif_camera_the_port_is_that_of_its_device_service() -> None:
    after = moved(ONVIF, "192.0.2.99", 8080)

    assert after.device is not None
    assert after.device.address == DeviceAddress(host="192.0.2.99", port=8080, path="/x")
    assert (after.url, after.sub_url) == ("rtsp://192.0.2.99/a", "rtsp://192.0.2.99:555/b")
    assert after.host == "192.0.2.99"


def test_without_a_port_the_device_service_keeps_its_own() -> None:
    after = moved(ONVIF, "192.0.2.99")

    assert after.device is not None
    assert after.device.address.port == 8000
