"""What of each segment is taken, and where parts end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tawny.export.model import Item
from tawny.export.proofs import Ledgers
from tawny.export.selection import Chosen, Recorded, choose, recorded, split, unusual
from tawny.recorder.archive.reader import ArchiveReader
from tests.export.building import KEY, NOON_US, SECOND, VOLUME, SignedArchive
from tests.wire.mp4.clips import Clip, aac_clip, g711_clip, joined, video_clip


def clip(codec: str = "h264", *, seconds: int = 3, width: int = 64) -> Clip:
    return joined(video_clip(codec, seconds=seconds, width=width, height=48), aac_clip(seconds=seconds))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[SignedArchive]:
    archive = SignedArchive(tmp_path)
    yield archive
    archive.close()


def chosen(archive: SignedArchive, start: float, end: float, *, audio: bool = True) -> list[Chosen]:
    from_us, to_us = (NOON_US + round(second * SECOND) for second in (start, end))
    reader = ArchiveReader(archive.data)
    found, _ = choose(reader, Item(key=KEY, from_us=from_us, to_us=to_us, audio=audio))
    reader.close()
    return found


def parts(archive: SignedArchive, start: float, end: float) -> list[int]:
    """How many segments each part has."""
    archive.sign()
    ledgers = Ledgers({VOLUME: archive.data.archive}, KEY.camera)
    lines = [recorded(one, ledgers) for one in chosen(archive, start, end)]
    assert all(isinstance(line, Recorded) for line in lines)
    return [len(part) for part in split([line for line in lines if line is not None])]


@pytest.mark.parametrize(
    ("start", "end", "leaves"),
    [
        (0, 3, (1, 6)),  # a fragment of video and one of sound a second
        (1, 3, (3, 6)),  # exactly at a key frame
        (1.5, 3, (3, 6)),  # the key frame before it
        (0, 1.5, (1, 4)),
        (1.2, 1.4, (3, 4)),
    ],
)
def test_a_run_of_fragments_from_a_key_frame_on_is_taken(
    archive: SignedArchive, start: float, end: float, leaves: tuple[int, int]
) -> None:
    archive.segment(0, clip())

    (found,) = chosen(archive, start, end)

    assert (found.first, found.last) == leaves


def test_without_sound_its_bytes_do_not_count(archive: SignedArchive) -> None:
    path = archive.segment(0, clip())

    (whole,), (silent,) = chosen(archive, 0, 3), chosen(archive, 0, 3, audio=False)

    assert whole.size_bytes == path.stat().st_size + 8
    assert silent.size_bytes < whole.size_bytes
    assert list(silent.formats) == [1]


def test_a_segment_beside_the_range_is_not_taken(archive: SignedArchive) -> None:
    archive.segment(0, clip())
    archive.segment(3, clip())

    assert [one.segment.start_us for one in chosen(archive, 3, 4)] == [NOON_US + 3 * SECOND]
    assert chosen(archive, 7, 9) == []


def test_a_file_that_is_gone_is_told_apart(archive: SignedArchive) -> None:
    archive.segment(0, clip()).unlink()
    reader = ArchiveReader(archive.data)

    found, unreadable = choose(reader, Item(key=KEY, from_us=NOON_US, to_us=NOON_US + SECOND, audio=True))

    reader.close()
    assert found == []
    assert [one.start_us for one in unreadable] == [NOON_US]


def test_an_hour_and_what_follows_are_two_parts(archive: SignedArchive) -> None:
    for number in range(13):
        archive.segment(number * 300, clip(seconds=1))

    assert parts(archive, 0, 4000) == [12, 1]


def test_another_picture_size_stays_in_the_part_another_codec_or_sound_does_not(archive: SignedArchive) -> None:
    archive.segment(0, clip())
    archive.segment(3, clip(width=96))
    archive.segment(6, clip("h265"))
    archive.segment(9, joined(video_clip("h265", seconds=3, width=64, height=48), g711_clip(seconds=3)))

    assert parts(archive, 0, 12) == [2, 1, 1]


def test_a_hole_of_ten_minutes_is_too_long_for_one_part(archive: SignedArchive) -> None:
    archive.segment(0, clip())
    archive.segment(500, clip())
    archive.segment(1200, clip())

    assert parts(archive, 0, 1300) == [2, 1]


def test_h265_and_g711_are_unusual() -> None:
    assert not unusual(clip().formats)
    assert unusual(clip("h265").formats)
    assert unusual(g711_clip().formats)
