from dataclasses import replace

import pytest

from tawny.recorder.cameras.model import Camera, OnvifSource
from tawny.recorder.finding.known import known
from tawny.recorder.finding.model import Kind
from tawny.recorder.ingest.model import CameraState, Phase
from tawny.recorder.onvif.model import DeviceAddress, DevicePhase, DeviceState, DeviceTrouble, Identity

CAMERA = Camera(
    id="cam_1", name="Gate", url="rtsp://192.0.2.2:8554/main", sub_url="", user="u", password="p", added_us=0
)
WAITING, ONLINE = CameraState(phase=Phase.WAITING, since_us=0), CameraState(phase=Phase.ONLINE, since_us=0)


def test_a_camera_by_rtsp_is_known_by_its_stream_and_hardware_address() -> None:
    found = known(replace(CAMERA, identity=Identity(mac="02:00:00:00:00:01")), WAITING)

    assert (found.kind, found.host, found.port, found.mac) == (Kind.RTSP, "192.0.2.2", 8554, "02:00:00:00:00:01")


def test_a_camera_by_onvif_is_known_by_its_device_service() -> None:
    device = OnvifSource(address=DeviceAddress(host="192.0.2.3", port=8000), main_profile="1")
    found = known(replace(CAMERA, device=device, identity=Identity(uuid="urn:uuid:A")), WAITING)

    assert (found.kind, found.host, found.port, found.uuid) == (Kind.ONVIF, "192.0.2.3", 8000, "a")


@pytest.mark.parametrize(
    ("enabled", "state", "lost"), [(True, WAITING, True), (True, ONLINE, False), (False, WAITING, False)]
)
def test_only_an_enabled_camera_that_does_not_deliver_is_lost(enabled: bool, state: CameraState, lost: bool) -> None:
    assert known(replace(CAMERA, enabled=enabled), state).unreachable is lost


@pytest.mark.parametrize(
    ("trouble", "lost"), [(DeviceTrouble.UNREACHABLE, True), (DeviceTrouble.CREDENTIALS, False), (None, False)]
)
def test_a_camera_that_streams_is_lost_where_its_onvif_side_does_not_answer(
    trouble: DeviceTrouble | None, lost: bool
) -> None:
    phase = DevicePhase.WAITING if trouble else DevicePhase.ONLINE
    found = known(CAMERA, ONLINE, DeviceState(phase=phase, since_us=0, kind=trouble))

    assert (found.unreachable, found.streaming) == (lost, True)
