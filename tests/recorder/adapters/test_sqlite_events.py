import sqlite3
import stat
from pathlib import Path

import pytest

from tawny.recorder.adapters.sqlite_events import SqliteEvents
from tawny.recorder.events.model import Kind, Wanted
from tests.recorder.events.building import event


def test_events_are_there_again_after_a_restart(tmp_path: Path) -> None:
    first = SqliteEvents(tmp_path / "events.db")
    first.apply([event(1, until_s=None)])
    first.close()

    second = SqliteEvents(tmp_path / "events.db")
    ended = second.settle()
    found = second.page(Wanted()).events
    second.close()

    assert ended == 1
    assert [(each.id, each.until_us) for each in found] == [("evt_1", event(1).at_us)]


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    SqliteEvents(tmp_path / "events.db").close()

    assert stat.S_IMODE((tmp_path / "events.db").stat().st_mode) == 0o600


def test_a_damaged_file_is_put_aside_and_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "events.db").write_bytes(b"this is no database, whatever it is called" * 100)

    store = SqliteEvents(tmp_path / "events.db")
    store.apply([event(1)])
    found = store.page(Wanted()).events
    store.close()

    assert len(found) == 1
    assert (tmp_path / "events.db.damaged").read_bytes().startswith(b"this is no database")


def test_a_file_of_a_newer_tawny_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "events.db") as sql:
        sql.execute("PRAGMA user_version = 99")
    sql.close()

    with pytest.raises(ValueError, match="newer Tawny"):
        SqliteEvents(tmp_path / "events.db")


def test_a_disk_that_takes_no_file_yet_holds_nobody_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = SqliteEvents(tmp_path / "missing" / "events.db")
    with pytest.raises(OSError, match="events"):
        store.apply([event(1)])

    (tmp_path / "missing").mkdir()
    store.apply([event(2)])

    assert [each.id for each in store.page(Wanted()).events] == ["evt_2"]
    assert "events.db" in caplog.text
    store.close()


def test_a_refused_change_leaves_nothing_of_its_batch(tmp_path: Path) -> None:
    store = SqliteEvents(tmp_path / "events.db")
    with sqlite3.connect(tmp_path / "events.db", isolation_level=None) as other:
        other.execute(
            "CREATE TRIGGER no_lines BEFORE INSERT ON events WHEN new.kind = 'line' BEGIN SELECT raise(ABORT, 'no'); END"
        )
    other.close()

    with pytest.raises(OSError, match="the log of events"):
        store.apply([event(1), event(2, kind=Kind.LINE)])

    assert store.page(Wanted()).events == ()
    store.close()


@pytest.mark.parametrize(
    "wanted",
    [Wanted(), Wanted(cameras=["cam_a"]), Wanted(kinds=[Kind.LINE]), Wanted(cameras=["cam_a"], kinds=[Kind.LINE])],
)
def test_a_list_is_a_walk_along_an_index(tmp_path: Path, wanted: Wanted) -> None:
    store = SqliteEvents(tmp_path / "events.db")
    asked: list[str] = []
    store._sql.set_trace_callback(asked.append)
    store.page(wanted)
    store._sql.set_trace_callback(None)

    plans = [str(row) for query in asked for row in store._sql.execute(f"EXPLAIN QUERY PLAN {query}")]
    store.close()

    assert plans
    assert all("USING INDEX" in plan and "TEMP B-TREE" not in plan for plan in plans)
