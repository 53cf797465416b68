"""Values of the recorder's settings, and the port to where they are kept."""

from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A camera as a person has set it up. *url* and *sub_url* hold no user and no password; *sub_url* may be empty."""

    id: str
    name: str
    url: str
    sub_url: str
    user: str
    password: str = field(repr=False)
    enabled: bool = True
    sound: bool = False
    added_us: int
    depth_days: int | None = None  # None: as deep as the recorder's


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """What this recorder is called, for itself and for people."""

    id: str
    name: str
    time_zone: str


class Settings(Protocol):
    """Where settings are kept. What `save` and `forget` did is still so after a power cut."""

    def recorder(self) -> Recorder:
        """Who we are; the id is the same at every call and every start."""
        ...

    def cameras(self) -> list[Camera]:
        """Every camera, in the order in which they were added."""
        ...

    def save(self, camera: Camera) -> None:
        """Keep *camera*, in place of the one with its id where there is one."""
        ...

    def forget(self, camera_id: str) -> None:
        """Keep nothing of that camera, its password least of all; nothing happens where there is none."""
        ...

    def value(self, name: str) -> Any:
        """The JSON value last kept under *name*, None where there is none."""
        ...

    def set_value(self, name: str, value: Any) -> None:
        """Keep the JSON *value* under *name*. Problem(UNAVAILABLE) where it can't be kept."""
        ...
