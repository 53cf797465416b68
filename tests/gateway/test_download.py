from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tawny.gateway import download
from tawny.gateway.shelf import Shelf
from tawny.runtime.problem import Kind, Problem
from tawny.wire.media import AudioCodec, MetadataFormat
from tawny.wire.mp4.movie import Movie
from tests.gateway.archive import KEY, SECOND, ArchiveBuilder
from tests.gateway.media import AUDIO, T0, VIDEO


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


async def planned(shelf: Shelf, start: float, end: float, *, audio: bool = True) -> Movie:
    from_us, to_us = T0 + round(start * SECOND), T0 + round(end * SECOND)
    segments = await shelf.segments(KEY, from_us, to_us)
    return download.plan(shelf, segments, from_us, to_us, audio=audio)


async def copied(shelf: Shelf, movie: Movie) -> bytes:
    return b"".join([piece async for piece in download.copy(shelf, movie)])


async def test_a_range_across_segments_is_one_movie_of_the_promised_size(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 4, size=50)
    archive.segment(4, 4, size=50)

    movie = await planned(shelf, 3, 6)
    data = await copied(shelf, movie)

    assert len(data) == movie.size
    assert (movie.start_us, movie.duration_us) == (T0 + 3 * SECOND, 3 * SECOND)
    assert b"v3.0" in data
    assert b"v5.24" in data
    assert b"v2.24" not in data
    assert b"v6.0" not in data


async def test_metadata_are_left_out(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 4, formats={1: VIDEO, 2: AUDIO, 3: MetadataFormat()})

    data = await copied(shelf, await planned(shelf, 0, 4))

    assert b"a3" in data
    assert b"m3" not in data


async def test_it_begins_at_the_key_frame_before_and_shows_from_the_moment_on(
    archive: ArchiveBuilder, shelf: Shelf
) -> None:
    archive.segment(0, 4, group=4)

    movie = await planned(shelf, 2, 4)

    assert b"v0.0" in await copied(shelf, movie)
    assert (movie.start_us, movie.duration_us) == (T0 + 2 * SECOND, 2 * SECOND)


async def test_without_sound_no_sound_is_copied(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 4)

    data = await copied(shelf, await planned(shelf, 0, 4, audio=False))

    assert b"a1" not in data
    assert b"v3.24" in data


async def test_more_than_one_video_can_hold_is_refused_with_the_remedy(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 4)
    segments = await shelf.segments(KEY, T0, T0 + 4 * SECOND)

    with pytest.raises(Problem) as caught:
        download.plan(shelf, segments, T0, T0 + 4 * SECOND, audio=True, limit=7)

    assert caught.value.kind is Kind.INVALID
    assert "six hours" in caught.value.remedy


async def test_a_change_of_codec_inside_the_range_is_refused_with_its_moment(
    archive: ArchiveBuilder, shelf: Shelf
) -> None:
    archive.segment(0, 2)
    archive.segment(2, 2, formats={1: VIDEO, 2: replace(AUDIO, codec=AudioCodec.PCMU)})

    with pytest.raises(Problem) as caught:
        await planned(shelf, 0, 4)

    assert caught.value.kind is Kind.CONFLICT
    assert "2026-11-22T12:00:02Z" in caught.value.title


async def test_an_empty_range_is_not_found_in_words(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 4)

    with pytest.raises(Problem) as caught:
        await planned(shelf, 10, 20)

    assert caught.value.kind is Kind.NOT_FOUND
    assert caught.value.title == "No footage between 2026-11-22T12:00:10Z and 2026-11-22T12:00:20Z."


async def test_a_segment_that_is_gone_leaves_a_hole(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 2)
    archive.segment(2, 2).unlink()
    archive.segment(4, 2)

    data = await copied(shelf, await planned(shelf, 0, 6))

    assert b"v0.0" in data
    assert b"v5.24" in data
    assert b"v2.0" not in data


async def test_a_file_cut_while_it_is_copied_is_an_error_and_no_short_answer(
    archive: ArchiveBuilder, shelf: Shelf
) -> None:
    path = archive.segment(0, 2)
    movie = await planned(shelf, 0, 2)
    path.write_bytes(path.read_bytes()[:-10])

    with pytest.raises(OSError, match="shorter"):
        await copied(shelf, movie)


async def test_an_open_segment_can_be_downloaded_as_far_as_it_is(archive: ArchiveBuilder, shelf: Shelf) -> None:
    archive.segment(0, 3, still_open=True)

    movie = await planned(shelf, 1, 60)

    assert movie.duration_us == 2 * SECOND
