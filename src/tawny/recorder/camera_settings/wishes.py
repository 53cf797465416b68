"""Fits what was asked for into what a field takes; ValueError, in words for a person, where it can't be fitted."""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tawny.recorder.camera_settings.model import Field, FieldKind, Value

MOST_POINTS = 64
_LONGEST_TEXT = 256
_NEAR = 0.01  # of the picture: cameras round the corners of areas to their own grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A value that the field takes; *title* says how it differs from the wish, where it does."""

    value: Value
    title: str = ""


def fitted(field: Field, wanted: Any) -> Fitted:
    """*wanted* as the field takes it: a number out of range becomes the nearest within."""
    if field.locked and field.value is not None and wanted == field.value and type(wanted) is type(field.value):
        return Fitted(value=field.value)
    if field.locked:
        raise ValueError("This can only be read.")
    match field.kind:
        case FieldKind.CHOICE:
            return _choice(field, wanted)
        case FieldKind.NUMBER:
            return _number(field, wanted)
        case FieldKind.SWITCH:
            if not isinstance(wanted, bool):
                raise ValueError("This is either on or off.")  # noqa: TRY004 - what was asked for is wrong, not our code
            return Fitted(value=wanted)
        case FieldKind.TEXT:
            return Fitted(value=_text(field, wanted))
        case FieldKind.AREAS:
            return _areas(field, wanted)


def alike(field: Field, one: Value | None, other: Value | None) -> bool:
    """Whether both are the same to a person: cameras round numbers and corners."""
    if isinstance(one, int | float) and isinstance(other, int | float) and not isinstance(one, bool):
        return abs(one - other) <= (field.step or 1e-3) / 2
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(_same_area(a, b) for a, b in zip(one, other, strict=True))
    return one == other


def kept(field: Field, value: Value | None) -> str:
    """A sentence: the camera left the field as it was."""
    if isinstance(value, tuple):
        return "The camera left the areas as they were."
    return f"The camera kept {spoken(field, value)}."


def made(field: Field, value: Value | None) -> str:
    """A sentence: the camera took something else than what was wished."""
    if isinstance(value, tuple):
        return "The camera drew the areas in its own way."
    return f"The camera made it {spoken(field, value)}."


def spoken(field: Field, value: Value | None) -> str:
    """*value* as a person reads it."""
    title = next((choice.title for choice in field.choices if choice.value == value), None)
    if title is not None:
        return title
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _choice(field: Field, wanted: Any) -> Fitted:
    for choice in field.choices:
        if choice.value == wanted and not isinstance(wanted, bool):
            return Fitted(value=choice.value)
    numbers = [choice.value for choice in field.choices if isinstance(choice.value, int | float)]
    given = _finite(wanted)
    if given is None or not numbers or len(numbers) < len(field.choices):
        raise ValueError("The camera does not offer that.")
    nearest = min(numbers, key=lambda number: abs(number - given))
    return Fitted(value=nearest, title=f"{spoken(field, nearest)} is the nearest that the camera offers.")


def _number(field: Field, wanted: Any) -> Fitted:
    given = _finite(wanted)
    if given is None:
        raise ValueError("This is a number.")
    if field.step is not None and field.step >= 1:
        given = round(given)
    if field.most is not None and given > field.most:
        return Fitted(value=field.most, title=f"{field.most:g} is the most that the camera takes.")
    if field.least is not None and given < field.least:
        return Fitted(value=field.least, title=f"{field.least:g} is the least that the camera takes.")
    return Fitted(value=given)


def _finite(wanted: Any) -> float | None:
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        return None
    return wanted if math.isfinite(wanted) and abs(wanted) < 1e15 else None


def _text(field: Field, wanted: Any) -> str:
    if not isinstance(wanted, str):
        raise ValueError("This is a text.")  # noqa: TRY004 - what was asked for is wrong, not our code
    longest = int(field.most or _LONGEST_TEXT)
    if len(wanted) > longest:
        raise ValueError(f"The text is longer than {longest} characters.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in wanted):
        raise ValueError("The text holds a character that can't be written.")
    return wanted.strip()


def _areas(field: Field, wanted: Any) -> Fitted:
    """The areas; of a kind that the camera does not have they are hidden as it can: better than not at all."""
    if not isinstance(wanted, list):
        raise ValueError("This is a list of areas.")  # noqa: TRY004 - what was asked for is wrong, not our code
    if field.most is not None and len(wanted) > field.most:
        raise ValueError(f"The camera takes {field.most:g} areas.")
    areas = tuple(_area(each) for each in wanted)
    first, kinds = field.choices[0], {choice.value for choice in field.choices}
    if all(area["kind"] in kinds for area in areas):
        return Fitted(value=areas)
    known = tuple(area if area["kind"] in kinds else {**area, "kind": first.value} for area in areas)
    return Fitted(value=known, title=f"The camera hides areas in its own way: {first.title}.")


def _area(wanted: Any) -> Mapping[str, Any]:
    if not isinstance(wanted, Mapping) or wanted.keys() - {"points", "kind", "enabled"}:
        raise ValueError("An area has points, a kind, and is enabled or not.")
    kind, enabled = wanted.get("kind", "color"), wanted.get("enabled", True)
    if not isinstance(kind, str) or not isinstance(enabled, bool):
        raise ValueError("An area has points, a kind, and is enabled or not.")  # noqa: TRY004 - as above
    return {"points": _points(wanted.get("points")), "kind": kind, "enabled": enabled}


def _points(wanted: Any) -> list[list[float]]:
    if not isinstance(wanted, list) or not 3 <= len(wanted) <= MOST_POINTS:
        raise ValueError(f"An area has 3 to {MOST_POINTS} points.")
    return [_point(point) for point in wanted]


def _point(wanted: Any) -> list[float]:
    if not isinstance(wanted, list) or len(wanted) != 2:
        raise ValueError("A point has two numbers from 0 to 1.")
    numbers = [_finite(number) for number in wanted]
    if any(number is None or not 0 <= number <= 1 for number in numbers):
        raise ValueError("A point has two numbers from 0 to 1.")
    return [float(number) for number in numbers if number is not None]


def _same_area(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both hide the same; from which corner they are told, and which way round, does not matter."""
    corners, others = one["points"], other["points"]
    return (
        one["kind"] == other["kind"]
        and one["enabled"] == other["enabled"]
        and len(corners) == len(others)
        and all(any(_near(corner, each) for each in others) for corner in corners)
    )


def _near(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))
