"""What a camera draws over its pictures: texts, clock, logos; the same for Media and Media2."""

from collections.abc import Iterator
from dataclasses import dataclass

from tawny.wire.onvif.elements import (
    Element,
    child,
    children,
    integer,
    make,
    maybe,
    number,
    number_of,
    optional,
    text,
    texts,
    words,
)
from tawny.wire.onvif.geometry import Range, Vector, read_range, read_vector, write_vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Color:
    """A color in *space* (YCbCr unless told otherwise)."""

    x: float
    y: float
    z: float
    space: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Osd:
    """One thing drawn.

    *kind* is Text or Image; *place* UpperLeft, UpperRight, LowerLeft, LowerRight or Custom, which means *at*. A text's
    *text_kind* is Plain, Date, Time or DateAndTime.
    """

    token: str = ""
    configuration: str = ""
    kind: str = "Text"
    place: str = "UpperLeft"
    at: Vector | None = None
    text_kind: str | None = None
    plain_text: str | None = None
    date_format: str | None = None
    time_format: str | None = None
    font_size: int | None = None
    font_color: Color | None = None
    background_color: Color | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OsdOptions:
    """What can be drawn; *most* counts by kind (Total, Image, PlainText, Date, Time, DateAndTime)."""

    most: tuple[tuple[str, int], ...] = ()
    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    text_kinds: tuple[str, ...] = ()
    font_size: Range | None = None
    date_formats: tuple[str, ...] = ()
    time_formats: tuple[str, ...] = ()
    images: tuple[str, ...] = ()


def read_osd(element: Element) -> Osd:
    written = child(element, "TextString")
    return Osd(
        token=text(element, "@token") or "",
        configuration=text(element, "VideoSourceConfigurationToken") or "",
        kind=text(element, "Type") or "Text",
        place=text(element, "Position/Type") or "Custom",
        at=read_vector(element, "Position/Pos"),
        text_kind=text(written, "Type"),
        plain_text=text(written, "PlainText"),
        date_format=text(written, "DateFormat"),
        time_format=text(written, "TimeFormat"),
        font_size=integer(written, "FontSize"),
        font_color=read_color(child(written, "FontColor/Color")),
        background_color=read_color(child(written, "BackgroundColor/Color")),
        image=text(element, "Image/ImgPath"),
    )


def read_color(element: Element | None) -> Color | None:
    x, y, z = number(element, "@X"), number(element, "@Y"), number(element, "@Z")
    if x is None or y is None or z is None:
        return None
    return Color(x=x, y=y, z=z, space=text(element, "@Colorspace"))


def write_color(name: str, color: Color) -> Element:
    return make(name, X=maybe(color.x), Y=maybe(color.y), Z=maybe(color.z), Colorspace=color.space)


def write_osd(name: str, value: Osd) -> Element:
    at = None if value.at is None else write_vector("tt:Pos", value.at)
    return make(
        name,
        make("tt:VideoSourceConfigurationToken", value.configuration),
        make("tt:Type", value.kind),
        make("tt:Position", make("tt:Type", value.place), at),
        None if value.text_kind is None else _write_text(value),
        None if value.image is None else make("tt:Image", make("tt:ImgPath", value.image)),
        token=value.token,
    )


def _write_text(value: Osd) -> Element:
    font, background = value.font_color, value.background_color
    return make(
        "tt:TextString",
        optional("tt:Type", value.text_kind),
        optional("tt:DateFormat", value.date_format),
        optional("tt:TimeFormat", value.time_format),
        optional("tt:FontSize", value.font_size),
        None if font is None else make("tt:FontColor", write_color("tt:Color", font)),
        None if background is None else make("tt:BackgroundColor", write_color("tt:Color", background)),
        optional("tt:PlainText", value.plain_text),
    )


def read_osd_options(element: Element) -> OsdOptions:
    most = child(element, "MaximumNumberOfOSDs")
    written = child(element, "TextOption")
    return OsdOptions(
        most=() if most is None else tuple(_counts(most)),
        kinds=texts(element, "Type"),
        places=texts(element, "PositionOption"),
        text_kinds=words(written, "Type"),
        font_size=read_range(written, "FontSizeRange"),
        date_formats=texts(written, "DateFormat"),
        time_formats=texts(written, "TimeFormat"),
        images=tuple(path for each in children(element, "ImageOption/ImagePath") if (path := text(each))),
    )


def write_osd_options(name: str, value: OsdOptions) -> Element:
    """Options without colors and sizes of letters."""
    written = make("tt:TextOption", *(make("tt:Type", kind) for kind in value.text_kinds))
    return make(
        name,
        make("tt:MaximumNumberOfOSDs", **{kind: str(count) for kind, count in value.most}),
        *(make("tt:Type", kind) for kind in value.kinds),
        *(make("tt:PositionOption", place) for place in value.places),
        written,
    )


def _counts(element: Element) -> Iterator[tuple[str, int]]:
    for name, value in list(element.attrib.items())[:16]:
        if (count := number_of(str(value).strip())) is not None:
            yield str(name), int(count)
