import pytest

from tawny.recorder.archive.retention import Kept
from tawny.recorder.storage.held import NEW_US, Held
from tawny.recorder.storage.holds import Hold
from tawny.runtime.clock import SimulatedClock


class Sizes:
    """So many bytes a camera, on one volume."""

    def size(self, *, from_us: int, to_us: int, camera: str | None = None, volume: str | None = None) -> int:
        return 7 if volume == "vol_1" else 0

    def cameras(self) -> list[str]:
        return ["cam_a"]


@pytest.mark.parametrize(
    ("age_us", "volume", "records", "found"),
    [
        (NEW_US + 1, "vol_1", True, 7),
        (NEW_US + 1, "vol_2", True, 0),
        (0, "vol_2", True, 1),
        (0, "vol_2", False, 0),
        (-NEW_US, "vol_2", True, 1),
    ],
)
async def test_what_may_be_on_its_way_to_the_disk_counts_as_held(
    age_us: int, volume: str, records: bool, found: int
) -> None:
    clock = SimulatedClock()
    end_us = clock.utc_us() - age_us
    hold = Hold(
        id="hold_a",
        cameras=("cam_a",),
        kept=Kept(end_us - 1, end_us),
        why="theft",
        who="owner",
        made_us=0,
        until_us=None,
    )

    held = Held(holds=lambda: [hold], sizes=Sizes(), clock=clock)

    assert await held.weigh(volume, records=records) == found


async def test_without_holds_nothing_is_held() -> None:
    held = Held(holds=list, sizes=Sizes(), clock=SimulatedClock())

    assert await held.weigh("vol_1", records=True) == 0
