"""What answers amount to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.onvif import refusals
from tawny.recorder.onvif.exchange import HttpAnswer
from tawny.recorder.onvif.model import DeviceError, DeviceTrouble
from tawny.recorder.onvif.refusals import Refusal
from tawny.wire.auth import challenges
from tawny.wire.onvif import soap
from tawny.wire.onvif.elements import local, make


def fault(*subcodes: str, reason: str = "no", code: str = "Sender") -> bytes:
    return soap.envelope(soap.write_fault(soap.Fault(code=code, subcodes=subcodes, reason=reason)))


def trouble(answer: HttpAnswer) -> DeviceTrouble:
    with pytest.raises(DeviceError) as raised:
        refusals.read(answer)
    return raised.value.trouble


def refusal(answer: HttpAnswer) -> Refusal:
    found = refusals.read(answer)
    assert isinstance(found, Refusal)
    return found


def test_a_message_is_read() -> None:
    found = refusals.read(HttpAnswer(status=200, body=soap.envelope(make("tds:GetScopesResponse"))))

    assert found is not None
    assert not isinstance(found, Refusal)
    assert local(found) == "GetScopesResponse"


def test_an_empty_answer_that_went_well_is_nothing() -> None:
    assert refusals.read(HttpAnswer(status=204)) is None


@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_a_fault_about_the_login_is_a_refusal_whatever_the_status(status: int) -> None:
    found = refusal(HttpAnswer(status=status, body=fault("NotAuthorized")))

    assert found.soap
    assert not found.locked


def test_a_bare_401_brings_its_challenges() -> None:
    asked = challenges(['Digest realm="r", nonce="n", stale=true'])

    found = refusal(HttpAnswer(status=401, challenges=asked))

    assert found.challenges == asked
    assert found.stale
    assert not found.soap


@pytest.mark.parametrize(
    ("answer", "minutes"),
    [
        (HttpAnswer(status=400, body=fault("NotAuthorized", reason="The user is locked, try in 1790 seconds")), 30),
        (HttpAnswer(status=401, body=b"<html>Account locked for 5 minutes</html>"), 5),
        (HttpAnswer(status=429, retry_after_s=61), 2),
        (HttpAnswer(status=423), None),
    ],
)
def test_a_lock_out_tells_its_minutes_where_it_can(answer: HttpAnswer, minutes: int | None) -> None:
    found = refusal(answer)

    assert found.locked
    assert found.minutes == minutes


def test_a_camera_without_a_password_is_recognised() -> None:
    assert refusal(HttpAnswer(status=403, body=b"<x>notActivated</x>")).not_activated
    assert refusal(HttpAnswer(status=500, body=fault(reason="Device is not activated"))).not_activated


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (HttpAnswer(status=500, body=fault("ActionNotSupported", code="Receiver")), DeviceTrouble.UNSUPPORTED),
        (HttpAnswer(status=400, body=fault("InvalidArgVal", "NoProfile")), DeviceTrouble.REFUSED),
        (HttpAnswer(status=302, location="http://elsewhere/"), DeviceTrouble.REFUSED),
        (HttpAnswer(status=404, body=b"<html><body>Not found</body></html>"), DeviceTrouble.NOT_ONVIF),
        (HttpAnswer(status=200, body=b"<html><body>Login</body></html>"), DeviceTrouble.NOT_ONVIF),
        (HttpAnswer(status=200, body=b"OK"), DeviceTrouble.NOT_ONVIF),
        (HttpAnswer(status=200, body=b"<s:Envelope><s:Body></s:Body></s:Envelope>"), DeviceTrouble.BAD_ANSWER),
        (HttpAnswer(status=500, body=b""), DeviceTrouble.BAD_ANSWER),
        (HttpAnswer(status=503, body=b"busy"), DeviceTrouble.BAD_ANSWER),
    ],
)
def test_everything_else_is_an_error_of_its_kind(answer: HttpAnswer, expected: DeviceTrouble) -> None:
    assert trouble(answer) is expected


def test_a_refusal_says_what_the_camera_said() -> None:
    with pytest.raises(DeviceError, match="No such profile"):
        refusals.read(HttpAnswer(status=400, body=fault("InvalidArgVal", reason="No such\n  profile")))


@given(st.integers(100, 599), st.binary(max_size=300))
def test_no_answer_does_more_than_that(status: int, body: bytes) -> None:
    try:
        refusals.read(HttpAnswer(status=status, body=body))
    except DeviceError as error:
        assert error.title  # noqa: PT017 - either outcome is right


@given(st.text(max_size=100), st.none() | st.integers(0, 10**5))
def test_minutes_are_whole_and_never_none_at_all(words: str, after: int | None) -> None:
    found = refusals.minutes(words, after)

    assert found is None or found >= 1
