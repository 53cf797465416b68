from collections.abc import Iterator
from pathlib import Path

import pytest

from tawny.gateway.manner import Manner
from tawny.gateway.rewind import Rewind
from tawny.gateway.shelf import Shelf
from tawny.recorder.archive.model import GapReason
from tawny.wire.media_socket import MediaKind, MediaMessage
from tests.gateway.archive import KEY, SECOND, ArchiveBuilder
from tests.gateway.media import SMALL_VIDEO, T0
from tests.gateway.test_playback import HurriedClock, gaps, kinds, media_time_us, pictures

ALL = Manner(speed=-1)
KEYS = Manner(speed=-4, key_only=True)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[ArchiveBuilder]:
    builder = ArchiveBuilder(tmp_path)
    yield builder
    builder.close()


@pytest.fixture
def shelf(archive: ArchiveBuilder) -> Iterator[Shelf]:
    shelf = Shelf(archive.data)
    yield shelf
    shelf.close()


async def rewound(shelf: Shelf, start: float, manner: Manner = ALL) -> list[MediaMessage]:
    way = Rewind(shelf, KEY, clock=HurriedClock(1000), manner=manner)
    return [message async for message in way.messages(T0 + round(start * SECOND))]


async def test_groups_of_pictures_come_newest_first_each_forward_in_itself_without_sound(
    archive: ArchiveBuilder, shelf: Shelf
) -> None:
    archive.segment(0, 4, group=2)
    archive.segment(4, 4, group=2)

    messages = await rewound(shelf, 6.5)

    assert pictures(messages) == ["v6.0", "v7.0", "v4.0", "v5.0", "v2.0", "v3.0", "v0.0", "v1.0"]
    assert pictures(messages, track=2) == []
    assert kinds(messages) == ["opened", "init", "init", "fragment", "end"]


async def test_only_groups_that_had_begun_by_then_are_shown(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 6, group=2)

    assert pictures(await rewound(shelf, 1.9)) == ["v0.0", "v1.0"]


async def test_media_time_counts_from_1970(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 2)

    messages = await rewound(shelf, 2)

    assert messages[0].note()["origin_us"] == 0
    fragments = [m for m in messages if m.kind is MediaKind.FRAGMENT]
    assert [media_time_us(m) for m in fragments] == [m.utc_us for m in fragments] == [T0 + SECOND, T0]


async def test_a_gap_is_told_when_the_way_comes_to_its_end(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 2)
    archive.gap(2, 30, GapReason.CAMERA_LOST, "The camera did not answer.")
    archive.segment(30, 2)

    messages = await rewound(shelf, 31.5)

    assert kinds(messages) == ["opened", "init", "init", "fragment", "gap", "fragment", "end"]
    assert gaps(messages) == [("12:00:02Z", "12:00:30Z", "camera_lost")]
    assert pictures(messages) == ["v31.0", "v30.0", "v1.0", "v0.0"]


async def test_from_inside_a_gap_the_part_of_it_that_is_left_is_told(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 2)
    archive.gap(2, 300, GapReason.CAMERA_LOST, "The camera did not answer.")
    archive.segment(300, 2)

    messages = await rewound(shelf, 250)

    assert gaps(messages) == [("12:00:02Z", "12:04:10Z", "camera_lost")]
    assert pictures(messages) == ["v1.0", "v0.0"]


async def test_key_frames_alone_come_newest_first_each_until_the_next(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 6, group=2)

    messages = await rewound(shelf, 5.5, KEYS)

    fragments = [m for m in messages if m.kind is MediaKind.FRAGMENT]
    assert pictures(messages) == ["v4.0", "v2.0", "v0.0"]
    assert [int.from_bytes(m.payload[88:92], "big") for m in fragments] == [180_000] * 3
    assert {len(m.payload) for m in fragments} == {88 + 16 + 8 + len("v4.0")}


async def test_a_new_format_is_opened_before_its_pictures(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 1, formats={1: SMALL_VIDEO})
    archive.segment(1, 1)

    messages = await rewound(shelf, 2)

    assert kinds(messages) == ["opened", "init", "init", "fragment", "opened", "init", "fragment", "end"]


async def test_what_can_not_be_read_is_a_gap(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 2)
    archive.segment(2, 2).unlink()
    archive.segment(4, 2).write_bytes(bytes(5000))
    archive.segment(6, 2)

    messages = await rewound(shelf, 7)

    assert pictures(messages) == ["v7.0", "v6.0", "v1.0", "v0.0"]
    assert gaps(messages) == [("12:00:04Z", "12:00:06Z", "disk"), ("12:00:02Z", "12:00:04Z", "deleted")]


async def test_what_is_still_being_written_is_shown_as_far_as_it_is(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 3, still_open=True)

    assert pictures(await rewound(shelf, 500)) == ["v2.0", "v1.0", "v0.0"]


async def test_before_the_oldest_there_is_only_the_end(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(10, 2)

    assert kinds(await rewound(shelf, 5)) == ["opened", "end"]
