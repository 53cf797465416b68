from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from tawny.camera.onvif.views import View
from tawny.camera.sources import Clip
from tawny.runtime.clock import SimulatedClock
from tawny.wire.onvif import device, deviceio
from tawny.wire.onvif.answers.events import Filter
from tawny.wire.onvif.deviceio import RelayOutput
from tawny.wire.onvif.elements import Element, children, make, text, texts
from tawny.wire.onvif.soap import Call, FaultError
from tests.camera.onvif.staged import OPERATOR, VIEWER, Staged, staged


def drawn(original: Clip, _: View) -> Clip:
    return replace(original)


def lamps(camera: Staged) -> tuple[int, ...]:
    return camera.device.heads["gate"].view.lamps


async def switch(camera: Staged, relay: str, *, active: bool) -> None:
    await camera.ask(device.set_relay_output_state(relay, active=active).body, who=OPERATOR)


async def test_one_relay_stays_as_it_is_switched_and_the_other_falls_back() -> None:
    clock = SimulatedClock()
    async with staged(draw=drawn, clock=clock) as camera:
        call = device.get_relay_outputs()
        relays = call.read(await camera.ask(call.body))
        await switch(camera, "relay-1", active=True)
        await switch(camera, "relay-2", active=True)
        both = lamps(camera)
        await clock.advance(1.5)
        await switch(camera, "relay-2", active=True)
        await clock.advance(1.0)
        still = lamps(camera)
        await clock.advance(1.5)
        one = lamps(camera)
        await switch(camera, "relay-1", active=False)

    assert [(relay.mode, relay.delay_s) for relay in relays] == [("Bistable", 0), ("Monostable", 2)]
    assert (both, still, one, lamps(camera)) == ((0, 1), (0, 1), (0,), ())


async def test_states_are_told_as_a_property() -> None:
    async with staged(draw=drawn) as camera:
        point = camera.device.notifications.subscribe(Filter(topics="tns1:Device/Trigger/Relay"), lasts_s=60)
        assert point is not None
        await switch(camera, "relay-1", active=True)

    told: list[tuple[Mapping[str, str], Mapping[str, str]]] = [(m.source, m.data) for m in point.waiting]
    assert told == [
        ({"RelayToken": "relay-1"}, {"LogicalState": "inactive"}),
        ({"RelayToken": "relay-2"}, {"LogicalState": "inactive"}),
        ({"RelayToken": "relay-1"}, {"LogicalState": "active"}),
    ]


@pytest.mark.parametrize("set_settings", [device.set_relay_output_settings, deviceio.set_relay_output_settings])
async def test_how_a_relay_switches_is_set_through_either_service(
    set_settings: Callable[[RelayOutput], Call[None]],
) -> None:
    wanted = RelayOutput(token="relay-1", mode="Monostable", delay_s=5.0, idle="closed")
    async with staged(draw=drawn) as camera:
        await camera.ask(set_settings(wanted).body)
        call = device.get_relay_outputs()
        (first, _) = call.read(await camera.ask(call.body))
        options = await camera.ask(make("tmd:GetRelayOutputOptions"))

    assert first == wanted
    (one, two) = children(options, "RelayOutputOptions")
    assert (text(one, "@token"), texts(two, "Mode")) == ("relay-1", ("Bistable", "Monostable"))


@pytest.mark.parametrize(
    "body",
    [
        device.set_relay_output_state("relay-9", active=True).body,
        device.set_relay_output_settings(RelayOutput(token="relay-1", mode="Tristable")).body,
        device.set_relay_output_settings(RelayOutput(token="relay-2", mode="Monostable", delay_s=3600.0)).body,
    ],
)
async def test_what_no_relay_can_do_is_refused(body: Element) -> None:
    async with staged(draw=drawn) as camera:
        with pytest.raises(FaultError):
            await camera.ask(body)
        with pytest.raises(FaultError) as forbidden:
            await camera.ask(device.set_relay_output_state("relay-1", active=True).body, who=VIEWER)

    assert forbidden.value.fault.names("NotAuthorized")
    assert lamps(camera) == ()
