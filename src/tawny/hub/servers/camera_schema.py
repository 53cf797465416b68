"""What the API says of a camera's own settings, of steering it, and of talking through it; see `.schema`.

Settings have the form that the camera's report gives them: nothing here knows a setting by name.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from tawny.hub.servers.schema import Answer, Body

Token = Annotated[str, Field(min_length=1, max_length=256)]
Way = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
Part = Annotated[str, Field(pattern=r"^[a-z0-9_.]{1,64}$")]


class Area(Body):
    """A part of the picture, as corners from its top left (0 to 1), that is hidden."""

    points: Annotated[list[tuple[float, float]], Field(max_length=64)]
    kind: Literal["color", "blur", "pixels"]
    enabled: bool


class FieldKind(StrEnum):
    """How a setting is shown."""

    CHOICE = "choice"
    NUMBER = "number"
    SWITCH = "switch"
    TEXT = "text"
    AREAS = "areas"


Setting = bool | int | float | Annotated[str, Field(max_length=1024)] | Annotated[list[Area], Field(max_length=64)]
Settings = Annotated[
    dict[Part, Annotated[dict[Part, Setting], Field(min_length=1, max_length=64)]], Field(min_length=1, max_length=64)
]


class SettingChoice(Answer):
    """A value that a setting may have, and what people call it."""

    value: bool | int | float | str
    title: str


class SettingField(Answer):
    """One setting of a camera; what is *locked* can only be read. For areas *most* says how many there may be."""

    id: str
    title: str
    kind: FieldKind
    value: bool | int | float | str | list[Area] | None
    choices: list[SettingChoice]
    least: float | None
    most: float | None
    step: float | None
    unit: str
    locked: bool
    hint: str


class SettingAction(Answer):
    """Something that a camera can be told to do; *confirm* is what to ask first."""

    id: str
    title: str
    confirm: str | None


class SettingPart(Answer):
    """Settings that belong together: a stream, the picture, one text in it, masks, sound, clock, device."""

    id: str
    title: str
    hint: str
    fields: list[SettingField]
    actions: list[SettingAction]


class CameraSettings(Answer):
    """What a camera reports of itself now: nothing that it does not have."""

    camera: str
    read_at: AwareDatetime
    parts: list[SettingPart]


class WriteSettings(Body):
    """What shall be different, by part and field."""

    settings: Settings


class SettingResult(Answer):
    """What became of one field: read back from the camera, which may have chosen another value or refused."""

    part: str
    field: str
    wanted: bool | int | float | str | list[Area] | None
    became: bool | int | float | str | list[Area] | None
    ok: bool
    title: str


class WrittenSettings(Answer):
    """The settings as they are now, and what became of each that was written."""

    settings: CameraSettings
    results: list[SettingResult]


class ActOnCamera(Body):
    """Do one of the actions of the settings document."""

    action: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,128}$")]


class Acted(Answer):
    """What was done, in words."""

    title: str


class Preset(Answer):
    """A place that a camera can look at by name."""

    preset: str
    name: str


class Position(Answer):
    """Where a camera looks: pan and tilt from -1 to 1, zoom from 0 to 1, as far as it says so."""

    pan: float | None
    tilt: float | None
    zoom: float | None


class Ptz(Answer):
    """How a camera can be turned: with a speed (*move*), *to* a position, *by* a way."""

    move: bool
    zoom: bool
    to: bool
    by: bool
    home: bool
    presets: list[Preset]
    most_presets: int
    position: Position | None
    moving: bool | None


class Focus(Answer):
    """How a camera can be focussed; *auto*: whether it does so itself."""

    move: bool
    to: bool
    by: bool
    auto: bool | None


class Relay(Answer):
    """An output; one that is not *bistable* falls back by itself."""

    relay: str
    name: str
    active: bool | None
    bistable: bool


class DigitalInput(Answer):
    """An input."""

    input: str
    name: str
    active: bool | None


class Controls(Answer):
    """What can be steered on a camera, and how it stands."""

    ptz: Ptz | None
    focus: Focus | None
    relays: list[Relay]
    inputs: list[DigitalInput]
    talk: bool


class SteerPtz(Body):
    """Turn the camera. A *move* ends by itself after 2 s unless it is said again."""

    do: Literal["move", "stop", "to", "by", "preset", "set_preset", "remove_preset", "home", "set_home"]
    pan: Way | None = None
    tilt: Way | None = None
    zoom: Way | None = None
    preset: Token | None = None
    name: Annotated[str, Field(min_length=1, max_length=64)] | None = None


class SteerFocus(Body):
    """Focus the camera; *value* is a speed, a position or a way."""

    do: Literal["move", "stop", "to", "by", "auto", "manual"]
    value: Annotated[float, Field(allow_inf_nan=False)] | None = None


class SwitchRelay(Body):
    """Switch an output."""

    relay: Token
    active: bool


class Talk(Answer):
    """The way to a camera's loudspeaker: it takes this codec; one at a time a camera."""

    talk: str
    codec: str
    sample_rate: int
