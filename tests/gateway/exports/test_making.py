import shutil
from pathlib import Path

import pytest

from tawny.gateway.exports.drives import Drives
from tawny.gateway.exports.estimate import Estimator
from tawny.gateway.exports.making import SPARE_BYTES, Making
from tawny.gateway.exports.store import JobStore
from tawny.runtime.problem import Kind, Problem
from tests.gateway.exports.building import Rig, exporting, item, moment, order
from tests.gateway.media import T0


class SmallDisk(JobStore):
    """A store on a disk with *room* bytes left."""

    room = SPARE_BYTES

    def free(self) -> int:
        return self.room


def making(rig: Rig, store: JobStore | None = None) -> Making:
    return Making(
        store=store or JobStore(rig.archive.data.exports),
        control=rig.control,
        estimator=Estimator(rig.shelf, clock=rig.clock),
        drives=Drives(rig.control),
        clock=rig.clock,
    )


async def test_a_job_carries_the_names_that_the_report_will_show(short_path: Path) -> None:
    async with exporting(short_path) as rig:
        rig.control.storage = {"clock": {"trusted": True, "title": "The clock is right."}}

        job = await making(rig).job(order(by="Mara"))

        assert (job.name, job.by) == ("Gate 2026-11-22 11:59:00 UTC", "Mara")
        assert (job.cameras, job.recorder["name"], job.clock) == ({"cam_a": "Gate"}, "Recorder", "The clock is right.")
        assert job.expires_us - job.made_us == 7 * 86_400_000_000


async def test_the_hold_is_taken_over_all_ranges_before_the_job_is(short_path: Path) -> None:
    async with exporting(short_path) as rig:
        wanted = order(item(-50, -40), item(-20, -10), hold={"why": "police", "until": moment(999)}, by="Mara")

        job = await making(rig).job(wanted)

        assert job.hold == "hol_1"
        assert rig.recorder.asked[-1] == (
            "holds.add",
            {
                "cameras": ["cam_a"],
                "from": moment(-50),
                "to": moment(-10),
                "why": "police",
                "who": "Mara",
                "until": moment(999),
            },
        )


async def test_a_hold_that_is_refused_makes_no_export(short_path: Path) -> None:
    async with exporting(short_path) as rig:
        refusal = Problem(Kind.EXHAUSTED, "Half of the drive is held.", remedy="Export it.").document()
        rig.recorder.answers["holds.add"] = {"problem": refusal}

        with pytest.raises(Problem) as problem:
            await rig.exports.make(order(hold={"why": "police"}))

        assert problem.value.title == "Half of the drive is held."
        assert rig.exports.all() == []


async def test_without_room_for_files_and_zip_nothing_is_begun(short_path: Path) -> None:
    async with exporting(short_path) as rig:
        store = SmallDisk(short_path / "exports")
        size = (await making(rig).estimate(order())).size
        store.room = SPARE_BYTES + 2 * size - 1

        with pytest.raises(Problem) as problem:
            await making(rig, store).job(order())
        await making(rig, store).check_room(size, written=1)

        assert problem.value.kind is Kind.EXHAUSTED
        assert "GB are free" in problem.value.title


async def test_the_room_is_that_of_the_disk(short_path: Path) -> None:
    store = JobStore(short_path / "exports")

    assert abs(store.free() - shutil.disk_usage(short_path).free) < 1 << 30


async def test_a_range_without_footage_is_refused_unless_some_may_still_come(short_path: Path) -> None:
    async with exporting(short_path) as rig:
        with pytest.raises(Problem) as problem:
            await making(rig).job(order(item(-600, -500)))
        job = await making(rig).job(order(item(2, 50), now_us=T0 + 2))

        assert (problem.value.kind, problem.value.title) == (Kind.NOT_FOUND, "There is no footage in this range.")
        assert job.size == 0


async def test_a_camera_that_nobody_knows_is_refused_and_one_that_was_removed_is_not(short_path: Path) -> None:
    async with exporting(short_path) as rig:
        rig.control.cameras.clear()

        removed = await making(rig).job(order())
        with pytest.raises(Problem) as problem:
            await making(rig).job(order(item(camera="cam_b")))

        assert removed.cameras == {"cam_a": "cam_a"}
        assert (problem.value.kind, problem.value.title) == (Kind.NOT_FOUND, "There is no such camera.")
