"""Privacy masks: parts of the picture that the camera itself blots out (Media2)."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from tawny.recorder.camera_settings.model import Area, Choice, Field, FieldKind, Part, Value
from tawny.recorder.camera_settings.sections import Reading, Section
from tawny.recorder.onvif.model import DeviceError
from tawny.wire.onvif import media2
from tawny.wire.onvif.geometry import Vector
from tawny.wire.onvif.media2 import Mask, MaskOptions
from tawny.wire.onvif.osd import Color

_KINDS = {"Color": ("color", "One colour"), "Blurred": ("blur", "Blurred"), "Pixelated": ("pixels", "Pixelated")}
_ONVIF = {ours: theirs for theirs, (ours, _) in _KINDS.items()}
_BLACK = Color(x=0, y=128, z=128)  # YCbCr, the space meant where none is named
_DIGITS = 4  # of a coordinate: finer than a pixel of an 8K picture


async def read(reading: Reading) -> list[Section]:
    """The section of all masks over the main stream's picture; none from a camera without Media2."""
    profile = await reading.main()
    if profile is None or profile.video_source is None or not reading.second:
        return []
    configuration = profile.video_source.token
    options = await reading.device.call(media2.get_mask_options(configuration))
    if options.most < 1:
        return []
    told = await reading.device.call(media2.get_masks(configuration=configuration))
    masks = [mask for mask in told if mask.configuration in {"", configuration} and len(mask.polygon) >= 3]

    async def write(values: Mapping[str, Value]) -> None:
        areas = values["areas"]
        assert isinstance(areas, tuple)
        await _write(reading, masks, [mask_of(area, configuration, options) for area in areas])

    part = Part(id="masks", title="Privacy masks", hint=_HINT, fields=(field(masks, options),))
    return [Section(part=part, write=write, key="masks")]


_HINT = "The camera itself blots these out: nobody sees what is behind, and no recording has it."


def field(masks: Sequence[Mask], options: MaskOptions) -> Field:
    """The field of all areas."""
    kinds = [_KINDS[kind] for kind in options.kinds if kind in _KINDS] or [_KINDS["Color"]]
    return Field(
        id="areas",
        title="Hidden areas",
        kind=FieldKind.AREAS,
        value=tuple(area_of(mask) for mask in masks),
        choices=tuple(Choice(value=value, title=title) for value, title in dict.fromkeys(kinds)),
        most=options.most,
        hint="Rectangles only." if options.rectangle_only else f"At most {max(options.most_points, 3)} corners each.",
    )


def area_of(mask: Mask) -> Area:
    """A mask as an area: ONVIF's coordinates are -1 to 1 with y upwards, ours 0 to 1 from the top left."""
    points = [[_ours(corner.x), _ours(-corner.y)] for corner in mask.polygon]
    return {"points": points, "kind": _KINDS.get(mask.kind, _KINDS["Color"])[0], "enabled": mask.enabled}


def _ours(coordinate: float) -> float:
    return round(min(max((coordinate + 1) / 2, 0.0), 1.0), _DIGITS)


def mask_of(area: Area, configuration: str, options: MaskOptions) -> Mask:
    """An area as a mask that the camera can have; ValueError where it has too many corners."""
    points: list[list[float]] = area["points"]
    if options.rectangle_only:
        points = _rectangle(points)
    if len(points) > max(options.most_points, 3):
        raise ValueError(f"The camera takes at most {options.most_points} corners.")
    kind = _ONVIF[area["kind"]]
    return Mask(
        configuration=configuration,
        polygon=tuple(Vector(x=round(2 * x - 1, _DIGITS), y=round(1 - 2 * y, _DIGITS)) for x, y in points),
        kind=kind,
        color=_BLACK if kind == "Color" else None,
        enabled=area["enabled"],
    )


def _rectangle(points: Sequence[Sequence[float]]) -> list[list[float]]:
    """The smallest rectangle that hides all that the corners enclose."""
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


async def _write(reading: Reading, before: Sequence[Mask], wanted: Sequence[Mask]) -> None:
    """Bring the camera from *before* to *wanted*. What is hidden stays hidden until something else is: deletions come last.

    One that is refused does not keep the others from being written.
    """
    refused: DeviceError | None = None
    for call in _calls(before, wanted):
        try:
            await reading.device.call(call)
        except DeviceError as error:
            refused = refused or error
    if refused is not None:
        raise refused


def _calls(before: Sequence[Mask], wanted: Sequence[Mask]) -> list[Any]:
    changed, created, deleted = [], [], []
    for old, new in zip_longest(before, wanted):
        if old is None:
            created.append(media2.create_mask(new))
        elif new is None:
            deleted.append(media2.delete_mask(old.token))
        elif area_of(old) != area_of(new):
            changed.append(media2.set_mask(_kept(new, old)))
    return [*changed, *created, *deleted]


def _kept(new: Mask, old: Mask) -> Mask:
    """The new mask in the place of the old one, with its colour."""
    return Mask(
        token=old.token,
        configuration=old.configuration or new.configuration,
        polygon=new.polygon,
        kind=new.kind,
        color=(old.color or new.color) if new.kind == "Color" else None,
        enabled=new.enabled,
    )
