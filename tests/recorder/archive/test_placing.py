"""Which volume a segment goes to."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.archive.placing import Placing, weight
from tawny.recorder.archive.ports import Space

TB, GB = 10**12, 10**9


def test_without_a_volume_there_is_no_choice() -> None:
    assert Placing().choose({}, 100) is None


@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 100).map(lambda gb: gb * GB), min_size=1),
    st.lists(st.integers(1, 40_000_000), min_size=200, max_size=300),
)
def test_volumes_are_filled_in_proportion_to_their_weights(weights: dict[str, int], sizes: list[int]) -> None:
    placing, given_bytes = Placing(), Counter[str]()

    for size in sizes:
        chosen = placing.choose(weights, size)
        assert chosen is not None
        given_bytes[chosen] += size

    total, whole = sum(sizes), sum(weights.values())
    for volume, share in weights.items():
        assert abs(given_bytes[volume] - total * share / whole) <= 2 * max(sizes)


def test_a_volume_that_was_away_is_not_flooded_when_it_is_back() -> None:
    placing = Placing()
    for _ in range(100):
        placing.choose({"one": GB}, 1000)

    found = Counter(placing.choose({"one": GB, "two": GB}, 1000) for _ in range(20))

    assert found == {"one": 10, "two": 10}


def test_a_new_drive_beside_a_full_one_gets_nearly_all() -> None:
    full, new = Space(10 * TB, 2 * GB), Space(10 * TB, 10 * TB)

    assert weight(new, 2 * GB) > 40 * weight(full, 2 * GB)


def test_full_drives_share_by_their_size() -> None:
    small, large = Space(1 * TB, 2 * GB), Space(8 * TB, 2 * GB)

    assert weight(large, 2 * GB) == 8 * weight(small, 2 * GB)


def test_a_drive_that_was_never_looked_at_still_has_a_weight() -> None:
    assert weight(Space(0, 0), 0) == 1
