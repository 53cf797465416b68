"""Values of a camera's settings: parts with their fields and actions, and what became of a wish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

Document = dict[str, Any]
Area = Mapping[str, Any]  # {points: [[x, y]], kind, enabled}, as docs/design/programs.md has it
_LONGEST = 256  # characters of a text that a camera tells
_MOST_CHOICES = 128
_MOST_AREAS = 64
Value = str | float | bool | tuple[Area, ...]


class FieldKind(StrEnum):
    """How a field is shown and what it takes."""

    CHOICE = "choice"
    NUMBER = "number"
    SWITCH = "switch"
    TEXT = "text"
    AREAS = "areas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value that may be chosen, and what it is called."""

    value: str | float
    title: str

    def document(self) -> Document:
        """The choice as JSON."""
        return {"value": short(self.value), "title": short(self.title)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A setting; *value* is what the camera has now, None where it does not say.

    *least* and *most* bound a number; *most* is the length of a text and the count of areas. *choices* of areas are
    their kinds. A *locked* field can only be read.
    """

    id: str
    title: str
    kind: FieldKind
    value: Value | None
    choices: tuple[Choice, ...] = ()
    least: float | None = None
    most: float | None = None
    step: float | None = None
    unit: str = ""
    locked: bool = False
    hint: str = ""

    def document(self) -> Document:
        """The field as JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "kind": str(self.kind),
            "value": short(self.value),
            "choices": [choice.document() for choice in self.choices[:_MOST_CHOICES]],
            "least": self.least,
            "most": self.most,
            "step": self.step,
            "unit": self.unit,
            "locked": self.locked,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something the camera does at once; *confirm* is what a person is asked before."""

    id: str
    title: str
    confirm: str | None = None

    def document(self) -> Document:
        """The action as JSON."""
        return {"id": self.id, "title": self.title, "confirm": self.confirm}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Settings that belong together."""

    id: str
    title: str
    hint: str = ""
    fields: tuple[Field, ...] = ()
    actions: tuple[Action, ...] = ()

    def field(self, field_id: str) -> Field | None:
        """The field of that id."""
        return next((each for each in self.fields if each.id == field_id), None)

    def document(self) -> Document:
        """The part as JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "hint": short(self.hint),
            "fields": [each.document() for each in self.fields],
            "actions": [each.document() for each in self.actions],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a wish: *title* says what the camera changed or why it refused, nothing where all is as wished."""

    part: str
    field: str
    wanted: Any
    became: Value | None
    ok: bool
    title: str = ""

    def document(self) -> Document:
        """The result as JSON."""
        return {
            "part": self.part,
            "field": self.field,
            "wanted": self.wanted,
            "became": short(self.became),
            "ok": self.ok,
            "title": self.title,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a camera is set to."""

    camera: str
    read_at: str
    parts: tuple[Part, ...] = field(default_factory=tuple)

    def document(self) -> Document:
        """The settings as JSON (``CameraSettings``)."""
        parts = [part.document() for part in self.parts]
        return {"camera": self.camera, "read_at": self.read_at, "parts": parts}


_Told = TypeVar("_Told")


def short(told: _Told) -> _Told:
    """What a camera told, cut to a length that a page can show."""
    if isinstance(told, str):
        return told[:_LONGEST]  # type: ignore[return-value]  # a part of a text is a text
    return told[:_MOST_AREAS] if isinstance(told, tuple) else told  # type: ignore[return-value]  # as above


def switch(field_id: str, title: str, *, value: bool | None, hint: str = "") -> Field:
    """A field that is on or off."""
    return Field(id=field_id, title=title, kind=FieldKind.SWITCH, value=value, hint=hint)


def told(field_id: str, title: str, value: str, *, hint: str = "") -> Field:
    """A text that can only be read."""
    return Field(id=field_id, title=title, kind=FieldKind.TEXT, value=value, locked=True, hint=hint)


def text_field(field_id: str, title: str, value: str, *, longest: int, hint: str = "") -> Field:
    """A text of at most *longest* characters."""
    return Field(id=field_id, title=title, kind=FieldKind.TEXT, value=value, most=longest, hint=hint)


def choice_field(
    field_id: str, title: str, value: str | float | None, choices: Sequence[Choice], *, hint: str = ""
) -> Field:
    """One of *choices*, locked where there is but one; what the camera has now is one even where it does not offer it."""
    listed = list(choices)
    if value is not None and all(choice.value != value for choice in listed):
        listed.insert(0, Choice(value=value, title=str(value)))
    return Field(
        id=field_id,
        title=title,
        kind=FieldKind.CHOICE,
        value=value,
        choices=tuple(listed),
        locked=len(listed) < 2,
        hint=hint,
    )
