"""Which volume a new segment goes to."""

from collections.abc import Mapping

from tawny.recorder.archive.ports import Space

_FULL_SHARE = (
    50  # a full volume takes new footage like one with a fiftieth of its size free, for what is old makes room
)


def weight(space: Space, floor_bytes: int) -> int:
    """How much of what is recorded a volume should get: by its free room; full ones share by their size, so that all reach back equally far."""
    return max(space.free_bytes - floor_bytes, space.total_bytes // _FULL_SHARE, 1)


class Placing:
    """Fills volumes in proportion to their weights.

    Invariant: what the volumes were given since a weight last changed much is in proportion to the weights, to within one segment.
    """

    def __init__(self) -> None:
        self._given: dict[str, float] = {}  # bytes by weight

    def choose(self, weights: Mapping[str, int], size_bytes: int) -> str | None:
        """The volume for a segment that will have about *size_bytes*; None where there is no volume."""
        if not weights:
            return None
        least = min((self._given[v] for v in weights if v in self._given), default=0.0)
        for volume in weights:  # who was away has missed nothing
            self._given[volume] = max(self._given.get(volume, least), least)
        chosen = min(weights, key=lambda v: (self._given[v] + size_bytes / weights[v], v))
        self._given[chosen] += max(size_bytes, 1) / weights[chosen]
        return chosen
