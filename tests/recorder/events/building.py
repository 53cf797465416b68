"""Events for tests."""

from typing import Any

from tawny.recorder.events.model import By, Event, Kind

NOON_US = 1_795_348_800_000_000  # 2026-11-22T12:00:00Z, where a simulated clock starts
SECOND_US = 1_000_000


def event(number: int = 1, *, at_s: float = 0, until_s: float | None = 0, **given: Any) -> Event:
    """An event that began *at_s* seconds after noon."""
    values: dict[str, Any] = {
        "id": f"evt_{number}",
        "camera": "cam_a",
        "kind": Kind.MOTION,
        "title": "Motion",
        "at_us": NOON_US + int(at_s * SECOND_US),
        "until_us": None if until_s is None else NOON_US + int(until_s * SECOND_US),
        "received_us": NOON_US + int(at_s * SECOND_US),
        "by": By.CAMERA,
    }
    return Event(**(values | given))
