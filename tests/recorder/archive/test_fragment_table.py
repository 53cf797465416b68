"""A segment's fragments as a blob."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.archive.fragment_table import pack, unpack
from tawny.wire.mp4.reading import FragmentInfo

row = st.tuples(
    st.integers(1, 2**32 - 1), st.integers(1, 100), st.booleans(), st.integers(1, 4096), st.integers(0, 2**40)
)


@given(st.lists(row, max_size=20), st.integers(0, 10_000))
def test_a_table_reads_back_as_it_was(rows: list[tuple[int, int, bool, int, int]], offset: int) -> None:
    fragments = []
    for sequence, (size, track, key, samples, time) in enumerate(rows, start=1):
        info = FragmentInfo(
            offset=offset,
            size=size,
            track=track,
            sequence=sequence,
            decode_time=time,
            utc_us=time - 5,
            duration=samples,
            samples=samples,
            key=key,
        )
        fragments.append(info)
        offset += size

    assert unpack(pack(fragments)) == fragments


@given(st.binary(max_size=80))
def test_a_damaged_table_is_refused(noise: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        unpack(noise)
