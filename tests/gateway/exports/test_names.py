import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.gateway.exports.names import plain, zip_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Theft 2026-11-22", "Theft-2026-11-22.zip"),
        ("Überfall: „Tor“", "Uberfall-Tor.zip"),
        ("../../etc/passwd", "etc-passwd.zip"),
        ('a"; x=b\r\n', "a-x-b.zip"),
        ("ворота", "export.zip"),
        ("", "export.zip"),
    ],
)
def test_a_zip_is_called_as_the_export_is(text: str, name: str) -> None:
    assert zip_name(text) == name


@given(st.text(max_size=300))
def test_any_text_gives_a_name_that_leads_nowhere_and_ends_no_header(text: str) -> None:
    for name in (plain(text), zip_name(text)):
        assert name.isascii()
        assert name.isprintable()
        assert not set(name) & set('/\\:*?"<>|')
        assert name[0] not in ". -"
