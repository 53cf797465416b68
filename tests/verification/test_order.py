"""Order, what is missing, and holes, on segments that are made up."""

from dataclasses import replace

import pytest

from tawny.verification.footage import Footage
from tawny.verification.order import check_order, holes
from tawny.verification.verdict import Flaw
from tawny.wire.evidence.ledgers import GapEntry, SegmentEntry
from tawny.wire.evidence.recording import CameraName, Part, RecorderName, Recording
from tawny.wire.mp4.movie import MoviePart
from tawny.wire.mp4.reading import FragmentInfo

SECOND = 1_000_000
RECORDING = Recording(
    recorder=RecorderName(id="rec", name="", time_zone="UTC", software=""),
    camera=CameraName(id="cam", name=""),
    stream="main",
    audio=True,
    asked_from_us=0,
    asked_to_us=SECOND,
    part=Part(export="exp", number=1, of=1),
    exported_us=0,
    exported_by="",
    case=None,
    segments=(),
    gaps=(),
    ledgers=(),
    certificates={},
    witnesses=(),
)
SILENT = replace(RECORDING, audio=False)


def fragment(leaf: int) -> tuple[int, FragmentInfo]:
    """Odd leaves are a second of video, even ones of sound."""
    second, track = (leaf - 1) // 2, 1 if leaf % 2 else 2
    info = FragmentInfo(
        offset=0,
        size=1,
        track=track,
        sequence=leaf,
        decode_time=second * (90_000 if track == 1 else 8000),
        utc_us=0,
        duration=90_000 if track == 1 else 8000,
        samples=1,
        key=True,
    )
    return leaf, info


def footage(start: int, sequence: int, *, leaves: tuple[int, ...] = (1, 2, 3, 4, 5, 6)) -> Footage:
    """Three seconds."""
    entry = SegmentEntry(
        id="led",
        utc_us=0,
        stream="main",
        file="",
        from_us=start * SECOND,
        to_us=(start + 3) * SECOND,
        size_bytes=1,
        fragments=6,
        sequence=sequence,
        root=bytes(32),
        recovered=False,
        unsigned_until_us=None,
    )
    part = MoviePart(source="", start_us=start * SECOND, init=b"", heads=[])
    return Footage(entry=entry, part=part, fragments=[fragment(leaf) for leaf in leaves])


def gap(kind: str = "gap", **members: object) -> GapEntry:
    base = GapEntry(
        id="gap_1", kind=kind, stream="main", from_us=None, to_us=None, reason="", title="", gap="", sequence=None
    )
    return replace(base, **members)  # type: ignore[arg-type]  # members by name


def code(*segments: Footage, gaps: tuple[GapEntry, ...] = (), recording: Recording = RECORDING) -> str:
    try:
        check_order(segments, gaps, recording)
    except Flaw as flaw:
        return flaw.reason.code
    return ""


def test_segments_that_follow_each_other_are_in_order() -> None:
    assert code(footage(0, 7), footage(3, 8), footage(6, 9)) == ""


@pytest.mark.parametrize("second", [(0, 8), (3, 7), (3, 6), (-3, 8)])
def test_a_segment_in_the_wrong_place_is_found(second: tuple[int, int]) -> None:
    assert code(footage(0, 7), footage(*second)) == "order"


def test_a_missing_segment_needs_a_line_that_tells_of_its_deletion() -> None:
    told = gap("deleted", from_us=3 * SECOND, to_us=6 * SECOND, sequence=8, reason="depth")

    assert code(footage(0, 7), footage(6, 9)) == "missing"
    assert code(footage(0, 7), footage(6, 9), gaps=(told,)) == ""
    assert code(footage(0, 7), footage(9, 10), gaps=(told,)) == "missing"
    assert code(footage(0, 7), footage(6, 9), gaps=(replace(told, stream="sub"),)) == "missing"


@pytest.mark.parametrize(
    ("leaves", "recording", "place", "found"),
    [
        ((1, 2, 3, 5, 6), RECORDING, 1, "left_out"),  # sound, in a file with sound
        ((3, 4, 5, 6), RECORDING, 0, ""),  # the first segment may begin late
        ((3, 4, 5, 6), RECORDING, 1, "left_out"),
        ((1, 2, 3, 4), RECORDING, 2, ""),  # the last may end early
        ((1, 2, 3, 4), RECORDING, 1, "left_out"),
        ((1, 3, 5), SILENT, 1, ""),
        ((1, 5), SILENT, 1, "left_out"),
        ((3, 5), SILENT, 0, ""),
        ((3, 5), SILENT, 1, "left_out"),
        ((1, 3), SILENT, 2, ""),
        ((1, 3), SILENT, 1, "left_out"),
        ((2, 4), SILENT, 1, "left_out"),  # no video at all
    ],
)
def test_what_was_left_out_of_a_segment_is_found(
    leaves: tuple[int, ...], recording: Recording, place: int, found: str
) -> None:
    whole = (1, 3, 5) if recording is SILENT else (1, 2, 3, 4, 5, 6)
    segments = [footage(3 * n, n, leaves=leaves if n == place else whole) for n in range(3)]

    assert code(*segments, recording=recording) == found


def test_a_hole_has_the_reason_of_the_gap_that_covers_it_or_none() -> None:
    lost = gap(from_us=3 * SECOND, reason="camera_lost", title="Lost.")
    ended = gap("gap_ended", gap="gap_1", to_us=9 * SECOND)
    segments = [footage(0, 1), footage(9, 2), footage(20, 3)]

    first, second = holes(segments, [lost, ended], RECORDING)

    assert (first.from_us, first.to_us, first.reason) == (3 * SECOND, 9 * SECOND, "camera_lost")
    assert (second.from_us, second.reason) == (12 * SECOND, "unknown")
