"""Alarms: conditions that last, each with the moment since when it does."""

from collections.abc import Iterable
from typing import Any

from tawny.recorder.storage.model import Condition, Severity
from tawny.runtime.clock import Clock
from tawny.wire.moments import rfc3339

_Key = tuple[str, str | None, str | None]


class Alarms:
    """What is wrong now, told in the order of its weight and age.

    Invariant: an alarm keeps its id and its *since* for as long as its condition lasts, however the words about it change.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since: dict[_Key, int] = {}
        self._conditions: dict[_Key, Condition] = {}

    def update(self, conditions: Iterable[Condition]) -> bool:
        """Replace what is wrong by *conditions*; whether anything is different."""
        now = self._clock.utc_us()
        found = {_key(condition): condition for condition in conditions}
        changed = found != self._conditions
        self._since = {key: self._since.get(key, now) for key in found}
        self._conditions = found
        return changed

    def document(self) -> list[dict[str, Any]]:
        """The alarms as the API tells them, alarms before warnings, older before newer."""
        keys = sorted(
            self._conditions, key=lambda key: (self._conditions[key].severity is not Severity.ALARM, self._since[key])
        )
        return [self._alarm(key, self._conditions[key]) for key in keys]

    def _alarm(self, key: _Key, condition: Condition) -> dict[str, Any]:
        return {
            "id": ".".join(part for part in key if part),
            "kind": condition.kind,
            "severity": str(condition.severity),
            "since": rfc3339(self._since[key]),
            "title": condition.title,
            "remedy": condition.remedy,
            "volume": condition.volume,
            "camera": condition.camera,
        }


def _key(condition: Condition) -> _Key:
    return condition.kind, condition.volume, condition.camera
