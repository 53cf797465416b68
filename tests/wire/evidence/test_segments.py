"""A segment's root from what was exported and the hashes of what was not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.wire.evidence.segments import indices, runs_of, segment_root
from tawny.wire.evidence.tree import leaf, root


@given(st.integers(0, 30), st.data())
def test_the_root_is_the_same_whatever_was_left_out(fragments: int, data: st.DataObject) -> None:
    leaves = [leaf([bytes([n])]) for n in range(fragments + 1)]
    present = [0, *(n for n in range(1, fragments + 1) if data.draw(st.booleans()))]

    found = segment_root(
        fragments=fragments,
        present=runs_of(present),
        hashes=[leaves[n] for n in present],
        absent=b"".join(leaves[n] for n in range(fragments + 1) if n not in present),
    )

    assert found == root(leaves)
    assert indices(runs_of(present), leaves=fragments + 1) == present


@pytest.mark.parametrize("runs", [(), ((1, 2),), ((0, 0),), ((0, 2), (1, 1)), ((2, 1), (0, 1)), ((0, 6),)])
def test_runs_that_do_not_fit_the_segment_are_refused(runs: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValueError, match=r"leave|leaf"):
        indices(runs, leaves=5)


def test_hashes_too_few_or_too_many_are_refused() -> None:
    for hashes, absent in (([], bytes(32)), ([bytes(32)], b""), ([bytes(32)], bytes(33)), ([bytes(32)] * 2, bytes(32))):
        with pytest.raises(ValueError, match="number of hashes"):
            segment_root(fragments=1, present=((0, 1),), hashes=hashes, absent=absent)
