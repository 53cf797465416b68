"""The metadata stream (``vnd.onvif.metadata`` over RTSP): objects that the camera sees, and events.

Boxes are told from the upper left corner of the picture, 0 to 1; ONVIF's own coordinates run from -1 to 1, upwards.
"""

from dataclasses import dataclass

from lxml import etree

from tawny.wire.onvif import documents
from tawny.wire.onvif.elements import (
    Element,
    child,
    children,
    integer,
    local,
    make,
    moment_us,
    number,
    spelt,
    spelt_moment,
    text,
)
from tawny.wire.onvif.events import Message, read_messages, write_message
from tawny.wire.onvif.names import PREFIXES

_MOST_FRAMES = 1000
_MOST_OBJECTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A part of the picture: fractions of its width and height from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenObject:
    """An object: *kinds* are its possible classes with their likelihoods, the likeliest first."""

    number: int | None = None
    box: Box | None = None
    kinds: tuple[tuple[str, float | None], ...] = ()
    plate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What was seen at one moment; *gone* are the numbers of objects that left."""

    utc_us: int | None = None
    source: str | None = None
    objects: tuple[SeenObject, ...] = ()
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """One document of the stream."""

    frames: tuple[Frame, ...] = ()
    messages: tuple[Message, ...] = ()


def read(data: bytes) -> Metadata:
    """Read a document; ValueError where it is none."""
    root = documents.document(data, lenient=True)
    if local(root) != "MetadataStream":
        raise ValueError("the document is no metadata")
    frames = [frame for each in children(root, "VideoAnalytics") for frame in children(each, "Frame")]
    return Metadata(
        frames=tuple(_frame(frame) for frame in frames[:_MOST_FRAMES]),
        messages=tuple(message for each in children(root, "Event") for message in read_messages(each)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Transformation:
    """How coordinates become normalized: first scaled, then moved; of the frame, or of one object within it."""

    x: float = 0.0
    y: float = 0.0
    width: float = 1.0
    height: float = 1.0

    def within(self, outer: "_Transformation") -> "_Transformation":
        return _Transformation(
            x=self.x * outer.width + outer.x,
            y=self.y * outer.height + outer.y,
            width=self.width * outer.width,
            height=self.height * outer.height,
        )


_AS_IT_IS = _Transformation()


def _transformation(element: Element | None) -> _Transformation:
    found = child(element, "Transformation")
    width, height = number(found, "Scale/@x"), number(found, "Scale/@y")
    return _Transformation(
        x=number(found, "Translate/@x") or 0.0,
        y=number(found, "Translate/@y") or 0.0,
        width=1.0 if width is None else width,
        height=1.0 if height is None else height,
    )


def _frame(element: Element) -> Frame:
    transformation = _transformation(element)
    deleted = [integer(each, "@ObjectId") for each in children(element, "ObjectTree/Delete")]
    return Frame(
        utc_us=moment_us(element, "@UtcTime"),
        source=text(element, "@Source"),
        objects=tuple(_object(each, transformation) for each in children(element, "Object")[:_MOST_OBJECTS]),
        gone=tuple(each for each in deleted if each is not None),
    )


def _object(element: Element, outer: _Transformation) -> SeenObject:
    appearance = child(element, "Appearance")
    return SeenObject(
        number=integer(element, "@ObjectId"),
        box=_box(child(appearance, "Shape/BoundingBox"), _transformation(appearance).within(outer)),
        kinds=_kinds(child(appearance, "Class")),
        plate=text(appearance, "LicensePlateInfo/PlateNumber"),
    )


def _box(element: Element | None, given: _Transformation) -> Box | None:
    left, right = number(element, "@left"), number(element, "@right")
    top, bottom = number(element, "@top"), number(element, "@bottom")
    if left is None or right is None or top is None or bottom is None:
        return None
    across = sorted(_fraction(x * given.width + given.x) for x in (left, right))
    down = sorted(1 - _fraction(y * given.height + given.y) for y in (top, bottom))
    return Box(left=across[0], right=across[1], top=down[0], bottom=down[1])


def _fraction(normalized: float) -> float:
    return min(max((normalized + 1) / 2, 0.0), 1.0)


def _kinds(element: Element | None) -> tuple[tuple[str, float | None], ...]:
    """Classes of either form: ``Type`` with a likelihood, or the older ``ClassCandidate``."""
    found = [(name, number(each, "@Likelihood")) for each in children(element, "Type") if (name := text(each))]
    older = children(element, "ClassCandidate")
    found += [(name, number(each, "Likelihood")) for each in older if (name := text(each, "Type"))]
    return tuple(sorted(dict(found).items(), key=lambda kind: -(kind[1] or 0)))


def write(metadata: Metadata) -> bytes:
    """A document of the stream."""
    frames = make("tt:VideoAnalytics", *(_write_frame(frame) for frame in metadata.frames)) if metadata.frames else None
    messages = make("tt:Event", *(write_message(each) for each in metadata.messages)) if metadata.messages else None
    prefixes = {prefix: PREFIXES[prefix] for prefix in ("tt", "wsnt", "tns1")}
    root = etree.Element(f"{{{PREFIXES['tt']}}}MetadataStream", nsmap=prefixes)
    root.extend([each for each in (frames, messages) if each is not None])
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _write_frame(frame: Frame) -> Element:
    gone = [make("tt:Delete", ObjectId=str(each)) for each in frame.gone]
    return make(
        "tt:Frame",
        *(_write_object(each) for each in frame.objects),
        make("tt:ObjectTree", *gone) if gone else None,
        UtcTime=spelt_moment(frame.utc_us or 0),
        Source=frame.source,
    )


def _write_object(seen: SeenObject) -> Element:
    kinds = [
        make("tt:Type", kind, Likelihood=spelt(1.0 if likelihood is None else likelihood))
        for kind, likelihood in seen.kinds
    ]
    appearance = make(
        "tt:Appearance",
        None if seen.box is None else _write_box(seen.box),
        make("tt:Class", *kinds) if kinds else None,
    )
    return make("tt:Object", appearance, ObjectId=None if seen.number is None else str(seen.number))


def _write_box(box: Box) -> Element:
    left, right = spelt(box.left * 2 - 1), spelt(box.right * 2 - 1)
    top, bottom = spelt(1 - box.top * 2), spelt(1 - box.bottom * 2)
    middle = make("tt:CenterOfGravity", x=spelt(box.left + box.right - 1), y=spelt(1 - box.top - box.bottom))
    return make("tt:Shape", make("tt:BoundingBox", left=left, top=top, right=right, bottom=bottom), middle)
