import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.wire.onvif.documents import document
from tawny.wire.onvif.elements import local, text


def test_a_document_is_its_root() -> None:
    root = document(b'<?xml version="1.0"?><!-- hello --><a><?go away?><b>1</b></a>', lenient=False)

    assert local(root) == "a"
    assert [local(each) for each in root] == ["b"]


def test_text_of_another_encoding_is_read() -> None:
    root = document('<?xml version="1.0" encoding="GB2312"?><a>\u4f60</a>'.encode("gb2312"), lenient=True)

    assert text(root) == "\u4f60"


def test_bytes_that_are_no_text_of_their_encoding_do_not_stop_a_lenient_reader() -> None:
    data = b'<?xml version="1.0" encoding="utf-8"?><a><b>caf\xe9</b><c>1</c></a>'

    assert text(document(data, lenient=True), "c") == "1"
    with pytest.raises(ValueError, match="not XML"):
        document(data, lenient=False)


@given(st.binary(max_size=200), st.booleans())
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_a_document_or_a_value_error(data: bytes, lenient: bool) -> None:
    for made in (data, b"<a>" + data + b"</a>", b"<a " + data + b"/>"):
        try:
            root = document(made, lenient=lenient)
        except ValueError:
            continue
        assert local(root) is not None
