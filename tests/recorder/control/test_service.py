from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from tawny.recorder.cameras.model import Camera
from tawny.recorder.control.model import Place
from tawny.recorder.control.service import Controls
from tawny.recorder.events.model import Event
from tawny.recorder.events.model import Kind as EventKind
from tawny.recorder.onvif.model import Device, DeviceTrouble, device_error
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind, Problem
from tawny.wire.onvif import ptz
from tawny.wire.onvif.answers import ptz as ptz_answers
from tawny.wire.onvif.configurations import VideoSourceConfiguration
from tawny.wire.onvif.deviceio import DigitalInput, RelayOutput, write_digital_input, write_relay_output
from tawny.wire.onvif.elements import Element, child, make, text
from tawny.wire.onvif.geometry import Range, write_range
from tawny.wire.onvif.imaging import Focus, ImagingSettings, read_imaging_settings, write_imaging_settings
from tawny.wire.onvif.profiles import Profile, write_profile2
from tawny.wire.onvif.ptz import Node, Preset, PtzConfiguration, PtzVector
from tests.fakes.onvif_device import FakeDevice, Handler, onvif_camera, rtsp_camera

WHOLE = Range(low=-1, high=1)


class Steered(FakeDevice):
    """A camera with a head, a lens, two relays and an input."""

    def __init__(self) -> None:
        self.moves: list[str] = []
        self.at = PtzVector(pan=0.0, tilt=0.5, zoom=0.0)
        self.presets = {"1": "Door"}
        self.focus = Focus(mode="AUTO")
        node = Node(token="n", spaces=ptz_answers.SPACES, most_presets=8, home=True)
        super().__init__(
            {
                "tr2:GetProfiles": self._profiles,
                "tptz:GetNodes": lambda _: ptz_answers.nodes("GetNodes", [node]),
                "tptz:GetConfigurationOptions": lambda _: ptz_answers.options(Range(low=1, high=60)),
                "tptz:GetPresets": lambda _: ptz_answers.presets(
                    Preset(token=token, name=name) for token, name in self.presets.items()
                ),
                "tptz:GetStatus": lambda _: ptz_answers.status(ptz.Status(position=self.at, moving="IDLE", utc_us=0)),
                "timg:GetMoveOptions": self._move_options,
                "timg:GetOptions": self._options,
                "timg:GetImagingSettings": lambda _: make(
                    "timg:GetImagingSettingsResponse",
                    write_imaging_settings("timg:ImagingSettings", ImagingSettings(focus=self.focus)),
                ),
                "timg:SetImagingSettings": self._set_picture,
                "tds:GetRelayOutputs": self._relays,
                "tmd:GetDigitalInputs": lambda _: make(
                    "tmd:GetDigitalInputsResponse", write_digital_input("tmd:DigitalInputs", DigitalInput(token="in"))
                ),
                "trt:GetAudioOutputs": lambda _: make(
                    "trt:GetAudioOutputsResponse", make("trt:AudioOutputs", token="speaker")
                ),
                **{f"tptz:{name}": self._noted(name) for name in _MOVES},
                **{f"timg:{name}": self._noted(name) for name in ("Move", "Stop")},
                "tds:SetRelayOutputState": self._noted("SetRelayOutputState"),
            }
        )

    def _noted(self, operation: str) -> Handler:
        def note(body: Element) -> Element:
            words = [
                text(each) or " ".join(str(value) for value in each.attrib.values()) for each in body.iterdescendants()
            ]
            self.moves.append(" ".join([operation, *(word for word in words if word and word != "p1")]))
            return make(f"tptz:{operation}Response")

        return note

    def _profiles(self, _: Element) -> Element:
        profile = Profile(
            token="p1",
            video_source=VideoSourceConfiguration(token="picture", source="sensor"),
            ptz=PtzConfiguration(token="c", node="n", timeout_s=10),
        )
        return make("tr2:GetProfilesResponse", write_profile2("tr2:Profiles", profile))

    def _move_options(self, _: Element) -> Element:
        absolute = make("tt:Absolute", write_range("tt:Position", Range(low=0, high=1000)))
        continuous = make("tt:Continuous", write_range("tt:Speed", Range(low=-7, high=7)))
        return make("timg:GetMoveOptionsResponse", make("timg:MoveOptions", absolute, continuous))

    def _options(self, _: Element) -> Element:
        modes = (make("tt:AutoFocusModes", mode) for mode in ("AUTO", "MANUAL"))
        return make("timg:GetOptionsResponse", make("timg:ImagingOptions", make("tt:Focus", *modes)))

    def _set_picture(self, body: Element) -> Element:
        wanted = read_imaging_settings(child(body, "ImagingSettings"))
        assert wanted.focus is not None
        self.focus = wanted.focus
        return make("timg:SetImagingSettingsResponse")

    def _relays(self, _: Element) -> Element:
        relays = (RelayOutput(token="r1"), RelayOutput(token="r2", mode="Monostable", delay_s=3))
        return make("tds:GetRelayOutputsResponse", *(write_relay_output("tds:RelayOutputs", each) for each in relays))


_MOVES = (
    *("ContinuousMove", "AbsoluteMove", "RelativeMove", "Stop", "GotoPreset", "SetPreset", "RemovePreset"),
    *("GotoHomePosition", "SetHomePosition"),
)


class Stage:
    """Controls of one camera."""

    def __init__(self, device: FakeDevice, camera: Camera | None = None) -> None:
        self.clock = SimulatedClock()
        self.device = device
        self.camera = camera or onvif_camera()
        self.controls = Controls(device=self.reached, camera=self.known, speaks=self.speaks, clock=self.clock)

    async def reached(self, _: str) -> Device:
        return self.device

    async def speaks(self, _: Camera) -> bool:
        return True

    def known(self, camera_id: str) -> Camera | None:
        return self.camera if camera_id == self.camera.id else None


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    staged = Stage(Steered())
    yield staged
    await staged.controls.stop()


def steered(stage: Stage) -> Steered:
    assert isinstance(stage.device, Steered)
    return stage.device


async def test_what_can_be_done_is_told(stage: Stage) -> None:
    assert await stage.controls.read("cam_a") == {
        "ptz": {
            "move": True,
            "zoom": True,
            "to": True,
            "by": True,
            "home": True,
            "presets": [{"preset": "1", "name": "Door"}],
            "most_presets": 8,
            "position": {"pan": 0.0, "tilt": 0.5, "zoom": 0.0},
            "moving": False,
        },
        "focus": {"move": True, "to": True, "by": False, "auto": True},
        "relays": [
            {"relay": "r1", "name": "Relay 1", "active": None, "bistable": True},
            {"relay": "r2", "name": "Relay 2", "active": None, "bistable": False},
        ],
        "inputs": [{"input": "in", "name": "Input 1", "active": None}],
        "talk": True,
    }


async def test_a_camera_with_nothing_to_steer_says_so() -> None:
    device = FakeDevice({"tr2:GetProfiles": Steered().answers["tr2:GetProfiles"]})

    told = await Stage(device).controls.read("cam_a")

    assert told == {"ptz": None, "focus": None, "relays": [], "inputs": [], "talk": False}


async def test_what_a_device_has_is_asked_once_for_each_connection(stage: Stage) -> None:
    for _ in range(3):
        await stage.controls.read("cam_a")
    asked = stage.device.asked.count("tptz:GetNodes")
    stage.device = Steered()
    await stage.controls.read("cam_a")

    assert asked == 1
    assert stage.device.asked.count("tptz:GetNodes") == 1


@pytest.mark.parametrize(
    ("do", "place", "sent"),
    [
        ("move", Place(pan=0.5, tilt=-0.5), "ContinuousMove 0.5 -0.5 PT5S"),
        ("move", Place(zoom=1.0), "ContinuousMove 1 PT5S"),
        ("stop", Place(), "Stop true true"),
        ("to", Place(pan=0.1, tilt=0.2, zoom=0.3), "AbsoluteMove 0.1 0.2 0.3"),
        ("to", Place(pan=0.1), "AbsoluteMove 0.1 0.5"),
        ("by", Place(tilt=-0.25), "RelativeMove 0 -0.25"),
        ("home", Place(), "GotoHomePosition"),
        ("set_home", Place(), "SetHomePosition"),
    ],
)
async def test_a_head_does_what_is_asked(stage: Stage, do: str, place: Place, sent: str) -> None:
    await stage.controls.ptz("cam_a", do, place)

    assert steered(stage).moves == [sent]


async def test_moving_a_stick_asks_for_nothing_but_the_position(stage: Stage) -> None:
    await stage.controls.read("cam_a")
    stage.device.asked.clear()

    told = await stage.controls.ptz("cam_a", "move", Place(pan=1.0))

    assert stage.device.asked == ["tptz:ContinuousMove", "tptz:GetStatus"]
    assert told["ptz"]["presets"] == [{"preset": "1", "name": "Door"}]


async def test_another_device_in_its_place_is_told_anew_even_after_a_move(stage: Stage) -> None:
    await stage.controls.read("cam_a")
    other = Steered()
    other.presets = {"7": "Bell"}
    stage.device = other

    told = await stage.controls.ptz("cam_a", "move", Place(pan=1.0))

    assert told["ptz"]["presets"] == [{"preset": "7", "name": "Bell"}]


async def test_a_move_ends_after_two_seconds(stage: Stage) -> None:
    await stage.controls.ptz("cam_a", "move", Place(pan=1.0))
    await stage.clock.advance(2.1)

    assert steered(stage).moves == ["ContinuousMove 1 0 PT5S", "Stop true true"]


async def test_presets_are_gone_to_made_and_taken_away(stage: Stage) -> None:
    await stage.controls.ptz("cam_a", "preset", Place(), preset="1")
    steered(stage).presets["2"] = "Bell"
    told = await stage.controls.ptz("cam_a", "set_preset", Place(), name="Bell")
    await stage.controls.ptz("cam_a", "remove_preset", Place(), preset="1")

    assert steered(stage).moves == ["GotoPreset 1", "SetPreset Bell", "RemovePreset 1"]
    assert told["ptz"]["presets"][1] == {"preset": "2", "name": "Bell"}


async def test_what_a_head_cannot_do_is_refused_in_words(stage: Stage) -> None:
    with pytest.raises(Problem, match="can't be moved like that"):
        await stage.controls.ptz("cam_a", "move", Place())
    with pytest.raises(Problem, match="Name the place"):
        await stage.controls.ptz("cam_a", "preset", Place())


async def test_the_cameras_refusal_is_passed_on(stage: Stage) -> None:
    def refused(_: Element) -> Element:
        raise device_error(DeviceTrouble.REFUSED)

    stage.device.answers["tptz:AbsoluteMove"] = refused

    with pytest.raises(Problem) as raised:
        await stage.controls.ptz("cam_a", "to", Place(zoom=1.0))

    assert raised.value.kind is Kind.REFUSED


@pytest.mark.parametrize(
    ("do", "value", "sent"),
    [
        ("move", -1.0, "Move sensor -7"),
        ("to", 0.5, "Move sensor 500"),
        ("stop", None, "Stop sensor"),
    ],
)
async def test_a_lens_does_what_is_asked(stage: Stage, do: str, value: float | None, sent: str) -> None:
    await stage.controls.focus("cam_a", do, value)

    assert steered(stage).moves == [sent]


async def test_a_lens_stops_by_itself_and_is_switched_to_automatic(stage: Stage) -> None:
    await stage.controls.focus("cam_a", "move", 0.5)
    await stage.clock.advance(2.1)
    by_hand = await stage.controls.focus("cam_a", "manual", None)
    again = await stage.controls.focus("cam_a", "auto", None)

    assert steered(stage).moves == ["Move sensor 3.5", "Stop sensor"]
    assert (by_hand["focus"]["auto"], again["focus"]["auto"]) == (False, True)


async def test_a_lens_without_relative_moves_refuses_them(stage: Stage) -> None:
    with pytest.raises(Problem, match="can't be moved like that"):
        await stage.controls.focus("cam_a", "by", 0.5)


async def test_a_relay_is_switched_and_its_state_remembered(stage: Stage) -> None:
    told = await stage.controls.relay("cam_a", "r1", active=True)

    assert steered(stage).moves == ["SetRelayOutputState r1 active"]
    assert told["relays"][0]["active"] is True


async def test_a_relay_that_falls_back_is_told_so_after_its_time(stage: Stage) -> None:
    during = await stage.controls.relay("cam_a", "r2", active=True)
    await stage.clock.advance(3.5)
    after = await stage.controls.read("cam_a")

    assert (during["relays"][1]["active"], after["relays"][1]["active"]) == (True, False)


async def test_an_unknown_relay_is_not_found(stage: Stage) -> None:
    with pytest.raises(Problem) as raised:
        await stage.controls.relay("cam_a", "r9", active=True)

    assert raised.value.kind is Kind.NOT_FOUND


async def test_states_of_inputs_and_relays_come_from_events(stage: Stage) -> None:
    stage.controls.noticed(event(EventKind.INPUT, "InputToken", "in", until_us=None))
    stage.controls.noticed(event(EventKind.RELAY, "RelayToken", "r1", until_us=2))
    stage.controls.noticed(event(EventKind.MOTION, "VideoSourceToken", "in", until_us=2))
    told = await stage.controls.read("cam_a")
    stage.controls.forget("cam_a")
    forgotten = await stage.controls.read("cam_a")

    assert (told["inputs"][0]["active"], told["relays"][0]["active"]) == (True, False)
    assert forgotten["inputs"][0]["active"] is None


def event(kind: EventKind, name: str, token: str, *, until_us: int | None) -> Event:
    return Event(
        id="evt_1",
        camera="cam_a",
        kind=kind,
        title="",
        at_us=1,
        until_us=until_us,
        received_us=1,
        source={name: token},
    )


async def test_another_profile_of_the_same_sensor_may_have_the_head(stage: Stage) -> None:
    def profiles(_: Element) -> Element:
        source = VideoSourceConfiguration(token="picture", source="sensor")
        listed = [
            Profile(token="p1", video_source=source),
            Profile(
                token="p9", video_source=replace(source, source="other"), ptz=PtzConfiguration(token="x", node="n")
            ),
            Profile(token="p3", video_source=source, ptz=PtzConfiguration(token="c", node="n")),
        ]
        return make("tr2:GetProfilesResponse", *(write_profile2("tr2:Profiles", each) for each in listed))

    stage.device.answers["tr2:GetProfiles"] = profiles

    await stage.controls.ptz("cam_a", "home", Place())

    assert steered(stage).moves == ["GotoHomePosition p3"]


async def test_a_camera_known_by_its_stream_alone_can_at_most_be_spoken_through() -> None:
    controls = Stage(Steered(), rtsp_camera("cam_a")).controls

    told = await controls.read("cam_a")

    assert (told["ptz"], told["talk"]) == (None, True)
    with pytest.raises(Problem, match="by its stream alone"):
        await controls.ptz("cam_a", "home", Place())


async def test_an_unknown_camera_is_not_found(stage: Stage) -> None:
    work: list[Callable[[], Awaitable[Any]]] = [
        lambda: stage.controls.read("cam_z"),
        lambda: stage.controls.ptz("cam_z", "home", Place()),
    ]
    for each in work:
        with pytest.raises(Problem) as raised:
            await each()

        assert raised.value.kind is Kind.NOT_FOUND
