from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.ingest.decode_order import DecodeOrder, Sample

FRAME = 3600


def put(times: list[int], *, learn: int | None = None) -> list[Sample]:
    order = DecodeOrder()
    order.learn(times[: len(times) if learn is None else learn])
    samples = [sample for time in times for sample in order.put(time, b"", key=False)]
    return samples + order.flush()


def test_pictures_in_order_pass_at_once() -> None:
    order = DecodeOrder()

    assert order.put(0, b"a", key=True) == [Sample(0, 0, b"a", key=True)]
    assert order.put(FRAME, b"b", key=False) == [Sample(FRAME, 0, b"b", key=False)]
    assert order.flush() == []


def test_b_frames_get_the_presentation_times_in_order_as_decode_times() -> None:
    shown = [0, 3, 1, 2, 6, 4, 5, 9, 7, 8]

    samples = put([time * FRAME for time in shown])

    assert [s.time // FRAME for s in samples] == list(range(10))
    assert [(s.time + s.shift) // FRAME for s in samples] == shown


def test_a_pyramid_of_b_frames_is_followed() -> None:
    shown = [0, 4, 2, 1, 3, 8, 6, 5, 7, 12, 10, 9, 11]

    samples = put([time * FRAME for time in shown])

    assert [s.time // FRAME for s in samples] == list(range(13))
    assert [(s.time + s.shift) // FRAME for s in samples] == shown


def test_reordering_that_begins_late_leaves_decode_times_rising_and_presentation_true() -> None:
    shown = [*range(10), 12, 10, 11, 15, 13, 14, 18, 16, 17]

    samples = put([time * FRAME for time in shown], learn=5)

    assert [(s.time + s.shift) // FRAME for s in samples] == shown
    assert all(before.time < after.time for before, after in pairwise(samples))


@given(st.lists(st.integers(-100, 100), max_size=60), st.integers(0, 60))
def test_whatever_the_times_nothing_is_lost_and_decode_times_rise(times: list[int], learn: int) -> None:
    samples = put(times, learn=learn)

    assert [s.time + s.shift for s in samples if s.shift] == [t for t, s in zip(times, samples, strict=True) if s.shift]
    assert all(before.time < after.time for before, after in pairwise(samples))
