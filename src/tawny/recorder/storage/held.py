"""Whether held footage lies on a volume, asked before the volume is emptied: rather once too often than once too rarely."""

from collections.abc import Callable, Sequence
from typing import Final

from tawny.recorder.storage.depth import Sizes
from tawny.recorder.storage.holds import Hold
from tawny.recorder.storage.measuring import held_bytes
from tawny.recorder.storage.threads import in_thread
from tawny.runtime.clock import Clock

NEW_US: Final = 300_000_000  # what is younger may be on its way to the disk, and not in the index yet


class Held:
    """Weighs what is held right now, and not when it was measured last."""

    def __init__(self, *, holds: Callable[[], Sequence[Hold]], sizes: Sizes, clock: Clock) -> None:
        self._holds = holds
        self._sizes = sizes
        self._clock = clock

    async def weigh(self, volume: str, *, records: bool) -> int:
        """The bytes that are held on *volume*; at least one where it *records* what may be held. OSError where nobody knows."""
        holds = self._holds()
        found = await in_thread(lambda: held_bytes(self._sizes, holds, volume), name="weigh holds")
        new_us = self._clock.utc_us() - NEW_US
        return max(found, int(records and any(hold.kept.to_us > new_us for hold in holds)))
