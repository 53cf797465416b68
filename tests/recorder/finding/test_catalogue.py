from dataclasses import replace
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.recorder.finding.catalogue import Catalogue
from tawny.recorder.finding.model import Kind, Met, Sender
from tawny.wire.onvif.discovery import Endpoint
from tests.recorder.finding.staged import GATE

SECOND = 1_000_000


def catalogue() -> Catalogue:
    numbers = count()
    return Catalogue(lambda kind: f"{kind}_{next(numbers)}")


def sender(host: str) -> Sender:
    return Sender(host=host, port=3702, interface="eth0")


def test_a_device_that_says_it_is_elsewhere_is_opened_where_it_was_heard() -> None:
    lying = replace(GATE, addresses=("http://127.0.0.1:8000/onvif/device_service",))

    device = catalogue().hear(lying, sender("192.0.2.2"), mac="", now_us=0)

    assert device is not None
    assert device.address == "http://192.0.2.2:8000/onvif/device_service"


def test_of_several_addresses_the_one_where_it_was_heard_counts() -> None:
    many = replace(GATE, addresses=("http://10.0.0.1:81/a", "http://192.0.2.2:82/b", "https://192.0.2.2/c"))

    device = catalogue().hear(many, sender("192.0.2.2"), mac="", now_us=0)

    assert device is not None
    assert device.address == "http://192.0.2.2:82/b"


def test_a_device_heard_by_both_versions_of_ip_is_one_at_its_easier_address() -> None:
    found = catalogue()
    first = found.hear(GATE, sender("192.0.2.2"), mac="", now_us=0)
    found.hear(GATE, sender("fe80::1%eth0"), mac="", now_us=SECOND)

    (device,) = found.all()

    assert first is not None
    assert device.address == first.address


def test_a_device_that_is_left_with_ipv6_alone_is_opened_by_its_zone() -> None:
    found = catalogue()
    found.hear(GATE, sender("192.0.2.2"), mac="", now_us=0)
    found.hear(GATE, sender("fe80::1%eth0"), mac="", now_us=60 * SECOND)

    (device,) = found.all()

    assert device.host == "fe80::1%eth0"
    assert device.address == "http://[fe80::1%25eth0]/onvif/device_service"


def test_an_onvif_device_takes_the_place_of_what_was_met_by_rtsp() -> None:
    found = catalogue()
    found.meet(Met(kind=Kind.RTSP, address="rtsp://192.0.2.2/"), "192.0.2.2", mac="", now_us=0)
    found.hear(GATE, sender("192.0.2.2"), mac="", now_us=SECOND)
    found.meet(Met(kind=Kind.RTSP, address="rtsp://192.0.2.2/"), "192.0.2.2", mac="", now_us=2 * SECOND)

    assert [device.kind for device in found.all()] == [Kind.ONVIF]


def test_what_is_met_adds_to_what_was_heard() -> None:
    found = catalogue()
    found.hear(GATE, sender("192.0.2.2"), mac="", now_us=0)
    met = Met(kind=Kind.ONVIF, address="http://192.0.2.2/onvif/device_service", make="AXIS", model="P3245")
    found.meet(met, "192.0.2.2", mac="ac:cc:8e:00:00:01", now_us=SECOND)

    (device,) = found.all()

    assert (device.name, device.make, device.model, device.mac) == ("Front gate", "AXIS", "P3245", "ac:cc:8e:00:00:01")


def test_printers_and_devices_without_an_address_are_left_out() -> None:
    found = catalogue()
    printer = replace(GATE, types=("{urn:printers}Device",), scopes=())

    assert found.hear(printer, sender("192.0.2.2"), mac="", now_us=0) is None
    assert found.hear(replace(GATE, addresses=("ftp://192.0.2.2/",)), sender("192.0.2.2"), mac="", now_us=0) is None


def test_a_forger_does_not_fill_the_memory() -> None:
    found = catalogue()
    for number in range(1100):
        forged = replace(GATE, reference=f"urn:uuid:{number}", addresses=(f"http://192.0.2.2:{number + 1}/",))
        found.hear(forged, sender("192.0.2.2"), mac="", now_us=0)

    assert len(found.all()) == 1024


words = st.text(max_size=20)
endpoints = st.builds(
    Endpoint,
    reference=words,
    types=st.just(GATE.types),
    scopes=st.lists(st.one_of(words, words.map("onvif://www.onvif.org/name/{}".format)), max_size=3).map(tuple),
    addresses=st.lists(st.one_of(words.map("http://{}".format), st.just("http://[::1/x")), max_size=3).map(tuple),
)


@given(st.lists(st.tuples(endpoints, st.sampled_from(["192.0.2.2", "192.0.2.3", "fe80::1%eth0"])), max_size=8))
@settings(max_examples=100)
def test_whatever_devices_say_no_two_entries_have_one_uuid_and_each_is_where_it_was_heard(
    said: list[tuple[Endpoint, str]],
) -> None:
    found = catalogue()
    for number, (endpoint, host) in enumerate(said):
        found.hear(endpoint, sender(host), mac="", now_us=number * SECOND)

    uuids = [device.uuid for device in found.all() if device.uuid]
    assert len(uuids) == len(set(uuids))
    for device in found.all():
        assert device.host.partition("%")[0] in device.address


def test_a_host_that_claims_to_be_hundreds_hides_no_other() -> None:
    found = catalogue()
    for number in range(2000):
        made_up = replace(GATE, reference=f"urn:uuid:{number}", addresses=(f"http://198.51.100.9:{number + 1}/",))
        found.hear(made_up, sender("198.51.100.9"), mac="", now_us=number)

    real = found.hear(GATE, sender("192.0.2.2"), mac="", now_us=3000)

    assert real in found.all()
    assert len(found.all()) == 1024
    assert "0" not in {device.uuid for device in found.all()}


def test_a_hardware_address_that_the_network_knows_goes_before_a_claimed_one() -> None:
    claiming = replace(GATE, scopes=(*GATE.scopes, "onvif://www.onvif.org/mac/02:00:00:00:00:01"))
    found = catalogue()

    seen = found.hear(claiming, sender("192.0.2.2"), mac="02:00:00:00:00:09", now_us=0)
    elsewhere = found.hear(claiming, sender("198.51.100.9"), mac="", now_us=1)

    assert seen is not None
    assert elsewhere is not None
    assert (seen.mac, seen.witnessed) == ("02:00:00:00:00:09", True)
    assert (elsewhere.mac, elsewhere.witnessed) == ("02:00:00:00:00:01", False)
