"""The timeline: every moment once, in a span or in a gap with its reason."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tawny.recorder.archive.model import Gap, GapReason, Gone, Span
from tawny.recorder.archive.timeline import NEAR_US, days_of, gone, joined, overlaid, timeline

LOST = GapReason.CAMERA_LOST


def lost(from_us: int, to_us: int) -> Gap:
    return Gap(from_us=from_us, to_us=to_us, reason=LOST, title="The camera does not answer.")


def in_order(gaps: Iterable[Gap]) -> list[Gap]:
    return sorted(gaps, key=lambda gap: gap.from_us)


ranges = st.tuples(st.integers(0, 100), st.integers(1, 30)).map(lambda r: (r[0] * NEAR_US, (r[0] + r[1]) * NEAR_US))


@given(
    st.lists(ranges, max_size=8),
    st.lists(ranges, max_size=8),
    st.lists(ranges, max_size=8),
    st.integers(0, 90),
    ranges,
)
def test_every_moment_is_in_one_span_or_one_gap(
    spans: list[tuple[int, int]],
    reasons: list[tuple[int, int]],
    deleted: list[tuple[int, int]],
    added: int,
    asked: tuple[int, int],
) -> None:
    found = timeline(
        joined(spans, hole_us=0),
        overlaid(gone(joined(deleted, hole_us=0), Gone.DELETED), in_order(lost(*r) for r in reasons)),
        from_us=asked[0],
        to_us=asked[1],
        added_us=added * NEAR_US,
    )

    pieces: list[Span | Gap] = sorted([*found.spans, *found.gaps], key=lambda piece: piece.from_us)
    assert pieces[0].from_us == asked[0]
    assert pieces[-1].to_us == asked[1]
    assert all(one.to_us == other.from_us for one, other in pairwise(pieces))
    assert all(piece.to_us > piece.from_us for piece in pieces)


def test_each_hole_has_its_own_reason() -> None:
    found = timeline(
        [(40_000_000, 50_000_000), (60_000_000, 70_000_000)],
        overlaid(gone([(10_000_000, 30_000_000)], Gone.DELETED), [lost(50_000_000, 60_000_000)]),
        from_us=0,
        to_us=90_000_000,
        added_us=10_000_000,
    )

    assert [(g.from_us // 1_000_000, g.to_us // 1_000_000, g.reason) for g in found.gaps] == [
        (0, 10, GapReason.NOT_ADDED),
        (10, 30, GapReason.DELETED),
        (30, 40, GapReason.UNKNOWN),
        (50, 60, LOST),
        (70, 90, GapReason.UNKNOWN),
    ]
    assert all(gap.title.endswith(".") for gap in found.gaps)


@given(st.lists(ranges, max_size=8), st.lists(ranges, max_size=8))
def test_what_lies_above_hides_what_is_below_it(above: list[tuple[int, int]], below: list[tuple[int, int]]) -> None:
    upper = gone(joined(above, hole_us=0), Gone.DELETED)
    lower = [lost(*r) for r in joined(below, hole_us=0)]

    found = overlaid(upper, lower)

    def moments(gaps: Iterable[Gap]) -> list[int]:
        return [at for gap in gaps for at in range(gap.from_us // NEAR_US, gap.to_us // NEAR_US)]

    assert found == in_order(found)
    assert [gap for gap in found if gap.reason is GapReason.DELETED] == upper
    assert sorted(moments(found)) == sorted({*moments(upper), *moments(lower)})


def test_a_moment_beside_an_explained_gap_belongs_to_it() -> None:
    found = timeline(
        [(0, 10_000_000)],
        [lost(11_000_000, 19_500_000)],
        from_us=0,
        to_us=20_000_000,
        added_us=0,
    )

    assert found.gaps == (lost(10_000_000, 20_000_000),)


def test_spans_that_nearly_meet_are_one() -> None:
    assert joined([(20, 30), (0, 10), (11, 15), (5, 8)], hole_us=1) == [(0, 15), (20, 30)]


def test_days_are_those_of_the_zone() -> None:
    kyiv = ZoneInfo("Europe/Kyiv")
    evening = 1_795_384_800_000_000  # 2026-11-22T22:00Z is midnight in Kyiv

    assert days_of([(evening - 1, evening)], kyiv) == [date(2026, 11, 22)]
    assert days_of([(evening - 1, evening + 1)], kyiv) == [date(2026, 11, 22), date(2026, 11, 23)]
    assert days_of([(evening, evening + 86_400_000_000 * 2)], ZoneInfo("UTC")) == [
        date(2026, 11, 22),
        date(2026, 11, 23),
        date(2026, 11, 24),
    ]
