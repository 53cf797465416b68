"""Reading JSON strictly."""

import pytest

from tawny.wire.evidence.members import Members, parse


def test_each_member_has_its_type_and_bound() -> None:
    members = Members({"t": "text", "n": 5, "f": True, "h": "ff", "l": [1]}, place="it")

    assert (members.text("t"), members.integer("n"), members.flag("f"), members.hexadecimal("h", size=1)) == (
        "text",
        5,
        True,
        b"\xff",
    )
    assert members.list("l", lambda item, place: (item, place), limit=1) == ((1, "it.l[0]"),)
    members.finish()


def test_a_mistake_names_its_place() -> None:
    members = Members({"t": "text", "n": -1, "s": "\ud800", "l": [1, 2], "h": "FF"}, place="it")

    for read, message in (
        (lambda: members.text("t", limit=3), r"it\.t has to be text of at most 3"),
        (lambda: members.integer("n"), r"it\.n has to be a whole number"),
        (lambda: members.flag("n"), r"it\.n has to be true or false"),
        (lambda: members.text("s"), r"it\.s is no Unicode text"),
        (lambda: members.moment("t"), r"it\.t is no moment"),
        (lambda: members.hexadecimal("h", size=1), r"it\.h has to be 1 bytes"),
        (lambda: members.list("l", lambda item, _: item, limit=1), r"it\.l has to be a list"),
        (lambda: members.members("t"), r"it\.t has to be an object"),
        (lambda: members.text("x"), r"it\.x is missing"),
    ):
        with pytest.raises(ValueError, match=message):
            read()


def test_what_nobody_read_is_refused() -> None:
    members = Members({"a": 1, "b": None})

    assert members.optional("b") is None
    with pytest.raises(ValueError, match="a is not known"):
        members.finish()


def test_text_that_readers_read_differently_is_refused() -> None:
    assert parse(b'{"a":1}', limit=10) == {"a": 1}
    for text in ('{"a":1,"a":2}', "NaN", "[Infinity]", "[" * 9999, "[1,2,3,4,5,6]", "\xff"):
        with pytest.raises(ValueError):
            parse(text, limit=12 if text.startswith("[1") else 99_999)
