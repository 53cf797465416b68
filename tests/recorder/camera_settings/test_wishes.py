import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.recorder.camera_settings.model import Choice, Field, FieldKind, switch, text_field
from tawny.recorder.camera_settings.wishes import alike, fitted

NUMBER = Field(id="n", title="N", kind=FieldKind.NUMBER, value=3, least=1, most=10, step=1)
OPEN = Field(id="o", title="O", kind=FieldKind.NUMBER, value=3)
RATES = Field(
    id="r",
    title="R",
    kind=FieldKind.CHOICE,
    value=25,
    choices=(Choice(value=25, title="25"), Choice(value=12.5, title="12.5")),
)
WORDS = Field(id="w", title="W", kind=FieldKind.CHOICE, value="a", choices=(Choice(value="a", title="A"),))
AREAS = Field(
    id="areas", title="Areas", kind=FieldKind.AREAS, value=(), choices=(Choice(value="color", title="C"),), most=2
)
TEXT = text_field("t", "T", "", longest=8)
FIELDS = (NUMBER, OPEN, RATES, WORDS, AREAS, TEXT, switch("s", "S", value=True))

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["points", "kind", "enabled", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)
SQUARE = [[0.1, 0.1], [0.5, 0.1], [0.5, 0.5], [0.1, 0.5]]


@settings(max_examples=200)
@given(st.sampled_from(FIELDS), JSON)
def test_whatever_is_wished_becomes_a_value_that_the_field_has_or_is_refused(field: Field, wanted: Any) -> None:
    try:
        value = fitted(field, wanted).value
    except ValueError:
        return

    match field.kind:
        case FieldKind.NUMBER:
            assert isinstance(value, int | float)
            assert math.isfinite(value)
            assert (field.least or value) <= value <= (field.most or value)
        case FieldKind.CHOICE:
            assert value in [choice.value for choice in field.choices]
        case FieldKind.SWITCH:
            assert isinstance(value, bool)
        case FieldKind.TEXT:
            assert isinstance(value, str)
            assert len(value) <= 8
        case FieldKind.AREAS:
            assert isinstance(value, tuple)
            assert len(value) <= 2


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)).map(list), min_size=3, max_size=8))
def test_an_area_within_the_picture_is_taken_as_it_is(points: list[list[float]]) -> None:
    wanted = [{"points": points, "kind": "color", "enabled": False}]

    assert fitted(AREAS, wanted).value == tuple(wanted)


def test_a_number_of_whole_steps_is_rounded() -> None:
    assert fitted(NUMBER, 4.6).value == 5


def test_a_number_counts_as_the_choice_that_it_equals() -> None:
    assert fitted(RATES, 25.0).title == ""
    assert fitted(RATES, 12.5).value == 12.5


def test_what_can_only_be_read_is_not_fitted() -> None:
    locked = Field(id="l", title="L", kind=FieldKind.TEXT, value="x", locked=True)

    with pytest.raises(ValueError, match="can only be read"):
        fitted(locked, "y")


@pytest.mark.parametrize(
    ("points", "same"),
    [
        (SQUARE, True),
        (SQUARE[1:] + SQUARE[:1], True),
        (SQUARE[::-1], True),
        ([[x + 0.004, y - 0.004] for x, y in SQUARE], True),
        ([[x + 0.1, y] for x, y in SQUARE], False),
        (SQUARE[:3], False),
    ],
)
def test_areas_are_alike_from_whichever_corner_they_are_told(points: list[list[float]], same: bool) -> None:
    one = ({"points": SQUARE, "kind": "color", "enabled": True},)
    other = ({"points": points, "kind": "color", "enabled": True},)

    assert alike(AREAS, one, other) is same


def test_areas_of_another_kind_or_switched_off_are_not_alike() -> None:
    one = {"points": SQUARE, "kind": "color", "enabled": True}

    assert not alike(AREAS, (one,), ({**one, "kind": "blur"},))
    assert not alike(AREAS, (one,), ({**one, "enabled": False},))
    assert not alike(AREAS, (one,), ())


def test_numbers_are_alike_within_half_a_step() -> None:
    assert alike(NUMBER, 3, 3.4)
    assert not alike(NUMBER, 3, 4)
    assert not alike(switch("s", "S", value=True), True, False)
