"""Which segments go, on a real index; how they go is `test_writer`'s and `test_crashes`'s."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tawny.recorder.adapters.sqlite_index import SqliteIndex
from tawny.recorder.archive import ledger
from tawny.recorder.archive.checking import check
from tawny.recorder.archive.deletion import Deletion
from tawny.recorder.archive.journal import Journal
from tawny.recorder.archive.model import Segment, StreamKey
from tawny.recorder.archive.paths import segment_path
from tawny.recorder.archive.ports import DeletionMarked, SegmentClosed
from tawny.recorder.archive.retention import Kept, Policy, Retention
from tawny.recorder.archive.unsynced import Unsynced
from tawny.recorder.archive.volume import Volume
from tawny.runtime.clock import SimulatedClock
from tawny.wire.media import StreamName
from tests.fakes.faulty_files import FaultyFiles, Killed
from tests.recorder.archive.building import MAIN, NOON_US, OTHER, SECOND, SUB, all_files, formats, ids, small
from tests.recorder.archive.rig import Rig as Killable

MINUTE_US = 60_000_000
DAY_US = 86_400_000_000
SIZE = 100
A, B = "vol_a", "vol_b"


class CountingIndex(SqliteIndex):
    """A real index that counts what it is asked for the oldest."""

    asked = 0

    def oldest(
        self, number: int, *, volume: str | None = None, camera: str | None = None, since_us: int = 0
    ) -> list[Segment]:
        self.asked += 1
        return super().oldest(number, volume=volume, camera=camera, since_us=since_us)


class Rig:
    """Two volumes, A and B, with an index, whose segments are minutes of 100 bytes, told by their number."""

    def __init__(self, root: Path) -> None:
        self.clock = SimulatedClock()
        self.files = FaultyFiles(root)
        self.index = CountingIndex(root / "index.db")
        self.retention = Retention(Policy(floor_bytes=0, known=None, by_age=True))
        self.roots = {name: root / name for name in (A, B)}
        self.bytes = 0

    def start(self) -> None:
        self.deletions = {name: self._deletion(name) for name in (A, B)}

    def _deletion(self, name: str) -> Deletion:
        root = self.roots[name]
        root.mkdir(exist_ok=True)
        (root / "volume.json").write_text(f'{{"id": "{name}"}}')
        volume, unsynced = Volume(root, volume_id=name, files=self.files), Unsynced(self.clock)
        deletion = Deletion(
            root,
            volume_id=name,
            clock=self.clock,
            files=self.files,
            index=self.index,
            volume=volume,
            journal=Journal(root, self.files, volume=volume, unsynced=unsynced),
            unsynced=unsynced,
            retention=self.retention,
            new_id=ids(),
        )
        deletion.load()
        return deletion

    def segments(self, *minutes: int, key: StreamKey = MAIN, volume: str = A) -> None:
        """One for each of *minutes*, counted from a hundred days ago."""
        closed = [self._segment(minute, key, volume) for minute in minutes]
        self.index.apply(SegmentClosed(segment=segment, table=None, leaves=None) for segment in closed)
        self.bytes += SIZE * len(minutes)

    def _segment(self, minute: int, key: StreamKey, volume: str) -> Segment:
        start_us = minute_us(minute)
        return Segment(
            key=key,
            volume=volume,
            start_us=start_us,
            end_us=start_us + MINUTE_US,
            size_bytes=SIZE,
            fragments=1,
            sequence=minute + 1,
        )

    def turn(self, volume: str = A) -> list[int]:
        """What one turn dooms, by its minutes."""
        changes = self.deletions[volume].choose(used_bytes=self.bytes, well=False)
        self.index.apply(changes)
        self.deletions[volume].marked()
        self.bytes -= SIZE * len(changes)
        return [minute(change.segment) for change in changes if isinstance(change, DeletionMarked)]

    def causes(self, volume: str = A) -> set[str]:
        return {
            entry["cause"]
            for path in self.roots[volume].rglob("ledger.jsonl")
            for entry in ledger.entries(path.read_bytes())
            if entry["kind"] == "deleted"
        }

    def hold(self, camera: str, first: int, last: int) -> None:
        kept = Kept(minute_us(first), minute_us(last + 1))
        self.retention.change(held={**self.retention.policy.held, camera: (kept,)})

    def need(self, segments: int) -> None:
        """The disk lacks room for so many segments."""
        self.files.free_bytes = 10**6
        self.retention.change(floor_bytes=10**6 + SIZE * segments)


def minute_us(minute: int) -> int:
    return NOON_US - 100 * DAY_US + minute * MINUTE_US


def minute(segment: Segment) -> int:
    return (segment.start_us - minute_us(0)) // MINUTE_US


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    found = Rig(tmp_path)
    yield found
    found.index.close()


def test_without_a_reason_nothing_goes(rig: Rig) -> None:
    rig.segments(0, 1, 2)
    rig.start()

    assert rig.turn() == []


def test_on_a_full_disk_the_oldest_of_that_disk_go(rig: Rig) -> None:
    rig.segments(5, 6, 7)
    rig.segments(0, 1, 2, volume=B)
    rig.start()
    rig.need(2)

    assert rig.turn() == [5, 6]
    assert rig.causes() == {"free_space"}


def test_what_is_doomed_already_counts_as_room(rig: Rig) -> None:
    rig.segments(0, 1, 2)
    rig.start()
    rig.need(2)
    rig.turn()

    assert rig.turn() == []


def test_held_footage_stays_and_what_is_newer_goes(rig: Rig) -> None:
    rig.segments(*range(10))
    rig.start()
    rig.hold(MAIN.camera, 0, 6)
    rig.need(2)

    assert rig.turn() == [7, 8]


def test_leased_footage_stays_as_held_footage_does(rig: Rig) -> None:
    rig.segments(*range(4))
    rig.start()
    rig.retention.change(leased={MAIN.camera: (Kept(minute_us(0), minute_us(1)),)})
    rig.need(2)

    assert rig.turn() == [1, 2]


def test_a_disk_full_of_held_footage_loses_none_of_it(rig: Rig) -> None:
    rig.segments(*range(300))
    rig.start()
    rig.hold(MAIN.camera, 0, 300)
    rig.need(100)

    assert rig.turn() == []


def test_behind_years_of_held_footage_the_rest_is_found_with_a_few_questions(rig: Rig) -> None:
    rig.segments(*range(3000))
    rig.segments(*range(0, 3000, 2), key=SUB)
    rig.segments(*range(2500, 2510), key=OTHER)
    rig.start()
    rig.hold(MAIN.camera, 0, 2899)
    rig.need(14)
    rig.index.asked = 0

    found = rig.turn()

    assert found == [*range(2500, 2510), 2900, 2900, 2901, 2902]
    assert rig.index.asked < 10


def test_segments_that_begin_together_are_each_met_once(rig: Rig) -> None:
    rig.segments(*range(300))
    rig.segments(*range(300), key=SUB)
    rig.segments(*range(300), key=OTHER)
    rig.start()
    rig.hold(OTHER.camera, 0, 299)
    rig.need(550)

    found = [minute for _ in range(3) for minute in rig.turn()]

    assert found == sorted([*range(275), *range(275)])


def test_of_an_archive_above_its_limit_the_oldest_over_all_volumes_go_each_from_its_own(rig: Rig) -> None:
    rig.segments(0, 2, 4)
    rig.segments(1, 3, 5, volume=B)
    rig.start()
    rig.retention.change(size_limit_bytes=3 * SIZE)

    first, second = rig.turn(A), rig.turn(B)

    assert (first, second) == ([0, 2], [1])
    assert rig.causes(A) == rig.causes(B) == {"size_limit"}
    assert rig.bytes == 3 * SIZE


def test_while_a_volume_is_away_the_other_does_not_delete_in_its_place(rig: Rig) -> None:
    rig.segments(0, 1, 2, volume=B)
    rig.segments(3, 4)
    rig.start()
    (rig.roots[B] / "volume.json").unlink()
    rig.turn(B)
    rig.retention.change(size_limit_bytes=SIZE)

    rig.bytes = 2 * SIZE  # what can be deleted from

    assert rig.turn(B) == []
    assert rig.turn(A) == [3]


def test_what_is_older_than_its_cameras_depth_goes(rig: Rig) -> None:
    days = 24 * 60
    rig.segments(0, 40 * days, 80 * days)
    rig.segments(0, 40 * days, 80 * days, key=OTHER)
    rig.start()
    rig.retention.change(depth_us=30 * DAY_US, depths_us={OTHER.camera: 70 * DAY_US})

    assert rig.turn() == [0, 40 * days, 0]
    assert rig.causes() == {"depth"}


def test_a_segment_goes_when_its_end_is_too_old(rig: Rig) -> None:
    rig.segments(0)
    rig.start()
    rig.retention.change(depth_us=100 * DAY_US)

    found = []
    for _ in range(8):
        found.append(rig.turn())
        rig.clock.wait(10)

    assert found == [[], [], [], [], [], [], [0], []]


def test_nothing_goes_by_age_while_the_clock_is_not_trusted(rig: Rig) -> None:
    rig.segments(0)
    rig.start()
    rig.retention.change(depth_us=DAY_US, by_age=False)

    assert rig.turn() == []


def test_held_footage_does_not_grow_too_old(rig: Rig) -> None:
    rig.segments(*range(40))
    rig.start()
    rig.hold(MAIN.camera, 10, 29)
    rig.retention.change(depth_us=DAY_US)

    assert rig.turn() == [*range(10), *range(30, 40)]


def test_much_that_is_too_old_goes_in_many_turns_without_a_pause(rig: Rig) -> None:
    rig.segments(*range(450))
    rig.start()
    rig.retention.change(depth_us=DAY_US)

    assert [len(rig.turn()) for _ in range(4)] == [200, 200, 50, 0]


def test_nothing_goes_from_a_volume_whose_holds_are_unknown(rig: Rig) -> None:
    rig.segments(0, 1)
    rig.start()
    rig.retention.change(known=frozenset({B}), depth_us=DAY_US, size_limit_bytes=1)
    rig.need(1)

    assert rig.turn() == []


def test_a_hold_that_comes_while_segments_are_being_chosen_still_counts(rig: Rig) -> None:
    rig.segments(0, 1, 2)
    rig.start()
    rig.need(3)
    write = rig.files.append

    def hold_all(path: Path, data: bytes) -> None:
        rig.hold(MAIN.camera, 0, 9)  # from another thread, after the first was doomed
        write(path, data)

    rig.files.append = hold_all  # type: ignore[method-assign]  # acts between two steps

    assert rig.turn() == [0]


def test_after_a_start_what_was_marked_goes_on_its_own_volume(rig: Rig) -> None:
    rig.segments(0, 1)
    rig.segments(2, volume=B)
    rig.start()
    rig.need(1)
    rig.turn(A)

    rig.start()

    assert rig.deletions[A].kept_bytes == SIZE
    assert rig.deletions[B].kept_bytes == SIZE
    assert rig.turn(A) == []


def test_an_entry_that_a_power_cut_took_is_written_again_before_the_file_goes(rig: Rig) -> None:
    rig.segments(0, 1)
    rig.start()
    rig.need(1)
    rig.turn(A)
    (path,) = rig.roots[A].rglob("ledger.jsonl")
    path.write_bytes(path.read_bytes()[:-5])  # torn, and the mark is there

    rig.start()
    (going,) = rig.index.marked_segments()
    file = segment_path(rig.roots[A], going.key, going.start_us)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    rig.deletions[A].unlink(going)

    assert file.exists()
    assert rig.causes(A) == {"unknown"}
    rig.deletions[A].unlink(going)  # after the next sync
    assert not file.exists()


def test_both_streams_of_a_held_camera_stay() -> None:
    policy = Policy(held={MAIN.camera: (Kept(0, 10),)})
    streams = [StreamKey(camera=MAIN.camera, stream=name) for name in StreamName]

    found = [
        policy.kept_until(Segment(key=key, volume=A, start_us=0, end_us=5, size_bytes=1, fragments=1, sequence=1))
        for key in streams
    ]

    assert found == [10, 10]


@given(st.integers(0, 40))
@settings(max_examples=15, deadline=None)
def test_wherever_deleting_is_killed_what_is_held_is_there_and_all_is_in_order(steps: int) -> None:
    with TemporaryDirectory() as directory:
        rig = Killable(Path(directory))
        for at, key in enumerate((MAIN, OTHER, SUB)):
            start_us = NOON_US + at * 10 * SECOND
            rig.writer.open_segment(key, start_us, formats())
            rig.writer.append(key, small(start_us=start_us, size=1000))
            rig.writer.close_segment(key, start_us + SECOND)
        rig.cycle(3)
        rig.retention.change(held={MAIN.camera: (Kept(NOON_US, NOON_US + SECOND),)}, size_limit_bytes=1)

        rig.files.steps = steps
        with suppress(Killed):
            rig.cycle(4)
        rig.kill()
        rig.start()
        rig.cycle(6)

        assert [Path(name).name[:15] for name in all_files(rig.data)] == ["20261122T120000"]
        assert check(rig.data).faults == ()
        rig.stop()
