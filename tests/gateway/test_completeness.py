"""How whole the footage is, and where its holes are."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tawny.gateway.completeness import Completeness, Direction, Place, beginnings
from tawny.gateway.control import RecorderControl
from tawny.gateway.footage import Footage
from tawny.gateway.shelf import Shelf
from tawny.recorder.adapters.sqlite_index import SqliteIndex
from tawny.recorder.archive.model import Gap, GapReason, Segment, Span, StreamKey, Timeline
from tawny.recorder.archive.ports import SegmentClosed
from tawny.runtime.clock import SimulatedClock, from_utc_us
from tawny.runtime.problem import Kind, Problem
from tawny.wire.media import StreamName
from tawny.wire.moments import parse_rfc3339, rfc3339
from tests.fakes.recorder import camera_document
from tests.gateway.archive import SECOND, VOLUME, ArchiveBuilder
from tests.gateway.media import T0

HOUR = 3600


class Rig:
    """A camera added ten hours before now; seconds count from T0."""

    def __init__(self, archive: ArchiveBuilder, *, now_s: int = 10 * HOUR) -> None:
        self.archive = archive
        self.clock = SimulatedClock(at(now_s))
        self.shelf = Shelf(archive.data)
        control = RecorderControl(archive.data.sockets / "control.sock", clock=self.clock)
        control.cameras["cam_a"] = camera_document(added_at=rfc3339(T0))
        footage = Footage(self.shelf, control=control, clock=self.clock)
        self.whole = Completeness(footage, control=control, clock=self.clock)

    async def moment(self, second: float, direction: str, place: str = "gap") -> tuple[float | None, str | None]:
        found = await self.whole.moment("cam_a", T0 + round(second * SECOND), Direction(direction), Place(place))
        moment = found["at"]
        return None if moment is None else (parse_rfc3339(moment) - T0) / SECOND, found.get("reason")


def at(second: float) -> datetime:
    return from_utc_us(T0 + round(second * SECOND))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[ArchiveBuilder]:
    builder = ArchiveBuilder(tmp_path)
    yield builder
    builder.close()


def footage(archive: ArchiveBuilder, start: float, end: float, stream: StreamName = StreamName.MAIN) -> None:
    """A span of which only the index tells."""
    index = SqliteIndex(archive.data.index)
    segment = Segment(
        key=StreamKey(camera="cam_a", stream=stream),
        volume=VOLUME,
        start_us=T0 + round(start * SECOND),
        end_us=T0 + round(end * SECOND),
        size_bytes=1,
        fragments=1,
        sequence=1,
    )
    index.apply([SegmentClosed(segment=segment, table=None, leaves=None)])
    index.close()


@pytest.fixture
def rig(archive: ArchiveBuilder) -> Iterator[Rig]:
    """One hour of footage, an hour without because of the disk, three hours of footage, five without: the camera refused."""
    footage(archive, 0, HOUR)
    archive.gap(HOUR, 2 * HOUR, GapReason.DISK, "The disk was full.")
    footage(archive, 2 * HOUR, 5 * HOUR)
    archive.gap(5 * HOUR, None, GapReason.CAMERA_REFUSED, "The camera refused the password.")
    found = Rig(archive)
    yield found
    found.shelf.close()


async def test_of_each_camera_it_is_said_how_much_there_is_and_why_not_the_rest(rig: Rig) -> None:
    found = await rig.whole.document(24)

    assert found["to"] == rfc3339(T0 + 10 * HOUR * SECOND)
    assert found["items"] == [
        {
            "camera": "cam_a",
            "ratio": 0.4,
            "missing_s": 6 * HOUR,
            "reasons": [
                {"reason": "camera_refused", "seconds": 5 * HOUR},
                {"reason": "disk", "seconds": HOUR},
            ],
        }
    ]


async def test_a_hole_of_the_main_stream_is_a_hole_though_the_sub_stream_was_recorded(rig: Rig) -> None:
    footage(rig.archive, 0, 10 * HOUR, StreamName.SUB)

    found = await rig.whole.document(24)

    assert found["items"][0]["missing_s"] == 6 * HOUR
    assert await rig.moment(0.5 * HOUR, "next") == (HOUR, "disk")


async def test_a_camera_added_this_moment_lacks_nothing(archive: ArchiveBuilder) -> None:
    rig = Rig(archive, now_s=0)

    found = await rig.whole.document(24)

    rig.shelf.close()
    assert (found["items"][0]["ratio"], found["items"][0]["reasons"]) == (1.0, [])


@pytest.mark.parametrize(
    ("second", "direction", "place", "expected"),
    [
        (0.5 * HOUR, "next", "gap", (HOUR, "disk")),
        (HOUR, "next", "gap", (5 * HOUR, "camera_refused")),
        (1.5 * HOUR, "next", "gap", (5 * HOUR, "camera_refused")),
        (1.5 * HOUR, "next", "footage", (2 * HOUR, None)),
        (3 * HOUR, "next", "footage", (None, None)),
        (7 * HOUR, "next", "gap", (None, None)),
        (7 * HOUR, "previous", "gap", (5 * HOUR, "camera_refused")),
        (5 * HOUR, "previous", "gap", (HOUR, "disk")),
        (7 * HOUR, "previous", "footage", (2 * HOUR, None)),
        (0.5 * HOUR, "previous", "gap", (None, None)),
        (-5 * HOUR, "previous", "gap", (None, None)),
        (50 * HOUR, "next", "gap", (None, None)),
        (50 * HOUR, "previous", "gap", (5 * HOUR, "camera_refused")),
    ],
)
async def test_one_goes_from_gap_to_gap(
    second: float, direction: str, place: str, expected: tuple[float | None, str | None], rig: Rig
) -> None:
    assert await rig.moment(second, direction, place) == expected


async def test_a_gap_many_months_away_is_found(archive: ArchiveBuilder) -> None:
    footage(archive, 0, HOUR)
    archive.gap(HOUR, 2 * HOUR, GapReason.DISK, "The disk was full.")
    footage(archive, 2 * HOUR, 300 * 24 * HOUR)
    rig = Rig(archive, now_s=300 * 24 * HOUR)

    found = await rig.moment(299 * 24 * HOUR, "previous")

    rig.shelf.close()
    assert found == (HOUR, "disk")


async def test_a_camera_that_nobody_knows_has_no_moments(rig: Rig) -> None:
    with pytest.raises(Problem) as caught:
        await rig.whole.moment("cam_x", T0, Direction.NEXT, Place.GAP)

    assert caught.value.kind is Kind.NOT_FOUND


def test_of_gaps_in_a_row_the_first_one_begins() -> None:
    gaps = [
        Gap(from_us=a, to_us=a + 10, reason=reason, title="")
        for a, reason in ((0, GapReason.DISK), (20, GapReason.RESTART), (30, GapReason.DISK))
    ]
    found = Timeline(spans=(Span(from_us=10, to_us=20), Span(from_us=40, to_us=50)), gaps=tuple(gaps))

    assert beginnings(found, Place.GAP) == [(0, GapReason.DISK), (20, GapReason.RESTART)]
    assert beginnings(found, Place.FOOTAGE) == [(10, None), (40, None)]
