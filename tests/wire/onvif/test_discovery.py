from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.onvif import discovery
from tawny.wire.onvif.discovery import (
    DEVICE,
    EDITION_11,
    EDITION_2005,
    TRANSMITTER,
    Bye,
    Endpoint,
    Hello,
    Matches,
    Message,
    Probe,
    Resolve,
    matching,
)

CAMERA = Endpoint(
    reference="urn:uuid:6f1c9d3a-0000-4000-8000-001122334455",
    types=(TRANSMITTER, DEVICE),
    scopes=(
        "onvif://www.onvif.org/name/Front%20door",
        "onvif://www.onvif.org/hardware/X1",
        "onvif://www.onvif.org/location/country/germany",
        "onvif://www.onvif.org/Profile/Streaming",
    ),
    addresses=("http://192.0.2.7/onvif/device_service", "http://[fe80::7]/onvif/device_service"),
    metadata_version=3,
)


@pytest.mark.parametrize("edition", [EDITION_2005, EDITION_11], ids=["2005", "1.1"])
@pytest.mark.parametrize(
    "message",
    [
        Hello(endpoint=CAMERA, message_id="urn:uuid:1"),
        Bye(endpoint=CAMERA, message_id="urn:uuid:1"),
        Probe(message_id="urn:uuid:1", types=(TRANSMITTER,), scopes=("onvif://www.onvif.org/name",), match_by="x"),
        Probe(message_id="urn:uuid:1"),
        Resolve(message_id="urn:uuid:1", reference="urn:uuid:2"),
        Matches(endpoints=(CAMERA, CAMERA), relates_to="urn:uuid:9", message_id="urn:uuid:1"),
        Matches(endpoints=(), relates_to="urn:uuid:9", message_id="urn:uuid:1", resolved=True),
    ],
    ids=lambda message: type(message).__name__,
)
def test_what_is_written_reads_back(message: Message, edition: discovery.Edition) -> None:
    message = replace(message, edition=edition)

    assert discovery.read(discovery.write(message), lenient=False) == message


STYLES = [  # test cases DISCOVERY-2-1-1 to 2-1-5 of ONVIF's device test specification, in our words
    '<d:Probe xmlns:d="{d}"><d:Types xmlns:dn="{dn}">dn:NetworkVideoTransmitter</d:Types></d:Probe>',
    '<Probe xmlns="{d}"><Types xmlns:x="{dn}">x:NetworkVideoTransmitter</Types></Probe>',
    '<Probe xmlns="{d}" xmlns:n="{dn}"><Types>n:NetworkVideoTransmitter</Types></Probe>',
    '<a:Probe xmlns:a="{d}"><b:Types xmlns:b="{d}" xmlns="{dn}">NetworkVideoTransmitter</b:Types></a:Probe>',
    '<d:Probe xmlns:d="{d}"><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe>',
]


@pytest.mark.parametrize("style", STYLES, ids=["usual", "default", "above", "default type", "undeclared"])
def test_every_style_of_prefixes_is_understood(style: str) -> None:
    body = style.format(
        d="http://schemas.xmlsoap.org/ws/2005/04/discovery", dn="http://www.onvif.org/ver10/network/wsdl"
    )
    data = (
        '<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"><Header><w:MessageID '
        'xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"> uuid:5 </w:MessageID></Header>'
        f"<Body>{body}</Body></Envelope>"
    )

    assert discovery.read(data.encode()) == Probe(message_id="uuid:5", types=(TRANSMITTER,))


def test_a_printer_that_calls_itself_a_device_is_no_camera() -> None:
    data = discovery.write(Hello(endpoint=replace(CAMERA, scopes=()), message_id="1"))
    printer = data.replace(b"http://www.onvif.org/ver10/device/wsdl", b"http://schemas.xmlsoap.org/ws/2006/02/devprof")
    printer = printer.replace(b"dn:NetworkVideoTransmitter ", b"")

    hello = discovery.read(printer)

    assert isinstance(hello, Hello)
    assert hello.endpoint.types == ("{http://schemas.xmlsoap.org/ws/2006/02/devprof}Device",)
    assert not hello.endpoint.is_camera
    assert CAMERA.is_camera


def test_scopes_tell_name_and_make_in_plain_text() -> None:
    assert CAMERA.scope("name") == "Front door"
    assert CAMERA.scope("hardware") == "X1"
    assert CAMERA.scope("location") == "country/germany"
    assert CAMERA.scope("mac") is None


def test_addresses_are_told_apart_and_others_than_http_left_out() -> None:
    data = discovery.write(Hello(endpoint=CAMERA, message_id="1")).replace(
        b"http://192.0.2.7/onvif/device_service",
        b"http://192.0.2.7/a,https://192.0.2.7/b\n  file:///etc/passwd http:// http://192.0.2.7/a",
    )

    hello = discovery.read(data)

    assert isinstance(hello, Hello)
    assert hello.endpoint.addresses == (
        "http://192.0.2.7/a",
        "https://192.0.2.7/b",
        "http://[fe80::7]/onvif/device_service",
    )


@pytest.mark.parametrize(
    ("probe", "found"),
    [
        (Probe(message_id=""), True),
        (Probe(message_id="", types=(TRANSMITTER,)), True),
        (Probe(message_id="", types=(TRANSMITTER, "{urn:x}Printer")), False),
        (Probe(message_id="", scopes=("onvif://www.onvif.org/location/country",)), True),
        (Probe(message_id="", scopes=("ONVIF://WWW.onvif.org/location/country/germany/",)), True),
        (Probe(message_id="", scopes=("onvif://www.onvif.org/location/count",)), False),
        (Probe(message_id="", scopes=("onvif://www.onvif.org/name/Front%20door", "onvif://www.onvif.org/x")), False),
        (Probe(message_id="", scopes=("http://[::1",)), False),
        (Probe(message_id="", scopes=("onvif://www.onvif.org/hardware/X1",), match_by="http://x/strcmp0"), True),
        (Probe(message_id="", scopes=("onvif://www.onvif.org/hardware",), match_by="http://x/strcmp0"), False),
        (Probe(message_id="", match_by="http://x/ldap"), False),
    ],
)
def test_a_probe_finds_whom_it_means(probe: Probe, found: bool) -> None:
    assert matching(CAMERA, probe) is found


@given(st.binary(max_size=200), st.integers(0, 900))
@settings(max_examples=150, deadline=None)
def test_spoilt_datagrams_are_read_or_refused(junk: bytes, at: int) -> None:
    whole = discovery.write(Matches(endpoints=(CAMERA,), relates_to="1", message_id="2"))

    for data in (junk, whole[:at], whole[:at] + junk + whole[at:]):
        try:
            message = discovery.read(data)
        except ValueError:
            continue
        assert isinstance(message, Matches | Hello | Bye | Probe | Resolve)
