"""What a camera's message means: ONVIF's topics, and those of makers, by the words that they are made of.

Makers put their own topics beside ONVIF's, or ONVIF's names around their own (TP-Link tells of vehicles below
CellMotionDetector), so no list of topics is ever complete. What decides, in this order: a yes or no named ``IsVehicle``,
classes of objects, the last name of the topic, all its names.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tawny.recorder.events.model import Kind
from tawny.wire.onvif.events import DELETED, INITIALIZED, Message

_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One thing that a message tells."""

    kind: Kind
    title: str
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What is so now. *lasts*: each of *readings* is a state, and what an earlier message of the same property told
    beyond them has ended; else they just happened. *sure*: the camera says that it is a property, so it will tell the end.
    """

    readings: tuple[Reading, ...] = ()
    lasts: bool = True
    sure: bool = True


# The first line that has one of a name's words counts: what is special stands before what is general.
_WORDS: tuple[tuple[Kind, str], ...] = (
    (Kind.LOITERING, "loitering loiter"),
    (Kind.LINE, "line crossed crossing cross tripwire fence"),
    (Kind.AREA, "intrusion inside entered entering exited region zone field perimeter"),
    (Kind.PLATE, "plate plates lpr anpr"),
    (Kind.FACE, "face faces facial"),
    (Kind.PERSON, "people person persons human humans pedestrian body"),
    (Kind.VEHICLE, "vehicle vehicles car cars truck bus motorcycle motorbike bicycle bike nonmotor"),
    (Kind.PET, "pet pets animal animals dog cat"),
    (Kind.TAMPER, "tamper tampering tampered sabotage scene blind covered occlusion occluded casing shock"),
    (Kind.BLUR, "blur blurry blurred defocus unfocused"),
    (Kind.DARK, "dark"),
    (Kind.BRIGHT, "bright"),
    (Kind.RELAY, "relay relays output outputs"),
    (Kind.INPUT, "input inputs visitor doorbell button alarmin port"),
    (Kind.AUDIO, "audio sound noise scream gunshot cry"),
    (Kind.MOTION, "motion vmd pir movement"),
    (Kind.OBJECT, "object objects package parcel bag luggage abandoned"),
    (Kind.STORAGE, "storage disk hdd card"),
    (Kind.NETWORK, "network ethernet ip wifi wireless"),
    (
        Kind.DEVICE,
        "fan temperature power hardware fault faulty failure failed battery signal shutdown overheat error illegal",
    ),
    (Kind.STATE, "vision operation"),
)
_KIND_OF = {word: (place, kind) for place, (kind, words) in enumerate(_WORDS) for word in words.split()}
_TITLES = {
    Kind.MOTION: "Motion",
    Kind.PERSON: "Person",
    Kind.PET: "Animal",
    Kind.VEHICLE: "Vehicle",
    Kind.FACE: "Face",
    Kind.PLATE: "Licence plate",
    Kind.LINE: "Line crossed",
    Kind.AREA: "In a watched area",
    Kind.LOITERING: "Loitering",
    Kind.TAMPER: "Camera tampered with",
    Kind.BLUR: "Picture blurred",
    Kind.DARK: "Picture too dark",
    Kind.BRIGHT: "Picture too bright",
    Kind.AUDIO: "Sound",
}
_PREFIXED = {
    Kind.STORAGE: "Storage",
    Kind.NETWORK: "Network",
    Kind.DEVICE: "Device",
    Kind.INPUT: "Input",
    Kind.RELAY: "Relay",
}
_BY_CLASS = {Kind.PERSON, Kind.PET, Kind.VEHICLE, Kind.FACE, Kind.PLATE}
_ONLY_CHANGES = {Kind.STATE, Kind.OTHER}  # how they are when we come is nothing that happened
_DOORBELLS = {"visitor", "doorbell"}

_OF_THE_DEVICE = {Kind.STORAGE, Kind.NETWORK, Kind.DEVICE, Kind.INPUT, Kind.RELAY, Kind.TAMPER, Kind.AUDIO, Kind.MOTION}

# Bookkeeping that is no news for a person, or that never rests: positions, loads, who looks at a stream.
_NO_NEWS = frozenset(
    [
        "monitoring",
        "recordingconfig",
        "recordinghistory",
        "ptzposition",
        "position",
        "livestreamaccessed",
        "systemready",
        "ptzready",
        "interval",
        "heater",
        "mqtt",
        "abr",
        "recording",
        "digitalsignalstatusok",
        "digitalsignalstatusmetadata",
    ]
)
_USUAL_LEAVES = {"status", "inside"}  # of the device: a fan that runs, a temperature as it should be (Axis)
_REBOOT = ("monitoring", "lastreboot")
_SETTINGS = {"configuration", "media"}
_CLASS_ITEMS = {"classtypes", "classtype", "class", "classes", "objecttype", "objecttypes"}
_STATE_ITEMS = [
    "state",
    "logicalstate",
    "active",
    "triggered",
    "detected",
    "alarm",
    "alert",
    "failed",
    "lost",
    "disruption",
]
_NUMBERS = re.compile(r"(id|count|number|level|speed|index|channel|health|wear|value)$", re.IGNORECASE)
_YES = {"true", "1", "active", "on", "yes"}
_NO = {"false", "0", "inactive", "off", "no"}
_SPLIT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+")


def read(message: Message) -> Meaning | None:
    """What *message* means; None where it is nothing that anybody wants to know."""
    kind = _kind(message)
    if kind is None:
        return None
    if message.operation == DELETED:
        return Meaning()
    state = _state(message.data)
    classes = _classes(message.data)
    if classes is not None and state is None and kind in {Kind.OBJECT, Kind.MOTION, Kind.OTHER, *_BY_CLASS}:
        return Meaning(readings=_by_class(classes), sure=_is_property(message))
    if state is None:
        return _happened(message, kind, classes)
    if state and message.operation == INITIALIZED and kind in _ONLY_CHANGES:
        return None
    readings = (Reading(kind=kind, title=_title(message, kind), classes=classes or ()),) if state else ()
    return Meaning(readings=readings, sure=_is_property(message))


def _happened(message: Message, kind: Kind, classes: tuple[str, ...] | None) -> Meaning | None:
    """What has no state: a property without one is a measurement, or what it was before we came."""
    if message.operation == INITIALIZED or (_is_property(message) and kind is Kind.OTHER):
        return None
    reading = Reading(kind=kind, title=_title(message, kind), classes=classes or ())
    return Meaning(readings=(reading,), lasts=False)


def _is_property(message: Message) -> bool:
    return message.operation is not None


def _kind(message: Message) -> Kind | None:
    names = tuple(name.lower() for name in message.path)
    if (names[0], names[-1]) == _REBOOT or names[0] in _SETTINGS:
        return Kind.STATE
    if not _NO_NEWS.isdisjoint(names) or (names[0] == "ptzcontroller" and "error" not in names[-1]):
        return None
    if names[0] == "device":
        return _kind_of_device(message.path, names[-1])
    told = _kind_of_items(message.data)
    if told is not None:
        return told
    return _kind_of_words(_words(message.path[-1:])) or _kind_of_words(_words(message.path)) or Kind.OTHER


def _kind_of_device(path: tuple[str, ...], leaf: str) -> Kind | None:
    """What a topic below Device is about: never what is in the picture."""
    if leaf in _USUAL_LEAVES:
        return None
    found = _kind_of_words(_words(path[-1:]))
    found = found if found in _OF_THE_DEVICE else _kind_of_words(_words(path))
    return found if found in _OF_THE_DEVICE else Kind.DEVICE


def _kind_of_items(data: Mapping[str, str]) -> Kind | None:
    """What a yes or no named Is-something is about; IsNotPerson is not about a person."""
    for name in data:
        if name.startswith("Is") and not name.startswith("IsNot"):
            if (kind := _kind_of_words(_words([name]))) is not None:
                return kind
        elif name.startswith("IsNot"):
            return Kind.OTHER
    return None


def _kind_of_words(words: Iterable[str]) -> Kind | None:
    return min((_KIND_OF[word] for word in words if word in _KIND_OF), default=(0, None))[1]


def _words(names: Iterable[str]) -> list[str]:
    """The words of names in camel case, and each name as one word."""
    found: list[str] = []
    for name in names:
        found += [word.lower() for word in _SPLIT.findall(name[:128])]
        found.append(name.lower())
    return found


def _state(data: Mapping[str, str]) -> bool | None:
    """The yes or no that says whether it is so: the only one, or the one that is named like it."""
    flags = {name.lower(): flag for name, value in data.items() if (flag := _flag(name, value)) is not None}
    if len(flags) == 1:
        return next(iter(flags.values()))
    named = [name for name in flags if name.startswith("is")] + [name for name in _STATE_ITEMS if name in flags]
    return flags[named[0]] if named else None


def _flag(name: str, value: str) -> bool | None:
    word = value.strip().lower()
    if word in {"0", "1"} and _NUMBERS.search(name):
        return None
    return True if word in _YES else False if word in _NO else None


def _classes(data: Mapping[str, str]) -> tuple[str, ...] | None:
    """The classes of objects that are told of, perhaps none; None where nothing is said of classes."""
    told = [value for name, value in data.items() if name.lower() in _CLASS_ITEMS]
    if not told:
        return None
    words = (word for value in told for word in value.replace(",", " ").split())
    return tuple(dict.fromkeys(word[:64] for word in words))[:16]


def _by_class(classes: tuple[str, ...]) -> tuple[Reading, ...]:
    """A reading for each kind of object."""
    kinds: dict[Kind, list[str]] = {}
    for each in classes:
        kind = _kind_of_words(_words([each]))
        kinds.setdefault(kind if kind in _BY_CLASS else Kind.OBJECT, []).append(each)
    return tuple(
        Reading(kind=kind, title=_TITLES.get(kind) or _spoken(mine[0]), classes=tuple(mine))
        for kind, mine in kinds.items()
    )


def _title(message: Message, kind: Kind) -> str:
    leaf, root = _spoken(message.path[-1]), message.path[0].lower()
    if (root, message.path[-1].lower()) == _REBOOT:
        return "The camera restarted"
    if root in _SETTINGS:
        return "Settings of the camera were changed"
    if kind is Kind.INPUT and not _DOORBELLS.isdisjoint(_words(message.path[-1:])):
        return "Doorbell"
    if kind in {Kind.INPUT, Kind.RELAY}:
        return _named(_PREFIXED[kind], next(iter(message.source.values()), ""))
    if kind is Kind.PLATE:
        plate = next((value for name, value in message.data.items() if "plate" in name.lower()), "")
        return _named(_TITLES[kind], "" if plate.lower() in _YES | _NO else plate)
    if kind in _PREFIXED:
        return f"{_PREFIXED[kind]}: {leaf[:1].lower() + leaf[1:] if leaf[1:2].islower() else leaf}"[:_LONGEST_TITLE]
    return _TITLES.get(kind, leaf)


def _named(what: str, name: str) -> str:
    return f"{what} {name}"[:_LONGEST_TITLE] if name else what


def _spoken(name: str) -> str:
    """``HardDiskFull`` as "Hard disk full"."""
    words = _SPLIT.findall(name[:128]) or [name[:128] or "Event"]
    lowered = [word if word.isupper() and len(word) > 1 else word.lower() for word in words]
    spoken = " ".join(lowered)
    return (spoken[:1].upper() + spoken[1:])[:_LONGEST_TITLE]
