"""Depths and the size limit, and how long a lowering waits."""

import pytest

from tawny.recorder.archive.retention import Kept, Retention
from tawny.recorder.cameras.model import Camera
from tawny.recorder.storage.depth import RECORDER, WAIT_US, Depths
from tawny.runtime.clock import SimulatedClock
from tests.fakes.settings import FakeSettings
from tests.recorder.storage.footage import DAY_US, GATE, NOON_US, YARD, FakeSizes, days_of, volume

GB = 1_000_000_000


class Rig:
    """An archive of 40 days of two cameras, each with 1 GB a day."""

    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.settings = FakeSettings()
        self.sizes = FakeSizes(*days_of(GATE, 40), *days_of(YARD, 40))
        self.cameras: dict[str, int | None] = {GATE: None, YARD: None}
        self.start()

    def start(self, limit_bytes: int | None = None) -> None:
        self.retention = Retention()
        self.depths = Depths(
            retention=self.retention,
            settings=self.settings,
            limit_bytes=limit_bytes,
            cameras=lambda: [_camera(name, days) for name, days in self.cameras.items()],
            volumes=lambda: [volume(archive_bytes=80 * GB)],
            sizes=self.sizes,
            clock=self.clock,
        )

    @property
    def days(self) -> int | None:
        depth_us = self.retention.policy.depth_us
        return None if depth_us is None else depth_us // DAY_US

    def days_of(self, camera: str) -> int | None:
        depth_us = self.retention.policy.depths_us.get(camera)
        return None if depth_us is None else depth_us // DAY_US

    async def later(self, seconds: float) -> None:
        await self.clock.advance(seconds)
        await self.depths.look()


def _camera(name: str, days: int | None) -> Camera:
    return Camera(id=name, name=name, url="", sub_url="", user="", password="", added_us=1, depth_days=days)


@pytest.fixture
def rig() -> Rig:
    return Rig()


async def test_a_depth_that_costs_nothing_is_in_force_at_once(rig: Rig) -> None:
    await rig.depths.set({"days": 60})

    assert rig.days == 60
    assert rig.depths.waiting() == {}


async def test_a_lower_depth_waits_a_day_and_says_what_will_go(rig: Rig) -> None:
    await rig.depths.set({"days": 60})
    await rig.depths.set({"days": 30})
    told = rig.depths.document()
    before = rig.days
    await rig.later(WAIT_US / 1e6 - 1)
    almost = rig.days
    await rig.later(1)

    assert told == {
        "days": 30,
        "size_limit_bytes": None,
        "at": "2026-11-23T12:00:00Z",
        "bytes": 2 * 11 * GB,
        "from": "2026-09-24T12:00:00Z",
        "to": "2026-10-24T12:00:00Z",
    }
    assert (before, almost, rig.days) == (60, 60, 30)
    assert rig.depths.waiting() == {}


async def test_a_wait_goes_on_over_a_restart(rig: Rig) -> None:
    await rig.depths.set({"days": 30})
    await rig.clock.advance(WAIT_US / 2e6)
    rig.start()
    before = rig.days

    await rig.later(WAIT_US / 2e6)

    assert (before, rig.days) == (None, 30)
    rig.start()
    assert rig.days == 30


async def test_what_waits_can_be_taken_back(rig: Rig) -> None:
    await rig.depths.set({"days": 7, "size_limit_bytes": GB})

    rig.depths.keep()
    await rig.later(2 * WAIT_US / 1e6)

    assert rig.days is None
    assert rig.retention.policy.size_limit_bytes is None


async def test_a_greater_depth_is_in_force_at_once_and_ends_what_waits(rig: Rig) -> None:
    await rig.depths.set({"days": 50})
    await rig.depths.set({"days": 7})

    await rig.depths.set({"days": 90})

    assert rig.days == 90
    assert rig.depths.waiting() == {}


async def test_asking_again_waits_again(rig: Rig) -> None:
    await rig.depths.set({"days": 7})
    await rig.clock.advance(3600)

    await rig.depths.set({"days": 5})

    assert rig.depths.waiting()[RECORDER].at_us == NOON_US + 3600 * 1_000_000 + WAIT_US
    assert rig.depths.waiting()[RECORDER].days == 5


async def test_a_lower_size_limit_waits_too_and_forgets_nothing_of_what_waits(rig: Rig) -> None:
    await rig.depths.set({"days": 7})

    await rig.depths.set({"size_limit_bytes": 10 * GB})

    waiting = rig.depths.waiting()[RECORDER]
    assert (waiting.days, waiting.size_limit_bytes, waiting.bytes) == (7, 10 * GB, 70 * GB)
    assert rig.retention.policy.size_limit_bytes is None


async def test_of_what_waits_only_what_changes_is_told(rig: Rig) -> None:
    await rig.depths.set({"days": 60})

    await rig.depths.set({"size_limit_bytes": 10 * GB})

    told = rig.depths.document()
    assert told is not None
    assert (told["days"], told["size_limit_bytes"], told["to"]) == (None, 10 * GB, None)


async def test_a_size_limit_above_what_there_is_counts_at_once(rig: Rig) -> None:
    await rig.depths.set({"size_limit_bytes": 80 * GB})

    assert rig.retention.policy.size_limit_bytes == 80 * GB


async def test_held_footage_is_not_among_what_will_go(rig: Rig) -> None:
    rig.retention.change(held={GATE: (Kept(0, NOON_US),)})

    await rig.depths.set({"days": 30})

    assert rig.depths.waiting()[RECORDER].bytes == 11 * GB


async def test_nothing_changes_while_the_cost_cannot_be_known(rig: Rig) -> None:
    rig.sizes.refusal = OSError("no index")

    with pytest.raises(OSError, match="no index"):
        await rig.depths.set({"days": 30})

    assert rig.days is None
    assert rig.depths.waiting() == {}


async def test_the_wait_begins_again_when_the_clock_was_wrong(rig: Rig) -> None:
    await rig.depths.set({"days": 30})
    rig.clock.step(365 * 86_400)

    rig.depths.begin_again()
    await rig.later(3600)

    assert rig.days is None
    await rig.later(WAIT_US / 1e6)
    assert rig.days == 30


async def test_a_camera_with_a_greater_depth_of_its_own_gets_it_at_the_next_look(rig: Rig) -> None:
    await rig.depths.set({"days": 60})
    rig.cameras[GATE] = 90

    await rig.depths.look()

    assert (rig.days_of(GATE), rig.days_of(YARD)) == (90, None)


async def test_a_camera_with_a_smaller_depth_of_its_own_waits_too(rig: Rig) -> None:
    rig.cameras[GATE] = 10
    await rig.depths.look()
    waiting = rig.depths.waiting()[GATE]
    await rig.later(WAIT_US / 1e6 - 1)
    before = rig.days_of(GATE)
    await rig.later(1)

    assert (waiting.days, waiting.bytes) == (10, 31 * GB)
    assert (before, rig.days_of(GATE)) == (None, 10)


async def test_a_cameras_wait_ends_when_its_depth_is_set_back(rig: Rig) -> None:
    rig.cameras[GATE] = 10
    await rig.depths.look()
    rig.cameras[GATE] = None

    await rig.later(2 * WAIT_US / 1e6)

    assert rig.days_of(GATE) is None
    assert rig.depths.waiting() == {}


async def test_a_camera_that_loses_its_greater_depth_waits_before_the_recorders_counts(rig: Rig) -> None:
    await rig.depths.set({"days": 50})
    rig.cameras[GATE] = 100
    await rig.depths.look()
    rig.sizes.pieces += days_of(GATE, 80)
    rig.cameras[GATE] = None

    await rig.depths.look()

    assert rig.days_of(GATE) == 100
    assert rig.depths.waiting()[GATE].days is None


async def test_a_removed_camera_keeps_the_depth_that_it_had(rig: Rig) -> None:
    await rig.depths.set({"days": 60})
    rig.cameras[GATE] = 90
    await rig.depths.look()
    del rig.cameras[GATE]

    await rig.later(2 * WAIT_US / 1e6)
    rig.start()

    assert rig.days_of(GATE) == 90


async def test_a_limit_on_the_command_line_counts_when_it_is_another_than_before(rig: Rig) -> None:
    rig.start(limit_bytes=50)
    first = rig.retention.policy.size_limit_bytes
    await rig.depths.set({"size_limit_bytes": 100 * GB})
    rig.start(limit_bytes=50)
    same = rig.retention.policy.size_limit_bytes
    rig.start(limit_bytes=60)

    assert (first, same, rig.retention.policy.size_limit_bytes) == (50, 100 * GB, 60)
