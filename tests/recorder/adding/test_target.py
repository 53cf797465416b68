import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.recorder.adding.target import read_target
from tawny.recorder.onvif.model import DeviceAddress
from tawny.runtime.problem import Kind, Problem
from tawny.wire.onvif.answers.adoption import Invitation, write


def test_a_host_alone_is_looked_for_at_the_usual_ports_and_then_by_rtsp() -> None:
    target = read_target(" 192.0.2.7 ")

    assert {80, 8000, 8080, 2020, 8899} <= {each.port for each in target.devices if not each.secure}
    assert 443 in {each.port for each in target.devices if each.secure}
    assert target.hosts == ("rtsp://192.0.2.7", "rtsp://192.0.2.7:8554")
    assert target.shown == "192.0.2.7"


def test_a_host_with_a_port_is_looked_for_there() -> None:
    target = read_target("camera.lan:8081")

    assert [(each.port, each.secure) for each in target.devices] == [(8081, False), (8081, True)]
    assert target.hosts == ("rtsp://camera.lan:8081", "rtsp://camera.lan")


def test_port_80_alone_is_not_every_port() -> None:
    assert {each.port for each in read_target("192.0.2.7:80").devices} == {80}


def test_a_port_of_rtsp_is_no_port_of_a_device_service() -> None:
    target = read_target("192.0.2.7:554")

    assert (target.devices, target.hosts) == ((), ("rtsp://192.0.2.7",))


def test_a_device_service_is_taken_as_it_is_written() -> None:
    target = read_target("https://192.0.2.7:8443/onvif/x")

    assert target.devices == (DeviceAddress(host="192.0.2.7", port=8443, path="/onvif/x", secure=True),)
    assert target.hosts == ()


def test_a_stream_s_address_is_the_only_thing_tried() -> None:
    target = read_target("rtsp://admin:secret@192.0.2.7/live")

    assert (target.url, target.hosts, target.devices) == ("rtsp://192.0.2.7/live", (), ())
    assert (target.user, target.password) == ("admin", "secret")
    assert "secret" not in repr(target)


@pytest.mark.parametrize("written", ["rtsp://192.0.2.7", "rtsp://192.0.2.7/"])
def test_a_stream_s_address_without_a_path_is_looked_for_by_the_paths_of_makes(written: str) -> None:
    assert read_target(written).hosts == ("rtsp://192.0.2.7",)


def test_an_ipv6_address_with_its_interface_is_read() -> None:
    target = read_target("fe80::1%eth0")

    assert target.devices[0].host == "fe80::1%eth0"
    assert target.hosts[0] == "rtsp://[fe80::1%25eth0]"


def test_an_adoption_code_names_the_device_and_its_certificate() -> None:
    invitation = Invitation(
        address="https://192.0.2.7:8001/onvif/device_service", reference="u", fingerprint="ab" * 32, code="Abc123"
    )

    target = read_target(write(invitation))

    assert target.invitation == invitation
    assert target.devices == (DeviceAddress(host="192.0.2.7", port=8001, secure=True),)


@pytest.mark.parametrize("written", ["", "ftp://192.0.2.7", "admin:x@192.0.2.7", "a b", "tawny-camera:x", "rtsp://"])
def test_anything_else_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(Problem) as caught:
        read_target(written)

    assert caught.value.kind is Kind.INVALID
    assert caught.value.extra["field"] == "address"
    assert caught.value.remedy


@given(st.text(max_size=60))
@settings(max_examples=150)
def test_any_text_is_a_target_or_a_problem(text: str) -> None:
    try:
        target = read_target(text)
    except Problem:
        return
    assert target.devices or target.url or target.hosts
