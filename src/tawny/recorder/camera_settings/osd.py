"""What the camera writes into its picture: a part for each text, and one for a further text where there is room."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tawny.recorder.camera_settings.model import Action, Choice, Field, FieldKind, Part, Value, choice_field, text_field
from tawny.recorder.camera_settings.sections import Reading, Section
from tawny.wire.onvif.osd import Osd, OsdOptions

_LONGEST_TEXT = 64  # characters; what a camera takes it does not tell, and cuts or refuses
_MOST = 16  # parts: some cameras tell of more than they show
_KINDS = {"Plain": "A text", "Date": "The date", "Time": "The time", "DateAndTime": "Date and time"}
_PLACES = {
    "UpperLeft": "Top left",
    "UpperRight": "Top right",
    "LowerLeft": "Bottom left",
    "LowerRight": "Bottom right",
}
_CUSTOM = "Custom"


async def read(reading: Reading) -> list[Section]:
    """The sections of all texts over the main stream's picture."""
    profile = await reading.main()
    if profile is None or profile.video_source is None:
        return []
    configuration = profile.video_source.token
    shown = await reading.device.call(reading.calls.get_osds(configuration=configuration))
    options = await reading.device.call(reading.calls.get_osd_options(configuration))
    mine = [each for each in shown if each.configuration in {"", configuration} and each.kind == "Text"][:_MOST]
    found = [_shown(reading, number, each, options) for number, each in enumerate(mine, 1)]
    if has_room(shown, options) and len(found) < _MOST:
        found.append(_further(reading, len(found) + 1, configuration, options))
    return found


def has_room(shown: Sequence[Osd], options: OsdOptions) -> bool:
    """Whether a further text can be written."""
    most = dict(options.most)
    if "Total" not in most or len(shown) >= most["Total"] or "Plain" not in options.text_kinds:
        return False
    return sum(each.text_kind == "Plain" for each in shown) < most.get("PlainText", most["Total"])


def _shown(reading: Reading, number: int, shown: Osd, options: OsdOptions) -> Section:
    async def write(values: Mapping[str, Value]) -> None:
        await reading.device.call(reading.calls.set_osd(changed(shown, values, options)))

    async def delete() -> str:
        await reading.device.call(reading.calls.delete_osd(shown.token))
        return "The text was taken away."

    action = Action(id=f"osd.{number}.delete", title="Take away", confirm="Take this text out of the picture?")
    part = Part(
        id=f"osd.{number}",
        title=f"Text in the picture {number}",
        fields=fields(shown, options),
        actions=(action,),
    )
    return Section(part=part, write=write, acts={action.id: delete}, key=f"osd {shown.token}")


def _further(reading: Reading, number: int, configuration: str, options: OsdOptions) -> Section:
    place = next((each for each in options.places if each in _PLACES), _CUSTOM)
    blank = Osd(configuration=configuration, text_kind="Plain", plain_text="", place=place)

    async def write(values: Mapping[str, Value]) -> str:
        wanted = changed(blank, values, options)
        if wanted.text_kind == "Plain" and not wanted.plain_text:
            raise ValueError("A text needs at least one character.")
        token = await reading.device.call(reading.calls.create_osd(wanted))
        return f"osd {token}"

    part = Part(
        id=f"osd.{number}",
        title="A further text" if number > 1 else "Text in the picture",
        hint="It appears once it is saved.",
        fields=fields(blank, options),
    )
    return Section(part=part, write=write, key=f"osd further {number}", whole=True)


def fields(shown: Osd, options: OsdOptions) -> tuple[Field, ...]:
    """The fields of a text."""
    kinds = [Choice(value=kind, title=_KINDS.get(kind, kind)) for kind in options.text_kinds if kind in _KINDS]
    places = [Choice(value=place, title=title) for place, title in _PLACES.items() if place in options.places]
    if shown.place == _CUSTOM:
        places.insert(0, Choice(value=_CUSTOM, title="Where it is now"))
    found = [
        choice_field("kind", "Shows", shown.text_kind, kinds) if shown.text_kind and len(kinds) > 1 else None,
        text_field("text", "Text", shown.plain_text or "", longest=_LONGEST_TEXT),
        choice_field("place", "Where", shown.place, places) if len(places) > 1 else None,
        _format("date_format", "Date as", shown.date_format, options.date_formats),
        _format("time_format", "Time as", shown.time_format, options.time_formats),
        _size(shown, options),
    ]
    return tuple(field for field in found if field is not None)


def _format(field_id: str, title: str, value: str | None, formats: Sequence[str]) -> Field | None:
    if not formats:
        return None
    return choice_field(field_id, title, value, [Choice(value=each, title=each) for each in dict.fromkeys(formats)])


def _size(shown: Osd, options: OsdOptions) -> Field | None:
    if shown.font_size is None or options.font_size is None:
        return None
    return Field(
        id="font_size",
        title="Size of the letters",
        kind=FieldKind.NUMBER,
        value=shown.font_size,
        least=int(options.font_size.low),
        most=int(options.font_size.high),
        step=1,
    )


def changed(shown: Osd, values: Mapping[str, Value], options: OsdOptions) -> Osd:
    """The text with *values*; what another kind needs gets what the camera offers first."""

    def chosen(field_id: str, now: str | None) -> str | None:
        value = values.get(field_id, now)
        return value if isinstance(value, str) else now

    kind, place, size = chosen("kind", shown.text_kind), chosen("place", shown.place), values.get("font_size")
    plain = kind == "Plain"
    dated, timed = kind in {"Date", "DateAndTime"}, kind in {"Time", "DateAndTime"}
    return replace(
        shown,
        text_kind=kind,
        plain_text=chosen("text", shown.plain_text) if plain else None,
        date_format=(chosen("date_format", shown.date_format) or _first(options.date_formats)) if dated else None,
        time_format=(chosen("time_format", shown.time_format) or _first(options.time_formats)) if timed else None,
        place=place or shown.place,
        at=shown.at if place == _CUSTOM else None,
        font_size=int(size) if isinstance(size, int | float) else shown.font_size,
    )


def _first(formats: Sequence[str]) -> str | None:
    return formats[0] if formats else None
