import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tawny.wire.onvif import soap
from tawny.wire.onvif.elements import child, local, make, text, uri
from tawny.wire.onvif.names import PREFIXES

ENVELOPE = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>{}</s:Body></s:Envelope>'


def envelope(body: str) -> bytes:
    return ENVELOPE.format(body).encode()


def test_what_is_written_reads_back() -> None:
    body = make("trt:GetProfile", make("trt:ProfileToken", "a&b<c"))

    read = soap.parse(soap.envelope(body, soap.addressing(action="urn:a", message_id="urn:uuid:1")), lenient=False)

    assert read.body is not None
    assert local(read.body) == "GetProfile"
    assert etree.QName(read.body).namespace == PREFIXES["trt"]
    assert text(read.body, "ProfileToken") == "a&b<c"
    assert read.addressed("MessageID") == "urn:uuid:1"
    assert read.addressed("Action") == "urn:a"


def test_characters_that_xml_cannot_carry_are_left_out() -> None:
    written = soap.envelope(make("trt:GetProfile", make("trt:ProfileToken", "a\x00\x0bb")))

    read = soap.parse(written, lenient=False)

    assert text(read.body, "ProfileToken") == "ab"


def test_a_fault_reads_back_with_its_subcodes() -> None:
    fault = soap.Fault(code="Sender", subcodes=("InvalidArgVal", "NoProfile"), reason="no such profile", detail="x")

    with pytest.raises(soap.FaultError, match="no such profile") as raised:
        soap.answer(soap.envelope(soap.write_fault(fault)))

    assert raised.value.fault == fault
    assert raised.value.fault.names("noprofile")


def test_a_faults_prefixes_are_declared_where_they_stand_in_texts() -> None:
    written = soap.envelope(soap.write_fault(soap.Fault(code="Receiver", subcodes=("ActionNotSupported",))))

    value = child(etree.fromstring(written), "Body/Fault/Code/Subcode/Value")

    assert value is not None
    assert value.text == "ter:ActionNotSupported"
    assert value.nsmap["ter"] == PREFIXES["ter"]


def test_faults_of_soap_1_1_are_understood() -> None:
    old = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault><faultcode>e:Client</faultcode>'
        "<faultstring>Unauthorized</faultstring><detail><a>b</a></detail></e:Fault></e:Body></e:Envelope>"
    )

    with pytest.raises(soap.FaultError) as raised:
        soap.answer(old.encode())

    assert raised.value.fault == soap.Fault(code="Client", reason="Unauthorized", detail="b")
    assert raised.value.fault.unauthorized


@pytest.mark.parametrize(
    ("fault", "unauthorized", "locked_out", "unsupported"),
    [
        (soap.Fault(code="Sender", subcodes=("NotAuthorized",)), True, False, False),
        (soap.Fault(code="Sender", reason="Sender not Authorized"), True, False, False),
        (soap.Fault(code="Sender", reason="Authority failure"), True, False, False),
        (soap.Fault(code="Sender", subcodes=("FailedAuthentication",)), True, False, False),
        (soap.Fault(code="Sender", reason="The account is locked"), False, True, False),
        (soap.Fault(code="Receiver", reason="blocked"), False, False, False),
        (soap.Fault(code="Receiver", subcodes=("ActionNotSupported",)), False, False, True),
        (soap.Fault(code="Receiver", reason="Optional Action Not Implemented"), False, False, True),
        (soap.Fault(code="Sender", reason="Method 'x' not implemented"), False, False, True),
        (soap.Fault(code="Sender", subcodes=("InvalidArgVal",)), False, False, False),
    ],
)
def test_a_fault_says_what_is_wrong(fault: soap.Fault, unauthorized: bool, locked_out: bool, unsupported: bool) -> None:
    assert (fault.unauthorized, fault.locked_out, fault.unsupported) == (unauthorized, locked_out, unsupported)


def test_prefixes_that_were_never_declared_do_not_hide_elements() -> None:
    body = soap.answer(envelope('<trt:Answer><tt:Name token="7" a:kind="x">door</tt:Name></trt:Answer>'))

    assert local(body) == "Answer"
    assert text(body, "Name") == "door"
    assert text(body, "Name/@token") == "7"
    assert text(body, "Name/@kind") == "x"


def test_a_bare_ampersand_in_an_address_survives() -> None:
    body = soap.answer(envelope("<A><Uri>rtsp://a/b?c=1&d=2&amp;e=3</Uri></A>"))

    assert uri(body, "Uri") == "rtsp://a/b?c=1&d=2&e=3"


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + envelope("<A>b</A>"),
        b"\r\n\r\n  " + envelope("<A>b</A>"),
        b"1f4\r\n" + envelope("<A>b</A>"),
        envelope("<A>b</A>") + b"\0\0",
        envelope("<A>b</A>") + b"\r\n<html>",
        envelope("<A>b</A>")[:-20],
        '<?xml version="1.0" encoding="utf-16"?>'.encode("utf-16") + envelope("<A>b</A>").decode().encode("utf-16-le"),
    ],
    ids=["byte order mark", "blank lines", "a chunk's length", "zero bytes", "more behind", "cut off", "UTF-16"],
)
def test_documents_with_something_wrong_around_them_are_read(data: bytes) -> None:
    assert soap.answer(data).text == "b"


def test_what_is_not_well_formed_is_refused_by_a_server() -> None:
    with pytest.raises(ValueError, match="not XML"):
        soap.parse(envelope("<trt:A/>"), lenient=False)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not XML"),
        (b"hello", "not XML"),
        (b"<html><body>Login</body></html>", "web page"),
        (b"<a/>", "not SOAP"),
        (b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"/>', "no body"),
        (envelope(""), "empty message"),
        (b"<a>\0</a>", "not text"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        soap.answer(data)


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12))


@pytest.mark.parametrize("lenient", [True, False])
@pytest.mark.parametrize(
    "data",
    [
        f"<!DOCTYPE a [{LAUGHS}]>".encode() + envelope("<A>&a11;</A>"),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + envelope("<A/>"),
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + envelope("<A>&x;</A>"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE a+AFs +ADw-!ENTITY x "y"+AD4-+AF0-+AD4-'
        + envelope("<A/>"),
        envelope("<A>" * 70 + "</A>" * 70),
        envelope("<A>" * 90_000),
        envelope("<A/>" * 200_001),
        envelope("<A " + " ".join(f'a{n}="1"' for n in range(200_001)) + "/>"),
        envelope("&" * 200_001),
        envelope("x" * (4 << 20)),
        b"<" * (50 << 20),
    ],
    ids=[
        "laughs",
        "external",
        "entity",
        "hidden",
        "deep",
        "deeper",
        "many",
        "attributes",
        "ampersands",
        "large",
        "50 MB",
    ],
)
def test_bombs_are_refused(data: bytes, lenient: bool) -> None:
    with pytest.raises(ValueError, match="message"):
        soap.answer(data) if lenient else soap.parse(data, lenient=False)


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_an_answer_or_a_value_error(data: bytes) -> None:
    for made in (data, envelope("") + data, b"<s:Envelope><s:Body>" + data):
        try:
            assert soap.answer(made) is not None
        except ValueError as error:
            assert str(error)  # noqa: PT017 - either is right; a crash is not


def test_references_are_echoed_as_they_were_told() -> None:
    answer = soap.answer(
        envelope(
            '<R xmlns:dom0="http://www.axis.com/2009/event"><ReferenceParameters>'
            "<dom0:SubscriptionId>2</dom0:SubscriptionId></ReferenceParameters></R>"
        )
    )

    headers = soap.echoed(soap.references(answer))

    read = soap.parse(soap.envelope(make("tev:PullMessages"), headers), lenient=False)
    echoed = child(read.header, "SubscriptionId")
    assert echoed is not None
    assert echoed.text == "2"
    assert etree.QName(echoed).namespace == "http://www.axis.com/2009/event"
    assert echoed.get("{http://www.w3.org/2005/08/addressing}IsReferenceParameter") == "true"


def test_actions_are_those_of_the_service_descriptions() -> None:
    assert soap.action(make("trt:GetProfiles")) == "http://www.onvif.org/ver10/media/wsdl/GetProfiles"
    assert soap.action(make("tev:PullMessages")).endswith("/PullPointSubscription/PullMessagesRequest")
    assert soap.action(make("wsnt:Renew")) == "http://docs.oasis-open.org/wsn/bw-2/SubscriptionManager/RenewRequest"
    assert soap.action(make("tev:PullMessagesResponse"), "Response").endswith("/PullMessagesResponse")


def test_a_call_knows_its_service() -> None:
    call = soap.Call(body=make("tptz:Stop"), read=soap.nothing)

    assert (call.service, call.operation) == (PREFIXES["tptz"], "Stop")
