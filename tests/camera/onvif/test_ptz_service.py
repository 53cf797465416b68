import pytest

from tawny.runtime.clock import SimulatedClock
from tawny.wire.onvif import imaging, media, ptz
from tawny.wire.onvif.elements import Element, make
from tawny.wire.onvif.imaging import ImagingSettings
from tawny.wire.onvif.ptz import PtzVector, Status
from tawny.wire.onvif.soap import FaultError
from tests.camera.onvif.staged import OPERATOR, VIEWER, Staged, staged

MAIN = "gate-main"


async def status(camera: Staged) -> Status:
    call = ptz.get_status(MAIN)
    return call.read(await camera.ask(call.body))


async def place(camera: Staged) -> tuple[float, float, float]:
    """Where the head looks: pan, tilt and zoom."""
    position = (await status(camera)).position
    assert position is not None
    return (
        round(position.pan or 0.0, 3),
        round(position.tilt or 0.0, 3),
        round(position.zoom or 0.0, 3),
    )


async def test_node_configuration_and_profile_name_each_other() -> None:
    async with staged(clock=SimulatedClock()) as camera:
        nodes, configurations, profiles = ptz.get_nodes(), ptz.get_configurations(), media.get_profiles()
        (node,) = nodes.read(await camera.ask(nodes.body))
        (configuration,) = configurations.read(await camera.ask(configurations.body))
        listed = profiles.read(await camera.ask(profiles.body))
        options = ptz.get_configuration_options(configuration.token)
        offered = options.read(await camera.ask(options.body))

    assert configuration.node == node.token
    assert [profile.ptz for profile in listed] == [configuration, configuration]
    assert configuration.use_count == 2
    assert offered.spaces == node.spaces


async def test_the_head_moves_for_as_long_as_it_is_told_and_says_so() -> None:
    clock = SimulatedClock()
    async with staged(clock=clock, draw=lambda clip, view: clip) as camera:
        moving = ptz.move_continuously(MAIN, PtzVector(pan=1.0, tilt=-0.5), timeout_s=2)
        await camera.ask(moving.body, who=OPERATOR)
        await clock.advance(1)
        on_the_way, told = await place(camera), (await status(camera)).moving
        await clock.advance(5)
        arrived = await place(camera)

    assert (on_the_way, told) == ((0.5, -0.25, 0.0), "MOVING")
    assert arrived == (1.0, -0.5, 0.0)


async def test_presets_and_home_are_places_that_the_head_comes_back_to() -> None:
    async with staged(clock=SimulatedClock(), draw=lambda clip, view: clip) as camera:
        await camera.ask(ptz.move_to(MAIN, PtzVector(pan=0.5, tilt=0.25, zoom=0.75)).body)
        made = ptz.set_preset(MAIN, name="Door")
        token = made.read(await camera.ask(made.body))
        await camera.ask(ptz.set_home(MAIN).body)
        await camera.ask(ptz.move_by(MAIN, PtzVector(pan=-0.25, tilt=-2.0)).body)
        moved = await place(camera)
        await camera.ask(ptz.goto_preset(MAIN, token or "").body)
        there = await place(camera)
        listed = ptz.get_presets(MAIN)
        (preset,) = listed.read(await camera.ask(listed.body))
        await camera.ask(ptz.remove_preset(MAIN, token or "").body)
        none = listed.read(await camera.ask(ptz.get_presets(MAIN).body))
        await camera.ask(ptz.move_to(MAIN, PtzVector(zoom=0.0)).body)
        await camera.ask(ptz.goto_home(MAIN).body)
        home = await place(camera)

    assert moved == (0.25, -1.0, 0.75)
    assert there == home == (0.5, 0.25, 0.75)
    assert (preset.name, none) == ("Door", ())


@pytest.mark.parametrize(
    ("body", "subcode"),
    [
        (ptz.move_to(MAIN, PtzVector(pan=2.0, tilt=0.0)).body, "InvalidPosition"),
        (make("tptz:AbsoluteMove", make("tptz:ProfileToken", MAIN)), "InvalidPosition"),
        (ptz.move_continuously(MAIN, PtzVector(zoom=5.0)).body, "InvalidVelocity"),
        (ptz.goto_preset(MAIN, "none").body, "NoToken"),
        (ptz.remove_preset(MAIN, "none").body, "NoToken"),
        (ptz.get_status("none").body, "NoProfile"),
        (ptz.get_configuration_options("none").body, "NoEntity"),
        (imaging.get_imaging_settings("none").body, "NoSource"),
        (imaging.set_imaging_settings("gate", ImagingSettings(brightness=101.0)).body, "SettingsInvalid"),
    ],
)
async def test_what_cannot_be_is_refused(body: Element, subcode: str) -> None:
    async with staged(clock=SimulatedClock()) as camera:
        with pytest.raises(FaultError) as refused:
            await camera.ask(body)

    assert refused.value.fault.names(subcode)


async def test_who_may_only_look_moves_nothing() -> None:
    async with staged(clock=SimulatedClock()) as camera:
        with pytest.raises(FaultError):
            await camera.ask(ptz.goto_home(MAIN).body, who=VIEWER)


async def test_an_adjustment_is_read_back_and_leaves_the_others_and_the_place_as_they_were() -> None:
    async with staged(clock=SimulatedClock(), draw=lambda clip, view: clip) as camera:
        await camera.ask(ptz.move_to(MAIN, PtzVector(zoom=0.5)).body)
        await camera.ask(imaging.set_imaging_settings("gate", ImagingSettings(contrast=70.0)).body)
        call, options = imaging.get_imaging_settings("gate"), imaging.get_options("gate")
        found = call.read(await camera.ask(call.body))
        offered = options.read(await camera.ask(options.body))
        zoomed = await place(camera)

    assert (found.brightness, found.contrast, found.saturation) == (50, 70, 50)
    assert offered.contrast is not None
    assert (offered.contrast.low, offered.contrast.high) == (0, 100)
    assert zoomed == (0.0, 0.0, 0.5)
