"""When a volume is too slow."""

from tawny.recorder.archive.slowness import LONGEST_REST_S, REST_S, SYNC_S, WINDOW_S, Slowness


def test_a_sync_that_takes_long_is_slow_also_while_it_lasts() -> None:
    slowness = Slowness()

    slowness.syncing(SYNC_S - 0.1, now=100)
    assert not slowness.slow

    slowness.syncing(SYNC_S, now=100.1)
    assert slowness.slow


def test_writes_that_take_half_of_the_writers_time_are_slow() -> None:
    slowness = Slowness()
    slowness.writing(0.0, now=100)

    slowness.writing(0.4 * WINDOW_S, now=100 + WINDOW_S)
    assert not slowness.slow

    slowness.writing(1.0 * WINDOW_S, now=100 + 2 * WINDOW_S)
    assert slowness.slow


def test_what_was_spent_long_ago_is_not_held_against_it() -> None:
    slowness = Slowness()
    slowness.writing(0.0, now=100)

    slowness.writing(500.0, now=1000)

    assert not slowness.slow


def test_a_slow_volume_rests_the_longer_the_more_often_it_was_slow() -> None:
    slowness, now, rests = Slowness(), 0.0, list[float]()

    for _ in range(12):
        slowness.syncing(SYNC_S, now=now)
        since = now
        while not slowness.rested(now=now):
            now += REST_S / 2
        rests.append(now - since)

    assert rests[:3] == [REST_S, 2 * REST_S, 4 * REST_S]
    assert rests[-1] == LONGEST_REST_S
    assert not slowness.slow
