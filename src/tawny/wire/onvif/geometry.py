"""Sizes, rectangles, ranges and vectors, as ONVIF's schema has them."""

from dataclasses import dataclass

from tawny.wire.onvif.elements import Element, child, children, integer, make, maybe, number, spelt


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rectangle:
    """A part of a picture, in pixels from the upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From *low* to *high*, both included."""

    low: float
    high: float

    def clamped(self, value: float) -> float:
        """The value within the range that is nearest to *value*."""
        return min(max(value, self.low), self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """A point in ONVIF's normalized coordinates: -1 to 1, x to the right, y upwards."""

    x: float
    y: float


def read_size(element: Element | None, path: str) -> Size | None:
    return size_of(child(element, path))


def size_of(element: Element | None) -> Size | None:
    """The size that *element* tells; None without an extent."""
    width, height = integer(element, "Width"), integer(element, "Height")
    return Size(width=width, height=height) if width and height and width > 0 and height > 0 else None


def read_sizes(element: Element | None, path: str) -> tuple[Size, ...]:
    return tuple(size for each in children(element, path) if (size := size_of(each)) is not None)


def read_rectangle(element: Element | None, path: str) -> Rectangle | None:
    """The rectangle at *path*; None without an extent."""
    found = child(element, path)
    width, height = integer(found, "@width"), integer(found, "@height")
    if not width or not height or width < 0 or height < 0:
        return None
    return Rectangle(x=integer(found, "@x") or 0, y=integer(found, "@y") or 0, width=width, height=height)


def read_range(element: Element | None, path: str) -> Range | None:
    return range_of(child(element, path))


def range_of(element: Element | None) -> Range | None:
    """The range that *element* tells; None where an end is lacking, put in order where they were swapped."""
    low, high = number(element, "Min"), number(element, "Max")
    if low is None or high is None:
        return None
    return Range(low=min(low, high), high=max(low, high))


def read_vector(element: Element | None, path: str) -> Vector | None:
    found = child(element, path)
    x, y = number(found, "@x"), number(found, "@y")
    return Vector(x=x, y=y) if x is not None and y is not None else None


def read_polygon(element: Element | None, path: str) -> tuple[Vector, ...]:
    """The corners of the polygon at *path*."""
    found = []
    for point in children(element, f"{path}/Point"):
        x, y = number(point, "@x"), number(point, "@y")
        if x is not None and y is not None:
            found.append(Vector(x=x, y=y))
    return tuple(found)


def write_size(name: str, size: Size) -> Element:
    return make(name, make("tt:Width", str(size.width)), make("tt:Height", str(size.height)))


def write_rectangle(name: str, area: Rectangle) -> Element:
    return make(name, x=str(area.x), y=str(area.y), width=str(area.width), height=str(area.height))


def write_range(name: str, given: Range) -> Element:
    return make(name, make("tt:Min", spelt(given.low)), make("tt:Max", spelt(given.high)))


def write_vector(name: str, vector: Vector) -> Element:
    return make(name, x=maybe(vector.x), y=maybe(vector.y))


def write_polygon(name: str, corners: tuple[Vector, ...]) -> Element:
    return make(name, *(write_vector("tt:Point", corner) for corner in corners))
