import asyncio
from pathlib import Path
from typing import Any

import pytest

from tawny.gateway.exports.model import KEPT_US, Job, State
from tawny.gateway.exports.store import JobStore
from tawny.runtime.problem import Kind, Problem
from tests.gateway.exports.building import Rig, exporting, item, order
from tests.gateway.link_client import running


class Unreadable(JobStore):
    """A store on a disk that fails."""

    def load(self) -> list[Job]:
        raise OSError(5, "Input/output error")


async def done(rig: Rig, **members: Any) -> str:
    """Make an export and let it end well; its id."""
    made = await rig.exports.make(order(**members))
    rig.worker.let()
    await rig.until(lambda: rig.exports.get(made.id).over)
    return made.id


async def test_an_export_waits_is_written_and_is_kept_for_a_week(short_path: Path) -> None:
    async with exporting(short_path) as rig, running(rig.exports.run()):
        made = await rig.exports.make(order(name="Theft"))
        rig.worker.let(1)
        await rig.until(lambda: rig.exports.get(made.id).progress > 0)
        running_job = rig.exports.get(made.id)
        rig.worker.let(2)
        await rig.until(lambda: rig.exports.get(made.id).over)
        job = rig.exports.get(made.id)

        assert (made.state, made.name, made.size > 0) == (State.WAITING, "Theft", True)
        assert (running_job.state, running_job.progress, running_job.step) == (State.RUNNING, 0.5, "Gate: part 1 of 1")
        assert (job.state, job.progress, len(job.files)) == (State.DONE, 1.0, 1)
        assert made.expires_us < job.expires_us <= rig.clock.utc_us() + KEPT_US
        assert set(rig.told) >= {made.id}


async def test_the_footage_is_leased_while_the_worker_reads_it_and_no_longer(short_path: Path) -> None:
    async with exporting(short_path) as rig, running(rig.exports.run()):
        made = await rig.exports.make(order())
        await rig.until(lambda: rig.worker.began)
        asked_before = [method for method, _ in rig.recorder.asked]
        rig.worker.let()
        await rig.until(lambda: rig.exports.get(made.id).over)

        taken = [params for method, params in rig.recorder.asked if method == "leases.take"]
        assert "leases.drop" not in asked_before
        assert taken == [{"cameras": ["cam_a"], "from": item()["from"], "to": item()["to"], "for_s": 3600}]
        assert rig.recorder.asked[-1] == ("leases.drop", {"lease": "lea_1"})


async def test_exports_are_done_one_at_a_time_in_the_order_of_their_making(short_path: Path) -> None:
    async with exporting(short_path) as rig, running(rig.exports.run()):
        first = await rig.exports.make(order())
        await rig.clock.advance(1)
        second = await rig.exports.make(order())
        await rig.until(lambda: rig.worker.began)
        states = rig.state(first.id), rig.state(second.id)
        rig.worker.let(6)
        await rig.until(lambda: rig.exports.get(second.id).over)

        assert states == ("running", "waiting")
        assert [path.name for path in rig.worker.began] == [first.id, second.id]


async def test_a_range_that_lies_ahead_is_waited_for_and_holds_nobody_up(short_path: Path) -> None:
    async with exporting(short_path) as rig, running(rig.exports.run()):
        ahead = await rig.exports.make(order(item(-10, 30)))
        await rig.clock.advance(1)
        past = await rig.exports.make(order())
        rig.worker.let(6)
        await rig.until(lambda: rig.exports.get(past.id).over)
        at_s = rig.clock.monotonic()
        waiting = rig.exports.get(ahead.id).step
        await rig.until(lambda: rig.exports.get(ahead.id).over, step_s=1)

        assert at_s < 30
        assert waiting == "Waiting for the end of the range"
        assert rig.clock.monotonic() >= 32


async def test_removing_an_export_under_way_ends_the_worker_and_leaves_nothing(short_path: Path) -> None:
    async with exporting(short_path) as rig, running(rig.exports.run()):
        made = await rig.exports.make(order())
        rig.worker.let(1)
        await rig.until(lambda: rig.exports.get(made.id).progress > 0)

        await rig.exports.remove(made.id)

        assert rig.worker.ended == 1
        assert list((short_path / "exports").iterdir()) == []
        assert rig.told[-1] == made.id
        with pytest.raises(Problem):
            rig.exports.get(made.id)
        assert (await done(rig)) in [job.id for job in rig.exports.all()]


async def test_what_was_under_way_when_the_gateway_ended_begins_again(short_path: Path) -> None:
    async with exporting(short_path) as rig:
        async with running(rig.exports.run()):
            made = await rig.exports.make(order(case={"number": "7", "reason": "r", "officer": "o"}))
            rig.worker.let(1)
            await rig.until(lambda: rig.exports.get(made.id).progress > 0)
        rig.exports = rig.open()
        await rig.exports.load()
        async with running(rig.exports.run()):
            rig.worker.let()
            await rig.until(lambda: rig.exports.get(made.id).over)
        rig.exports = rig.open()
        await rig.exports.load()

        assert rig.worker.began == [short_path / "exports" / made.id] * 2
        assert rig.worker.ended == 2
        job, directory = rig.exports.finished(made.id)
        assert (job.case is not None and job.case.number, (directory / "export.zip").exists()) == ("7", True)


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyError("a fault of ours")])
async def test_a_worker_that_fails_is_said_in_words_leaves_no_files_and_stops_nobody(
    short_path: Path, fault: Exception
) -> None:
    async with exporting(short_path) as rig, running(rig.exports.run()):
        rig.worker.fault = fault
        made = await rig.exports.make(order())
        rig.worker.let(2)
        await rig.until(lambda: rig.exports.get(made.id).over)
        rig.worker.fault = None
        other = await done(rig)

        job = rig.exports.get(made.id)
        assert (job.state, bool(job.title), bool(job.remedy)) == (State.FAILED, True, True)
        assert sorted(path.name for path in (short_path / "exports" / made.id).iterdir()) == ["job.json"]
        assert rig.state(other) == "done"
        with pytest.raises(Problem) as problem:
            rig.exports.finished(made.id)
        assert problem.value.kind is Kind.CONFLICT


async def test_the_workers_own_problem_is_the_exports(short_path: Path) -> None:
    async with exporting(short_path) as rig, running(rig.exports.run()):
        rig.worker.problem = Problem(Kind.UNAVAILABLE, "All footage is damaged.", remedy="Check the disk.")
        made = await rig.exports.make(order())
        rig.worker.let(2)
        await rig.until(lambda: rig.exports.get(made.id).over)

        job = rig.exports.get(made.id)
        assert (job.title, job.remedy) == ("All footage is damaged.", "Check the disk.")


async def test_what_has_expired_goes_by_itself(short_path: Path) -> None:
    async with exporting(short_path) as rig, running(rig.exports.run()):
        week, month = await done(rig), await done(rig, case={"number": "1", "reason": "", "officer": ""})

        await rig.clock.advance(7 * 86_400 + 120)
        await rig.until(lambda: rig.told[-1] == week)

        assert [job.id for job in rig.exports.all()] == [month]
        assert not (short_path / "exports" / week).exists()


async def test_exports_that_can_not_be_read_do_not_keep_the_gateway_from_starting(short_path: Path) -> None:
    async with exporting(short_path) as rig:
        rig.exports._store = Unreadable(short_path / "exports")

        await rig.exports.load()

        assert rig.exports.all() == []


async def test_progress_is_told_at_most_once_a_second(short_path: Path) -> None:
    async with exporting(short_path) as rig:
        made = await rig.exports.make(order())
        rig.told.clear()

        for _ in range(50):
            rig.exports._tell(made, at_once=False)
        first = len(rig.told)
        await rig.clock.advance(1)
        rig.exports._tell(made, at_once=False)

        assert (first <= 1, len(rig.told) - first) == (True, 1)


async def test_a_removal_goes_on_when_who_asked_goes_away(short_path: Path) -> None:
    async with exporting(short_path) as rig, running(rig.exports.run()) as tasks:
        made = await done(rig)

        asking = tasks.start(rig.exports.remove(made), name="asking")
        await asyncio.wait([asking], timeout=0)
        asking.cancel()
        await rig.until(lambda: not list((short_path / "exports").iterdir()))

        assert rig.exports.all() == []
