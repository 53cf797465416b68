"""Writes wishes to one part of the settings, as far as the camera takes them, and judges what became of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tawny.recorder.camera_settings.model import Result, Value
from tawny.recorder.camera_settings.sections import NOT_OFFERED, Section
from tawny.recorder.camera_settings.wishes import Fitted, alike, fitted, kept, made
from tawny.recorder.onvif.model import DeviceError

_NO_SUCH = "The camera has no such setting."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A wish after the attempt to write it: *refused* says why it was not, *key* where to look for what became of it."""

    part: str
    field: str
    wanted: Any
    before: Value | None = None
    fit: Fitted | None = None
    refused: str = ""
    key: str = ""


async def send(part: str, section: Section | None, values: Mapping[str, Any]) -> list[Sent]:
    """Write *values* of one part: all at once, else those that the camera takes."""
    if section is None:
        return [Sent(part=part, field=field, wanted=wanted, refused=_NO_SUCH) for field, wanted in values.items()]
    fits, refused = _fits(section, values)
    key, more = await _written(section, _different(section, {field: fit.value for field, fit in fits.items()}))
    refused |= more
    return [
        Sent(
            part=part,
            field=field,
            wanted=wanted,
            before=None if (known := section.part.field(field)) is None else known.value,
            fit=fits.get(field),
            refused=refused.get(field, ""),
            key=key,
        )
        for field, wanted in values.items()
    ]


def _fits(section: Section, values: Mapping[str, Any]) -> tuple[dict[str, Fitted], dict[str, str]]:
    fits: dict[str, Fitted] = {}
    refused: dict[str, str] = {}
    for field_id, wanted in values.items():
        field = section.part.field(field_id)
        if field is None:
            refused[field_id] = _NO_SUCH
            continue
        try:
            fits[field_id] = fitted(field, wanted)
        except ValueError as error:
            refused[field_id] = str(error)
    return fits, refused


def _different(section: Section, values: Mapping[str, Value]) -> Mapping[str, Value]:
    """What is not so already: cameras restart their streams even where nothing changes."""
    if section.whole:
        return values
    known = {field.id: field for field in section.part.fields}
    return {name: value for name, value in values.items() if not alike(known[name], known[name].value, value)}


async def _written(section: Section, values: Mapping[str, Value]) -> tuple[str, dict[str, str]]:
    """Where to look afterwards, and why fields were refused.

    Each further attempt has what was taken before in it, for a section writes from what was read, not from what is.
    """
    if not values:
        return section.key, {}
    key, error = await _attempt(section, values)
    if error is None:
        return key, {}
    if len(values) == 1 or section.whole or (isinstance(error, DeviceError) and error.trouble not in NOT_OFFERED):
        return key, dict.fromkeys(values, _words(error))
    taken: dict[str, Value] = {}
    refused: dict[str, str] = {}
    for field, value in values.items():
        key, error = await _attempt(section, taken | {field: value})
        if error is None:
            taken[field] = value
        else:
            refused[field] = _words(error)
    return key, refused


async def _attempt(section: Section, values: Mapping[str, Value]) -> tuple[str, DeviceError | ValueError | None]:
    try:
        return await section.write(values) or section.key, None
    except (DeviceError, ValueError) as error:
        return section.key, error


def _words(error: DeviceError | ValueError) -> str:
    if isinstance(error, DeviceError) and error.reason:
        return f"{error.title} It said: {error.reason}"
    return error.title if isinstance(error, DeviceError) else str(error)


def result(sent: Sent, after: Iterable[Section]) -> Result:
    """What became of a wish: taken as it was, changed by the camera (and said), or not taken."""
    section = next((each for each in after if each.key == sent.key), None) if sent.key else None
    field = None if section is None else section.part.field(sent.field)
    became = None if field is None else field.value
    ok, title = False, sent.refused
    if not sent.refused and sent.fit is not None:
        if field is None:
            title = "The camera does not tell what became of this."
        elif alike(field, became, sent.fit.value):
            ok, title = True, sent.fit.title
        elif alike(field, became, sent.before):
            title = kept(field, became)
        else:
            ok, title = True, made(field, became)
    return Result(part=sent.part, field=sent.field, wanted=sent.wanted, became=became, ok=ok, title=title)
