"""What has to go."""

from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.archive.model import Segment
from tawny.recorder.archive.retention import Limits, expired
from tests.recorder.archive.building import MAIN


def segments(sizes: list[int]) -> list[Segment]:
    return [
        Segment(key=MAIN, start_us=at, end_us=at + 1, size_bytes=size, fragments=1, sequence=at + 1)
        for at, size in enumerate(sizes)
    ]


def test_nothing_goes_while_all_fits() -> None:
    limits = Limits(size_bytes=100, floor_bytes=50)

    assert list(expired(segments([50, 50]), limits, used_bytes=100, free_bytes=50)) == []


def test_the_oldest_go_until_the_rest_fits() -> None:
    limits = Limits(size_bytes=100, floor_bytes=0)

    found = list(expired(segments([30, 30, 70]), limits, used_bytes=130, free_bytes=0))

    assert [(segment.start_us, cause) for segment, cause in found] == [(0, "size_limit")]


def test_without_a_limit_only_the_disk_decides() -> None:
    limits = Limits(size_bytes=None, floor_bytes=100)

    found = list(expired(segments([30, 30, 30]), limits, used_bytes=10**15, free_bytes=60))

    assert [(segment.start_us, cause) for segment, cause in found] == [(0, "free_space"), (1, "free_space")]


@given(st.lists(st.integers(1, 50), max_size=10), st.integers(0, 300), st.integers(0, 100), st.integers(0, 100))
def test_no_more_goes_than_has_to(sizes: list[int], limit: int, floor: int, free: int) -> None:
    limits, used = Limits(size_bytes=limit, floor_bytes=floor), sum(sizes)

    gone = [segment.size_bytes for segment, _ in expired(segments(sizes), limits, used_bytes=used, free_bytes=free)]

    assert gone == sizes[: len(gone)]
    fits = used - sum(gone) <= limit and free + sum(gone) >= floor
    assert fits or len(gone) == len(sizes)
    if gone:
        before = sum(gone[:-1])
        assert used - before > limit or free + before < floor
