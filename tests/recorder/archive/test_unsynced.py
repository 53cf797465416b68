"""What the next sync will make safe."""

from pathlib import Path

from tawny.recorder.archive.unsynced import Unsynced
from tawny.runtime.clock import SimulatedClock


def test_a_batch_has_what_was_written_since_the_last_and_when_that_began() -> None:
    clock = SimulatedClock()
    unsynced = Unsynced(clock)
    clock.wait(5)
    with unsynced.adding() as batch:
        batch.directories.add(Path("a"))
    clock.wait(5)
    with unsynced.adding() as batch:
        batch.directories.add(Path("b"))

    taken = unsynced.take()

    assert (taken.since, taken.directories) == (5.0, {Path("a"), Path("b")})
    assert unsynced.since is None
    assert unsynced.take().empty()


def test_what_a_sync_gives_back_is_the_first_part_of_the_next_batch() -> None:
    clock = SimulatedClock()
    unsynced = Unsynced(clock)
    with unsynced.adding() as batch:
        batch.directories.add(Path("a"))
    failed = unsynced.take()
    clock.wait(1)
    with unsynced.adding() as batch:
        batch.directories.add(Path("b"))

    unsynced.give_back(failed)

    assert unsynced.since == 0.0
    assert unsynced.take().directories == {Path("a"), Path("b")}
