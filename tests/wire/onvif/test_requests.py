"""Every request fits the official schema and reads as SOAP; what the schema at hand does not know is named here."""

from typing import Any

import pytest

from tawny.wire.onvif import soap
from tawny.wire.onvif.names import ANALYTICS, MEDIA2, PREFIXES, RECORDING, REPLAY, SEARCH
from tests.camera.onvif.schema import violation
from tests.wire.onvif.requests import every_request

UNKNOWN = {MEDIA2, ANALYTICS, RECORDING, SEARCH, REPLAY}  # to the schemas in `tests.camera.onvif.schema`


def name(call: soap.Call[Any]) -> str:
    return f"{call.service.rpartition('/wsdl')[0].rpartition('/')[2]}-{call.operation}"


@pytest.mark.parametrize("call", every_request(), ids=name)
def test_a_request_is_soap_of_its_service(call: soap.Call[Any]) -> None:
    read = soap.parse(soap.envelope(call.body), lenient=False)

    assert read.body is not None
    assert call.service in PREFIXES.values()
    assert read.body.tag == f"{{{call.service}}}{call.operation}"


@pytest.mark.parametrize("call", [each for each in every_request() if each.service not in UNKNOWN], ids=name)
def test_a_request_fits_the_schema(call: soap.Call[Any]) -> None:
    read = soap.parse(soap.envelope(call.body), lenient=False)

    assert read.body is not None
    assert violation(read.body) is None


def test_the_schema_refuses_what_does_not_fit() -> None:
    wrong = soap.parse(soap.envelope(next(c.body for c in every_request() if c.operation == "GetStreamUri")))
    assert wrong.body is not None
    wrong.body.remove(wrong.body[0])

    assert "StreamSetup" in str(violation(wrong.body))
