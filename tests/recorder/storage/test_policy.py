"""What is kept, as the recorder's other parts meet it: methods, the document, conditions, and what deletion goes by."""

import inspect
import json
from pathlib import Path
from typing import Any

import pytest

from tawny.recorder.archive.ledger import Entry
from tawny.recorder.archive.model import Role, VolumeState, VolumeStatus
from tawny.recorder.archive.retention import Kept, Retention
from tawny.recorder.cameras.requests import Request
from tawny.recorder.storage.policy import StoragePolicy, methods
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.ids import new_id
from tawny.runtime.problem import Kind, Problem
from tests.fakes.settings import FakeSettings
from tests.recorder.storage.footage import DAY_US, FIRST, GATE, NOON_US, SECOND, YARD, FakeSizes, Piece, days_of, volume

GB = 1_000_000_000


class Rig:
    """A recorder with 40 days of two cameras on one drive of 200 GB."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.clock = SimulatedClock()
        self.settings = FakeSettings()
        self.sizes = FakeSizes(*days_of(GATE, 40), *days_of(YARD, 40))
        self.volumes: list[VolumeStatus] = []
        self.ledgers: dict[str, list[Entry]] = {}
        self.synchronised = False
        self.add_volume(FIRST, total_bytes=200 * GB, free_bytes=110 * GB, archive_bytes=80 * GB)
        self.start()

    def start(self) -> None:
        self.told = 0
        self.retention = Retention()
        self.policy = StoragePolicy(
            retention=self.retention,
            settings=self.settings,
            limit_bytes=None,
            cameras=list,
            volumes=lambda: self.volumes,
            sizes=self.sizes,
            note=self.ledgers[FIRST].append,
            synchronised=lambda: self.synchronised,
            clock=self.clock,
            new_id=new_id,
            changed=self._changed,
            entries=self._entries,
        )
        self.methods = methods(self.policy, storage=self.policy.document)

    def add_volume(self, name: str, **figures: Any) -> None:
        path = self.root / name
        path.mkdir()
        (path / "volume.json").write_text(json.dumps({"id": name}))
        self.volumes.append(volume(name, path=path, **figures))
        self.ledgers[name] = []

    def _changed(self) -> None:
        self.told += 1

    def _entries(self, path: Path) -> list[Entry]:
        if (path / "damaged").exists():
            raise OSError("input/output error")
        return self.ledgers[path.name]

    async def call(self, method: str, **params: Any) -> Any:
        answer = self.methods[method](Request(params))
        return await answer if inspect.isawaitable(answer) else answer

    async def hold(self, **params: Any) -> Any:
        hour = {"from": "2026-11-22T11:00:00Z", "to": "2026-11-22T12:00:00Z"}
        return await self.call("holds.add", **{"cameras": [GATE], "why": "A theft.", "who": "eva", **hour, **params})

    def kinds(self) -> list[tuple[str, str]]:
        return [(condition.kind, str(condition.severity)) for condition in self.policy.conditions()]


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


async def test_nothing_is_deleted_before_the_holds_were_read(rig: Rig) -> None:
    before = rig.retention.policy

    await rig.policy.run_once()

    after = rig.retention.policy
    assert (before.known, before.by_age) == (frozenset(), False)
    assert (after.known, after.by_age) == (frozenset({FIRST}), True)


async def test_holds_come_back_from_the_ledger_of_a_drive_that_comes(rig: Rig) -> None:
    await rig.hold()
    rig.settings = FakeSettings()  # the recorder's own settings are lost
    rig.start()
    before = dict(rig.retention.policy.held)

    await rig.policy.run_once()

    assert before == {}
    assert rig.retention.policy.held == {GATE: (Kept(NOON_US - 3_600_000_000, NOON_US),)}


async def test_a_drive_is_read_again_after_it_was_away(rig: Rig) -> None:
    await rig.policy.run_once()
    there = rig.volumes[0]
    rig.volumes[0] = volume(FIRST, path=there.path, state=VolumeState.NOT_INSTALLED)
    await rig.policy.run_once()
    away = rig.retention.policy.known
    rig.volumes[0] = there
    await rig.policy.run_once()

    assert away == frozenset()
    assert rig.retention.policy.known == frozenset({FIRST})


async def test_from_a_drive_whose_ledger_cannot_be_read_nothing_goes_and_that_is_said(rig: Rig) -> None:
    rig.add_volume(SECOND)
    (rig.root / SECOND / "damaged").touch()

    await rig.policy.run_once()

    assert rig.retention.policy.known == frozenset({FIRST})
    assert rig.kinds() == [("holds_unread", "warning")]
    (rig.root / SECOND / "damaged").unlink()
    await rig.policy.run_once()
    assert rig.retention.policy.known == frozenset({FIRST, SECOND})
    assert rig.kinds() == []


async def test_a_directory_with_another_identity_is_not_read_for_a_drive(rig: Rig) -> None:
    (rig.root / FIRST / "volume.json").write_text('{"id": "vol_foreign"}')

    await rig.policy.run_once()

    assert rig.retention.policy.known == frozenset()


async def test_while_the_clock_is_not_trusted_nothing_goes_by_age_and_no_hold_ends(rig: Rig) -> None:
    await rig.hold(until="2026-11-22T13:00:00Z")
    await rig.policy.run_once()
    rig.clock.step(40 * 86_400)

    await rig.policy.run_once()

    assert (rig.retention.policy.by_age, len(rig.policy.holds.active())) == (False, 1)
    assert rig.kinds() == [("clock", "warning")]
    document = rig.policy.document()["clock"]
    assert document["trusted"] is False
    assert document["title"]
    rig.synchronised = True
    await rig.policy.run_once()
    assert (rig.retention.policy.by_age, len(rig.policy.holds.active())) == (True, 0)


async def test_a_hold_is_answered_with_its_size_and_listed(rig: Rig) -> None:
    made = await rig.hold(**{"from": "2026-11-12T12:00:00Z"})

    assert made["bytes"] == 10 * GB
    assert rig.policy.held_bytes(FIRST) == 10 * GB
    assert (await rig.call("holds.list"))["items"] == [made]
    assert made["released"] is None


async def test_a_hold_of_more_than_half_a_drive_is_refused_unless_forced(rig: Rig) -> None:
    rig.sizes.pieces = days_of(GATE, 40, day_bytes=3 * GB)
    everything = {"from": "2026-10-01T00:00:00Z"}

    with pytest.raises(Problem) as caught:
        await rig.hold(**everything)
    refused = dict(rig.retention.policy.held)
    forced = await rig.hold(**everything, force=True)
    await rig.policy.run_once()

    assert caught.value.kind is Kind.EXHAUSTED
    assert "Export" in caught.value.remedy
    assert refused == {}
    assert forced["bytes"] == 120 * GB
    assert rig.policy.held_bytes(FIRST) == 120 * GB
    assert rig.kinds() == [("holds_quota", "warning")]


@pytest.mark.parametrize(
    "away",
    [{"state": VolumeState.NOT_INSTALLED, "total_bytes": 0}, {"role": Role.READ_ONLY, "total_bytes": 1}],
    ids=str,
)
async def test_footage_on_a_drive_that_is_not_recorded_to_is_held_whatever_its_size(
    away: dict[str, Any], rig: Rig
) -> None:
    rig.volumes[0] = volume(FIRST, path=rig.root / FIRST, **away)

    made = await rig.hold()

    assert made["bytes"] == GB


async def test_a_hold_is_made_also_where_its_size_cannot_be_known(rig: Rig) -> None:
    rig.sizes.refusal = OSError("no index")

    made = await rig.hold()

    assert made["bytes"] == 0
    assert GATE in rig.retention.policy.held


async def test_a_hold_on_a_full_drive_does_not_hinder_one_on_another(rig: Rig) -> None:
    rig.sizes.pieces = days_of(GATE, 40, day_bytes=3 * GB)
    await rig.hold(**{"from": "2026-10-01T00:00:00Z"}, force=True)
    rig.add_volume(SECOND, total_bytes=100 * GB)
    rig.sizes.pieces += [Piece(camera=YARD, volume=SECOND, from_us=NOON_US - DAY_US, to_us=NOON_US, size_bytes=GB)]

    made = await rig.hold(cameras=[YARD])

    assert made["bytes"] == GB


async def test_a_released_hold_stays_in_the_list(rig: Rig) -> None:
    made = await rig.hold()

    released = await rig.call("holds.release", hold=made["id"], who="jan")

    assert released["released"] == {"at": "2026-11-22T12:00:00Z", "who": "jan", "why": ""}
    assert [item["id"] for item in (await rig.call("holds.list"))["items"]] == [made["id"]]
    assert rig.retention.policy.held == {}


async def test_held_footage_that_grows_is_alarmed_of_seven_days_before_it_fills_the_drive(rig: Rig) -> None:
    await rig.hold(**{"from": "2026-11-22T12:00:00Z", "to": "2027-11-22T12:00:00Z"})
    await rig.policy.run_once()
    alarm_at = rig.policy.document()["holds"]["alarm_at"]
    early = rig.kinds()
    rig.volumes[0] = volume(FIRST, path=rig.root / FIRST, free_bytes=5 * GB, archive_bytes=GB)

    await rig.policy.run_once()

    assert alarm_at[:10] == "2027-05-22"  # 188 GB at 1 GB a day, less seven days
    assert early == []
    assert rig.kinds() == [("holds_filling", "alarm")]


async def test_a_lower_depth_is_told_with_what_it_costs_and_can_be_taken_back(rig: Rig) -> None:
    document = await rig.call("storage.set", depth_days=30, size_limit_bytes=None)
    kinds = rig.kinds()
    kept = await rig.call("storage.keep_depth")

    assert document["depth"]["days"] is None
    assert document["depth"]["current_days"] == 40
    assert document["depth"]["pending"]["days"] == 30
    assert document["depth"]["pending"]["bytes"] == 22 * GB
    assert kinds == [("depth_lowered", "warning")]
    assert kept["depth"]["pending"] is None


@pytest.mark.parametrize("wrong", [{"depth_days": 0}, {"depth_days": 361}, {"size_limit_bytes": 0}, {"depth": 3}])
async def test_a_setting_out_of_its_bounds_is_refused(wrong: dict[str, Any], rig: Rig) -> None:
    with pytest.raises(Problem) as caught:
        await rig.call("storage.set", **wrong)

    assert caught.value.kind is Kind.INVALID


async def test_nothing_is_changed_while_its_cost_cannot_be_known(rig: Rig) -> None:
    rig.sizes.refusal = OSError("no index")

    with pytest.raises(Problem) as caught:
        await rig.call("storage.set", depth_days=1)

    assert caught.value.kind is Kind.UNAVAILABLE
    assert rig.policy.depths.waiting() == {}


async def test_the_forecast_goes_by_what_the_last_day_brought(rig: Rig) -> None:
    before = rig.policy.document()["forecast"]
    await rig.policy.run_once()

    found = rig.policy.document()["forecast"]

    assert before == {"state": "learning", "full_at": None, "bytes_per_day": None}
    # 110 GB free without the floor of 2 GB at 2 GB a day: 54 days
    assert (found["state"], found["bytes_per_day"]) == ("filling", 2 * GB)
    assert found["full_at"].startswith("2027-01-")


async def test_footage_that_is_leased_is_kept(rig: Rig) -> None:
    hour = {"from": "2026-11-22T11:00:00Z", "to": "2026-11-22T12:00:00Z"}
    answer = await rig.call("leases.take", cameras=[GATE], for_s=60, **hour)
    kept = dict(rig.retention.policy.leased)

    await rig.call("leases.drop", lease=answer["lease"])

    assert list(kept) == [GATE]
    assert rig.retention.policy.leased == {}


async def test_those_who_watch_hear_of_a_new_condition_once(rig: Rig) -> None:
    await rig.policy.run_once()
    told = rig.told
    rig.clock.step(40 * 86_400)

    await rig.policy.run_once()
    await rig.policy.run_once()

    assert rig.told == told + 1


async def test_it_goes_on_when_the_index_or_a_disk_refuses(rig: Rig) -> None:
    rig.sizes.refusal = OSError("no index")
    await rig.policy.run_once()
    rig.sizes.refusal = None

    await rig.policy.run_once()

    assert rig.policy.document()["forecast"]["state"] == "filling"
