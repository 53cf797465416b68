from pathlib import Path

from tawny.gateway.exports.estimate import Estimator
from tawny.gateway.exports.preparation import RENEW_S, SETTLE_S, Preparation
from tawny.runtime.tasks import Tasks
from tests.gateway.exports.building import Rig, exporting, item, order


def preparation(rig: Rig) -> Preparation:
    return Preparation(control=rig.control, estimator=Estimator(rig.shelf, clock=rig.clock), clock=rig.clock)


async def test_a_range_is_ready_once_its_last_moment_is_on_file(short_path: Path) -> None:
    async with exporting(short_path) as rig:
        prepared = preparation(rig)
        now_s = rig.clock.monotonic()

        assert prepared.wait_s(order(item(-60, -50)).items) == 0
        assert prepared.wait_s(order(item(-60, 20)).items) == 22 - now_s


async def test_what_is_open_is_sealed_and_waited_for(short_path: Path) -> None:
    async with exporting(short_path) as rig, Tasks("test") as tasks:
        path = rig.archive.segment(0, 30, still_open=True)
        said: list[str] = []
        items = order(item(-30, 10)).items

        settling = tasks.start(preparation(rig).settle(items, said.append), name="settle")
        await rig.until(lambda: ("archive.seal", {"camera": "cam_a"}) in rig.recorder.asked)
        waiting = settling.done()
        rig.archive.closed(path, 0, 30)
        await rig.until(settling.done)

        assert (waiting, settling.exception(), len(said)) == (False, None, 1)


async def test_what_does_not_close_is_given_up_after_a_while(short_path: Path) -> None:
    async with exporting(short_path) as rig, Tasks("test") as tasks:
        rig.archive.segment(0, 30, still_open=True)
        began_s = rig.clock.monotonic()

        settling = tasks.start(preparation(rig).settle(order(item(-30, 10)).items, lambda _: None), name="settle")
        await rig.until(settling.done, step_s=2)

        assert SETTLE_S <= rig.clock.monotonic() - began_s < SETTLE_S + 5


async def test_what_is_closed_is_not_sealed(short_path: Path) -> None:
    async with exporting(short_path) as rig:
        await preparation(rig).settle(order(item(-30, -10)).items, lambda _: None)

        assert "archive.seal" not in [method for method, _ in rig.recorder.asked]


async def test_a_lease_is_renewed_before_it_ends_and_taken_again_where_it_was_refused(short_path: Path) -> None:
    async with exporting(short_path) as rig:
        refusal = {"type": "urn:tawny:problem:unavailable", "title": "Not now."}
        rig.recorder.answers["leases.take"] = {"problem": refusal}

        async with preparation(rig).leased(order().items):
            rig.recorder.answers["leases.take"] = {"lease": "lea_1"}
            await rig.until(lambda: _asked(rig, "leases.take") == 2, step_s=5)
            await rig.clock.advance(RENEW_S)
            await rig.until(lambda: _asked(rig, "leases.drop") == 1)

        assert rig.clock.monotonic() < 3600
        assert [method for method, _ in rig.recorder.asked[-4:]] == [
            "leases.take",
            "leases.take",
            "leases.drop",
            "leases.drop",
        ]


def _asked(rig: Rig, method: str) -> int:
    return [asked for asked, _ in rig.recorder.asked].count(method)
