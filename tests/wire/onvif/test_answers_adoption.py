import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.wire.onvif.answers import adoption
from tawny.wire.onvif.answers.adoption import Invitation

GOOD = Invitation(
    address="https://10.0.0.5:8001/onvif/device_service", reference="1-2-3", fingerprint="ab" * 32, code="c0de-_&=#"
)


def test_what_is_written_is_read_again() -> None:
    assert adoption.read(adoption.write(GOOD) + "\n") == GOOD


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://10.0.0.5/",
        "tawny-camera:",
        adoption.write(GOOD).replace("https", "http"),
        adoption.write(GOOD).replace("ab", "xy"),
        adoption.write(GOOD).replace("code=", "cod="),
        adoption.write(GOOD) + "x" * 2000,
    ],
)
def test_what_is_no_invitation_or_not_encrypted_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="code"):
        adoption.read(text)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        assert adoption.read("tawny-camera:" + text).address.startswith("https")
    except ValueError as refused:
        assert str(refused)  # noqa: PT017 - either outcome is right, another error is not


def test_the_code_does_not_appear_where_an_invitation_is_printed() -> None:
    assert "c0de" not in repr(GOOD)
