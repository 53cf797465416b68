"""What the API says of events: what cameras saw and told, and what befell them; see `tawny.hub.servers.schema`."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from tawny.hub.servers.schema import Answer


class EventKind(StrEnum):
    """What an event is about."""

    MOTION = "motion"
    PERSON = "person"
    PET = "pet"
    VEHICLE = "vehicle"
    FACE = "face"
    PLATE = "plate"
    OBJECT = "object"
    LINE = "line"
    AREA = "area"
    LOITERING = "loitering"
    TAMPER = "tamper"
    BLUR = "blur"
    DARK = "dark"
    BRIGHT = "bright"
    AUDIO = "audio"
    INPUT = "input"
    RELAY = "relay"
    STORAGE = "storage"
    NETWORK = "network"
    DEVICE = "device"
    STATE = "state"
    OTHER = "other"


class CameraEvent(Answer):
    """Something that happened, by the recorder's time; *until* is null while it lasts, *at* where it has no end.

    *camera_at* is what the camera's own clock said, *topic*, *source* and *data* are what it wrote.
    """

    id: str
    camera: str
    kind: EventKind
    title: str
    at: AwareDatetime
    until: AwareDatetime | None
    camera_at: AwareDatetime | None
    received_at: AwareDatetime
    topic: str
    source: dict[str, str]
    data: dict[str, str]
    classes: list[str]
    by: Literal["camera", "recorder"]


class CameraEvents(Answer):
    """Events, the newest first; *next* is where the list goes on (`before`), null at its end."""

    items: list[CameraEvent]
    next: str | None
