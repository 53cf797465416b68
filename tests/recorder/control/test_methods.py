from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import pytest

from tawny.recorder.camera_settings.service import CameraSettings
from tawny.recorder.cameras.requests import Request
from tawny.recorder.control.methods import methods
from tawny.recorder.control.service import Controls
from tawny.runtime.problem import Kind, Problem
from tests.fakes.onvif_device import KeepingDevice, onvif_camera
from tests.recorder.camera_settings.test_service import settings_of
from tests.recorder.control.test_service import Stage as Steering
from tests.recorder.control.test_service import Steered
from tests.recorder.control.test_talks import Stage as Talking


class Stage:
    """The methods over fakes."""

    def __init__(self) -> None:
        self.device = Steered()
        self.talking = Talking()
        self.controls: Controls = Steering(self.device).controls
        settings: CameraSettings = settings_of(KeepingDevice(), onvif_camera())
        self.table = methods(settings, self.controls, self.talking.talks)

    async def call(self, name: str, members: Mapping[str, Any]) -> Any:
        return await self.table[name](Request(members))


async def test_settings_are_read_written_and_acted_on_by_name() -> None:
    stage = Stage()

    read = await stage.call("settings.read", {"camera": "cam_a"})
    written = await stage.call("settings.write", {"camera": "cam_a", "settings": {"image": {"brightness": 60}}})
    acted = await stage.call("settings.act", {"camera": "cam_a", "action": "device.reboot"})

    assert read["camera"] == "cam_a"
    assert written["results"][0]["ok"]
    assert acted["title"].startswith("The camera restarts")


async def test_head_lens_and_relay_are_steered_by_name() -> None:
    stage = Stage()

    await stage.call("control.read", {"camera": "cam_a"})
    await stage.call("control.ptz", {"camera": "cam_a", "do": "to", "zoom": 0.5})
    await stage.call("control.focus", {"camera": "cam_a", "do": "to", "value": 1})
    await stage.call("control.relay", {"camera": "cam_a", "relay": "r1", "active": False})
    await stage.controls.stop()

    assert stage.device.moves == ["AbsoluteMove 0.5", "Move sensor 1000", "SetRelayOutputState r1 inactive"]


async def test_sound_comes_in_base64() -> None:
    stage = Stage()

    opened = await stage.call("talk.open", {"camera": "cam_a"})
    await stage.call("talk.send", {"talk": opened["talk"], "data": b64encode(b"a" * 160).decode()})
    await stage.call("talk.close", {"talk": opened["talk"]})

    assert stage.talking.way.said == [(b"a" * 160, 160)]


@pytest.mark.parametrize(
    ("name", "members", "field"),
    [
        ("settings.write", {"camera": "cam_a", "settings": []}, "settings"),
        ("control.ptz", {"camera": "cam_a", "do": "fly"}, "do"),
        ("control.ptz", {"camera": "cam_a", "do": "to", "pan": 1.5}, "pan"),
        ("control.ptz", {"camera": "cam_a", "do": "to", "pan": True}, "pan"),
        ("control.ptz", {"camera": "cam_a", "do": "to", "pan": float("nan")}, "pan"),
        ("control.relay", {"camera": "cam_a", "relay": "r1"}, "active"),
        ("control.focus", {"camera": "cam_a", "do": "to", "speed": 1}, "speed"),
        ("talk.send", {"talk": "talk_1", "data": "no base64"}, "data"),
        ("talk.send", {"talk": "talk_1", "data": "a" * 70_000}, "data"),
    ],
)
def test_a_request_that_is_wrong_is_refused_by_its_member(name: str, members: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as raised:
        Stage().table[name](Request(members))

    assert (raised.value.kind, raised.value.extra["field"]) == (Kind.INVALID, field)
