"""What depth, limits and holds come to: the forecast, the quota of holds, and what to warn of."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from tawny.recorder.archive.model import VolumeStatus
from tawny.recorder.storage import cautions
from tawny.recorder.storage.depth import Depths
from tawny.recorder.storage.forecast import DAY_US, Figures, Forecast, forecast, held_full_at
from tawny.recorder.storage.holds import Holds
from tawny.recorder.storage.measuring import Measures, quota_bytes, recording, room_bytes
from tawny.recorder.storage.model import Condition
from tawny.runtime.clock import Clock
from tawny.wire.moments import rfc3339

HELD_ALARM_US: Final = 7 * DAY_US
_HOUR_US: Final = DAY_US // 24

Document = dict[str, Any]


class Reckoning:
    """Draws the sums of what is kept. *measures* are those of the last walk through the index."""

    def __init__(
        self, *, depths: Depths, holds: Holds, volumes: Callable[[], Sequence[VolumeStatus]], clock: Clock
    ) -> None:
        self._depths = depths
        self._holds = holds
        self._volumes = volumes
        self._clock = clock
        self.measures = Measures()

    def hold_bytes(self, hold: str) -> int:
        return self.measures.holds.get(hold, 0)

    def held_bytes(self, volume: str) -> int:
        """What is held on *volume*."""
        return self.measures.held.get(volume, 0)

    def document(self) -> Document:
        """The members of the document `Storage` about depth, limit, forecast and holds."""
        alarm_us = self._alarm_us()
        return {
            "depth": {
                "days": self._depths.days,
                "current_days": self._current_days(),
                "pending": self._depths.document(),
            },
            "size_limit_bytes": self._depths.size_limit_bytes,
            "forecast": _forecast_document(self.forecast()),
            "holds": {
                "bytes": sum(self.measures.held.values()),
                "quota_bytes": sum(map(quota_bytes, recording(self._volumes()))),
                "alarm_at": _about(alarm_us),
            },
        }

    def conditions(self) -> list[Condition]:
        """What is wrong with it, or will be."""
        over = [v for v in recording(self._volumes()) if self.held_bytes(v.id) > quota_bytes(v)]
        alarm_us = self._alarm_us()
        filling = [cautions.filling()] if alarm_us is not None and alarm_us <= self._clock.utc_us() else []
        return [
            *(cautions.lowered(camera or None, one) for camera, one in self._depths.waiting().items()),
            *map(cautions.over_quota, over),
            *filling,
        ]

    def forecast(self) -> Forecast:
        """When the drives are full."""
        days = self._depths.days
        return forecast(
            Figures(
                now_us=self._clock.utc_us(),
                oldest_us=self._oldest_us(),
                used_bytes=self._used_bytes(),
                left_bytes=self._left_bytes(),
                day_bytes=sum(self.measures.day.values()),
                depth_us=None if days is None else days * DAY_US,
            )
        )

    def _oldest_us(self) -> int | None:
        return min((v.oldest_us for v in self._volumes() if v.oldest_us is not None), default=None)

    def _current_days(self) -> float:
        oldest_us = self._oldest_us()
        return 0.0 if oldest_us is None else round(max(0, self._clock.utc_us() - oldest_us) / DAY_US, 3)

    def _used_bytes(self) -> int:
        return sum(volume.archive_bytes for volume in recording(self._volumes()))

    def _left_bytes(self) -> int:
        """What may still be written before the oldest has to go."""
        left, limit_bytes = sum(map(room_bytes, recording(self._volumes()))), self._depths.size_limit_bytes
        return left if limit_bytes is None else min(left, max(0, limit_bytes - self._used_bytes()))

    def _alarm_us(self) -> int | None:
        """Seven days before held footage alone fills the drives: holds that reach ahead grow with each day."""
        growing: dict[str, int] = {}
        for hold in self._holds.active():
            for camera in hold.cameras:
                growing[camera] = max(growing.get(camera, 0), hold.kept.to_us)
        rates = [(self.measures.day.get(camera, 0), until_us) for camera, until_us in growing.items()]
        room = self._used_bytes() + self._left_bytes() - sum(self.measures.held.values())
        full_us = held_full_at(now_us=self._clock.utc_us(), room_bytes=max(0, room), growing=rates)
        return None if full_us is None else full_us - HELD_ALARM_US


def _forecast_document(found: Forecast) -> Document:
    return {
        "state": str(found.state),
        "full_at": _about(found.full_at_us),
        "bytes_per_day": found.bytes_per_day,
    }


def _about(moment_us: int | None) -> str | None:
    """The hour of *moment_us*: an estimate that moved with every byte would be told every second."""
    return None if moment_us is None else rfc3339(moment_us // _HOUR_US * _HOUR_US)
