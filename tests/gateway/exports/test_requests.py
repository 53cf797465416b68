from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.gateway.exports.model import Case, Item
from tawny.gateway.exports.requests import Hold, Order, read_order
from tawny.runtime.problem import Kind, Problem
from tawny.wire.media import StreamName
from tests.gateway.archive import SECOND
from tests.gateway.exports.building import item, moment, order
from tests.gateway.media import T0


def test_an_order_is_read_whole() -> None:
    found = order(
        item(-20, -10, stream="sub", audio=False),
        name=" Theft ",
        compatible=True,
        drive="usb-1",
        hold={"why": "police", "until": moment(9)},
        case={"number": "7", "reason": "Theft", "officer": "N. N."},
        by="Mara",
    )

    assert found == Order(
        items=(
            Item(
                camera="cam_a",
                stream=StreamName.SUB,
                from_us=T0 - 20 * SECOND,
                to_us=T0 - 10 * SECOND,
                audio=False,
            ),
        ),
        name="Theft",
        by="Mara",
        compatible=True,
        drive="usb-1",
        hold=Hold(why="police", until=moment(9)),
        case=Case(number="7", reason="Theft", officer="N. N."),
    )


def test_what_is_left_out_has_its_usual_value() -> None:
    found = order({"camera": "cam_a", "from": moment(-20), "to": moment(-10)})

    assert (found.by, found.name, found.compatible, found.hold, found.case) == ("per_a", "", False, None, None)
    assert (found.items[0].stream, found.items[0].audio) == (StreamName.MAIN, True)


def test_a_range_may_be_three_seconds_or_a_day_long_and_end_within_the_next_minute() -> None:
    for start, end in ((-3, 0), (-86_400, 0), (57, 60)):
        assert len(order(item(start, end)).items) == 1


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"items": []}, "items"),
        ({"items": [item()] * 65}, "items"),
        ({"items": "all"}, "items"),
        ({"items": [7]}, "items.0"),
        ({"items": [item(), item(-2.9, 0)]}, "items.1.to"),
        ({"items": [item(-86_401, 0)]}, "items.0.to"),
        ({"items": [item(0, -10)]}, "items.0.to"),
        ({"items": [item(40, 60.5)]}, "items.0.to"),
        ({"items": [item(camera="../x")]}, "items.0.camera"),
        ({"items": [item(stream="third")]}, "items.0.stream"),
        ({"items": [item(stream=["main"])]}, "items.0.stream"),
        ({"items": [item(audio="yes")]}, "items.0.audio"),
        ({"items": [{**item(), "from": "yesterday"}]}, "items.0.from"),
        ({"items": [{**item(), "from": None}]}, "items.0.from"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"compatible": 1}, "compatible"),
        ({"hold": {"why": " "}}, "hold.why"),
        ({"hold": {"why": "w", "until": "soon"}}, "hold.until"),
        ({"hold": "police"}, "hold"),
        ({"case": {"number": 7}}, "case.number"),
        ({"cameras": ["cam_a"]}, "cameras"),
    ],
)
def test_each_mistake_names_its_field(members: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as problem:
        read_order({"items": [item()], **members}, person="per_a", now_us=T0)

    assert (problem.value.kind, problem.value.extra["field"]) == (Kind.INVALID, field)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["items", "name", "drive", "hold", "case", "by", "compatible"]), _JSON))
def test_any_document_is_an_order_or_a_problem(document: dict[str, Any]) -> None:
    try:
        found = read_order(document, person="per_a", now_us=T0)
    except Problem:
        return

    assert found.items
