from dataclasses import replace
from ipaddress import IPv4Interface

from tawny.recorder.finding.model import FoundDevice, Interface, Kind, KnownCamera, Met
from tawny.runtime.clock import SimulatedClock
from tawny.wire.onvif.discovery import Bye, Hello, Probe
from tests.recorder.finding.staged import GATE, HOUSE, LOOPBACK, StagedNetwork, finding

YARD = replace(GATE, reference="urn:uuid:2", scopes=("onvif://www.onvif.org/name/Yard",))


async def test_a_camera_that_answers_is_listed_with_what_it_says_of_itself() -> None:
    network, clock = (
        StagedNetwork(devices={"192.0.2.2": GATE}, neighbours={"192.0.2.2": "ac:cc:8e:00:00:01"}),
        SimulatedClock(),
    )
    async with finding(network, clock) as found:
        found.search()
        await clock.advance(0.1)

        during = found.document()
        await clock.advance(30)
        after = found.document()

    assert [item["name"] for item in during["items"]] == ["Front gate"]
    (item,) = after["items"]
    assert (item["kind"], item["hardware"], item["make"], item["mac"]) == (
        "onvif",
        "P3245",
        "Axis",
        "ac:cc:8e:00:00:01",
    )
    assert item["uuid"] == "11111111-2222-4333-8444-555555555555"
    assert item["address"] == "http://192.0.2.2/onvif/device_service"
    assert (during["state"], after["state"], after["progress"]) == ("searching", "done", 1.0)
    assert after["title"] == "1 device found."


async def test_everybody_is_asked_in_both_editions_and_for_both_types() -> None:
    network, clock = StagedNetwork(), SimulatedClock()
    async with finding(network, clock) as found:
        found.search()
        await clock.advance(30)

    asked = {(q.edition.prefix, q.types) for q in network.questions if isinstance(q, Probe)}
    assert asked == {
        ("d", ("dn:NetworkVideoTransmitter",)),
        ("d", ("tds:Device",)),
        ("d11", ("dn:NetworkVideoTransmitter",)),
    }


async def test_where_multicast_is_blocked_each_address_is_asked() -> None:
    network = StagedNetwork(multicast=False, devices={"192.0.2.3": GATE}, neighbours={"192.0.2.3": "02:00:00:00:00:03"})
    clock = SimulatedClock()
    async with finding(network, clock) as found:
        found.search()
        await clock.advance(30)
        document = found.document()

    assert [item["host"] for item in document["items"]] == ["192.0.2.3"]
    assert network.woken == [f"192.0.2.{host}" for host in (2, 3, 4, 5, 6)]
    assert network.asked == ["192.0.2.3"]
    (told,) = document["networks"]
    assert (told["network"], told["multicast"], told["scanned"]) == ("192.0.2.0/29", False, True)
    assert "do not arrive" in told["title"]


async def test_a_camera_that_only_answers_at_its_door_shows_that_multicast_does_not_arrive() -> None:
    met = Met(kind=Kind.ONVIF, address="http://192.0.2.4:8000/onvif/device_service", make="Anpviz", model="IPC")
    network = StagedNetwork(doors={("192.0.2.4", 8000): met}, neighbours={"192.0.2.4": "02:00:00:00:00:04"})
    clock = SimulatedClock()
    async with finding(network, clock) as found:
        found.search()
        await clock.advance(30)
        document = found.document()

    (item,) = document["items"]
    assert (item["make"], item["model"], item["address"]) == ("Anpviz", "IPC", met.address)
    assert document["networks"][0]["multicast"] is False


async def test_a_device_with_rtsp_alone_is_found_with_its_hardware_address() -> None:
    met = Met(kind=Kind.RTSP, address="rtsp://192.0.2.5/")
    network = StagedNetwork(doors={("192.0.2.5", 554): met}, neighbours={"192.0.2.5": "ec:71:db:00:00:05"})
    clock = SimulatedClock()
    async with finding(network, clock) as found:
        found.search()
        await clock.advance(30)
        document = found.document()

    (item,) = document["items"]
    assert (item["kind"], item["make"], item["mac"]) == ("rtsp", "Reolink", "ec:71:db:00:00:05")


async def test_only_hosts_that_are_there_are_knocked_at_and_none_that_answered_before() -> None:
    network = StagedNetwork(
        devices={"192.0.2.2": GATE}, neighbours={f"192.0.2.{host}": f"02:00:00:00:00:0{host}" for host in (2, 6)}
    )
    clock = SimulatedClock()
    async with finding(network, clock) as found:
        found.search()
        await clock.advance(30)

    assert network.knocked == ["192.0.2.6"]


async def test_networks_too_large_tunnels_and_this_machine_are_not_tried_address_by_address() -> None:
    large = Interface(name="docker0", index=3, addresses=(IPv4Interface("172.17.0.1/16"),))
    tunnel = Interface(name="wg0", index=4, addresses=(IPv4Interface("192.0.2.65/28"),), neighbourly=False)
    network, clock = StagedNetwork(up=[LOOPBACK, large, tunnel]), SimulatedClock()
    async with finding(network, clock) as found:
        found.search()
        await clock.advance(30)
        document = found.document()

    assert [told["scanned"] for told in document["networks"]] == [False, False, False]
    assert set(network.asked) == {"127.0.0.1"}
    assert document["title"] == "No camera was found."
    assert "type its address" in document["remedy"]


async def test_hello_adds_and_bye_marks_without_any_search() -> None:
    network, clock, heard = StagedNetwork(), SimulatedClock(), list[FoundDevice]()
    async with finding(network, clock) as found:
        found.listen(heard.append)
        network.sockets[0].hear("192.0.2.2", Hello(endpoint=GATE))
        there = found.document()
        network.sockets[0].hear("192.0.2.2", Bye(endpoint=replace(GATE, addresses=())))
        gone = found.document()

    assert [item["gone"] for item in there["items"]] == [False]
    assert [item["gone"] for item in gone["items"]] == [True]
    assert [device.gone for device in heard] == [False, True]


async def test_a_search_that_is_asked_for_again_goes_on_and_anew_once_it_ended() -> None:
    network, clock = StagedNetwork(devices={"192.0.2.2": GATE}), SimulatedClock()
    async with finding(network, clock) as found:
        found.search()
        await clock.advance(1)
        found.search()
        first = found.document()["started_at"]
        await clock.advance(30)
        network.devices = {"192.0.2.3": YARD}
        found.search()
        await clock.advance(30)
        document = found.document()

    assert document["started_at"] != first
    assert [item["name"] for item in document["items"]] == ["Yard"]


async def test_a_search_that_is_stopped_keeps_what_it_found() -> None:
    network, clock = StagedNetwork(devices={"192.0.2.2": GATE}), SimulatedClock()
    async with finding(network, clock) as found:
        found.search()
        await clock.advance(1)
        found.stop_search()
        await clock.advance(30)
        document = found.document()

    assert (document["state"], len(document["items"])) == ("stopped", 1)
    assert document["title"] == "The search was stopped."


async def test_cameras_that_were_added_are_marked() -> None:
    added = KnownCamera(id="cam_1", name="Gate", kind=Kind.ONVIF, host="192.0.2.99", port=80, uuid=GATE.reference)
    channel = replace(added, id="cam_2")
    network, clock = StagedNetwork(devices={"192.0.2.2": GATE, "192.0.2.3": YARD}), SimulatedClock()
    async with finding(network, clock, cameras=lambda: [added, channel]) as found:
        found.search()
        await clock.advance(30)
        document = found.document()

    assert {item["name"]: item["added"] for item in document["items"]} == {"Front gate": ["cam_1", "cam_2"], "Yard": []}


async def test_an_interface_that_comes_is_heard_on_and_one_that_goes_is_left() -> None:
    network, clock = StagedNetwork(up=[LOOPBACK]), SimulatedClock()
    async with finding(network, clock):
        network.up = [HOUSE]
        await clock.advance(11)

        names = [(opened.interface.name, opened.closed) for opened in network.sockets]

    assert names == [("lo", True), ("eth0", False)]


async def test_an_interface_that_takes_no_socket_is_said_to_hear_no_multicast() -> None:
    network, clock = StagedNetwork(refusing={"eth0"}), SimulatedClock()
    async with finding(network, clock) as found:
        found.search()
        await clock.advance(30)
        document = found.document()

    assert [told["multicast"] for told in document["networks"]] == [False]


async def test_before_any_search_the_document_says_so() -> None:
    async with finding(StagedNetwork(), SimulatedClock()) as found:
        document = found.document()

    assert (document["state"], document["started_at"], document["items"]) == ("stopped", None, [])
