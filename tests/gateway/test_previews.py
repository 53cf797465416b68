from collections.abc import Iterator
from pathlib import Path

import pytest

from tawny.gateway.previews import Previews
from tawny.gateway.shelf import Shelf
from tawny.wire.media_socket import MediaKind, MediaMessage
from tests.gateway.archive import KEY, SECOND, ArchiveBuilder
from tests.gateway.media import SMALL_VIDEO, T0
from tests.gateway.test_playback import kinds, media_time_us, pictures


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


async def looked(shelf: Shelf, start: float, end: float, count: int) -> list[MediaMessage]:
    messages = Previews(shelf, KEY).messages(T0 + round(start * SECOND), T0 + round(end * SECOND), count)
    return [message async for message in messages]


async def test_each_step_has_the_key_frame_at_or_before_it(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 8, group=2)

    messages = await looked(shelf, 1, 9, 4)

    assert kinds(messages) == ["opened", "init", "init", "fragment"]
    assert pictures(messages) == ["v0.0", "v2.0", "v4.0", "v6.0"]
    fragments = [m for m in messages if m.kind is MediaKind.FRAGMENT]
    origin_us = messages[0].note()["origin_us"]
    assert [m.utc_us - origin_us for m in fragments] == [media_time_us(m) for m in fragments]


async def test_no_picture_comes_twice(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 4, group=4)

    assert pictures(await looked(shelf, 0, 4, 50)) == ["v0.0"]


async def test_there_are_none_in_a_gap_nor_of_what_can_not_be_read(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 10)
    archive.segment(20, 10).unlink()
    archive.segment(30, 10).write_bytes(bytes(900))
    archive.segment(40, 10)

    assert pictures(await looked(shelf, 0, 50, 10)) == ["v0.0", "v5.0", "v40.0", "v45.0"]


async def test_a_new_format_is_told_before_its_first_picture(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 2)
    archive.segment(2, 2, formats={1: SMALL_VIDEO})

    messages = await looked(shelf, 0, 4, 4)

    assert kinds(messages) == ["opened", "init", "init", "fragment", "opened", "init", "fragment"]


async def test_what_a_crash_left_open_ends_where_its_pictures_end(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 4, still_open=True)

    assert pictures(await looked(shelf, 0, 400, 10)) == ["v0.0"]


async def test_where_nothing_was_recorded_nothing_is_told(shelf: Shelf) -> None:
    assert await looked(shelf, 0, 100, 10) == []
