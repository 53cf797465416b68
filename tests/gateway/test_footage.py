from tawny.gateway.footage import NOT_ON_FILE_US, up_to_now
from tawny.recorder.archive.model import Gap, GapReason, Span, Timeline
from tests.gateway.archive import SECOND

TROUBLE = (GapReason.CAMERA_REFUSED, "The camera refused the password.")
NOW = 100 * SECOND


def gap(start: int, end: int, reason: GapReason = GapReason.UNKNOWN) -> Gap:
    return Gap(from_us=start, to_us=end, reason=reason, title="")


def told(*parts: Span | Gap) -> tuple[list[Span], list[Gap]]:
    found = Timeline(
        spans=tuple(part for part in parts if isinstance(part, Span)),
        gaps=tuple(part for part in parts if isinstance(part, Gap)),
    )
    return up_to_now(found, now_us=NOW, trouble=TROUBLE)


def test_what_is_being_written_just_now_is_no_gap() -> None:
    edge = NOW - NOT_ON_FILE_US

    assert told(Span(from_us=0, to_us=edge), gap(edge, NOW)) == ([Span(from_us=0, to_us=NOW)], [])


def test_a_range_that_ends_a_moment_ago_has_no_gap_at_its_end_either() -> None:
    spans, gaps = told(Span(from_us=0, to_us=NOW - 3 * SECOND), gap(NOW - 3 * SECOND, NOW - SECOND))

    assert (spans, gaps) == ([Span(from_us=0, to_us=NOW - SECOND)], [])


def test_a_longer_gap_up_to_now_is_explained_by_what_is_wrong_now() -> None:
    edge = NOW - NOT_ON_FILE_US - 1

    spans, gaps = told(Span(from_us=0, to_us=edge), gap(edge, NOW))

    assert spans == [Span(from_us=0, to_us=edge)]
    assert [(g.from_us, g.to_us, g.reason, g.title) for g in gaps] == [(edge, NOW, *TROUBLE)]


def test_a_gap_with_a_reason_of_its_own_keeps_it() -> None:
    lasting = gap(NOW - 1, NOW, GapReason.DISK)

    assert told(lasting) == ([], [lasting])


def test_an_unexplained_gap_in_the_past_stays_unexplained() -> None:
    past = gap(0, NOW - 10)  # recording began again a moment ago

    assert told(past, Span(from_us=NOW - 10, to_us=NOW)) == ([Span(from_us=NOW - 10, to_us=NOW)], [past])
