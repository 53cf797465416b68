"""Values that every part of storage shares."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How soon somebody has to act."""

    ALARM = "alarm"  # footage is being lost, or will be today
    WARNING = "warning"  # it will be, if nobody does anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that is wrong now. *kind* with *volume* and *camera* tells which; *title* and *remedy* are plain sentences."""

    kind: str
    severity: Severity
    title: str
    remedy: str
    volume: str | None = None
    camera: str | None = None
