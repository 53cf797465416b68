"""What may go, and what has to."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.archive.model import Segment
from tawny.recorder.archive.retention import Kept, Policy, Retention, merged, worth
from tests.recorder.archive.building import MAIN, OTHER, VOLUME

DAY_US = 86_400_000_000


def segment(start_us: int, end_us: int | None = None, *, size: int = 10, volume: str = VOLUME) -> Segment:
    end_us = start_us + 1 if end_us is None else end_us
    return Segment(
        key=MAIN, volume=volume, start_us=start_us, end_us=end_us, size_bytes=size, fragments=1, sequence=start_us + 1
    )


def segments(sizes: list[int]) -> list[Segment]:
    return [segment(at, size=size) for at, size in enumerate(sizes)]


@given(st.lists(st.integers(1, 50), max_size=10), st.integers(-50, 600))
def test_no_more_goes_than_has_to(sizes: list[int], need: int) -> None:
    gone = [found.size_bytes for found in worth(segments(sizes), need)]

    assert gone == sizes[: len(gone)]
    assert sum(gone) >= need or len(gone) == len(sizes)
    if gone:
        assert sum(gone[:-1]) < need


def test_a_volume_gives_only_its_own_part_of_an_excess() -> None:
    retention = Retention()
    for volume in ("vol_a", "vol_b"):
        retention.able(volume, now=True)
    oldest = [segment(at, size=10, volume=volume) for at, volume in enumerate(("vol_a", "vol_b", "vol_a", "vol_b"))]

    found = list(retention.share(oldest, excess_bytes=25, volume="vol_b"))

    assert [s.start_us for s in found] == [1]


def test_footage_on_a_volume_that_cannot_delete_is_no_part_of_an_excess() -> None:
    retention = Retention()
    retention.able("vol_a", now=True)
    retention.able("vol_b", now=True)
    retention.able("vol_b", now=False)
    oldest = [segment(0, volume="vol_b"), segment(1, volume="vol_a"), segment(2, volume="vol_a")]

    found = list(retention.share(oldest, excess_bytes=10, volume="vol_a"))

    assert [s.start_us for s in found] == [1]


def test_footage_that_touches_a_held_range_is_kept() -> None:
    policy = Policy(held={MAIN.camera: (Kept(100, 200), Kept(300, 400))})

    found = {at: policy.kept_until(segment(at, at + 50)) for at in (40, 50, 60, 190, 200, 250, 260, 399, 400)}

    assert found == {40: None, 50: None, 60: 200, 190: 200, 200: None, 250: None, 260: 400, 399: 400, 400: None}


def test_a_lease_keeps_as_a_hold_does() -> None:
    policy = Policy(held={MAIN.camera: (Kept(0, 20),)}, leased={MAIN.camera: (Kept(10, 50),)})

    assert policy.kept_until(segment(15)) == 50


def test_the_holds_of_another_camera_keep_nothing() -> None:
    policy = Policy(held={OTHER.camera: (Kept(0, 100),)})

    assert policy.kept_until(segment(10)) is None


def test_a_camera_has_its_own_depth_or_the_recorders() -> None:
    policy = Policy(depth_us=30 * DAY_US, depths_us={"cam_long": 90 * DAY_US}, by_age=True)
    now_us = 100 * DAY_US

    assert policy.cutoff_us("cam_any", now_us) == 70 * DAY_US
    assert policy.cutoff_us("cam_long", now_us) == 10 * DAY_US


def test_nothing_is_too_old_by_a_clock_that_is_not_trusted() -> None:
    policy = Policy(depth_us=DAY_US, depths_us={MAIN.camera: DAY_US})

    assert policy.cutoff_us(MAIN.camera, 10 * DAY_US) is None


def test_nothing_goes_from_a_volume_whose_holds_are_unknown() -> None:
    retention = Retention()

    before = retention.policy.may_delete_from("vol_a")
    after = retention.change(known=frozenset({"vol_a"}))

    assert not before
    assert after.may_delete_from("vol_a")
    assert not after.may_delete_from("vol_b")
    assert Policy(known=None).may_delete_from("vol_b")


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=12))
def test_merged_ranges_cover_the_same_and_lie_apart(pairs: list[tuple[int, int]]) -> None:
    ranges = [Kept(a, b) for a, b in pairs]

    found = merged(ranges)

    assert {t for a, b in ranges for t in range(a, b)} == {t for a, b in found for t in range(a, b)}
    assert all(before.to_us < after.from_us for before, after in pairwise(found))
    assert all(a < b for a, b in found)
