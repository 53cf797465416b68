from typing import Any

import pytest

from tawny.recorder.cameras.requests import Request
from tawny.recorder.events.log import EventLog
from tawny.recorder.events.methods import methods
from tawny.recorder.events.model import Kind
from tawny.runtime.clock import SimulatedClock
from tawny.runtime.problem import Problem
from tests.fakes.events import FakeEvents
from tests.recorder.events.building import event


async def ask(name: str, **params: Any) -> Any:
    store = FakeEvents()
    store.apply([event(n, at_s=n, kind=Kind.LINE if n % 2 else Kind.MOTION) for n in range(6)])
    log = EventLog(
        store,
        clock=SimulatedClock(),
        new_id=str,
        on_event=lambda _: None,
        oldest_us=lambda: None,
        trusted=lambda: True,
    )
    return await methods(log)[name](Request(params))


async def test_the_newest_events_come_first_with_where_to_go_on() -> None:
    first = await ask("events.list", limit=4)
    second = await ask("events.list", limit=4, before=first["next"])

    assert [item["id"] for item in first["items"] + second["items"]] == [f"evt_{n}" for n in reversed(range(6))]
    assert second["next"] is None


async def test_kinds_cameras_and_times_narrow_the_list() -> None:
    listed = await ask(
        "events.list",
        cameras=["cam_a"],
        kinds=["line"],
        **{"from": "2026-11-22T12:00:02Z", "to": "2026-11-22T13:00:05+01:00"},
    )

    assert [item["id"] for item in listed["items"]] == ["evt_3"]


async def test_the_next_and_previous_event_is_told_as_a_moment() -> None:
    near = await ask("events.near", camera="cam_a", at="2026-11-22T12:00:02Z", direction="next")
    none = await ask("events.near", camera="cam_a", at="2026-11-22T12:00:00Z", direction="previous")

    assert near == {"at": "2026-11-22T12:00:03Z"}
    assert none == {"at": None}


@pytest.mark.parametrize(
    ("name", "params", "field"),
    [
        ("events.list", {"kinds": ["everything"]}, "kinds"),
        ("events.list", {"before": "yesterday"}, "before"),
        ("events.list", {"limit": 0}, "limit"),
        ("events.list", {"limit": 1001}, "limit"),
        ("events.list", {"cameras": []}, "cameras"),
        ("events.list", {"colour": "red"}, "colour"),
        ("events.near", {"camera": "cam_a", "at": "2026-11-22T12:00:00Z", "direction": "up"}, "direction"),
        ("events.near", {"camera": "cam_a", "direction": "next"}, "at"),
    ],
)
async def test_a_wrong_question_names_its_field(name: str, params: dict[str, Any], field: str) -> None:
    with pytest.raises(Problem) as told:
        await ask(name, **params)

    assert told.value.extra["field"] == field
