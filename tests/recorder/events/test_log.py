from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tawny.recorder.events.log import KEPT_US, MOST_WAITING, PRUNE_EVERY_S, RETRY_S, EventLog
from tawny.recorder.events.model import By, Direction, Event, Kind, Wanted
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Kind as ProblemKind
from tawny.runtime.problem import Problem
from tawny.runtime.tasks import Tasks
from tests.fakes.events import FakeEvents
from tests.recorder.events.building import NOON_US, SECOND_US, event


class Rig:
    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.store = FakeEvents()
        self.told: list[Event] = []
        self.oldest_us: int | None = None
        self.trusted = True
        self.log = EventLog(
            self.store,
            clock=self.clock,
            new_id=lambda kind: f"{kind}_{len(self.told)}",
            on_event=self.told.append,
            oldest_us=lambda: self.oldest_us,
            trusted=lambda: self.trusted,
        )


@asynccontextmanager
async def running(rig: Rig, work: Callable[[], object] | None = None) -> AsyncIterator[Rig]:
    async with Tasks("test") as tasks:
        tasks.start(rig.log.run(), name="log")
        yield rig


async def test_what_begins_and_ends_is_told_twice_and_kept_as_one() -> None:
    rig = Rig()

    begun = rig.log.begin("cam_a", Kind.MOTION, "Motion")
    await rig.clock.advance(7)
    rig.log.end(begun.id)
    page = await rig.log.page(Wanted())

    assert [(each.id, each.until_us) for each in rig.told] == [("evt_0", None), ("evt_0", NOON_US + 7 * SECOND_US)]
    assert page.events == (rig.told[1],)


async def test_what_has_ended_does_not_end_again() -> None:
    rig = Rig()
    begun = rig.log.begin("cam_a", Kind.MOTION, "Motion")
    rig.log.end(begun.id)

    rig.log.end(begun.id)
    rig.log.end("evt_of_nobody")

    assert len(rig.told) == 2


async def test_nothing_begins_in_the_future_or_ends_before_it_began() -> None:
    rig = Rig()

    early = rig.log.begin("cam_a", Kind.MOTION, "Motion", at_us=NOON_US + SECOND_US)
    rig.log.end(early.id, at_us=NOON_US - SECOND_US)

    assert (rig.told[1].at_us, rig.told[1].until_us) == (NOON_US, NOON_US)


async def test_the_recorder_notes_what_it_sees_itself() -> None:
    rig = Rig()

    rig.log.note("cam_a", "The camera has another firmware.", data={"firmware": "2.0"})

    (told,) = rig.told
    assert (told.kind, told.by, told.until_us, told.data) == (Kind.STATE, By.RECORDER, NOON_US, {"firmware": "2.0"})


async def test_whoever_lists_sees_what_was_told_just_before() -> None:
    rig = Rig()
    rig.log.add(event(1))

    assert await rig.log.near("cam_a", NOON_US - 1, Direction.NEXT) == NOON_US
    assert rig.store.events == [event(1)]


async def test_a_disk_that_refuses_loses_nothing_that_it_takes_later(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig()
    rig.store.broken = True
    rig.log.add(event(1))
    rig.log.add(event(2))

    assert not await rig.log.flush()
    rig.store.broken = False
    rig.log.add(event(3))
    assert await rig.log.flush()

    assert [each.id for each in rig.store.events] == ["evt_1", "evt_2", "evt_3"]
    assert "they wait" in caplog.text


async def test_a_log_that_can_not_be_read_is_a_problem_in_words() -> None:
    rig = Rig()
    rig.store.broken = True

    with pytest.raises(Problem) as told:
        await rig.log.page(Wanted())

    assert told.value.kind is ProblemKind.UNAVAILABLE
    assert told.value.remedy


async def test_what_waits_for_a_broken_disk_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig()
    rig.store.broken = True
    for number in range(MOST_WAITING + 10):
        rig.log.add(event(number))

    rig.store.broken = False
    await rig.log.flush()

    assert len(rig.store.events) == MOST_WAITING
    assert caplog.text.count("the disk takes no events") == 1


async def test_a_running_log_ends_what_an_earlier_run_left_open_and_writes_by_itself() -> None:
    rig = Rig()
    rig.store.apply([event(1, until_s=None)])
    written = rig.log._news

    async with running(rig):
        rig.log.add(event(2, at_s=0))
        while written.is_set() or len(rig.store.events) < 2:
            await rig.clock.advance(RETRY_S)

    assert [each.until_us for each in rig.store.events] == [NOON_US, NOON_US]


@pytest.mark.parametrize(
    ("oldest_s", "trusted", "left"),
    [
        (None, True, ["evt_2"]),
        (-50 * 86_400, True, ["evt_1", "evt_2"]),
        (0, True, ["evt_2"]),
        (0, False, ["evt_1", "evt_2"]),
    ],
)
async def test_events_are_kept_as_long_as_the_footage_and_thirty_days(
    oldest_s: int | None, trusted: bool, left: list[str]
) -> None:
    rig = Rig()
    rig.oldest_us = None if oldest_s is None else NOON_US + oldest_s * SECOND_US
    rig.trusted = trusted
    age_s = KEPT_US // SECOND_US
    rig.store.apply([event(1, at_s=-age_s - 60, until_s=-age_s - 50), event(2, at_s=-age_s + 60, until_s=-age_s + 61)])

    await rig.log.prune()

    assert [each.id for each in rig.store.events] == left


async def test_old_events_go_while_the_recorder_runs() -> None:
    rig = Rig()
    rig.store.apply([event(1, at_s=-40 * 86_400, until_s=-40 * 86_400)])

    async with Tasks("test") as tasks:
        tasks.start(rig.log.keep_short(), name="short")
        while rig.store.events:
            await rig.clock.advance(PRUNE_EVERY_S)

    assert rig.store.events == []


async def test_a_log_that_closes_writes_what_waits() -> None:
    rig = Rig()
    rig.log.add(event(1))

    await rig.log.close()

    assert rig.store.events == [event(1)]
    assert rig.store.closed
