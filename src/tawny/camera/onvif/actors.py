"""Who is where in the drawn scenes: what a camera with video analysis would see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from tawny.camera.scenes import corridor, gate, shop, yard
from tawny.camera.scenes.lens import NEAR, Lens
from tawny.camera.scenes.scene import path
from tawny.wire.onvif.metadata import Box

Way = Sequence[tuple[float, ...]]

_SMALLEST = 0.01  # of the picture's width: what is smaller or hidden at its edge is not seen
HUMAN, VEHICLE = "Human", "Vehicle"
_EXTENT = {HUMAN: (0.6, 0.6, 1.8), VEHICLE: (1.9, 4.4, 1.5)}  # metres: across, along, tall
_WAYS: Mapping[str, Sequence[tuple[str, Way]]] = {  # the very ways that the scenes draw
    "gate": [(VEHICLE, gate._CAR), (HUMAN, gate._WALKER), (HUMAN, ((0.4, -24.0, 24.6), (15.8, 16.0, 24.6)))],
    "corridor": [(HUMAN, corridor._VISITOR), (HUMAN, corridor._COLLEAGUE)],
    "yard": [(HUMAN, yard._MAN), (VEHICLE, yard._CAR)],
    "shop": [(HUMAN, shop._BUYER), (HUMAN, shop._WOMAN)],
}
_SCENES = {"gate": gate.scene, "corridor": corridor.scene, "yard": yard.scene, "shop": shop.scene}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An actor in the picture; *number* stays the same while it is there."""

    number: int
    kind: str
    box: Box


def seen(place: str, at: float) -> tuple[Seen, ...]:
    """Who is in the picture *at* seconds into the loop; nobody where *place* is none of the scenes."""
    found = []
    for number, (kind, way) in enumerate(_WAYS.get(place, ()), 1):
        here = path(way, at)
        if here is not None and (box := _box(_lens(place), kind, here)) is not None:
            found.append(Seen(number=number, kind=kind, box=box))
    return tuple(found)


def within(found: Sequence[Seen], part: tuple[float, float, float]) -> tuple[Seen, ...]:
    """Those in a *part* of the picture (left, top and extent, as fractions of it), with their boxes in that part."""
    left, top, extent = part
    if extent == 1.0:
        return tuple(found)
    placed = (
        replace(
            each,
            box=_clipped(
                (each.box.left - left) / extent,
                (each.box.top - top) / extent,
                (each.box.right - left) / extent,
                (each.box.bottom - top) / extent,
            ),
        )
        for each in found
    )
    return tuple(each for each in placed if _visible(each.box))


@cache
def _lens(place: str) -> Lens:
    return _SCENES[place]().stage.lens


def _box(lens: Lens, kind: str, here: tuple[float, ...]) -> Box | None:
    """The box around a body that stands there, as far as it is in the picture."""
    across, along, tall = _EXTENT[kind]
    behind = along if kind == VEHICLE else along / 2
    corners = np.array(
        [
            (here[0] + x, here[1] + y, z)
            for x in (-across / 2, across / 2)
            for y in (-along / 2, behind)
            for z in (0.0, tall)
        ],
        np.float32,
    )
    points = lens.project(corners)
    if float(points[:, 2].min()) <= NEAR:
        return None
    x, y = points[:, 0] / lens.width, points[:, 1] / lens.height
    box = _clipped(float(x.min()), float(y.min()), float(x.max()), float(y.max()))
    return box if _visible(box) else None


def _clipped(left: float, top: float, right: float, bottom: float) -> Box:
    left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in (left, top, right, bottom))
    return Box(left=left, top=top, right=right, bottom=bottom)


def _visible(box: Box) -> bool:
    return box.right - box.left >= _SMALLEST and box.bottom - box.top >= _SMALLEST
