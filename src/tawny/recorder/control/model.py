"""Values of live control, as `docs/design/programs.md` has them (``Controls``)."""

from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a head looks: pan and tilt -1 to 1 (right and up), zoom 0 (wide) to 1; or a way or speeds, all -1 to 1.

    What is None is not meant, or not known.
    """

    pan: float | None = None
    tilt: float | None = None
    zoom: float | None = None

    @property
    def nothing(self) -> bool:
        """Whether no axis is meant."""
        return self.pan is None and self.tilt is None and self.zoom is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PtzReport:
    """What a head can do, and where it is."""

    move: bool
    zoom: bool
    to: bool
    by: bool
    home: bool
    presets: tuple[tuple[str, str], ...] = ()  # token, name
    most_presets: int = 0
    position: Place | None = None
    moving: bool | None = None

    def document(self) -> Document:
        """The head as JSON."""
        at = self.position
        return {
            "move": self.move,
            "zoom": self.zoom,
            "to": self.to,
            "by": self.by,
            "home": self.home,
            "presets": [{"preset": token, "name": name} for token, name in self.presets],
            "most_presets": self.most_presets,
            "position": None if at is None else {"pan": at.pan, "tilt": at.tilt, "zoom": at.zoom},
            "moving": self.moving,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FocusReport:
    """How the focus can be moved; *auto* is None where that can't be switched."""

    move: bool
    to: bool
    by: bool
    auto: bool | None

    def document(self) -> Document:
        """The focus as JSON."""
        return {"move": self.move, "to": self.to, "by": self.by, "auto": self.auto}


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayReport:
    """A relay; *active* is None where nobody has told. One that is not *bistable* falls back by itself."""

    relay: str
    name: str
    active: bool | None
    bistable: bool

    def document(self) -> Document:
        """The relay as JSON."""
        return {"relay": self.relay, "name": self.name, "active": self.active, "bistable": self.bistable}


@dataclass(frozen=True, slots=True, kw_only=True)
class InputReport:
    """A digital input; *active* is None where nobody has told."""

    input: str
    name: str
    active: bool | None

    def document(self) -> Document:
        """The input as JSON."""
        return {"input": self.input, "name": self.name, "active": self.active}


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlsReport:
    """All that can be done with a camera."""

    ptz: PtzReport | None = None
    focus: FocusReport | None = None
    relays: tuple[RelayReport, ...] = ()
    inputs: tuple[InputReport, ...] = ()
    talk: bool = False

    def document(self) -> Document:
        """All of it as JSON (``Controls``)."""
        return {
            "ptz": None if self.ptz is None else self.ptz.document(),
            "focus": None if self.focus is None else self.focus.document(),
            "relays": [relay.document() for relay in self.relays],
            "inputs": [each.document() for each in self.inputs],
            "talk": self.talk,
        }
