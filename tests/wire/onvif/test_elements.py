from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tawny.wire.onvif import elements
from tawny.wire.onvif.elements import Element, make


def holding(text: str) -> Element:
    return make("tt:Held", make("tt:Value", text))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("15", 15.0),
        (" 15.000000\n", 15.0),
        ("-0.5", -0.5),
        (".25", 0.25),
        ("1e3", 1000.0),
        ("12,5", 12.5),
        ("1,500", None),  # a thousand and a half, or one and a half
        ("", None),
        ("NaN", None),
        ("INF", None),
        ("fifteen", None),
        ("1_000", None),
        ("٣", None),
        ("9" * 400, None),
    ],
)
def test_numbers_are_read_where_they_are_unambiguous(written: str, number: float | None) -> None:
    assert elements.number(holding(written), "Value") == number


@pytest.mark.parametrize(("written", "whole"), [("15", 15), ("15.000000", 15), ("-3", -3), ("15.5", None), ("x", None)])
def test_whole_numbers_may_have_a_fraction_of_zeroes(written: str, whole: int | None) -> None:
    assert elements.integer(holding(written), "Value") == whole


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("true", True),
        ("TRUE", True),
        ("1", True),
        ("On", True),
        ("false", False),
        ("0", False),
        ("maybe", None),
        ("", None),
    ],
)
def test_flags_are_read_in_any_spelling(written: str, read: bool | None) -> None:
    assert elements.flag(holding(written), "Value") is read


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("PT60S", 60),
        ("PT1M30.5S", 90.5),
        ("P1DT1H", 90_000),
        ("PT0S", 0),
        ("60", 60),
        ("P", None),
        ("-PT5S", None),
        ("soon", None),
    ],
)
def test_durations_are_seconds(written: str, seconds: float | None) -> None:
    assert elements.duration_s(holding(written), "Value") == seconds


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-01-13T19:25:13Z", datetime(2026, 1, 13, 19, 25, 13, tzinfo=UTC)),
        ("2026-01-13T19:25:13", datetime(2026, 1, 13, 19, 25, 13, tzinfo=UTC)),
        ("2026-1-3T9:05:03Z", datetime(2026, 1, 3, 9, 5, 3, tzinfo=UTC)),
        ("2026-01-13T19:25:13.928881Z", datetime(2026, 1, 13, 19, 25, 13, 928_881, tzinfo=UTC)),
        ("2026-01-13T19:25:13.92888199Z", datetime(2026, 1, 13, 19, 25, 13, 928_881, tzinfo=UTC)),
        ("2026-01-13T21:25:13+02:00", datetime(2026, 1, 13, 19, 25, 13, tzinfo=UTC)),
        ("2026-01-13T14:25:13-0500", datetime(2026, 1, 13, 19, 25, 13, tzinfo=UTC)),
        ("2026-12-31T24:00:00Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
    ],
)
def test_moments_are_read_in_any_spelling(written: str, moment: datetime) -> None:
    assert elements.moment_us(holding(written), "Value") == int(moment.timestamp()) * 1_000_000 + moment.microsecond


@pytest.mark.parametrize(
    "written", ["", "T", "2026-02-30T00:00:00Z", "2026-01-01T10:61:00Z", "0000-00-00T00:00:00Z", "2026-01-01", "now"]
)
def test_what_no_calendar_has_is_no_moment(written: str) -> None:
    assert elements.moment_us(holding(written), "Value") is None


@given(st.integers(0, 4_000_000_000_000_000))
def test_moments_read_back_to_the_millisecond(utc_us: int) -> None:
    utc_us -= utc_us % 1000

    assert elements.moment_of(elements.spelt_moment(utc_us)) == utc_us


@given(st.floats(-1e6, 1e6))
def test_numbers_read_back(value: float) -> None:
    read = elements.number_of(elements.spelt(value))

    assert read is not None
    assert abs(read - value) < 1e-6


@given(st.text(max_size=60))
def test_no_text_breaks_a_reader(written: str) -> None:
    held = holding(written)

    read = (
        elements.number(held, "Value"),
        elements.integer(held, "Value"),
        elements.flag(held, "Value"),
        elements.duration_s(held, "Value"),
        elements.moment_us(held, "Value"),
        elements.uri(held, "Value"),
    )

    assert len(read) == 6
    assert etree.tostring(held)


def test_an_address_loses_its_line_breaks_and_keeps_its_blanks_escaped() -> None:
    assert elements.uri(holding("\n    rtsp://192.0.2.1/a\n    /b c\t"), "Value") == "rtsp://192.0.2.1/a/b%20c"


def test_an_ampersand_that_was_escaped_twice_is_one() -> None:
    assert elements.uri(holding("rtsp://192.0.2.1/a?b=1&amp;c=2"), "Value") == "rtsp://192.0.2.1/a?b=1&c=2"


def test_paths_lead_through_elements_to_attributes() -> None:
    held = make("tt:Held", make("tt:Bounds", make("tt:Inner", "x"), width="7"), make("tt:Bounds", width="8"))

    assert elements.text(held, "Bounds/@width") == "7"
    assert elements.text(held, "Bounds/Inner") == "x"
    assert elements.text(held, "Bounds/Lacking/@width") is None
    assert [each.get("width") for each in elements.children(held, "Bounds")] == ["7", "8"]
    assert elements.children(held, "Lacking/Bounds") == []
    assert elements.text(None, "Bounds") is None


def test_lists_are_words_of_an_attribute_or_of_repeated_elements() -> None:
    held = make("tt:Held", make("tt:Type", "Plain"), make("tt:Type", "Date Time"), rates="25 12.5  1")

    assert elements.words(held, "@rates") == ("25", "12.5", "1")
    assert elements.words(held, "Type") == ("Plain", "Date", "Time")
    assert elements.texts(held, "Type") == ("Plain", "Date Time")


def test_a_fragment_brings_only_the_namespaces_that_it_uses() -> None:
    root = etree.fromstring(b'<a:A xmlns:a="urn:a" xmlns:b="urn:b" xmlns:c="urn:c"><b:B>1</b:B>tail</a:A>')

    assert elements.fragment(root[0]) == b'<b:B xmlns:b="urn:b">1</b:B>'
