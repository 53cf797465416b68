"""What every log of events promises, on the fake and on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tawny.recorder.adapters.sqlite_events import SqliteEvents
from tawny.recorder.events.model import By, Cursor, Direction, Ended, Event, EventStore, Kind, Wanted
from tests.fakes.events import FakeEvents
from tests.recorder.events.building import NOON_US, SECOND_US, event


@pytest.fixture(params=["fake", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventStore]:
    made: EventStore = FakeEvents() if request.param == "fake" else SqliteEvents(tmp_path / "events.db")
    yield made
    made.close()


def ids(store: EventStore, wanted: Wanted) -> list[str]:
    return [each.id for each in store.page(wanted).events]


def test_there_is_nothing_at_first(store: EventStore) -> None:
    page = store.page(Wanted())

    assert (page.events, page.then) == ((), None)
    assert store.near("cam_a", NOON_US, Direction.NEXT) is None
    assert store.settle() == 0


def test_an_event_is_kept_whole(store: EventStore) -> None:
    told = Event(
        id="evt_x",
        camera="cam_a",
        kind=Kind.PERSON,
        title="Person",
        at_us=NOON_US,
        until_us=None,
        camera_us=NOON_US + 7,
        received_us=NOON_US + SECOND_US,
        topic="tns1:RuleEngine/ObjectDetection/Object",
        source={"Rule": "Tor “Süd”"},
        data={"ClassTypes": "Human"},
        classes=("Human",),
        by=By.RECORDER,
    )

    store.apply([told])

    assert store.page(Wanted()).events == (told,)


def test_the_end_is_filled_in_and_never_lies_before_the_beginning(store: EventStore) -> None:
    store.apply([event(1, at_s=10, until_s=None), event(2, at_s=20, until_s=None)])

    store.apply([Ended(id="evt_1", until_us=NOON_US + 15 * SECOND_US), Ended(id="evt_2", until_us=NOON_US)])
    store.apply([Ended(id="evt_of_nobody", until_us=NOON_US)])

    assert [each.until_us for each in store.page(Wanted()).events] == [
        NOON_US + 20 * SECOND_US,
        NOON_US + 15 * SECOND_US,
    ]


def test_the_same_event_is_kept_once(store: EventStore) -> None:
    store.apply([event(1)])
    store.apply([event(1, title="Again")])

    assert [each.title for each in store.page(Wanted()).events] == ["Motion"]


def test_pages_follow_each_other_without_a_hole_or_a_repetition(store: EventStore) -> None:
    store.apply([event(n, at_s=n // 3) for n in range(10)])  # three at each moment
    seen: list[str] = []
    before: Cursor | None = None

    while True:
        page = store.page(Wanted(limit=2, before=before))
        seen += [each.id for each in page.events]
        if (before := page.then) is None:
            break

    assert seen == [f"evt_{n}" for n in reversed(range(10))]


def test_a_last_page_that_is_just_full_has_no_next(store: EventStore) -> None:
    store.apply([event(n, at_s=n) for n in range(4)])

    assert store.page(Wanted(limit=4)).then is None
    assert store.page(Wanted(limit=3)).then is not None


def test_cameras_kinds_and_times_narrow_the_list(store: EventStore) -> None:
    store.apply(
        [
            event(1, at_s=1),
            event(2, at_s=2, camera="cam_b"),
            event(3, at_s=3, kind=Kind.PERSON),
            event(4, at_s=4, camera="cam_b", kind=Kind.LINE),
            event(5, at_s=5, camera="cam_c", kind=Kind.PERSON),
        ]
    )

    assert ids(store, Wanted(cameras=["cam_a", "cam_b"])) == ["evt_4", "evt_3", "evt_2", "evt_1"]
    assert ids(store, Wanted(kinds=[Kind.PERSON, Kind.LINE])) == ["evt_5", "evt_4", "evt_3"]
    assert ids(store, Wanted(cameras=["cam_b", "cam_c"], kinds=[Kind.PERSON])) == ["evt_5"]
    assert ids(store, Wanted(from_us=NOON_US + 2 * SECOND_US, to_us=NOON_US + 4 * SECOND_US)) == ["evt_3", "evt_2"]
    assert ids(store, Wanted(cameras=["cam_of_nobody"])) == []


def test_the_next_and_the_previous_event_of_a_camera_are_found(store: EventStore) -> None:
    kinds = [Kind.MOTION, Kind.LINE, Kind.PERSON]
    store.apply([event(n, at_s=n * 10, kind=kind) for n, kind in enumerate(kinds)])
    store.apply([event(9, at_s=11, camera="cam_b")])

    assert store.near("cam_a", NOON_US, Direction.NEXT) == NOON_US + 10 * SECOND_US
    assert store.near("cam_a", NOON_US + 10 * SECOND_US, Direction.PREVIOUS) == NOON_US
    assert store.near("cam_a", NOON_US, Direction.PREVIOUS) is None
    assert store.near("cam_a", NOON_US + 20 * SECOND_US, Direction.NEXT) is None


def test_what_lasted_when_the_run_ended_ends_at_the_last_moment_that_is_known(store: EventStore) -> None:
    store.apply([event(1, at_s=0, until_s=None), event(2, at_s=30, until_s=31)])

    assert store.settle() == 1

    first = store.page(Wanted()).events[-1]
    assert (first.id, first.until_us) == ("evt_1", NOON_US + 31 * SECOND_US)


def test_old_events_go_and_those_that_last_stay(store: EventStore) -> None:
    store.apply([event(1, at_s=0, until_s=5), event(2, at_s=1, until_s=20), event(3, at_s=2, until_s=None)])

    assert store.prune(before_us=NOON_US + 10 * SECOND_US, most=100) == 1

    assert ids(store, Wanted()) == ["evt_3", "evt_2"]


def test_too_many_events_go_from_whoever_has_the_most(store: EventStore) -> None:
    store.apply([event(n, at_s=n, camera="cam_loud") for n in range(8)])
    store.apply([event(100 + n, at_s=n, camera="cam_quiet") for n in range(3)])

    assert store.prune(before_us=0, most=6) == 5

    assert ids(store, Wanted(cameras=["cam_quiet"])) == ["evt_102", "evt_101", "evt_100"]
    assert ids(store, Wanted(cameras=["cam_loud"])) == ["evt_7", "evt_6", "evt_5"]


def test_cameras_that_tell_much_give_up_events_down_to_the_same_number(store: EventStore) -> None:
    for number, count in enumerate((9, 7, 2)):
        store.apply([event(100 * number + n, at_s=n, camera=f"cam_{number}") for n in range(count)])

    store.prune(before_us=0, most=12)

    assert [len(ids(store, Wanted(cameras=[f"cam_{number}"]))) for number in range(3)] == [5, 5, 2]
