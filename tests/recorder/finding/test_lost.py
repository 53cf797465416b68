from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tawny.recorder.finding.lost import Lost, recognised
from tawny.recorder.finding.model import FoundDevice, Kind, KnownCamera, Met
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind as ProblemKind
from tawny.runtime.problem import Problem
from tawny.wire.onvif.discovery import Hello
from tests.recorder.finding.staged import GATE, StagedNetwork, finding

CAMERA = KnownCamera(
    id="cam_1",
    name="Gate",
    kind=Kind.ONVIF,
    host="192.0.2.77",
    port=80,
    uuid="11111111-2222-4333-8444-555555555555",
    unreachable=True,
)
RTSP_ONLY = KnownCamera(
    id="cam_2", name="Barn", kind=Kind.RTSP, host="192.0.2.78", port=554, mac="02:00:00:00:00:05", unreachable=True
)


@dataclass
class House:
    """Cameras that were added, and where they were moved to."""

    network: StagedNetwork
    clock: SimulatedClock
    cameras: list[KnownCamera]
    moves: list[tuple[str, str, int | None]] = field(default_factory=list)
    refusing: bool = False
    strangers: dict[str, bool | None] = field(default_factory=dict)  # by host; anybody else is who it says
    asked: list[str] = field(default_factory=list)

    async def is_at(self, camera_id: str, host: str, port: int | None) -> bool | None:
        self.asked.append(host)
        return self.strangers.get(host, True)

    def relocate(self, camera_id: str, host: str, port: int | None) -> None:
        if self.refusing:
            raise Problem(ProblemKind.UNAVAILABLE, "The settings can't be written.")
        self.moves.append((camera_id, host, port))
        self.cameras = [
            replace(c, host=host, port=port or c.port, unreachable=False) if c.id == camera_id else c
            for c in self.cameras
        ]


@asynccontextmanager
async def following(house: House) -> AsyncIterator[Lost]:
    async with finding(house.network, house.clock, lambda: house.cameras) as found:
        lost = Lost(
            finding=found, relocating=house, recognising=house, cameras=lambda: house.cameras, clock=house.clock
        )
        yield lost
        await lost.stop()


async def test_a_camera_whose_address_changed_is_found_by_its_uuid_and_followed() -> None:
    house = House(StagedNetwork(devices={"192.0.2.2": GATE}), SimulatedClock(), [CAMERA])
    async with following(house) as lost:
        lost.find()
        during = lost.document()
        await house.clock.advance(30)
        after = lost.document()

    assert (during["state"], [item["state"] for item in during["items"]]) == ("searching", ["looking"])
    (item,) = after["items"]
    assert (after["state"], item["state"], item["by"], item["address"]) == ("done", "found", "uuid", "192.0.2.2")
    assert item["title"] == "It is at 192.0.2.2 now."
    assert house.moves == [("cam_1", "192.0.2.2", 80)]


async def test_a_camera_with_rtsp_alone_is_found_by_its_hardware_address() -> None:
    door = Met(kind=Kind.RTSP, address="rtsp://192.0.2.5/")
    network = StagedNetwork(doors={("192.0.2.5", 554): door}, neighbours={"192.0.2.5": RTSP_ONLY.mac})
    house = House(network, SimulatedClock(), [RTSP_ONLY])
    async with following(house) as lost:
        lost.find()
        await house.clock.advance(30)
        (item,) = lost.document()["items"]

    assert (item["state"], item["by"]) == ("found", "mac")
    assert house.moves == [("cam_2", "192.0.2.5", None)]


async def test_a_hello_from_a_new_address_is_followed_by_itself() -> None:
    house = House(StagedNetwork(), SimulatedClock(), [CAMERA])
    async with following(house):
        house.network.sockets[0].hear("192.0.2.4", Hello(endpoint=GATE))
        house.network.sockets[0].hear("192.0.2.4", Hello(endpoint=GATE))
        await house.clock.advance(3)

    assert house.moves == [("cam_1", "192.0.2.4", 80)]


async def test_a_camera_is_not_moved_to_who_only_says_that_it_is_that_camera() -> None:
    house = House(StagedNetwork(), SimulatedClock(), [CAMERA], strangers={"192.0.2.4": False})
    async with following(house) as lost:
        for _ in range(5):
            house.network.sockets[0].hear("192.0.2.4", Hello(endpoint=GATE))
            await house.clock.advance(100)
        asked = list(house.asked)
        house.network.devices["192.0.2.4"] = GATE
        lost.find()
        await house.clock.advance(30)
        (item,) = lost.document()["items"]

    assert not house.moves
    assert asked == ["192.0.2.4"]
    assert (item["state"], "does not prove it" in item["title"]) == ("not_found", True)


async def test_a_camera_is_found_among_those_who_say_that_they_are_it() -> None:
    strangers: dict[str, bool | None] = {f"198.51.100.{each}": False for each in range(1, 6)}
    house = House(StagedNetwork(), SimulatedClock(), [CAMERA], strangers=strangers)
    async with following(house):
        for host in [*strangers, "192.0.2.4", *strangers]:
            house.network.sockets[0].hear(host, Hello(endpoint=GATE))
        await house.clock.advance(3)

    assert house.moves == [("cam_1", "192.0.2.4", 80)]


async def test_a_storm_of_strangers_is_looked_at_a_few_times_only() -> None:
    strangers: dict[str, bool | None] = {f"198.51.100.{each}": False for each in range(1, 200)}
    house = House(StagedNetwork(), SimulatedClock(), [CAMERA], strangers=strangers)
    async with following(house):
        for host in strangers:
            house.network.sockets[0].hear(host, Hello(endpoint=GATE))
            await house.clock.advance(2.5)

    assert not house.moves
    assert len(house.asked) <= 16


async def test_a_flood_of_hellos_costs_no_look_at_all_cameras_each() -> None:
    house = House(StagedNetwork(), SimulatedClock(), [replace(CAMERA, uuid="another")])
    looks = 0

    def cameras() -> list[KnownCamera]:
        nonlocal looks
        looks += 1
        return house.cameras

    async with finding(house.network, house.clock, list) as found:
        lost = Lost(finding=found, relocating=house, recognising=house, cameras=cameras, clock=house.clock)
        for number in range(400):
            said = replace(GATE, reference=f"urn:uuid:{number}", addresses=(f"http://192.0.2.2:{number + 1}/",))
            house.network.sockets[0].hear("192.0.2.4", Hello(endpoint=said))
        await lost.stop()

    assert looks == 1


async def test_a_camera_that_says_hello_before_it_answers_is_tried_again() -> None:
    house = House(StagedNetwork(), SimulatedClock(), [CAMERA], strangers={"192.0.2.4": None})
    async with following(house):
        house.network.sockets[0].hear("192.0.2.4", Hello(endpoint=GATE))
        await house.clock.advance(15)
        house.strangers.clear()
        house.network.sockets[0].hear("192.0.2.4", Hello(endpoint=GATE))
        await house.clock.advance(3)

    assert house.moves == [("cam_1", "192.0.2.4", 80)]


async def test_a_camera_without_onvif_is_not_moved_by_the_hardware_address_that_a_hello_claims() -> None:
    claiming = replace(GATE, scopes=(*GATE.scopes, f"onvif://www.onvif.org/mac/{RTSP_ONLY.mac}"))
    house = House(StagedNetwork(), SimulatedClock(), [RTSP_ONLY])
    async with following(house):
        house.network.sockets[0].hear("192.0.2.4", Hello(endpoint=claiming))
        house.network.sockets[0].hear("192.0.2.4", Hello(endpoint=GATE))
        await house.clock.advance(3)

    assert not house.moves


async def test_a_missed_camera_is_asked_for_from_time_to_time() -> None:
    house = House(StagedNetwork(devices={"192.0.2.2": GATE}), SimulatedClock(), [CAMERA])
    async with following(house) as lost:
        lost.start()
        await house.clock.advance(25)
        asked = len(house.network.questions)
        await house.clock.advance(100)

    assert house.moves == [("cam_1", "192.0.2.2", 80)]
    assert asked == len(house.network.questions)
    assert not house.network.knocked


async def test_a_hello_does_not_move_a_camera_that_is_online() -> None:
    house = House(StagedNetwork(), SimulatedClock(), [replace(CAMERA, unreachable=False)])
    async with following(house):
        house.network.sockets[0].hear("192.0.2.4", Hello(endpoint=GATE))
        await house.clock.advance(3)

    assert not house.moves


async def test_what_is_not_found_says_so_with_what_to_do() -> None:
    nameless = replace(CAMERA, id="cam_3", uuid="")
    house = House(StagedNetwork(), SimulatedClock(), [CAMERA, nameless])
    async with following(house) as lost:
        lost.find()
        await house.clock.advance(30)
        first, second = lost.document()["items"]

    assert (first["state"], second["state"]) == ("not_found", "not_found")
    assert first["title"] == "It did not answer anywhere. Check its power and network."
    assert "type its new address" in second["title"]


async def test_where_nothing_is_lost_there_is_no_search() -> None:
    house = House(StagedNetwork(), SimulatedClock(), [replace(CAMERA, unreachable=False)])
    async with following(house) as lost:
        lost.find()
        document = lost.document()

    assert (document["state"], document["items"]) == ("done", [])
    assert not house.network.questions


async def test_the_onvif_side_of_a_camera_that_streams_is_followed_to_another_port_but_to_no_other_host() -> None:
    half = replace(CAMERA, host="192.0.2.2", port=8000, streaming=True)
    elsewhere = replace(half, id="cam_9", host="192.0.2.9")
    house = House(StagedNetwork(devices={"192.0.2.2": GATE}), SimulatedClock(), [half, elsewhere])
    async with following(house) as lost:
        lost.find()
        await house.clock.advance(30)

    assert house.moves == [("cam_1", "192.0.2.2", 80)]


async def test_a_camera_that_is_where_it_was_is_said_to_be() -> None:
    house = House(StagedNetwork(devices={"192.0.2.2": GATE}), SimulatedClock(), [replace(CAMERA, host="192.0.2.2")])
    async with following(house) as lost:
        lost.find()
        await house.clock.advance(30)
        (item,) = lost.document()["items"]

    assert (item["state"], item["title"]) == ("found", "It is where it was, and does not deliver.")
    assert not house.moves


async def test_a_move_that_cannot_be_kept_fails_nothing_else() -> None:
    house = House(StagedNetwork(devices={"192.0.2.2": GATE}), SimulatedClock(), [CAMERA], refusing=True)
    async with following(house) as lost:
        lost.find()
        await house.clock.advance(30)

        assert lost.document()["state"] == "done"


DEVICE = FoundDevice(
    id="found_1", kind=Kind.ONVIF, host="192.0.2.2", address="http://192.0.2.2/onvif/device_service", seen_us=0
)


@pytest.mark.parametrize(
    ("known", "there", "by"),
    [
        ({"uuid": "A-B"}, {"uuid": "a-b"}, "uuid"),
        ({"uuid": "a-b"}, {"uuid": "c-d", "serial": "S1"}, ""),
        ({"uuid": "a-b", "mac": "02:00:00:00:00:01"}, {"uuid": "a-b", "mac": "02:00:00:00:00:02"}, ""),
        ({"uuid": "", "serial": "S1"}, {"serial": "S1"}, "serial"),
        ({"uuid": "", "serial": "S1", "mac": "02:00:00:00:00:01"}, {"mac": "02:00:00:00:00:01"}, "mac"),
        ({"uuid": ""}, {"uuid": "a-b"}, ""),
    ],
)
def test_a_device_is_recognised_by_what_lasts_and_excluded_by_what_differs(
    known: dict[str, Any], there: dict[str, Any], by: str
) -> None:
    camera = replace(CAMERA, **known)

    assert recognised(camera, replace(DEVICE, **there)) == by
