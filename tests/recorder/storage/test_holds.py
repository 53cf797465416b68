"""Holds: made, written down, read back, released."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.recorder.archive.ledger import Entry
from tawny.recorder.archive.retention import Kept, Policy, Retention
from tawny.recorder.cameras.requests import Request
from tawny.recorder.storage import holds as module
from tawny.recorder.storage.holds import Hold, Holds
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.ids import new_id
from tawny.runtime.problem import Kind, Problem
from tawny.wire.evidence.ledgers import MAX_LINE
from tests.fakes.settings import FakeSettings
from tests.recorder.storage.footage import DAY_US, GATE, HOUR_US, NOON_US, YARD


class FullSettings(FakeSettings):
    """Settings on a disk that may be full."""

    full = False

    def set_value(self, name: str, value: Any) -> None:
        if self.full:
            raise Problem(Kind.UNAVAILABLE, "The settings could not be saved.")
        super().set_value(name, value)


class Rig:
    def __init__(self) -> None:
        self.clock = SimulatedClock()
        self.settings = FullSettings()
        self.ledger: list[Entry] = []
        self.start()

    def start(self) -> None:
        self.retention = Retention(Policy())
        self.holds = Holds(
            retention=self.retention,
            settings=self.settings,
            note=self.ledger.append,
            clock=self.clock,
            new_id=new_id,
        )

    def forget_settings(self) -> None:
        self.settings = FullSettings()
        self.start()

    def add(self, **members: Any) -> Hold:
        hold = self.holds.requested(asked(**members))
        self.holds.protect(hold)
        self.holds.make(hold)
        return hold

    def held(self) -> dict[str, tuple[Kept, ...]]:
        return {camera: tuple(ranges) for camera, ranges in self.retention.policy.held.items()}


def asked(**members: Any) -> Request:
    hour = {"from": "2026-11-22T11:00:00Z", "to": "2026-11-22T12:00:00Z"}
    return Request({"cameras": [GATE], "why": "A theft.", "who": "eva", **hour, **members})


NOON = "2026-11-22T12:00:00.000000Z"
HOUR = Kept(NOON_US - HOUR_US, NOON_US)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_a_hold_is_in_force_and_in_the_ledger(rig: Rig) -> None:
    hold = rig.add(cameras=[GATE, YARD, GATE], until="2026-12-22T12:00:00Z")

    assert rig.held() == {GATE: (HOUR,), YARD: (HOUR,)}
    assert [{**entry, "id": ""} for entry in rig.ledger] == [
        {
            "id": "",
            "utc": "2026-11-22T12:00:00.000000Z",
            "kind": "hold",
            "hold": hold.id,
            "cameras": [GATE, YARD],
            "from": "2026-11-22T11:00:00.000000Z",
            "to": "2026-11-22T12:00:00.000000Z",
            "why": "A theft.",
            "who": "eva",
            "until": "2026-12-22T12:00:00.000000Z",
        }
    ]


def test_footage_is_held_before_it_is_decided_whether_the_hold_is_made(rig: Rig) -> None:
    hold = rig.holds.requested(asked())

    rig.holds.protect(hold)
    before = rig.held()
    rig.holds.withdraw(hold)

    assert before == {GATE: (HOUR,)}
    assert rig.held() == {}
    assert rig.ledger == []


@pytest.mark.parametrize("lost", ["ledger", "settings"])
def test_holds_outlive_the_loss_of_the_ledger_or_of_the_settings(lost: str, rig: Rig) -> None:
    released = rig.add(why="Another.")
    kept = rig.add(cameras=[YARD])
    rig.holds.release(released.id, who="jan", why="Done.")

    if lost == "settings":
        rig.forget_settings()
        rig.holds.read(rig.ledger)
    else:
        rig.start()

    assert rig.held() == {YARD: (HOUR,)}
    assert [hold.id for hold in rig.holds.active()] == [kept.id]
    found = {hold.id: hold for hold in rig.holds.all()}
    assert found[kept.id] == kept
    ended = found[released.id].released
    assert ended is not None
    assert (ended.who, ended.why) == ("jan", "Done.")


def test_what_was_read_from_a_ledger_is_kept_in_the_settings_too(rig: Rig) -> None:
    rig.add()
    rig.forget_settings()
    rig.holds.read(rig.ledger)

    rig.start()

    assert rig.held() == {GATE: (HOUR,)}


def test_a_release_on_one_drive_ends_a_hold_on_another_whichever_is_read_first(rig: Rig) -> None:
    hold = rig.add()
    rig.holds.release(hold.id, who="eva", why="")
    made, ended = rig.ledger

    for first, second in ((made, ended), (ended, made)):
        rig.forget_settings()
        rig.holds.read([first])
        rig.holds.read([second])
        assert rig.held() == {}


def test_reading_the_same_ledger_twice_changes_nothing(rig: Rig) -> None:
    rig.add()
    before = rig.holds.all()

    rig.holds.read(rig.ledger + rig.ledger)

    assert rig.holds.all() == before


def test_a_hold_of_many_cameras_stands_in_short_lines_and_comes_back_as_one(rig: Rig) -> None:
    cameras = [f"{number:064d}" for number in range(100)]
    hold = rig.add(cameras=cameras, why="🎥" * 500, who="🎥" * 64)

    rig.forget_settings()
    rig.holds.read(rig.ledger)

    assert len(rig.ledger) == 7
    assert rig.holds.all() == [hold]
    assert max(len(json.dumps(entry, ensure_ascii=False).encode()) for entry in rig.ledger) < MAX_LINE


def test_entries_that_make_no_sense_hold_nothing_and_harm_nothing(rig: Rig) -> None:
    hold = rig.add()
    good = rig.ledger[0]
    damaged: list[Entry] = [
        {"kind": "hold"},
        {**good, "hold": "hold_b", "from": "yesterday"},
        {**good, "hold": "hold_c", "cameras": 5},
        {"kind": "hold_released", "hold": hold.id, "utc": 7},
        {"kind": "key"},
    ]
    rig.forget_settings()

    rig.holds.read([*damaged, good])

    assert rig.holds.all() == [hold]


_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text() | st.integers()), st.just(NOON)
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"kind": st.sampled_from(["hold", "hold_released"])},
            optional=dict.fromkeys(("hold", "utc", "cameras", "from", "to", "why", "who", "until"), _VALUES),
        ),
        max_size=4,
    )
)
@settings(max_examples=100, deadline=None)
def test_whatever_a_foreign_ledger_says_the_rest_goes_on(entries: list[Entry]) -> None:
    rig = Rig()
    hold = rig.add()

    rig.holds.read(entries)

    assert hold in rig.holds.all()
    assert json.dumps([held.document(0) for held in rig.holds.all()], ensure_ascii=False).encode()
    rig.start()
    assert rig.held()[GATE][-1].to_us >= HOUR.to_us


def test_a_ledger_of_more_holds_than_anybody_made_is_refused(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_KNOWN", 3)
    rig.add()
    flood = [{**rig.ledger[0], "hold": f"hold_{number}"} for number in range(5)]

    with pytest.raises(ValueError, match="too many"):
        rig.holds.read(flood)


def test_a_released_hold_keeps_nothing_and_tells_who_released_it(rig: Rig) -> None:
    hold = rig.add()
    rig.clock.wait(60)

    rig.holds.release(hold.id, who="jan", why="The case is closed.")
    again = rig.holds.release(hold.id, who="eva", why="")

    assert rig.held() == {}
    assert again.document(5)["released"] == {"at": "2026-11-22T12:01:00Z", "who": "jan", "why": "The case is closed."}
    assert [entry["kind"] for entry in rig.ledger] == ["hold", "hold_released"]


def test_overlapping_holds_keep_what_any_of_them_keeps(rig: Rig) -> None:
    first = rig.add()
    rig.add(**{"from": "2026-11-22T11:30:00Z", "to": "2026-11-22T12:30:00Z"})

    both = rig.held()
    rig.holds.release(first.id, who="eva", why="")

    assert both == {GATE: (Kept(NOON_US - HOUR_US, NOON_US + HOUR_US // 2),)}
    assert rig.held() == {GATE: (Kept(NOON_US - HOUR_US // 2, NOON_US + HOUR_US // 2),)}


def test_a_hold_ends_when_its_time_is_over(rig: Rig) -> None:
    rig.add(until="2026-11-23T12:00:00Z")

    rig.clock.wait(DAY_US / 1e6 - 1)
    rig.holds.expire()
    before = len(rig.holds.active())
    rig.clock.wait(1)
    rig.holds.expire()

    assert (before, len(rig.holds.active())) == (1, 0)
    assert rig.ledger[-1]["why"] == "Its time was over."


def test_a_hold_that_cannot_be_kept_is_not_made(rig: Rig) -> None:
    hold = rig.holds.requested(asked())
    rig.holds.protect(hold)
    rig.settings.full = True

    with pytest.raises(Problem):
        rig.holds.make(hold)

    assert (rig.held(), rig.ledger, rig.holds.all()) == ({}, [], [])


def test_a_release_that_cannot_be_kept_releases_nothing(rig: Rig) -> None:
    hold = rig.add()
    rig.settings.full = True

    with pytest.raises(Problem):
        rig.holds.release(hold.id, who="eva", why="")

    assert rig.held() == {GATE: (HOUR,)}
    assert len(rig.ledger) == 1


def test_what_was_never_held_cannot_be_released(rig: Rig) -> None:
    with pytest.raises(Problem) as caught:
        rig.holds.release("hold_none", who="eva", why="")

    assert caught.value.kind is Kind.NOT_FOUND


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("why", {"why": "  "}),
        ("cameras", {"cameras": ["../etc"]}),
        ("until", {"until": "2026-11-22T12:00:00Z"}),
        ("to", {"to": "2028-01-01T00:00:00Z"}),
        ("to", {"to": "2026-11-22T11:00:00Z"}),
    ],
)
def test_a_hold_that_makes_no_sense_is_refused(field: str, wrong: dict[str, Any], rig: Rig) -> None:
    with pytest.raises(Problem) as caught:
        rig.holds.requested(asked(**wrong))

    assert (caught.value.kind, caught.value.extra["field"]) == (Kind.INVALID, field)
